"""Say what a value is, in a student's words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from grader.model import Opaque, Unsupported

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_WRITTEN = 200
MAX_NESTED = 3

CONTAINERS = (list, tuple, dict)


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


def written(value: Any) -> str:
    """Return a value as Python writes it, cut to what fits into a sentence."""
    text = repr(value[:MAX_WRITTEN] if isinstance(value, str) else value)
    return text if len(text) <= MAX_WRITTEN else f"{text[:MAX_WRITTEN]} …"


def describe(value: Any, nested: int = 0) -> str:
    """Say what kind of thing a result is, in a student's words.

    Parameters
    ----------
    value
        Whatever it is: what is said about it stays short.
    nested
        In how many lists it is.

    Examples
    --------
    >>> describe([np.zeros((2, 3)), None])
    'a list of 2: a float64 array of shape (2, 3), None'
    >>> describe(np.arange(2))
    'an int64 array of shape (2,)'
    """
    if isinstance(value, (np.ndarray, Opaque)):
        article = "an" if str(value.dtype).startswith(("int", "object")) else "a"
        return f"{article} {value.dtype} array of shape {value.shape}"
    if isinstance(value, Unsupported):
        return f"an object of type {value.type}"
    if isinstance(value, (list, tuple)):
        shown = value[:4] if nested < MAX_NESTED else ()
        inside = ", ".join(describe(item, nested + 1) for item in shown)
        return f"a list of {len(value)}" + (f": {inside}" if inside else "")
    if isinstance(value, dict):
        return f"a dict of {len(value)}"
    if value is None:
        return "None"
    return f"{written(value)} ({type(value).__name__})"


def foreign_type(value: Any, *, text: bool) -> str:
    """Return the name of a type in a result that the exercise has no use for, or nothing.

    Parameters
    ----------
    value
        What was answered.
    text
        Whether the right answer holds text, so that text in the wrong place is a wrong answer.
    """
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, Unsupported):
            return item.type
        if isinstance(item, str) and not text:
            return "str"
        if isinstance(item, CONTAINERS) and item:
            waiting += reversed(_items(item))
    return ""


def first_foreign(steps: Sequence[Any], *, text: bool) -> tuple[int, str]:
    """Return the first step whose result has a foreign type in it, and that type, or nothing.

    Parameters
    ----------
    steps
        What was answered, step by step.
    text
        As above.

    Examples
    --------
    >>> first_foreign([1.0, ["a"]], text=False)
    (1, 'str')
    """
    types = (foreign_type(value, text=text) for value in steps)
    return next(((at, name) for at, name in enumerate(types) if name), (0, ""))


def _items(value: Any) -> list[Any]:
    """Return what a container holds, the keys of a dict too."""
    return [*value.keys(), *value.values()] if isinstance(value, dict) else list(value)


def may_hold_text(value: Any) -> bool:
    """Tell whether a value is text, has some in it, or is empty where there could be some.

    Examples
    --------
    >>> may_hold_text([["a", 1]]), may_hold_text([]), may_hold_text([2.0])
    (True, True, False)
    """
    if isinstance(value, CONTAINERS):
        return not value or any(may_hold_text(item) for item in _items(value))
    return isinstance(value, str)
