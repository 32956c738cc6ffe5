"""What a course says to somebody who failed an exercise: what it is, hints, what to read again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.course.docstrings import lectures
from grader.errors import DlgradeError

if TYPE_CHECKING:
    from grader.course.course import Course


@dataclass(frozen=True)
class Shown:
    """What a course says about an exercise to somebody who failed it.

    Parameters
    ----------
    lesson
        The line that says what it is.
    hints
        A question, numbers, a skeleton.
    reading
        Exercises and lectures to go back to.
    features
        What its check calls what cases have in common.
    """

    lesson: str = ""
    hints: tuple[str, ...] = ()
    reading: tuple[str, ...] = ()
    features: frozenset[str] = frozenset()


class Advice:
    """Looks up what a course says, once for each exercise; nothing for what it does not know.

    Parameters
    ----------
    course
        The course that students have.
    """

    def __init__(self, course: Course) -> None:
        self._course = course
        self._known: dict[str, Shown] = {}

    def find(self, exercise: str) -> Shown:
        """Return what there is to say; empty for a quiz, or an exercise of another course."""
        if exercise not in self._known:
            self._known[exercise] = self._load(exercise)
        return self._known[exercise]

    def _load(self, exercise_id: str) -> Shown:
        try:
            exercise = self._course.exercise(exercise_id)
        except DlgradeError:
            return Shown()
        decks = self._course.settings.get("decks", {})
        reading = [f"exercise {name}" for name in exercise.requires]
        taught = lectures(exercise.stub.docstring, exercise.check.decks, decks)
        reading += [f"lecture {place}" for place in taught]
        hints, features = tuple(exercise.check.hints), frozenset(exercise.check.features)
        return Shown(exercise.lesson, hints, tuple(reading), features)
