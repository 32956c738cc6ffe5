"""What an instructor sees: a line for each submission, and the class as a whole. Never prints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.console import Group
from rich.table import Table
from rich.text import Text

from grader.text import safe_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType

    from grader.render.shown import ClassSummary, Done, ExerciseSummary

MAX_SHOWN = 20
COLOURS = {"passed": "green", "ungraded": "magenta", "crashed": "red", "rejected": "red"}


def render_done(done: Done) -> Text:
    """Return one line about a submission: points, and what did not pass."""
    if not done.facts:
        return Text(f"{safe_text(done.name)}: graded before")
    earned = sum(fact["earned"] or 0.0 for fact in done.facts)
    possible = sum(fact["possible"] for fact in done.facts)
    counts: dict[str, int] = {}
    for fact in done.facts:
        counts[fact["status"]] = counts.get(fact["status"], 0) + 1
    words = ", ".join(f"{count} {status}" for status, count in counts.items())
    text = f"{safe_text(done.name)}: {earned:.4g} of {possible:.4g} points ({words})"
    return Text("\n  ".join([text, *(f"warning: {safe_text(w)}" for w in done.warnings)]))


def render_skipped(skipped: Sequence[tuple[str, str]]) -> Text:
    """Return what lies among the submissions and is none."""
    shown = [f"skipped {safe_text(name)}: {reason}" for name, reason in skipped[:MAX_SHOWN]]
    if len(skipped) > MAX_SHOWN:
        shown.append(f"skipped {len(skipped) - MAX_SHOWN} more")
    return Text("\n".join(shown), style="yellow")


def render_summary(summary: ClassSummary, *, plain: bool = False) -> RenderableType:
    """Return the class as a whole: how many passed, the commonest mistakes, who needs a look."""
    table = Table(box=None, pad_edge=False, header_style="" if plain else "bold")
    table.add_column("exercise", no_wrap=True)
    table.add_column("passed", justify="right", no_wrap=True)
    table.add_column("others", overflow="fold")
    table.add_column("commonest mistakes", overflow="fold")
    for entry in summary.exercises:
        table.add_row(*_cells(entry, plain=plain))
    parts: list[RenderableType] = [table]
    if summary.worth_a_look:
        parts.append(Text("\nworth a look:", style="" if plain else "bold"))
        parts += [_look(row, plain=plain) for row in summary.worth_a_look[:MAX_SHOWN]]
        more = len(summary.worth_a_look) - MAX_SHOWN
        if more > 0:
            parts.append(Text(f"  and {more} more: `dlgrade export` has them all"))
    return Group(*parts)


def _cells(entry: ExerciseSummary, *, plain: bool) -> list[Text]:
    total = sum(entry.counts.values())
    passed = entry.counts.get("passed", 0)
    others = [
        f"{count} {status}" for status, count in sorted(entry.counts.items()) if status != "passed"
    ]
    mistakes = [f"{count} x {name}" for name, count in entry.mistakes]
    style = "green" if passed == total and not plain else ""
    return [
        Text(entry.id),
        Text(f"{passed} of {total}", style=style),
        Text(", ".join(others)),
        Text(", ".join(mistakes)),
    ]


def _look(row: tuple[str, str, str, str], *, plain: bool) -> Text:
    name, exercise, status, message = row
    text = Text(f"  {safe_text(name)}  {exercise}  ")
    text.append(status, style="" if plain else COLOURS.get(status, ""))
    text.append(f"  {safe_text(message)}")
    return text


def progress_columns() -> Any:
    """Return the columns of the progress bar: how far, how fast, how long still."""
    from rich.progress import (  # noqa: PLC0415 - only at a terminal
        BarColumn,
        MofNCompleteColumn,
        ProgressColumn,
        TextColumn,
        TimeRemainingColumn,
    )

    class Rate(ProgressColumn):
        """Submissions in a second."""

        def render(self, task: Any) -> Text:
            """Return the rate."""
            return Text(f"{task.speed:.1f}/s" if task.speed else "")

    remaining = TimeRemainingColumn(compact=True)
    return (BarColumn(), MofNCompleteColumn(), Rate(), remaining, TextColumn("{task.description}"))
