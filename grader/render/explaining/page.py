"""A topic's page on the screen: Markdown without boxes, pictures in one piece.

Headings, code and links have styles that can be read on light and on dark backgrounds. A picture is
a block of `text`; plain output has a line in its place, no marks of Markdown, a line for each row
of a table, and the address behind a link.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from rich.console import Group
from rich.markdown import (
    BlockQuote,
    CodeBlock,
    Heading,
    HorizontalRule,
    ListItem,
    Markdown,
    TableElement,
)
from rich.padding import Padding
from rich.table import Table
from rich.text import Text
from rich.theme import Theme

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import Console, ConsoleOptions, RenderableType, RenderResult

PICTURE = re.compile(r"^```text\n.*?^```$", re.MULTILINE | re.DOTALL)
NO_PICTURE = "(A picture, which `dlgrade explain` without --plain shows.)"
NAMES = ("code", "link", "link_url", "item.bullet", "item.number", "block_quote")
STYLES = {f"markdown.{name}": "none" for name in NAMES}
STYLES |= {"markdown.code": "bold", "markdown.link": "underline", "markdown.link_url": "underline"}


class _LeftHeading(Heading):
    """A heading where the eye begins, larger ones stronger."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        self.text.justify = "left"
        self.text.stylize({"h1": "bold", "h2": "bold underline"}.get(self.tag, "bold"))
        if self.tag != "h1":
            yield Text("")
        yield self.text


class _PlainBlock(CodeBlock):
    """Code or a picture, as it stands, two columns further in and never wrapped."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        text = Text(str(self.text).rstrip(), no_wrap=True, overflow="ignore")
        yield Padding(text, (0, 0, 0, 2))


class _Page(Markdown):
    elements: ClassVar = {
        **Markdown.elements,
        "heading_open": _LeftHeading,
        "fence": _PlainBlock,
        "code_block": _PlainBlock,
    }

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        with console.use_theme(Theme(STYLES)):
            yield from super().__rich_console__(console, options)


class _PlainItem(ListItem):
    """One thing of a list, behind a sign that every code page has."""

    def render_bullet(self, *_: object) -> RenderResult:
        item = Table(box=None, show_header=False, pad_edge=False, padding=(0, 1, 0, 0))
        item.add_row("-", self.elements)
        yield item


class _PlainQuote(BlockQuote):
    """A quotation, further in, with nothing drawn beside it."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield Padding(self.elements, (0, 0, 0, 4))


class _PlainRule(HorizontalRule):
    """An empty line for a line across."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield Text("")


class _PlainTable(TableElement):
    """A line for each row: each column's name and its cell."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        header = self.header.row if self.header is not None else None
        names = [cell.content.plain for cell in header.cells] if header is not None else []
        for row in self.body.rows if self.body is not None else []:
            cells = [cell.content.plain for cell in row.cells]
            told = zip(names, cells, strict=False)
            yield Text("; ".join(f"{name}: {cell}" if name else cell for name, cell in told))


class _PlainPage(_Page):
    elements: ClassVar = {
        **_Page.elements,
        "list_item_open": _PlainItem,
        "blockquote_open": _PlainQuote,
        "hr": _PlainRule,
        "table_open": _PlainTable,
    }

    def __init__(self, text: str) -> None:
        super().__init__(text, hyperlinks=False)  # the address stands behind the words


def render_page(text: str, *, plain: bool) -> RenderableType:
    """Return a page, or a part of one.

    Parameters
    ----------
    text
        In Markdown, as a course's author wrote it.
    plain
        In words alone: without its pictures, without marks, without boxes.
    """
    return _PlainPage(PICTURE.sub(NO_PICTURE, text)) if plain else _Page(text)


def render_contents(titles: Mapping[str, str]) -> RenderableType:
    """Return the list of all topics.

    Parameters
    ----------
    titles
        Of each module's page by the module's name, "" where it has none.
    """
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    for module, title in titles.items():
        table.add_row(Text(module, "bold"), Text(title.removeprefix(f"{module}: ")))
    return Group(table, Text("\nA page: dlgrade explain MODULE; of one exercise: MODULE.EXERCISE"))
