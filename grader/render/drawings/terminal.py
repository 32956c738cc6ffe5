"""Paint a picture as lines of text: for a terminal, or for whoever has it read aloud.

Parts stand beside each other as far as the width goes, and below each other from there on.
"""

from __future__ import annotations

import math
import textwrap
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from rich.console import Group
from rich.text import Text

from grader.render.drawings.axes import paint_plot
from grader.render.drawings.boxes import paint_graph, paint_tower
from grader.render.drawings.canvas import paint_chart, paint_plane
from grader.render.drawings.figures import Chart, Graph, Plane, Plot, Tower
from grader.render.drawings.parts import Between, Pile, is_any_wrong
from grader.render.drawings.roles import LOOKS, WRONG_STYLE
from grader.render.drawings.squares import DIGITS, Bars, Grid, Role, word_of
from grader.render.signs import QUIET, SHADES, WRONG_SIGN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType

    from grader.render.drawings.parts import Part, Picture
    from grader.render.drawings.squares import Square

GAP = 2
MOST_ROWS, FEWEST_ROWS = 8, 3  # of a matrix that has to fit
CUT = "…"
BAR = 18
WIDEST_GRID = 44
PLAIN = str.maketrans(
    {"·": "*", "→": "->", "↑": "^", "…": "...", "ᵀ": "^T", "√": "sqrt ", "∂": "d", "█": "#",
     "░": ".", "│": "|"}
)  # fmt: skip


def render_picture(
    picture: Picture,
    width: int,
    *,
    plain: bool = False,
    height: int | None = None,
    coloured: bool = True,
) -> RenderableType:
    """Return a picture for a terminal.

    Parameters
    ----------
    picture
        What is painted.
    width
        How many characters fit beside each other.
    plain
        Whether only ASCII is used, and no shades.
    height
        How many lines fit below each other, where it may not scroll: matrices lose the rows that
        this step is not about, and what is still too much is cut off above the words.
    coloured
        Whether colours are seen: a role that they alone tell is not explained where they are not.
    """
    body, tail = _body(picture, width, plain=plain), _tail(picture, plain=plain, coloured=coloured)
    if height is not None:
        room = height - sum(_wrapped(line, width) for line in tail)
        for most in range(MOST_ROWS, FEWEST_ROWS - 1, -1):
            if len(body) <= room:
                break
            rows = tuple(tuple(_shorter(part, most) for part in row) for row in picture.rows)
            body = _body(replace(picture, rows=rows), width, plain=plain)
        if len(body) > room:
            body = [*body[: max(room - 1, 1)], Text(f"{CUT}: a larger screen shows more", QUIET)]
    return Group(*(_as_ascii(line) if plain else line for line in (*body, *tail)))


def _body(picture: Picture, width: int, *, plain: bool) -> list[Text]:
    """Return the title and the parts."""
    lines = [Text.assemble((picture.title, "bold"), (_step(picture), QUIET))]
    for row in picture.rows:
        blocks = [paint_part(part, width, plain=plain) for part in row]
        if plain:
            blocks = [[_as_ascii(line) for line in block] for block in blocks]
        lines += _flow(blocks, width)
    return lines


def _tail(picture: Picture, *, plain: bool, coloured: bool) -> list[Text]:
    """Return what is said below the parts."""
    lines = [Text(line) for line in picture.words]
    legend = _legend(picture.legend, coloured=coloured and not plain)
    if is_any_wrong(picture):
        legend.append("   " * bool(legend)).append(f"n{WRONG_SIGN}", WRONG_STYLE)
        legend.append(" wrong, says the check", QUIET)
    lines += [legend] * bool(legend)
    return lines + [Text(note, QUIET) for note in picture.notes]


def _wrapped(line: Text, width: int) -> int:
    """Return on how many lines of a screen a line lies."""
    return max(1, len(textwrap.wrap(line.plain, max(width, 1), drop_whitespace=False)))


def _shorter(part: Part, most: int) -> Part:
    """Return a part whose matrices have so many rows at most: those around what is lit."""
    if isinstance(part, Pile):
        return Pile(tuple(_shorter(one, most) for one in part.parts))  # type: ignore[misc]
    if not isinstance(part, Grid) or len(part.squares) <= most:
        return part
    lit = [n for n, row in enumerate(part.squares) if any(_is_lit(square) for square in row)]
    first = min(max(0, lit[0] - (most - len(lit)) // 2) if lit else 0, len(part.squares) - most)
    cut = slice(max(first, 0), first + most)
    title = part.title.removesuffix(" …") + " …"
    return replace(part, title=title, squares=part.squares[cut], down=part.down[cut])


def _is_lit(square: Square) -> bool:
    return square.role not in (Role.PLAIN, Role.QUIET)


def _step(picture: Picture) -> str:
    if picture.steps < 2:
        return ""
    last = f" of 0-{picture.steps - 1}" if picture.tells_steps else ""
    return f"   step {picture.step}{last}"


def _as_ascii(line: Text) -> Text:
    return Text(line.plain.translate(PLAIN))


def paint_part(part: Part, width: int, *, plain: bool) -> list[Text]:
    """Return the lines of one part."""
    painters = {
        Grid: partial(_grid, width=width, plain=plain), Bars: _bars, Tower: paint_tower,
        Between: _between,
        Graph: partial(paint_graph, width=width), Pile: partial(_pile, width=width, plain=plain),
        Plot: partial(paint_plot, width=width),
        Chart: partial(paint_chart, width=width), Plane: partial(paint_plane, width=width),
    }  # fmt: skip
    painter = painters[type(part)]
    return painter(part)  # type: ignore[operator,no-any-return]


def _pile(pile: Pile, width: int, *, plain: bool) -> list[Text]:
    return [line for part in pile.parts for line in paint_part(part, width, plain=plain)]


def _between(part: Between) -> list[Text]:
    return [Text(), Text(), Text(part.sign, "bold")]


def _flow(blocks: Sequence[list[Text]], width: int) -> list[Text]:
    """Return blocks beside each other, in as many rows as it takes."""
    rows: list[list[list[Text]]] = [[]]
    used = 0
    for block in blocks:
        wide = max((line.cell_len for line in block), default=0)
        if rows[-1] and used + GAP + wide > width:
            rows.append([])
            used = 0
        used += wide + GAP * bool(rows[-1])
        rows[-1].append(block)
    return [line for row in rows for line in _beside(row)]


def _beside(blocks: Sequence[list[Text]]) -> list[Text]:
    lines = []
    for number in range(max(map(len, blocks), default=0)):
        line = Text(no_wrap=True, overflow="crop")
        for place, block in enumerate(blocks):
            wide = max(one.cell_len for one in block)
            part = block[number] if number < len(block) else Text()
            is_last = place == len(blocks) - 1
            line.append_text(part)
            line.append("" if is_last else " " * (wide - part.cell_len + GAP))
        line.rstrip()
        lines.append(line)
    return lines


# ----------------------------------------------------------------------------- grids


def _grid(grid: Grid, width: int, *, plain: bool) -> list[Text]:
    """Return the lines of a grid, with fewer digits or columns where it would be too wide."""
    lines: list[Text] = []
    for digits in (DIGITS, DIGITS - 1):
        lines = _grid_lines(grid, digits, plain=plain)
        if max(line.cell_len for line in lines[1:]) <= min(width, WIDEST_GRID):
            break
    while max(line.cell_len for line in lines[1:]) > width and len(grid.squares[0]) > 1:
        grid = _narrower(grid)
        lines = _grid_lines(grid, DIGITS - 1, plain=plain)
    return lines


def _narrower(grid: Grid) -> Grid:
    """Return a grid without the last column, or the first where only the last ones are lit."""
    lit = [column for row in grid.squares for column, square in enumerate(row) if _is_lit(square)]
    cut = slice(1, None) if lit and min(lit) > 0 else slice(None, -1)
    title = grid.title.removesuffix(" …") + " …"
    squares = tuple(row[cut] for row in grid.squares)
    return replace(grid, title=title, squares=squares, across=grid.across[cut])


def _grid_lines(grid: Grid, digits: int, *, plain: bool) -> list[Text]:
    squares = [square for row in grid.squares for square in row]
    has_left = any(LOOKS[square.role].left for square in squares)
    after = max(len(_right(square, plain=plain)) for square in squares)
    wide = max(
        [len(square.word(digits)) + has_left for square in squares]
        + [len(name) for name in grid.across]
    )
    left = max((len(name) for name in grid.down), default=0)
    lines = [Text(grid.title, "bold")]
    if grid.across:
        head = "".join(name.rjust(wide) + " " * max(1, after) for name in grid.across)
        lines.append(Text(" " * (left + bool(left)) + head.rstrip(), QUIET))
    for number, row in enumerate(grid.squares):
        line = Text()
        if left:
            line.append(f"{grid.down[number].rjust(left)} ", QUIET)
        for square in row:
            look = LOOKS[square.role]
            body = look.left + square.word(digits)
            right = _right(square, plain=plain)
            line.append(" " * (wide - len(body)))
            line.append(body + right, WRONG_STYLE if square.is_wrong else look.style)
            line.append(" " * (max(1, after) - len(right)))
        lines.append(line)
    return [*lines, Text(grid.note, QUIET)] if grid.note else lines


def _right(square: Square, *, plain: bool) -> str:
    """Return the signs behind a number."""
    right = LOOKS[square.role].right + WRONG_SIGN * square.is_wrong
    if not right and square.shade is not None and not plain:
        return SHADES[min(len(SHADES) - 1, round(square.shade * (len(SHADES) - 1)))]
    return right


def _legend(legend: Sequence[tuple[Role, str]], *, coloured: bool) -> Text:
    text = Text()
    for role, meaning in legend:
        look = LOOKS[role]
        sample = f"{look.left or ' '}n{look.right or ' '}".strip()
        if not (coloured or look.left or look.right):
            continue  # nothing but a colour tells it
        text.append("   " if text else "")
        text.append(sample, look.style)
        text.append(f" {meaning}", QUIET)
    return text


# ----------------------------------------------------------------------------- bars


def _bars(bars: Bars) -> list[Text]:
    wide = max(len(bar.name) for bar in bars.bars)
    numbers = max(len(word_of(bar.value)) for bar in bars.bars)
    lines = [Text(bars.title, "bold")]
    for bar in bars.bars:
        sign = WRONG_SIGN if bar.is_wrong else " "
        style = WRONG_STYLE if bar.is_wrong else LOOKS[bar.role].style
        drawn = bar_text(bar.value, bar.low, bar.high)
        number = word_of(bar.value).rjust(numbers)
        line = Text.assemble(bar.name.ljust(wide), " ", (drawn, style), f" {number}{sign}")
        lines.append(line.append(f" {bar.formula}", QUIET))
    return lines


def bar_text(value: float | None, low: float, high: float, size: int = BAR) -> str:
    """Return a bar from where 0 is to where a number is.

    Examples
    --------
    >>> bar_text(0.5, 0.0, 1.0, 4), bar_text(-1.0, -1.0, 1.0, 4), bar_text(None, 0.0, 1.0, 4)
    ('██░░', '██░░', '░░░░')
    >>> bar_text(float("nan"), 0.0, 1.0, 4), bar_text(float("inf"), 0.0, 1.0, 4)
    ('░░░░', '████')
    """
    if value is None or math.isnan(value):
        return "░" * size
    zero = min(max(0.0, low), high)
    ends = [(min(max(one, low), high) - low) / (high - low) * size for one in (zero, value)]
    first, last = sorted(round(end) for end in ends)
    return "░" * first + "█" * (last - first) + "░" * (size - last)
