"""Paint curves, ways, graphs and towers as SVG."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from grader.render.drawings.boxes import matrix_text, shape_words
from grader.render.drawings.canvas import height_of, powers
from grader.render.drawings.shapes import Fragment, length, write
from grader.render.drawings.squares import Role, word_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grader.render.drawings.figures import Chart, Graph, Matrix, Plane, Storey, Tower, Vertex

WIDE, TALL = 620, 250
LEFT, TOP = 54, 30
DASHES = ("", "7 3", "2 3", "9 3 2 3", "1 4", "12 4")  # lines are told apart without colours, too
COLUMN, ROW, LINE = 176, 150, 18


# ----------------------------------------------------------------------------- curves and ways


def chart(part: Chart) -> Fragment:
    """Return curves over steps, their heights by powers of ten."""
    low, high = powers(part.curves)
    steps = max(2, part.steps)
    marks = [write(0, 15, part.title, "h ink")]
    every = max(1, math.ceil((high - low) / 6))
    for power in range(low, high + 1, every):
        y = TOP + (high - power) / (high - low) * TALL
        marks.append(f'<path d="M{LEFT} {y:g}h{WIDE}" class="line"/>')
        marks.append(write(LEFT - 6, y + 4, f"1e{power}", "s", 12, "end"))
    if part.at is not None:
        x = LEFT + part.at / max(1, steps - 1) * WIDE
        marks.append(f'<path d="M{x:g} {TOP}v{TALL}" class="axis" stroke-dasharray="3 3"/>')
    for place, curve in enumerate(part.curves):
        points = []
        for step, value in enumerate(curve.values):
            height = height_of(value, low, high)
            if height is not None:
                points.append((LEFT + step / max(1, steps - 1) * WIDE, TOP + (1 - height) * TALL))
        marks.append(line_through(points, curve.role, place))
        marks += [dot(*point, curve.role, 2.2) for point in points]
    y = TOP + TALL + 18
    marks.append(write(LEFT, y, part.ticks[0], "s", 12))
    marks.append(write(LEFT + WIDE, y, part.ticks[1], "s", 12, "end"))
    marks.append(write(LEFT + WIDE / 2, y, part.across, "s", 12, "middle"))
    names = [(curve.name, curve.role) for curve in part.curves]
    return Fragment(
        LEFT + WIDE + 8, y + 12 + 20 * len(names), "".join([*marks, names_below(names, y + 20)])
    )


def plane(part: Plane) -> Fragment:
    """Return ways through a valley, over its lines of equal height."""
    (left, right), (bottom, top) = part.x_range, part.y_range

    def place(x: float, y: float) -> tuple[float, float]:
        return (x - left) / (right - left) * WIDE, TOP + (top - y) / (top - bottom) * TALL

    centre = place(0.0, 0.0)
    marks = [
        write(0, 15, part.title, "h ink"),
        f'<clipPath id="plane"><rect x="0" y="{TOP}" width="{WIDE}" height="{TALL}"/></clipPath>',
        f'<rect x="0" y="{TOP}" width="{WIDE}" height="{TALL}" class="plain"/>',
        '<g clip-path="url(#plane)">',
    ]
    for half_x, half_y in part.ellipses:
        rx, ry = half_x / (right - left) * WIDE, half_y / (top - bottom) * TALL
        sizes = f'cx="{centre[0]:g}" cy="{centre[1]:g}" rx="{rx:.1f}" ry="{ry:.1f}"'
        marks.append(f'<ellipse {sizes} class="line"/>')
    for number, trail in enumerate(part.trails):
        points = [place(x, y) for x, y in trail.points if math.isfinite(x) and math.isfinite(y)]
        marks.append(line_through(points, trail.role, number))
        marks += [dot(*point, trail.role, 2.2) for point in points]
    marks.append("</g>")
    x, y = centre
    marks.append(
        f'<path d="M{x - 5:g} {y - 5:g}l10 10m0 -10l-10 10" class="axis" stroke-width="2"/>'
    )
    names = [(trail.name, trail.role) for trail in part.trails]
    below = TOP + TALL + 22
    return Fragment(WIDE, below + 20 * len(names), "".join([*marks, names_below(names, below)]))


def line_through(points: Iterable[tuple[float, float]], role: Role, number: int) -> str:
    """Return a line through some points; its number tells it from others without a colour."""
    way = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dashes = DASHES[number % len(DASHES)]
    how = f' stroke-dasharray="{dashes}"' if dashes else ""
    return f'<polyline points="{way}" class="l-{role}" stroke-width="1.8"{how}/>'


def dot(x: float, y: float, role: Role, radius: float) -> str:
    """Return a point."""
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" class="d-{role}"/>'


def names_below(names: list[tuple[str, Role]], y: float) -> str:
    """Return a line for each curve: how it is drawn, and what it is."""
    marks = []
    for number, (name, role) in enumerate(names):
        below = y + number * 20
        marks.append(line_through([(4.0, below), (44.0, below)], role, number))
        marks.append(write(52, below + 4, name, "w", 13))
    return "".join(marks)


# ----------------------------------------------------------------------------- graphs


def graph(part: Graph) -> Fragment:
    """Return boxes from the left to the right, with an arrow to each from what it is made of."""
    columns = max(one.column for one in part.vertices) + 1
    rows = max(one.row for one in part.vertices) + 1
    wide = {
        column: max(
            [COLUMN - 30.0, *(_width(one) for one in part.vertices if one.column == column)]
        )
        for column in range(columns)
    }
    lefts = [sum(wide[one] + 34 for one in range(column)) for column in range(columns)]
    tall = [
        max([0.0, *(_height(one) for one in part.vertices if one.row == row)])
        for row in range(rows)
    ]
    tops = [34 + sum(tall[:row]) + 34 * row for row in range(rows)]
    spots = {
        one.name: (
            lefts[one.column],
            tops[one.row] + (tall[one.row] - _height(one)) / 2,
            wide[one.column],
        )
        for one in part.vertices
    }
    by_name = {one.name: one for one in part.vertices}
    marks = [write(0, 15, part.title, "h ink")]
    for one in part.vertices:
        marks += [_arrow(by_name[name], one, spots) for name in one.comes_from]
    marks += [_vertex(one, *spots[one.name]) for one in part.vertices]
    width = lefts[-1] + wide[columns - 1]
    return Fragment(width + 4, tops[-1] + tall[-1] + 4, "".join(marks))


def _lines(matrix: Matrix | None) -> list[str]:
    if matrix is None:
        return [word_of(None)]
    return [matrix_text((row,), 4) for row in matrix[:4]] + ["…"] * (len(matrix) > 4)


def _height(one: Vertex) -> float:
    return 30 + LINE * (len(_lines(one.forward)) + len(_lines(one.gradient))) + 6


def _width(one: Vertex) -> float:
    texts = [*_lines(one.forward), *_lines(one.gradient)]
    head = length(one.name) + length(one.formula, 12) + 30
    return max([head, *(length(text, 13) + 24 for text in texts)])


def _vertex(one: Vertex, x: float, y: float, width: float) -> str:
    role = Role.LIT if one.is_lit else Role.PLAIN
    frame = f'x="{x:g}" y="{y:g}" width="{width:g}" height="{_height(one):g}" rx="6" class="{role}"'
    marks = [f"<rect {frame}/>", write(x + 10, y + 20, one.name, "ink", 15)]
    marks.append(write(x + width - 10, y + 20, one.formula, "s", 12, "end"))
    at = y + 22
    for matrix, look in ((one.forward, Role.FORWARD), (one.gradient, Role.GRADIENT)):
        kind = "forward" if look is Role.FORWARD else "gradient"
        for text in _lines(matrix):
            at += LINE
            bad = "bad " if kind in one.wrong else ""
            marks.append(write(x + 12, at, text + "*" * bool(bad), f"{bad}{look}", 13))
    return "".join(marks)


def _arrow(start: Vertex, end: Vertex, spots: dict[str, tuple[float, float, float]]) -> str:
    (x, y, width), (to_x, to_y, _) = spots[start.name], spots[end.name]
    if start.column == end.column:
        middle = x + width / 2
        is_above = y < to_y
        first = y + _height(start) if is_above else y
        last = to_y - 5 if is_above else to_y + _height(end) + 5
        tip = f"l-4 {'-8' if is_above else '8'}h8z"
        head = f'<path d="M{middle:g} {last + (4 if is_above else -4):g}{tip}" class="tip"/>'
        return f'<path d="M{middle:g} {first:g}V{last:g}" class="axis"/>{head}'
    first_y, last_y = y + _height(start) / 2, to_y + _height(end) / 2
    head = f'<path d="M{to_x - 1:g} {last_y:g}l-8 -4v8z" class="tip"/>'
    return f'<path d="M{x + width:g} {first_y:g}L{to_x - 8:g} {last_y:g}" class="axis"/>{head}'


# ----------------------------------------------------------------------------- towers


def tower(part: Tower) -> Fragment:
    """Return a box for each layer, as wide as its maps and as high as there are many."""
    marks = [write(0, 15, part.title, "h ink")]
    middle, y = 130.0, 34.0
    sides = [one.shape[-1] for one in part.storeys if one.shape and len(one.shape) == 3]
    largest = max(sides, default=1)
    names = max(length(one.name) for one in part.storeys)
    shapes = max(length(shape_words(one.shape)) for one in part.storeys)
    for storey in part.storeys:
        width, height = _box(storey, largest)
        role = Role.LIT if storey.is_lit else Role.FORWARD if storey.parameters else Role.PLAIN
        frame = f'x="{middle - width / 2:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="2"'
        marks.append(f'<rect {frame} class="{role}"/>')
        base = y + height / 2 + 5
        look = "bad" if storey.is_wrong else "ink"
        marks.append(write(280, base, storey.name, "ink"))
        shown = shape_words(storey.shape) + "*" * storey.is_wrong
        marks.append(write(310 + names + shapes, base, shown, look, 14, "end"))
        learns = word_of(None) if storey.parameters is None else f"{storey.parameters:,}"
        text = "-" if storey.parameters == 0 else f"{learns} parameters"
        marks.append(write(334 + names + shapes, base, text, "s", 13))
        y += height + 8
    return Fragment(334 + names + shapes + length("00,000,000 parameters", 13), y, "".join(marks))


def _box(storey: Storey, largest: int) -> tuple[float, float]:
    """Return width and height of a layer's box: its maps' width, and how many there are."""
    if storey.shape is None:
        return 60.0, 24.0
    if len(storey.shape) == 3:
        depth = 22 + 5 * math.log2(max(1, storey.shape[0]))
        return max(16.0, 240 * storey.shape[-1] / largest), depth
    return min(240.0, 20 + 22 * math.log2(max(1, storey.shape[0]))), 22.0
