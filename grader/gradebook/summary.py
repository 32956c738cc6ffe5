"""What a graded class looks like as a whole: statuses of the submissions that count, by a view."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from grader.gradebook.assignment import DAMAGED
from grader.model import Status
from grader.render.class_run import ClassSummary, ExerciseSummary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.gradebook.facts import Gradebook

WORTH_A_LOOK = ("crashed", "rejected", "ungraded")
SHOWN_MISTAKES = 3
WHOLE = (
    "FROM exercise_score WHERE assignment = ?1 "
    "AND submission NOT IN (SELECT value FROM json_each(?2)) "
    "AND attempt NOT IN (SELECT value FROM json_each(?2))"
)


def summarise(book: Gradebook, assignment: str, exercises: Sequence[str]) -> ClassSummary:
    """Return what became of an assignment's exercises.

    Parameters
    ----------
    book
        The gradebook.
    assignment
        Its name.
    exercises
        Ids of those to count.
    """
    counts: dict[str, dict[str, int]] = {exercise: {} for exercise in exercises}
    mistakes: dict[str, list[tuple[str, int]]] = {exercise: [] for exercise in exercises}
    ((number,),) = book.query("SELECT id FROM assignment WHERE name = ?", assignment)
    damaged = book.find_damaged(number)
    rows = book.seals.find_damaged_rows(number) if damaged else ()
    known = (number, json.dumps([*damaged, *rows]))
    text = f"SELECT exercise, status, count(*) {WHOLE} GROUP BY 1, 2"
    for exercise, status, count in book.query(text, *known):
        counts.get(exercise, {})[status] = count
    for count in counts.values() if damaged else ():
        count[str(Status.UNGRADED)] = count.get(Status.UNGRADED, 0) + len(damaged)
    text = f"SELECT exercise, mistake, count(*) {WHOLE} "
    text += "AND mistake IS NOT NULL GROUP BY 1, 2 ORDER BY 3 DESC, 2"
    for exercise, mistake, count in book.query(text, *known):
        mistakes.get(exercise, []).append((mistake, count))
    return ClassSummary(
        tuple(
            ExerciseSummary(exercise, counts[exercise], tuple(mistakes[exercise][:SHOWN_MISTAKES]))
            for exercise in exercises
        ),
        (*_worth_a_look(book, known, exercises), *_damaged(damaged, exercises)),
    )


def _worth_a_look(
    book: Gradebook, known: tuple[object, ...], exercises: Sequence[str]
) -> list[tuple[str, str, str, str]]:
    rows = book.query(
        "SELECT submission, exercise, status, coalesce(message, '') "
        f"{WHOLE} AND status IN (?3, ?4, ?5) "
        "ORDER BY submission, position",
        *known,
        *WORTH_A_LOOK,
    )
    wanted = set(exercises)
    return [row for row in rows if row[1] in wanted]


def _damaged(names: Sequence[str], exercises: Sequence[str]) -> list[tuple[str, str, str, str]]:
    return [(name, exercises[0], str(Status.UNGRADED), DAMAGED) for name in names if exercises]
