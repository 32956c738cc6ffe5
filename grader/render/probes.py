"""The table of `dlgrade doctor`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from grader.render.signs import RIGHT, WRONG

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType


@dataclass(frozen=True)
class Probe:
    """One thing that was tried.

    Parameters
    ----------
    name, detail
        What, and what was found.
    held
        Whether it is as it should be.
    remedy
        The line that helps.
    needed
        Whether `dlgrade check` cannot do without it.
    """

    name: str
    detail: str
    held: bool = True
    remedy: str = ""
    needed: bool = True


def render_probes(probes: Sequence[Probe], *, plain: bool = False) -> RenderableType:
    """Return the table of what was probed: held or not held, and what helps."""
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    for probe in probes:
        sign, style = ("held", RIGHT) if probe.held else ("not held", WRONG)
        if not plain:
            sign = ("✔ " if probe.held else "✘ ") + sign
        table.add_row(Text(sign, style), Text(probe.name, "bold"), Text(probe.detail))
        if not probe.held and probe.remedy:
            table.add_row("", "", Text(probe.remedy, "magenta"))
    return table
