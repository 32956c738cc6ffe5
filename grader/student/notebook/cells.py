"""Gather a function and all that it uses from the cells of a notebook, in the order they were run.

The last definition wins, as it does in the kernel. Plots, experiments and the check itself are
left out: only what the function needs is run again, in a worker that knows numpy alone.
"""

from __future__ import annotations

import ast
import builtins
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.engine.bindings import bound_names, changed_names, needed_names
from grader.parsing import parse_python
from grader.sourcemap import Piece

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

WHOLE = (
    ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef,
    ast.Import, ast.ImportFrom, ast.Assign, ast.AnnAssign,
)  # fmt: skip
PYTHON_MAGICS = ("time", "capture", "prun", "timeit")  # cell magics whose body is a cell's code


@dataclass(frozen=True)
class Statement:
    """One statement at the top level of a cell.

    Parameters
    ----------
    node, text
        Its syntax tree, and its source.
    cell, line
        The number of the cell's execution, and the statement's line in the cell.
    binds, uses
        The names that it binds, wholly or in part, and the names that it reads.
    whole
        Whether what it binds no longer depends on what was bound before.
    """

    node: ast.stmt
    text: str
    cell: int
    line: int
    binds: frozenset[str]
    uses: frozenset[str]
    whole: bool

    @property
    def changes_python(self) -> bool:
        """Whether it is an import from `__future__`, which holds for all that follows."""
        return getattr(self.node, "module", "") == "__future__"


@dataclass(frozen=True)
class Gathered:
    """A file made of statements, and where each of its lines comes from.

    Parameters
    ----------
    text
        The source.
    pieces
        Which lines of it come from which cell.
    """

    text: str
    pieces: tuple[Piece, ...]


def read_cells(cells: Mapping[int, str]) -> list[Statement]:
    """Return the statements of the cells that are Python, in the order of execution.

    Parameters
    ----------
    cells
        Source by the number of its execution, magics already turned into calls.
    """
    found: list[Statement] = []
    for number in sorted(cells):
        found += _statements(cells[number], number)
    return found


def _statements(source: str, cell: int) -> Iterator[Statement]:
    try:
        tree = parse_python(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return  # the kernel did not run it either
    lines = source.splitlines(keepends=True)
    for node in tree.body:
        inner = _magic_body(node)
        if inner is not None:
            yield from _statements(inner, cell)
            continue
        first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))])
        for part in _separate(node):
            text = "".join(lines[first - 1 : node.end_lineno]).rstrip("\r\n") + "\n"
            if part is not node or _count(text) != 1:  # it shares its lines with others
                text = ast.unparse(part) + "\n"
            yield _read(part, text, cell, first)


def _separate(node: ast.stmt) -> list[ast.stmt]:
    """Return an import of several things as several imports: only what is needed comes along."""
    if isinstance(node, ast.Import) and len(node.names) > 1:
        return [ast.Import([alias]) for alias in node.names]
    if isinstance(node, ast.ImportFrom) and len(node.names) > 1:
        return [ast.ImportFrom(node.module, [alias], node.level) for alias in node.names]
    return [node]


def _read(node: ast.stmt, text: str, cell: int, line: int) -> Statement:
    parts = changed_names(node)
    binds, uses = frozenset([*bound_names(node), *parts]), frozenset(needed_names(text))
    whole = isinstance(node, WHOLE) and not parts
    return Statement(node, text, cell, line, binds, uses, whole)


def _count(text: str) -> int:
    """Return how many statements a source has; 0 when it is a fragment of one."""
    try:
        return len(parse_python(text).body)
    except SyntaxError:
        return 0


def _magic_body(node: ast.stmt) -> str | None:
    """Return the code below `%%time` and its like, which the kernel sees as a string."""
    if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)):
        return None
    call = node.value
    if getattr(call.func, "attr", "") != "run_cell_magic" or len(call.args) != 3:
        return None
    texts = [getattr(argument, "value", None) for argument in call.args]
    return texts[2] if texts[0] in PYTHON_MAGICS and isinstance(texts[2], str) else None


def gather(statements: Sequence[Statement], names: Iterable[str]) -> Gathered:
    r"""Return a file that defines these names as the notebook does now.

    Parameters
    ----------
    statements
        In the order of execution.
    names
        The functions that are wanted; those that no cell defines are left out.

    Examples
    --------
    >>> cells = {1: "K = 2\nplot(K)", 2: "def f():\n    return K", 3: "K = 3"}
    >>> print(gather(read_cells(cells), ["f"]).text)
    def f():
        return K
    K = 3
    <BLANKLINE>
    """
    wanted, open_names, kept = set[str](), set(names), set[int]()
    while open_names:
        name = open_names.pop()
        wanted.add(name)
        for place in _binding(statements, name):
            kept.add(place)
            open_names |= (statements[place].uses | statements[place].binds) - wanted
    kept |= {place for place, s in enumerate(statements) if s.changes_python}
    known = {name for place in kept for name in statements[place].binds}
    if not wanted - known <= set(dir(builtins)):  # something may come from `import *`
        kept |= {place for place, s in enumerate(statements) if "*" in s.binds}
    chosen = [statements[place] for place in sorted(kept)]
    chosen.sort(key=lambda s: not s.changes_python)  # those come first
    return _joined(chosen)


def _binding(statements: Sequence[Statement], name: str) -> list[int]:
    """Return the last statement that binds a name wholly, and the later ones that add to it."""
    places = [place for place, s in enumerate(statements) if name in s.binds]
    whole = [place for place in places if statements[place].whole]
    return [place for place in places if not whole or place >= whole[-1]]


def _joined(statements: Sequence[Statement]) -> Gathered:
    pieces, first = [], 1
    for statement in statements:
        pieces.append(Piece(first, f"cell [{statement.cell}]", statement.line))
        first += statement.text.count("\n")
    return Gathered("".join(s.text for s in statements), tuple(pieces))
