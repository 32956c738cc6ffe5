"""A formula in a form that stays right for large numbers: the log of a sigmoid."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from grader.engine.naming.mending.own import Edit
from grader.engine.naming.mending.scope import called_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.engine.naming.mending.own import Splice
    from grader.engine.naming.mending.scope import FunctionScope

MOST_LINES = 2


def edits_of_logs(scope: FunctionScope, kinds: set[str]) -> Iterator[Edit]:
    """Yield the softplus for the log of a sigmoid, wherever there is one in a function."""
    if not kinds & {"values", "finite"}:
        return
    splices: list[Splice] = []
    lines = set()
    given = _given(scope.function)
    for node in ast.walk(scope.function):
        if called_name(node) == "log" and len(node.args) == 1:  # type: ignore[attr-defined]
            text = _softplus(scope, node.args[0], given)  # type: ignore[attr-defined]
            if text:
                splices.append(scope.replace(node, text))
                lines.add(node.lineno)  # type: ignore[attr-defined]
    if splices and len(lines) <= MOST_LINES:
        yield Edit("stable", 1, tuple(sorted(lines)), tuple(splices))


def _given(function: ast.FunctionDef) -> dict[str, ast.expr]:
    """Return the value of each name that is assigned once, from a call."""
    found: dict[str, list[ast.expr]] = {}
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            found.setdefault(node.targets[0].id, []).append(node.value)
    return {name: values[0] for name, values in found.items() if len(values) == 1}


def _softplus(scope: FunctionScope, node: ast.expr, given: dict[str, ast.expr]) -> str:
    """Return log(sigmoid(v)) or log(1 - sigmoid(v)) without the sigmoid; nothing for others."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub):
        is_one = isinstance(node.left, ast.Constant) and node.left.value == 1
        inner = _inner(scope, node.right, given) if is_one else ""
        return f"(-np.logaddexp(0, {inner}))" if inner else ""
    inner = _inner(scope, node, given)
    return f"(-np.logaddexp(0, -{inner}))" if inner else ""


def _inner(scope: FunctionScope, node: ast.expr, given: dict[str, ast.expr]) -> str:
    """Return the v of sigmoid(v), which is the student's own function or written out."""
    if isinstance(node, ast.Name):
        node = given.get(node.id, node)
    if isinstance(node, ast.Call) and len(node.args) == 1:
        named = isinstance(node.func, ast.Name) and node.func.id in scope.own.functions
        return scope.text(node.args[0]) if named else ""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
        for part in ast.walk(node.right):
            for argument in part.args if called_name(part) == "exp" else ():  # type: ignore[attr-defined]
                if isinstance(argument, ast.UnaryOp):
                    return scope.text(argument.operand)
    return ""
