"""What an instructor sees: a line for each submission, and the class as a whole. Never prints."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING, Any

from rich.console import Group
from rich.text import Text

from grader.model import Status
from grader.render.grades.fitting import FittingTable, said
from grader.render.signs import RIGHT, count_words, points, style_for, word_for, worth
from grader.text import counted, safe_name, safe_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType

    from grader.render.grades.told import (
        Change,
        ClassFigures,
        ClassSummary,
        Done,
        ExerciseSummary,
        InboxSummary,
    )

MAX_SHOWN = 20
TEN, MINUTE, HOUR = 10, 60, 3600  # seconds
MAX_EXERCISES = 3  # of one student, in a line about what changed


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
        return said(f"{safe_name(done.name)}: the same files as {safe_name(done.same_as)}")
    notes = [done.note] * bool(done.note) + [f"warning: {w}" for w in done.warnings]
    if not done.facts:
        text = f"{safe_name(done.name)}: graded before"
        return said("\n  ".join([text, *map(safe_text, notes)]))
    earned = sum(entry["earned"] or 0.0 for entry in done.facts)
    possible = sum(entry["possible"] for entry in done.facts)
    words = count_words(Counter(entry["status"] for entry in done.facts))
    text = f"{safe_name(done.name)}: {points(earned)} of {worth(possible)} ({words})"
    if all(entry["status"] == Status.UNGRADED for entry in done.facts):
        text = f"{safe_name(done.name)}: {words}"
    return said("\n  ".join([text, *map(safe_text, notes)]))


def render_skipped(skipped: Sequence[tuple[str, str]]) -> Text:
    """Return what lies among the submissions and is none."""
    shown = [f"skipped {safe_name(name)}: {reason}" for name, reason in skipped[:MAX_SHOWN]]
    if len(skipped) > MAX_SHOWN:
        shown.append(f"skipped {len(skipped) - MAX_SHOWN} more")
    return said("\n".join(shown), "yellow")


def render_summary(summary: ClassSummary, *, plain: bool = False) -> RenderableType:
    """Return the class as a whole: how many passed, the commonest mistakes, who needs a look."""
    titles = ("exercise", ">passed", "others", "commonest mistakes")
    table = FittingTable(*titles, kept=2, plain=plain)
    for exercise in summary.exercises:
        table.add_row(*_cells(exercise, plain=plain))
    parts: list[RenderableType] = [table, *_render_inbox(summary.inbox, plain=plain)]
    people = [list(some) for _, some in groupby(summary.worth_a_look, lambda row: row[0])]
    if people:
        parts.append(Text("\nworth a look:", style="" if plain else "bold"))
        parts += [_remark(rows, plain=plain) for rows in people[:MAX_SHOWN]]
        if len(people) > MAX_SHOWN:
            parts.append(Text(f"  and {len(people) - MAX_SHOWN} more: `dlgrade show` has them all"))
    if summary.mended:
        parts.append(Text("\nmended in the gradebook:", style="" if plain else "bold"))
        parts += [said(f"  {safe_text(line)}") for line in summary.mended]
    if summary.changes:
        parts.append(said(f"\n{changes_line(summary.changes)}"))
    if summary.scores is not None:
        parts.append(Text(f"\n{spread_line(summary.scores, summary.possible)}"))
    return Group(*parts)


def spread_line(figures: ClassFigures, possible: float) -> str:
    """Return how points are spread, in one line.

    Examples
    --------
    >>> from grader.render.grades.told import ClassFigures
    >>> spread_line(ClassFigures(4, 3.0, 2.2, 1.75, 2.5, 3.75, 1.0, 6.0), 7.0)
    '4 graded: mean 3 of 7 points, median 2.5, half of them between 1.75 and 3.75'
    """
    text = f"{figures.count} graded: mean {points(figures.mean)} of {worth(possible)}"
    if figures.count == 1:
        return text
    half = f"half of them between {points(figures.low)} and {points(figures.high)}"
    return f"{text}, median {points(figures.median)}, {half}"


def duration(seconds: float) -> str:
    """Return how long something took, as people say it.

    Examples
    --------
    >>> duration(0.4), duration(59.7), duration(125), duration(7260)
    ('0.4 s', '1 min', '2 min 5 s', '2 h 1 min')
    """
    if seconds < TEN:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < MINUTE:
        return f"{whole} s"
    big, small, names = (
        (*divmod(whole, MINUTE), ("min", "s"))
        if whole < HOUR
        else (*divmod(whole // MINUTE, MINUTE), ("h", "min"))
    )
    return f"{big} {names[0]}" + (f" {small} {names[1]}" if small else "")


def changes_line(
    changes: Sequence[tuple[str, Sequence[Change]]], most: int | None = MAX_SHOWN
) -> str:
    """Return whose points are others than before, in one line; the first `most` of them.

    Examples
    --------
    >>> from grader.render.grades.told import Change, Reached
    >>> before, after = Reached("failed", 0.0), Reached("passed", 2.0)
    >>> change = Change("b", "conv.im2col", before, after, "other cases", (3.0, 5.0))
    >>> changes_line([("Bo", [change])])
    '1 grade changed: Bo 3 -> 5 (conv.im2col: failed -> passed, other cases)'
    """
    lines = [_changed(*one) for one in changes]
    count = counted(len(changes), "grade")
    return f"{count} changed: {'; '.join(lines if most is None else shorten(lines))}"


def _changed(name: str, changes: Sequence[Change]) -> str:
    before, after = ("open" if one is None else points(one) for one in changes[0].grade)
    what = [
        f"{safe_text(one.exercise)}: {one.before.status} -> {one.after.status}, {one.why}"
        for one in changes[:MAX_EXERCISES]
    ]
    more = len(changes) - MAX_EXERCISES
    what += [f"{more} more exercises"] * (more > 0)
    return f"{safe_name(name)} {before} -> {after} ({'; '.join(what)})"


def _render_inbox(inbox: InboxSummary, *, plain: bool) -> list[Text]:
    """Return whose files were guessed, and whose could not be read."""
    parts = []
    for title, rows in (("guessed", inbox.guessed), ("could not be read", inbox.unread)):
        if rows:
            parts.append(Text(f"\n{title}:", style="" if plain else "bold"))
            parts += [said(f"  {safe_name(n)}  {safe_text(note)}") for n, note in rows[:MAX_SHOWN]]
            if len(rows) > MAX_SHOWN:
                parts.append(Text(f"  and {len(rows) - MAX_SHOWN} more"))
    return parts


def _cells(exercise: ExerciseSummary, *, plain: bool) -> list[Text]:
    total = sum(exercise.counts.values())
    passed = exercise.counts.get(Status.PASSED, 0)
    others = {name: n for name, n in sorted(exercise.counts.items()) if name != Status.PASSED}
    mistakes = [f"{count} x {safe_text(name)}" for name, count in exercise.mistakes]
    style = RIGHT if passed == total and not plain else ""
    return [
        said(safe_text(exercise.id)),
        said(f"{passed} of {total}", style),
        said(count_words(others)),
        said(", ".join(mistakes)),
    ]


def _remark(rows: Sequence[tuple[str, str, str, str]], *, plain: bool) -> Text:
    """Return the first thing to see about somebody, and how many more there are."""
    name, exercise, status, message = rows[0]
    text = said(f"  {safe_name(name)}  {safe_text(exercise)}  ")
    text.append_text(said(word_for(status), "" if plain else style_for(status)))
    text.append_text(said(f"  {safe_text(message)}"))
    if len(rows) > 1:
        text.append(f"  (and {len(rows) - 1} more of the exercises)")
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
