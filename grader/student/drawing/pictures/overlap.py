"""Columns that are put back: where windows overlap, their numbers add up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from grader.render.drawings.parts import Between, Picture, Pile, Role
from grader.student.drawing.pictures.making import inside, make_grid, places

if TYPE_CHECKING:
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
    cols, x_shape, size, stride, pad = _case(functions, knobs)
    counts = tuple(places(x_shape[2 + i], size[i], stride, pad) for i in range(2))
    steps = max(1, x_shape[0] * x_shape[1] * counts[0] * counts[1])
    index = (x_shape[0], x_shape[1], *counts)
    if 0 in counts:
        words = ("a window does not fit into the picture: p pads it",)
        row = (make_grid("x", None, shape=x_shape[2:]),)
        return Picture("overlap", "Columns put back", SAYS, (row,), words, keys=_keys(stride, pad))
    step = (knobs.step if knobs.step is not None else _first(functions, index)) % steps
    n, c, i, j = (int(one) for one in np.unravel_index(step, index))
    top, left = i * stride - pad, j * stride - pad
    area = (max(0, top), min(x_shape[2], top + size[0]), max(0, left), min(x_shape[3], left + size[1]))
    call = (cols, x_shape, size, stride, pad)
    out, wrong = functions.array(BACK, *call, shape=x_shape), functions.is_wrong(BACK, *call)
    mark = wrong[n, c] if isinstance(wrong, np.ndarray) else bool(wrong)
    lit = inside(area, Role.LIT)
    kernel = size[0] * size[1]
    piece = cols[n, c * kernel : (c + 1) * kernel, i * counts[1] + j]
    column = make_grid(
        f"column {i * counts[1] + j}", piece[:, None], lambda _i, _j: Role.FILTER,
        down=[f"{row // size[1]},{row % size[1]}" for row in range(kernel)],
    )  # fmt: skip
    window = make_grid("as a window", piece.reshape(size), lambda _i, _j: Role.FILTER)
    shown = area if area[0] < area[1] and area[2] < area[3] else None
    image = make_grid(
        f"x[{n}, {c}] {x_shape[2:]}", None if out is None else out[n, c], lit,
        shape=x_shape[2:], area=shown, wrong=mark,
    )  # fmt: skip
    meets = make_grid("windows that meet here", meeting(x_shape[2:], size, stride, pad), lit, area=shown)
    words = (
        f"column {i * counts[1] + j} is added at row {top}, column {left}"
        + " (what lies on the padding is dropped)" * bool(pad),
    )
    legend = ((Role.FILTER, "the column"), (Role.LIT, "where it is added"))
    row = (column, Between("→"), window, Between("+"), Pile((image,)), meets)
    return Picture(
        "overlap", "Columns put back", SAYS, (row,), words, legend, functions.notes(), step, steps,
        _keys(stride, pad),
    )  # fmt: skip


def _keys(stride: int, pad: int) -> tuple[str, ...]:
    return f"s stride {stride}", f"p padding {pad}"


def _case(functions: OwnCalls, knobs: Knobs) -> tuple[Any, Any, Any, int, int]:
    """Return the failing case, or ones on a picture of 4 x 4, as far as the knobs leave it."""
    x_shape, size, stride, pad = (1, 1, 4, 4), (2, 2), 1, 0
    cols = None
    if functions.held is not None and functions.held.exercise_id == BACK:
        given = functions.held.arguments
        cols, x_shape, size = given["cols"], tuple(given["x_shape"]), tuple(given["kernel_size"])
        stride, pad = int(given.get("stride", 1)), int(given.get("padding", 0))
    wanted = (
        stride if knobs.stride is None else knobs.stride, pad if knobs.padding is None else knobs.padding,
    )  # fmt: skip
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
