"""What an instructor sees: a line for each submission, and the class as a whole. Never prints."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from rich.console import Group
from rich.table import Table
from rich.text import Text

from grader.model import Status
from grader.render.signs import RIGHT, count_words, points, style_for, word_for
from grader.text import safe_name, safe_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType

    from grader.engine.document import Entry

MAX_SHOWN = 20


@dataclass(frozen=True)
class ExerciseSummary:
    """One exercise over the class.

    Parameters
    ----------
    id
        Of the exercise.
    counts
        How many submissions have each status.
    mistakes
        The commonest mistakes with how often they occur, the commonest first.
    """

    id: str
    counts: dict[str, int]
    mistakes: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class InboxSummary:
    """How what came in was read.

    Parameters
    ----------
    counts
        How many submissions were recognised in each way.
    guessed, unread
        Name and note of those of whom something was guessed, and of those who could not be read.
    """

    counts: dict[str, int] = field(default_factory=dict)
    guessed: tuple[tuple[str, str], ...] = ()
    unread: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class ClassSummary:
    """The class as a whole.

    Parameters
    ----------
    exercises
        One entry each, in the course's order.
    worth_a_look
        Name, exercise, status and message of what an instructor should see.
    inbox
        How it was read.
    """

    exercises: tuple[ExerciseSummary, ...]
    worth_a_look: tuple[tuple[str, str, str, str], ...]
    inbox: InboxSummary = field(default_factory=InboxSummary)


@dataclass(frozen=True)
class Done:
    """One submission that is in the gradebook now.

    Parameters
    ----------
    name
        Whose.
    facts
        What this run found out; empty when all of it was known before.
    warnings
        What the instructor should know about it.
    note
        What was guessed, or why it could not be read.
    same_as
        Who handed in the same before, in this run.
    """

    name: str
    facts: Sequence[Entry]
    warnings: Sequence[str] = ()
    note: str = ""
    same_as: str = ""


def shorten(lines: Sequence[str]) -> list[str]:
    """Return the first lines, and how many more there are.

    Parameters
    ----------
    lines
        All of one kind.

    Examples
    --------
    >>> shorten(["a"] * 30)[-1]
    'and 10 more'
    """
    more = len(lines) - MAX_SHOWN
    return [*lines[:MAX_SHOWN], *([f"and {more} more"] if more > 0 else [])]


def render_done(done: Done) -> Text:
    """Return one line about a submission: points, and what did not pass."""
    if not done.facts and done.same_as:
        return Text(f"{safe_name(done.name)}: the same files as {safe_name(done.same_as)}")
    if not done.facts:
        return Text(f"{safe_name(done.name)}: graded before")
    earned = sum(entry["earned"] or 0.0 for entry in done.facts)
    possible = sum(entry["possible"] for entry in done.facts)
    words = count_words(Counter(entry["status"] for entry in done.facts))
    text = f"{safe_name(done.name)}: {points(earned)} of {points(possible)} points ({words})"
    if all(entry["status"] == Status.UNGRADED for entry in done.facts):
        text = f"{safe_name(done.name)}: {words}"
    notes = [done.note] * bool(done.note) + [f"warning: {w}" for w in done.warnings]
    return Text("\n  ".join([text, *map(safe_text, notes)]))


def render_skipped(skipped: Sequence[tuple[str, str]]) -> Text:
    """Return what lies among the submissions and is none."""
    shown = [f"skipped {safe_name(name)}: {reason}" for name, reason in skipped[:MAX_SHOWN]]
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
    for exercise in summary.exercises:
        table.add_row(*_cells(exercise, plain=plain))
    parts: list[RenderableType] = [table, *_render_inbox(summary.inbox, plain=plain)]
    if summary.worth_a_look:
        parts.append(Text("\nworth a look:", style="" if plain else "bold"))
        parts += [_remark(row, plain=plain) for row in summary.worth_a_look[:MAX_SHOWN]]
        more = len(summary.worth_a_look) - MAX_SHOWN
        if more > 0:
            parts.append(Text(f"  and {more} more: `dlgrade export` has them all"))
    return Group(*parts)


def _render_inbox(inbox: InboxSummary, *, plain: bool) -> list[Text]:
    """Return whose files were guessed, and whose could not be read."""
    parts = []
    for title, rows in (("guessed", inbox.guessed), ("could not be read", inbox.unread)):
        if rows:
            parts.append(Text(f"\n{title}:", style="" if plain else "bold"))
            parts += [Text(f"  {safe_name(n)}  {safe_text(note)}") for n, note in rows[:MAX_SHOWN]]
            if len(rows) > MAX_SHOWN:
                parts.append(Text(f"  and {len(rows) - MAX_SHOWN} more"))
    return parts


def _cells(exercise: ExerciseSummary, *, plain: bool) -> list[Text]:
    total = sum(exercise.counts.values())
    passed = exercise.counts.get(Status.PASSED, 0)
    others = {name: n for name, n in sorted(exercise.counts.items()) if name != Status.PASSED}
    mistakes = [f"{count} x {name}" for name, count in exercise.mistakes]
    style = RIGHT if passed == total and not plain else ""
    return [
        Text(exercise.id),
        Text(f"{passed} of {total}", style=style),
        Text(count_words(others)),
        Text(", ".join(mistakes)),
    ]


def _remark(row: tuple[str, str, str, str], *, plain: bool) -> Text:
    name, exercise, status, message = row
    text = Text(f"  {safe_name(name)}  {exercise}  ")
    text.append(word_for(status), style="" if plain else style_for(status))
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
