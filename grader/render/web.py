"""The same messages as HTML, for notebooks: inline styles, readable on light and on dark pages."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from rich.console import Console, Group
from rich.terminal_theme import TerminalTheme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType

WIDTH = 96
FRAME = (
    '<pre style="white-space:pre;overflow-x:auto;line-height:1.35;background:none;color:inherit;'
    "font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace\">"
    "{code}</pre>"
)
MIDDLE = [  # black red green yellow blue magenta cyan white: each readable on white and on black
    (128, 128, 128), (211, 60, 60), (38, 150, 70), (160, 125, 0),
    (50, 115, 210), (175, 80, 190), (0, 140, 155), (128, 128, 128),
]  # fmt: skip
THEME = TerminalTheme((128, 128, 128), (128, 128, 128), MIDDLE, MIDDLE)


def to_html(parts: Sequence[RenderableType], *, width: int = WIDTH) -> str:
    """Return renderables as one block of HTML; every text in it is escaped.

    Parameters
    ----------
    parts
        One below the other.
    width
        In characters.
    """
    console = Console(
        force_jupyter=False,
        file=io.StringIO(), record=True, width=width, color_system="truecolor",
        force_terminal=True, markup=False, highlight=False, emoji=False, no_color=False,
    )  # fmt: skip
    console.print(Group(*parts))
    return console.export_html(theme=THEME, inline_styles=True, code_format=FRAME)


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
