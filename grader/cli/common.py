"""What the commands share: common options, the course, the student's folder, the screen."""

from __future__ import annotations

import contextlib
import importlib.util
import io
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from grader.cli.typed import PLAINLY
from grader.errors import GraderError, UsageError
from grader.text import ALWAYS_PLAIN, safe_message, wants_plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.console import Console

    from grader.course.course import Course
    from grader.gradebook.students import Policy
    from grader.gradebook.view import ClassView

SHOWN_LINES = 20


def can_show(encoding: str | None) -> bool:
    """Tell whether a terminal's encoding has the signs that the screens use.

    Examples
    --------
    >>> can_show("utf-8"), can_show("cp437"), can_show("ascii")
    (True, False, False)
    """
    try:
        "✔✘·━─…".encode(encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def is_plain(given: bool) -> bool:
    """Tell whether output is plain: asked for, here or for good, or the terminal can do no more."""
    return given or wants_plain() or not can_show(getattr(sys.stdout, "encoding", None))


@contextlib.contextmanager
def being_plain() -> Iterator[None]:
    """Let what follows be plain, as where the environment says so: `dlgrade --plain COMMAND`."""
    before = os.environ.get(ALWAYS_PLAIN)
    os.environ[ALWAYS_PLAIN] = "1"
    try:
        yield
    finally:
        os.environ.pop(ALWAYS_PLAIN)
        if before is not None:
            os.environ[ALWAYS_PLAIN] = before


Folder = Annotated[Path | None, typer.Option("--dir", help="The folder with your files.")]
Plain = Annotated[
    bool,
    typer.Option("--plain", help=PLAINLY, callback=is_plain),
]
Seed = Annotated[int, typer.Option(help="Seed of the cases.")]
Timeout = Annotated[float, typer.Option(min=0.1, help="CPU seconds for each exercise.")]
Book = Annotated[Path, typer.Argument(metavar="GRADEBOOK", help="From `dlgrade grade`.")]
Assignments = Annotated[list[str] | None, typer.Option("--assignment", help="Only this one.")]
Late = Annotated[
    list[str] | None,
    typer.Option(
        metavar="RULE",
        help="'DATE: 10%/day, at most 50%, marked 20%', beside the raw score; "
        "'NAME=RULE' for each of several assignments.",
    ),
]
LateDays = Annotated[
    int | None,
    typer.Option(min=0, help="Days that each student may be late in all, at no cost."),
]
Best = Annotated[bool, typer.Option("--best", help="The best attempt counts, not the newest.")]
ShowCases = Annotated[
    bool, typer.Option("--show-cases", help="Show students the arguments of hidden cases.")
]


Certificates = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="Certificates of a cluster (default: your own)."),
]


@dataclass
class Settings:
    """What is given before the command."""

    course_dir: Path | None = None

    @property
    def course(self) -> Course:
        """The course that was asked for."""
        from grader.course.course import find_course

        return find_course(self.course_dir)

    @property
    def quizzes_dir(self) -> Path:
        """Where the course's quizzes are."""
        return self.course.quizzes_dir


def find_folder(given: Path | None, course: Course) -> Path:
    """Return the folder with the student's files.

    Raises
    ------
    UsageError
        There is none: neither here nor in `exercises/`, nor where `--dir` says.
    """
    if given is not None:
        if not given.is_dir():
            raise UsageError(f"--dir: there is no folder {given}")
        return given.resolve()
    here = Path.cwd()
    for folder in (here, here / "exercises"):
        if any((folder / f"{module}.py").is_file() for module in course.modules):
            return folder
    text = "no exercises here: `dlgrade init` puts them into ./exercises"
    raise UsageError(f"{text}; if you have some, go there, or name the folder with --dir")


def find_work(given: Path | None, course: Course) -> Path:
    """Return the folder with the student's files, or what was handed in: an archive, a notebook.

    Raises
    ------
    UsageError
        There is neither.
    """
    return given.resolve() if given is not None and given.is_file() else find_folder(given, course)


def make_console(*, plain: bool) -> Console:
    """Return where to print: no colour without a terminal or with NO_COLOR, never markup.

    A terminal whose code page lacks the signs gets its nearest letters rather than a traceback.
    """
    from rich.console import Console

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and not can_show(stream.encoding):
            stream.reconfigure(errors="replace")
    console = Console(
        markup=False, highlight=False, emoji=False, soft_wrap=False,
        no_color=plain or None, color_system=None if plain else "auto",
    )  # fmt: skip
    if console.is_dumb_terminal:  # Rich takes each of these for one of 80 columns
        console.size = shutil.get_terminal_size()
    return console


def paged(console: Console, *, plain: bool) -> contextlib.AbstractContextManager[Any]:
    """Return what shows more than a screen page by page, at a terminal."""
    if plain or not console.is_terminal:
        return contextlib.nullcontext()
    os.environ.setdefault("PAGER", "less")
    os.environ.setdefault("LESS", "FRX")  # short answers stay on the screen
    return console.pager(styles=True)


def need_cluster_libraries(asker: str) -> None:
    """Make sure that the extra `cluster` is there.

    Raises
    ------
    UsageError
        Something of it is missing; the message has the line that installs it.
    """
    for name in ("distributed", "cryptography", "dask_jobqueue"):
        if importlib.util.find_spec(name) is None:
            raise UsageError(f"{asker} needs {name}: pip install 'dlgrade[cluster]'")


def need_class_libraries(asker: str, *names: str) -> None:
    """Make sure that libraries of the extra `class` are there, before anything is begun.

    Parameters
    ----------
    asker
        What needs them, as it was typed.
    names
        As they are imported.

    Raises
    ------
    UsageError
        Some are missing; the message has the line that installs them.
    """
    missing = [name for name in names if importlib.util.find_spec(name) is None]
    if missing:
        text = f"{asker} needs {', '.join(missing)}: pip install 'dlgrade[class]'"
        raise UsageError(f"{text} (in the source tree: pip install '.[class]')")


def need_there(into: Path, what: str, *kinds: Callable[[Path], bool]) -> None:
    """Make sure that what `--into` names can be read: a pipe is waited for, a device never ends.

    Parameters
    ----------
    into, what, kinds
        As it was typed; what it has to be, in words, and what tells whether it is that.

    Raises
    ------
    UsageError
        There is nothing, or something else.
    """
    try:
        there = any(is_kind(into) for is_kind in kinds)
        is_other = not there and into.exists()
    except OSError as error:
        raise UsageError(f"--into: {into} cannot be read ({error.strerror})") from error
    if is_other:
        how = ": save what comes through it" if into.is_fifo() else ""
        raise UsageError(f"--into: {into} is no {what}{how}")
    if not there:
        raise UsageError(f"--into: there is no {what} {into}")


def make_policy(late: list[str] | None, *, best: bool, late_days: int | None) -> Policy:
    """Return what counts, by the options.

    Raises
    ------
    UsageError
        A rule is none; or there are late days, and no rule says what is late.
    """
    from grader.gradebook.policy.lateness import read_rules
    from grader.gradebook.students import Policy

    if late_days is not None and not late:
        raise UsageError("--late-days: nothing says what is late; add --late RULE")
    alone, named = read_rules(late or [])
    return Policy(alone, best, named, late_days)


def say(line: str) -> None:
    """Tell the answer, on standard output.

    Raises
    ------
    UsageError
        It cannot be written: what was done is done.
    """
    try:
        typer.echo(line)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise UsageError(f"standard output cannot be written ({error.strerror})") from error


def say_aside(line: str) -> None:
    """Tell something beside the answer, on standard error."""
    typer.echo(f"dlgrade: {safe_message(line)}", err=True)


def tell_remarks(view: ClassView) -> None:
    """Tell what is to be known about a gradebook before its points are believed."""
    for line in view.remarks():
        say_aside(line)


def tell_damage(view: ClassView) -> None:
    """Tell whose results could not be told, and end with 3 where there are any."""
    lines = view.damage()
    for line in lines[:SHOWN_LINES]:
        say_aside(line)
    if len(lines) > SHOWN_LINES:
        say_aside(f"and {len(lines) - SHOWN_LINES} more results are damaged")
    if lines:
        raise typer.Exit(GraderError.exit_code)
