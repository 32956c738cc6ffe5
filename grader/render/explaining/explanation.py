"""What an exercise asks, its formula, and where it is taught: `explain`, and `check --explain`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.text import Text

from grader.course.docstrings import lectures, sections
from grader.render.signs import QUIET, worth
from grader.text import safe_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rich.console import RenderableType

    from grader.course.course import Exercise
    from grader.model import ExerciseResult

MAX_LINES = 20
MARGIN = 90  # docstrings are broken by hand at 96, never much before
SHOWN_SECTIONS = ("Parameters", "Attributes", "Returns", "Raises", "Notes")


def render_explanation(
    result: ExerciseResult, exercise: Exercise, decks: Mapping[str, str]
) -> list[RenderableType]:
    """Return the lines that the long form adds.

    Parameters
    ----------
    result
        May hold what the student's code printed.
    exercise, decks
        See `render_question`.
    """
    parts = [*render_question(exercise, decks), Text("")]
    parts.append(Text.assemble(("The topic: ", "bold"), f"dlgrade explain {exercise.id}"))
    if result.faults:
        said = "\n".join(f"  {line}" for line in result.faults)
        parts += [Text(""), Text("A fault of dlgrade's, not of yours:", "bold"), Text(said, QUIET)]
    if result.output:
        parts += [
            Text(""),
            Text("In all calls your code printed:", "bold"),
            Text(tame(result.output), QUIET),
        ]
    return parts


def render_question(exercise: Exercise, decks: Mapping[str, str]) -> list[RenderableType]:
    """Return what an exercise asks: what it is, where it is taught, what goes in and comes out.

    Parameters
    ----------
    exercise
        Knows the lesson, the docstring and the decks.
    decks
        The decks' names by their numbers.
    """
    parts: list[RenderableType] = [
        Text(""),
        Text.assemble(("What it is: ", "bold"), exercise.lesson),
    ]
    if taught := lectures(exercise.stub.docstring, exercise.check.decks, decks):
        parts += [Text("Taught in:", "bold"), Text("\n".join(f"  {place}" for place in taught))]
    for title, lines in sections(exercise.stub.docstring).items():
        if title in SHOWN_SECTIONS:
            name = "Formula" if title == "Notes" else title
            parts += [Text(""), Text(f"{name}:", "bold"), *map(_indented, reflowed(lines))]
    if exercise.stub.is_class:
        told = [f"  {one}  {one.summary}" for one in exercise.stub.methods]
        parts += [Text(""), Text("Methods:", "bold"), *map(_indented, told)]
    return parts


def _indented(line: str) -> RenderableType:
    text = line.lstrip()
    return text and Padding(Text(text), (0, 0, 0, 2 + len(line) - len(text)), expand=False)


def reflowed(lines: Iterable[str]) -> list[str]:
    """Return lines in which a sentence that was broken at the margin is whole again.

    Parameters
    ----------
    lines
        Of a docstring; a line is broken there where the next word had no room, and what stands
        on a line of its own, such as a formula, stays there.

    Examples
    --------
    >>> full = "word " * 17 + "and"
    >>> reflowed(["a = b", "c = d", full, "more"]) == ["a = b", "c = d", f"{full} more"]
    True
    """
    found: list[str] = []
    last = ""
    for line in lines:
        text = line.lstrip()
        same = len(last) - len(last.lstrip()) == len(line) - len(text)
        if last and text and same and len(last) + 1 + len(text.split()[0]) > MARGIN:
            found[-1] += f" {text}"
        else:
            found.append(line)
        last = line
    return found


def render_exercise(exercise: Exercise, decks: Mapping[str, str]) -> list[RenderableType]:
    """Return what an exercise asks, under its name, its points and what it builds on.

    Parameters
    ----------
    exercise, decks
        See `render_question`.
    """
    head = Text.assemble((exercise.id, "bold"), f"  {worth(float(exercise.check.points))}")
    if exercise.requires:
        head.append(f"\nbuilds on {', '.join(exercise.requires)}", QUIET)
    return [head, *render_question(exercise, decks)]


def tame(text: str) -> str:
    """Return printed text without what steers a terminal, cut to a screenful."""
    lines = [safe_text(line, spelt_out=False) for line in text.splitlines()]
    return "\n".join(lines[:MAX_LINES]) + ("\n…" if len(lines) > MAX_LINES else "")
