"""Where each pixel goes when a frame of zeros is put around a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from grader.render.drawings.parts import Between, Picture
from grader.render.drawings.squares import Role
from grader.student.drawing.knobs import padding_turn
from grader.student.drawing.pictures.making import PICTURE, inside, make_grid

if TYPE_CHECKING:
    from grader.student.drawing.calling import OwnCalls
    from grader.student.drawing.knobs import Knobs
    from grader.student.drawing.pictures.making import RoleOf

PAD = "conv.zero_pad2d"
BEGIN = (1, 2)  # a pixel of the lecture's picture that is not 0
SAYS = (
    "A picture and the same picture with a frame of zeros. The pixel that is lit moves down and to "
    "the right by the width of the frame."
)


def build(functions: OwnCalls, knobs: Knobs, _exercise_id: str = "") -> Picture:
    """Return the picture before and after, one pixel of it lit.

    Parameters
    ----------
    functions
        The student's.
    knobs
        Which pixel, and how wide the frame is.
    """
    x, frame = PICTURE[None, None], 1
    if functions.held is not None and functions.held.exercise_id == PAD:
        given = functions.held.arguments
        x, frame = given["x"], int(given["padding"])
    frame = frame if knobs.padding is None else knobs.padding
    steps = int(x.size)
    step = (knobs.step if knobs.step is not None else _first(functions, x, frame)) % steps
    n, c, i, j = (int(one) for one in np.unravel_index(step, x.shape))
    high, wide = x.shape[2] + 2 * frame, x.shape[3] + 2 * frame
    out = functions.array(PAD, x, frame, shape=(*x.shape[:2], high, wide))
    wrong = functions.is_wrong(PAD, x, frame)
    mark = wrong[n, c] if isinstance(wrong, np.ndarray) else bool(wrong)
    before = make_grid(
        f"x[{n}, {c}] {x.shape[2:]}", x[n, c], inside((i, i + 1, j, j + 1), Role.LIT),
        area=(i, i + 1, j, j + 1),
    )  # fmt: skip
    to = (i + frame, i + frame + 1, j + frame, j + frame + 1)
    after = make_grid(
        f"padded[{n}, {c}] ({high}, {wide})", None if out is None else out[n, c],
        _roles(to, (frame, high - frame, frame, wide - frame)), shape=(high, wide), area=to,
        most=(11, 11), wrong=mark,
    )  # fmt: skip
    words = (f"x[{n}, {c}, {i}, {j}] → padded[{n}, {c}, {i} + {frame}, {j} + {frame}]",)
    legend = ((Role.LIT, "this pixel"), (Role.RESULT, "where it goes"), (Role.QUIET, "the frame"))
    return Picture(
        "padding", "A frame of zeros", SAYS, ((before, Between("→"), after),), words, legend,
        functions.notes(), step, steps, (padding_turn(frame),),
        x.shape[3],
    )  # fmt: skip


def _first(functions: OwnCalls, x: np.ndarray, frame: int) -> int:
    """Return the pixel to begin with: one that goes where something is wrong, if there is one."""
    wrong = functions.held.first_wrong() if functions.held is not None else None
    if wrong is None or len(wrong) != 4:
        return int(np.ravel_multi_index((0, 0, *BEGIN), x.shape)) if x.shape[2] > 2 else 0
    sizes = zip((0, 0, frame, frame), wrong, x.shape, strict=True)
    index = tuple(min(max(0, place - off), size - 1) for off, place, size in sizes)
    return int(np.ravel_multi_index(index, x.shape))


def _roles(to: tuple[int, int, int, int], middle: tuple[int, int, int, int]) -> RoleOf:
    goal, frame = inside(to, Role.RESULT), inside(middle, Role.PLAIN, Role.QUIET)

    def role(row: int, column: int) -> Role:
        return Role.RESULT if goal(row, column) is Role.RESULT else frame(row, column)

    return role
