"""Read a student's file without running it: what it imports, defines, and leaves unwritten.

Everything here works on the syntax tree, on the trusted side.
"""

from __future__ import annotations

import ast
import os
import stat
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from grader.errors import UnparsedError
from grader.model import Location
from grader.parsing import MAX_SOURCE_BYTES, TOO_LARGE, parse_python
from grader.text import safe_text

if TYPE_CHECKING:
    from pathlib import Path

MAX_SHOWN = 200
MAX_OWN_BYTES = 4 * MAX_SOURCE_BYTES  # of the files that a submission imports, all together
ALLOWED = frozenset(sys.stdlib_module_names) | {"numpy"}


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
    broken_rule
        The first import that is not allowed, here or in an own file that this one imports: what
        it imports, and why not where that is an own file.
    rule_location
        Where it is.
    functions
        The last definition of each function at the top level.
    import_lines
        Lines that hold an import statement.
    """

    path: Path
    problem: str = ""
    problem_line: int = 0
    broken_rule: str = ""
    rule_location: Location | None = None
    functions: dict[str, ast.FunctionDef | ast.AsyncFunctionDef] = field(default_factory=dict)
    import_lines: frozenset[int] = frozenset()


@dataclass
class OwnFiles:
    """What the own files of one submission import, each of them parsed once.

    What is not parsed may import anything, and is not allowed.
    """

    _left: int = MAX_OWN_BYTES
    _found: dict[Path, tuple[list[tuple[str, int]], str]] = field(default_factory=dict)

    def look(self, file: Path) -> tuple[list[tuple[str, int]], str]:
        """Return what a file imports, with its lines, and why that cannot be told."""
        if file not in self._found:
            self._found[file] = self._look(file)
        return self._found[file]

    def _look(self, file: Path) -> tuple[list[tuple[str, int]], str]:
        try:
            self._left -= min(file.stat().st_size, MAX_SOURCE_BYTES)
            if self._left < 0:
                return [], f"all files together are larger than {MAX_OWN_BYTES // 2**20} MiB"
            return _imports(_read(file)), ""
        except UnparsedError as error:
            return [], str(error)
        except UNREADABLE:  # by the worker neither
            return [], ""


def read_source(path: Path, own: OwnFiles | None = None) -> SourceFile:
    """Parse a student's file and look at everything that it imports.

    Parameters
    ----------
    path
        The file; the other `.py` files of its folder are its own files.
    own
        What is known of these already.

    Returns
    -------
    SourceFile
        Never raises for what is in the file: that is the student's, and reported.
    """
    tree, problem, line = parse(path)
    if tree is None:
        return SourceFile(path, problem, line)
    broken, where = _first_forbidden(path, tree, own or OwnFiles())
    functions = {
        node.name: node
        for node in tree.body
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    }
    lines = frozenset(
        number
        for node in ast.walk(tree)
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for number in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    )
    return SourceFile(path, "", 0, broken, where, functions, lines)


def parse(path: Path) -> tuple[ast.Module | None, str, int]:
    """Return the syntax tree of a file, or why there is none and in which line."""
    try:
        return _read(path), "", 0
    except SyntaxError as error:
        text = (error.text or "")[:MAX_SHOWN].strip()
        message = error.msg[:MAX_SHOWN]
        told = f"{type(error).__name__}: {message}" + (f": {text}" if text else "")
        return None, safe_text(told, spelt_out=False), (error.lineno or 0)
    except UnparsedError as error:
        return None, str(error), 0
    except (ValueError, RecursionError, MemoryError) as error:
        return None, f"it is not Python source ({error or type(error).__name__})", 0
    except OSError as error:
        return None, f"it cannot be read ({error.strerror})", 0


UNREADABLE = (SyntaxError, ValueError, RecursionError, MemoryError, OSError)


def _read(path: Path) -> ast.Module:
    """Return the syntax tree of a file.

    Raises
    ------
    SyntaxError, ValueError, RecursionError, MemoryError, OSError
        It is not Python, or cannot be read.
    UnparsedError
        It is not looked at.
    """
    there = path.stat()
    if not stat.S_ISREG(there.st_mode):
        raise UnparsedError("it is no ordinary file")
    if there.st_size > MAX_SOURCE_BYTES:
        raise UnparsedError(f"the file is {TOO_LARGE}")
    return parse_python(path.read_bytes())


def _first_forbidden(path: Path, tree: ast.Module, known: OwnFiles) -> tuple[str, Location | None]:
    """Return the first import that is not allowed, looking into own files too.

    Each name is looked up once, however often it is imported.
    """
    seen = {path}
    looked_up: set[tuple[Path, str]] = set()
    waiting = [(path, iter(_imports(tree)))]
    while waiting:
        file, found = waiting[-1]
        following = next(found, None)
        if following is None:
            waiting.pop()
            continue
        top, line = following
        if top in ALLOWED or (file.parent, top) in looked_up:
            continue
        looked_up.add((file.parent, top))
        own = own_files(file.parent, top)
        where = Location(safe_text(file.name, spelt_out=False), line)
        if not own:
            return _shown(top), where
        for one in reversed(own):
            if one not in seen:
                imports, unseen = known.look(one)
                if unseen:
                    return f"{_shown(top)} ({_shown(one.name)}: {unseen})", where
                waiting.append((one, iter(imports)))
        seen |= set(own)
    return "", None


def _shown(name: str) -> str:
    """Return the name of a module or file, cut and harmless."""
    cut = name if len(name) <= MAX_SHOWN else f"{name[:MAX_SHOWN]}…"
    return safe_text(cut, spelt_out=False)


def _imports(tree: ast.Module | None) -> list[tuple[str, int]]:
    """Return what a file imports, with its lines."""
    nodes = ast.walk(tree) if tree else ()
    return [
        (name.partition(".")[0], getattr(node, "lineno", 0))
        for node in nodes
        for name in imported(node)
    ]


def imported(node: ast.AST) -> list[str]:
    """Return the modules that a statement imports."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [node.module] if node.module else [alias.name for alias in node.names]
    return []


def own_files(folder: Path, name: str) -> list[Path]:
    """Return the files of a submission that `import name` would run.

    There are none where a name is too long for a file, or a package too deep to be looked through.
    """
    file, package = folder / f"{name}.py", folder / name
    if os.path.isfile(file):  # noqa: PTH113 - never raises, as `Path.is_file` does
        return [file]
    try:
        found = package.rglob("*.py") if package.is_dir() else ()
        return sorted(one for one in found if os.path.isfile(one))  # noqa: PTH113
    except (OSError, ValueError, RecursionError):
        return []


def is_unwritten(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Tell whether a body is still a stub's: a docstring, then `raise NotImplementedError`."""
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
