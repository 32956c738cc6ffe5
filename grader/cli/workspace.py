"""Commands about the student's folder: init, reset, hint, solution."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from grader.cli.common import (
    Folder,
    Plain,
    find_folder,
    make_console,
    say_aside,
)
from grader.cli.typed import MaybeTarget, Target
from grader.errors import UsageError

if TYPE_CHECKING:
    from grader.course.course import Course, Exercise
    from grader.student.progress import ProgressFile


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
    context: typer.Context, target: MaybeTarget = None, folder: Folder = None, plain: Plain = False
) -> None:
    """Restore the stub of a file or a function.

    TARGET is a module (conv) or an exercise (conv.im2col), else what is next. Your own text is kept
    as a backup.
    """
    from grader.render.lists import render_restored
    from grader.student.folder import is_part_of, restore_file, restore_function
    from grader.student.progress import ProgressFile

    course: Course = context.obj.course
    exercises = course.find([target] if target else [])
    where = find_folder(folder, course)
    if is_part_of(course, where):
        raise UsageError(f"{where} belongs to the course itself; there is nothing to reset")
    if target is not None and target in course.modules:
        restored = restore_file(course, where, target)
    else:
        exercise = _wanted(exercises, where, ProgressFile(where, say_aside))
        restored = restore_function(course, where, exercise)
    make_console(plain=plain).print(render_restored(restored))


def hint(
    context: typer.Context,
    target: MaybeTarget = None,
    folder: Folder = None,
    again: Annotated[
        bool, typer.Option("--again", help="Only the hints that you have read already.")
    ] = False,
    plain: Plain = False,
) -> None:
    """Show one more hint, of TARGET or of what is next."""
    from grader.render.lists import render_hints
    from grader.student.folder import is_part_of
    from grader.student.hints import read_hint
    from grader.student.progress import ProgressFile

    course: Course = context.obj.course
    exercises = course.find([target] if target else [])
    where = find_folder(folder, course)
    store = ProgressFile(None if is_part_of(course, where) else where, say_aside)
    exercise = _wanted(exercises, where, store)
    make_console(plain=plain).print(render_hints(read_hint(exercise, store, again=again)))


def _wanted(exercises: tuple[Exercise, ...], folder: Path, store: ProgressFile) -> Exercise:
    """Return the exercise on which the student is working, the first that has not passed."""
    if len(exercises) == 1:
        return exercises[0]
    from grader.course.outline import outline_of
    from grader.student.standing import next_standing, read_standings

    by_outline = {outline_of(exercise): exercise for exercise in exercises}
    found = next_standing(read_standings(folder, list(by_outline), store.load()))
    return by_outline[found.exercise] if found else exercises[-1]


def solution(
    context: typer.Context, target: Target, folder: Folder = None, plain: Plain = False
) -> None:
    """Show the course's own solution, once yours has passed."""
    from grader.course.outline import outline_of
    from grader.student.progress import ProgressFile
    from grader.student.reference import read_reference
    from grader.student.standing import read_standings

    course: Course = context.obj.course
    exercises = course.find([target])
    if len(exercises) > 1:
        raise UsageError(f"{target} has {len(exercises)} exercises; name one: {exercises[0].id}")
    where = find_folder(folder, course)
    progress = ProgressFile(where, say_aside).load()
    (standing,) = read_standings(where, [outline_of(exercises[0])], progress)
    if not standing.passed:
        text = f"{target} has not passed as it is now ({standing.state})"
        raise UsageError(
            f"{text}: the solution comes after `dlgrade check {target}` says that it does"
        )
    make_console(plain=plain).print(read_reference(course, exercises[0]), soft_wrap=True)
