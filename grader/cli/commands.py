"""What is typed for a command that does not exist: the help, or the one that was meant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperGroup

from grader.errors import UnknownTargetError, UsageError
from grader.text import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

# What others call a command of ours.
ALIASES = {
    "test": "check",
    "run": "check",
    "verify": "check",
    "start": "watch",
    "next": "watch",
    "ls": "list",
    "new": "init",
    "answer": "solution",
}


class Commands(TyperGroup):
    """The commands of `dlgrade`, and what to say where a word is none of them."""

    # Typer keeps its click in several places, and with it the types of a context and a command.
    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the command; `dlgrade help` is another way to ask for the help.

        Raises
        ------
        UsageError
            There is none of that name; the message says what was probably meant.
        """
        word = args[0]
        if word == "help" and len(args) == 1:
            typer.echo(ctx.get_help())
            raise typer.Exit
        if word == "help":
            return self.resolve_command(ctx, [args[1], "--help"])
        if word in self.commands or word.startswith("-"):
            return super().resolve_command(ctx, args)
        meant = what_was_meant(word, self.commands, ctx.params.get("course"))
        raise UsageError(f"no command is called {word!r}; {meant}")


def what_was_meant(word: str, names: Iterable[str], course: Path | None) -> str:
    """Return the half of a sentence that helps: a command, or `dlgrade check` of a target."""
    if word.lower() in ALIASES:
        return f"did you mean 'dlgrade {ALIASES[word.lower()]}'?"
    if is_target(word, course):
        return f"did you mean 'dlgrade check {word}'?"
    return did_you_mean(word, {name: name for name in names}, "`dlgrade --help` shows them all")


def is_target(word: str, course: Path | None) -> bool:
    """Tell whether a word names a module or an exercise of the course."""
    from grader.cli.common import as_target
    from grader.course.course import find_course

    try:
        return bool(find_course(course).select([as_target(word)]))
    except UnknownTargetError:
        return False
