"""Commands about the student's folder: init, reset, hint."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from grader.cli.common import Folder, Plain, find_folder, make_console, say_aside
from grader.errors import UsageError

if TYPE_CHECKING:
    from grader.course.course import Course, Exercise
    from grader.student.progress import ProgressFile

Target = Annotated[str, typer.Argument(metavar="TARGET", help="A module or an exercise.")]


def init(
    context: typer.Context,
    folder: Annotated[
        Path | None, typer.Argument(metavar="[DIR]", help="Where to put them.", show_default=False)
    ] = None,
    plain: Plain = False,
) -> None:
    """Put the exercises into DIR, ready to edit.

    DIR is ./exercises unless you say otherwise. A file that you have edited is left alone.
    """
    from grader.render.lists import render_layout
    from grader.student.folder import lay_out

    course: Course = context.obj.course
    layout = lay_out(course, (folder or Path("exercises")).absolute(), say_aside)
    make_console(plain=plain).print(render_layout(layout))


def reset(
    context: typer.Context, target: Target, folder: Folder = None, plain: Plain = False
) -> None:
    """Restore the stub of a file or a function.

    TARGET is a module (conv) or an exercise (conv.im2col). Your own text is kept as a backup.
    """
    from grader.render.lists import render_restored
    from grader.student.folder import is_part_of, restore_file, restore_function

    course: Course = context.obj.course
    exercises = course.find([target])
    where = find_folder(folder, course)
    if is_part_of(course, where):
        raise UsageError(f"{where} belongs to the course itself; there is nothing to reset")
    whole = target in course.modules
    restored = (
        restore_file(course, where, target)
        if whole
        else restore_function(course, where, exercises[0])
    )
    make_console(plain=plain).print(render_restored(restored))


def hint(
    context: typer.Context,
    target: Target,
    folder: Folder = None,
    again: Annotated[
        bool, typer.Option("--again", help="Only the hints that you have read already.")
    ] = False,
    plain: Plain = False,
) -> None:
    """Show one more hint."""
    from grader.render.lists import render_hints
    from grader.student.folder import is_part_of
    from grader.student.hints import read_hint
    from grader.student.progress import ProgressFile

    course: Course = context.obj.course
    exercises = course.find([target])
    where = find_folder(folder, course)
    store = ProgressFile(None if is_part_of(course, where) else where, say_aside)
    exercise = _wanted(exercises, where, store) if len(exercises) > 1 else exercises[0]
    make_console(plain=plain).print(render_hints(read_hint(exercise, store, again=again)))


def _wanted(exercises: tuple[Exercise, ...], folder: Path, store: ProgressFile) -> Exercise:
    """Return the exercise of a module on which the student is working."""
    from grader.course.outline import outline_of
    from grader.student.standing import next_standing, read_standings

    by_outline = {outline_of(exercise): exercise for exercise in exercises}
    found = next_standing(read_standings(folder, list(by_outline), store.load()))
    return by_outline[found.exercise] if found else exercises[-1]
