"""A student's folder, how far it is, and what helps: init, reset, hint, explain, solution, list."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from grader.cli.common import (
    Folder,
    Plain,
    find_folder,
    make_console,
    paged,
    say_aside,
)
from grader.cli.typed import MaybeTarget, MaybeTopic, Target, Targets
from grader.errors import DlgradeError, UsageError
from grader.files import from_here
from grader.quiz.cli import MOST_ASKED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import RenderableType

    from grader.course.course import Course, Exercise
    from grader.quiz.items.item import Item
    from grader.quiz.memory.event import Event
    from grader.render.shown import Review, Standing
    from grader.student.progress import Progress, ProgressFile


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
    from grader.render.upkeep.laidout import render_laid_out
    from grader.student.folder import lay_out
    from grader.student.standing import next_standing

    course: Course = context.obj.course
    laid_out = lay_out(course, (folder or Path("exercises")).absolute(), say_aside)
    _, standings, progress = _standings(course, [], laid_out.folder)
    following = next_standing(standings, progress.at)
    shown = render_laid_out(laid_out, following, _again(laid_out.folder, course))
    make_console(plain=plain).print(shown, soft_wrap=True)


def _again(folder: Path, course: Course) -> str:
    """Return what commands have to be told to take a folder; nothing where they find it."""
    from grader.student.holding.offers import dir_option

    try:
        found = find_folder(None, course)
    except UsageError:
        return dir_option(from_here(folder))
    return dir_option(None if found == folder else from_here(folder))


def reset(
    context: typer.Context, target: MaybeTarget = None, folder: Folder = None, plain: Plain = False
) -> None:
    """Restore the stub of a file or a function.

    TARGET is a module (conv) or an exercise (conv.im2col), else what is next. Your own text is kept
    as a backup.
    """
    from grader.render.upkeep.laidout import render_restored
    from grader.student.folder import is_part_of, restore_file, restore_function
    from grader.student.progress import ProgressFile

    course: Course = context.obj.course
    exercises = course.find([target] if target else [])
    where = find_folder(folder, course)
    if is_part_of(course, where):
        text = f"{from_here(where)} belongs to the course itself"
        raise UsageError(f"{text}; there is nothing to reset")
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
    from grader.render.explaining.hints import render_hints
    from grader.student.folder import is_part_of
    from grader.student.helping.hints import read_hint
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
    progress = store.load()
    found = next_standing(read_standings(folder, list(by_outline), progress), progress.at)
    return by_outline[found.exercise] if found else exercises[-1]


def explain(context: typer.Context, target: MaybeTopic = None, plain: Plain = False) -> None:
    """Explain a topic (conv), or what an exercise asks."""
    course: Course = context.obj.course
    parts = list(_explained(course, target, plain=plain))
    console = make_console(plain=plain)
    with paged(console, plain=plain):
        console.print(*parts, sep="\n")


def _explained(course: Course, target: str | None, *, plain: bool) -> Iterator[RenderableType]:
    """Yield what is said about a target: a page, a part of one with a docstring, or the list."""
    from grader.course.topics import find_page
    from grader.render.explaining.page import render_contents, render_page

    if target is None:
        pages = {module: find_page(course, module) for module in course.modules}
        yield render_contents({name: page.title if page else "" for name, page in pages.items()})
        return
    (first, *_) = course.select([target])
    page = find_page(course, first.partition(".")[0])
    if target in course.modules and page is not None:
        yield render_page(page.text, plain=plain)
        return
    from grader.render.explaining.explanation import render_exercise
    from grader.student.drawing.table import find_drawing

    for exercise in course.find([target]):
        yield from render_exercise(exercise, course.settings.get("decks", {}))
        part = page.section(exercise.name) if page else ""
        yield render_page(part, plain=plain)
        more = [f"dlgrade explain {exercise.module}", f"dlgrade hint {exercise.id}"]
        more += [f"dlgrade draw {exercise.id}"] if find_drawing(exercise.id) else []
        yield f"\nMore: {' · '.join(more)}\n"


def solution(
    context: typer.Context, target: Target, folder: Folder = None, plain: Plain = False
) -> None:
    """Show the course's own solution, once yours has passed."""
    from grader.course.outline import outline_of
    from grader.render.signs import words_for
    from grader.student.helping.hints import read_reference
    from grader.student.progress import ProgressFile
    from grader.student.standing import read_standings

    course: Course = context.obj.course
    exercises = course.find([target])
    if len(exercises) > 1:
        raise UsageError(f"{target} has {len(exercises)} exercises; name one: {exercises[0].id}")
    where = find_folder(folder, course)
    progress = ProgressFile(where, say_aside).load()
    (standing,) = read_standings(where, [outline_of(exercises[0])], progress)
    if not standing.passed:
        name = exercises[0].id
        text = f"{name} has not passed as it is now ({words_for(standing.state)})"
        raise UsageError(
            f"{text}: the solution comes after `dlgrade check {name}` says that it does"
        )
    make_console(plain=plain).print(read_reference(course, exercises[0]), soft_wrap=True)


def list_exercises(
    context: typer.Context,
    targets: Targets = None,
    folder: Folder = None,
    todo: Annotated[bool, typer.Option("--todo", help="Only what has not passed yet.")] = False,
    plain: Plain = False,
) -> None:
    """List every exercise with its points, and how far you are."""
    from grader.render.lists import render_list, render_nothing_yet

    course: Course = context.obj.course
    where, standings, _ = _standings(course, targets or [], folder)
    console = make_console(plain=plain)
    with paged(console, plain=plain):
        console.print(render_list(standings, todo=todo, plain=plain))
        if where is None:
            console.print(render_nothing_yet())


def home(course: Course, *, plain: bool = False) -> None:
    """Say where one stands and what there is to do now: `dlgrade` alone."""
    from grader.render.lists import render_home
    from grader.student.tonight import find_tonight

    where, standings, progress = _standings(course, [], None)
    now = datetime.now(tz=UTC).astimezone()
    tonight = find_tonight(course, standings, progress, _find_review(course, now), now)
    make_console(plain=plain).print(render_home(standings, where, tonight, plain=plain))


def _find_review(course: Course, now: datetime) -> Review:
    """Return what the quizzes ask again; nothing, and a line, where that cannot be found out."""
    from grader.quiz.memory.history import History, default_data_dir
    from grader.render.shown import Review

    history = History(default_data_dir())
    try:
        if not history.path.is_file() or not history.events:
            return Review()
        events = history.events
    except DlgradeError as error:
        say_aside(str(error))
        return Review()
    if history.notice:
        say_aside(history.notice)
    days = frozenset(datetime.fromisoformat(one.at).date() for one in events if not one.done)
    try:
        due = _due_items(course, events, now)
    except DlgradeError as error:
        say_aside(str(error))
        return Review(days=days)
    asked = due[:MOST_ASKED]
    return Review(len(due), len(asked), sum(item.seconds for item in asked), days)


def _due_items(course: Course, events: Sequence[Event], now: datetime) -> Sequence[Item]:
    from grader.quiz.asking.overview import find_due_items
    from grader.quiz.items.loading import load_topics, topic_names

    begun = {event.item.partition(".")[0] for event in events} & {*topic_names(course.quizzes_dir)}
    return find_due_items(load_topics(course.quizzes_dir, begun), events, now) if begun else []


def _standings(
    course: Course, targets: Sequence[str], folder: Path | None
) -> tuple[Path | None, Sequence[Standing], Progress]:
    """Return the student's folder, None where there is none, how far each exercise is, and more."""
    from grader.course.outline import read_outlines
    from grader.student.progress import ProgressFile
    from grader.student.standing import read_standings

    exercises = read_outlines(course, targets)
    try:
        where: Path | None = find_folder(folder, course)
    except UsageError:
        if folder is not None:
            raise
        where = None
    progress = ProgressFile(where, say_aside).load()
    return where, read_standings(where, exercises, progress), progress
