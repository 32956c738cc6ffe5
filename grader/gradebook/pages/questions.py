"""Count what the questions of exams were for a class: how hard, what they tell, which slips."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from grader.gradebook.pages.figures import correlate
from grader.model import Status
from grader.render.grades.told import QuestionFigures

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from grader.engine.document import Details, Document, LevelScore

EXAM = "quiz."  # what the id of an exam begins with
IN_PART = " (in part)"  # ends the name of the level that holds what was right of a question
MARKED = (Status.PASSED, Status.FAILED)


class _Given(NamedTuple):
    """What one student earned for a question, and for the other questions, as shares."""

    own: float
    rest: float


@dataclass
class QuestionTally:
    """The questions of the exams of one assignment."""

    _given: dict[str, dict[str, list[_Given]]] = field(default_factory=dict)
    _slips: dict[str, Counter[str]] = field(default_factory=dict)

    def add(self, document: Document, details: Mapping[str, Details]) -> None:
        """Count one student's exams: those of which a file was marked."""
        for entry in document["exercises"]:
            exam, levels = entry["id"], entry["levels"]
            if not exam.startswith(EXAM) or entry["status"] not in MARKED:
                continue
            earned = sum(level["earned"] or 0.0 for level in levels)
            possible = sum(level["possible"] for level in levels)
            for item, (own, of) in _by_item(levels).items():
                rest = (earned - own) / (possible - of) if possible > of else 0.0
                questions = self._given.setdefault(exam, {})
                questions.setdefault(item, []).append(_Given(own / of, rest))
            for item, slip in details.get(exam, {}).get("slips", {}).items():
                self._slips.setdefault(item, Counter())[slip] += 1

    def figures(self, exam: str) -> tuple[QuestionFigures, ...]:
        """Return the questions of an exam, the hardest first; none of what is no exam."""
        found = [self._figures(item, some) for item, some in self._given.get(exam, {}).items()]
        return tuple(sorted(found, key=lambda one: (one.share, one.item)))

    def _figures(self, item: str, given: list[_Given]) -> QuestionFigures:
        own, rest = [one.own for one in given], [one.rest for one in given]
        slips = sorted(self._slips.get(item, Counter()).items(), key=lambda one: (-one[1], one[0]))
        share = 100.0 * sum(own) / len(own)
        return QuestionFigures(item, len(own), share, correlate(own, rest), tuple(slips))


def _by_item(levels: Sequence[LevelScore]) -> dict[str, tuple[float, float]]:
    """Return what was earned for each question, and of how much."""
    found: dict[str, tuple[float, float]] = {}
    for level in levels:
        item = level["name"].removesuffix(IN_PART)
        own, of = found.get(item, (0.0, 0.0))
        found[item] = own + (level["earned"] or 0.0), of + level["possible"]
    return found
