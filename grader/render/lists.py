"""The screens about the whole course: `dlgrade` alone, `list`, `hint`, and what `init` did."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from rich.console import Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from grader.model import Status
from grader.render.signs import QUIET, RIGHT, mark, points, style_for, worth
from grader.text import counted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rich.console import RenderableType

    from grader.render.shown import HintPage, LaidOut, Restored, Standing

BAR = 20


def render_list(
    standings: Sequence[Standing], *, todo: bool = False, plain: bool = False
) -> RenderableType:
    """Return the table of exercises: sign, name, points earned and possible, how far it is.

    Parameters
    ----------
    standings
        One for each exercise, in order.
    todo
        Leave out what passed; the total counts it all the same.
    plain
        Words for signs.
    """
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("exercise", style="bold", no_wrap=True)
    table.add_column("points", justify="right", no_wrap=True)
    table.add_column("progress")
    for standing in standings:
        if todo and standing.passed:
            continue
        sign, style = _mark(standing, plain=plain)
        earned = f"{points(standing.earned)} / {points(standing.exercise.points)}"
        state = Text.assemble(sign, " ", (standing.state, style))
        table.add_row(standing.exercise.id, earned, state)
    return Group(table, Text(""), _total(standings))


def _mark(standing: Standing, *, plain: bool) -> tuple[Text, str]:
    """Return the sign of a state, and the colour of its words."""
    word = standing.state.partition(",")[0]
    if standing.passed:
        return mark(Status.PASSED, plain=plain), RIGHT
    if word in ("to do", "no file", "written"):
        return mark(Status.UNIMPLEMENTED, plain=plain), QUIET
    if word == "broken file":
        return mark(Status.MISSING, plain=plain), style_for(Status.MISSING)
    status = Status(word)
    return mark(status, plain=plain), style_for(status)


def _total(standings: Sequence[Standing]) -> Text:
    earned = sum(standing.earned or 0.0 for standing in standings)
    possible = sum(standing.exercise.points for standing in standings)
    passed = sum(standing.passed for standing in standings)
    return Text.assemble(
        (f"{points(earned)} of {worth(possible)}", "bold"),
        f" · {passed} of {counted(len(standings), 'exercise')} passed",
    )


def render_home(
    standings: Sequence[Standing],
    folder: Path | None,
    following: Standing | None,
    *,
    plain: bool = False,
) -> RenderableType:
    """Return where a student stands: points, a bar for each module, what is next.

    Parameters
    ----------
    standings
        One for each exercise of the course, in order.
    folder
        The student's files; None when there are none here.
    following
        What to work on next; None when everything passed.
    plain
        Numbers for bars.
    """
    if folder is None:
        return Group(
            Text("There are no exercises in this folder yet."),
            Text.assemble("Begin: ", ("dlgrade init", "bold"), " puts them into ./exercises."),
            Text.assemble("All commands: ", ("dlgrade --help", "bold")),
        )
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    for module, group in groupby(standings, key=lambda standing: standing.exercise.module):
        rows = list(group)
        passed = sum(row.passed for row in rows)
        cells = [Text(module, "bold"), Text(f"{passed} of {len(rows)}")]
        table.add_row(*(cells if plain else [cells[0], _bar(passed, len(rows)), cells[1]]))
    parts: list[RenderableType] = [
        _total(standings),
        Text(f"in {folder}", QUIET),
        Text(""),
        table,
        Text(""),
    ]
    return Group(*parts, render_next(following))


def _bar(done: int, total: int) -> Text:
    filled = BAR * done // total if total else 0
    return Text.assemble(("━" * filled, RIGHT), ("─" * (BAR - filled), QUIET))


def render_next(following: Standing | None, *, watching: bool = False) -> RenderableType:
    """Return what to do next.

    Parameters
    ----------
    following
        What to work on next; None when everything passed.
    watching
        Leave out the commands: `dlgrade watch` has keys.
    """
    if following is None:
        return Text("Everything here passes. Well done.", RIGHT)
    exercise = following.exercise
    lines = [
        Text.assemble(("Next: ", "bold"), (exercise.id, "bold"), f"  {worth(exercise.points)}"),
        Text(f"  {exercise.lesson}"),
    ]
    if not watching:
        lines += [
            Text.assemble("  ", ("dlgrade watch", "bold"), "  checks at every save"),
            Text.assemble("  ", (f"dlgrade hint {exercise.id}", "bold"), "  helps"),
        ]
    return Group(*lines)


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
        text = "That was the last one; `dlgrade check --explain` shows the formula."
        parts.append(Text(text, QUIET))
    return Group(*parts)


def render_layout(layout: LaidOut) -> RenderableType:
    """Return what `init` did, and what to do now."""
    rows = [
        ("wrote", layout.written),
        ("brought up to date (you had not edited it)", layout.renewed),
        ("left alone (it is yours)", layout.kept),
    ]
    lines = [Text(f"{word}: {', '.join(names)}") for word, names in rows if names]
    if not lines:
        lines = [Text("Everything is there already.")]
    where = Text.assemble(("\nYour exercises are in ", "bold"), (str(layout.folder), "bold"))
    now = Text.assemble("Now: ", ("dlgrade watch", "bold"), ", with your editor beside it.")
    return Group(*lines, where, now)


def render_restored(restored: Restored) -> RenderableType:
    """Return what `reset` did, and where the old text is."""
    if restored.backup is None and restored.path.exists():
        return Text(f"{restored.what} is the stub; nothing of yours was replaced.")
    kept = restored.backup.name if restored.backup else ""
    return Text(f"{restored.what} is the stub again; your text is kept in {kept}.")
