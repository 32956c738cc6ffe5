"""Gather a function and all that it uses from the cells of a notebook, in the order they were run.

The last definition wins, as it does in the kernel. Plots, experiments and the check itself are
left out: only what the function needs is run again, in a worker that knows numpy alone.
"""

from __future__ import annotations

import ast
import builtins
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.engine.reading.bindings import STAR
from grader.engine.reading.statements import NameTable, read_statements
from grader.model.sourcemap import Piece
from grader.parsing import PYTHON_MAGICS, parse_python

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from grader.engine.reading.statements import Statement


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
    bodies = {node: _magic_body(node) for node in tree.body}
    plain = [node for node, body in bodies.items() if body is None]
    yield from read_statements(ast.Module(plain, []), source, cell)
    for body in filter(None, bodies.values()):  # such a magic is all of its cell
        yield from _statements(body, cell)


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
    names, bound = list(names), NameTable(statements)
    kept = bound.needed(names)
    kept |= {place for place, s in enumerate(statements) if s.changes_python}
    wanted = {*names, *(name for place in kept for name in statements[place].uses)}
    if any(name not in bound and not hasattr(builtins, name) for name in wanted):
        kept |= {place for place, s in enumerate(statements) if STAR in s.binds}
    chosen = [statements[place] for place in sorted(kept)]
    chosen.sort(key=lambda s: not s.changes_python)  # those come first
    return _joined(chosen)


def _joined(statements: Sequence[Statement]) -> Gathered:
    pieces, first = [], 1
    for statement in statements:
        pieces.append(Piece(first, f"cell [{statement.cell}]", statement.line))
        first += statement.text.count("\n")
    return Gathered("".join(s.text for s in statements), tuple(pieces))
