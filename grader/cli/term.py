"""The commands that end a term: points by hand, pages for students, a page for the class."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from grader.cli.common import (
    Best,
    Late,
    ShowCases,
    make_policy,
    need_class_libraries,
    tell_damage,
    tell_remarks,
)
from grader.errors import UsageError
from grader.text import safe_text

if TYPE_CHECKING:
    from grader.gradebook.assignment import Assignment
    from grader.gradebook.view import ClassView

AS_GRADED = "graded"

Book = Annotated[Path, typer.Argument(metavar="GRADEBOOK", help="From `dlgrade grade`.")]
Output = Annotated[Path, typer.Option("-o", "--output", metavar="DIR", help="Where pages go.")]
Assignments = Annotated[list[str] | None, typer.Option(help="Only this one.")]


def override(
    gradebook: Book,
    student: Annotated[str, typer.Argument(help="Name, id, login or e-mail address.")],
    exercise: Annotated[str, typer.Argument(help="For example conv.im2col.")],
    points: Annotated[
        str, typer.Argument(help="What it is worth, or 'graded' to take a decision back.")
    ],
    why: Annotated[str, typer.Option(metavar="TEXT", help="The reason; every export shows it.")],
    assignment: Annotated[str | None, typer.Option(help="Needed when there are several.")] = None,
) -> None:
    """Give points by hand; the decision outlives --regrade."""
    from grader.gradebook.facts import Gradebook
    from grader.gradebook.store.opening import need_gradebook
    from grader.gradebook.view import select_view
    from grader.render.signs import points as shown

    need_gradebook(gradebook)
    if not why.strip():
        raise UsageError("--why: a decision by hand needs its reason")
    with Gradebook(gradebook) as book:
        chosen = select_view(book, [assignment] if assignment else [], student)
        only = _only_assignment(chosen)
        possible = dict(only.exercises)
        if exercise not in possible:
            text = f"{only.name!r} has no exercise {exercise!r}; it has {', '.join(possible)}"
            raise UsageError(text)
        given = _read_points(points, possible[exercise])
        assert chosen.student is not None  # noqa: S101 - a student was chosen
        book.note_override(only.id, chosen.student, exercise, given, why.strip())
    worth = f"{shown(given)} of {shown(possible[exercise])} points"
    decided = "as it was graded" if given is None else worth
    typer.echo(f"{safe_text(chosen.student)}: {exercise}: {decided} ({safe_text(why.strip())})")


def _only_assignment(chosen: ClassView) -> Assignment:
    found = [one for one in chosen.assignments if chosen.members(one)]
    if len(found) != 1:
        text = f"the student is in {', '.join(repr(one.name) for one in found)}"
        raise UsageError(f"{text}; choose with --assignment NAME")
    return found[0]


def _read_points(text: str, possible: float) -> float | None:
    if text == AS_GRADED:
        return None
    from grader.render.signs import points as shown

    try:
        points = float(text)
    except ValueError as error:
        raise UsageError(f"{text!r} is neither a number of points nor {AS_GRADED!r}") from error
    if not 0.0 <= points <= possible:
        raise UsageError(
            f"{text} points cannot be given: the exercise is worth 0 to {shown(possible)}"
        )
    return points


def feedback(
    context: typer.Context,
    gradebook: Book,
    output: Output,
    assignment: Assignments = None,
    student: Annotated[str | None, typer.Option(help="Only this student's page.")] = None,
    late: Late = None,
    best: Best = False,
    show_cases: ShowCases = False,
) -> None:
    """Write a page for each student, to be opened from disk."""
    need_class_libraries("feedback", "jinja2")
    from grader.gradebook.facts import Gradebook
    from grader.gradebook.pages.feedback import write_feedback
    from grader.gradebook.view import select_view

    with Gradebook(gradebook, read_only=True) as book:
        chosen = select_view(book, assignment or [], student, make_policy(late, best=best))
        tell_remarks(chosen)
        written = write_feedback(chosen, context.obj.course, output, show_cases=show_cases)
    typer.echo(f"{len(written)} pages are in {output}")
    tell_damage(chosen)


def report(
    context: typer.Context,
    gradebook: Book,
    output: Output,
    assignment: Assignments = None,
    late: Late = None,
    best: Best = False,
    similar: Annotated[
        Path | None,
        typer.Option(metavar="SUBMISSIONS", help="Show pairs in this download that share much."),
    ] = None,
) -> None:
    """Write a web page about the class, with each student's page beside it."""
    need_class_libraries("report", "altair", "jinja2", "vl_convert")
    if similar is not None:
        need_class_libraries("report --similar", "copydetect")
    from grader.gradebook.facts import Gradebook
    from grader.gradebook.pages.report import write_report
    from grader.gradebook.view import select_view
    from grader.grading.intake.layouts import find_all

    with Gradebook(gradebook, read_only=True) as book:
        chosen = select_view(book, assignment or [], None, make_policy(late, best=best))
        tell_remarks(chosen)
        pairs = None
        if similar is not None:
            from grader.grading.similarity import find_pairs

            known = book.names_by_platform_id("".join(chosen.names[-1:]))
            pairs = find_pairs(find_all(similar, known=known).submissions, context.obj.course)
        page = write_report(chosen, context.obj.course, output, pairs=pairs)
    typer.echo(f"open {page} in a browser")
    tell_damage(chosen)
