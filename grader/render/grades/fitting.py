"""A table that is read at any width: what has no room beside a row stands below it."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

from rich.text import Text

from grader.text import safe_message

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import Console, ConsoleOptions, RenderResult

GAP, INDENT = 2, 2
LEAST, LEAST_TITLE = 22, 8  # letters; a narrower column of words is a strip that nobody reads


def said(text: str, style: str = "") -> Text:
    """Return what is told in a line, in which nothing steers a terminal, whoever wrote it."""
    return Text(safe_message(text), style)


class FittingTable:
    """Rows that say all they have: in columns, or, where these have no room, below the row.

    A column in which no row says anything is left out. Numbers side by side stay together.

    Parameters
    ----------
    titles
        Of the columns, what matters most first; one of numbers begins with `>`.
    kept
        How many of them are columns at any width.
    plain
        A line for each row, with the title before each cell but the first; without styles.
    """

    def __init__(self, *titles: str, kept: int, plain: bool) -> None:
        style = "" if plain else "bold"
        self._titles = [said(title.removeprefix(">"), style) for title in titles]
        self._numbers = [title.startswith(">") for title in titles]
        self._kept = kept
        self._plain = plain
        self._rows: list[Sequence[Text]] = []

    def add_row(self, *cells: Text | str) -> None:
        """Add a row, with a cell for each title; a text is shown as `said` does."""
        self._rows.append([said(cell) if isinstance(cell, str) else cell for cell in cells])

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield lines as long as there is room for."""
        if self._plain:
            yield from map(self._in_words, self._rows)
            return
        room = options.max_width
        shown, below = self._split(room)
        widths = self._widths(shown, room)
        yield from self._side_by_side(console, self._titles, widths)
        numbers = [at for at in below if self._numbers[at]]
        yield from self._indented(console, [self._titles[at] for at in numbers], room)
        for row in self._rows:
            yield from self._side_by_side(console, row, widths)
            yield from self._indented(console, [row[at] for at in numbers], room)
            for at in below:
                if at not in numbers and row[at].plain:
                    told = Text.assemble(self._titles[at].plain, ": ", row[at])
                    yield from self._indented(console, [told], room)

    def _in_words(self, row: Sequence[Text]) -> Text:
        """Return a row as a sentence: what it is about, then each title and its cell."""
        first, *others = zip(self._titles, row, strict=True)
        told = [Text.assemble(title.plain, ": ", cell) for title, cell in others if cell.plain]
        return Text("; ").join([first[1], *told])

    def _natural(self, at: int) -> int:
        """Return how wide a column would be if there were room for everything."""
        return max(row[at].cell_len for row in (self._titles, *self._rows))

    def _least(self, at: int) -> int:
        """Return how wide it has to be; a number is never parted, but the title above it may be."""
        if not self._numbers[at]:
            return min(self._natural(at), LEAST)
        cells = max((row[at].cell_len for row in self._rows), default=0)
        return max(cells, min(self._titles[at].cell_len, LEAST_TITLE))

    def _split(self, room: int) -> tuple[list[int], list[int]]:
        """Return the places of what stands side by side, and of what stands below."""
        told = [
            at
            for at in range(len(self._titles))
            if at < self._kept or any(row[at].plain for row in self._rows)
        ]
        least = {at: self._least(at) for at in told}
        for count in range(len(told), self._kept, -1):
            parts_numbers = count < len(told) and all(
                self._numbers[at] for at in told[count - 1 : count + 1]
            )
            needed = sum(least[at] for at in told[:count]) + GAP * (count - 1)
            if needed <= room and not parts_numbers:
                return told[:count], told[count:]
        return told[: self._kept], told[self._kept :]

    def _widths(self, shown: Sequence[int], room: int) -> dict[int, int]:
        """Return how wide each column is: the widest give way, words beyond their least, too."""
        widths = {at: self._natural(at) for at in shown}
        least = {at: self._least(at) for at in shown}
        for _ in range(sum(widths.values()) + GAP * (len(widths) - 1) - room):
            able = [at for at in shown if widths[at] > least[at]]
            able = able or [at for at in shown if widths[at] > 1 and not self._numbers[at]]
            if able:
                widths[max(able, key=lambda at: widths[at])] -= 1
        return widths

    def _side_by_side(
        self, console: Console, row: Sequence[Text], widths: dict[int, int]
    ) -> Iterator[Text]:
        cells = [
            row[at].wrap(
                console, width, justify="right" if self._numbers[at] else "left", overflow="fold"
            )
            for at, width in widths.items()
        ]
        for parts in zip_longest(*cells):
            line = Text(no_wrap=True)
            for part, width in zip(parts, widths.values(), strict=True):
                line.append_text(Text(" " * width) if part is None else part)
                line.append(" " * GAP)
            line.rstrip()
            yield line

    def _indented(self, console: Console, told: Sequence[Text], room: int) -> Iterator[Text]:
        """Yield what stands below a row; nothing for nothing."""
        text = Text(", ").join(told)
        for line in text.wrap(console, max(room - INDENT, 1), overflow="fold") if told else ():
            line.rstrip()
            yield Text(" " * INDENT, no_wrap=True).append_text(line)
