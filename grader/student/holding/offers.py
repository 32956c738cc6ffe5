"""What is offered for a failing case: to hold it, and to look at it."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from grader.student.drawing.table import shows_drawing
from grader.text import as_typed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from grader.model import ExerciseResult, SubmissionResult


USUAL_WIDTH = 80


def offers(result: SubmissionResult, folder: Path | None, width: int) -> Iterator[str]:
    """Yield the lines that say how to hold and how to draw the first failing case.

    Parameters
    ----------
    result
        Of a check.
    folder
        From `--dir`; None where it was not given.
    width
        Of the screen. A command is one line on any, so that it can be copied.
    """
    held = _first_held(result)
    if held is None:
        return
    if sum(one.held is not None for one in result.exercises) > 1:
        # what stands above is about the last one
        yield "\n" + textwrap.fill(f"The first of them, {held.id}:", width)
    yield _labelled("Hold it", debug_command(result, folder), width)
    if held.telling is not None:
        other = "(or, with --case telling, the one where more of it can be seen)"
        yield textwrap.indent(textwrap.fill(other, max(width - 2, 1)), "  ")
    if shows_drawing(held):
        command = f"dlgrade draw {held.id}{_options(result, folder)}"
        yield _labelled("Look at it", command, width)


def _labelled(label: str, command: str, width: int) -> str:
    """Return a command behind its label; on a narrow screen below it, where it does not fit."""
    line = f"  {label}: {command}"
    return line if len(line) <= width or width >= USUAL_WIDTH else f"  {label}:\n  {command}"


def debug_command(result: SubmissionResult, folder: Path | None) -> str:
    """Return what to type for the first failing case as a script; nothing where there is none."""
    held = _first_held(result)
    if held is None:
        return ""
    is_packed = folder is not None and folder.is_file()
    output = f" -o {held.id.partition('.')[2]}_case.py" if is_packed else ""
    return f"dlgrade debug {held.id}{_options(result, folder)}{output}"


def _first_held(result: SubmissionResult) -> ExerciseResult | None:
    return next((one for one in result.exercises if one.held is not None), None)


def _options(result: SubmissionResult, folder: Path | None) -> str:
    """Return what has to be said again, so that the same case is found."""
    return (f" --seed {result.seed}" if result.seed else "") + dir_option(folder)


def dir_option(folder: Path | None) -> str:
    """Return what has to be said again, so that the same folder is taken; nothing for None."""
    return f" --dir {as_typed(str(folder))}" if folder is not None else ""
