"""The course author's commands.

`new_course` and `new_exercise` begin, `stubs` derives what students begin with, `audit` tries the
checks, `release` is what students and Gradescope get.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated

import typer

from grader.cli.common import Plain, make_console, say, say_aside
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
    """Write the student's repository into DIR: no solutions."""
    from grader.course.handout.release import (
        ARCHIVE,
        Release,
        draw_seed,
        require_new,
        write_archive,
        write_folder,
    )
    from grader.engine.cases.kept import HOME_SEED
    from grader.errors import UsageError
    from grader.files.names import unfit

    course = _own_course(context)
    require_whole(course)
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
    if why := unfit(files):
        raise UsageError(f"{why}, and students have it: give it another name")
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
    """Count wrong implementations that the checks catch and name."""
    from grader.engine.audit.audit import audit_exercise
    from grader.engine.cases.bank import Bank, user_folder
    from grader.engine.engine import Engine
    from grader.render.upkeep.audit import render_audit, render_survivors

    course = _own_course(context)
    require_whole(course)
    engine = Engine(course, seed, bank=Bank(user_folder()))
    console = make_console(plain=plain)
    audits = []
    for exercise in course.find(targets or []):
        audits.append(audit_exercise(engine, exercise, mutants, seed))
        if not markdown:
            console.print(render_survivors(audits[-1]))
    console.print(render_audit(audits, markdown=markdown))
    raise typer.Exit(0 if all(audit.is_sharp for audit in audits) else 1)


def new_course(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty folder.")],
) -> None:
    """Begin a course of your own, with one exercise that works."""
    from grader.course.skeletons.writing import FIRST, write_course

    written = write_course(folder)
    for file in written:
        say(f"wrote {file}")
    _say_next(folder, ".".join(FIRST))


def new_exercise(
    context: typer.Context,
    exercise: Annotated[str, typer.Argument(metavar="MODULE.NAME", help="As in conv.blur.")],
) -> None:
    """Begin an exercise of your course: solution, check and stub."""
    from grader.course.skeletons.writing import find_own_folder, write_exercise

    folder = find_own_folder(context.obj.course_dir, Path.cwd())
    for file in write_exercise(folder, exercise):
        say(f"wrote {file}")
    _say_next(folder, exercise)


def _own_course(context: typer.Context) -> Course:
    """Return the course that was asked for, or else the one in whose folder this was typed."""
    from grader.course.course import find_course

    given: Path | None = context.obj.course_dir
    here = Path.cwd()
    parts = ("exercises", "checks", "solutions")
    if given is None and all((here / part).is_dir() for part in parts):
        say_aside(f"of the course in {here}")
        return find_course(here)
    return find_course(given)


def require_whole(course: Course) -> None:
    """Make sure that what `course.toml` names is there, and that there is an exercise.

    Raises
    ------
    CourseError
        Something is not as it must be.
    """
    from grader.course.handout.data import data_files
    from grader.engine.asking.handed_in import require_right
    from grader.errors import CourseError, UnknownTargetError
    from grader.student.tonight import read_assignments

    if not course.ids:
        text = f"{course.exercises_dir} holds no exercise, no public function or class"
        raise CourseError(f"{text}: dlgrade stubs derives them from solutions/")
    data_files(course)
    if course.solutions_dir is not None:  # where that stays, what is held out does, too
        require_right(course.find(()))
    for due in read_assignments(course):
        try:
            course.select(due.targets)
        except UnknownTargetError as error:
            file = course.exercises_dir / "course.toml"
            raise CourseError(f"{file}: assignment {due.name!r}: {error}") from error


def _say_next(folder: Path, exercise: str) -> None:
    """Say what to fill in after a skeleton was written, and how to try it."""
    from grader.files import built_in_course

    shown = quote(os.path.relpath(folder))
    is_built_in = folder.resolve() == built_in_course()
    dlgrade = "dlgrade" if is_built_in else f"dlgrade --course {shown}"
    solutions = quote(os.path.relpath(folder / "solutions"))
    say("It works as it is. Next: fill in the solution and the check where they say FILL IN, then")
    say(f"  {dlgrade} stubs")
    say(f"  {dlgrade} check {exercise} --dir {solutions}")
    say(f"  {dlgrade} audit {exercise}")


def stubs(context: typer.Context) -> None:
    """Derive the stubs of your course from its solutions."""
    from grader.course.skeletons.writing import find_own_folder
    from grader.course.stubs import write_stubs

    folder = find_own_folder(context.obj.course_dir, Path.cwd())
    written = write_stubs(folder / "solutions", folder / "exercises")
    for file in written:
        say(f"wrote {file}")
    if not written:
        say(f"every stub in {folder / 'exercises'} is as its solution has it")
