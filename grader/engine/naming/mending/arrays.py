"""The field's own edits: a forgotten transpose, mean, factor, maximum, stride, crop or copy."""

from __future__ import annotations

import ast
from itertools import combinations
from typing import TYPE_CHECKING

from grader.engine.naming.mending.own import Splice
from grader.engine.naming.mending.scope import called_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.engine.naming.mending.own import Edit
    from grader.engine.naming.mending.scope import Scope

TRIVIAL = (ast.Name, ast.Constant, ast.Attribute)
MOST_FACTORS, MOST_SIZES = 8, 6
ROW = "axis=-1, keepdims=True"


def values_of(statement: ast.stmt, part: int | None) -> list[ast.expr]:
    """Return the expressions that a statement assigns or returns: of a result the wrong part."""
    value = getattr(statement, "value", None)
    if not isinstance(statement, (ast.Assign, ast.AugAssign, ast.Return)) or value is None:
        return []
    values = list(value.elts) if isinstance(value, ast.Tuple) else [value]
    if isinstance(statement, ast.Return) and part is not None and part < len(values):
        return values[part : part + 1]
    return values


def edits_of_value(scope: Scope, value: ast.expr, kinds: set[str]) -> Iterator[Edit]:
    """Yield what may be forgotten around a whole value.

    Parameters
    ----------
    scope
        The function.
    value
        An expression that is assigned or returned.
    kinds
        In what the answers are wrong (`model.Mismatch.kind`).
    """
    if isinstance(value, (ast.Starred, ast.GeneratorExp, ast.Lambda)) or scope.is_size(value):
        return

    def around(kind: str, cost: int, before: str, after: str) -> Edit:
        return scope.edit(kind, cost, value, *scope.wrap(value, before, after))

    for kind, cost, before, after in _wraps(value, kinds):
        yield around(kind, cost, before, after)
    if kinds & {"shape", "raises"}:
        yield from _reshaped(scope, value)
    if "values" in kinds and not isinstance(value, TRIVIAL):
        yield from _factors(scope, value, 2)


def _wraps(value: ast.expr, kinds: set[str]) -> Iterator[tuple[str, int, str, str]]:
    """Yield kind, cost, and what is put before and after a value."""
    if "changed" in kinds and isinstance(value, TRIVIAL):
        yield "copy", 1, "", ".copy()"
    if "dtype" in kinds:
        yield "dtype", 2, "(", ").astype(float)"
    if "type" in kinds:
        for name in ("float", "int", "tuple", "list", "bool", "np.asarray"):
            yield "type", 2, f"{name}(", ")"
    if kinds & {"shape", "raises", "values"}:
        yield "transpose", 2, "(", ").T"
    if "values" in kinds and not isinstance(value, TRIVIAL):
        yield "sign", 2, "(-(", "))"
        for name in ("np.abs(", "np.sqrt(", "np.square(", "np.maximum(0, "):
            yield "call-missing", 3, name, ")"
        yield "call-missing", 3, "(1 - (", "))"


def _reshaped(scope: Scope, value: ast.expr) -> Iterator[Edit]:
    for axis in ("0", "1", "-1", "(0, 2, 3)"):
        yield scope.edit("sum", 2, value, *scope.wrap(value, "(", f").sum(axis={axis})"))
    yield scope.edit("shape", 3, value, *scope.wrap(value, "(", ").reshape(-1)"))
    yield scope.edit("shape", 3, value, *scope.wrap(value, "(", ")[..., None]"))
    for name in scope.params[:3]:
        if name not in scope.sizes:
            after = f").reshape({name}.shape)"
            yield scope.edit("shape", 3, value, *scope.wrap(value, "(", after))


def _factors(scope: Scope, value: ast.AST, cost: int) -> Iterator[Edit]:
    """Yield a factor, a divisor or a term more."""

    def around(kind: str, cost: int, after: str) -> Edit:
        return scope.edit(kind, cost, value, *scope.wrap(value, "((", f"){after})"))

    arrays = [name for name in scope.params if name not in scope.sizes][:4]
    used = {node.id for node in ast.walk(value) if isinstance(node, ast.Name)}
    for number, name in enumerate(arrays):
        yield around("mean", cost + (number > 1), f" / {name}.shape[0]")
        yield around("mean", cost + 1, f" / {name}.size")
    for name in [name for name in scope.names if name in scope.sizes - scope.loops][:MOST_SIZES]:
        yield around("mean", cost + (name in used), f" / {name}")
    for after in (" * 2", " / 2"):
        yield around("factor-missing", cost, after)
    others = [name for name in scope.arrays if name not in used][:MOST_FACTORS]
    for name in others:
        yield around("factor-missing", cost + (name not in scope.params), f" * {name}")
        yield around("term-missing", cost + (name not in scope.params), f" + {name}")
    for name in others[:4]:
        yield around("term-missing", cost + 1, f" - {name}")
        yield around("factor-missing", cost + 1, f" / {name}")


def edits_of_part(scope: Scope, node: ast.AST, parent: ast.AST, kinds: set[str]) -> Iterator[Edit]:
    """Yield what may be forgotten at one node inside of an expression."""
    if isinstance(node, ast.Call):
        yield from _called(scope, node, kinds)
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        yield from _read(scope, node, parent, kinds)
    if isinstance(parent, ast.BinOp) and "values" in kinds and not scope.is_size(parent):
        is_term = isinstance(parent.op, (ast.Add, ast.Sub))
        if is_term and not isinstance(node, (ast.operator, ast.Constant)):
            yield from _factors(scope, node, 3)


def _called(scope: Scope, node: ast.Call, kinds: set[str]) -> Iterator[Edit]:
    called = called_name(node)
    if called == "exp" and len(node.args) == 1:
        inner = scope.text(node.args[0])
        for row in (ROW, "axis=1, keepdims=True"):
            text = f"{inner} - {inner}.max({row})"
            cost = 1 if "finite" in kinds else 3
            yield scope.edit("maximum-row", cost, node.args[0], scope.replace(node.args[0], text))
        yield scope.edit("sign", 2, node, scope.replace(node.args[0], f"-{inner}"))
    elif called == "range" and node.args:
        last = node.args[0] if len(node.args) == 1 else node.args[1]
        for more in (" + 1", " - 1"):
            yield scope.edit("bound", 1, node, *scope.wrap(last, "(", f"){more}"))
        if len(node.args) == 1:
            start = scope.own.span(last)[0]
            yield scope.edit("bound", 1, node, Splice(start, start, "1, "))
            yield scope.edit("backwards", 2, node, *scope.wrap(node, "reversed(", ")"))
    elif called == "reversed" and len(node.args) == 1:
        text = scope.own.text(node.args[0])
        yield scope.edit("backwards", 1, node, scope.replace(node, text))
    elif called in ("copy", "abs", "sqrt", "square", "float", "int", "round") and node.args:
        text = scope.text(node.args[0])
        yield scope.edit("call-extra", 3, node, scope.replace(node, text))


def _read(scope: Scope, node: ast.Name, parent: ast.AST, kinds: set[str]) -> Iterator[Edit]:
    if node.id not in scope.names or (isinstance(parent, ast.Call) and parent.func is node):
        return
    if node.id in scope.sizes:
        for stride in scope.strides if node.id in scope.loops else ():
            yield scope.edit("stride", 1, node, scope.replace(node, f"({node.id} * {stride})"))
        return
    is_product = isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.MatMult)
    if is_product or called_name(parent) in ("dot", "matmul"):
        yield scope.edit("transpose", 1, node, scope.replace(node, f"{node.id}.T"))
    if isinstance(parent, (ast.BinOp, ast.UnaryOp)) and "values" in kinds:
        yield scope.edit("call-missing", 3, node, scope.replace(node, f"np.abs({node.id})"))
        yield scope.edit("power", 3, node, scope.replace(node, f"({node.id} ** 2)"))
        for other in scope.names:
            if other in scope.params and other in ("t", "step", "steps", "n", "i", "k"):
                text = scope.replace(node, f"({node.id} ** {other})")
                yield scope.edit("power", 2, node, text)


# ----------------------------------------------------------------------------- over a statement


def edits_over_statement(scope: Scope, statement: ast.stmt, nodes: list[ast.AST]) -> Iterator[Edit]:
    """Yield the edits that are the same at several places of one statement."""
    yield from _cropped(scope, statement, nodes)
    read: dict[str, list[ast.Name]] = {}
    for node in nodes:
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            read.setdefault(node.id, []).append(node)
    for name, places in read.items():
        if len(places) > 1 and name in scope.names:
            for other, cost in scope.alike(name, statement.lineno):
                kind = "size" if name in scope.sizes else "name"
                splices = [scope.replace(place, other) for place in places]
                yield scope.edit(kind, cost, statement, *splices)
    yield from _strided(scope, statement, nodes)
    yield from _exchanged(scope, statement, read)


def _cropped(scope: Scope, statement: ast.stmt, nodes: list[ast.AST]) -> Iterator[Edit]:
    """Mend every `[p:-p]` at once, which is empty where p is 0."""
    bounds = [
        node.upper
        for node in nodes
        if isinstance(node, ast.Slice)
        if isinstance(node.upper, ast.UnaryOp) and isinstance(node.upper.op, ast.USub)
        if not isinstance(node.upper.operand, ast.Constant)
    ]
    if bounds:
        splices = [scope.replace(b, f"({scope.own.text(b)}) or None") for b in bounds]
        yield scope.edit("crop", 1, statement, *splices)


def _strided(scope: Scope, statement: ast.stmt, nodes: list[ast.AST]) -> Iterator[Edit]:
    """Put the stride to every loop's index in the slices of a statement."""
    slices = [node for node in nodes if isinstance(node, ast.Slice)]
    inside = [n for one in slices for n in ast.walk(one) if isinstance(n, ast.Name)]
    counted = [node for node in inside if node.id in scope.loops]
    for stride in scope.strides if counted else ():
        for ids in [{node.id} for node in counted], [{node.id for node in counted}]:
            for chosen in ids:
                places = [node for node in counted if node.id in chosen]
                splices = [scope.replace(n, f"({n.id} * {stride})") for n in places]
                yield scope.edit("stride", 1, statement, *splices)
    if len(scope.strides) == 2 and counted:
        first, second = scope.strides
        rows, columns = sorted({node.id for node in counted})[:2] * (2 if len(counted) < 2 else 1)
        pairs = {rows: first, columns: second}
        splices = [scope.replace(n, f"({n.id} * {pairs[n.id]})") for n in counted if n.id in pairs]
        yield scope.edit("stride", 1, statement, *splices)


def _exchanged(
    scope: Scope, statement: ast.stmt, read: dict[str, list[ast.Name]]
) -> Iterator[Edit]:
    """Exchange two names with each other wherever they are read in a statement."""
    known = [name for name in read if name in scope.names][:MOST_FACTORS]
    for one, other in combinations(known, 2):
        if (one in scope.sizes) == (other in scope.sizes):
            splices = [scope.replace(n, other) for n in read[one]]
            splices += [scope.replace(n, one) for n in read[other]]
            yield scope.edit("items", 2, statement, *splices)


def edits_of_arguments(scope: Scope, statement: ast.stmt) -> Iterator[Edit]:
    """Yield a copy of a parameter before the statement that changes it."""
    targets = getattr(statement, "targets", None) or [getattr(statement, "target", None)]
    for target in filter(None, targets):
        inner = target
        while isinstance(inner, (ast.Subscript, ast.Attribute)):
            inner = inner.value
        if isinstance(inner, ast.Name) and inner.id in scope.params:
            first = scope.function.body[0]
            start = scope.own.span(first)[0]
            text = Splice(start, start, f"{inner.id} = {inner.id}.copy(); ")
            if not isinstance(first, (ast.For, ast.While, ast.If, ast.With, ast.Try)):
                yield scope.edit("copy", 1, statement, text)
