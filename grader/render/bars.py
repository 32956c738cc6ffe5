"""How much of each module has passed, in bars or in numbers."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby, zip_longest
from typing import TYPE_CHECKING

from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from grader.render.signs import QUIET, RIGHT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console, ConsoleOptions, RenderableType, RenderResult

    from grader.render.shown import Standing

BAR = 12


def render_modules(standings: Sequence[Standing], *, plain: bool) -> RenderableType:
    """Return how much of each module has passed: two columns of bars, read down each.

    Parameters
    ----------
    standings
        One for each exercise, in order.
    plain
        A line of numbers for each module.
    """
    counts = count_modules(standings)
    if plain:
        return Text("\n".join(f"{module}: {done} of {total}" for module, done, total in counts))
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    for is_bar in (False, True, False) * 2:
        table.add_column(no_wrap=not is_bar)  # so that of these the bars give way
    half = (len(counts) + 1) // 2
    for left, right in zip_longest(counts[:half], counts[half:]):
        cells: list[RenderableType] = []
        for module, done, total in filter(None, (left, right)):
            cells += [Text(module, "bold"), _Bar(done, total), Text(f"{done} of {total}")]
        table.add_row(*cells)
    return table


def count_modules(standings: Sequence[Standing]) -> list[tuple[str, int, int]]:
    """Return each module with how many of its exercises passed, and how many there are.

    Parameters
    ----------
    standings
        One for each exercise, in order.
    """
    groups = groupby(standings, key=lambda standing: standing.exercise.module)
    rows = [(module, [one.passed for one in group]) for module, group in groups]
    return [(module, sum(passed), len(passed)) for module, passed in rows]


def say_numbers(counts: Sequence[tuple[str, int, int]]) -> list[str]:
    """Return the same short, for a sentence; no module is parted from its numbers.

    Parameters
    ----------
    counts
        From `count_modules`.
    """
    return [f"{module}\u00a0{done}/{total}" for module, done, total in counts]


@dataclass(frozen=True)
class _Bar:
    """How much of a module has passed; on a narrow screen shorter, so that its name stays whole."""

    done: int
    total: int

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        length = min(BAR, options.max_width)
        filled = length * self.done // self.total if self.total else 0
        yield Text.assemble(("━" * filled, RIGHT), ("─" * (length - filled), QUIET))

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        return Measurement(1, min(BAR, options.max_width))
