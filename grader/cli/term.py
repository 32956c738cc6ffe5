"""The commands that end a term: pages for students, a page for the class."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from grader.cli.common import (
    Assignments,
    Best,
    Book,
    Late,
    LateDays,
    ShowCases,
    make_policy,
    need_class_libraries,
    need_there,
    say,
    say_aside,
    tell_damage,
    tell_remarks,
)
from grader.cli.exporting import open_output
from grader.errors import UsageError
from grader.text import counted

if TYPE_CHECKING:
    from grader.course.course import Course
    from grader.gradebook.exporters import Options
    from grader.gradebook.view import ClassView

Output = Annotated[Path, typer.Option("-o", "--output", metavar="DIR", help="Where pages go.")]


def feedback(
    context: typer.Context,
    gradebook: Book,
    output: Annotated[
        Path,
        typer.Option("-o", "--output", metavar="DIR|FILE", help="Where it goes."),
    ],
    assignment: Assignments = None,
    student: Annotated[str | None, typer.Option(help="Only this student's page.")] = None,
    into: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER|FILE",
            help="What was downloaded: submissions (Canvas, Moodle) or Moodle's grading worksheet.",
        ),
    ] = None,
    column: Annotated[
        str | None, typer.Option(help="The title of the worksheet's column for comments.")
    ] = None,
    late: Late = None,
    late_days: LateDays = None,
    best: Best = False,
    show_cases: ShowCases = False,
) -> None:
    """Write a page for each student, to be opened from disk."""
    need_class_libraries("feedback", "jinja2")
    from grader.gradebook.exporters import Options
    from grader.gradebook.facts import Gradebook
    from grader.gradebook.view import select_view

    if into is not None:
        need_there(into, "file or folder", Path.is_file, Path.is_dir)
    if column is not None and into is None:
        raise UsageError("--column: of which file? give it with --into FILE")
    options = Options(
        into, column, show_cases=show_cases, tell=say_aside, is_alone=student is not None
    )
    with Gradebook(gradebook, read_only=True) as book:
        policy = make_policy(late, best=best, late_days=late_days)
        chosen = select_view(book, assignment or [], student, policy)
        tell_remarks(chosen)
        give = _write_pages if into is None else _give_back
        say(give(chosen, context.obj.course, output, options))
    tell_damage(chosen)


def _write_pages(view: ClassView, course: Course, output: Path, options: Options) -> str:
    from grader.gradebook.exporters.back.index import INDEX, write_index
    from grader.gradebook.pages.feedback import write_feedback

    written = write_feedback(view, course, output, show_cases=options.show_cases)
    without = write_index(view, written, output)
    told = f", {without} without an e-mail address" if without else ""
    be = "is" if len(written) == 1 else "are"
    return f"{counted(len(written), 'page')} {be} in {output}, listed in {INDEX}{told}"


def _give_back(view: ClassView, course: Course, output: Path, options: Options) -> str:
    from grader.gradebook.exporters import find_encoding
    from grader.gradebook.exporters.back.comments import write_comments
    from grader.gradebook.exporters.back.download import ARCHIVE, is_download
    from grader.gradebook.exporters.back.giving import give_pages

    into = options.into
    assert into is not None  # noqa: S101 - or there is nothing to give back to
    if is_download(into) or output.suffix.lower() == ARCHIVE:
        if options.column is not None:
            what = "submissions have no columns" if is_download(into) else "pages fill no column"
            raise UsageError(f"--column: {what}; that is for the comments of a worksheet")
        return give_pages(view, course, into, output, options)
    with open_output(output, find_encoding(into)) as stream:
        count = write_comments(view, into, stream, options)
    be = "is" if count == 1 else "are"
    return (
        f"{counted(count, 'comment')} {be} in {output}: upload it under 'Upload grading worksheet'"
    )


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
    """Write a web page about the class, and one for each student."""
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
    say(f"open {page} in a browser")
    tell_damage(chosen)
