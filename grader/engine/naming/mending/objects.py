"""The edits of what the objects of a class keep: whether, where, and whose it is."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from grader.engine.naming.mending.own import Edit, Splice
from grader.engine.reading.expressions import is_attribute

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.engine.naming.mending.scope import FunctionScope

MAKES_NEW = (ast.Call, ast.BinOp, ast.UnaryOp, ast.Constant, ast.Compare)
MUTABLE = (ast.List, ast.Dict, ast.Set, ast.Call, ast.ListComp, ast.DictComp)
HELD = ("append", "list")  # calls after which an array is still the same one


def edits_of_kept(scope: FunctionScope, block: Sequence[ast.stmt], index: int) -> Iterator[Edit]:
    """Yield the edits of a statement that are about what an object keeps.

    Parameters
    ----------
    scope
        A method.
    block, index
        Where the statement is.
    """
    statement = block[index]
    if not scope.is_method or not isinstance(statement, (ast.Assign, ast.Expr)):
        return
    yield from _rebound(scope, statement)
    yield from _unstored(scope, statement)
    one = _copied(scope, statement)
    if one is not None:
        yield one
        following = block[index + 1] if index + 1 < len(block) else None
        other = _copied(scope, following) if following is not None else None
        if other is not None:
            splices = (*one.splices, *other.splices)
            yield Edit("kept", 2, (statement.lineno, following.lineno), splices)  # type: ignore[union-attr]


def edits_of_class(scope: FunctionScope) -> Iterator[Edit]:
    """Yield the edits that give each object what the class has for all of them."""
    first = scope.function.body[0]
    if scope.function.name != "__init__":
        return
    for part in scope.own.class_of(scope.function).body:
        value = getattr(part, "value", None)
        if not isinstance(part, (ast.Assign, ast.AnnAssign)) or not isinstance(value, MUTABLE):
            continue
        target = part.targets[0] if isinstance(part, ast.Assign) else part.target
        if isinstance(target, ast.Name):
            at = scope.own.span(first)[0]
            text = f"self.{target.id} = {scope.own.text(value)}; "
            yield scope.edit("shared", 1, part, Splice(at, at, text))


def _copied(scope: FunctionScope, statement: ast.stmt) -> Edit | None:
    """Return the edit that keeps a copy where the very array is kept."""
    values: list[ast.expr] = []
    if isinstance(statement, ast.Assign):
        if _is_kept(statement.targets[0]):
            value = statement.value
            values = value.elts if isinstance(value, ast.Tuple) else [value]
    elif isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        call = statement.value
        if getattr(call.func, "attr", "") in HELD:
            values = call.args
    held = [one for one in values if not isinstance(one, MAKES_NEW) or _is_list(one)]
    if not held:
        return None
    pieces = tuple(piece for one in held for piece in _deep(scope, one))
    return scope.edit("kept", 2, statement, *pieces)


def _deep(scope: FunctionScope, value: ast.expr) -> tuple[Splice, Splice]:
    """Return what makes a copy of a value, and of the arrays in it."""
    return scope.wrap(value, "__import__('copy').deepcopy(", ")")


def _is_list(value: ast.expr) -> bool:
    return isinstance(value, ast.Call) and getattr(value.func, "id", "") in HELD


def _is_kept(target: ast.expr) -> bool:
    """Tell whether a target is an attribute, or in what one holds."""
    while isinstance(target, (ast.Subscript, ast.Attribute)):
        target = target.value
    if isinstance(target, ast.Tuple):
        return any(map(_is_kept, target.elts))
    return isinstance(target, ast.Name) and is_attribute(target)


def _rebound(scope: FunctionScope, node: ast.stmt) -> Iterator[Edit]:
    """Yield `p[...] = p - step` for `p = p - step`, which leaves the array as it was."""
    if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Name):
        return
    target = node.targets[0]
    names = {one.id for one in ast.walk(node.value) if isinstance(one, ast.Name)}
    if target.id in names and isinstance(node.value, ast.BinOp):
        end = scope.own.span(target)[1]
        yield scope.edit("rebinds", 1, node, Splice(end, end, "[...]"))


def _unstored(scope: FunctionScope, node: ast.stmt) -> Iterator[Edit]:
    """Yield `self.m[i] = m` after `m = … self.m[i] …`, where it is only a local name."""
    if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Name):
        return
    target = node.targets[0]
    if is_attribute(target) or isinstance(node.value, (ast.Name, ast.Subscript)):
        return
    end = scope.own.span(node)[1]
    for held in _read_state(node.value):
        text = f"; {scope.own.text(held)} = {target.id}"
        yield scope.edit("unstored", 2, node, Splice(end, end, text))


def _read_state(value: ast.expr) -> list[ast.expr]:
    """Return the attributes, or their items, of which a new value is computed."""
    found: list[ast.expr] = []
    for node in ast.walk(value):
        inner: Any = node.value if isinstance(node, ast.Subscript) else node
        if isinstance(inner, ast.Name) and is_attribute(inner):
            found.append(node)  # type: ignore[arg-type]
    inside = {id(node.value) for node in found if isinstance(node, ast.Subscript)}
    return [node for node in found if id(node) not in inside][:3]
