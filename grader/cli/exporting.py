"""`dlgrade export`: grades in another program's format."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO, cast

import typer

from grader.cli.common import (
    Best,
    Late,
    LateDays,
    ShowCases,
    make_policy,
    say_aside,
    tell_damage,
    tell_remarks,
)
from grader.errors import UsageError
from grader.files import open_whole_text
from grader.text import safe_text

if TYPE_CHECKING:
    from collections.abc import Iterator

KEPT_IN_MEMORY = 2**24  # bytes of an export that wait in memory; more of them in a file


def export(
    context: typer.Context,
    gradebook: Annotated[Path, typer.Argument(help="From `dlgrade grade`.")],
    form: Annotated[str, typer.Option("--format", metavar="FORMAT", help="json, csv, …")],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="A file (default: standard output).")
    ] = None,
    assignment: Annotated[list[str] | None, typer.Option(help="Only this one.")] = None,
    student: Annotated[str | None, typer.Option(help="Only this student's.")] = None,
    into: Annotated[
        Path | None, typer.Option(help="The other program's own file, to be filled in.")
    ] = None,
    column: Annotated[str | None, typer.Option(help="The title of its column for grades.")] = None,
    scale: Annotated[
        bool, typer.Option("--scale", help="Write shares of the maximum in that file.")
    ] = False,
    late: Late = None,
    late_days: LateDays = None,
    best: Best = False,
    show_cases: ShowCases = False,
) -> None:
    """Write grades in another program's format."""
    del context  # the gradebook knows all that is needed; the course may be another one by now
    from grader.gradebook.exporters import Options, load_exporter
    from grader.gradebook.facts import Gradebook
    from grader.gradebook.view import select_view

    write = load_exporter(form)
    if into is not None and not into.is_file():
        raise UsageError(f"--into: there is no file {into}")
    options = Options(into, column, scale, show_cases, say_aside)
    with Gradebook(gradebook, read_only=True) as book:
        policy = make_policy(late, best=best, late_days=late_days)
        view = select_view(book, assignment or [], student, policy)
        for one in view.assignments:
            for name in one.strangers:
                options.tell(f"{safe_text(one.name)}: not on the roster: {safe_text(name)}")
        tell_remarks(view)
        with _stream(output) as stream:
            write(view, stream, options)
    tell_damage(view)


@contextlib.contextmanager
def _stream(output: Path | None) -> Iterator[TextIO]:
    """Yield where to write: what is written appears whole or not at all."""
    if output is None:
        try:
            yield from _collected()
        except BrokenPipeError:
            raise
        except OSError as error:
            import tempfile

            text = f"standard output, or {tempfile.gettempdir()}, cannot be written"
            raise UsageError(f"{text} ({error.strerror})") from error
        return
    try:
        with open_whole_text(output) as stream:
            yield stream
    except OSError as error:
        raise UsageError(f"-o: {output} cannot be written ({error.strerror})") from error


def _collected() -> Iterator[TextIO]:
    """Yield where to write what goes to standard output when all of it is there."""
    import shutil
    import tempfile

    with tempfile.SpooledTemporaryFile(KEPT_IN_MEMORY, "w+", encoding="utf-8", newline="") as spool:
        yield cast("TextIO", spool)
        spool.seek(0)
        with open(sys.stdout.fileno(), "w", encoding="utf-8", newline="", closefd=False) as stream:
            shutil.copyfileobj(spool, stream)
