"""`dlgrade debug`: a failing case to hold."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from grader.cli.common import Folder, Seed, Timeout, find_work, say_aside
from grader.cli.exporting import open_output
from grader.cli.student import DEFAULTS, exit_code
from grader.cli.typed import Target
from grader.errors import UsageError
from grader.student.holding.offers import debug_command
from grader.text import as_typed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.course.course import Course, Exercise
    from grader.engine.engine import Engine
    from grader.grading.intake.own import Own
    from grader.model import SubmissionResult
    from grader.student.holding.home import Home


class CaseChoice(StrEnum):
    """Which failing case is wanted."""

    SMALLEST = "smallest"
    TELLING = "telling"


def debug(
    context: typer.Context,
    target: Target,
    output: Annotated[
        Path | None, typer.Option("-o", metavar="FILE", help="Where to write it.")
    ] = None,
    pdb: Annotated[
        bool, typer.Option("--pdb", help="Stop in your function, with Python's debugger.")
    ] = False,
    case: Annotated[
        CaseChoice, typer.Option(help="The smallest, or one that tells more.")
    ] = CaseChoice.SMALLEST,
    folder: Folder = None,
    seed: Seed = 0,
    timeout: Timeout = DEFAULTS.timeout_s,
) -> None:
    """Write the failing case as a plain script, or stop in it.

    The script needs numpy and your file alone: it builds the arguments, calls your function, prints
    what is expected and what came, and says what is wrong first. Of a module, the first exercise
    that has a failing case is taken.
    """
    course: Course = context.obj.course
    exercises = course.find([target])
    where = find_work(folder, course)

    from grader.grading.intake.own import read_own
    from grader.student.checking import make_engine
    from grader.student.holding.keeping import refuse_to_replace

    if output is not None:
        refuse_to_replace(output)
    engine = make_engine(course, seed, timeout)
    with read_own(where, exercises, course.modules) as own:
        exercise, result = _find_failing(engine, own, exercises)
        for line in (*own.notes, *result.warnings):
            say_aside(line)
        if result.exercises[0].held is None:
            _say_that_none_is_there(target, result)
        else:
            made_by = debug_command(result, folder)
            if case is CaseChoice.TELLING and result.exercises[0].telling is None:
                say_aside("no case tells more than the smallest: it is taken")
            elif case is CaseChoice.TELLING:
                result, made_by = _with_telling(result), f"{made_by} --case telling"
            home = _find_home(exercise, result, own, where, output, stops=pdb)
            _hold(exercise, result, home, made_by, output, stops=pdb)
    raise typer.Exit(exit_code(result))


def _find_failing(
    engine: Engine, own: Own, exercises: Sequence[Exercise]
) -> tuple[Exercise, SubmissionResult]:
    """Return the first exercise that has a failing case, else the first that did not pass."""
    found = []
    for exercise in exercises:
        result = own.check(engine, [exercise])
        if result.exercises[0].held is not None:
            return exercise, result
        found.append((exercise, result))
    return next((one for one in found if exit_code(one[1])), found[0])


def _with_telling(result: SubmissionResult) -> SubmissionResult:
    """Return the result with the case that tells more as the one that is shown."""
    (one,) = result.exercises
    assert one.telling is not None  # noqa: S101 - whoever asks has looked
    found = one.telling.mismatch
    told = replace(one, counterexample=one.telling, message=found.message if found else one.message)
    return replace(result, exercises=(told,))


def _say_that_none_is_there(target: str, result: SubmissionResult) -> None:
    """Say why there is nothing to hold."""
    from grader.render.signs import word_for

    (one,) = result.exercises
    if exit_code(result) == 0:
        say_aside(f"{target} passed: there is no failing case to hold")
        return
    word = word_for(one.status)
    why = f": {one.message}" if one.message not in ("", word) else ""
    rest = "there is no case to hold" if one.cases else "no case of it was run"
    say_aside(f"{one.id}: {word}{why}; {rest}")


def _find_home(
    exercise: Exercise, result: SubmissionResult, own: Own, where: Path, output: Path | None,
    *, stops: bool,
) -> Home:  # fmt: skip
    """Return where the student's code lies as long as it is needed.

    Raises
    ------
    UsageError
        It is in an archive or a notebook, and nothing says where it may be kept.
    """
    from grader.student.holding.home import find_home, home_in
    from grader.student.holding.keeping import keep_code

    home = find_home(exercise, where, own.folder, own.sources, result)
    if home is not None:
        return home
    if output is not None:
        beside = output.absolute().with_name(f"{output.stem}_files")
        keep_code(beside, own.folder)
        say_aside(f"the code lies in {beside}, as it was read")
        return home_in(exercise, beside, result)
    if stops:
        return home_in(exercise, own.folder, result)
    text = "the code has to be laid out as files that Python can import"
    raise UsageError(f"{text}: name a script with -o, and they are put beside it")


def _hold(
    exercise: Exercise, result: SubmissionResult, home: Home, made_by: str, output: Path | None,
    *, stops: bool,
) -> None:  # fmt: skip
    """Write the script, or run it under the debugger, or both."""
    from grader.student.holding.keeping import seal
    from grader.student.holding.script import write_script
    from grader.student.holding.stopping import stop_in

    script = write_script(exercise, result.exercises[0], home, made_by)
    if output is not None or not stops:
        with open_output(output) as stream:
            stream.write(seal(script.text))
    if output is not None:
        say_aside(f"{exercise.id} fails in {output}: python {as_typed(str(output))}")
    if stops and output is not None:
        stop_in(output, script)
    elif stops:
        with TemporaryDirectory(prefix="dlgrade-") as made:
            path = Path(made) / f"{exercise.name}_case.py"
            path.write_text(seal(script.text), encoding="utf-8")
            stop_in(path, script)
