"""The table of `dlgrade doctor`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.console import Group
from rich.table import Table
from rich.text import Text

from grader.render.signs import QUIET, RIGHT, WRONG

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import RenderableType

SIGNS = {
    True: ("✔", "held", RIGHT),
    False: ("✘", "not held", WRONG),
    None: ("?", "not told", QUIET),
}


@dataclass(frozen=True)
class Probe:
    """One thing that was tried.

    Parameters
    ----------
    name, detail
        What, and what was found.
    held
        Whether it is as it should be; None where nobody can tell, and `detail` says why.
    remedy
        The line that helps.
    needed
        Whether `dlgrade check` cannot do without it.
    """

    name: str
    detail: str
    held: bool | None = True
    remedy: str = ""
    needed: bool = True


def render_probes(probes: Sequence[Probe], *, plain: bool = False) -> RenderableType:
    """Return the table of what was probed: held, not held or not told, and what helps.

    Plain, it is a line for each, with what helps below it.
    """
    if plain:
        return Group(*(line for probe in probes for line in _in_words(probe)))
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    for _ in range(3):
        table.add_column(overflow="fold")  # of a path, nothing is left out
    for probe in probes:
        mark, sign, style = SIGNS[probe.held]
        table.add_row(Text(f"{mark} {sign}", style), Text(probe.name, "bold"), Text(probe.detail))
        if not probe.held and probe.remedy:
            table.add_row("", "", Text(probe.remedy, "magenta"))
    return table


def _in_words(probe: Probe) -> Iterator[Text]:
    told = (SIGNS[probe.held][1], probe.name, probe.detail)
    yield Text(": ".join(filter(None, told)))
    if not probe.held and probe.remedy:
        yield Text(f"  {probe.remedy}")
