"""Find where in the student's files a message should send them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.engine.source import read_source
from grader.model import Status
from grader.render.shown import SourceLine
from grader.text import safe_text

if TYPE_CHECKING:
    from pathlib import Path

    from grader.course.course import Exercise
    from grader.model import ExerciseResult

MAX_LINE = 200


def find_place(folder: Path, exercise: Exercise, result: ExerciseResult) -> SourceLine | None:
    """Return the line that raised, or else the line at which the function begins.

    Parameters
    ----------
    folder
        The student's files.
    exercise, result
        The exercise, and what became of it.
    """
    where = result.location
    if where is not None:
        path = folder / where.file
        told = result.status is not Status.UNIMPLEMENTED
        return SourceLine(path, where.line, _line_of(path, where.line) if told else "")
    path = folder / f"{exercise.module}.py"
    node = read_source(path).functions.get(exercise.name)
    return SourceLine(path, node.lineno) if node is not None else None


def _line_of(path: Path, number: int) -> str:
    """Return one line of a file without its indentation; nothing when there is none."""
    try:
        lines = path.read_bytes().decode("utf-8", "replace").splitlines()
    except OSError:
        return ""
    line = lines[number - 1].strip() if 0 < number <= len(lines) else ""
    return safe_text(line[:MAX_LINE], spelt_out=False)
