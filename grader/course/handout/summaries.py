"""What a course says of its checks where it is handed out without them: `checks.json`.

Points, levels, hints and the line about each exercise; no strategy, no equivalent, no mistake.
"""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

from grader.course.strategies import Strategy
from grader.course.vocabulary import Check
from grader.course.words.levels import Level
from grader.course.words.predictions import Predictions
from grader.course.words.rules import AnswerRule
from grader.errors import CourseError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

SUMMARIES = "checks.json"


@dataclass(frozen=True)
class Summaries:
    """The file of a course.

    Parameters
    ----------
    file
        Where it is.
    oracles
        Which sources agreed on the right answers that travel with the course.
    rows
        By the exercise's id, as `narrowing.write_summaries` wrote them.
    """

    file: Path
    oracles: tuple[str, ...]
    rows: Mapping[str, Mapping[str, Any]]

    def find(self, exercise_id: str) -> tuple[Check, str]:
        """Return a check that knows no cases, and the line about its exercise.

        Raises
        ------
        CourseError
            The file says nothing about it, or not in the right form.
        """
        try:
            row = self.rows[exercise_id]
            check = Check(
                float(row["points"]),
                tuple(map(str, row["decks"])),
                {str(name): _level(name, row) for name in row["levels"]},
                tuple(map(str, row["hints"])),
                tuple(map(str, row["requires"])),
                tolerance=float(row["tolerance"]),
                handed_in=_handed_in(*row["handed_in"]) if "handed_in" in row else None,
            )
            return check, str(row["lesson"])
        except (KeyError, TypeError, ValueError) as error:
            raise CourseError(f"{self.file} does not describe {exercise_id}") from error


def _handed_in(file: str, array: str, shape: Sequence[int], kind: str) -> Predictions:
    return Predictions(file, array, tuple(map(int, shape)), kind)


def _level(name: str, row: Mapping[str, Any]) -> Level:
    """Return a level that draws nothing, and knows of a rule that it is there."""
    judged = AnswerRule() if name in row.get("judged", ()) else None
    reach = float("-inf") if name in row.get("formal", ()) else None
    return Level(Strategy(_nothing), judged=judged, reach=reach)


def _nothing(_: object) -> NoReturn:
    raise CourseError("this course was handed out without its checks: it can draw no cases")


def read_summaries(root: Path) -> Summaries:
    """Return what a course without checks says of them.

    Raises
    ------
    CourseError
        The file cannot be read.
    """
    file = root / SUMMARIES
    try:
        return _read(file, file.stat().st_mtime_ns)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CourseError(f"{file} cannot be read: {error}") from error


@functools.lru_cache(maxsize=4)
def _read(file: Path, _: int) -> Summaries:
    tree = json.loads(file.read_text(encoding="utf-8"))
    return Summaries(file, tuple(map(str, tree["oracles"])), dict(tree["exercises"]))
