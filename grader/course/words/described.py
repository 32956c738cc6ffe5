"""What `between` and `array` may be told."""

from __future__ import annotations

import numbers
from typing import Any

from grader.errors import CourseError


def require_bounds(low: Any, high: Any) -> None:
    """Make sure that two bounds are whole numbers.

    Raises
    ------
    CourseError
        One is not.
    """
    if not (_is_whole(low) and _is_whole(high)):
        raise CourseError(f"between({low!r}, {high!r}): whole numbers, like between(1, 4)")


def require_shape(shape: tuple[Any, ...], of: Any, drawn: tuple[type, ...]) -> None:
    """Make sure that an array can have a shape and be filled.

    Parameters
    ----------
    shape, of
        As they were told.
    drawn
        What stands for a number that is still to be drawn.

    Raises
    ------
    CourseError
        It cannot.
    """
    for length in shape:
        if not _is_whole(length) or length < 0:
            hint = "; draw it first" if isinstance(length, drawn) else ""
            text = f"array: {length!r} is no length, a whole number from 0 on{hint}"
            raise CourseError(text)
    if not hasattr(of, "fill"):
        raise CourseError(f"array: of={of!r} is no kind of numbers, like of=wide")


def _is_whole(value: Any) -> bool:
    return isinstance(value, numbers.Integral)
