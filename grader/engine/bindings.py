"""Tell which names a piece of Python binds and which it needs, without running it."""

from __future__ import annotations

import ast
import symtable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

SCOPES = (
    ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda,
    ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp,
)  # fmt: skip
NAMED_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def bound_names(node: ast.stmt) -> list[str]:
    """Return the names that a statement at the top level binds, in order.

    Examples
    --------
    >>> [bound_names(node) for node in ast.parse("import a.b, c as d; x = y, z = 1, 2; f()").body]
    [['a', 'd'], ['x', 'y', 'z'], []]
    """
    names: list[str] = []
    for part in own_parts(node):
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
            names.append(part.id)
        elif isinstance(part, (ast.Import, ast.ImportFrom)):
            names += [alias.asname or alias.name.partition(".")[0] for alias in part.names]
        elif isinstance(part, NAMED_SCOPES):
            names.append(part.name)
    return list(dict.fromkeys(names))


def changed_names(node: ast.stmt) -> list[str]:
    """Return the names of which a statement changes a part.

    Examples
    --------
    >>> changed_names(ast.parse("TABLE[0].size = 1").body[0])
    ['TABLE']
    """
    names = []
    for part in own_parts(node):
        if isinstance(part, (ast.Subscript, ast.Attribute)) and isinstance(part.ctx, ast.Store):
            inner: ast.AST = part
            while isinstance(inner, (ast.Subscript, ast.Attribute)):
                inner = inner.value
            names += [inner.id] if isinstance(inner, ast.Name) else []
    return names


def own_parts(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the parts of a statement in order, without the insides of what has its own scope."""
    waiting = [node]
    while waiting:  # a tree may be deeper than functions can call one another
        part = waiting.pop()
        yield part
        if not isinstance(part, SCOPES):
            waiting += reversed(list(ast.iter_child_nodes(part)))


def needed_names(source: str) -> set[str]:
    r"""Return the names that a source reads from around it; those of its own functions are not.

    Parameters
    ----------
    source
        What `parse_python` parses; nothing is needed by what cannot be compiled all the same.

    Examples
    --------
    >>> sorted(needed_names("def f(x):\n    y = K * x\n    return [g(z) for z in y]"))
    ['K', 'g']
    """
    try:
        top = symtable.symtable(source, "source", "exec")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set()
    found = {symbol.get_name() for symbol in top.get_symbols() if symbol.is_referenced()}
    tables = list(top.get_children())
    while tables:
        table = tables.pop()
        tables += table.get_children()
        found |= {s.get_name() for s in table.get_symbols() if s.is_global()}
    return found
