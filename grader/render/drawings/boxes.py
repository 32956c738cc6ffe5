"""Paint graphs and towers in a terminal: a line for each value, a line for each layer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from grader.render.drawings.roles import LOOKS, WRONG_STYLE
from grader.render.drawings.squares import Role, word_of
from grader.render.signs import QUIET, WRONG_SIGN

if TYPE_CHECKING:
    from grader.render.drawings.figures import Graph, Matrix, Storey, Tower

GAP = 2


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


def paint_graph(graph: Graph, width: int) -> list[Text]:
    """Return a line for each value: what it is made of, its numbers, and its gradient."""
    rows = [("", "made of", "forward →", "gradient of the loss")]
    for one in graph.vertices:
        forward, gradient = matrix_text(one.forward), matrix_text(one.gradient)
        forward += WRONG_SIGN * ("forward" in one.wrong)
        gradient += WRONG_SIGN * ("gradient" in one.wrong)
        rows.append((one.name, one.formula, forward, gradient))
    sizes = [max(len(row[place]) for row in rows) for place in range(4)]
    if sum(sizes) + 3 * GAP + 2 > width:  # the formulas are the first to go
        sizes[1] = 0
    share = max(8, (width - sizes[0] - 2 * GAP - 2) // 2)
    if sum(sizes) + 2 * GAP + 2 > width:
        sizes[2:] = [min(size, share) for size in sizes[2:]]
    lines = [Text(graph.title, "bold")]
    styles = ("", QUIET, LOOKS[Role.FORWARD].style, LOOKS[Role.GRADIENT].style)
    for number, row in enumerate(rows):
        is_lit = number > 0 and graph.vertices[number - 1].is_lit
        line = Text("> " if is_lit else "  ", "bold", no_wrap=True, overflow="ellipsis")
        for place, (word, size, style) in enumerate(zip(row, sizes, styles, strict=True)):
            if size:
                look = f"{style} bold" if is_lit and place != 1 else style if number else QUIET
                shown = word if len(word) <= size else word[: size - 1] + "…"
                line.append(shown.ljust(size), WRONG_STYLE if word.endswith(WRONG_SIGN) else look)
                line.append(" " * GAP)
        line.rstrip()
        lines.append(line)
    return lines


def shape_words(shape: tuple[int, ...] | None) -> str:
    """Return a shape as it is said.

    Examples
    --------
    >>> shape_words((6, 28, 28)), shape_words((120,)), shape_words(None)
    ('6 x 28 x 28', '120', '?')
    """
    return word_of(None) if shape is None else " x ".join(map(str, shape))


def paint_tower(tower: Tower) -> list[Text]:
    """Return a line for each layer, with a block as wide as its maps."""
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
        line.append(
            box.center(12).rstrip(), LOOKS[Role.FORWARD].style if storey.parameters else QUIET
        )
        lines.append(line)
    return lines


def _learns(storey: Storey) -> str:
    return "-" if storey.parameters == 0 else word_of(None) if storey.parameters is None else (
        f"{storey.parameters:,}"
    )  # fmt: skip
