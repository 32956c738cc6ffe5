"""Show small arrays as grids of numbers, the wrong ones marked by a sign as well as a colour."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from rich.text import Text

from grader.course.docstrings import labels, shape_text
from grader.engine.compare import allowed_error, right_elements
from grader.render.signs import QUIET, RIGHT, SHADES, WRONG, WRONG_SIGN, number_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Array = np.ndarray[Any, Any]

MAX_COLUMNS = 16
MAX_ROWS = 18
MAX_BLOCKS = 6
MAX_WIDTH = 72
MAX_LISTED = 5
MAX_SHADED = 32  # cells across: each stands for one number, or for several
LIT_SIGN, NO_NUMBER = "'", "!"
TOO_LARGE = "(too large to show)"


@dataclass(frozen=True)
class Frame:
    """What is known about an array apart from its numbers.

    Parameters
    ----------
    axes
        The names of its axes; empty when nobody knows.
    sizes
        How long the named axes are, for axes that are products of others.
    tolerance, terms
        How far off an element may be (`engine.compare.allowed_error`).
    lit
        The part of the array that gets a sign: an index.
    is_shaded
        Whether many numbers are shown as shaded cells.
    """

    axes: tuple[str, ...] = ()
    sizes: Mapping[str, int] = field(default_factory=dict)
    tolerance: float = 1e-8
    terms: float = 1.0
    lit: tuple[int | slice, ...] | None = None
    is_shaded: bool = False


def wrong_elements(array: Array, expected: Array, frame: Frame) -> Array:
    """Return which elements of an array differ from the expected ones; both of one shape."""
    allowed = allowed_error(expected, frame.tolerance, frame.terms)
    right = right_elements(array, expected, allowed)
    return ~(right | (np.isnan(array) & np.isnan(expected)))


def render_array(array: Array, frame: Frame, other: Array | None = None, *, got: bool) -> Text:
    """Return an array as a grid; too large a one as its first wrong entries, or its shape alone.

    Parameters
    ----------
    array
        Any rank; axes before the last two are shown as blocks, one below the other.
    frame
        The names of its axes.
    other
        The array beside which it is shown, expected or got; the differing entries are marked.
    got
        Whether `array` is the answer: only then do its wrong entries carry the sign.
    """
    marks, lit = np.zeros(array.shape, bool), np.zeros(array.shape, bool)
    if other is not None and other.shape == array.shape and _numeric(array, other):
        marks = wrong_elements(array, other, frame)
    if frame.lit is not None:
        lit[frame.lit] = True
    if array.size == 0:
        return Text("(no elements)", QUIET)
    lines = _grid(array, other, (marks, lit), frame, got=got)
    if lines is not None:
        return Text("\n").join(lines)
    parts = []
    if frame.is_shaded and _numeric(array):
        parts.append(_shaded(array, other, (marks, lit), frame, got=got))
    if got and marks.any() and other is not None:
        parts.append(_first_wrong(array, other, marks))
    return Text("\n").join(parts) if parts else Text(TOO_LARGE, QUIET)


def _numeric(*arrays: Array) -> bool:
    return all(array.dtype.kind in "biuf" for array in arrays)


def _words(array: Array, other: Array | None, marks: Array) -> Array:
    """Return every element as text, wrong ones with digits enough to tell them."""
    texts = []
    for index in np.ndindex(array.shape):
        text = number_text(array[index])
        if marks[index] and other is not None:
            for digits in (4, 7, 10, 17):
                text = number_text(array[index], digits)
                if text != number_text(other[index], digits):
                    break
        texts.append(text)
    return np.array(texts, dtype=object).reshape(array.shape)


def _signs(marks: Array, lit: Array, *, got: bool) -> Array:
    """Return what stands behind each element, all of one width."""
    wrong = np.where(marks & got, WRONG_SIGN, "").astype(object)
    signs = wrong + np.where(lit, LIT_SIGN, "").astype(object)
    width = max(map(len, signs.flat))
    return np.array([sign.ljust(width) for sign in signs.flat], object).reshape(signs.shape)


def _grid(
    array: Array, other: Array | None, shown: tuple[Array, Array], frame: Frame, *, got: bool
) -> list[Text] | None:
    """Return the lines of a grid, or None when it is too large to be read."""
    marks, lit = shown
    shape = (1,) * (2 - array.ndim) + array.shape
    head, count = shape[:-2], int(np.prod(shape[:-2]))
    if count > MAX_BLOCKS or shape[-2] > MAX_ROWS or shape[-1] > MAX_COLUMNS:
        return None
    blocks = (count, *shape[-2:])
    words = _words(array, other if marks.any() else None, marks).reshape(blocks)
    wrong = marks.reshape(blocks)
    signs = _signs(wrong, lit.reshape(blocks), got=got)
    axes = frame.axes if len(frame.axes) == len(shape) else ("",) * len(shape)
    sides = (labels(axes[-2], shape[-2], frame.sizes), labels(axes[-1], shape[-1], frame.sizes))
    lines: list[Text] = []
    for number in range(count):
        if count > 1:
            lines.append(Text(_block_name(axes, np.unravel_index(number, head)), QUIET))
        lines += _block(words[number], signs[number], wrong[number], sides, got=got)
    return lines if max(line.cell_len for line in lines) <= MAX_WIDTH else None


def _block_name(axes: Sequence[str], index: Sequence[Any]) -> str:
    """Return `N=0 C=1`, or `[0, 1]` where the axes have no names."""
    if all(axes[: len(index)]):
        return " ".join(f"{axis}={int(i)}" for axis, i in zip(axes, index, strict=False))
    return "[" + ", ".join(str(int(i)) for i in index) + "]"


def _block(
    words: Array, signs: Array, marks: Array, sides: tuple[list[str], list[str]], *, got: bool
) -> list[Text]:
    """Return the rows of one block, with labels for axes that are products."""
    down, across = sides
    bodies = words + signs
    ends = [label + " " * len(signs[0, 0]) for label in across]
    width = max(map(len, [*ends, *bodies.flat]))
    left = max((len(label) for label in down), default=0)
    lines = []
    if ends:
        head = " ".join(label.rjust(width) for label in ends)
        lines.append(Text(" " * (left + 3 if left else 0) + head, QUIET))
    style = f"bold {WRONG}" if got else f"bold {RIGHT}"
    for number, (row, bad) in enumerate(zip(bodies, marks, strict=True)):
        line = Text.assemble((f"{down[number].rjust(left)} | " if down else "", QUIET))
        for column, (word, wrong) in enumerate(zip(row, bad, strict=True)):
            line.append(" " * bool(column))
            line.append(word.rjust(width), style if wrong else "")
        lines.append(line)
    return lines


def _shaded(
    array: Array, other: Array | None, shown: tuple[Array, Array], frame: Frame, *, got: bool
) -> Text:
    """Return one block of an array as shaded cells, with what the shades stand for.

    Of several blocks it is the one with the first wrong element, else the first of what is lit, or
    of what is another number than the very first one.
    """
    marks, lit = (one.reshape((1,) * (2 - one.ndim) + one.shape) for one in shown)
    both = [array] if other is None or other.shape != array.shape else [array, other]
    low, high = _bounds(both[-1] if got else array)
    array = array.reshape(marks.shape)
    told_by = marks if marks.any() else lit if lit.any() else array != array.flat[0]
    first = np.argwhere(told_by)[:1]
    at = tuple(int(one) for one in first[0][:-2]) if len(first) else (0,) * (array.ndim - 2)
    block, wrong, near = array[at], marks[at], lit[at]
    down, across = -(-block.shape[0] // MAX_ROWS), -(-block.shape[1] // MAX_SHADED)
    lines = []
    if len(at) and np.prod(array.shape[:-2]) > 1:
        axes = frame.axes if len(frame.axes) == array.ndim else ("",) * array.ndim
        many = f", one of {np.prod(array.shape[:-2])}"
        lines.append(Text(_block_name(axes, at) + many, QUIET))
    for top in range(0, block.shape[0], down):
        line = Text()
        for begin in range(0, block.shape[1], across):
            cell = slice(top, top + down), slice(begin, begin + across)
            sign = WRONG_SIGN if got and wrong[cell].any() else LIT_SIGN * bool(near[cell].any())
            shade = _shade(block[cell], low, high)
            style = f"bold {WRONG if got else RIGHT}" if wrong[cell].any() else ""
            line.append(shade + (sign or shade), style)
        lines.append(line)
    told = f"{number_text(low)} ({SHADES[0]}) to {number_text(high)} ({SHADES[-1]})"
    told += f", {down}x{across} numbers a cell" if down * across > 1 else ""
    return Text("\n").join([*lines, Text(told, QUIET)])


def _bounds(array: Array) -> tuple[float, float]:
    finite = array[np.isfinite(array)].astype(float)
    return (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)


def _shade(numbers: Array, low: float, high: float) -> str:
    """Return the sign for the mean of some numbers; another one where there is none."""
    with np.errstate(all="ignore"):
        mean = float(np.mean(numbers))
        share = (mean - low) / (high - low) if high > low else float(mean > low)
    if not (np.isfinite(mean) and np.isfinite(share)):
        return NO_NUMBER
    return SHADES[round(min(1.0, max(0.0, share)) * (len(SHADES) - 1))]


def _first_wrong(array: Array, expected: Array, marks: Array) -> Text:
    """Return the first wrong entries, one a line: what is left of a large array."""
    indices = np.argwhere(marks)
    lines = []
    for found in indices[:MAX_LISTED]:
        index = tuple(int(i) for i in found)
        shown = ", ".join(map(str, index))
        lines.append(f"[{shown}] = {number_text(array[index], 6)}{WRONG_SIGN} "
                     f"expected {number_text(expected[index], 6)}")  # fmt: skip
    if len(indices) > MAX_LISTED:
        lines.append(f"and {len(indices) - MAX_LISTED} more")
    return Text("\n".join(lines), WRONG)


def shape_line(array: Array, frame: Frame) -> str:
    """Return the shape by the names of its axes, and what a labelled grid's rows and columns are.

    Examples
    --------
    >>> shape_line(np.zeros((1, 4)), Frame(("N", "C * KW"), {"C": 2, "KW": 2}))
    '(N=1, C*KW=4), columns by C,KW'
    """
    text = shape_text(array.shape, frame.axes)
    if len(frame.axes) == array.ndim >= 2:
        for word, axis in (("rows", -2), ("columns", -1)):
            name = frame.axes[axis]
            if labels(name, array.shape[axis], frame.sizes):
                text += f", {word} by {name.replace(' * ', ',')}"
    return text
