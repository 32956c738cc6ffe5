"""Find where in the student's files a message should send them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from grader.engine.reading.loops import find_loop
from grader.engine.source import find_return, is_return, read_lines, read_source
from grader.model import Location, Status
from grader.model.results import OUT_OF_MEMORY
from grader.model.sourcemap import AS_IT_IS
from grader.render.shown import SourceLine
from grader.text import safe_text

if TYPE_CHECKING:
    from pathlib import Path

    from grader.course.course import Exercise
    from grader.engine.source import SourceFile
    from grader.model import ExerciseResult
    from grader.model.sourcemap import SourceMap

MAX_LINE, MAX_BEFORE = 200, 60
WHOLE = 68  # characters that a screen of 80 columns has beside a number and its bar
ANSWERED = (Status.FAILED, Status.REJECTED)
TIME_UP, FULL = "the time was up", "the memory was full"
RETURNED, LAST = "which returned the answer", "its last `return`"  # nothing says it is wrong
TAB, TAB_SIGN, BLANK_SIGN = 4, "→   ", "·"


def find_source_line(
    folder: Path, exercise: Exercise, result: ExerciseResult, sources: SourceMap = AS_IT_IS
) -> SourceLine | None:
    """Return the line that raised, was run last, can be mended or returned, else the function's.

    Parameters
    ----------
    folder
        The student's files.
    exercise, result
        The exercise, and what became of it.
    sources
        What the student calls the files and their lines, where they were made from a notebook.
    """
    where = result.location
    if where is None and result.mending is not None:
        where = Location(*result.mending.at[0])
    if where is None:
        return _in_function(folder, exercise, result, sources)
    file, line = sources.made_line(where) or (where.file, where.line)
    label = str(where) if sources.files else ""
    source = read_source(folder / file) if result.status is Status.MISSING else None
    if source is not None and source.problem_line == line:
        code, columns = _as_it_stands(source)
        return SourceLine(folder / where.file, where.line, code, label, columns)
    is_stub = result.status is Status.UNIMPLEMENTED and not result.is_begun
    code = "" if is_stub else _line_of(folder, file, line)
    shown = SourceLine(folder / where.file, where.line, code, label)
    when = TIME_UP if result.status is Status.TIMEOUT else ""
    when = FULL if result.message == OUT_OF_MEMORY else when
    if not when:
        return _with_told(shown, folder, result, sources)
    begin = find_loop(read_source(folder / file).functions.values(), line)
    loop = (where.line - line + begin, _line_of(folder, file, begin)) if 0 < begin < line else None
    return replace(shown, why=f"which was running when {when}", beside=loop)


def _with_told(
    shown: SourceLine, folder: Path, result: ExerciseResult, sources: SourceMap
) -> SourceLine:
    """Return a line that raised with the one beside it of which it is told that it is wrong."""
    if result.status is not Status.ERROR or result.mending is None or result.location is None:
        return shown
    told = Location(*result.mending.at[0])
    if told.file != result.location.file or told.line == shown.line:
        return shown
    file, line = sources.made_line(told) or (told.file, told.line)
    return replace(shown, beside=(told.line, _line_of(folder, file, line)))


def _in_function(
    folder: Path, exercise: Exercise, result: ExerciseResult, sources: SourceMap
) -> SourceLine | None:
    """Return the line with which a wrong answer was returned, else where the function begins."""
    file = f"{exercise.module}.py"
    node = read_source(folder / file).functions.get(exercise.name)
    if node is None:
        return None
    line = find_return(node, result.returned) if result.status in ANSWERED else 0
    where = sources.locate(Location(file, line or node.lineno))
    code = _line_of(folder, file, line) if line else ""
    label = str(where) if sources.files else ""
    why = RETURNED if is_return(node, result.returned) else LAST
    return SourceLine(folder / where.file, where.line, code, label, why=why if line else "")


def _as_it_stands(source: SourceFile) -> tuple[str, tuple[int, int] | None]:
    """Return a line that is not Python with its own indentation, and where to set a mark.

    Tabs are blanks as wide as one, but where they are mixed with blanks: there all have signs.
    """
    line = _raw_line(source.path, source.problem_line)
    blanks = len(line) - len(line.lstrip())
    if source.problem.startswith("TabError"):
        shown = line[:blanks].replace(" ", BLANK_SIGN).replace("\t", TAB_SIGN)
        return shown + safe_text(line[blanks:MAX_LINE], spelt_out=False), None
    begin, end = (1, blanks + 1) if "unindent" in source.problem else source.columns
    blanks = min(blanks, max(begin - 1, 0)) if "unindent" in source.problem else blanks
    first = max(begin - 1, blanks)
    last = max(first + 1, end - 1 if end > begin else 0)
    start = 0 if len(line) <= WHOLE else max(0, first - MAX_BEFORE)
    shown = line[start : start + MAX_LINE]
    before = len(shown[: first - start].expandtabs(TAB))
    wide = len(shown[: last - start].expandtabs(TAB))
    return safe_text(shown.expandtabs(TAB), spelt_out=False), (before, max(before + 1, wide))


def _raw_line(path: Path, number: int) -> str:
    """Return one line of a file without its end; nothing when there is none."""
    lines = read_lines(path)
    return lines[number - 1].rstrip() if 0 < number <= len(lines) else ""


def _line_of(folder: Path, file: str, number: int) -> str:
    """Return one line of a file without its indentation, as it may be shown."""
    return safe_text(_raw_line(folder / file, number).strip()[:MAX_LINE], spelt_out=False)
