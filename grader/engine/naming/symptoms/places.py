"""Where right numbers stand: other axes, other places, backwards, one further."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

import numpy as np

from grader.engine.naming.symptoms.wrongs import (
    are_arrays,
    called,
    equal,
    hold_all,
)
from grader.model import Diagnosis

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.engine.naming.symptoms.wrongs import Symptom, Wrong

MAX_AXES = 4
MIN_SHIFTED = 3  # numbers along an axis: two that are exchanged are shifted, too
BLOCKS = re.compile(r"([2-4])[A-Z]")


def _keepdims(wrongs: Sequence[Wrong]) -> Diagnosis | None:
    def holds(wrong: Wrong) -> bool:
        expected, actual = wrong.expected, wrong.actual
        if isinstance(expected, float) and isinstance(actual, np.ndarray):
            expected = np.array(expected)
        if not (isinstance(expected, np.ndarray) and isinstance(actual, np.ndarray)):
            return False
        different = expected.shape != actual.shape
        return different and equal(np.squeeze(expected), np.squeeze(actual))

    if not hold_all(wrongs, holds):
        return None
    shapes = f"{np.shape(wrongs[0].actual)} instead of {np.shape(wrongs[0].expected)}"
    text = f"The numbers of {called(wrongs)} are right, its shape is not "
    text += f"({shapes}): drop keepdims=True, or an axis of length 1."
    return Diagnosis("keepdims", text)


def _swapped_axes(wrongs: Sequence[Wrong]) -> Diagnosis | None:
    if not hold_all(wrongs, are_arrays):
        return None
    axes = {wrong.expected.ndim for wrong in wrongs}
    if len(axes) > 1 or not 2 <= max(axes) <= MAX_AXES:
        return None
    for order in list(itertools.permutations(range(axes.pop())))[1:]:

        def holds(wrong: Wrong, order: tuple[int, ...] = order) -> bool:
            same_rank = wrong.actual.ndim == len(order)
            return same_rank and equal(wrong.expected, np.transpose(wrong.actual, order))

        if hold_all(wrongs, holds):
            what = called(wrongs)
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
        if not are_arrays(wrong) or wrong.expected.shape != wrong.actual.shape:
            return False
        one, other = np.sort(wrong.expected, axis=None), np.sort(wrong.actual, axis=None)
        return equal(one, other)

    if not hold_all(wrongs, holds):
        return None
    text = f"All numbers of {called(wrongs)} are right, but in wrong places: "
    text += "look at the indices, and at the order of axes where there is a reshape or a "
    text += "transpose."
    return Diagnosis("misplaced", text)


def _reshaped(wrongs: Sequence[Wrong]) -> Diagnosis | None:
    def holds(wrong: Wrong) -> bool:
        if not are_arrays(wrong) or wrong.expected.shape == wrong.actual.shape:
            return False
        return equal(wrong.expected.ravel(), wrong.actual.ravel())

    if not hold_all(wrongs, holds):
        return None
    text = f"The numbers of {called(wrongs)} are right and in the right order; only its shape is "
    text += "another: a reshape is missing, or one too many."
    return Diagnosis("shape-alone", text)


def _backwards(wrongs: Sequence[Wrong]) -> Diagnosis | None:
    rank = _one_rank(wrongs)
    for count in range(1, rank + 1):
        for axes in itertools.combinations(range(rank), count):
            turned = [np.flip(wrong.actual, axes) for wrong in wrongs]
            if all(equal(w.expected, t) for w, t in zip(wrongs, turned, strict=True)):
                what = f"axis {axes[0]}" if count == 1 else _axes(axes)
                text = f"{called(wrongs)} runs backwards along {what}: all of its numbers are "
                text += "right, in the reverse order."
                return Diagnosis("backwards", text)
    return None


def _blocks(wrongs: Sequence[Wrong]) -> Diagnosis | None:
    """Tell that the equal parts of an axis, as the 4 gates of `4H`, stand in another order."""
    rank = _one_rank(wrongs)
    for axis, name in enumerate(wrongs[0].axes[:rank]):
        found = BLOCKS.fullmatch(name)
        if found is None:
            continue
        count = int(found[1])
        for order in list(itertools.permutations(range(count)))[1:]:
            if all(_is_ordered(wrong, axis, order) for wrong in wrongs):
                told = ", ".join(map(str, order))
                text = f"The {count} blocks of {called(wrongs)} along axis {axis} are right, but "
                text += f"in the order {told}: compare the order of the gates with the docstring's."
                return Diagnosis("blocks", text)
    return None


def _is_ordered(wrong: Wrong, axis: int, order: Sequence[int]) -> bool:
    if wrong.expected.shape[axis] % len(order):
        return False
    parts = np.split(wrong.expected, len(order), axis)
    return equal(np.concatenate([parts[place] for place in order], axis), wrong.actual)


def _shifted(wrongs: Sequence[Wrong]) -> Diagnosis | None:
    rank = _one_rank(wrongs)
    for axis in range(rank):
        if max(wrong.expected.shape[axis] for wrong in wrongs) < MIN_SHIFTED:
            continue
        for further in (True, False):
            if all(_is_shifted(wrong, axis, further=further) for wrong in wrongs):
                way = "late" if further else "early"
                text = f"{called(wrongs)} comes one place too {way} along axis {axis}: an index "
                text += "or a range is off by one."
                return Diagnosis("shifted", text)
    return None


def _is_shifted(wrong: Wrong, axis: int, *, further: bool) -> bool:
    want, got = np.moveaxis(wrong.expected, axis, 0), np.moveaxis(wrong.actual, axis, 0)
    return equal(want[:-1], got[1:]) if further else equal(want[1:], got[:-1])


def _one_rank(wrongs: Sequence[Wrong]) -> int:
    """Return how many axes all wrong parts have, of the expected shape; 0 where they differ."""
    if not hold_all(wrongs, are_arrays):
        return 0
    ranks = {wrong.expected.ndim for wrong in wrongs}
    same = hold_all(wrongs, lambda wrong: wrong.expected.shape == wrong.actual.shape)
    return ranks.pop() if same and len(ranks) == 1 and max(ranks) <= MAX_AXES else 0


EXACT_PLACES: tuple[Symptom, ...] = (_keepdims, _reshaped)
PLACES: tuple[Symptom, ...] = (_swapped_axes, _backwards, _blocks, _misplaced, _shifted)
