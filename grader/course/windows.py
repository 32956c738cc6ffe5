"""Say which part of an input one element of a result is made of, where windows move over it.

The names that a docstring gives to axes say so: a result with rows OH and columns OW is made of
windows of KH rows and KW columns that move over an argument with rows H and columns W, `stride`
apart, over `padding` more on each side.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from grader.course.docstrings import axis_names, axis_sizes

if TYPE_CHECKING:
    from collections.abc import Mapping

ROWS_AND_COLUMNS = ("H", "W")
MADE_OF_WINDOWS = (("OH", "OW"), ("H - KH + 1", "W - KW + 1"))


@dataclass(frozen=True)
class Window:
    """A part of an argument.

    Parameters
    ----------
    argument
        Which.
    index
        What of it: it selects the part of the array.
    """

    argument: str
    index: tuple[int | slice, ...]


def find_window(
    docstring: str, arguments: Mapping[str, Any], result: str, index: tuple[int, ...]
) -> Window | None:
    r"""Return what an element of a result is made of; None where no windows make it.

    Parameters
    ----------
    docstring
        Of the exercise.
    arguments
        Of the call, by name.
    result
        What the docstring calls the array.
    index
        Of the element.

    Examples
    --------
    >>> import numpy as np
    >>> text = "Parameters\n---\nimage : ndarray, shape (H, W)\n    One.\n"
    >>> text += "kernel : ndarray, shape (KH, KW)\n    Two.\n\nReturns\n---\n"
    >>> text += "out : ndarray, shape (H - KH + 1, W - KW + 1)\n    Three.\n"
    >>> call = {"image": np.zeros((4, 4)), "kernel": np.zeros((2, 3))}
    >>> find_window(text, call, "out", (1, 0))
    Window(argument='image', index=(slice(1, 3, None), slice(0, 3, None)))
    """
    names = axis_names(docstring)
    axes, sizes = names.get(result, ()), axis_sizes(docstring, arguments)
    over = next((one for one in arguments if names.get(one, ())[-2:] == ROWS_AND_COLUMNS), None)
    kernel = [sizes.get(name) for name in ("KH", "KW")]
    if axes[-2:] not in MADE_OF_WINDOWS or over is None or len(axes) != len(index):
        return None
    padding, stride = arguments.get("padding", 0), arguments.get("stride", 1)
    places = dict(zip(axes, index, strict=True))
    part: list[int | slice] = [  # the same sample and channel, or all channels
        places.get(name, slice(None)) for name in names[over][:-2]
    ]
    for place, length in zip(index[-2:], kernel, strict=True):
        step = length if stride is None else stride  # pooling: the kernel's own size
        if not all(isinstance(one, int) for one in (length, step, padding)):
            return None
        begin = place * int(step or 0) - padding
        part.append(slice(max(0, begin), max(0, begin + int(length or 0))))
    return Window(over, tuple(part))
