"""Say what a value is, in a student's words."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader.model import Opaque, Unsupported


def digits(value: Any, beside: Any) -> str:
    """Return a number with as many digits as it takes to tell it from the one beside it."""
    if not isinstance(value, (float, np.floating)):
        return str(int(value))
    number, other = float(value), float(beside)
    for digits in (6, 10, 17):
        text = f"{number:.{digits}g}"
        if text != f"{other:.{digits}g}":
            break
    return text


def describe(value: Any) -> str:  # noqa: PLR0911 - one line for each type
    """Say what kind of thing a result is, in a student's words.

    Examples
    --------
    >>> describe([np.zeros((2, 3)), None])
    'a list of 2: a float64 array of shape (2, 3), None'
    """
    if isinstance(value, np.ndarray):
        return f"a {value.dtype} array of shape {value.shape}"
    if isinstance(value, Opaque):
        return f"a {value.dtype} array of shape {value.shape}"
    if isinstance(value, Unsupported):
        return f"an object of type {value.type}"
    if isinstance(value, (list, tuple)):
        inside = ", ".join(describe(item) for item in value[:4])
        return f"a list of {len(value)}" + (f": {inside}" if value else "")
    if isinstance(value, dict):
        return f"a dict of {len(value)}"
    if value is None:
        return "None"
    return f"{value!r} ({type(value).__name__})"
