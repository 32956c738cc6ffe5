"""The gradients of a convolution: what one number of the upstream gradient adds to each of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.render.drawings.parts import Picture
from grader.render.drawings.squares import Role, word_of
from grader.student.drawing.knobs import padding_turn, stride_turn
from grader.student.drawing.pictures.making import (
    EDGES,
    PICTURE,
    Scenery,
    inside,
    make_grid,
    padded,
    under_window,
)

if TYPE_CHECKING:
    from grader.render.drawings.parts import Part, Turn
    from grader.student.drawing.calling import OwnCalls
    from grader.student.drawing.knobs import Knobs

    Array = np.ndarray[Any, Any]
    At = tuple[int, int, int, int, int]  # image, filter, channel, row and column of the result

BACK = "conv.conv2d_backward"
NAME, TITLE = "gradients", "The way back through the window"
MOST = 7, 7
SAYS = (
    "Below the picture, the filter and the bias stand their gradients. Each number of the upstream "
    "gradient goes back through the window that its result came from: times the filter it is added "
    "to the picture's gradient, times the pixels to the filter's, and as it is to the bias's."
)
LEGEND = ((Role.RESULT, "goes back"), (Role.LIT, "its window"), (Role.FILTER, "filter"))


def build(functions: OwnCalls, knobs: Knobs, _exercise_id: str = "") -> Picture:
    """Return the picture of one number of the upstream gradient.

    Parameters
    ----------
    functions
        The student's.
    knobs
        Which number, stride and padding.
    """
    here, upstream = _case(functions, knobs)
    assert here.weight is not None  # noqa: S101 - a layer has a filter
    index = (*here.grid[:2], here.x.shape[1], *here.counts)
    steps = int(np.prod(index))
    if steps == 0:
        told = f"a window of {here.size[0]} x {here.size[1]} does not fit: p pads the picture"
        row = (make_grid("x", here.x[0, 0]),)
        return Picture(NAME, TITLE, SAYS, (row,), (told,), turns=_turns(here))
    step = (knobs.step if knobs.step is not None else _first(functions, here, index)) % steps
    n, f, _, i, j = at = _place(step, index)
    top, left = i * here.stride, j * here.stride
    number = word_of(float(upstream[n, f, i, j]))
    words = (
        f"grad_out[{n}, {f}, {i}, {j}] = {number} goes back through the window at row {top}, "
        f"column {left}" + " of the padded picture" * bool(here.padding),
        f"it adds {number}·filter to grad_x below the window, {number}·x to grad_weight,"
        f" {number} to grad_bias" + "; what falls on the frame is dropped" * bool(here.padding),
    )
    legend = LEGEND + ((Role.QUIET, "frame of zeros"),) * bool(here.padding)
    return Picture(
        NAME, TITLE, SAYS, (_given(here, upstream, at), _gradients(functions, here, upstream, at)),
        words, legend, functions.notes(), step, steps, _turns(here), here.counts[1],
    )  # fmt: skip


def _turns(here: Scenery) -> tuple[Turn, ...]:
    return stride_turn(here.stride), padding_turn(here.padding)


def _place(step: int, index: tuple[int, ...]) -> At:
    n, f, c, i, j = (int(one) for one in np.unravel_index(step, index))
    return n, f, c, i, j


# ----------------------------------------------------------------------------- numbers


def _case(functions: OwnCalls, knobs: Knobs) -> tuple[Scenery, Array]:
    """Return the failing case, or the lecture's picture, with what comes from above."""
    found = Scenery(PICTURE[None, None], (3, 3), EDGES[None, None], np.zeros(1), 1, 0)
    upstream, held = None, functions.held
    if held is not None and held.exercise_id == BACK:
        given = held.arguments
        weight, upstream = given["weight"], given["grad_out"]
        kept = int(given.get("stride", 1)), int(given.get("padding", 0))
        found = Scenery(given["x"], weight.shape[2:], weight, given["bias"], *kept)
    here = replace(
        found,
        stride=found.stride if knobs.stride is None else knobs.stride,
        padding=found.padding if knobs.padding is None else knobs.padding,
    )
    if upstream is None or (here.stride, here.padding) != (found.stride, found.padding):
        upstream = np.arange(float(np.prod(here.grid))).reshape(here.grid) % 4 - 1
    return here, upstream


def _call(here: Scenery, upstream: Array) -> tuple[Any, ...]:
    return upstream, here.x, here.weight, here.bias, here.stride, here.padding


def _first(functions: OwnCalls, here: Scenery, index: tuple[int, ...]) -> int:
    """Return where to begin: at a window that the first wrong number has something to do with."""
    held = functions.held
    if held is None or held.exercise_id != BACK:
        return min(3, int(np.prod(index)) - 1)
    n = f = c = i = j = 0
    for part in range(3):
        wrong = held.first_wrong(part)
        if wrong is None:
            continue
        if part == 0 and len(wrong) == 4:
            n, c = wrong[:2]
            i, j = (_window_over(here, axis, wrong[2 + axis]) for axis in range(2))
        elif part == 1 and len(wrong) == 4:
            f, c = wrong[:2]
        elif part == 2 and len(wrong) == 1:
            f = wrong[0]
        break
    return int(np.ravel_multi_index((n, f, c, i, j), index, mode="clip"))


def _window_over(here: Scenery, axis: int, pixel: int) -> int:
    """Return the first window along an axis that covers a pixel, or the last one before it."""
    behind = pixel + here.padding - here.size[axis] + 1
    return min(max(0, -(-behind // here.stride)), here.counts[axis] - 1)


# ----------------------------------------------------------------------------- parts


def _given(here: Scenery, upstream: Array, at: At) -> tuple[Part, ...]:
    """Return the picture with its window, the filter, and the number that goes back."""
    assert here.weight is not None  # noqa: S101 - see `build`
    n, f, c, i, j = at
    area, spot = _area(here, at), (i, i + 1, j, j + 1)
    seen = padded(here.x, here.padding)[n, c]
    role = under_window(area, seen.shape, here.padding)
    return (
        make_grid(f"x[{n}, {c}]", seen, role, area=area, most=_most(here)),
        make_grid(f"weight[{f}, {c}]", here.weight[f, c], lambda _i, _j: Role.FILTER, most=MOST),
        make_grid(
            f"grad_out[{n}, {f}]", upstream[n, f], inside(spot, Role.RESULT), area=spot, most=MOST
        ),
    )


def _gradients(functions: OwnCalls, here: Scenery, upstream: Array, at: At) -> tuple[Part, ...]:
    """Return the three gradients: what the student's function answers, or question marks."""
    assert here.weight is not None  # noqa: S101 - see `build`
    assert here.bias is not None  # noqa: S101 - nor is a layer without one
    n, f, c, _, _ = at
    call = _call(here, upstream)
    shapes = (here.x.shape, here.weight.shape, here.bias.shape)
    found = functions.arrays(BACK, *call, shapes=shapes)
    x, weight, bias = found if found is not None else (None, None, None)
    wrong = [_marks(functions.is_wrong(BACK, *call, part=k), shapes[k]) for k in range(3)]
    pad, (high, wide) = here.padding, here.x.shape[2:]
    top, bottom, left, right = _area(here, at)
    area = max(0, top - pad), min(high, bottom - pad), max(0, left - pad), min(wide, right - pad)
    is_seen = area[0] < area[1] and area[2] < area[3]
    of = (f, f + 1, 0, 1)
    return (
        make_grid(
            f"grad_x[{n}, {c}]", None if x is None else x[n, c], inside(area, Role.LIT),
            shape=(high, wide), area=area if is_seen else None, most=_most(here),
            wrong=wrong[0][n, c],
        ),
        make_grid(
            f"grad_weight[{f}, {c}]", None if weight is None else weight[f, c],
            lambda _i, _j: Role.LIT, shape=here.size, most=MOST, wrong=wrong[1][f, c],
        ),
        make_grid(
            "grad_bias", None if bias is None else bias[:, None], inside(of, Role.LIT),
            shape=(shapes[2][0], 1), area=of, most=MOST, wrong=wrong[2][:, None],
        ),
    )  # fmt: skip


def _area(here: Scenery, at: At) -> tuple[int, int, int, int]:
    """Return the window of a place on the padded picture."""
    top, left = at[3] * here.stride, at[4] * here.stride
    return top, top + here.size[0], left, left + here.size[1]


def _most(here: Scenery) -> tuple[int, int]:
    return max(MOST[0], here.size[0]), max(MOST[1], here.size[1])


def _marks(wrong: Any, shape: tuple[int, ...]) -> Array:
    """Return which numbers of a gradient are wrong: all of them where it has another form."""
    marks = np.asarray(wrong, bool)
    return marks if marks.shape == shape else np.full(shape, bool(marks.any()))
