"""The drawings as a list: what each shows, and whose it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.table import Table
from rich.text import Text

from grader.render.signs import QUIET

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType

HEAD = "dlgrade draw NAME draws one; the name of an exercise or a module will do as well."
NOBODY = "of no exercise: its numbers are ours"


def render_drawings(
    drawings: Sequence[tuple[str, str, Sequence[str]]], *, plain: bool
) -> RenderableType:
    """Return the list.

    Parameters
    ----------
    drawings
        Of each its name, what it shows, and the exercises that it belongs to.
    plain
        Whether nothing is told by colours.
    """
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    for name, shows, exercises in drawings:
        whose = Text(", ".join(exercises) or NOBODY, "" if plain else QUIET)
        table.add_row(Text(f"  {name}", "bold"), Group(Text(shows), whose))
    return Group(Text(HEAD), Text(""), table)
