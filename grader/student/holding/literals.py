"""Write values as Python that makes them again, to the last bit, and is pleasant to read."""

from __future__ import annotations

import math
import textwrap
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    Array = np.ndarray[Any, Any]

WIDTH = 88
INDENT = 4
READABLE_KINDS = "biuf"
WIDEST = 8  # bytes of a number that Python's own float or int holds


def count_numbers(value: Any) -> int:
    """Return how many numbers a value holds.

    Examples
    --------
    >>> count_numbers([np.zeros((2, 3)), (1, 2), None])
    9
    """
    if isinstance(value, np.ndarray):
        return value.size
    if isinstance(value, dict):
        return sum(count_numbers(key) + count_numbers(item) for key, item in value.items())
    if isinstance(value, (list, tuple)):
        return sum(map(count_numbers, value))
    return 1


def as_python(value: Any, depth: int = 0) -> str:
    """Return a value as an expression, in which `np` is numpy.

    Parameters
    ----------
    value
        An argument or a right answer: numbers, text, containers, arrays, functions.
    depth
        How many columns the lines after the first are indented.

    Examples
    --------
    >>> print(as_python((1, [0.5, float("-inf")], np.array([True]))))
    (1, [0.5, -np.inf], np.array([True], dtype="bool"))
    """
    if isinstance(value, np.ndarray):
        return _array(value, depth)
    if isinstance(value, dict):
        parts = [
            f"{as_python(key)}: {as_python(item, depth + INDENT)}" for key, item in value.items()
        ]
        return _bracketed("{", parts, "}", depth)
    if isinstance(value, list):
        return _bracketed("[", [as_python(one, depth + INDENT) for one in value], "]", depth)
    if isinstance(value, tuple):
        parts = [as_python(one, depth + INDENT) for one in value]
        return f"({parts[0]},)" if len(parts) == 1 else _bracketed("(", parts, ")", depth)
    return _number(value) if isinstance(value, float) else repr(value)


def _number(value: float) -> str:
    if math.isfinite(value):
        return float.__repr__(value)
    return "np.nan" if math.isnan(value) else "np.inf" if value > 0 else "-np.inf"


def _array(array: Array, depth: int) -> str:
    if array.size == 0:
        return f'np.empty({array.shape}, dtype="{array.dtype.name}")'
    if not _is_readable(array):
        return (
            f'np.frombuffer(bytes.fromhex("{array.tobytes().hex()}"), "{array.dtype.str}")'
            f".reshape({array.shape}).copy()"
        )
    order = "" if array.flags.c_contiguous else _in_order(array)
    return f'np.array({_rows(array.tolist(), depth)}, dtype="{array.dtype.name}"){order}'


def _in_order(array: Array) -> str:
    """Return what makes an array lie in memory as an argument did: see `grader.course.pools`."""
    if array.flags.f_contiguous:
        return '.copy(order="F")'
    if any(step < 0 for step in array.strides):
        back = ", ".join(["::-1"] * array.ndim)
        return f"[{back}].copy()[{back}]"
    return ".repeat(2, -1)[..., ::2]"


def _is_readable(array: Array) -> bool:
    """Tell whether numbers as Python writes them are the same ones to the last bit."""
    if array.dtype.kind not in READABLE_KINDS or array.dtype.itemsize > WIDEST:
        return False
    if array.dtype.kind != "f":
        return True
    written = np.where(np.isnan(array), np.array(np.nan, array.dtype), array)
    return written.tobytes() == array.tobytes()  # a nan may hold bits of its own


def _rows(data: list[Any], depth: int) -> str:
    if isinstance(data[0], list):
        return _bracketed("[", [_rows(row, depth + INDENT) for row in data], "]", depth)
    words = [_number(one) if isinstance(one, float) else repr(one) for one in data]
    return _bracketed("[", words, "]", depth, filled=True)


def _bracketed(
    opening: str, parts: list[str], closing: str, depth: int, *, filled: bool = False
) -> str:
    """Return parts in brackets: on one line where they fit, else one below the other.

    Parameters
    ----------
    opening, parts, closing
        What stands there.
    depth
        Columns of the line that is begun.
    filled
        Put as many on a line as it holds.
    """
    flat = f"{opening}{', '.join(parts)}{closing}"
    if "\n" not in flat and depth + len(flat) <= WIDTH - INDENT:
        return flat
    inner, outer = " " * (depth + INDENT), " " * depth
    if filled:
        body = textwrap.fill(
            ", ".join(parts) + ",", WIDTH, initial_indent=inner, subsequent_indent=inner,
            break_long_words=False, break_on_hyphens=False,
        )  # fmt: skip
    else:
        body = "".join(f"{inner}{part},\n" for part in parts).rstrip("\n")
    return f"{opening}\n{body}\n{outer}{closing}"
