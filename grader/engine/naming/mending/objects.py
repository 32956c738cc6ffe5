"""The edits of what the objects of a class keep: whether, where, and whose it is."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from grader.engine.naming.mending.own import Edit, Splice
from grader.engine.reading.expressions import called_name, is_attribute

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.engine.naming.mending.scope import FunctionScope

MAKES_NEW = (
    ast.Call, ast.BinOp, ast.UnaryOp, ast.Constant, ast.Compare,
    ast.List, ast.ListComp, ast.Dict, ast.DictComp,
)  # fmt: skip
MUTABLE = (ast.List, ast.Dict, ast.Set, ast.Call, ast.ListComp, ast.DictComp)
HELD = ("append", "list")  # calls after which an array is still the same one
SAME_ARRAY = ("asarray", "asanyarray", "ascontiguousarray", "asfortranarray")  # mostly, too


def edits_of_kept(scope: FunctionScope, block: Sequence[ast.stmt], index: int) -> Iterator[Edit]:
    """Yield the edits of a statement that are about what an object keeps.

    Parameters
    ----------
    scope
        A method.
    block, index
        Where the statement is.
    """
    if not scope.is_method:
        return
    statement = block[index]
    following = block[index + 1] if index + 1 < len(block) else None
    for find in (_rebound, _unstored, _added, _copied):
        found = list(find(scope, statement))
        yield from found
        others = list(find(scope, following)) if found and following else []
        for one, other in zip(found, others, strict=False):  # whoever does so once does so twice
            lines = (*one.lines, *other.lines)
            yield Edit(one.kind, one.cost, lines, (*one.splices, *other.splices))
    if isinstance(statement, ast.For) and not isinstance(statement.iter, ast.Call):
        turned = scope.wrap(statement.iter, "reversed(list(", "))")
        yield scope.edit("backwards", 2, statement.iter, *turned)
    if isinstance(statement, ast.Return) and index == len(block) - 1:
        yield from _stale(scope, statement)


def edits_of_called(scope: FunctionScope, node: ast.AST) -> Iterator[Edit]:
    """Yield a call of the method's own name in place of another one: `train` copied to `eval`."""
    name = scope.function.name
    if scope.is_method and isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        names = {method.name for method in scope.own.methods}
        if node.func.attr in names - {name}:
            end = scope.own.span(node.func)[1]
            own = Splice(end - len(node.func.attr.encode()), end, name)
            yield scope.edit("call", 1, node, own)


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


def _copied(scope: FunctionScope, statement: ast.stmt) -> Iterator[Edit]:
    """Yield the edit that keeps a copy where the very array is kept."""
    values: list[ast.expr] = []
    if isinstance(statement, ast.Assign):
        if _is_kept(statement.targets[0]):
            value = statement.value
            values = value.elts if isinstance(value, ast.Tuple) else [value]
    elif isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        call = statement.value
        if getattr(call.func, "attr", "") in HELD:
            values = call.args
    held = [one for one in values if not isinstance(one, MAKES_NEW) or _is_list(one)
            or called_name(one) in SAME_ARRAY]  # fmt: skip
    if held:
        pieces = [scope.replace(one, _copy_of(scope, one)) for one in held]
        yield scope.edit("kept", 2, statement, *pieces)


def _added(scope: FunctionScope, node: ast.stmt) -> Iterator[Edit]:
    """Yield `self.grad += g` for `self.grad = g`, where what came before is to stay in it."""
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], (ast.Name, ast.Attribute)):
        target = node.targets[0]
        start, end = scope.own.span(target)[1], scope.own.span(node.value)[0]
        between = scope.own.source[start:end].decode()
        named = isinstance(target, ast.Attribute) or is_attribute(target)
        if named and between.count("=") == 1 and scope.function.name != "__init__":
            at = start + between.index("=")
            yield scope.edit("assigns", 1, node, Splice(at, at, "+"))


def _stale(scope: FunctionScope, node: ast.Return) -> Iterator[Edit]:
    """Yield what forgets an attribute before an early return, where it is stored further down."""
    for later in ast.walk(scope.function):
        if isinstance(later, ast.Assign) and later.lineno > node.lineno:
            target = later.targets[0]
            if isinstance(target, ast.Name) and is_attribute(target):
                at = scope.own.span(node)[0]
                yield scope.edit("stale", 2, node, Splice(at, at, f"{target.id} = None; "))


def _copy_of(scope: FunctionScope, value: ast.expr) -> str:
    """Return what makes a copy of an array, or of each one in a list."""
    if isinstance(value, ast.Call) and value.args and _is_list(value):
        return f"[one.copy() for one in {scope.own.text(value.args[0])}]"
    return f"{scope.text(value)}.copy()"


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
