"""Columns that are put back: where windows overlap, their numbers add up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from grader.render.drawings.parts import Between, Picture
from grader.render.drawings.squares import Role
from grader.student.drawing.knobs import padding_turn, stride_turn
from grader.student.drawing.pictures.making import inside, make_grid, places

if TYPE_CHECKING:
    from grader.render.drawings.parts import Turn
    from grader.render.drawings.squares import Grid
    from grader.student.drawing.calling import OwnCalls
    from grader.student.drawing.knobs import Knobs

BACK = "conv.col2im"
SAYS = (
    "A column is laid back over its window and added to what is there. Beside it stands how many "
    "windows meet in each pixel."
)


def build(functions: OwnCalls, knobs: Knobs, _exercise_id: str = "") -> Picture:
    """Return the picture of one column.

    Parameters
    ----------
    functions
        The student's.
    knobs
        Which column, stride and padding.
    """
    call = cols, x_shape, size, stride, pad = _case(functions, knobs)
    counts = tuple(places(x_shape[2 + i], size[i], stride, pad) for i in range(2))
    index = (x_shape[0], x_shape[1], *counts)
    steps = int(np.prod(index))
    if steps == 0:
        words = ("a window does not fit into the picture: p pads it",)
        empty = ((make_grid("x", None, shape=x_shape[2:]),),)
        return Picture("overlap", "Columns put back", SAYS, empty, words, turns=_turns(stride, pad))
    step = (knobs.step if knobs.step is not None else _first(functions, index)) % steps
    n, c, i, j = (int(one) for one in np.unravel_index(step, index))
    number, kernel = i * counts[1] + j, size[0] * size[1]
    piece = cols[n, c * kernel : (c + 1) * kernel, number]
    names = [f"{row // size[1]},{row % size[1]}" for row in range(kernel)]
    column = make_grid(f"column {number}", piece[:, None], _as_filter, down=names)
    window = make_grid("as a window", piece.reshape(size), _as_filter)
    image, meets = _where_it_goes(functions, call, (n, c, i, j))
    words = (
        f"column {number} is added at row {i * stride - pad}, column {j * stride - pad}"
        + " (what lies on the padding is dropped)" * bool(pad),
    )
    legend = ((Role.FILTER, "the column"), (Role.LIT, "where it is added"))
    row = (column, Between("→"), window, Between("+"), image, meets)
    return Picture(
        "overlap", "Columns put back", SAYS, (row,), words, legend, functions.notes(), step, steps,
        _turns(stride, pad), counts[1],
    )  # fmt: skip


def _as_filter(_row: int, _column: int) -> Role:
    return Role.FILTER


def _where_it_goes(
    functions: OwnCalls, call: tuple[Any, Any, Any, int, int], at: tuple[int, int, int, int]
) -> tuple[Grid, Grid]:
    """Return the picture that the columns add up to, and how many windows meet in each pixel."""
    _, x_shape, size, stride, pad = call
    n, c, i, j = at
    top, left = i * stride - pad, j * stride - pad
    bottom, right = min(x_shape[2], top + size[0]), min(x_shape[3], left + size[1])
    area = (max(0, top), bottom, max(0, left), right)
    shown = area if area[0] < bottom and area[2] < right else None
    out, wrong = functions.array(BACK, *call, shape=x_shape), functions.is_wrong(BACK, *call)
    image = make_grid(
        f"x[{n}, {c}] {x_shape[2:]}", None if out is None else out[n, c], inside(area, Role.LIT),
        shape=x_shape[2:], area=shown,
        wrong=wrong[n, c] if isinstance(wrong, np.ndarray) else bool(wrong),
    )  # fmt: skip
    counted = meeting(x_shape[2:], size, stride, pad)
    lit = inside(area, Role.LIT)
    return image, make_grid("windows that meet here", counted, lit, area=shown)


def _turns(stride: int, pad: int) -> tuple[Turn, ...]:
    return stride_turn(stride), padding_turn(pad)


def _case(functions: OwnCalls, knobs: Knobs) -> tuple[Any, Any, Any, int, int]:
    """Return the failing case, or ones on a picture of 4 x 4, as far as the knobs leave it."""
    x_shape, size, stride, pad = (1, 1, 4, 4), (2, 2), 1, 0
    cols = None
    if functions.held is not None and functions.held.exercise_id == BACK:
        given = functions.held.arguments
        cols, x_shape, size = given["cols"], tuple(given["x_shape"]), tuple(given["kernel_size"])
        stride, pad = int(given.get("stride", 1)), int(given.get("padding", 0))
    wanted = (
        stride if knobs.stride is None else knobs.stride,
        pad if knobs.padding is None else knobs.padding,
    )
    if cols is None or wanted != (stride, pad):
        stride, pad = wanted
        count = places(x_shape[2], size[0], stride, pad) * places(x_shape[3], size[1], stride, pad)
        rows = x_shape[1] * size[0] * size[1]
        names = np.arange(1.0, rows + 1)[None, :, None]  # 1, 2, 3, 4: one number for each tap
        cols = np.tile(names, (x_shape[0], 1, count))
    return cols, x_shape, size, stride, pad


def _first(functions: OwnCalls, index: tuple[int, ...]) -> int:
    wrong = functions.held.first_wrong() if functions.held is not None else None
    if wrong is not None and len(wrong) == 4:
        return int(np.ravel_multi_index((wrong[0], wrong[1], 0, 0), index))
    return min(1, int(np.prod(index)) - 1)


def meeting(
    sides: tuple[int, int], size: tuple[int, int], stride: int, pad: int
) -> np.ndarray[Any, Any]:
    """Return how many windows cover each pixel, shape `sides`.

    Examples
    --------
    >>> meeting((1, 4), (1, 2), 1, 0)
    array([[1., 2., 2., 1.]])
    """
    found = np.zeros((sides[0] + 2 * pad, sides[1] + 2 * pad))
    for i in range(places(sides[0], size[0], stride, pad)):
        for j in range(places(sides[1], size[1], stride, pad)):
            found[i * stride : i * stride + size[0], j * stride : j * stride + size[1]] += 1
    return found[pad : pad + sides[0], pad : pad + sides[1]]
