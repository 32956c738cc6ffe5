"""Lines made of braille: two columns and four rows of dots in each character."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

from rich.text import Text

from grader.render.signs import QUIET, TELLING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

BRAILLE = 0x2800
DOTS = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))  # by column, then by row
ACROSS, DOWN = 2, 4
OWN, TORCHS = TELLING, QUIET
GAP = 4  # torch's line has every fourth dot
SIDE = 6  # of a chart, for numbers
HIGHEST = 2.0  # times the first loss: above that a line leaves the chart


class Canvas:
    """A field of dots, each in one colour.

    Parameters
    ----------
    width, height
        In characters.
    """

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self._marks = [[0] * width for _ in range(height)]
        self._styles = [[""] * width for _ in range(height)]

    def dot(self, x: float, y: float, style: str) -> None:
        """Set the dot at a place from 0 to 1, the first from the left and the second from above.

        What lies outside is left out; the colour of a character is that of its first dot.
        """
        if not (0.0 <= x <= 1.0 and 0.0 <= y <= 1.0):  # nan fails this as well
            return
        column = min(int(x * self.width * ACROSS), self.width * ACROSS - 1)
        row = min(int(y * self.height * DOWN), self.height * DOWN - 1)
        bit = DOTS[column % ACROSS][row % DOWN]
        self._marks[row // DOWN][column // ACROSS] |= bit
        self._styles[row // DOWN][column // ACROSS] = (
            self._styles[row // DOWN][column // ACROSS] or style
        )

    def line(self, points: Sequence[tuple[float, float]], style: str, gap: int = 1) -> None:
        """Join places by dots, of which every so many are set."""
        for number, (x, y) in enumerate(self._between(points)):
            if number % gap == 0:
                self.dot(x, y, style)

    def _between(self, points: Sequence[tuple[float, float]]) -> Iterator[tuple[float, float]]:
        yield from points[:1]
        for (x0, y0), (x1, y1) in pairwise(points):
            if not all(map(math.isfinite, (x0, y0, x1, y1))):
                continue
            across = abs(x1 - x0) * self.width * ACROSS
            down = abs(y1 - y0) * self.height * DOWN
            count = min(max(1, round(max(across, down))), 1000)  # what runs away ends somewhere
            for part in range(1, count + 1):
                share = part / count
                yield x0 + (x1 - x0) * share, y0 + (y1 - y0) * share

    def rows(self) -> list[Text]:
        """Return the characters."""
        return [
            Text.assemble(
                *(
                    (chr(BRAILLE + mark) if mark else " ", style)
                    for mark, style in zip(marks, styles, strict=True)
                )
            )
            for marks, styles in zip(self._marks, self._styles, strict=True)
        ]


def draw_losses(
    own: Sequence[float], torchs: Sequence[float], steps: int, width: int, height: int
) -> list[Text]:
    """Return the lines of a chart of losses, the largest number and 0 at its side.

    Parameters
    ----------
    own, torchs
        One for each step; torch's is drawn in dots, so that both are seen where they differ.
    steps
        How many there will be.
    width, height
        Of the chart with its side.
    """
    canvas, columns = Canvas(width - SIDE, height), (width - SIDE) * ACROSS
    lines = [_columns(losses, steps, columns) for losses in (own, torchs)]
    known = [loss for line in lines for _, loss in line]
    top = min(max(known, default=1.0), HIGHEST * own[0] if own else 1.0) or 1.0
    for line, style, gap in zip(lines, (OWN, TORCHS), (1, GAP), strict=True):
        canvas.line([(x, 1.0 - min(loss / top, 1.0)) for x, loss in line], style, gap)
    labels = [f"{top:.3g}".rjust(SIDE - 1), *[""] * (height - 2), "0"]
    return [
        Text.assemble((label.rjust(SIDE - 1) + " ", QUIET), row)
        for label, row in zip(labels, canvas.rows(), strict=True)
    ]


def _columns(losses: Sequence[float], steps: int, columns: int) -> list[tuple[float, float]]:
    """Return the mean loss of each column of dots that has any, at its place from 0 to 1."""
    found: dict[int, list[float]] = {}
    for step, loss in enumerate(losses):
        if math.isfinite(loss):
            found.setdefault(step * (columns - 1) // max(1, steps - 1), []).append(loss)
    return [(at / max(1, columns - 1), sum(some) / len(some)) for at, some in found.items()]
