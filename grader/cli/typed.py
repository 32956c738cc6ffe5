"""What is typed: a command or a target, what completes it, and what was meant where it is none."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup, TyperOption

from grader.errors import DlgradeError, UnknownTargetError, UsageError
from grader.text.meant import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable

    from typer.models import CommandInfo

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
    "topic": "explain",
    "learn": "explain",
    "about": "explain",
}


COMPLETING = "_DLGRADE_COMPLETE"  # set by a shell that asks what may come next
PLAINLY = "No colours, no columns, words for signs."


class CommandLine(typer.Typer):
    """All commands, of which one is got ready where it is known which one is asked for.

    Typer reads the options of every command before it runs one: a tenth of a second.
    """

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run the command of this process."""
        commands, groups = whole = self.registered_commands, self.registered_groups
        given = kwargs.get("args", args[0] if args else None)
        asked = _first_word(sys.argv[1:] if given is None else given)
        chosen = [one for one in commands if _name(one) == asked]
        chosen_groups = [one for one in groups if one.name == asked]
        alone = asked is None and COMPLETING not in os.environ
        if chosen or chosen_groups or alone:
            self.registered_commands, self.registered_groups = chosen, chosen_groups
        try:
            return super().__call__(*args, **kwargs)
        finally:
            self.registered_commands, self.registered_groups = whole


def _first_word(words: list[str]) -> str | None:
    """Return what stands where a command does, which may be no command; None where nothing does."""
    rest = iter(words)
    for word in rest:
        if word == "--course":
            next(rest, None)
        elif word != "--plain" and not word.startswith("--course="):
            return word
    return None


class Command(TyperCommand):
    """A command, which takes `--plain`: one that says nothing but words is plain as it is."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "plain" not in [one.name for one in self.params]:
            plain = TyperOption(
                param_decls=["--plain"], is_flag=True, expose_value=False, help=PLAINLY
            )
            self.params.append(plain)


def take_plain(app: typer.Typer) -> None:
    """Let every command take `--plain`, those of groups among them, so that none refuses it."""
    for command in app.registered_commands:
        if command.cls is None or command.cls is TyperCommand:
            command.cls = Command
    for group in app.registered_groups:
        if group.typer_instance is not None:
            take_plain(group.typer_instance)


def _name(command: CommandInfo) -> str:
    return str(command.name or getattr(command.callback, "__name__", ""))


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
        course = ctx.params.get("course")  # as it was typed
        meant = what_was_meant(word, self.commands, Path(course) if course else None)
        raise UsageError(f"no command is called {word!r}; {meant}")


AT_LINE = re.compile(r"(.+\.py):(\d{1,6})(?::\d*)?:?")  # pool.py:37, and with a column


def what_was_meant(word: str, names: Iterable[str], course: Path | None) -> str:
    """Return the half of a sentence that helps: a command, or `dlgrade check` of a target."""
    if word.lower() in ALIASES:
        return f"did you mean 'dlgrade {ALIASES[word.lower()]}'?"
    if is_target(word, course):
        return f"did you mean 'dlgrade check {word}'?"
    return did_you_mean(word, {name: name for name in names}, "`dlgrade --help` shows them all")


def is_target(word: str, course: Path | None) -> bool:
    """Tell whether a word names a module or an exercise of the course."""
    from grader.course.course import find_course

    try:
        return bool(find_course(course).select([as_target(word)]))
    except UnknownTargetError:
        return False


def as_target(text: str) -> str:
    """Return a target as it is called; a module may be named by its file, as shells complete it.

    With a line behind it, as editors show one, that is the exercise which the line is of.

    Raises
    ------
    UsageError
        The file is not in the folder that is looked at.

    Examples
    --------
    >>> as_target("conv.py"), as_target("conv.im2col")
    ('conv', 'conv.im2col')
    """
    name, line = text, 0
    if place := AT_LINE.fullmatch(text):
        name, line = place[1], int(place[2])
    path = Path(name)
    if path.suffix != ".py":
        return text
    here = Path.cwd()
    nearest = next((f for f in (here, here / "exercises") if (f / path.name).is_file()), here)
    if path.parent != Path() and path.parent.absolute().resolve() != nearest.resolve():
        raise UsageError(f"{name} is in another folder: say {path.stem} --dir {path.parent}")
    return _exercise_at(nearest / path.name, line) if line else path.stem


def _exercise_at(file: Path, line: int) -> str:
    """Return the exercise whose function a line is in; the module where it is in none."""
    from grader.course.course import find_course
    from grader.engine.source import read_source

    names = {i.partition(".")[2] for i in find_course().ids if i.startswith(f"{file.stem}.")}
    for name, node in read_source(file).functions.items():
        first = min([node.lineno, *(one.lineno for one in node.decorator_list)])
        if name in names and first <= line <= (node.end_lineno or 0):
            return f"{file.stem}.{name}"
    return file.stem


def as_topic(text: str) -> str:
    """Return a target as it is called, whichever folder the file lies in that names it.

    Examples
    --------
    >>> as_topic("exercises/conv.py"), as_topic("topics/conv.md"), as_topic("conv.im2col")
    ('conv', 'conv', 'conv.im2col')
    """
    path = Path(text)
    return path.stem if path.suffix in (".py", ".md") else as_target(text)


def complete_target(incomplete: str) -> list[str]:
    """Return what begins so: modules, exercises, else the exercises whose function's name does."""
    from grader.course.course import find_course

    try:
        course = find_course()
        whole = [*course.modules, *course.ids]
    except DlgradeError:  # a shell shows what is said here in the middle of a line
        return []
    modules = [name for name in course.modules if name.startswith(incomplete)]
    if "." not in incomplete and len(modules) > 1:
        return modules
    names = [one.partition(".")[2] for one in course.ids]
    return [name for name in (*whole, *names) if name.startswith(incomplete)]


A_TARGET = "A module or an exercise."
Targets = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="TARGET", help=A_TARGET, parser=as_target, autocompletion=complete_target
    ),
]
Target = Annotated[
    str,
    typer.Argument(
        metavar="TARGET", help=A_TARGET, parser=as_target, autocompletion=complete_target
    ),
]
MaybeTarget = Annotated[
    str | None,
    typer.Argument(
        metavar="[TARGET]", help=A_TARGET, parser=as_target, autocompletion=complete_target
    ),
]
MaybeTopic = Annotated[
    str | None,
    typer.Argument(
        metavar="[TARGET]", help=A_TARGET, parser=as_topic, autocompletion=complete_target
    ),
]
Topics = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="TARGET", help=A_TARGET, parser=as_topic, autocompletion=complete_target
    ),
]
