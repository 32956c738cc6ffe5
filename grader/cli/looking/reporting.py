"""`dlgrade report-bug`: a verdict that seems wrong, to look at before it is sent."""

from __future__ import annotations

import shutil
import textwrap
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from grader.cli.common import Folder, Seed, Timeout, find_work, say, say_aside
from grader.cli.student import DEFAULTS
from grader.cli.typed import Target
from grader.errors import UsageError
from grader.model import Status
from grader.text import safe_text

if TYPE_CHECKING:
    from grader.course.course import Course, Exercise


def report_bug(
    context: typer.Context,
    target: Target,
    output: Annotated[
        Path | None, typer.Option("-o", metavar="DIR", help="Where to write it.")
    ] = None,
    folder: Folder = None,
    seed: Seed = 0,
    timeout: Timeout = DEFAULTS.timeout_s,
) -> None:
    """Put a verdict that seems wrong into a folder, to be sent.

    Look at it before you send it. In it are your function with the statements of your file that it
    needs, the case that fails as a script, what was said and the versions. Nothing is sent.
    """
    course: Course = context.obj.course
    exercise = _the_one(course, target)
    made = Path(f"report-{exercise.name}") if output is None else output
    _refuse(made)
    where = find_work(folder, course)

    from grader.grading.intake.own import read_own
    from grader.model.results import UNWRITTEN
    from grader.render.signs import word_of
    from grader.student.checking import make_engine
    from grader.student.holding.parcel import needed_of, write_parcel

    engine = make_engine(course, seed, timeout)
    name = f"{exercise.module}.py"
    with TemporaryDirectory(prefix="dlgrade-") as kept:
        parcel = Path(kept) / "parcel"
        parcel.mkdir()
        with read_own(where, [exercise], course.modules) as own:
            for line in own.notes:
                say_aside(line)
            for file, text in needed_of(own.folder, name, exercise.name).items():
                (parcel / file).write_bytes(text)
            whole = own.check(engine, [exercise]).exercises[0]
        if whole.status is Status.UNIMPLEMENTED:
            raise UsageError(f"{exercise.id} is {UNWRITTEN}: there is no verdict to report")
        with read_own(parcel, [exercise], course.modules) as own:
            result = own.check(engine, [exercise])
        alone, note = result.exercises[0], ""
        if alone.status is not whole.status:
            note = f"in your folder: {word_of(whole)}; of the function alone: {word_of(alone)}"
        left_out = write_parcel(parcel, course, exercise, result, note)
        _bring(parcel, made)
    for line in filter(None, (left_out, note and f"{note}; said.txt says so, too")):
        say_aside(line)
    _say_what_is_there(made, name, exercise)


def _refuse(made: Path) -> None:
    """Make sure that a folder can be made there, and is not there yet.

    Raises
    ------
    UsageError
        It cannot, or it is.
    """
    try:
        there = made.exists() or made.is_symlink()
        inside = made.absolute().parent.is_dir()
    except OSError as error:
        raise UsageError(f"-o: no folder can have that name ({error.strerror})") from error
    if there:
        shown = safe_text(str(made))
        raise UsageError(f"{shown} is there already, and is left alone: name another with -o")
    if not inside:
        raise UsageError(f"-o: there is no folder {safe_text(str(made.parent))} to put it into")


def _bring(parcel: Path, made: Path) -> None:
    """Copy what was put together to where it is wanted; all of it, or nothing.

    Raises
    ------
    UsageError
        It cannot be written there.
    """
    try:
        shutil.copytree(parcel, made, ignore=shutil.ignore_patterns("__pycache__"))
    except BaseException as error:
        shutil.rmtree(made, ignore_errors=True)
        if not isinstance(error, OSError):
            raise
        shown = safe_text(str(made))
        raise UsageError(f"{shown} cannot be written ({error.strerror or error})") from error


def _the_one(course: Course, target: str) -> Exercise:
    """Return the one exercise that is meant.

    Raises
    ------
    UsageError
        It is a module of several.
    """
    found = course.find([target])
    if len(found) > 1:
        text = f"{target} has {len(found)} exercises, and a report is about one"
        raise UsageError(f"{text}: dlgrade report-bug {found[0].id}")
    return found[0]


def _say_what_is_there(made: Path, name: str, exercise: Exercise) -> None:
    """Say what each file of a report is."""
    about = {
        name: f"{exercise.name}, with what it needs of your file",
        "case.py": f"the case that fails: run it in {safe_text(str(made))}",
        "said.txt": "what was said of it",
        "versions.txt": "versions, seed and course",
    }
    say(f"{safe_text(str(made))} holds")
    others = sorted(path.name for path in made.glob("*.py") if path.name not in about)
    about |= dict.fromkeys(others, "what it needs of that file of yours")
    for file, what in about.items():
        if (made / file).exists():
            say(_filled(f"  {file:<16} {what}", hanging=19))
    text = "Look at it, add why you think that the verdict is wrong, and send it to whoever runs "
    text += "your course, or to the project. Nothing was sent."
    say(_filled(text))


def _filled(text: str, hanging: int = 0) -> str:
    width, hung = shutil.get_terminal_size().columns, " " * hanging
    return textwrap.fill(
        text, width, subsequent_indent=hung, break_long_words=False, break_on_hyphens=False
    )
