"""`dlgrade export`: grades in another program's format, in its own file, or without names."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO, cast

import typer

from grader.cli.common import (
    Assignments,
    Best,
    Late,
    LateDays,
    ShowCases,
    make_policy,
    need_there,
    say_aside,
    tell_damage,
    tell_remarks,
)
from grader.errors import UsageError
from grader.files import from_here, open_whole_text
from grader.text import safe_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.gradebook.view import ClassView

PICTURES = (".svg", ".html")
KEPT_IN_MEMORY = 2**24  # bytes of an export that wait in memory; more of them in a file


def export(
    context: typer.Context,
    gradebook: Annotated[Path, typer.Argument(help="From `dlgrade grade`.")],
    form: Annotated[str, typer.Option("--format", metavar="FORMAT", help="json, csv, …")],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="A file (default: standard output).")
    ] = None,
    assignment: Assignments = None,
    student: Annotated[str | None, typer.Option(help="Only this student's.")] = None,
    into: Annotated[
        Path | None, typer.Option(help="The other program's own file, to be filled in.")
    ] = None,
    column: Annotated[str | None, typer.Option(help="The title of its column for grades.")] = None,
    scale: Annotated[
        bool, typer.Option("--scale", help="Write shares of the maximum in that file.")
    ] = False,
    anonymous: Annotated[
        bool, typer.Option("--anonymous", help="A copy for research: nobody can tell who is who.")
    ] = False,
    late: Late = None,
    late_days: LateDays = None,
    best: Best = False,
    show_cases: ShowCases = False,
) -> None:
    """Write grades in another program's format."""
    del context  # the gradebook knows all that is needed; the course may be another one by now
    from grader.gradebook.exporters import Options, find_encoding, load_exporter
    from grader.gradebook.facts import Gradebook
    from grader.gradebook.view import select_view

    write = load_exporter(form)
    if anonymous:
        _need_anonymous(form)
    if into is not None:
        need_there(into, "file", Path.is_file)
    options = Options(into, column, scale, show_cases, say_aside, is_alone=student is not None)
    with Gradebook(gradebook, read_only=True) as book:
        policy = make_policy(late, best=best, late_days=late_days)
        view = select_view(book, assignment or [], student, policy)
        for one in view.assignments:
            for name in one.strangers:
                options.tell(
                    f"{safe_text(one.name)}: not on the roster: {safe_text(one.called(name))}"
                )
        tell_remarks(view)
        shown = _without_names(view) if anonymous else view
        with open_output(output, find_encoding(into)) as stream:
            write(shown, stream, options)
    tell_damage(view)


def _need_anonymous(form: str) -> None:
    """Make sure that a format can do without names.

    Raises
    ------
    UsageError
        It belongs to a program that has to know whose points they are.
    """
    from grader.gradebook.exporters.research.anonymous import FORMATS

    if form not in FORMATS:
        text = f"--anonymous: {form} is for a program that has to know whose points they are"
        raise UsageError(f"{text}; {' and '.join(FORMATS)} can do without names")


def _without_names(view: ClassView) -> ClassView:
    """Return what an anonymous export sees; tell here alone which assignment is which."""
    from grader.gradebook.exporters.research.anonymous import hide_identity

    hidden = hide_identity(view)
    for name in hidden.names:
        say_aside(f"assignment {hidden.numbers[name]} is {safe_text(name)!r}")
    return hidden


@contextlib.contextmanager
def open_output(output: Path | None, encoding: str = "utf-8") -> Iterator[TextIO]:
    """Yield where to write: what is written appears whole or not at all.

    Parameters
    ----------
    output, encoding
        The file, standard output for None; and how text becomes bytes there.

    Raises
    ------
    UsageError
        It cannot be written.
    """
    if output is None:
        try:
            yield from _collected(encoding)
        except BrokenPipeError:
            raise
        except OSError as error:
            import tempfile

            text = f"standard output, or {tempfile.gettempdir()}, cannot be written"
            raise UsageError(f"{text} ({error.strerror})") from error
        return
    try:
        with open_whole_text(output, encoding) as stream:
            yield stream
    except OSError as error:
        raise UsageError(f"-o: {output} cannot be written ({error.strerror})") from error


def require_picture(output: Path) -> None:
    """Make sure that a picture can be saved, before anything is made of it.

    Raises
    ------
    UsageError
        It is no picture that is asked for, or there is no place for it.
    """
    if output.suffix.lower() not in PICTURES:
        raise UsageError(f"-o: {output} should end with {' or '.join(PICTURES)}")
    if output.is_dir():
        raise UsageError(f"-o: {output} is a folder; name a file in it")
    if not output.absolute().parent.is_dir():
        raise UsageError(f"-o: there is no folder {from_here(output.absolute().parent)}")
    there = output if output.exists() else output.absolute().parent
    if not os.access(there, os.W_OK):
        raise UsageError(f"-o: {output} cannot be written")


def _collected(encoding: str) -> Iterator[TextIO]:
    """Yield where to write what goes to standard output when all of it is there."""
    import shutil
    import tempfile

    with tempfile.SpooledTemporaryFile(
        KEPT_IN_MEMORY, "w+", encoding=encoding, newline=""
    ) as spool:
        yield cast("TextIO", spool)
        spool.seek(0)
        with open(sys.stdout.fileno(), "w", encoding=encoding, newline="", closefd=False) as stream:
            shutil.copyfileobj(spool, stream)
