"""The commands by which an instructor decides: points by hand, other deadlines, who is excused."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from grader.cli.common import Book, say, say_aside
from grader.cli.typed import Command
from grader.errors import UsageError
from grader.text import safe_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.gradebook.assignment import Assignment
    from grader.gradebook.facts import Gradebook
    from grader.gradebook.policy.table import DecisionRow
    from grader.gradebook.view import ClassView

BELOW_NOTHING = re.compile(r"-[\d.,]+")
AS_GRADED = "graded"
NEEDS_REASON = "--why: a decision by hand needs its reason"

Who = Annotated[str | None, typer.Argument(help="Name, id, login or e-mail address.")]
Why = Annotated[str | None, typer.Option(metavar="TEXT", help="The reason; every export shows it.")]
Only = Annotated[str | None, typer.Option(help="Needed when there are several.")]
Undo = Annotated[bool, typer.Option("--undo", help="Take an earlier decision back.")]


class PointsCommand(Command):
    """A command to which points below 0 are points, so that they are refused as such."""

    # Typer keeps its click in several places, and with it the type of a context.
    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read what was typed: a number with a minus in front is no option."""
        ctx.ignore_unknown_options = any(map(BELOW_NOTHING.fullmatch, args))
        return super().parse_args(ctx, args)


def override(
    gradebook: Book,
    student: Who = None,
    exercise: Annotated[str | None, typer.Argument(help="For example conv.im2col.")] = None,
    points: Annotated[
        str | None, typer.Argument(help="What it is worth, or 'graded' to take a decision back.")
    ] = None,
    why: Why = None,
    assignment: Only = None,
    table: Annotated[
        Path | None,
        typer.Option(
            "--from", metavar="CSV", help="Many at once: columns student, exercise, points, why."
        ),
    ] = None,
) -> None:
    """Give points by hand; the decision outlives --regrade."""
    from grader.gradebook.facts import Gradebook
    from grader.gradebook.store.opening import need_gradebook
    from grader.render.signs import points as shown
    from grader.render.signs import worth

    need_gradebook(gradebook)
    if table is None and student is not None and (exercise is None or points is None):
        text = "write `dlgrade override GRADEBOOK STUDENT EXERCISE POINTS --why TEXT`"
        raise UsageError(f"no {'exercise' if exercise is None else 'points'}: {text}")
    rows = _read(table, (student, None), why, ("exercise", "points"))
    if table is None:
        rows = [replace(rows[0], exercise=exercise or "", points=points or "")]
    with Gradebook(gradebook) as book:
        only, names = _find(book, assignment, rows, table)
        possible = dict(only.exercises)
        decided = []
        for name, row in zip(names, rows, strict=True):
            with row.place():
                if row.exercise not in possible:
                    text = f"{only.name!r} has no exercise {row.exercise!r}"
                    raise UsageError(f"{text}; it has {', '.join(possible)}")
                given = _read_points(row.points, possible[row.exercise])
            decided.append((name, row.exercise, given, row.why))
        book.note_overrides(only.id, decided)
    for name, which, given, reason in decided:
        counts = f"{shown(given)} of {worth(possible[which])}"
        told = "as it was graded" if given is None else counts
        say(f"{safe_text(name)}: {safe_text(which)}: {told} ({safe_text(reason)})")


def _only_assignment(chosen: ClassView) -> Assignment:
    found = [one for one in chosen.assignments if chosen.members(one)]
    if len(found) != 1:
        text = f"the student is in {', '.join(repr(one.name) for one in found)}"
        raise UsageError(f"{text}; choose with --assignment NAME")
    return found[0]


def _read_points(text: str, possible: float) -> float | None:
    if text == AS_GRADED:
        return None
    from grader.gradebook.people.numbers import COMMA, EITHER, NumberForm, mark_of
    from grader.render.signs import points as shown

    try:
        points = float(text.replace("_", "?"))  # Python reads `1_5` as 15: a slip of the hand
    except ValueError as error:
        read = NumberForm(COMMA).read(text)
        if read is None:
            raise UsageError(f"{text!r} is neither a number of points nor {AS_GRADED!r}") from error
        if mark_of(text) == EITHER:
            told = f"{text!r} may be a number of thousands or have a decimal comma"
            raise UsageError(f"{told}: write it with a decimal point") from error
        points = read
    if not 0.0 <= points <= possible:
        told = f"{text} point{'' if points == 1 else 's'} cannot be given"
        raise UsageError(f"{told}: the exercise is worth 0 to {shown(possible)}")
    return points + 0.0  # no minus in front of nothing


def extend(
    gradebook: Book,
    student: Who = None,
    date: Annotated[
        str | None, typer.Argument(help="As in --late: 2026-11-03, or 2026-11-03 18:00+01:00.")
    ] = None,
    why: Why = None,
    assignment: Only = None,
    table: Annotated[
        Path | None,
        typer.Option("--from", metavar="CSV", help="Many at once: columns student, date, why."),
    ] = None,
    undo: Undo = False,
) -> None:
    """Give somebody another deadline."""
    from grader.gradebook.facts import Gradebook
    from grader.gradebook.policy.decisions import Extension, note_extensions
    from grader.gradebook.policy.lateness import deadline, read_moment
    from grader.gradebook.store.opening import need_gradebook

    need_gradebook(gradebook)
    if undo and date is not None:
        raise UsageError("--undo takes a deadline back: leave the date out")
    if table is None and not undo and date is None:
        raise UsageError("no date: write `dlgrade extend GRADEBOOK STUDENT DATE --why TEXT`")
    rows = _read(table, (student, date), why, () if undo else ("date",))
    with Gradebook(gradebook) as book:
        only, names = _find(book, assignment, rows, table)
        decided = []
        for name, row in zip(names, rows, strict=True):
            with row.place():
                due = None if undo else read_moment(row.date)
            decided.append((name, Extension(due, row.why)))
        note_extensions(book, only.id, decided)
    for name, one in decided:
        until = "as for everybody" if one.due is None else f"due {deadline(one.due)}"
        say(f"{safe_text(name)}: {until} ({safe_text(one.why)})")


def excuse(
    gradebook: Book,
    student: Who = None,
    why: Why = None,
    assignment: Only = None,
    table: Annotated[
        Path | None,
        typer.Option("--from", metavar="CSV", help="Many at once: columns student, why."),
    ] = None,
    undo: Undo = False,
) -> None:
    """Excuse somebody: an empty cell in exports, never 0."""
    from grader.gradebook.facts import Gradebook
    from grader.gradebook.policy.decisions import Excuse, note_excuses
    from grader.gradebook.store.opening import need_gradebook

    need_gradebook(gradebook)
    rows = _read(table, (student, None), why)
    with Gradebook(gradebook) as book:
        only, names = _find(book, assignment, rows, table)
        decided = [(name, Excuse(not undo, row.why)) for name, row in zip(names, rows, strict=True)]
        note_excuses(book, only.id, decided)
    for name, one in decided:
        word = "excused" if one.excused else "not excused"
        if one.excused and only.by_name[name].handed_in:
            word += ", though they handed in"
        say(f"{safe_text(name)}: {word} ({safe_text(one.why)})")


def _read(
    table: Path | None, given: tuple[str | None, str | None], why: str | None,
    needs: Sequence[str] = (),
) -> list[DecisionRow]:  # fmt: skip
    """Return whom a command is about: one student, or everybody in a table."""
    from grader.gradebook.policy.table import DecisionRow, read_decisions

    if table is not None:
        if given != (None, None):
            raise UsageError("--from FILE says who is meant: leave out the student")
        return read_decisions(table, why or "", needs)
    if given[0] is None:
        raise UsageError("no student: name one, or many with --from CSV")
    if not (why or "").strip():
        raise UsageError(NEEDS_REASON)
    return [DecisionRow("", given[0], given[1] or "", (why or "").strip())]


def _find(
    book: Gradebook, assignment: str | None, rows: Sequence[DecisionRow], table: Path | None
) -> tuple[Assignment, list[str]]:
    """Return the assignment that is meant, and everybody's name in it."""
    from grader.gradebook.view import find_student, find_students, select_view

    for line in book.mended:
        say_aside(line)
    chosen = select_view(book, [assignment] if assignment else [])
    if table is None:
        chosen = chosen.of(find_student(chosen, rows[0].student))
        return _only_assignment(chosen), [chosen.student or ""]
    if len(chosen.assignments) != 1:
        text = "--from FILE is about one assignment; choose with --assignment NAME"
        raise UsageError(f"{text}: {', '.join(map(repr, chosen.names))}")
    names: list[str] = []
    said: dict[tuple[str, str], str] = {}
    for row, found in zip(rows, find_students(chosen, [r.student for r in rows]), strict=True):
        with row.place():
            name = found or find_student(chosen, row.student)
            if before := said.get((name, row.exercise)):
                raise UsageError(f"{row.student!r} is {name}, as {before} says already")
        said[name, row.exercise] = row.where
        names.append(name)
    return chosen.assignments[0], names
