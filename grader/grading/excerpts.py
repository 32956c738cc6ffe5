"""Keep a few lines of a student's code beside a result that did not pass: where it goes wrong.

The files are read before anything of the student's has run, so that no line can be one that the
code wrote while it knew its arguments. All of it is bounded, and harmless to look at.
"""

from __future__ import annotations

import ast
from bisect import bisect_right
from typing import TYPE_CHECKING

from grader.errors import UnparsedError
from grader.model import Location, Status
from grader.model.sourcemap import AS_IT_IS
from grader.parsing import MAX_SOURCE_BYTES, decode_source, parse_python, split_lines
from grader.text import safe_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from grader.model import ExerciseResult
    from grader.model.sourcemap import Excerpt, SourceMap, TraceLine

MAX_LINES, MAX_CHARACTERS, MAX_WIDTH = 15, 2_000, 160
MAX_READ = 4 * MAX_SOURCE_BYTES  # of all files together
BEFORE = 9  # lines that lead to the one that fails; what follows it was not run
TAB = 4
SUFFIX = ".py"
WITHOUT = (Status.PASSED, Status.UNIMPLEMENTED)  # nothing to mend, and nothing to see


class Excerpts:
    """The Python files of a submission as they came in, to take a few lines from.

    Parameters
    ----------
    folder
        The stage; nothing of the student's has run there yet.
    modules
        The modules that are asked for, which are read before others.
    sources
        What the student calls the lines.
    """

    def __init__(self, folder: Path, modules: Sequence[str], sources: SourceMap = AS_IT_IS) -> None:
        self._sources = sources
        self._texts = _read(folder, dict.fromkeys(f"{module}{SUFFIX}" for module in modules))
        self._lines: dict[str, list[str]] = {}
        self._functions: dict[str, dict[str, ast.FunctionDef | ast.AsyncFunctionDef]] = {}

    def find(self, result: ExerciseResult) -> Excerpt | None:
        """Return the lines around the one that a result names, else the function's; or None."""
        if result.status in WITHOUT:
            return None
        module, _, name = result.id.partition(".")
        mended = result.mending
        if where := result.location or (Location(*mended.at[0]) if mended else None):
            file, line = self._sources.made_line(where) or (where.file, where.line)
            return self._around(file, line)
        return self._function(f"{module}{SUFFIX}", name)

    def trace(self, result: ExerciseResult) -> list[TraceLine]:
        """Return the lines that led to an exception, with what stands there, outermost first."""
        return [self._trace_line(where) for where in result.trace]

    def _trace_line(self, where: Location) -> TraceLine:
        file, line = self._sources.made_line(where) or (where.file, where.line)
        lines = self._split(file)
        code = _harmless(lines[line - 1]).strip() if 1 <= line <= len(lines) else ""
        names = (_harmless(where.file), _harmless(where.function))  # made by whoever ran
        return {"file": names[0], "line": where.line, "function": names[1], "code": code}

    def _around(self, file: str, line: int) -> Excerpt | None:
        lines = self._split(file)
        if not 1 <= line <= len(lines):
            return None
        first, last = self._cell(file, line, len(lines))
        node = self._outer(file, line)
        if node is not None:  # a line of the function before it explains nothing
            first, last = max(first, node.lineno), min(last, node.end_lineno or last)
        start = max(first, min(line - BEFORE, last - MAX_LINES + 1))
        return self._excerpt(file, (start, min(last, start + MAX_LINES - 1)), line)

    def _function(self, file: str, name: str) -> Excerpt | None:
        node = self._find_functions(file).get(name)
        if node is None:
            return None
        start, end = node.lineno, node.end_lineno or node.lineno
        if end - start >= MAX_LINES and ast.get_docstring(node) and len(node.body) > 1:
            start = node.body[1].lineno  # what the course says is in the course
        return self._excerpt(file, (start, min(end, start + MAX_LINES - 1)), None)

    def _excerpt(self, file: str, span: tuple[int, int], line: int | None) -> Excerpt:
        """Return lines of a file under the names that the student has for them."""
        start, end = span
        shown = [_harmless(text) for text in self._split(file)[start - 1 : end]]
        while len("\n".join(shown)) > MAX_CHARACTERS:
            if line is not None and start < line:
                start, shown = start + 1, shown[1:]
            else:
                shown.pop()
        told = self._sources.locate(Location(file, start))
        at = None if line is None else told.line + line - start
        return {"file": told.file, "first": told.line, "line": at, "text": "\n".join(shown)}

    def _split(self, file: str) -> list[str]:
        if file not in self._lines:
            try:
                text = decode_source(self._texts.get(file, b""))
            except (UnparsedError, LookupError, ValueError):
                text = ""
            self._lines[file] = split_lines(text)
        return self._lines[file]

    def _cell(self, file: str, line: int, last: int) -> tuple[int, int]:
        """Return the first and the last line of what the student sees as one piece."""
        pieces = self._sources.files.get(file)
        if not pieces:
            return 1, last
        number = bisect_right(pieces, line, key=lambda piece: piece.first)
        first = pieces[number - 1].first if number else 1
        return first, pieces[number].first - 1 if number < len(pieces) else last

    def _outer(self, file: str, line: int) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
        """Return the function at the top level that a line is in."""
        inside = (
            node
            for node in self._find_functions(file).values()
            if node.lineno <= line <= (node.end_lineno or 0)
        )
        return next(inside, None)

    def _find_functions(self, file: str) -> dict[str, ast.FunctionDef | ast.AsyncFunctionDef]:
        if file not in self._functions:
            try:
                body = parse_python(self._texts.get(file, b"")).body
            except (SyntaxError, ValueError, RecursionError, MemoryError, UnparsedError):
                body = []
            self._functions[file] = {
                node.name: node
                for node in body
                if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
            }
        return self._functions[file]


def _read(folder: Path, wanted: dict[str, None]) -> dict[str, bytes]:
    """Return the Python files at the top of a stage, those that are asked for first."""
    found: dict[str, bytes] = {}
    left = MAX_READ
    for path in sorted(folder.glob(f"*{SUFFIX}"), key=lambda one: (one.name not in wanted, one)):
        try:
            size = path.stat().st_size
            if path.is_file() and size <= min(left, MAX_SOURCE_BYTES):
                found[path.name] = path.read_bytes()
                left -= size
        except OSError:  # it has no lines to show, and whoever runs it says why
            continue
    return found


def _harmless(line: str) -> str:
    r"""Return a line without its end, in which nothing but letters and blanks is left.

    Examples
    --------
    >>> _harmless("\tx = 1\r\n"), _harmless("y = '" + chr(0x202E) + "'")
    ('    x = 1', "y = '\ufffd'")
    """
    text = line[: MAX_WIDTH + 1].rstrip("\r\n").expandtabs(TAB)
    cut = text if len(text) <= MAX_WIDTH else text[:MAX_WIDTH] + "…"
    return safe_text(cut, spelt_out=False).rstrip()
