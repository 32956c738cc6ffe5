"""Recognise what wrong numbers look like: a factor, a swapped axis, a border, a forgotten step.

A symptom is named only when it explains every failing case. These are the general ones, for all
exercises; a check's own mistakes are more precise and come first (`diagnosis`).
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.engine.compare import allowed_error, right_elements
from grader.engine.naming.factors import find_ratio, is_factor, possible_factors
from grader.model import Diagnosis, Opaque, Raised

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from grader.course.course import Exercise
    from grader.engine.judge import Trial

    Array = np.ndarray[Any, Any]

MAX_AXES = 4
PRECISIONS = {"float16": "Half precision (float16)", "float32": "Single precision (float32)"}


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


def find_symptom(failing: Sequence[Trial]) -> Diagnosis | None:
    """Return the first general symptom that explains every failing case, or None."""
    wrongs = [wrong_part(trial) for trial in failing]
    for symptom in SYMPTOMS:
        diagnosis = symptom(wrongs)
        if diagnosis is not None:
            return diagnosis
    return None


def wrong_part(trial: Trial) -> Wrong:
    """Return the part of an answer at which the check stopped."""
    mismatch = trial.verdict.mismatch
    if mismatch is None:
        raise ValueError("a passing case has no wrong part")
    step = min(mismatch.step, len(trial.answer.steps) - 1)
    expected, actual = trial.expected[step], trial.answer.steps[step]
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
    step, kind = mismatch.step, mismatch.kind
    return Wrong(trial.exercise, name, expected, actual, arguments, step, kind)


def _all(wrongs: Sequence[Wrong], holds: Callable[[Wrong], bool]) -> bool:
    return all(holds(wrong) for wrong in wrongs)


def _both_arrays(wrong: Wrong) -> bool:
    return isinstance(wrong.expected, np.ndarray) and isinstance(wrong.actual, np.ndarray)


def _equal(expected: Array, actual: Array) -> bool:
    if expected.shape != actual.shape:
        return False
    return bool(right_elements(actual, expected, allowed_error(expected, 1e-8)).all())


def _one_name(wrongs: Sequence[Wrong]) -> str:
    names = {wrong.name for wrong in wrongs}
    return names.pop() if len(names) == 1 else ""


# ----------------------------------------------------------------------------- kinds of answers


def _changed(wrongs: Sequence[Wrong]) -> Diagnosis | None:
    if not _all(wrongs, lambda wrong: wrong.kind == "changed"):
        return None
    text = "The result is right, but an argument is changed on the way: `x += …`, `x[…] = …` and "
    text += "`out=x` write into the caller's array. Work on a copy."
    return Diagnosis("changed-argument", text)


def _list_for_array(wrongs: Sequence[Wrong]) -> Diagnosis | None:
    def holds(wrong: Wrong) -> bool:
        return isinstance(wrong.expected, np.ndarray) and isinstance(wrong.actual, (list, tuple))

    if not _all(wrongs, holds):
        return None
    return Diagnosis("list-for-array", "A list stands where an array is expected: np.array(…).")


def _dtype(wrongs: Sequence[Wrong]) -> Diagnosis | None:
    if not _all(wrongs, lambda wrong: wrong.kind == "dtype"):
        return None
    kinds = {str(getattr(wrong.actual, "dtype", "")) for wrong in wrongs}
    wanted = {str(getattr(wrong.expected, "dtype", "float64")) for wrong in wrongs}
    if wanted != {"float64"}:
        text = f"Another dtype stands where {' or '.join(sorted(wanted))} is expected: look for "
        text += "dtype=… and .astype."
    elif any(kind.startswith(("int", "uint", "bool")) for kind in kinds):
        text = "Whole numbers stand where float64 is expected. An array made with dtype=int, or "
        text += "like an array of ints, cuts off everything after the point when it is filled."
    elif kinds == {"object"}:
        text = "The array holds Python objects: it was probably made of rows of different length, "
        text += "or with None in it."
    elif kinds <= {"complex64", "complex128"}:
        text = "Complex numbers stand where float64 is expected: look for what made them complex, "
        text += "and take the real part."
    else:  # an answer may make up names, as datetime64[1011s]: only these are said
        precision = PRECISIONS.get("".join(kinds), "Another dtype")
        text = f"{precision} stands where float64 is expected: look for dtype=… or .astype."
    return Diagnosis("dtype", text)


def _not_finite(wrongs: Sequence[Wrong]) -> Diagnosis | None:
    if not _all(wrongs, lambda wrong: wrong.kind == "finite"):
        return None
    text = "The formula is carried out as it stands, and overflows or divides by zero: nan or inf. "
    text += "Rewrite it so that exp never sees a large positive number: subtract the row's maximum "
    text += "first, or use the form that suits the sign."
    return Diagnosis("not-finite", text)


# ----------------------------------------------------------------------------- shapes and places


def _keepdims(wrongs: Sequence[Wrong]) -> Diagnosis | None:
    def holds(wrong: Wrong) -> bool:
        expected, actual = wrong.expected, wrong.actual
        if isinstance(expected, float) and isinstance(actual, np.ndarray):
            expected = np.array(expected)
        if not (isinstance(expected, np.ndarray) and isinstance(actual, np.ndarray)):
            return False
        different = expected.shape != actual.shape
        return different and _equal(np.squeeze(expected), np.squeeze(actual))

    if not _all(wrongs, holds):
        return None
    shapes = f"{np.shape(wrongs[0].actual)} instead of {np.shape(wrongs[0].expected)}"
    text = f"The numbers of {_one_name(wrongs) or 'the result'} are right, its shape is not "
    text += f"({shapes}): drop keepdims=True, or an axis of length 1."
    return Diagnosis("keepdims", text)


def _swapped_axes(wrongs: Sequence[Wrong]) -> Diagnosis | None:
    if not _all(wrongs, _both_arrays):
        return None
    axes = {wrong.expected.ndim for wrong in wrongs}
    if len(axes) > 1 or not 2 <= max(axes) <= MAX_AXES:
        return None
    for order in list(itertools.permutations(range(axes.pop())))[1:]:

        def holds(wrong: Wrong, order: tuple[int, ...] = order) -> bool:
            same_rank = wrong.actual.ndim == len(order)
            return same_rank and _equal(wrong.expected, np.transpose(wrong.actual, order))

        if _all(wrongs, holds):
            what = _one_name(wrongs) or "the result"
            moved = [axis for axis, other in enumerate(order) if axis != other]
            text = f"{what} has its axes in another order: {_axes(moved)} are exchanged. "
            text += f"np.transpose({what}, {order}) would be right."
            return Diagnosis("swapped-axes", text)
    return None


def _axes(numbers: Sequence[int]) -> str:
    words = [str(number) for number in numbers]
    return f"axes {', '.join(words[:-1])} and {words[-1]}"


def _misplaced(wrongs: Sequence[Wrong]) -> Diagnosis | None:
    def holds(wrong: Wrong) -> bool:
        if not _both_arrays(wrong) or wrong.expected.shape != wrong.actual.shape:
            return False
        one, other = np.sort(wrong.expected, axis=None), np.sort(wrong.actual, axis=None)
        return _equal(one, other)

    if not _all(wrongs, holds):
        return None
    text = f"All numbers of {_one_name(wrongs) or 'the result'} are right, but in wrong places: "
    text += "look at the order of the axes in reshape and transpose."
    return Diagnosis("misplaced", text)


def _border(wrongs: Sequence[Wrong]) -> Diagnosis | None:
    def holds(wrong: Wrong) -> bool:
        if not _both_arrays(wrong) or wrong.expected.shape != wrong.actual.shape:
            return False
        if wrong.expected.ndim < 2 or min(wrong.expected.shape[-2:]) < 3:
            return False
        inside = (..., slice(1, -1), slice(1, -1))
        return _equal(wrong.expected[inside], wrong.actual[inside])

    if not _all(wrongs, holds):
        return None
    text = "The inside is right and only the border is wrong: look at the padding, at how it is "
    text += "cropped, and at pixels that no window covers."
    return Diagnosis("border", text)


def _unwritten_end(wrongs: Sequence[Wrong]) -> Diagnosis | None:
    """Recognise a last row or column that is still 0 while everything else is right."""
    pairs = [(w.expected, w.actual) for w in wrongs if _both_arrays(w) and w.expected.ndim > 1]
    if len(pairs) < len(wrongs) or max(min(want.shape[-2:]) for want, _ in pairs) < 3:
        return None
    for words, rows, columns in (
        ("row is", 1, 0), ("column is", 0, 1), ("row and column are", 1, 1)
    ):  # fmt: skip
        written = []
        for want, got in pairs:
            left = want.copy()
            left[..., want.shape[-2] - rows :, :] = left[..., want.shape[-1] - columns :] = 0
            written.append(_equal(left, got))
        if all(written):
            text = f"The last {words} 0 in {_one_name(wrongs) or 'the result'}, as if never "
            text += "written; all else is right. Where does the loop end? range(n) stops at n - 1."
            return Diagnosis("end-unwritten", text)
    return None


# ----------------------------------------------------------------------------- numbers and steps


def _factor(wrongs: Sequence[Wrong]) -> Diagnosis | None:
    ratios = [find_ratio(wrong.expected, wrong.actual) for wrong in wrongs]
    if any(ratio is None for ratio in ratios):
        return None
    what = _one_name(wrongs) or "the result"
    calls = [wrong.arguments for wrong in wrongs]
    for words, values in possible_factors(wrongs[0].exercise, calls):
        pairs = list(zip(ratios, values, strict=True))
        if all(is_factor(ratio, value) for ratio, value in pairs):
            return _factor_found(what, words, "times")
        if all(value and is_factor(ratio, 1 / value) for ratio, value in pairs):
            return _factor_found(what, words, "divided by")
    return None


def _factor_found(what: str, words: str, verb: str) -> Diagnosis:
    if words == "-1":
        return Diagnosis("sign", f"{what} has the wrong sign everywhere.")
    text = f"{what} is exactly the right one {verb} {words}: a factor too many, or one forgotten."
    return Diagnosis("factor", text)


def _later_steps(wrongs: Sequence[Wrong]) -> Diagnosis | None:
    if not _all(wrongs, lambda wrong: wrong.step > 0 and not isinstance(wrong.actual, Raised)):
        return None
    text = "The first step is right and a later one is not: the state that is handed on is wrong, "
    text += "or not used. Compare what you return with what the next step needs."
    return Diagnosis("state-not-carried", text)


def _too_large(wrongs: Sequence[Wrong]) -> Diagnosis | None:
    if not _all(wrongs, lambda wrong: isinstance(wrong.actual, Opaque) and wrong.kind == "shape"):
        return None
    text = "The result is far too large: two arrays were probably broadcast against each other, "
    text += "(N, 1) with (N,) to (N, N)."
    return Diagnosis("broadcast", text)


SYMPTOMS: tuple[Callable[[Sequence[Wrong]], Diagnosis | None], ...] = (
    _changed, _list_for_array, _dtype, _keepdims, _factor, _swapped_axes, _misplaced,
    _not_finite, _unwritten_end, _border, _later_steps, _too_large,
)  # fmt: skip
