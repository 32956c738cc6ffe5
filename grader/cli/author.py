"""The course author's commands: `release` is what students and Gradescope get, `audit` tries it."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from grader.cli.common import Plain, make_console, say
from grader.cli.typed import Topics

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.course.course import Course
    from grader.course.handout.release import Release


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
        typer.Option(metavar="TARGET", help="Hand out and grade only this; may be repeated."),
    ] = None,
    requirement: Annotated[
        str,
        typer.Option(
            help="What pip installs, as in a requirements file (default: a wheel of this dlgrade)."
        ),
    ] = "",
    hints: Annotated[
        int | None,
        typer.Option(min=0, help="How many hints of each exercise go out (default: all)."),
    ] = None,
    with_checks: Annotated[
        bool,
        typer.Option(
            "--with-checks/--without-checks",
            help="Checks go out, or only the cases of seed 0 with their right answers.",
        ),
    ] = True,
) -> None:
    """Write the student's repository into DIR, without the solutions."""
    from grader.course.handout.release import (
        ARCHIVE,
        Release,
        draw_seed,
        require_new,
        write_archive,
        write_folder,
    )
    from grader.engine.cases.kept import HOME_SEED

    course: Course = context.obj.course
    made = Release(course, requirement, tuple(only or ()), hints, with_checks)
    course.find(made.targets)
    target = folder.absolute()
    with contextlib.suppress(OSError):  # told where it is written
        require_new(target)
    graded = {}
    if gradescope:
        seed = draw_seed()
        cases = _draw(made.graded, seed, made.graded.course_files())
        graded = made.gradescope_files(assignment or target.name, seed, cases)
    own = made.course_files() if made.carries_course else {}
    bare = made.requirement and not own  # nothing of ours goes out that could hold cases
    files = made.student_files({} if bare else _draw(made, HOME_SEED, own))
    write_folder(target, files)
    say(f"{len(files)} files for students in {target}")
    if gradescope:
        write_archive(target / ARCHIVE, graded)
        text = "for instructors alone: it holds the seed of the cases, and git ignores it"
        say(f"{target / ARCHIVE} {text}")


def _draw(made: Release, seed: int, own: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the cases that go out with a course; `own` are its files, none for the built-in."""
    from tempfile import TemporaryDirectory

    from grader.course.course import find_course
    from grader.course.handout.release import write_folder
    from grader.engine.cases.kept import draw_kept

    with TemporaryDirectory(prefix="dlgrade-") as folder:
        given, cases = made.course, Path(folder) / "cases"
        cases.mkdir()
        if own:
            write_folder(Path(folder) / "given", own)
            given = find_course(Path(folder) / "given" / "course")
        return draw_kept(made.course, given, made.course.select(made.targets), seed, cases)


def audit(
    context: typer.Context,
    targets: Topics = None,
    mutants: Annotated[
        int, typer.Option(min=0, help="How many mutants of each reference to try.")
    ] = 40,
    seed: Annotated[int, typer.Option(help="Seed of the cases and of the mutants.")] = 0,
    markdown: Annotated[bool, typer.Option("--markdown", help="The table as Markdown.")] = False,
    plain: Plain = False,
) -> None:
    """Count how many wrong implementations the checks catch and name."""
    from grader.engine.audit.audit import audit_exercise
    from grader.engine.cases.bank import Bank, user_folder
    from grader.engine.engine import Engine
    from grader.render.upkeep.audit import render_audit, render_survivors

    course: Course = context.obj.course
    engine = Engine(course, seed, bank=Bank(user_folder()))
    console = make_console(plain=plain)
    audits = []
    for exercise in course.find(targets or []):
        audits.append(audit_exercise(engine, exercise, mutants, seed))
        if not markdown:
            console.print(render_survivors(audits[-1]))
    console.print(render_audit(audits, markdown=markdown))
    raise typer.Exit(0 if all(audit.is_sharp for audit in audits) else 1)
