"""The same messages as HTML, for notebooks: inline styles, readable on light and on dark pages.

Prose wraps with the cell; tables, whose columns stand below each other, keep their lines and
scroll by themselves. A whole screen becomes an SVG file that loads nothing from elsewhere.
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console, Group
from rich.padding import Padding
from rich.terminal_theme import MONOKAI, TerminalTheme
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import RenderableType

WIDTH = 96
PROSE_WIDTH = 10_000  # no line of prose is broken here: the page does that
FONT = "ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace"
FRAME = (
    '<div style="line-height:1.35;background:none;color:inherit;font-size:13px;'
    f'font-family:{FONT}">{{}}</div>'
)
PROSE = '<div style="white-space:pre-wrap;overflow-wrap:anywhere;min-height:1.35em">{code}</div>'
TABLE = (
    '<pre style="white-space:pre;overflow-x:auto;margin:0;line-height:1.35;background:none;'
    f'color:inherit;font-size:inherit;font-family:{FONT}">{{code}}</pre>'
)
MIDDLE = [  # black red green yellow blue magenta cyan white: each readable on white and on black
    (128, 128, 128), (211, 60, 60), (38, 150, 70), (160, 125, 0),
    (50, 115, 210), (175, 80, 190), (0, 140, 155), (128, 128, 128),
]  # fmt: skip
BLANK = "&#160;"
CELL = 12.2  # width of a character in Rich's pictures
FONTS = "ui-monospace, Menlo, Consolas, DejaVu Sans Mono"
LOADED = re.compile(r"@font-face \{\{.*?\}\}\s*", re.DOTALL)
PLACED = re.compile(r'x="([\d.]+)" (y="[\d.]+" )textLength="[\d.]+"([^>]*)>([^<]*)<')
THEME = TerminalTheme((128, 128, 128), (128, 128, 128), MIDDLE, MIDDLE)


def to_html(parts: Sequence[RenderableType], *, width: int = WIDTH) -> str:
    """Return renderables as one block of HTML; every text in it is escaped.

    Parameters
    ----------
    parts
        One below the other.
    width
        Of a table, in characters.
    """
    return FRAME.format("".join(_blocks(parts, width)))


def _blocks(parts: Sequence[RenderableType], width: int) -> Iterator[str]:
    """Yield a block for each piece of prose and each table, however deep it is."""
    for part in parts:
        if isinstance(part, Group):
            yield from _blocks(part.renderables, width)
        elif isinstance(part, Padding):
            inside = "".join(_blocks([part.renderable], width))
            yield f'<div style="margin-left:{part.left}ch">{inside}</div>'
        elif isinstance(part, (str, Text)):
            yield _exported(part, PROSE_WIDTH, PROSE)
        else:
            yield _exported(part, width, TABLE)


def _exported(part: RenderableType, width: int, frame: str) -> str:
    console = Console(
        force_jupyter=False,
        file=io.StringIO(), record=True, width=width, color_system="truecolor",
        force_terminal=True, markup=False, highlight=False, emoji=False, no_color=False,
    )  # fmt: skip
    console.print(part, end="")
    return console.export_html(theme=THEME, inline_styles=True, code_format=frame)


def to_plain(parts: Sequence[RenderableType], *, width: int = WIDTH) -> str:
    """Return renderables as plain text, without spaces at the ends of lines."""
    console = Console(
        force_jupyter=False,
        file=io.StringIO(), width=width, color_system=None, markup=False, highlight=False,
        emoji=False, legacy_windows=False,
    )  # fmt: skip
    with console.capture() as captured:
        console.print(Group(*parts))
    return "\n".join(line.rstrip() for line in captured.get().splitlines()).strip("\n")


def to_svg(console: Console, title: str, unique_id: str) -> str:
    """Return what a console has recorded as a picture, with the fonts of whoever looks at it.

    Parameters
    ----------
    console
        Made with `record=True`.
    title
        Stands in the bar above.
    unique_id
        Of the picture, among all that one page may hold.
    """
    form = LOADED.sub("", CONSOLE_SVG_FORMAT).replace("Fira Code", FONTS)
    picture = console.export_svg(title=title, theme=MONOKAI, code_format=form, unique_id=unique_id)
    return PLACED.sub(_trimmed, picture)


def _trimmed(match: re.Match[str]) -> str:
    """Return a text that begins where its first letter is: some viewers drop leading blanks."""
    at, height, rest, text = match.groups()
    inner = text
    while inner.startswith(BLANK):
        inner = inner.removeprefix(BLANK)
    leading = (len(text) - len(inner)) // len(BLANK)
    while inner.endswith(BLANK):
        inner = inner.removesuffix(BLANK)
    letters = re.sub(r"&#?\w+;", "x", inner)
    start, length = float(at) + leading * CELL, len(letters) * CELL
    return f'x="{start:g}" {height}textLength="{length:g}"{rest}>{inner}<'
