"""The window that moves over a picture: the number it gives, and the column it becomes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from grader.render.drawings.parts import Between, Picture, Pile
from grader.render.drawings.squares import Role, word_of
from grader.student.drawing.knobs import padding_turn, stride_turn
from grader.student.drawing.pictures.making import (
    COLUMNS,
    LAYER,
    SLIDE,
    inside,
    make_grid,
    padded,
    scenery,
    times,
    under_window,
)

if TYPE_CHECKING:
    from grader.render.drawings.parts import Part, Turn
    from grader.render.drawings.squares import Grid
    from grader.student.drawing.calling import OwnCalls
    from grader.student.drawing.knobs import Knobs
    from grader.student.drawing.pictures.making import Scenery

    Array = np.ndarray[Any, Any]

MOST_TALL = 14  # rows of all channels together
SAYS = (
    "A window lies over a picture. The numbers below it are multiplied by those of the filter and "
    "added up: that is one number of the result. The same numbers, in the order channel, row, "
    "column, are one column of im2col."
)


def build(functions: OwnCalls, knobs: Knobs, exercise_id: str) -> Picture:
    """Return the picture of one place of the window.

    Parameters
    ----------
    functions
        The student's.
    knobs
        Place, stride and padding.
    exercise_id
        Which of the three exercises is meant; empty for the first.
    """
    here = scenery(functions, knobs)
    steps = int(np.prod(here.grid))
    if steps == 0:
        return _too_large(here)
    step = (knobs.step if knobs.step is not None else _first(functions, here)) % steps
    at = tuple(int(i) for i in np.unravel_index(step, here.grid))
    out, wrong = _result(functions, here, exercise_id or SLIDE)
    columns = functions.array(COLUMNS, *_column_call(here), shape=_columns_shape(here))
    parts = [*_x_and_filter(here, at, _column(functions, here, at, columns))]
    if here.weight is not None:
        shown = None if out is None else out[at[0], at[1]]
        mark = wrong if isinstance(wrong, bool) else wrong[at[0], at[1]]
        role = inside((at[2], at[2] + 1, at[3], at[3] + 1), Role.RESULT)
        grid = make_grid(
            f"out ({here.counts[0]}, {here.counts[1]})", shown, role, shape=here.counts,
            area=(at[2], at[2] + 1, at[3], at[3] + 1), wrong=mark,
        )  # fmt: skip
        parts += [Between("="), grid]
    top, left = at[2] * here.stride, at[3] * here.stride
    words: tuple[str, ...] = (
        f"window at row {top}, column {left} of the {'padded ' * bool(here.padding)}picture",
    )
    if here.weight is not None:
        words += (_sum(here, at, None if out is None else float(out[at])),)
        if out is not None and np.any(mark if isinstance(mark, bool) else mark[at[2], at[3]]):
            words = (*words[:-1], f"{words[-1]}*, which is wrong")
    return Picture(
        "window", "The window that moves", SAYS, (tuple(parts),), words, _legend(here),
        functions.notes(), step, steps, _turns(here), here.counts[1],
    )  # fmt: skip


def _first(functions: OwnCalls, here: Scenery) -> int:
    """Return the place to begin with: the first that is wrong, or one with something in it."""
    held = functions.held
    if held is not None:
        index = held.first_wrong()
        if index is None:
            return 0
        if held.exercise_id == COLUMNS and len(index) == 3:
            down, right = divmod(index[2], here.counts[1])
            index = (index[0], 0, down, right)
        index = (0,) * (4 - len(index)) + index
        if all(i < size for i, size in zip(index, here.grid, strict=True)):
            return int(np.ravel_multi_index(index, here.grid))
    return min(2, int(np.prod(here.grid)) - 1)


def _too_large(here: Scenery) -> Picture:
    high, wide = here.size
    words = (f"a window of {high} x {wide} does not fit into the picture: p pads it",)
    row = (make_grid("x", here.x[0, 0]),)
    return Picture("window", "The window that moves", SAYS, (row,), words, turns=_turns(here))


def _turns(here: Scenery) -> tuple[Turn, ...]:
    return stride_turn(here.stride), padding_turn(here.padding)


# ----------------------------------------------------------------------------- numbers


def _result(functions: OwnCalls, here: Scenery, target: str) -> tuple[Array | None, Any]:
    """Return what the student's functions make of the picture, and which of it is wrong.

    The exercise that is meant answers for it; what it cannot say, as `correlate2d` no stride, the
    layer says.
    """
    if here.weight is None:
        return None, False
    shape = here.grid
    single = here.x.shape[:2] == (1, 1) == here.weight.shape[:2]
    moves_plainly = (here.stride, here.padding) == (1, 0) and single and not _has_bias(here)
    bias = here.bias if here.bias is not None else np.zeros(here.weight.shape[0])
    layer = (here.x, here.weight, bias, here.stride, here.padding)
    slide = (here.x[0, 0], here.weight[0, 0])
    if (target == SLIDE and moves_plainly) or (
        target == COLUMNS and moves_plainly and not functions.passes(LAYER)
    ):
        out = functions.array(SLIDE, *slide, shape=shape[2:])
        wrong = functions.is_wrong(SLIDE, *slide)
        return (
            None if out is None else out[None, None],
            wrong[None, None] if isinstance(wrong, np.ndarray) else bool(wrong),
        )
    out = functions.array(LAYER, *layer, shape=shape)
    wrong = functions.is_wrong(LAYER, *layer)
    return out, wrong if isinstance(wrong, np.ndarray) else bool(wrong)


def _has_bias(here: Scenery) -> bool:
    return here.bias is not None and bool(here.bias.any())


def _column_call(here: Scenery) -> tuple[Any, ...]:
    return here.x, here.size, here.stride, here.padding


def _columns_shape(here: Scenery) -> tuple[int, int, int]:
    count, channels = here.x.shape[:2]
    return count, channels * here.size[0] * here.size[1], here.counts[0] * here.counts[1]


def _sum(here: Scenery, at: tuple[int, ...], number: float | None) -> str:
    """Return how the number of this place comes about."""
    assert here.weight is not None  # noqa: S101 - asked only where there is a filter
    top, left = at[2] * here.stride, at[3] * here.stride
    seen = padded(here.x, here.padding)[at[0]]
    under = seen[:, top : top + here.size[0], left : left + here.size[1]]
    bias = (
        f" + {word_of(float(here.bias[at[1]]))}"
        if _has_bias(here) and here.bias is not None
        else ""
    )
    return f"{times(under, here.weight[at[1]])}{bias} = {word_of(number, 4)}"


# ----------------------------------------------------------------------------- parts


def _x_and_filter(here: Scenery, at: tuple[int, ...], column: Grid) -> list[Part]:
    """Return picture and filter, channel below channel, with the column below the filter."""
    seen, pad = padded(here.x, here.padding)[at[0]], here.padding
    top, left = at[2] * here.stride, at[3] * here.stride
    area = (top, top + here.size[0], left, left + here.size[1])
    channels = seen.shape[0]
    most = max(9, here.size[0]), max(9, here.size[1])
    if channels > 1:  # as much as there is room for, and the window alone of many
        tall = max(here.size[0], MOST_TALL // channels - 1)
        most = (tall, max(6, here.size[1])) if channels == 2 else here.size
    role = under_window(area, seen.shape, pad)
    grids, filters = [], []
    for number in range(channels):
        name = f"x[{at[0]}, {number}]" if channels > 1 or here.x.shape[0] > 1 else "x"
        shape = f"({here.x.shape[2]}, {here.x.shape[3]})" + f" + frame of {pad}" * bool(pad)
        shape = shape if channels < 3 else ""
        grids.append(make_grid(f"{name} {shape}", seen[number], role, area=area, most=most))
        if here.weight is not None:
            title = f"filter {at[1]}, channel {number}" if channels > 1 else "filter"
            kernel = here.weight[at[1], number]
            filters.append(make_grid(title, kernel, lambda _i, _j: Role.FILTER))
    piled = tuple(filters)
    if channels > 1:
        parts: list[Part] = [Pile(tuple(grids))]
        return [*parts, *([Between("*"), Pile(piled)] if piled else [Between("→")]), column]
    middle = Pile((*piled, column)) if piled else column
    return [grids[0], Between("*" if piled else "→"), middle]


def _column(functions: OwnCalls, here: Scenery, at: tuple[int, ...], columns: Array | None) -> Grid:
    """Return the column of this place, with the place of each number in the window."""
    number = at[2] * here.counts[1] + at[3]
    length = _columns_shape(here)[1]
    kernel = here.size[0] * here.size[1]
    names = []
    for row in range(length):
        channel, rest = divmod(row, kernel)
        head = f"{channel}," if here.x.shape[1] > 1 else ""
        names.append(f"{head}{rest // here.size[1]},{rest % here.size[1]}")
    values = None if columns is None else columns[at[0], :, number][:, None]
    wrong = functions.is_wrong(COLUMNS, *_column_call(here))
    mark = wrong[at[0], :, number][:, None] if isinstance(wrong, np.ndarray) else bool(wrong)
    bad = np.argwhere(mark)[:1] if isinstance(mark, np.ndarray) and mark.any() else [[0, 0]]
    first = int(bad[0][0])
    return make_grid(
        f"column {number}", values, lambda _i, _j: Role.LIT, shape=(length, 1),
        area=(first, first + 1, 0, 1), most=(9, 1), wrong=mark, down=names,
    )  # fmt: skip


def _legend(here: Scenery) -> tuple[tuple[Role, str], ...]:
    found = [(Role.LIT, "under the window")]
    if here.padding:
        found.append((Role.QUIET, "frame of zeros"))
    if here.weight is not None:
        found += [(Role.FILTER, "filter"), (Role.RESULT, "its number")]
    return tuple(found)
