"""What a window moves over: the lecture's picture, or the failing case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.student.drawing.pictures.making import EDGES, PICTURE, places

if TYPE_CHECKING:
    from grader.student.drawing.calling import OwnCalls
    from grader.student.drawing.knobs import Knobs

    Array = np.ndarray[Any, Any]

SLIDE, COLUMNS, LAYER = "conv.correlate2d", "conv.im2col", "conv.conv2d_forward"


@dataclass(frozen=True)
class Scenery:
    """What the window moves over.

    Parameters
    ----------
    x
        Shape (N, C, H, W).
    size
        Height and width of the window.
    weight, bias
        Shape (F, C, KH, KW) and (F,); None where only columns are made.
    stride, padding
        As the functions take them.
    """

    x: Array
    size: tuple[int, int]
    weight: Array | None
    bias: Array | None
    stride: int
    padding: int

    @property
    def counts(self) -> tuple[int, int]:
        """How often the window fits, downwards and to the right."""
        high, wide = self.x.shape[2:]
        return (
            places(high, self.size[0], self.stride, self.padding),
            places(wide, self.size[1], self.stride, self.padding),
        )

    @property
    def grid(self) -> tuple[int, int, int, int]:
        """How many images, filters, rows and columns of the result there are."""
        filters = 1 if self.weight is None else self.weight.shape[0]
        return (self.x.shape[0], filters, *self.counts)


def scenery(functions: OwnCalls, knobs: Knobs) -> Scenery:
    """Return the failing case, or the lecture's picture, as far as the knobs leave it."""
    held = functions.held
    found = Scenery(PICTURE[None, None], (3, 3), EDGES[None, None], np.zeros(1), 1, 0)
    if held is not None and held.exercise_id in (SLIDE, COLUMNS, LAYER):
        given = dict(held.arguments)
        stride, padding = int(given.get("stride", 1)), int(given.get("padding", 0))
        if held.exercise_id == SLIDE:
            kernel = given["kernel"][None, None]
            found = Scenery(given["image"][None, None], kernel.shape[2:], kernel, None, 1, 0)
        elif held.exercise_id == COLUMNS:
            found = Scenery(given["x"], tuple(given["kernel_size"]), None, None, stride, padding)
        else:
            weight = given["weight"]
            found = Scenery(given["x"], weight.shape[2:], weight, given["bias"], stride, padding)
    return Scenery(
        found.x, found.size, found.weight, found.bias,
        found.stride if knobs.stride is None else knobs.stride,
        found.padding if knobs.padding is None else knobs.padding,
    )  # fmt: skip
