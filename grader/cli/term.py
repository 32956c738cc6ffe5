"""The commands that end a term: pages for students, a page for the class."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from grader.cli.common import (
    Best,
    Book,
    Late,
    LateDays,
    ShowCases,
    make_policy,
    need_class_libraries,
    tell_damage,
    tell_remarks,
)

Output = Annotated[Path, typer.Option("-o", "--output", metavar="DIR", help="Where pages go.")]
Assignments = Annotated[list[str] | None, typer.Option(help="Only this one.")]


def feedback(
    context: typer.Context,
    gradebook: Book,
    output: Output,
    assignment: Assignments = None,
    student: Annotated[str | None, typer.Option(help="Only this student's page.")] = None,
    late: Late = None,
    late_days: LateDays = None,
    best: Best = False,
    show_cases: ShowCases = False,
) -> None:
    """Write a page for each student, to be opened from disk."""
    need_class_libraries("feedback", "jinja2")
    from grader.gradebook.facts import Gradebook
    from grader.gradebook.pages.feedback import write_feedback
    from grader.gradebook.view import select_view

    with Gradebook(gradebook, read_only=True) as book:
        policy = make_policy(late, best=best, late_days=late_days)
        chosen = select_view(book, assignment or [], student, policy)
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
    late_days: LateDays = None,
    best: Best = False,
    similar: Annotated[
        Path | None,
        typer.Option(metavar="SUBMISSIONS", help="Show pairs in this download that share much."),
    ] = None,
) -> None:
    """Write a web page about the class, with each student's page beside it."""
    need_class_libraries("report", "jinja2")
    if similar is not None:
        need_class_libraries("report --similar", "copydetect")
    from grader.gradebook.facts import Gradebook
    from grader.gradebook.pages.report import write_report
    from grader.gradebook.view import select_view
    from grader.grading.intake.layouts import find_all

    with Gradebook(gradebook, read_only=True) as book:
        policy = make_policy(late, best=best, late_days=late_days)
        chosen = select_view(book, assignment or [], None, policy)
        tell_remarks(chosen)
        pairs = None
        if similar is not None:
            from grader.grading.similarity import find_pairs

            known = book.names_by_platform_id("".join(chosen.names[-1:]))
            pairs = find_pairs(find_all(similar, known=known).submissions, context.obj.course)
        page = write_report(chosen, context.obj.course, output, pairs=pairs)
    typer.echo(f"open {page} in a browser")
    tell_damage(chosen)
