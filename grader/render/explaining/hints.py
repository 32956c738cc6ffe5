"""The hints that are open: `dlgrade hint`, and its key in `watch`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.padding import Padding
from rich.text import Text

from grader.render.signs import QUIET

if TYPE_CHECKING:
    from rich.console import RenderableType

    from grader.render.shown import HintPage


def render_hints(page: HintPage) -> RenderableType:
    """Return the open hints, the newest last; the others are quiet."""
    count = len(page.shown)
    if page.total == 0:
        return Text(f"{page.exercise_id} has no hints.")
    parts: list[RenderableType] = [
        Text.assemble((page.exercise_id, "bold"), f"  hint {count}/{page.total}")
    ]
    for number, text in enumerate(page.shown, 1):
        style = "" if number == count else QUIET
        lines = text.replace("\n", "\n   ")  # below the text, not below its number
        parts.append(Padding(Text(f"{number}. {lines}", style), (0, 0, 0, 2)))
    if count == page.total:
        text = f"That was the last one; dlgrade explain {page.exercise_id} shows the formula."
        parts.append(Text(text, QUIET))
    return Group(*parts)
