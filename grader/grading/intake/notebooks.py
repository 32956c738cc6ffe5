"""Turn a notebook into one Python file: its code cells in order, magics dropped."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from grader.model.sourcemap import Piece
from grader.parsing import MAX_SOURCE_BYTES, PYTHON_MAGICS, TOO_LARGE, is_too_large, parse_python
from grader.worker.child.agreed import CELL_MARK, NOTEBOOK_MARK

if TYPE_CHECKING:
    from collections.abc import Iterator

# The time grows with the line: what comes before a sign cannot be matched in two ways.
MAGIC = re.compile(r"^(?:\s*[%!?]|[\w.,\s]+=\s*[%!])|\?\??\s*$")
PARTS = (b"[", b"{", b",")
MAX_CELLS = 5_000
MAX_MAGIC = 40
MAX_TRIED = 20  # magics of a cell that are taken out one by one, before all are


@dataclass(frozen=True)
class Notebook:
    """The code of a notebook.

    Parameters
    ----------
    text
        One Python file; the child runs it cell by cell.
    pieces
        Where in that file the lines of each cell are.
    warnings
        Cells that were left out, and why.
    problem
        Why it is no notebook at all.
    """

    text: str = ""
    pieces: tuple[Piece, ...] = ()
    warnings: tuple[str, ...] = ()
    problem: str = ""


def notebook_source(data: bytes) -> Notebook:
    """Return the code of a notebook, whatever is in it.

    All its code together may be as long as a file of Python may be, and the file around it, which
    may hold pictures, have as many parts as it could have if it were no longer than that.
    """
    if sum(map(data.count, PARTS)) > MAX_SOURCE_BYTES:
        return Notebook(problem="the notebook cannot be read (it has too many parts)")
    try:
        sources = list(_code_cells(json.loads(data)))
    except (
        ValueError,
        RecursionError,
        AttributeError,
        TypeError,
        LookupError,
        MemoryError,
    ) as error:
        return Notebook(problem=f"the notebook cannot be read ({type(error).__name__})")
    if len(sources) > MAX_CELLS:
        return Notebook(problem=f"the notebook has more than {MAX_CELLS} cells of code")
    if is_too_large("".join(sources)):
        return Notebook(problem=f"the notebook's code is {TOO_LARGE}")
    lines = [NOTEBOOK_MARK.decode().strip()]
    pieces, warnings = [], []
    for number, source in enumerate(sources, 1):
        code, problem = _python_of(source)
        if problem:
            warnings.append(f"cell {number} is left out: {problem}")
        lines.append(f"{CELL_MARK.decode()}{number}")
        pieces.append(Piece(len(lines) + 1, f"cell {number}"))
        # a lone \r or \f would count as a line here and not in the parser, or the other way
        lines += code.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return Notebook("\n".join(lines) + "\n", tuple(pieces), tuple(warnings))


def _code_cells(tree: Any) -> Iterator[str]:
    worksheets = tree.get("worksheets")  # format 3
    cells = worksheets[0]["cells"] if worksheets else tree["cells"]
    for cell in cells:
        if cell.get("cell_type") == "code":
            source = cell.get("source", cell.get("input", ""))
            yield source if isinstance(source, str) else "".join(map(str, source))


def _python_of(source: str) -> tuple[str, str]:
    """Return a cell as Python; nothing and the reason where it is none."""
    if not _problem(source):
        return source, ""
    first = source.lstrip().partition("\n")[0].strip()
    if first.startswith("%%") and first.split()[0].removeprefix("%%") not in PYTHON_MAGICS:
        return "", f"{first.split()[0][:MAX_MAGIC]} is not Python"
    lines = ["" if line.strip() == first and first.startswith("%%") else line
             for line in source.split("\n")]  # fmt: skip
    if cleaned := _without_what_breaks(lines):
        return cleaned, ""
    cleaned = "\n".join(_without_magic(line) for line in lines)
    problem = _problem(cleaned)
    return ("", problem) if problem else (cleaned, "")


def _without_what_breaks(lines: list[str]) -> str:
    """Return a cell without the magics at which a parser stops; empty where that is not enough.

    So a line of code that only looks like one (a comment that ends in a question mark, a `%` that
    goes on with an expression) stays what it is.
    """
    lines = [*lines]
    for _ in range(MAX_TRIED):
        try:
            parse_python("\n".join(lines))
        except SyntaxError as error:
            place = (error.lineno or 0) - 1
            if not 0 <= place < len(lines) or _without_magic(lines[place]) == lines[place]:
                return ""
            lines[place] = _without_magic(lines[place])
        except (ValueError, RecursionError, MemoryError):
            return ""
        else:
            return "\n".join(lines)
    return ""


def _without_magic(line: str) -> str:
    """Return a line as it is, or `pass` at the same depth where it is a magic."""
    if not MAGIC.search(line) or line.lstrip().startswith("#"):
        return line
    return line[: len(line) - len(line.lstrip())] + "pass"


def _problem(source: str) -> str:
    try:
        parse_python(source)
    except SyntaxError as error:
        return f"line {error.lineno}: {error.msg}"
    except (ValueError, RecursionError, MemoryError) as error:
        return str(error) or type(error).__name__
    return ""
