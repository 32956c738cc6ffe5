"""Read a student's file without running it: what it imports, defines, and leaves unwritten.

Everything here works on the syntax tree, on the trusted side.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from grader.engine.reading.imports import MAX_SHOWN, Contents, contents_of, read_tree
from grader.errors import UnparsedError
from grader.parsing import MAX_SOURCE_BYTES, decode_source, marked_encoding, split_lines
from grader.text import safe_text

if TYPE_CHECKING:
    from pathlib import Path

MARK_BYTES = 4
NOT_UTF_8 = "'utf-8' codec can't decode"  # as Python says it of a source
MAX_LOOKED_AT, MAX_NAMED = 50, 3  # files beside one that is missing


@dataclass(frozen=True)
class SourceFile:
    """What the syntax tree of one file says.

    Parameters
    ----------
    path
        The file.
    problem
        Why it cannot be read or parsed; empty when it can.
    problem_line
        The line of that problem, or 0.
    columns
        Where in it the problem begins and ends, from 1; 0 where nobody knows.
    mark
        The encoding that it is saved in, where that is the problem.
    contents
        What it imports and binds.
    functions
        The last definition of each function at the top level.
    tree
        The whole of it; None when it cannot be parsed.
    """

    path: Path
    problem: str = ""
    problem_line: int = 0
    columns: tuple[int, int] = (0, 0)
    mark: str = ""
    contents: Contents = field(default_factory=Contents)
    functions: dict[str, ast.FunctionDef | ast.AsyncFunctionDef] = field(default_factory=dict)
    tree: ast.Module | None = None

    def defined(self, name: str) -> ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | None:
        """Return the function of a name at the left edge, or else the class."""
        return self.functions.get(name) or self.classes.get(name)

    @cached_property
    def classes(self) -> dict[str, ast.ClassDef]:
        """The last definition of each class at the top level."""
        nodes = self.tree.body if self.tree else []
        return {node.name: node for node in nodes if isinstance(node, ast.ClassDef)}

    @cached_property
    def import_lines(self) -> frozenset[int]:
        """Lines that hold an import statement."""
        return frozenset(
            number
            for node in (ast.walk(self.tree) if self.tree else ())
            if isinstance(node, (ast.Import, ast.ImportFrom))
            for number in range(node.lineno, (node.end_lineno or node.lineno) + 1)
        )


class Flaw(NamedTuple):
    """Why a file cannot be read or parsed, in which line, and in which of its columns."""

    text: str
    line: int = 0
    columns: tuple[int, int] = (0, 0)


def read_source(path: Path) -> SourceFile:
    """Parse a student's file.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    SourceFile
        Never raises for what is in the file: that is the student's, and reported.
    """
    tree, problem = parse(path)
    if tree is None:
        return SourceFile(path, problem.text, problem.line, problem.columns, _mark(path))
    functions = {
        node.name: node
        for node in tree.body
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    }
    return SourceFile(path, contents=contents_of(tree), functions=functions, tree=tree)


def parse(path: Path) -> tuple[ast.Module | None, Flaw]:
    """Return the syntax tree of a file, or why there is none."""
    try:
        return read_tree(path), Flaw("")
    except SyntaxError as error:
        told = safe_text(f"{type(error).__name__}: {error.msg[:MAX_SHOWN]}", spelt_out=False)
        if NOT_UTF_8 in error.msg:
            told += "; save it as UTF-8"
        columns = (error.offset or 0, error.end_offset or 0)
        if error.end_lineno not in (None, error.lineno):
            columns = (columns[0], 0)
        return None, Flaw(told, error.lineno or 0, columns)
    except UnparsedError as error:
        return None, Flaw(str(error))
    except (ValueError, RecursionError, MemoryError) as error:
        return None, Flaw(f"it is not Python source ({error or type(error).__name__})")
    except OSError as error:
        return None, Flaw(f"it cannot be read ({error.strerror})")


def read_lines(path: Path) -> list[str]:
    """Return the lines of a file as they are now; none where it cannot be read."""
    try:
        if not path.is_file():
            return []
        with path.open("rb") as file:
            return split_lines(decode_source(file.read(MAX_SOURCE_BYTES)))
    except (OSError, ValueError, LookupError, UnparsedError):
        return []


def _mark(path: Path) -> str:
    """Return what a file that was not parsed is saved as, where its first bytes say so."""
    try:
        if not path.is_file():
            return ""
        with path.open("rb") as file:
            return marked_encoding(file.read(MARK_BYTES))
    except (OSError, ValueError):
        return ""


def is_unwritten(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> bool:
    """Tell whether a body is still a stub's: a docstring, then `raise NotImplementedError`.

    Of a class that is asked of every method.
    """
    if isinstance(node, ast.ClassDef):
        return all(is_unwritten(one) for one in node.body if isinstance(one, ast.FunctionDef))
    body = [statement for statement in node.body if not _is_constant(statement)]
    return all(_raises_unwritten(statement) for statement in body[:1])


def _is_constant(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Pass):
        return True
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _raises_unwritten(statement: ast.stmt) -> bool:
    if not isinstance(statement, ast.Raise) or statement.exc is None:
        return False
    raised = statement.exc.func if isinstance(statement.exc, ast.Call) else statement.exc
    return isinstance(raised, ast.Name) and raised.id == "NotImplementedError"


def find_return(node: ast.FunctionDef | ast.AsyncFunctionDef, line: int = 0) -> int:
    """Return the line of the statement with which a function returned; 0 where it has none.

    Parameters
    ----------
    node
        The function.
    line
        A line of that statement, by the word of whoever ran it. Where it is none, or not known, the
        last statement is meant, which nearly always is the only one.
    """
    found = _returns(node)
    said = [one.lineno for one in found if _is_at(one, line)]
    return max(said or [one.lineno for one in found], default=0)


def is_return(node: ast.FunctionDef | ast.AsyncFunctionDef, line: int) -> bool:
    """Tell whether a line is one of a `return` of a function."""
    return any(_is_at(one, line) for one in _returns(node))


def _is_at(node: ast.Return, line: int) -> bool:
    return node.lineno <= line <= (node.end_lineno or 0)


def _returns(node: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.Return]:
    """Return each `return` of a function, without those of the functions inside of it."""
    found: list[ast.Return] = []
    waiting: list[ast.AST] = list(node.body)
    while waiting:
        part = waiting.pop()
        if isinstance(part, ast.Return):
            found.append(part)
        elif not isinstance(part, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            waiting += [one for one in ast.iter_child_nodes(part) if not isinstance(one, ast.expr)]
    return found


def gives_result(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Tell whether a function has a `return` of something that does not say None itself."""
    given = [one.value for one in _returns(node) if one.value is not None]
    return any(not isinstance(one, ast.Constant) or one.value is not None for one in given)


def find_unreturned(node: ast.FunctionDef) -> int:
    """Return the last line of a function that computes something and returns none of it; else 0.

    Where it prints, that line: what is printed may be what is asked for.
    """
    body = node.body[1:] if ast.get_docstring(node) is not None else node.body
    inner = [part for one in body for part in ast.walk(one)]
    results = [p for p in inner if isinstance(p, (ast.Return, ast.Raise)) and _says_more(p)]
    if results or all(isinstance(one, (ast.Pass, ast.Expr)) and not _calls(one) for one in body):
        return 0
    printed = [one.lineno for one in body if isinstance(one, ast.Expr) and _calls(one, "print")]
    return max(printed, default=body[-1].lineno)


def _says_more(node: ast.Return | ast.Raise) -> bool:
    return isinstance(node, ast.Raise) or node.value is not None


def _calls(node: ast.stmt, name: str = "") -> bool:
    """Tell whether a statement is a call: of any function, or of one."""
    value = getattr(node, "value", None)
    return isinstance(value, ast.Call) and name in ("", getattr(value.func, "id", ""))


def find_defining(folder: Path, function: str) -> list[str]:
    """Return the names of files beside a missing one that look as if they define a function.

    Parameters
    ----------
    folder
        The student's; some of its files are looked at, as bytes.
    function
        What is looked for at the beginning of a line, or of one in a notebook's cell.
    """
    head = re.compile(
        rb'(?:^|")(?:(?:async )?def|class) ' + re.escape(function.encode()) + rb"\b", re.MULTILINE
    )
    found = []
    try:
        files = sorted(folder.iterdir())[:MAX_LOOKED_AT]
        for file in files:
            if not file.name.startswith(".") and file.is_file():
                with file.open("rb") as stream:
                    data = stream.read(MAX_SOURCE_BYTES)
                if head.search(data):
                    found.append(file.name)
    except (OSError, ValueError):
        return []
    return found[:MAX_NAMED]


def accepts(node: ast.FunctionDef | ast.AsyncFunctionDef, fewest: int, most: int) -> bool:
    """Tell whether a function can be called with `fewest` to `most` positional arguments."""
    positional = len(node.args.posonlyargs) + len(node.args.args)
    required = positional - len(node.args.defaults)
    keyword_only = any(default is None for default in node.args.kw_defaults)
    return (
        required <= fewest and (positional >= most or bool(node.args.vararg)) and not keyword_only
    )


def mentions(node: ast.FunctionDef | ast.AsyncFunctionDef, name: str) -> bool:
    """Tell whether a function uses a name, as in `im2col(x)` or `conv.im2col(x)`."""
    return any(
        (isinstance(part, ast.Name) and part.id == name)
        or (isinstance(part, ast.Attribute) and part.attr == name)
        for part in ast.walk(node)
    )
