"""Tell why a `while` may not end: which statements in it change what its condition asks about."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.engine.reading.bindings import changed_names
from grader.engine.reading.sites import bound_heads, head_parts, inner_statements

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

MAX_NAMES = 4  # of a condition; where it asks about more, nothing is said of it
LEAVING = (ast.Break, ast.Return, ast.Raise, ast.Yield, ast.YieldFrom)
MODULES = ("np", "numpy", "math")
# what leaves its arguments, and what leaves its owner, as they are
PURE = frozenset(["len", "abs", "min", "max", "int", "float", "sum", "any", "all", "bool", "range"])
PURE_METHODS = frozenset([
    "any", "all", "sum", "max", "min", "mean", "copy", "astype", "reshape", "argmax", "argmin",
    "ravel", "item", "transpose", "index", "count", "get", "keys", "values", "items",
])  # fmt: skip
IN_PLACE = frozenset(["at", "put", "copyto", "place", "putmask", "fill_diagonal", "shuffle"])


@dataclass(frozen=True)
class Loop:
    """A `while` with what its condition hangs on.

    Parameters
    ----------
    line
        Where it begins.
    names
        What its condition asks about, in order.
    changing
        The lines of the statements in it that may change one of these.
    """

    line: int
    names: tuple[str, ...]
    changing: tuple[int, ...]


def find_loop(nodes: Iterable[ast.AST], line: int) -> int:
    """Return the line at which the innermost `while` around another line begins; 0 without one."""
    loops = [
        part.lineno
        for node in nodes
        for part in ast.walk(node)
        if isinstance(part, ast.While) and part.lineno <= line <= (part.end_lineno or 0)
    ]
    return max(loops, default=0)


def read_loop(node: ast.While, function: ast.AST | None = None) -> Loop | None:
    r"""Return what the end of a loop hangs on; None where its condition does not say.

    Parameters
    ----------
    node
        The loop. One that may be left in another way, by a `break` or a `return`, is passed over.
    function
        What it stands in, where another name may be given to what it asks about.

    Examples
    --------
    >>> text = "while i < len(x):\n    x.append(0)\n    j = f(y)\n    i += 1"
    >>> read_loop(ast.parse(text).body[0])
    Loop(line=1, names=('i', 'x'), changing=(2, 4))
    """
    asked = [part for part in ast.walk(node.test) if isinstance(part, ast.Name)]
    called = {id(part.func) for part in ast.walk(node.test) if isinstance(part, ast.Call)}
    names = [part.id for part in asked if id(part) not in called and part.id not in MODULES]
    names = list(dict.fromkeys(names))
    inside = list(_statements(node.body))
    if not 0 < len(names) <= MAX_NAMES or any(isinstance(one, LEAVING) for one in inside):
        return None
    others = _other_names(function or node, names)
    if others is None or any(_may_change(node, name) for name in names):  # by what it asks itself
        return None
    if any(_may_change(one, other) for one in inside for other in others):
        return None  # the same thing, or a number that was copied: the text does not say
    changing = {one.lineno for one in inside if any(_may_change(one, name) for name in names)}
    return Loop(node.lineno, tuple(names), tuple(sorted(changing)))


def _other_names(function: ast.AST, names: Iterable[str]) -> set[str] | None:
    """Return by which names else of a function something may be changed, given its own.

    None where an inner function sets one of them, which may be done by calling it.
    """
    wanted, found = {*names}, {""}
    for node in ast.walk(function):
        if isinstance(node, (ast.Nonlocal, ast.Global)) and wanted & {*node.names}:
            return None
        if isinstance(node, ast.Assign) and isinstance(node.value, (ast.Name, ast.Attribute)):
            whole = [one for one in node.targets if isinstance(one, (ast.Name, ast.Attribute))]
            pair = {_root(node.value), *map(_root, whole)}
            found |= pair if whole and wanted & pair else set()
    return found - wanted - {""}


def _statements(block: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements of a block and of the blocks in it, in order."""
    waiting = list(reversed(block))
    while waiting:
        one = waiting.pop()
        yield one
        waiting += reversed(inner_statements(one))


def _may_change(statement: ast.stmt, name: str) -> bool:
    """Tell whether a statement, without the blocks in it, may give a name or its parts a value."""
    if name in bound_heads(statement):
        return True
    parts = [part for head in head_parts(statement) for part in ast.walk(head)]
    if not inner_statements(statement) and name in changed_names(statement):
        return True
    return any(_hands_over(part, name) for part in parts)


def _hands_over(part: ast.AST, name: str) -> bool:
    """Tell whether a part is a call that may change what a name stands for."""
    if isinstance(part, (ast.NamedExpr, ast.Yield, ast.YieldFrom, ast.Await)):
        return True
    if not isinstance(part, ast.Call):
        return False
    given = [*part.args, *(word.value for word in part.keywords)]
    is_given = any(_root(one) == name for one in given)
    if isinstance(part.func, ast.Attribute):
        if _root(part.func) == name:
            return part.func.attr not in PURE_METHODS
        written = any(word.arg == "out" for word in part.keywords)
        return is_given and (written or part.func.attr in IN_PLACE or _root(part.func) == "self")
    return is_given and getattr(part.func, "id", "") not in PURE


def _root(node: object) -> str:
    """Return the name of which a node is a part: of `x[0].size` that is x."""
    while isinstance(node, (ast.Attribute, ast.Subscript, ast.Starred)):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""
