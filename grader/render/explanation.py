"""The long form of a message, `--explain`: what was asked, its formula, and where it is taught."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from grader.course.docstrings import lectures, sections
from grader.render.signs import QUIET
from grader.text import safe_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import RenderableType

    from grader.course.course import Exercise
    from grader.model import ExerciseResult

MAX_LINES = 20
SHOWN_SECTIONS = ("Parameters", "Returns", "Raises", "Notes")


def render_explanation(
    result: ExerciseResult, exercise: Exercise, decks: Mapping[str, str]
) -> list[RenderableType]:
    """Return the lines that the long form adds.

    Parameters
    ----------
    result
        May hold what the student's code printed.
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
            text = "\n".join(f"  {line}" for line in lines)
            parts += [Text(""), Text(f"{name}:", "bold"), Text(text)]
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


def tame(text: str) -> str:
    """Return printed text without what steers a terminal, cut to a screenful."""
    lines = [safe_text(line, spelt_out=False) for line in text.splitlines()]
    return "\n".join(lines[:MAX_LINES]) + ("\n…" if len(lines) > MAX_LINES else "")
