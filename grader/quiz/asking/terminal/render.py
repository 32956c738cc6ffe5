"""Questions, verdicts and tables as Rich renderables; nothing here prints.

Every word of the feedback is a word: colour and signs only repeat it, so that a screen without
colour, a pipe and a screen reader lose nothing. `plain` keeps to ASCII. No text of an item is read
as markup: `[1, 0, 0]` is a vector.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich import box
from rich.console import Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from grader.quiz.asking.telling import (
    tell_help,
    tell_summary,
    tell_taught,
    tell_verdict,
    tell_where_to_look,
)
from grader.quiz.asking.terminal.fitting import MatricesOf
from grader.quiz.items.item import LETTERS
from grader.quiz.marking import expected_form

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.console import Console, ConsoleOptions, RenderableType, RenderResult

    from grader.quiz.asking.turns import Summary
    from grader.quiz.items.item import Mark, Variant
    from grader.render.drawings.parts import Picture


def render_question(
    variant: Variant, place: int, total: int, *, again: bool, plain: bool
) -> RenderableType:
    """Show a question with its tables, its options and the progress.

    Parameters
    ----------
    variant
        The question.
    place, total
        Its place among the sitting's items, from 1.
    again
        Whether it was wrong before.
    plain
        ASCII only.

    Returns
    -------
    RenderableType
        For a console of 80 columns.
    """
    item = variant.item
    parts: list[RenderableType] = [Text()]
    bar = "" if plain else f"{_bar(place - 1, total, 20)}  "
    head = Text(f"{bar}{place} of {total}", style="cyan")
    head.append(f"   {item.id}{'   again' if again else ''}", style="dim")
    parts += [
        head,
        Text(tell_taught(item), style="dim"),
        Text(),
        Text(variant.question, style="bold"),
    ]
    if variant.picture is not None:
        parts += [Text(), Padding(Painted(variant.picture, plain=plain), (0, 0, 0, 2))]
    if variant.tables:
        parts += [Text(), MatricesOf(variant, plain=plain)]
    if variant.posed.lefts:
        parts.append(Text())
        parts += [Text(f"  {i}. {left}") for i, left in enumerate(variant.posed.lefts, start=1)]
    if variant.posed.options:
        parts.append(Text())
        options = zip(LETTERS, variant.posed.options, strict=False)
        parts += [_hanging(f"{letter})", option.text) for letter, option in options]
    return Group(*parts, Text(), Text(f"({expected_form(variant)})", style="dim"))


class Painted:
    """A picture, as wide as there is room for it; in plain output its words stand below it.

    Parameters
    ----------
    picture
        What is drawn.
    plain
        ASCII only.
    """

    def __init__(self, picture: Picture, *, plain: bool) -> None:
        self._picture, self._plain = picture, plain

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Draw it: only now is it known how wide the screen is."""
        from grader.render.drawings.terminal import render_picture  # noqa: PLC0415 - rarely asked
        from grader.render.signs import has_colours  # noqa: PLC0415 - as above

        width, coloured = options.max_width, has_colours(console)
        yield render_picture(self._picture, width, plain=self._plain, coloured=coloured)
        if self._plain:
            yield Text(f"In words: {self._picture.says}")


def render_verdict(variant: Variant, mark: Mark, *, plain: bool) -> RenderableType:
    """Show whether an answer was right, what went wrong, and the explanation.

    Parameters
    ----------
    variant
        The question.
    mark
        Its mark; one with nothing shown is a question that was skipped.
    plain
        ASCII only.

    Returns
    -------
    RenderableType
        A few lines.
    """
    sign = "" if plain else "✓ " if mark.right else "~ " if mark.partial else "✗ "
    verdict, answer = tell_verdict(variant, mark)
    colour = "green" if mark.right else "yellow" if mark.partial else "red"
    lines = [Text(f"{sign}{verdict}", style=f"bold {colour}")]
    if answer:
        lines[0].append(f" {answer}", style="not bold")
    if mark.says:
        lines.append(Text(mark.says, style="" if mark.right else "yellow"))
    lines.append(Text(variant.explanation))
    if not mark.right:
        lines += [Text(line, style="dim") for line in tell_where_to_look(variant.item)]
    return Padding(Group(*lines), (0, 0, 0, 2), expand=False)


def render_help(variant: Variant, words: str) -> RenderableType:
    """Say what may be typed.

    Parameters
    ----------
    variant
        The question on the screen.
    words
        What else may be typed, and what it does in this mode.

    Returns
    -------
    RenderableType
        Two lines, or three where an answer can be right in part.
    """
    return Group(*(Text(line) for line in tell_help(variant, words)))


def render_summary(summary: Summary, again: str, *, saves: bool = True) -> RenderableType:
    """Sum a sitting up, with what to read again.

    Parameters
    ----------
    summary
        What it came to.
    again
        The command that goes on.
    saves
        Whether answers are to be remembered at all.

    Returns
    -------
    RenderableType
        A few lines.
    """
    told, wrong = tell_summary(summary, again, saves=saves)
    lines: list[RenderableType] = [Text(), Text(told)]
    if wrong:
        lines.append(Text("To read again:"))
        lines += [_hanging("-", advice) for advice in wrong]
    return Group(*lines)


def render_bars(
    title: str, rows: Sequence[tuple[str, float, str]], *, plain: bool, full: float | None = None
) -> RenderableType:
    """Draw a bar chart for the terminal.

    Parameters
    ----------
    title
        The line above.
    rows
        Label, length (0 or more) and the words behind the bar.
    plain
        A line for each bar, in words.
    full
        The value of a full bar; None for the largest one.

    Returns
    -------
    RenderableType
        A table of at most 80 columns.
    """
    if plain:
        told = [Text(f"{label}: {words}") for label, _, words in rows]
        return Group(Text(), Text(title, style="bold"), *told)
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 1))
    table.add_column(max_width=34, overflow="fold")
    table.add_column(no_wrap=True)
    table.add_column(max_width=24, overflow="fold")
    top = full or max((value for _, value, _ in rows), default=0) or 1
    for label, value, words in rows:
        bar = _bar(value, top, 20)
        table.add_row(Text(label), Text(bar, style="cyan"), Text(words))
    return Group(Text(), Text(title, style="bold"), table)


def render_table(
    header: Sequence[str], rows: Iterable[Sequence[str]], *, plain: bool
) -> RenderableType:
    """Lay out rows of text.

    Parameters
    ----------
    header
        The titles of the columns.
    rows
        The cells.
    plain
        A line for each row, with the titles in it: a screen reader reads across columns.

    Returns
    -------
    RenderableType
        A table.
    """
    if plain:
        return Group(*(Text(_said(header, row)) for row in rows))
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for title in header:
        table.add_column(title, overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    return table


def _said(header: Sequence[str], row: Sequence[str]) -> str:
    """Return a row in words.

    Examples
    --------
    >>> _said(("topic", "", "asked"), ("conv", "Shapes", "2 of 29"))
    'conv, Shapes; asked: 2 of 29'
    """
    told = [f"{title}: {cell}" for title, cell in zip(header[1:], row[1:], strict=True) if title]
    named = [row[0], *(c for t, c in zip(header[1:], row[1:], strict=True) if not t)]
    return "; ".join([", ".join(named), *told])


def _bar(done: float, total: float, width: int) -> str:
    full = round(width * done / (total or 1))
    return "━" * full + "─" * (width - full)


def _hanging(sign: str, text: str) -> RenderableType:
    grid = Table.grid(padding=(0, 1))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    grid.add_row(Text(f"  {sign}"), Text(text))
    return grid
