"""The places along one axis at which a kernel fits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.render.drawings.parts import Picture
from grader.render.drawings.squares import Grid, Role, Square, word_of
from grader.student.drawing.knobs import padding_turn, stride_turn
from grader.student.drawing.pictures.making import places

if TYPE_CHECKING:
    from grader.student.drawing.calling import OwnCalls
    from grader.student.drawing.knobs import Knobs

SIZE = "conv.conv_output_size"
MOST_ACROSS, MOST_DOWN = 18, 9
SAYS = (
    "A kernel lies on a row of pixels and moves on by the stride, as long as all of it fits. Each "
    "line is one place; how many there are is the size of the output."
)


def build(functions: OwnCalls, knobs: Knobs, _exercise_id: str = "") -> Picture:
    """Return the places up to this step, one below the other.

    Parameters
    ----------
    functions
        The student's.
    knobs
        Place, stride and padding.
    """
    size, kernel, stride, padding = _numbers(functions, knobs)
    call = (size, kernel, stride, padding)
    answer = functions.ask(SIZE, *call)
    count = float(answer) if isinstance(answer, (int, float)) else None
    steps = max(1, places(size, kernel, stride, padding))
    step = (knobs.step if knobs.step is not None else min(1, steps - 1)) % steps
    grid = _rows(size, kernel, stride, padding, step)
    moving = f"{size} pixels + 2·{padding} zeros, a kernel of {kernel} that moves on by {stride}"
    words = [
        f"{moving}: place {step} begins at {step * stride}",
        f"conv_output_size{call} = {word_of(count)}",
    ]
    if functions.is_wrong(SIZE, *call) and count is not None:
        words[-1] += "*, which is wrong"
    legend = ((Role.LIT, "under the kernel"), (Role.QUIET, "zeros of the padding"))
    turns = (stride_turn(stride), padding_turn(padding))
    return Picture(
        "positions", "Where a kernel fits", SAYS, ((grid,),), tuple(words),
        legend if padding else legend[:1], functions.notes(), step, steps, turns,
        tells_steps=functions.passes(SIZE),
    )  # fmt: skip


def _numbers(functions: OwnCalls, knobs: Knobs) -> tuple[int, int, int, int]:
    """Return the failing case, or the lectures' 7 and 3, as far as the knobs leave it."""
    size, kernel, stride, padding = 7, 3, 1, 0
    if functions.held is not None and functions.held.exercise_id == SIZE:
        given = functions.held.arguments
        size, kernel = int(given["input_size"]), int(given["kernel_size"])
        stride, padding = int(given.get("stride", 1)), int(given.get("padding", 0))
    return (
        size, kernel, stride if knobs.stride is None else knobs.stride,
        padding if knobs.padding is None else knobs.padding,
    )  # fmt: skip


def _rows(size: int, kernel: int, stride: int, padding: int, step: int) -> Grid:
    """Return a line of pixels for each place up to this one."""
    length = size + 2 * padding
    start = 0
    if length > MOST_ACROSS:
        start = min(max(0, step * stride - 2), length - MOST_ACROSS)
    shown = range(start, min(length, start + MOST_ACROSS))
    rows = []
    first = max(0, step + 1 - MOST_DOWN)
    for place in range(first, step + 1):
        squares = []
        for pixel in shown:
            is_lit = place * stride <= pixel < place * stride + kernel
            is_frame = not padding <= pixel < length - padding
            role = Role.LIT if is_lit else Role.QUIET if is_frame else Role.PLAIN
            squares.append(Square(text="0" if is_frame else "·", role=role))
        rows.append(tuple(squares))
    names = tuple(f"place {place}" for place in range(first, step + 1))
    note = "" if len(shown) == length else f"pixels {start}-{shown[-1]} of 0-{length - 1}"
    return Grid(f"{length} pixels", tuple(rows), names, tuple(map(str, shown)), note)
