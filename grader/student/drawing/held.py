"""The failing case that is drawn: its arguments, what came, and which of that is wrong.

What was expected is kept out: it is told by the message of the check, once, and no drawing shows
what the student has still to compute.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.render.grids import Frame, wrong_elements
from grader.student.drawing.table import can_be_drawn

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.course.course import Exercise
    from grader.model import Counterexample

    Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class HeldCase:
    """A failing case without its right answer.

    Parameters
    ----------
    exercise_id, call
        Whose it is, and how it is written.
    arguments
        By name, all of them: those that were not given are the defaults.
    got
        What the student's function answered: a value, or what stands in for one.
    wrong
        Which of it is wrong: an array of truth values for an array, one for anything else, and a
        tuple of these for a tuple.
    """

    exercise_id: str
    call: str
    arguments: Mapping[str, Any]
    got: Any
    wrong: Any

    def is_of(self, exercise_id: str, arguments: tuple[Any, ...]) -> bool:
        """Tell whether a call is the one that fails."""
        given = tuple(self.arguments.values())
        return exercise_id == self.exercise_id and same(given, arguments)

    def first_wrong(self, part: int | None = None) -> tuple[int, ...] | None:
        """Return the index of the first wrong element of the answer, or of a part of it."""
        wrong = self.wrong if part is None else wrong_part(self.wrong, part)
        if not isinstance(wrong, np.ndarray) or not wrong.any():
            return None
        return tuple(int(i) for i in np.argwhere(wrong)[0])


def hold(exercise: Exercise, shown: Counterexample) -> HeldCase | None:
    """Return a failing case to draw; None where there is no drawing of it.

    Parameters
    ----------
    exercise
        Whose.
    shown
        The case, with what was expected.
    """
    if not can_be_drawn(exercise.id, shown):
        return None
    frame = Frame(tolerance=shown.tolerance, terms=shown.terms)
    wrong = compare(shown.expected, shown.actual, frame)
    arguments = complete(exercise, shown.arguments)
    return HeldCase(exercise.id, shown.call, arguments, shown.actual, wrong)


def complete(exercise: Exercise, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments of a call with the defaults of those that were not given."""
    return {one.name: given.get(one.name, one.value) for one in exercise.stub.parameters}


def compare(expected: Any, actual: Any, frame: Frame) -> Any:
    """Return which of an answer is wrong, in the form of `HeldCase.wrong`.

    Examples
    --------
    >>> compare(np.array([1.0, 2.0]), np.array([1.0, 3.0]), Frame())
    array([False,  True])
    >>> compare((1.0, 2), (1.0, 3), Frame())
    (False, True)
    """
    if isinstance(expected, (tuple, list)) and isinstance(actual, (tuple, list)):
        if len(expected) != len(actual):
            return True
        return tuple(compare(*pair, frame) for pair in zip(expected, actual, strict=True))
    if isinstance(expected, np.ndarray) and isinstance(actual, np.ndarray):
        if expected.shape != actual.shape or actual.dtype.kind not in "biuf":
            return np.ones(expected.shape, bool)
        return wrong_elements(actual, expected, frame)
    numbers = (int, float, np.number)
    if isinstance(expected, numbers) and isinstance(actual, numbers):
        pair = np.asarray(float(actual)), np.asarray(float(expected))
        return bool(wrong_elements(*pair, frame))
    return bool(expected != actual) if type(expected) is type(actual) else True


def wrong_part(wrong: Any, part: int) -> Any:
    """Return what is wrong in one part of a tuple: all of it where the whole is."""
    return wrong[part] if isinstance(wrong, tuple) and part < len(wrong) else wrong


def same(one: Any, other: Any) -> bool:
    """Tell whether two values are equal to the last bit, arrays and what they lie in too."""
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return one.shape == other.shape and bool(np.array_equal(one, other, equal_nan=True))
    if isinstance(one, (tuple, list)) and isinstance(other, (tuple, list)):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(type(one) is type(other) and one == other)
