"""Paint curves and ways in a terminal, a letter for each point."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from rich.text import Text

from grader.render.drawings.roles import LOOKS
from grader.render.drawings.squares import word_of
from grader.render.signs import QUIET

if TYPE_CHECKING:
    from grader.render.drawings.figures import Chart, Curve, Plane, Trail
    from grader.render.drawings.squares import Role

ROWS = 12
LEFT = 8  # characters for the numbers of the axis
WIDEST = 64
GROUND = "·"


def powers(curves: tuple[Curve, ...]) -> tuple[int, int]:
    """Return the powers of ten between which all numbers above 0 lie.

    Parameters
    ----------
    curves
        Of which at least one may be empty.
    """
    numbers = [abs(v) for curve in curves for v in curve.values if v and math.isfinite(v)]
    if not numbers:
        return -1, 0
    low, high = math.floor(math.log10(min(numbers))), math.ceil(math.log10(max(numbers)))
    return low, max(high, low + 1)


def height_of(value: float, low: int, high: int) -> float | None:
    """Return where a number is between two powers of ten, from 0 to 1; None for 0 and no number.

    Examples
    --------
    >>> height_of(1.0, -2, 2), height_of(100.0, -2, 2), height_of(0.0, -2, 2)
    (0.5, 1.0, None)
    """
    if not value or not math.isfinite(value):
        return None
    return (math.log10(abs(value)) - low) / (high - low)


def paint_chart(chart: Chart, width: int) -> list[Text]:
    """Return the lines of a chart: a column for each step, or for several where it is narrow."""
    low, high = powers(chart.curves)
    steps = max(1, chart.steps)
    across = max(1, min(steps, WIDEST, width - LEFT - 1))
    board = Board(across, ROWS)
    for curve in chart.curves:
        for step, value in enumerate(curve.values):
            height = height_of(value, low, high)
            if height is not None:
                column = step * across // steps
                board.put(column, round((1 - height) * (ROWS - 1)), curve.sign, curve.role)
    lines = [Text(chart.title, "bold")]
    for number, row in enumerate(board.lines()):
        power = high - number * (high - low) / (ROWS - 1)
        label = f"1e{power:.0f}" if number in (0, ROWS - 1) else ""
        lines.append(Text.assemble((label.rjust(LEFT - 2) + " │", QUIET), row))
    mark = [" "] * across
    if chart.at is not None:
        mark[min(across - 1, chart.at * across // steps)] = "↑"
    lines.append(Text(" " * LEFT + "".join(mark), "bold"))
    first, last = chart.ticks
    middle = chart.across.center(max(0, across - len(first) - len(last)))
    lines.append(Text(" " * LEFT + first + middle + last, QUIET))
    return [*lines, *_names(chart.curves)]


def paint_plane(plane: Plane, width: int) -> list[Text]:
    """Return the lines of a plane: letters on the ways, dots on the lines of equal height."""
    across = max(10, min(WIDEST, width - 2))
    board = Board(across, ROWS + 2)
    for half_x, half_y in plane.ellipses:
        for number in range(240):
            angle = number * math.tau / 240
            point = half_x * math.cos(angle), half_y * math.sin(angle)
            board.put(*_place(point, plane, board), GROUND, None)
    for trail in plane.trails:
        for point in trail.points:
            board.put(*_place(point, plane, board), trail.sign, trail.role)
    board.put(*_place((0.0, 0.0), plane, board), "x", None)
    return [Text(plane.title, "bold"), *board.lines(), *_names(plane.trails)]


def _place(point: tuple[float, float], plane: Plane, board: Board) -> tuple[int, int]:
    """Return column and row of a point; outside of the board where it is outside of the plane."""
    if not all(map(math.isfinite, point)):
        return -1, -1
    (left, right), (bottom, top) = plane.x_range, plane.y_range
    column = round((point[0] - left) / (right - left) * (board.across - 1))
    return column, round((top - point[1]) / (top - bottom) * (board.down - 1))


def _names(lines: tuple[Curve, ...] | tuple[Trail, ...]) -> list[Text]:
    """Return a line for each name, with its letter and its last number."""
    told = []
    for one in lines:
        last = one.values[-1:] if hasattr(one, "values") else ()
        end = f"  last {word_of(last[0])}" if last else ""
        style = f"bold {LOOKS[one.role].style}".strip()
        told.append(Text.assemble((one.sign, style), f" {one.name}", (end, QUIET)))
    return told


class Board:
    """A board of letters.

    Parameters
    ----------
    across, down
        How many columns and rows.
    """

    def __init__(self, across: int, down: int) -> None:
        self.across, self.down = across, down
        self._letters: dict[tuple[int, int], tuple[str, Role | None]] = {}

    def put(self, column: int, row: int, letter: str, role: Role | None) -> None:
        """Put a letter somewhere; of two in one place the first stays."""
        there = self._letters.get((row, column), (GROUND, None))[0]
        if there == GROUND and 0 <= column < self.across and 0 <= row < self.down:
            self._letters[row, column] = letter, role

    def lines(self) -> list[Text]:
        """Return the rows from the top."""
        found = []
        for row in range(self.down):
            line = Text(no_wrap=True, overflow="crop")
            for column in range(self.across):
                letter, role = self._letters.get((row, column), (" ", None))
                line.append(
                    letter, LOOKS[role].style if role else QUIET if letter == GROUND else ""
                )
            line.rstrip()
            found.append(line)
        return found
