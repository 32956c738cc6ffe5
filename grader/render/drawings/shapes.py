"""Paint grids and bars as SVG: each piece with its size, so that others can stand beside it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from grader.render.drawings.squares import Grid, Role, word_of

if TYPE_CHECKING:
    from grader.render.drawings.parts import Between, Pile
    from grader.render.drawings.squares import Bar, Bars, Square

LETTER = 8.5  # width of a letter of 14 px in the widest of the fonts that may be there
HEIGHT = 28  # of a square
TITLE, SMALL = 24, 18
BAR_WIDTH, BAR_HEIGHT = 190, 18


@dataclass(frozen=True)
class Fragment:
    """A piece of a page.

    Parameters
    ----------
    width, height
        In pixels.
    marks
        The elements, from (0, 0) on.
    """

    width: float
    height: float
    marks: str

    def at(self, x: float, y: float) -> str:
        """Return the elements somewhere else."""
        return f'<g transform="translate({x:g} {y:g})">{self.marks}</g>'


def write(  # noqa: PLR0913 - where, what and how
    x: float, y: float, text: str, kind: str, size: float = 14, anchor: str = ""
) -> str:
    """Return one line of text.

    Parameters
    ----------
    x, y
        Where it begins (or ends, or is in the middle), and its base line.
    text
        Anything.
    kind
        Its classes.
    size, anchor
        Of the letters in pixels; "middle" or "end" where it does not begin there.
    """
    where = f' text-anchor="{anchor}"' if anchor else ""
    words = escape(text)
    place = f'x="{x:g}" y="{y:g}" class={quoteattr(kind)} font-size="{size:g}"{where}'
    return f"<text {place}>{words}</text>"


def length(text: str, size: float = 14) -> float:
    """Return how wide a text is at most, in pixels.

    Examples
    --------
    >>> length("0.25"), length("title", 16)
    (34.0, 48.6)
    """
    return round(len(text) * LETTER * size / 14, 1)


def grid(part: Grid) -> Fragment:
    """Return a matrix: a frame for each number."""
    words = [square.word() for row in part.squares for square in row]
    side = max([34.0, *(length(word) + 12 for word in [*words, *part.across])])
    left = max([0.0, *(length(name, 12) + 8 for name in part.down)])
    top = TITLE + (SMALL if part.across else 0)
    marks = [write(left, 15, part.title, "h ink", 14)]
    for column, name in enumerate(part.across):
        marks.append(write(left + (column + 0.5) * side, TITLE + 12, name, "s", 12, "middle"))
    for row, squares in enumerate(part.squares):
        y = top + row * HEIGHT
        if part.down:
            marks.append(write(left - 8, y + 19, part.down[row], "s", 12, "end"))
        for column, square in enumerate(squares):
            if square.role in (Role.PLAIN, Role.QUIET):
                marks.append(_square(square, left + column * side, y, side))
    for row, squares in enumerate(part.squares):  # what is lit lies above its neighbours' frames
        for column, square in enumerate(squares):
            if square.role not in (Role.PLAIN, Role.QUIET):
                marks.append(_square(square, left + column * side, top + row * HEIGHT, side))
    height = top + len(part.squares) * HEIGHT
    if part.note:
        marks.append(write(left, height + 14, part.note, "s", 12))
        height += SMALL
    wide = max(left + side * len(part.squares[0]), left + length(part.title, 14))
    return Fragment(wide, height, "".join(marks))


def _square(square: Square, x: float, y: float, side: float) -> str:
    frame = f'x="{x + 1:g}" y="{y + 1:g}" width="{side - 2:g}" height="{HEIGHT - 2}" rx="2"'
    marks = [f'<rect {frame} class="{square.role}"/>']
    if square.shade:
        marks.append(f'<rect {frame} class="shade" opacity="{0.45 * square.shade:.3f}"/>')
    look = f"bad {square.role}" if square.is_wrong else str(square.role)
    marks.append(write(x + side / 2, y + 19, square.word(), look, 14, "middle"))
    if square.role is Role.TIE:
        marks.append(write(x + side - 4, y + 11, "=", "tie", 10, "end"))
    if square.is_wrong:
        marks.append(
            f'<path d="M{x + 5:g} {y + 23:g}h{side - 10:g}" class="badline" stroke-width="2"/>'
        )
    return "".join(marks)


def bars(part: Bars) -> Fragment:
    """Return bars below each other, each with its name, its number and its formula."""
    names = max(length(bar.name, 13) for bar in part.bars) + 10
    numbers = max(length(word_of(bar.value)) for bar in part.bars) + 14
    formulas = max(length(bar.formula, 12) for bar in part.bars)
    marks = [write(0, 15, part.title, "h ink")]
    for place, bar in enumerate(part.bars):
        y = TITLE + place * HEIGHT
        marks.append(write(0, y + 18, bar.name, "ink", 13))
        marks.append(_bar(bar, names, y + 5))
        after = names + BAR_WIDTH + 10
        look = "bad" if bar.is_wrong else "ink"
        marks.append(write(after, y + 18, word_of(bar.value) + "*" * bar.is_wrong, look))
        marks.append(write(after + numbers, y + 18, bar.formula, "s", 12))
    wide = names + BAR_WIDTH + 10 + numbers + formulas
    return Fragment(wide, TITLE + len(part.bars) * HEIGHT, "".join(marks))


def _bar(bar: Bar, x: float, y: float) -> str:
    frame = f'x="{x:g}" y="{y:g}" width="{BAR_WIDTH}" height="{BAR_HEIGHT}" rx="3"'
    marks = [f'<rect {frame} class="quiet"/>']
    scale = BAR_WIDTH / (bar.high - bar.low)
    zero = (0.0 - bar.low) * scale
    if bar.value is not None and not math.isnan(bar.value):
        end = (min(max(bar.value, bar.low), bar.high) - bar.low) * scale
        first, last = sorted((zero, end))
        marks.append(
            f'<rect x="{x + first:g}" y="{y:g}" width="{max(1.0, last - first):g}" '
            f'height="{BAR_HEIGHT}" class="d-{bar.role}"/>'
        )
    if bar.low < 0.0 < bar.high:
        marks.append(f'<path d="M{x + zero:g} {y - 2:g}v{BAR_HEIGHT + 4}" class="axis"/>')
    return "".join(marks)


def between(part: Between) -> Fragment:
    """Return a sign between two pieces."""
    return Fragment(26, TITLE + 60, write(13, TITLE + 52, part.sign, "h ink", 22, "middle"))


def pile(part: Pile) -> Fragment:
    """Return pieces one below the other."""
    marks, y, wide = [], 0.0, 0.0
    for one in part.parts:
        piece = grid(one) if isinstance(one, Grid) else bars(one)
        marks.append(piece.at(0, y))
        y += piece.height + 12
        wide = max(wide, piece.width)
    return Fragment(wide, y - 12, "".join(marks))
