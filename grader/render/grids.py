"""Show small arrays as grids of numbers, the wrong ones marked by a sign as well as a colour."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from rich.text import Text

from grader.course.docstrings import labels, shape_text
from grader.engine.compare import allowed_error, right_elements
from grader.render.signs import QUIET, RIGHT, WRONG

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Array = np.ndarray[Any, Any]

MAX_COLUMNS = 16
MAX_ROWS = 18
MAX_BLOCKS = 6
MAX_WIDTH = 72
MAX_LISTED = 5
WRONG_SIGN = "*"
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
    tolerance
        Largest error allowed, relative to the largest expected element.
    """

    axes: tuple[str, ...] = ()
    sizes: Mapping[str, int] = field(default_factory=dict)
    tolerance: float = 1e-8


def number_text(value: Any, digits: int = 4) -> str:
    """Return a number as short as it can be without hiding what it is.

    Examples
    --------
    >>> [number_text(v) for v in (2.0, 0.125, 1 / 3, float("nan"), True, -0.0)]
    ['2', '0.125', '0.3333', 'nan', '1', '0']
    """
    if isinstance(value, (complex, np.complexfloating)):
        return f"{complex(value):.{digits}g}"
    return f"{float(value) + 0.0:.{digits}g}"


def wrong_elements(array: Array, expected: Array, tolerance: float) -> Array:
    """Return which elements of an array differ from the expected ones; both of one shape."""
    right = right_elements(array, expected, allowed_error(expected, tolerance))
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
    marks = np.zeros(array.shape, bool)
    if other is not None and other.shape == array.shape and _numeric(array, other):
        marks = wrong_elements(array, other, frame.tolerance)
    if array.size == 0:
        return Text("(no elements)", QUIET)
    words = _words(array, other if marks.any() else None, marks, got=got)
    lines = _grid(words, marks, frame, got=got)
    if lines is not None:
        return Text("\n").join(lines)
    if got and marks.any() and other is not None:
        return _first_wrong(array, other, marks)
    return Text(TOO_LARGE, QUIET)


def _numeric(*arrays: Array) -> bool:
    return all(array.dtype.kind in "biuf" for array in arrays)


def _words(array: Array, other: Array | None, marks: Array, *, got: bool) -> Array:
    """Return every element as text: wrong ones with the sign, and digits enough to tell them."""
    texts = []
    for index in np.ndindex(array.shape):
        text = number_text(array[index])
        if marks[index] and other is not None:
            for digits in (4, 7, 10, 17):
                text = number_text(array[index], digits)
                if text != number_text(other[index], digits):
                    break
            text += WRONG_SIGN if got else ""
        texts.append(text)
    return np.array(texts, dtype=object).reshape(array.shape)


def _grid(words: Array, marks: Array, frame: Frame, *, got: bool) -> list[Text] | None:
    """Return the lines of a grid, or None when it is too large to be read."""
    while words.ndim < 2:
        words, marks = words[None], marks[None]
    head = words.shape[:-2]
    blocks = words.reshape((-1, *words.shape[-2:]))
    wrong = marks.reshape(blocks.shape)
    if len(blocks) > MAX_BLOCKS or blocks.shape[1] > MAX_ROWS or blocks.shape[2] > MAX_COLUMNS:
        return None
    axes = frame.axes if len(frame.axes) == words.ndim else ("",) * words.ndim
    sides = (
        labels(axes[-2], words.shape[-2], frame.sizes),
        labels(axes[-1], words.shape[-1], frame.sizes),
    )
    lines: list[Text] = []
    for number, (block, bad) in enumerate(zip(blocks, wrong, strict=True)):
        if len(blocks) > 1:
            index = np.unravel_index(number, head)
            lines.append(Text(_block_name(axes, index), QUIET))
        lines += _block(block, bad, sides, got=got)
    return lines if max(line.cell_len for line in lines) <= MAX_WIDTH else None


def _block_name(axes: Sequence[str], index: Sequence[Any]) -> str:
    """Return `N=0 C=1`, or `[0, 1]` where the axes have no names."""
    if all(axes[: len(index)]):
        return " ".join(f"{axis}={int(i)}" for axis, i in zip(axes, index, strict=False))
    return "[" + ", ".join(str(int(i)) for i in index) + "]"


def _block(
    words: Array, marks: Array, sides: tuple[list[str], list[str]], *, got: bool
) -> list[Text]:
    """Return the rows of one block, with labels for axes that are products."""
    down, across = sides
    signed = got and bool(marks.any())
    bodies = [[w if not signed or m else f"{w} " for w, m in zip(*pair, strict=True)]
              for pair in zip(words, marks, strict=True)]  # fmt: skip
    ends = [label + " " * signed for label in across]
    width = max(len(text) for text in [*ends, *(w for row in bodies for w in row)])
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
