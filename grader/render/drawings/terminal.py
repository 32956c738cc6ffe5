"""Paint a picture as lines of text: for a terminal, or for whoever has it read aloud.

Parts stand beside each other as far as the width goes, and below each other from there on.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from rich.console import Group
from rich.text import Text

from grader.render.drawings.canvas import paint_chart, paint_plane
from grader.render.drawings.figures import Chart, Graph, Plane, Tower
from grader.render.drawings.parts import Between, Pile, is_any_wrong
from grader.render.drawings.roles import LOOKS, WRONG_STYLE
from grader.render.drawings.squares import Bars, Grid, word_of
from grader.render.grids import SHADES, WRONG_SIGN
from grader.render.signs import QUIET

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType

    from grader.render.drawings.figures import Matrix, Storey
    from grader.render.drawings.parts import Part, Picture
    from grader.render.drawings.squares import Role, Square

GAP = 2
BAR = 18
WIDEST_BOX = 34
PLAIN = str.maketrans(
    {"·": "*", "→": "->", "↑": "^", "…": "...", "ᵀ": "^T", "√": "sqrt ", "∂": "d", "█": "#",
     "░": ".", "│": "|"}
)  # fmt: skip


def render_picture(picture: Picture, width: int, *, plain: bool = False) -> RenderableType:
    """Return a picture for a terminal.

    Parameters
    ----------
    picture
        What is painted.
    width
        How many characters fit beside each other.
    plain
        Whether only ASCII is used, and no shades.
    """
    lines = [Text.assemble((picture.title, "bold"), (_step(picture), QUIET))]
    for row in picture.rows:
        blocks = [paint_part(part, width, plain=plain) for part in row]
        if plain:
            blocks = [[_as_ascii(line) for line in block] for block in blocks]
        lines += _flow(blocks, width)
    lines += [Text(line) for line in picture.words]
    legend = _legend(picture.legend, plain=plain)
    if is_any_wrong(picture):
        legend.append("   " * bool(legend)).append(f"n{WRONG_SIGN}", WRONG_STYLE)
        legend.append(" wrong, says the check", QUIET)
    lines += [legend] * bool(legend)
    lines += [Text(note, QUIET) for note in picture.notes]
    return Group(*(_as_ascii(line) if plain else line for line in lines))


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
        Grid: partial(_grid, plain=plain), Bars: _bars, Tower: _tower, Between: _between,
        Graph: partial(_graph, width=width), Pile: partial(_pile, width=width, plain=plain),
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


def _grid(grid: Grid, *, plain: bool) -> list[Text]:
    looks = [LOOKS[square.role] for row in grid.squares for square in row]
    has_left = any(look.left for look in looks)
    wide = max(
        [len(square.word) for row in grid.squares for square in row]
        + [len(name) - has_left for name in grid.across]
    )
    left = max((len(name) for name in grid.down), default=0)
    lines = [Text(grid.title, "bold")]
    if grid.across:
        head = "".join(f"{name.rjust(wide + has_left)} " for name in grid.across)
        lines.append(Text(" " * (left + bool(left)) + head.rstrip(), QUIET))
    for number, row in enumerate(grid.squares):
        line = Text()
        if left:
            line.append(f"{grid.down[number].rjust(left)} ", QUIET)
        for square in row:
            line.append_text(_square(square, wide, has_left=has_left, plain=plain))
        lines.append(line)
    return [*lines, Text(grid.note, QUIET)] if grid.note else lines


def _square(square: Square, wide: int, *, has_left: bool, plain: bool) -> Text:
    look = LOOKS[square.role]
    body = (look.left + square.word).rjust(wide + has_left)
    right = WRONG_SIGN if square.is_wrong else look.right
    if not right and square.shade is not None and not plain:
        right = SHADES[min(len(SHADES) - 1, round(square.shade * (len(SHADES) - 1)))]
    style = WRONG_STYLE if square.is_wrong else look.style
    start = len(body) - len(body.lstrip())
    return Text.assemble(" " * start, (body[start:] + (right or " "), style))


def _legend(legend: Sequence[tuple[Role, str]], *, plain: bool) -> Text:
    text = Text()
    for role, meaning in legend:
        look = LOOKS[role]
        sample = f"{look.left or ' '}n{look.right or ' '}".strip()
        if plain and not (look.left or look.right):
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
    """
    if value is None:
        return "░" * size
    zero = min(max(0.0, low), high)
    ends = [(min(max(one, low), high) - low) / (high - low) * size for one in (zero, value)]
    first, last = sorted(round(end) for end in ends)
    return "░" * first + "█" * (last - first) + "░" * (size - last)


# ----------------------------------------------------------------------------- graphs and towers


def matrix_text(matrix: Matrix | None, most: int = 3) -> str:
    """Return a matrix on one line, its rows apart by a semicolon.

    Examples
    --------
    >>> matrix_text(((1.0, 0.5), (2.0, 0.25))), matrix_text(None), matrix_text(())
    ('1 0.5; 2 0.25', '?', '')
    """
    if matrix is None:
        return word_of(None)
    rows = [" ".join(map(word_of, row[:most])) + " …" * (len(row) > most) for row in matrix[:most]]
    return "; ".join(rows) + "; …" * (len(matrix) > most)


def _graph(graph: Graph, width: int) -> list[Text]:
    rows = [("", "made of", "forward →", "gradient of the loss")]
    for one in graph.vertices:
        forward, gradient = matrix_text(one.forward), matrix_text(one.gradient)
        forward += WRONG_SIGN * ("forward" in one.wrong)
        gradient += WRONG_SIGN * ("gradient" in one.wrong)
        rows.append((one.name, one.formula, forward, gradient))
    sizes = [max(len(row[place]) for row in rows) for place in range(4)]
    if sum(sizes) + 3 * GAP + 2 > width:  # the formulas are the first to go
        sizes[1] = 0
    lines = [Text(graph.title, "bold")]
    styles = ("", QUIET, LOOKS_OF[0], LOOKS_OF[1])
    for number, row in enumerate(rows):
        is_lit = number > 0 and graph.vertices[number - 1].is_lit
        line = Text("> " if is_lit else "  ", "bold", no_wrap=True, overflow="ellipsis")
        for place, (word, size, style) in enumerate(zip(row, sizes, styles, strict=True)):
            if size:
                look = f"{style} bold" if is_lit and place != 1 else style if number else QUIET
                line.append(word.ljust(size), WRONG_STYLE if word.endswith(WRONG_SIGN) else look)
                line.append(" " * GAP)
        line.rstrip()
        lines.append(line)
    return lines


LOOKS_OF = tuple(look.style for role, look in LOOKS.items() if role in ("forward", "gradient"))


def shape_words(shape: tuple[int, ...] | None) -> str:
    """Return a shape as it is said.

    Examples
    --------
    >>> shape_words((6, 28, 28)), shape_words((120,)), shape_words(None)
    ('6 x 28 x 28', '120', '?')
    """
    return word_of(None) if shape is None else " x ".join(map(str, shape))


def _tower(tower: Tower) -> list[Text]:
    words = [(one.name, shape_words(one.shape), _learns(one)) for one in tower.storeys]
    wide = [max(len(word[place]) for word in words) for place in range(3)]
    sides = [one.shape[-1] for one in tower.storeys if one.shape and len(one.shape) == 3]
    largest = max(sides, default=1)
    lines = [Text(tower.title, "bold")]
    for storey, (name, shape, learns) in zip(tower.storeys, words, strict=True):
        side = storey.shape[-1] if storey.shape and len(storey.shape) == 3 else 1
        box = "░" * 2 if storey.shape is None else "█" * max(1, round(side / largest * 12))
        sign = WRONG_SIGN if storey.is_wrong else " "
        style = "bold" if storey.is_lit else ""
        line = Text("> " if storey.is_lit else "  ", style)
        line.append(f"{name.ljust(wide[0])}  {shape.rjust(wide[1])}", style)
        line.append(sign, WRONG_STYLE)
        line.append(f" {learns.rjust(wide[2])}  ", style)
        line.append(box.center(12).rstrip(), LOOKS_OF[0] if storey.parameters else QUIET)
        lines.append(line)
    return lines


def _learns(storey: Storey) -> str:
    return "-" if storey.parameters == 0 else word_of(None) if storey.parameters is None else (
        f"{storey.parameters:,}"
    )  # fmt: skip
