"""Which part of an array is wrong, where the rest of it is right."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from grader.engine.naming.symptoms.factors import is_factor, possible_factors
from grader.engine.naming.symptoms.wrongs import (
    MIN_WRONGS,
    all_numbers,
    are_arrays,
    called,
    equal,
    hold_all,
    right_ones,
)
from grader.model import Diagnosis

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.engine.naming.symptoms.wrongs import Array, Symptom, Wrong

NEAR = 1e-7


def _border(wrongs: Sequence[Wrong]) -> Diagnosis | None:
    def holds(wrong: Wrong) -> bool:
        if not are_arrays(wrong) or wrong.expected.shape != wrong.actual.shape:
            return False
        if wrong.expected.ndim < 2 or min(wrong.expected.shape[-2:]) < 3:
            return False
        inside = (..., slice(1, -1), slice(1, -1))
        return equal(wrong.expected[inside], wrong.actual[inside])

    if not hold_all(wrongs, holds):
        return None
    text = "The inside is right and only the border is wrong: look at the padding, at how it is "
    text += "cropped, and at pixels that no window covers."
    return Diagnosis("border", text)


def _unwritten_end(wrongs: Sequence[Wrong]) -> Diagnosis | None:
    """Recognise a last row or column that is still 0 while everything else is right."""
    pairs = [(w.expected, w.actual) for w in wrongs if are_arrays(w) and w.expected.ndim > 1]
    if len(pairs) < len(wrongs) or max(min(want.shape[-2:]) for want, _ in pairs) < 3:
        return None
    for words, rows, columns in (
        ("row is", 1, 0), ("column is", 0, 1), ("row and column are", 1, 1)
    ):  # fmt: skip
        written = []
        for want, got in pairs:
            left = want.copy()
            left[..., want.shape[-2] - rows :, :] = left[..., want.shape[-1] - columns :] = 0
            written.append(equal(left, got))
        if all(written):
            text = f"The last {words} 0 in {called(wrongs)}, as if never "
            text += "written; all else is right. Where does the loop end? range(n) stops at n - 1."
            return Diagnosis("end-unwritten", text)
    return None


def _part_factor(wrongs: Sequence[Wrong]) -> Diagnosis | None:
    """Tell that what is wrong has one factor, and the rest is right."""
    ratios = [_ratio_where_wrong(want, got) for want, got in all_numbers(wrongs)]
    if not ratios or any(ratio is None for ratio in ratios):
        return None
    what = called(wrongs)
    if all(ratio == 0.0 for ratio in ratios):
        text = f"Every wrong number of {what} is 0, the others are right: some are never written, "
        text += "or set to 0 by a mask that is too wide."
        return Diagnosis("part-zero", text)
    for words, values in possible_factors(wrongs[0].exercise, [w.arguments for w in wrongs]):
        pairs = list(zip(ratios, values, strict=True))
        if all(is_factor(ratio, value) for ratio, value in pairs):
            verb = "times"
        elif all(value and is_factor(ratio, 1 / value) for ratio, value in pairs):
            verb = "divided by"
        else:
            continue
        if words == "-1":
            text = f"Some numbers of {what} are right, and the others have the wrong sign."
            return Diagnosis("part-sign", text)
        text = (
            f"Some numbers of {what} are right, and the others are the right ones {verb} {words}."
        )
        return Diagnosis("part-factor", text)
    return None


def _ratio_where_wrong(want: Array, got: Array) -> float | None:
    """Return the one factor of all wrong numbers; None if there is none, or no number is wrong."""
    wrong = ~right_ones(want, got)
    if not wrong.any() or not np.all(want[wrong]):
        return None
    ratios = got[wrong] / want[wrong]
    first = float(ratios[0])
    return first if np.all(np.abs(ratios - first) <= NEAR * max(1.0, abs(first))) else None


def _own_factors(wrongs: Sequence[Wrong]) -> Diagnosis | None:
    """Tell that every row, or every column, is right but for a factor of its own."""
    pairs = all_numbers(wrongs)
    for axis in (-1, 0):
        found = [_factors_along(want, got, axis) for want, got in pairs if want.ndim > 1]
        if len(found) < len(pairs) or not any(several for _, several in found):
            continue
        if found and all(fits for fits, _ in found):
            rows = "Every row" if axis == -1 else "Every column"
            text = f"{rows} of {called(wrongs)} is right but for a factor of its own: what it is "
            text += "divided by or multiplied with (a sum, a maximum, a norm) is taken over "
            text += "another axis, over everything, or not at all."
            return Diagnosis("own-factors", text)
    return None


def _factors_along(want: Array, got: Array, axis: int) -> tuple[bool, bool]:
    """Return whether all numbers along an axis have one factor, and whether that tells anything."""
    with np.errstate(all="ignore"):
        rows = np.moveaxis(want, axis, -1).reshape(-1, want.shape[axis])
        others = np.moveaxis(got, axis, -1).reshape(rows.shape)
        largest = np.abs(rows).argmax(-1)[:, None]
        factors = np.take_along_axis(others, largest, -1) / np.take_along_axis(rows, largest, -1)
    if not np.isfinite(factors).all():
        return False, False
    several = np.count_nonzero(rows, -1) >= MIN_WRONGS
    return equal(rows * factors, others), bool(np.any(several))


def _summed(wrongs: Sequence[Wrong]) -> Diagnosis | None:
    """Tell that an axis was summed, or averaged, that should stay, or the other way round."""

    def array(value: object) -> Array:
        return np.asarray(value, dtype=float) if isinstance(value, float) else np.asarray(value)

    if len(wrongs) < MIN_WRONGS or not hold_all(wrongs, lambda w: _is_float(w.expected)):
        return None
    if not hold_all(wrongs, lambda w: _is_float(w.actual)):
        return None
    pairs = [(array(wrong.expected), array(wrong.actual)) for wrong in wrongs]
    for way, verb in ((np.sum, "summed"), (np.mean, "averaged")):
        for axis in (None, 0, 1, -1):
            if all(_is_reduced(got, want, way, axis) for want, got in pairs):
                where = "" if axis is None else f" over axis {axis}"
                text = f"{called(wrongs)} still has to be {verb}{where}."
                return Diagnosis("not-reduced", text)
            if all(_is_reduced(want, got, way, axis) for want, got in pairs):
                where = " over everything" if axis is None else f" over axis {axis}, which stays"
                return Diagnosis("reduced", f"{called(wrongs)} is {verb}{where}.")
    return None


def _is_float(value: object) -> bool:
    return isinstance(value, float) or (isinstance(value, np.ndarray) and value.dtype.kind == "f")


def _is_reduced(whole: Array, less: Array, way: object, axis: int | None) -> bool:
    """Tell whether an array with fewer axes is the sum, or the mean, of another."""
    if whole.ndim <= less.ndim or (axis is not None and not -whole.ndim <= axis < whole.ndim):
        return False
    with np.errstate(all="ignore"):
        return equal(np.asarray(way(whole, axis=axis)), less)  # type: ignore[operator]


def _one_of_many(wrongs: Sequence[Wrong]) -> Diagnosis | None:
    """Tell that only the first or the last along axis 0 is right: an image, a row, a step."""
    pairs = all_numbers(wrongs)
    if not pairs or any(want.ndim == 0 or len(want) < 2 for want, _ in pairs):
        return None
    if max(len(want) for want, _ in pairs) < MIN_WRONGS:
        return None
    rights = [np.asarray(right_ones(w, g).reshape(len(w), -1).all(1)) for w, g in pairs]
    axis = wrongs[0].axes[0] if wrongs[0].axes else "axis 0"
    for place, which in ((0, "first"), (-1, "last")):
        if all(right[place] and right.sum() == 1 for right in rights):
            text = f"Only the {which} along {axis} is right in {called(wrongs)}: a loop that ends "
            text += "too early, or one that overwrites what it should keep."
            return Diagnosis(f"only-the-{which}", text)
    return None


PARTS: tuple[Symptom, ...] = (
    _unwritten_end,
    _border,
    _one_of_many,
    _part_factor,
    _own_factors,
    _summed,
)
