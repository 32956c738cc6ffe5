"""Show small arrays as grids of numbers, the wrong ones marked by a sign."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from grader.compare import allowed_error, right_elements

if TYPE_CHECKING:
    Array = np.ndarray[Any, Any]

MAX_COLUMNS = 8
MAX_ROWS = 8
MAX_BLOCKS = 6
WRONG = "*"


def number_text(value: Any) -> str:
    """Return a number as short as it can be without hiding what it is.

    Examples
    --------
    >>> [number_text(v) for v in (2.0, 0.125, 1 / 3, float("nan"), True)]
    ['2', '0.125', '0.3333', 'nan', '1']
    """
    return f"{float(value):.4g}"


def grid(array: Array, beside: Array | None = None) -> list[str] | None:
    """Return the lines of a grid, or None when the array is too large to be read.

    Parameters
    ----------
    array
        Any rank; axes before the last two are shown as blocks, one below the other, each headed
        by its index.
    beside
        The expected array: entries that differ get a `*`.
    """
    if array.ndim == 0:
        return [number_text(array)]
    if array.size == 0:
        return ["(empty)"]
    blocks = array.reshape((-1, *array.shape[-2:])) if array.ndim > 2 else array[None]
    if len(blocks) > MAX_BLOCKS:
        return None
    if blocks.ndim == 2:  # a vector is one row
        blocks = blocks[:, None, :]
    if blocks.shape[1] > MAX_ROWS or blocks.shape[2] > MAX_COLUMNS:
        return None
    words = _words(array, beside).reshape(blocks.shape)
    width = max(len(word) for word in words.flat)
    lines = []
    for number, block in enumerate(words):
        if array.ndim > 2 and len(blocks) > 1:
            index = np.unravel_index(number, array.shape[:-2])
            lines.append("[" + ", ".join(str(int(i)) for i in index) + "]")
        lines += [" ".join(word.rjust(width) for word in row) for row in block]
    return lines


def _words(array: Array, beside: Array | None) -> Any:
    """Return every element as text, those that differ with a mark."""
    marks = np.zeros(array.shape, bool)
    if beside is not None and beside.shape == array.shape:
        marks = ~right_elements(array, beside, allowed_error(beside, 1e-8))
    texts = [
        number_text(value) + (WRONG if wrong else " " if marks.any() else "")
        for value, wrong in zip(array.flat, marks.flat, strict=True)
    ]
    return np.array(texts, dtype=object)
