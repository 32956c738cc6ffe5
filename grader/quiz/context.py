"""What the commands of `dlgrade quiz` take from the program that mounts them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from grader.errors import UsageError

if TYPE_CHECKING:
    from grader.quiz.asking.terminal.screen import TerminalScreen
    from grader.quiz.surroundings import Surroundings

OPTIONS = "grader.quiz"

Plain = Annotated[bool, typer.Option("--plain", help="ASCII only: no colours, no boxes, no bars.")]
Browser = Annotated[bool, typer.Option("--browser", help="As pages in your browser.")]


def find_surroundings(ctx: typer.Context) -> Surroundings:
    """Read what the mounting application has set: any of the attributes, none at all."""
    from grader.quiz.surroundings import Surroundings

    return Surroundings.given(ctx.obj)


def find_screen(ctx: typer.Context, *, plain: bool, browser: bool = False) -> TerminalScreen:
    """Return the terminal, plain where either the command or the group was asked to be.

    With `browser` a sitting is held on pages, and the terminal says what is before and after it.
    """
    plain = plain or ctx.meta[OPTIONS][0]
    if browser:
        from grader.quiz.asking.browser.screen import BrowserScreen

        return BrowserScreen(plain=plain)
    from grader.quiz.asking.terminal.screen import TerminalScreen

    return TerminalScreen(plain=plain)


def write_out(content: str | bytes, output: Path | None) -> None:
    """Write a content into a file as a whole, or to standard output: UTF-8 in either.

    Raises
    ------
    UsageError
        The file cannot be written.
    """
    from grader.files import write_whole

    if output is None:
        typer.echo(content.encode() if isinstance(content, str) else content, nl=False)
        return
    try:
        write_whole(output, content)
    except OSError as error:
        raise UsageError(f"{output} cannot be written ({error.strerror})") from error
