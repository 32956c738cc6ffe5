"""Paint a picture as one SVG file: light and dark, text as text, nothing loaded from elsewhere."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from grader.render.drawings import axes, plots, shapes
from grader.render.drawings.figures import Chart, Graph, Plane, Plot, Tower
from grader.render.drawings.parts import Between, Pile, is_any_wrong
from grader.render.drawings.roles import LOOKS, style_sheet
from grader.render.drawings.shapes import length, write
from grader.render.drawings.squares import Bars, Grid, Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.render.drawings.parts import Part, Picture
    from grader.render.drawings.shapes import Fragment

MARGIN, GAP = 20.0, 18.0
LINE = 22.0
NARROWEST = 440.0
PAINTERS = {
    Grid: shapes.grid, Bars: shapes.bars, Between: shapes.between, Pile: shapes.pile,
    Chart: plots.chart, Plot: axes.plot, Plane: plots.plane, Graph: plots.graph, Tower: plots.tower,
}  # fmt: skip


def write_svg(picture: Picture) -> str:
    """Return a picture as the text of an SVG file.

    Parameters
    ----------
    picture
        What is painted. Its title and what it says are read out where it cannot be seen; colours
        follow the reader's light or dark.
    """
    marks, y, widest = [], 34.0, NARROWEST
    rows = [_row(row) for row in picture.rows]
    widest = max([widest, *(width for _, width, _ in rows), length(picture.title, 18)])
    for text, _, height in rows:
        y += 16
        marks.append(f'<g transform="translate(0 {y:g})">{text}</g>')
        y += height
    y += 14
    for words, kind, size in _lines_below(picture):
        for line in broken(words, widest, size):
            y += LINE
            marks.append(write(0, y, line, kind, size))
    below, height = _legend(picture, widest)
    if below:
        y += 14
        marks.append(f'<g transform="translate(0 {y:g})">{below}</g>')
        y += height
    width, total = widest + 2 * MARGIN, y + 2 * MARGIN
    name, about = f"{picture.name}-title", f"{picture.name}-about"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{total:g}" '
        f'viewBox="0 0 {width:g} {total:g}" role="img" aria-labelledby="{name} {about}">'
        f'<title id="{name}">{escape(picture.title)}</title>'
        f'<desc id="{about}">{escape(" ".join((picture.says, *picture.words)))}</desc>'
        f"<style>{style_sheet()}</style>"
        f'<rect class="page" width="{width:g}" height="{total:g}" rx="8"/>'
        f'<g transform="translate({MARGIN:g} {MARGIN:g})">'
        f"{write(0, 18, picture.title, 'h ink', 18)}{''.join(marks)}</g></svg>\n"
    )


def write_html(picture: Picture) -> str:
    """Return a picture as the text of a page that holds nothing else."""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f"<title>{escape(picture.title)}</title>"
        '<meta name="viewport" content="width=device-width"><style>:root{color-scheme:light dark}'
        "body{margin:1rem}svg{max-width:100%;height:auto}</style></head>"
        f"<body>{write_svg(picture)}</body></html>\n"
    )


def _row(parts: Sequence[Part]) -> tuple[str, float, float]:
    """Return parts beside each other, with their width and height."""
    pieces: list[Fragment] = [PAINTERS[type(part)](part) for part in parts]  # type: ignore[operator]
    x, marks = 0.0, []
    for piece in pieces:
        marks.append(piece.at(x, 0))
        x += piece.width + GAP
    return "".join(marks), x - GAP, max(piece.height for piece in pieces)


def _lines_below(picture: Picture) -> list[tuple[str, str, float]]:
    words = [(line, "w", 14.0) for line in picture.words]
    return words + [(line, "s", 12.5) for line in picture.notes]


def broken(text: str, width: float, size: float) -> list[str]:
    """Return a text in lines that are not wider than so many pixels.

    Examples
    --------
    >>> broken("one two three", 80.0, 14.0)
    ['one two', 'three']
    """
    lines = [""]
    for word in re.split(r" +", text):
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and length(longer, size) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _legend(picture: Picture, width: float) -> tuple[str, float]:
    """Return what the roles mean, in as many lines as it takes."""
    items = [(role, text) for role, text in picture.legend if role in LOOKS]
    if any(isinstance(part, (Chart, Plot, Plane)) for row in picture.rows for part in row):
        items = []  # their curves are named beside them
    marks, x, y = [], 0.0, 0.0
    shown = [*items, *([(None, "wrong, says the check")] if is_any_wrong(picture) else [])]
    for role, text in shown:
        wide = 34 + length(text, 13)
        if x and x + wide > width:
            x, y = 0.0, y + LINE
        marks.append(_swatch(role, x, y) + write(x + 28, y + 14, text, "w", 13))
        x += wide + 16
    return "".join(marks), y + LINE if marks else 0.0


def _swatch(role: Role | None, x: float, y: float) -> str:
    frame = f'x="{x + 1:g}" y="{y + 2:g}" width="20" height="16" rx="2"'
    if role is None:
        line = f'<path d="M{x + 4:g} {y + 15:g}h14" class="badline" stroke-width="2"/>'
        return f'<rect {frame} class="plain"/>{line}'
    sign = write(x + 11, y + 14, "=", "tie", 12, "middle") if role is Role.TIE else ""
    return f'<rect {frame} class="{role}"/>{sign}'
