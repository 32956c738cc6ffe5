"""Tables that fit the terminal they are shown in, however narrow: no number of them is cut away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich import box
from rich.console import Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console, ConsoleOptions, RenderableType, RenderResult

    from grader.quiz.items.item import Variant

INDENT, BETWEEN = 2, 4


class MatricesOf:
    """The matrices of a question: side by side in boxes where they fit, else below each other.

    Parameters
    ----------
    variant
        The question.
    plain
        Without boxes, one below the other: what stands across is read across.
    """

    def __init__(self, variant: Variant, *, plain: bool) -> None:
        self._tables, self._plain = variant.tables, plain

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Measure, and lay out."""
        room = options.max_width - INDENT
        drawn = [self._drawn(title, rows, console, room) for title, rows in self._tables]
        wide = sum(_width(one, console) for one in drawn) + BETWEEN * (len(drawn) - 1)
        across = wide <= room and not self._plain
        grid = Table.grid(padding=(0, BETWEEN if across else 0))
        for row in [drawn] if across else [[one] for one in drawn]:
            grid.add_row(*row)
        yield Padding(grid, (0, 0, 0, INDENT))

    def _drawn(
        self, title: str, rows: tuple[tuple[str, ...], ...], console: Console, room: int
    ) -> RenderableType:
        table = Table(box=box.SQUARE, padding=(0, 1))
        boxed = Group(Text(title, style="dim"), _filled(table, rows))
        if not self._plain and _width(boxed, console) <= room:
            return boxed
        return Group(Text(title, style="dim"), _filled(Table.grid(padding=(0, 1)), rows))


class Fitting:
    """The first of some renderables that has a column for every word; the last, where none has.

    Parameters
    ----------
    choices
        From wide to narrow.
    """

    def __init__(self, *choices: tuple[int, RenderableType]) -> None:
        self._choices = choices

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Choose by the width that each needs."""
        fits = [one for needs, one in self._choices if needs <= options.max_width]
        yield fits[0] if fits else self._choices[-1][1]


def _filled(table: Table, rows: Sequence[Sequence[str]]) -> Table:
    table.show_header = False
    for _ in rows[0]:
        table.add_column(justify="right", no_wrap=True)
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    return table


def _width(renderable: RenderableType, console: Console) -> int:
    return console.measure(renderable, options=console.options.update(max_width=1000)).maximum
