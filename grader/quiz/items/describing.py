"""Say in words what a picture shows: every number of it, for whoever cannot see it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from grader.render.drawings.figures import Plot
from grader.render.drawings.squares import Bars, Grid, word_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from grader.render.drawings.figures import Trail
    from grader.render.drawings.parts import Part
    from grader.render.drawings.squares import Role

MOST_POINTS, FEW_POINTS = 30, 12
"""Of a curve: one with more points than these is told at about so many of them."""


def describe(rows: Iterable[Sequence[Part]], legend: Sequence[tuple[Role, str]]) -> str:
    """Return the words for some parts of a picture.

    Parameters
    ----------
    rows
        Its grids, bars and plots.
    legend
        What the roles mean in it.

    Returns
    -------
    str
        Sentences, on one line.
    """
    said = []
    for row in rows:
        for part in row:
            if isinstance(part, Grid):
                said += _grid(part, dict(legend))
            elif isinstance(part, Bars):
                told = [f"{bar.name} {word_of(bar.value)}" for bar in part.bars]
                said.append(f"{part.title or 'Bars'}: {', '.join(told)}.")
            elif isinstance(part, Plot):
                said += _plot(part)
    return " ".join(said)


def _grid(grid: Grid, meanings: dict[Role, str]) -> list[str]:
    lines = []
    for number, row in enumerate(grid.squares, start=1):
        cells = " ".join(square.word() for square in row)
        lines.append(f"row {number}: {cells}" if cells.strip(". ") else "")
    size = f"{len(grid.squares)} rows of {len(grid.squares[0])} squares"
    told = "; ".join(filter(None, lines))
    said = [f"{grid.title}: {size}{'; ' * bool(told)}{told}."]
    for role, meaning in meanings.items():
        places = [
            (row, column)
            for row, squares in enumerate(grid.squares, start=1)
            for column, square in enumerate(squares, start=1)
            if square.role is role
        ]
        if places:
            said.append(f"{grid.title}, {meaning}: {where(places)}.")
    return said


def where(places: Sequence[tuple[int, int]]) -> str:
    """Name squares by row and column: as a block where they are one.

    Examples
    --------
    >>> where([(1, 1), (1, 2), (2, 1), (2, 2)]), where([(3, 1)]), where([(1, 1), (2, 2)])
    ('rows 1 to 2, columns 1 to 2', 'row 3, column 1', 'row 1, column 1; row 2, column 2')
    """
    rows, columns = ({place[axis] for place in places} for axis in (0, 1))
    size = (max(rows) - min(rows) + 1) * (max(columns) - min(columns) + 1)
    if len(set(places)) == size:
        return f"{_span('row', rows)}, {_span('column', columns)}"
    if len(rows) < len(places):  # row by row, where several are in one
        return "; ".join(
            f"row {row}, {_listed([column for r, column in places if r == row])}"
            for row in sorted(rows)
        )
    return "; ".join(f"row {row}, column {column}" for row, column in places)


def _listed(columns: Sequence[int]) -> str:
    if len(columns) == max(columns) - min(columns) + 1:
        return _span("column", set(columns))
    return f"columns {', '.join(map(str, columns))}"


def _span(name: str, numbers: set[int]) -> str:
    first, last = min(numbers), max(numbers)
    return f"{name} {first}" if first == last else f"{name}s {first} to {last}"


def _plot(plot: Plot) -> list[str]:
    ends = [
        f"{name or 'an axis'} from {word_of(ticks[0])} to {word_of(ticks[-1])}"
        for name, ticks in ((plot.across, plot.x_ticks), (plot.up, plot.y_ticks))
    ]
    said = [f"Across, {ends[0]}; upwards, {ends[1]}."]
    for trail in plot.trails:
        shown = ", ".join(f"{word_of(y)} at {word_of(x)}" for x, y in _told(trail, plot))
        said.append(
            f"{trail.name}: {shown}." if len(trail.points) > 1 else f"{trail.name}: ({_at(trail)})."
        )
    return said


def _at(trail: Trail) -> str:
    return ", ".join(word_of(number) for number in trail.points[0])


def _told(trail: Trail, plot: Plot) -> list[tuple[float, float]]:
    low, high = plot.y_ticks[0], plot.y_ticks[-1]
    places = max(0, 3 - math.floor(math.log10(high - low)))  # nobody sees more of a curve
    points = [(x, round(y, places)) for x, y in trail.points if low <= y <= high]
    if len(points) <= MOST_POINTS:
        return points
    every = math.ceil(len(points) / FEW_POINTS)
    return [*points[:-1:every], points[-1]]
