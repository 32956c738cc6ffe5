"""What the drawings share.

Grids of arrays, cut to what can be seen, the lectures' numbers, and what a window moves over: the
lecture's picture, or the failing case.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.render.drawings.squares import Grid, Role, Square, word_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from grader.student.drawing.calling import OwnCalls
    from grader.student.drawing.knobs import Knobs

    Array = np.ndarray[Any, Any]
    RoleOf = Callable[[int, int], Role]
    Area = tuple[int, int, int, int]

PICTURE = np.array(
    [
        [0, 0, 0, 0, 0, 0, 0],
        [0, 0, 1, 1, 1, 0, 0],
        [0, 1, 1, 1, 1, 1, 0],
        [0, 1, 1, 1, 0, 0, 0],
        [0, 1, 1, 1, 1, 1, 0],
        [0, 0, 1, 1, 1, 0, 0],
        [0, 0, 0, 0, 0, 0, 0],
    ],
    dtype=float,
)
"""Deck 002's picture, shape (7, 7)."""
EDGES = np.array([[-1, -1, -1], [2, 2, 2], [-1, -1, -1]], dtype=float)
"""Deck 002's filter for horizontal edges, shape (3, 3)."""
MOST_ROWS = MOST_COLUMNS = 9
SLIDE, COLUMNS, LAYER = "conv.correlate2d", "conv.im2col", "conv.conv2d_forward"


def plain(_row: int, _column: int) -> Role:
    """Return the role of a number that plays none."""
    return Role.PLAIN


def span(length: int, first: int, last: int, most: int) -> tuple[int, int]:
    """Return which part of an axis is shown, so that some of it is in the middle.

    Parameters
    ----------
    length
        Of the axis.
    first, last
        What has to be seen, the end excluded.
    most
        How many may be shown.

    Examples
    --------
    >>> span(7, 0, 3, 9), span(20, 10, 13, 9), span(20, 18, 20, 9)
    ((0, 7), (7, 16), (11, 20))
    """
    if length <= most:
        return 0, length
    start = min(max(0, (first + last - most) // 2), length - most)
    return start, start + most


def make_grid(  # noqa: PLR0913 - each is named by the caller
    title: str,
    array: Array | None,
    role: RoleOf = plain,
    *,
    shape: tuple[int, int] | None = None,
    area: Area | None = None,
    most: tuple[int, int] = (MOST_ROWS, MOST_COLUMNS),
    wrong: Any = False,
    down: Sequence[str] = (),
    across: Sequence[str] = (),
) -> Grid:
    """Return a matrix as a grid, cut around what has to be seen.

    Parameters
    ----------
    title
        Its name.
    array
        The numbers; None for question marks.
    role
        What the number in a row and a column is there for.
    shape
        Of the matrix, where there are no numbers.
    area
        What has to be seen: first row, row behind the last, and the same for columns.
    most
        How many rows and columns may be shown.
    wrong
        Which numbers are wrong, or one truth value for all.
    down, across
        Names of all rows and columns.
    """
    high, wide = array.shape if array is not None else shape or (1, 1)
    seen = area or (0, min(high, most[0]), 0, min(wide, most[1]))
    top, bottom = span(high, seen[0], seen[1], most[0])
    left, right = span(wide, seen[2], seen[3], most[1])
    marks = np.broadcast_to(np.asarray(wrong, bool), (high, wide))
    rows = []
    for row in range(top, bottom):
        squares = []
        for column in range(left, right):
            value = None if array is None else float(array[row, column])
            is_wrong = bool(marks[row, column]) and value is not None
            squares.append(Square(value, role(row, column), is_wrong=is_wrong))
        rows.append(tuple(squares))
    cut = [
        f"{name} {first}-{last - 1}"
        for name, first, last, length in (
            ("rows", top, bottom, high),
            ("columns", left, right, wide),
        )
        if last - first != length
    ]
    names = tuple(down[top:bottom]), tuple(across[left:right])
    return Grid(f"{title} {', '.join(cut)}".strip(), tuple(rows), *names)


def inside(area: Area, role: Role, other: Role = Role.PLAIN) -> RoleOf:
    """Return a role for an area of a matrix, and another one for what is outside."""
    top, bottom, left, right = area

    def role_of(row: int, column: int) -> Role:
        return role if top <= row < bottom and left <= column < right else other

    return role_of


def under_window(area: Area, shape: Sequence[int], padding: int) -> RoleOf:
    """Return the roles of a padded picture: what is below the window, and the frame."""
    high, wide = shape[-2:]
    lit = inside(area, Role.LIT)
    frame = inside((padding, high - padding, padding, wide - padding), Role.PLAIN, Role.QUIET)

    def role_of(row: int, column: int) -> Role:
        return Role.LIT if lit(row, column) is Role.LIT else frame(row, column)

    return role_of


def padded(x: Array, padding: int) -> Array:
    """Return the last two axes with a frame of zeros: what a window moves over."""
    frame = [(0, 0)] * (x.ndim - 2) + [(padding, padding)] * 2
    return np.pad(x, frame)


def places(length: int, kernel: int, stride: int, padding: int) -> int:
    """Return at how many places a window fits along an axis, or 0: the geometry of a drawing."""
    room = length + 2 * padding - kernel
    return 0 if room < 0 or stride < 1 else room // stride + 1


def times(numbers: Array, weights: Array, most: int = 9) -> str:
    """Return the products of two arrays as a sum to be worked out.

    Examples
    --------
    >>> times(np.array([1.0, 0.5]), np.array([2.0, -1.0]))
    '1·2 + 0.5·-1'
    """
    pairs = list(zip(numbers.flat, weights.flat, strict=True))
    text = " + ".join(f"{word_of(float(a))}·{word_of(float(b))}" for a, b in pairs[:most])
    more = len(pairs) - most
    return f"{text} + … ({more} more)" if more > 0 else text


def names_of(axes: str, shape: Sequence[int]) -> str:
    """Return a shape by the letters of its axes.

    Examples
    --------
    >>> names_of("CHW", (1, 7, 7))
    'C=1, H=7, W=7'
    """
    return ", ".join(f"{axis}={size}" for axis, size in zip(axes, shape, strict=True))


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
