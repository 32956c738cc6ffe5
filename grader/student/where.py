"""Find where in the student's files a message should send them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.engine.source import read_source
from grader.model import Location, Status
from grader.parsing import decode_source, split_lines
from grader.render.shown import SourceLine
from grader.sourcemap import AS_IT_IS
from grader.text import safe_text

if TYPE_CHECKING:
    from pathlib import Path

    from grader.course.course import Exercise
    from grader.model import ExerciseResult
    from grader.sourcemap import SourceMap

MAX_LINE = 200


def find_source_line(
    folder: Path, exercise: Exercise, result: ExerciseResult, sources: SourceMap = AS_IT_IS
) -> SourceLine | None:
    """Return the line that raised or can be mended, or else the one at which the function begins.

    Parameters
    ----------
    folder
        The student's files.
    exercise, result
        The exercise, and what became of it.
    sources
        What the student calls the files and their lines, where they were made from a notebook.
    """
    where, code = result.location, ""
    if where is None and result.mending is not None:
        where = Location(*result.mending.at[0])
    if where is None:
        file = f"{exercise.module}.py"
        node = read_source(folder / file).functions.get(exercise.name)
        if node is None:
            return None
        where = sources.locate(Location(file, node.lineno))
    elif result.status is not Status.UNIMPLEMENTED:
        code = _line_of(folder, *(sources.made_line(where) or (where.file, where.line)))
    label = str(where) if sources.files else ""
    return SourceLine(folder / where.file, where.line, code, label)


def _line_of(folder: Path, file: str, number: int) -> str:
    """Return one line of a file without its indentation; nothing when there is none."""
    try:
        lines = split_lines(decode_source((folder / file).read_bytes()))
    except (OSError, ValueError):
        return ""
    line = lines[number - 1].strip() if 0 < number <= len(lines) else ""
    return safe_text(line[:MAX_LINE], spelt_out=False)
