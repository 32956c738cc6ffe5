"""Paint curves and points over two even axes: as lines of letters, and as SVG."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

from rich.text import Text

from grader.render.drawings.canvas import Board
from grader.render.drawings.plots import dot, line_through, names_below
from grader.render.drawings.roles import LOOKS
from grader.render.drawings.shapes import Fragment, length, write
from grader.render.drawings.squares import word_of
from grader.render.signs import QUIET

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.render.drawings.figures import Plot, Trail

Point = tuple[float, float]
MOST_ACROSS, MOST_DOWN = 61, 15
FAINT = "."
WIDE, TALL = 400.0, 230.0
MOST_DOTS = 25  # more points than these are a curve


def paint_plot(plot: Plot, width: int) -> list[Text]:
    """Return the lines of a plot: a letter of the curve in each column, the ticks at the edges.

    Parameters
    ----------
    plot
        What is painted; what lies outside of its ticks is left out.
    width
        How many characters fit beside each other.
    """
    left = max(len(word_of(tick)) for tick in plot.y_ticks) + 2
    across = _spread(len(plot.x_ticks), min(MOST_ACROSS, width - left - 2))
    down = _spread(len(plot.y_ticks), MOST_DOWN)
    board = Board(across, down)
    for trail in plot.trails:
        for x, y in _columns(trail, plot, across):
            height = _share(y, plot.y_ticks) * (down - 1)
            board.put(round(x), down - 1 - round(height), trail.sign, trail.role)
    rows, columns = _places(plot.y_ticks, down), _places(plot.x_ticks, across)
    for row in rows:
        for column in columns:
            board.put(column, down - 1 - row, FAINT, None)
    names = {down - 1 - row: word_of(tick) for row, tick in zip(rows, plot.y_ticks, strict=True)}
    lines = [Text(plot.title, "bold")] * bool(plot.title)
    lines.append(Text(" " * max(0, left - len(plot.up)) + plot.up, QUIET))
    for number, line in enumerate(board.lines()):
        lines.append(Text.assemble((names.get(number, "").rjust(left - 2) + " │", QUIET), line))
    lines.append(Text(" " * left + _below(plot.x_ticks, columns), QUIET))
    lines.append(Text(" " * left + plot.across.rjust(across), QUIET))
    shown = [trail for trail in plot.trails if len(plot.trails) > 1 and trail.name != trail.sign]
    looks = [f"bold {LOOKS[trail.role].style}".strip() for trail in shown]
    lines += [
        Text.assemble((trail.sign, look), f" {trail.name}")
        for trail, look in zip(shown, looks, strict=True)
    ]
    return lines


def _spread(ticks: int, most: int) -> int:
    """Return so many places, that each tick has one and they are evenly apart."""
    return max(1, (most - 1) // (ticks - 1)) * (ticks - 1) + 1


def _places(ticks: Sequence[float], count: int) -> list[int]:
    return [round(place * (count - 1) / (len(ticks) - 1)) for place in range(len(ticks))]


def _share(value: float, ticks: Sequence[float]) -> float:
    """Return where a number is between the ends of an axis, which are 0 and 1."""
    return (value - ticks[0]) / (ticks[-1] - ticks[0])


def _columns(trail: Trail, plot: Plot, across: int) -> Iterator[Point]:
    """Yield for each column where the curve is there, and before that its own points."""
    spots = [(_share(x, plot.x_ticks) * (across - 1), y) for x, y in trail.points]
    yield from (spot for spot in spots if math.isfinite(spot[1]))
    for (x, y), (next_x, next_y) in pairwise(spots):
        for column in range(math.ceil(min(x, next_x)), math.floor(max(x, next_x)) + 1):
            if next_x != x and math.isfinite(y) and math.isfinite(next_y):
                yield column, y + (column - x) / (next_x - x) * (next_y - y)


def _below(ticks: Sequence[float], columns: Sequence[int]) -> str:
    """Return the numbers of an axis, each below its place, as far as there is room for them."""
    line = ""
    for tick, column in zip(ticks, columns, strict=True):
        word = word_of(tick)
        start = max(0, column - len(word) // 2)
        if start > len(line) or not line:
            line = line.ljust(start) + word
    return line


def plot(part: Plot) -> Fragment:
    """Return curves and points over a grid of ticks, named below where there are several."""
    left = max(length(word_of(tick), 12) for tick in part.y_ticks) + 14
    above = 22.0 if part.title else 0.0
    top = above + 24
    marks = [write(0, 15, part.title, "h ink"), write(0, above + 14, part.up, "s", 12)]
    for tick in part.y_ticks:
        y = top + (1 - _share(tick, part.y_ticks)) * TALL
        marks.append(f'<path d="M{left:g} {y:g}h{WIDE:g}" class="line"/>')
        marks.append(write(left - 8, y + 4, word_of(tick), "s", 12, "end"))
    for tick in part.x_ticks:
        x = left + _share(tick, part.x_ticks) * WIDE
        marks.append(f'<path d="M{x:g} {top:g}v{TALL:g}" class="line"/>')
        marks.append(write(x, top + TALL + 18, word_of(tick), "s", 12, "middle"))
    marks.append(write(left + WIDE, top + TALL + 38, part.across, "s", 12, "end"))
    for number, trail in enumerate(part.trails):
        spots = [
            (left + _share(x, part.x_ticks) * WIDE, top + (1 - _share(y, part.y_ticks)) * TALL)
            for x, y in trail.points
        ]
        marks.append(_drawn(spots, trail, number, top))
    curves = [trail for trail in part.trails if len(trail.points) > 1]
    names = [(trail.name, trail.role) for trail in curves] if len(curves) > 1 else []
    below = top + TALL + 44
    marks.append(names_below(names, below + 12))
    return Fragment(left + WIDE + 24, below + 20 * len(names), "".join(marks))


def _drawn(spots: Sequence[Point], trail: Trail, number: int, top: float) -> str:
    if len(spots) == 1:
        x, y = spots[0]
        return dot(x, y, trail.role, 4) + write(x + 8, y - 6, trail.name, "ink", 14)
    bottom = top + TALL
    marks = [line_through(run, trail.role, number) for run in _runs(spots, top, bottom)]
    if len(spots) <= MOST_DOTS:
        inside = [(x, y) for x, y in spots if top - 0.1 <= y <= bottom + 0.1]
        marks += [dot(x, y, trail.role, 2.6) for x, y in inside]
    return "".join(marks)


def _runs(spots: Sequence[Point], top: float, bottom: float) -> list[list[Point]]:
    """Cut a line where it leaves what is seen, and where there is no number."""
    runs: list[list[Point]] = []
    for (x, y), (next_x, next_y) in pairwise(spots):
        if not (math.isfinite(y) and math.isfinite(next_y)):
            continue
        ends = sorted(((edge - y) / (next_y - y) for edge in (top, bottom)) if next_y != y else ())
        first, last = (max(0.0, ends[0]), min(1.0, ends[1])) if ends else (0.0, 1.0)
        if first > last or not (ends or top <= y <= bottom):
            continue
        start, end = (
            (x + share * (next_x - x), y + share * (next_y - y)) for share in (first, last)
        )
        if runs and first == 0.0 and runs[-1][-1] == (x, y):
            runs[-1].append(end)
        else:
            runs.append([start, end])
    return runs
