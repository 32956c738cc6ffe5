"""The student's commands."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from grader.cli.common import Folder, Plain, Targets, find_folder, make_console
from grader.errors import UsageError
from grader.model import Limits, Status

if TYPE_CHECKING:
    from grader.course import Course
    from grader.model import SubmissionResult

DEFAULTS = Limits()


def check(
    context: typer.Context,
    targets: Targets = None,
    folder: Folder = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON document on standard output.")
    ] = False,
    seed: Annotated[int, typer.Option(help="Seed of the cases.")] = 0,
    timeout: Annotated[
        float, typer.Option(min=0.1, help="CPU seconds for each exercise.")
    ] = DEFAULTS.timeout_s,
    explain: Annotated[bool, typer.Option("--explain", help="Say more about failures.")] = False,
    plain: Plain = False,
) -> None:
    """Check a module (conv), an exercise (conv.im2col) or everything."""
    course: Course = context.obj.course
    tasks = course.find(targets or [])
    where = find_folder(folder, course)

    from grader.bank import Bank, user_folder
    from grader.engine import Engine

    engine = Engine(course, seed, Limits(timeout_s=timeout), Bank(user_folder()))
    if as_json:
        from grader.document import as_document, to_text

        result = engine.check(where, tasks)
        typer.echo(to_text(as_document(result)))
        raise typer.Exit(exit_code(result))

    from grader import render

    console = make_console(plain=plain)
    result = engine.check(
        where, tasks, on_result=lambda r: console.print(render.render_line(r, plain=plain))
    )
    shown = [e for e in result.exercises if _wants_words(e.status, len(tasks))]
    for exercise in shown:
        task = course.task(exercise.id)
        console.print(render.render_failure(exercise, task, plain=plain, explain=explain))
    console.print(render.render_total(result))
    if len(shown) < sum(e.status is not Status.PASSED for e in result.exercises):
        unwritten = next(e.id for e in result.exercises if e.status is Status.UNIMPLEMENTED)
        text = f"Begin with {unwritten}: open {where / unwritten.partition('.')[0]}.py, write its "
        console.print(f"{text}body in place of `raise NotImplementedError`, and check again.")
    raise typer.Exit(exit_code(result))


def _wants_words(status: Status, count: int) -> bool:
    """Tell whether a result needs more than its line; stubs in a list of many do not."""
    return status is not Status.PASSED and (status is not Status.UNIMPLEMENTED or count == 1)


def exit_code(result: SubmissionResult) -> int:
    """Return 0 when everything passed, 3 when something could not be graded, else 1."""
    statuses = {exercise.status for exercise in result.exercises}
    if Status.UNGRADED in statuses:
        return 3
    return 0 if statuses <= {Status.PASSED} else 1


def list_exercises(
    context: typer.Context, targets: Targets = None, folder: Folder = None, plain: Plain = False
) -> None:
    """List every exercise with its points, and which you have written."""
    course: Course = context.obj.course
    tasks = course.find(targets or [])
    try:
        where: Path | None = find_folder(folder, course)
    except UsageError:
        if folder is not None:
            raise
        where = None

    from grader.render import render_list
    from grader.rules import read_states

    states = read_states(where, tasks)
    make_console(plain=plain).print(render_list([(t, states[t.id]) for t in tasks], plain=plain))
