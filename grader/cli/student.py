"""Checking: `dlgrade check`."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from grader.cli.common import (
    Folder,
    Plain,
    Seed,
    Timeout,
    find_work,
    make_console,
    say,
    say_aside,
)
from grader.cli.typed import Targets
from grader.files import from_here
from grader.model import Limits, Status
from grader.student.holding.offers import dir_option, offers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from rich.console import Console

    from grader.course.course import Course, Exercise
    from grader.engine.engine import Engine
    from grader.grading.intake.own import Own
    from grader.model import ExerciseResult, SubmissionResult
    from grader.student.progress import Progress
    from grader.worker.seat import WorkerSeat

DEFAULTS = Limits()


def check(
    context: typer.Context,
    targets: Targets = None,
    folder: Folder = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON document on standard output.")
    ] = False,
    seed: Seed = 0,
    timeout: Timeout = DEFAULTS.timeout_s,
    explain: Annotated[bool, typer.Option("--explain", help="Say more about failures.")] = False,
    plain: Plain = False,
) -> None:
    """Check a module (conv), an exercise (conv.im2col), or all."""
    course: Course = context.obj.course
    exercises = course.find(targets or [])
    where = find_work(folder, course)
    packed = where.is_file()  # as it was handed in

    from grader.grading.intake.own import read_own

    limits = Limits(timeout_s=timeout)
    with (
        read_own(where, exercises, course.modules) as own,
        _start_ahead(course, own.folder, limits) as seat,
    ):
        from grader.student.checking import make_engine

        engine = make_engine(course, seed, timeout)
        if as_json:
            from grader.engine.document import as_document, to_text

            result = own.check(engine, exercises, seat=seat)
            for line in (*own.notes, *result.warnings):
                say_aside(line)
            say(to_text(as_document(result)))
        else:
            console = make_console(plain=plain)
            result = _ask(console, own, engine, exercises, seat, plain=plain)
            _tell(console, course, own, result, folder, plain=plain, explain=explain)
    if not packed:
        progress = remember(course, where, result, given=folder is not None)
        if not as_json:
            again = dir_option(folder)
            _point_on(make_console(plain=plain), course, where, result.exercises, progress, again)
    raise typer.Exit(exit_code(result))


def _start_ahead(
    course: Course, folder: Path, limits: Limits
) -> contextlib.AbstractContextManager[WorkerSeat | None]:
    """Let a worker start while all that asks it is imported; what it needs is found by the path."""
    if course.imports:  # that is not yet known to be here
        return contextlib.nullcontext()
    from grader.worker.command import plain_command
    from grader.worker.seat import WorkerSeat

    seat = WorkerSeat(folder.resolve(), limits, plain_command)
    seat.prepare()
    return seat


def _ask(
    console: Console, own: Own, engine: Engine, exercises: Sequence[Exercise],
    seat: WorkerSeat | None, *, plain: bool,
) -> SubmissionResult:  # fmt: skip
    """Check, with a line for each exercise as soon as its points are known."""
    from grader.render.signs import render_line

    shown: set[str] = set()

    def show(found: ExerciseResult) -> None:
        if found.id in shown:
            return
        shown.add(found.id)
        if len(exercises) > 1 and found.status is Status.MISSING:
            from grader.render.failure import is_gone

            if is_gone(found):  # that is told once, at the end
                return
        console.print(render_line(found, plain=plain))

    for note in own.notes:
        console.print(note, markup=False, highlight=False)
    with _say_what_is_checked(console, exercises, plain=plain) as start:
        return own.check(engine, exercises, show, start, on_verdict=show, seat=seat)


@contextlib.contextmanager
def _say_what_is_checked(
    console: Console, exercises: Sequence[Exercise], *, plain: bool
) -> Iterator[Callable[[Exercise], str]]:
    """Say at once what is being checked; on a screen that can be rewritten, the seconds too."""
    from grader.render.signs import Checking

    checking = Checking()
    if not console.is_terminal:
        yield lambda _: ""
    elif plain or console.is_dumb_terminal:
        several = f"{len(exercises)} exercises"
        console.print(f"checking {exercises[0].id if len(exercises) == 1 else several} ...")
        yield lambda _: ""
    else:
        from rich.live import Live

        checking.begin(exercises[0].id)
        with Live(checking, console=console, transient=True, refresh_per_second=2):
            yield lambda exercise: checking.begin(exercise.id)


def _tell(
    console: Console, course: Course, own: Own, result: SubmissionResult, folder: Path | None,
    *, plain: bool, explain: bool,
) -> None:  # fmt: skip
    """Print the messages about what did not pass, how to hold and draw a case, then the total."""
    from grader.render.signs import render_total

    if own.refused:  # once, and not with each exercise
        text = f"\nnothing in this folder is taken: {own.refused}"
        console.print(text, markup=False, highlight=False)
    elif told := _with_words(result.exercises):
        _tell_failures(
            console, course, own, told, len(result.exercises), plain=plain, explain=explain
        )
    for line in offers(result, folder, console.width):
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    for warning in result.warnings:
        console.print(warning, markup=False, highlight=False)
    console.print(render_total(result))


def _tell_failures(
    console: Console, course: Course, own: Own, told: Sequence[ExerciseResult], asked: int, *,
    plain: bool, explain: bool,
) -> None:  # fmt: skip
    """Print what did not pass, of so many exercises that were asked; a shared cause once."""
    from grader.render.failure import Manner, is_gone, render_failure, render_gone, tell_together
    from grader.student.where import find_source_line

    manner = Manner(plain=plain, explain=explain, decks=course.settings.get("decks", {}))
    for found, *others in tell_together(told):
        if is_gone(found) and asked > 1:
            console.print(render_gone([found, *others]), soft_wrap=True)
            continue
        exercise = course.exercise(found.id)
        line = find_source_line(own.folder, exercise, found, own.sources)
        if line is not None and own.is_made and not line.label:  # no editor can open that one
            line = replace(line, label=f"{line.path.relative_to(own.folder)}:{line.line}")
        console.print(render_failure(found, exercise, line, manner, others))


def _point_on(
    console: Console, course: Course, where: Path, results: Sequence[ExerciseResult],
    progress: Progress | None, again: str,
) -> None:  # fmt: skip
    """Say what comes next where no message does: the first stub, or what follows what passed."""
    if _with_words(results):
        return
    stubs = [one.id for one in results if one.status is Status.UNIMPLEMENTED]
    if stubs:
        exercise = course.exercise(stubs[0])
        file = from_here(where / f"{exercise.module}.py")
        begin = "Begin" if len(stubs) == len(results) else "Go on"
        console.print(
            f"{begin} with {exercise.id}: open {file}, write its body in place of "
            f"`raise NotImplementedError`, then\n  dlgrade check {exercise.id}{again}\n"
            f"or keep dlgrade watch {exercise.module}{again} open, which checks at every save."
        )
    elif progress is not None:
        from grader.course.outline import read_outlines
        from grader.render.lists import BEFORE_IT_IS_WRITTEN, render_next
        from grader.student.standing import next_standing, read_standings

        following = None  # the other modules are read only where this one is done
        for targets in ([progress.at], []) if progress.at in course.modules else ([],):
            standings = read_standings(where, read_outlines(course, targets), progress)
            following = next_standing(standings, progress.at)
            if following is not None:
                break
        console.print(render_next(following))
        if following is not None:
            name = following.exercise.id
            first = "explain" if following.state in BEFORE_IT_IS_WRITTEN else "check"
            console.print(f"  dlgrade {first} {name}{again if first == 'check' else ''}")


def _with_words(results: Sequence[ExerciseResult]) -> list[ExerciseResult]:
    """Return the results that need more than a line; stubs in a list of many do not."""
    unsaid = {Status.PASSED, *([Status.UNIMPLEMENTED] if len(results) > 1 else [])}
    return [one for one in results if one.status not in unsaid or one.is_begun]


def remember(
    course: Course, where: Path, result: SubmissionResult, *, given: bool
) -> Progress | None:
    """Keep progress, in one's own folder, and in one named by `--dir` if it has any; return it."""
    from grader.student.faults import note_faults
    from grader.student.folder import is_part_of
    from grader.student.progress import ProgressFile
    from grader.student.standing import remember_results

    note_faults(result.exercises)
    store = ProgressFile(where, say_aside)
    if is_part_of(course, where) or (given and not store.exists):
        return None  # `--dir` may name somebody else's folder, where a new file would be a surprise
    return store.change(lambda progress: remember_results(progress, where, result.exercises))


def exit_code(result: SubmissionResult) -> int:
    """Return 0 when everything passed, 3 when something could not be graded, else 1."""
    statuses = {exercise.status for exercise in result.exercises}
    if Status.UNGRADED in statuses:
        return 3
    return 0 if statuses <= {Status.PASSED} else 1
