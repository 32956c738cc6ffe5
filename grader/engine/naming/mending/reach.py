"""Tell which statements of a function have no part in a wrong result."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_ROUNDS = 20


def irrelevant(function: ast.FunctionDef, part: int | None) -> set[ast.stmt]:
    """Return the statements from which nothing comes to one of several results.

    Parameters
    ----------
    function
        Ends in a `return` of several things.
    part
        Which of them is wrong; None where all may be, and so is every statement.
    """
    if part is None:
        return set()
    statements = [node for node in ast.walk(function) if isinstance(node, ast.stmt)]
    wanted: set[str] = set()
    for node in statements:
        if isinstance(node, ast.Return) and node.value is not None:
            value = node.value
            if not isinstance(value, ast.Tuple) or part >= len(value.elts):
                return set()
            wanted |= _names(value.elts[part])
    flows = [(node, _written(node), _read(node)) for node in statements]
    for _ in range(MAX_ROUNDS):
        before = len(wanted)
        for _, written, read in flows:
            if written & wanted:
                wanted |= read
        if len(wanted) == before:
            break
    return {node for node, written, _ in flows if written and not written & wanted}


def _names(node: ast.AST) -> set[str]:
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}


def _written(node: ast.stmt) -> set[str]:
    """Return the names that a statement binds or changes a part of; none where that is unclear."""
    if isinstance(node, ast.Assign):
        targets = node.targets
    elif isinstance(node, (ast.AugAssign, ast.AnnAssign)):
        targets = [node.target]
    else:
        return set()
    return {name for target in targets for name in _bound(target)}


def _bound(target: ast.expr) -> Iterator[str]:
    waiting = [target]
    while waiting:
        one = waiting.pop()
        if isinstance(one, (ast.Tuple, ast.List)):
            waiting += one.elts
        elif isinstance(one, (ast.Subscript, ast.Attribute, ast.Starred)):
            waiting.append(one.value)
        elif isinstance(one, ast.Name):
            yield one.id


def _read(node: ast.stmt) -> set[str]:
    return _names(node)
