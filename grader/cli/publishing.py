"""`dlgrade release`: what students and Gradescope get."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from grader._version import __version__

if TYPE_CHECKING:
    from grader.course.course import Course


def release(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty folder.")],
    gradescope: Annotated[
        bool,
        typer.Option("--gradescope", help="Also write DIR/autograder.zip, for instructors."),
    ] = False,
    assignment: Annotated[
        str | None, typer.Option(help="Its name in Gradescope's gradebook (default: DIR's name).")
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option(metavar="TARGET", help="What Gradescope grades; may be repeated."),
    ] = None,
    requirement: Annotated[
        str, typer.Option(help="What pip installs: a version, a URL, a wheel.")
    ] = f"dlgrade=={__version__}",
) -> None:
    """Write the student's repository into DIR, without the solutions."""
    from grader.course.course import find_course
    from grader.course.release import ARCHIVE, Release, write_archive, write_folder

    course: Course = context.obj.course
    course.find(only or [])
    built_in = course.exercises_dir == find_course().exercises_dir
    made = Release(course, requirement, own_checks=not built_in)
    target = folder.absolute()
    graded = made.gradescope_files(assignment or target.name, only or []) if gradescope else {}
    files = made.student_files()
    write_folder(target, files)
    typer.echo(f"{len(files)} files for students in {target}")
    if gradescope:
        write_archive(target / ARCHIVE, graded)
        text = "for instructors alone: it holds the seed of the cases, and git ignores it"
        typer.echo(f"{target / ARCHIVE} {text}")
