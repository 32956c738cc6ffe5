"""The wrong part of an answer, and what every symptom asks about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.course.docstrings import axis_names
from grader.engine.compare import allowed_error, right_elements
from grader.model import Diagnosis

if TYPE_CHECKING:
    import numpy.typing as npt

    from grader.course.course import Exercise
    from grader.course.docstrings import Axes
    from grader.engine.judge import Trial

    Array = np.ndarray[Any, Any]

TOLERANCE = 1e-8
MIN_WRONGS = 3  # below, a relation may hold by accident


@dataclass(frozen=True)
class Wrong:
    """The wrong part of one answer: which part, what it should be, what it is, for which call."""

    exercise: Exercise
    name: str
    expected: Any
    actual: Any
    arguments: dict[str, Any]
    step: int
    kind: str
    results: tuple[Any, Any] = (None, None)
    """The whole result of the step: the expected one and what there is."""
    is_read: bool = False
    """Whether it is an attribute of an object, which nothing returned."""

    @property
    def axes(self) -> Axes:
        """What the exercise's page calls the axes of this part; nothing where it does not say."""
        return axis_names(self.exercise.stub.docstring).get(self.name, ())


Symptom = Callable[[Sequence[Wrong]], Diagnosis | None]


def wrong_part(trial: Trial) -> Wrong:
    """Return the part of an answer at which the check stopped.

    Raises
    ------
    ValueError
        The trial passed.
    """
    mismatch = trial.verdict.mismatch
    if mismatch is None:
        raise ValueError("a passing case has no wrong part")
    step = min(mismatch.step, len(trial.answer.steps) - 1)
    expected, actual = results = trial.expected[step], trial.answer.steps[step]
    names = trial.exercise.stub.returns
    name = names[0] if len(names) == 1 else "the result"
    if mismatch.kind != "changed":
        for key in mismatch.path:
            expected, actual = expected[key], actual[key]
        first = mismatch.path[0] if mismatch.path else None
        if isinstance(first, int) and len(names) > 1 and first < len(names):
            name = names[first]
    parameters = [parameter.name for parameter in trial.exercise.stub.parameters]
    arguments = dict(zip(parameters, trial.arguments[step], strict=False))
    asked = trial.arguments[step] if trial.exercise.stub.is_class else ()
    is_read = asked[:1] == ("get",)
    name = asked[2] if is_read else name
    step, kind = mismatch.step, mismatch.kind
    return Wrong(trial.exercise, name, expected, actual, arguments, step, kind, results, is_read)


def hold_all(wrongs: Sequence[Wrong], holds: Callable[[Wrong], bool]) -> bool:
    """Tell whether something holds of every wrong part."""
    return all(holds(wrong) for wrong in wrongs)


def are_arrays(wrong: Wrong) -> bool:
    """Tell whether an array stands where an array should."""
    return isinstance(wrong.expected, np.ndarray) and isinstance(wrong.actual, np.ndarray)


def numbers(wrong: Wrong) -> tuple[Array, Array] | None:
    """Return what is expected and what there is as arrays of finite floats of one shape, or None.

    Examples
    --------
    >>> numbers(Wrong(None, "loss", 1.0, 2, {}, 0, "values"))
    (array(1.), array(2.))
    """
    if not isinstance(wrong.expected, (float, np.ndarray)):
        return None
    if isinstance(wrong.actual, bool) or not isinstance(wrong.actual, (int, float, np.ndarray)):
        return None
    want, got = np.asarray(wrong.expected), np.asarray(wrong.actual)
    if want.shape != got.shape or want.dtype.kind != "f" or got.dtype.kind not in "iuf":
        return None
    want, got = want.astype(float), got.astype(float)
    return (want, got) if np.isfinite(want).all() and np.isfinite(got).all() else None


def all_numbers(wrongs: Sequence[Wrong]) -> list[tuple[Array, Array]]:
    """Return `numbers` of every wrong part; nothing where one has none, or there are too few."""
    if len(wrongs) < MIN_WRONGS:
        return []
    found = [pair for pair in map(numbers, wrongs) if pair is not None]
    return found if len(found) == len(wrongs) else []


def equal(expected: Array, actual: Array) -> bool:
    """Tell whether two arrays are equal within the rounding of sums."""
    if expected.shape != actual.shape:
        return False
    return bool(right_elements(actual, expected, allowed_error(expected, TOLERANCE)).all())


def right_ones(want: Array, got: Array) -> npt.NDArray[np.bool_]:
    """Return which numbers are right, of two arrays of one shape."""
    return right_elements(got, want, allowed_error(want, TOLERANCE))


def one_name(wrongs: Sequence[Wrong]) -> str:
    """Return what the wrong part is called where it is the same one in every case."""
    names = {wrong.name for wrong in wrongs}
    return names.pop() if len(names) == 1 else ""


def called(wrongs: Sequence[Wrong]) -> str:
    """Return what the wrong part is called, else the result."""
    return one_name(wrongs) or "the result"
