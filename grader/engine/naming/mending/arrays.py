"""The field's own edits: a forgotten transpose, mean, factor, maximum, stride, crop or copy."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from grader.engine.naming.mending.own import Splice
from grader.engine.reading.expressions import called_name, is_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from grader.engine.naming.mending.own import Edit
    from grader.engine.naming.mending.scope import FunctionScope

BIAS = re.compile(r"(?i)b\d?|bias\w*|\w*bias|b_\w+")
TRIVIAL = (ast.Name, ast.Constant, ast.Attribute)
MOST_FACTORS, MOST_SIZES = 8, 6
POWERS = frozenset(["t", "step", "steps", "n", "k"])
MOVED = (".transpose(0, 3, 1, 2)", ".transpose(1, 0, 2, 3)", ".swapaxes(1, 2)", ".swapaxes(0, 1)")
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


def edits_of_result(scope: FunctionScope, node: ast.Return, kinds: set[str]) -> Iterator[Edit]:
    """Yield one result more: a name that is known and not returned."""
    if node.value is None or not kinds & {"type", "shape"}:
        return
    parts = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
    written = {scope.own.text(part) for part in parts}
    end = scope.own.span(parts[-1])[1]
    for name in [name for name in scope.arrays if name not in written][:MOST_FACTORS]:
        if scope.is_known(name, node.lineno):
            yield scope.edit("result-missing", 2, node, Splice(end, end, f", {name}"))


def edits_of_value(
    scope: FunctionScope, value: ast.expr, kinds: set[str], *, returned: bool
) -> Iterator[Edit]:
    """Yield what may be forgotten around a whole value.

    Parameters
    ----------
    scope
        The function.
    value
        An expression that is assigned or returned.
    kinds
        In what the answers are wrong (`model.Mismatch.kind`).
    returned
        Whether it is a result.
    """
    trivial = isinstance(value, TRIVIAL)
    if isinstance(value, (ast.Starred, ast.GeneratorExp, ast.Lambda)) or scope.is_size(value):
        return

    def around(kind: str, cost: int, before: str, after: str) -> Edit:
        return scope.edit(kind, cost, value, *scope.wrap(value, before, after))

    for kind, cost, before, after in _wraps(value, kinds):
        yield around(kind, cost, before, after)
    if "values" in kinds and not returned and _is_layer(value):
        yield around("call-missing", 2, "np.maximum(0, ", ")")
    if kinds & {"shape", "raises", "type"}:
        yield from _reshaped(scope, value)
    if kinds & {"values", "dtype"} and not isinstance(value, ast.Constant):
        yield from _factors(scope, value, 2 if returned else 4 if trivial else 2)
        for name in scope.arrays if not trivial and not returned else ():
            if name in scope.params:
                inner = value.args[:1] if isinstance(value, ast.Call) else []
                inner += [value.value] if isinstance(value, ast.Subscript) else []
                is_part = name in map(scope.own.text, inner)
                cost = 1 if is_part or name in scope.unread else 3
                yield scope.edit("given", cost, value, scope.replace(value, name))


def _is_layer(value: ast.expr) -> bool:
    """Tell whether a value is a matrix product and a bias: a layer without its activation."""
    if not isinstance(value, ast.BinOp) or not isinstance(value.op, ast.Add):
        return False
    inner = [n for side in (value.left, value.right) for n in (side, getattr(side, "func", side))]
    products = [n for n in inner if isinstance(getattr(n, "op", None), ast.MatMult)]
    return bool(products) or any(called_name(n) in ("dot", "matmul") for n in inner)


def _wraps(value: ast.expr, kinds: set[str]) -> Iterator[tuple[str, int, str, str]]:
    """Yield kind, cost, and what is put before and after a value."""
    if "changed" in kinds and isinstance(value, TRIVIAL):
        yield "copy", 1, "", ".copy()"
    if "dtype" in kinds:
        yield "dtype", 2, "(", ").astype(float)"
    if "type" in kinds:
        for name in ("float", "int", "tuple", "list", "bool", "np.asarray"):
            yield "type", 2, f"{name}(", ")"
        yield "sum", 2, "float(np.sum(", "))"
    if kinds & {"shape", "raises", "values"}:
        yield "transpose", 2, "(", ").T"
    if "values" in kinds and not isinstance(value, TRIVIAL):
        yield "sign", 2, "(-(", "))"
        for name in ("np.abs(", "np.sqrt(", "np.square(", "np.maximum(0, "):
            yield "call-missing", 3, name, ")"
        yield "call-missing", 3, "(1 - (", "))"
        kind = "off-by-one" if is_mean(value) else "term-missing"
        yield kind, 3, "((", ") - 1)"
        yield kind, 3, "((", ") + 1)"


def _reshaped(scope: FunctionScope, value: ast.expr) -> Iterator[Edit]:
    cost = 3 if isinstance(value, TRIVIAL) else 2
    for axis in ("axis=0", "axis=1", "axis=-1", "axis=(0, 2, 3)", ""):
        yield scope.edit("sum", cost, value, *scope.wrap(value, "(", f").sum({axis})"))
    for moved in MOVED:
        yield scope.edit("transpose", 2, value, *scope.wrap(value, "(", f"){moved}"))
    yield scope.edit("shape", 3, value, *scope.wrap(value, "(", ").reshape(-1)"))
    yield scope.edit("shape", 3, value, *scope.wrap(value, "(", ")[..., None]"))
    for name in scope.params[:3]:
        if name not in scope.sizes:
            after = f").reshape({name}.shape)"
            yield scope.edit("shape", 3, value, *scope.wrap(value, "(", after))


def _factors(scope: FunctionScope, value: ast.AST, cost: int) -> Iterator[Edit]:
    """Yield a factor, a divisor or a term more."""

    def around(kind: str, cost: int, after: str) -> Edit:
        return scope.edit(kind, cost, value, *scope.wrap(value, "((", f"){after})"))

    over = value.right if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Div) else None
    mean, count = "mean", cost
    if over is not None and (scope.is_size(over) or getattr(over, "attr", "") == "size"):
        mean, count = "divisor", max(1, cost - 1)  # a mean already, of too little
    arrays = [name for name in scope.params if name not in scope.sizes][:4]
    used = {node.id for node in ast.walk(value) if isinstance(node, ast.Name)}
    for number, name in enumerate(arrays):
        yield around(mean, count + (number > 1), f" / {name}.shape[0]")
        yield around(mean, count + 1, f" / {name}.size")
    for name in [name for name in scope.names if name in scope.sizes - scope.loops][:MOST_SIZES]:
        yield around(mean, count + (name in used), f" / {name}")
    for after in (" * 2", " / 2"):
        yield around("factor-missing", cost, after)
    others = [name for name in scope.arrays if name not in used][:MOST_FACTORS]
    for name in others:
        yield around("factor-missing", cost + (name not in scope.params), f" * {name}")
        yield around("term-missing", cost + (name not in scope.params), f" + {name}")
        if BIAS.fullmatch(name):
            yield around("term-missing", cost, f" + {name}[:, None, None]")
    for name in others[:4]:
        yield around("term-missing", cost + 1, f" - {name}")
        yield around("factor-missing", cost + 1, f" / {name}")


def edits_of_part(
    scope: FunctionScope, node: ast.AST, parent: ast.AST, kinds: set[str]
) -> Iterator[Edit]:
    """Yield what may be forgotten at one node inside of an expression."""
    if isinstance(node, ast.Call):
        yield from _called(scope, node, kinds)
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        yield from _read(scope, node, parent, kinds)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div) and "finite" in kinds:
        yield from _stable(scope, node)
    if isinstance(parent, ast.BinOp) and "values" in kinds and not scope.is_size(parent):
        is_term = isinstance(parent.op, (ast.Add, ast.Sub))
        if is_term and not isinstance(node, (ast.operator, ast.Constant)):
            yield from _factors(scope, node, 3)


def _stable(scope: FunctionScope, node: ast.BinOp) -> Iterator[Edit]:
    """Yield the same fraction in a form in which large terms do not become inf / inf."""
    above, below = node.left, node.right
    if not isinstance(below, ast.BinOp) or not isinstance(below.op, ast.Add):
        return
    one, other = scope.text(below.left), scope.text(below.right)
    text = ""
    if scope.text(above) in (one, other):  # a / (b + a)
        over = scope.text(above)
        text = f"(1 / (1 + {other if over == one else one} / {over}))"
    elif scope.text(above) == f"({scope.own.text(below.left)} - {scope.own.text(below.right)})":
        text = f"(1 - 2 / (1 + {one} / {other}))"
    if text:
        yield scope.edit("stable", 1, node, scope.replace(node, text))


def _called(scope: FunctionScope, node: ast.Call, kinds: set[str]) -> Iterator[Edit]:
    look = CALLED.get(called_name(node))
    if look is not None:
        yield from look(scope, node, kinds)


def _exponential(scope: FunctionScope, node: ast.Call, kinds: set[str]) -> Iterator[Edit]:
    if len(node.args) != 1:
        return
    inner, cost = scope.text(node.args[0]), 1 if "finite" in kinds else 3
    for row in (ROW, "axis=1, keepdims=True"):
        text = scope.replace(node.args[0], f"{inner} - {inner}.max({row})")
        yield scope.edit("maximum-row", cost, node, text)
    yield scope.edit("sign", 2, node, scope.replace(node.args[0], f"-{inner}"))


def _summed(scope: FunctionScope, node: ast.Call, kinds: set[str]) -> Iterator[Edit]:
    summed = node.args[0] if node.args else getattr(node.func, "value", node)
    if "values" in kinds and not isinstance(summed, (ast.Constant, ast.GeneratorExp, ast.Starred)):
        yield from _factors(scope, summed, 2)
        yield scope.edit("call-missing", 3, node, *scope.wrap(summed, "np.abs(", ")"))
        yield scope.edit("power", 2, node, *scope.wrap(summed, "((", ") ** 2)"))


def _length(scope: FunctionScope, node: ast.Call, _: set[str]) -> Iterator[Edit]:
    if len(node.args) == 1:
        text = f"{scope.text(node.args[0])}.size"
        yield scope.edit("count", 2, node, scope.replace(node, text))


def _range(scope: FunctionScope, node: ast.Call, _: set[str]) -> Iterator[Edit]:
    if not node.args:
        return
    for end in node.args[:1] if len(node.args) == 1 else node.args[1::-1]:
        for more in (" + 1", " - 1"):
            yield scope.edit("bound", 1, node, *scope.wrap(end, "(", f"){more}"))
    if len(node.args) == 1:
        start = scope.own.span(node.args[0])[0]
        yield scope.edit("bound", 1, node, Splice(start, start, "1, "))
        yield scope.edit("backwards", 2, node, *scope.wrap(node, "reversed(", ")"))


def _unwrapped(scope: FunctionScope, node: ast.Call, _: set[str]) -> Iterator[Edit]:
    if len(node.args) == 1:
        kind, cost = ("backwards", 1) if called_name(node) == "reversed" else ("call-extra", 3)
        yield scope.edit(kind, cost, node, scope.replace(node, scope.text(node.args[0])))


CALLED: dict[str, Callable[[FunctionScope, ast.Call, set[str]], Iterator[Edit]]] = {
    "exp": _exponential, "sum": _summed, "mean": _summed, "len": _length, "range": _range,
    **dict.fromkeys(
        ("reversed", "copy", "abs", "sqrt", "square", "float", "int", "round"), _unwrapped
    ),
}  # fmt: skip


def _read(scope: FunctionScope, node: ast.Name, parent: ast.AST, kinds: set[str]) -> Iterator[Edit]:
    if node.id not in scope.names or (isinstance(parent, ast.Call) and parent.func is node):
        return
    if node.id in scope.sizes:
        yield from _read_size(scope, node, parent)
        return
    is_product = isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.MatMult)
    if is_product or called_name(parent) in ("dot", "matmul"):
        yield scope.edit("transpose", 1, node, scope.replace(node, f"{node.id}.T"))
    if isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Add) and BIAS.fullmatch(node.id):
        text = scope.replace(node, f"{node.id}[:, None, None]")
        yield scope.edit("axis", 2, node, text)
    if isinstance(parent, (ast.BinOp, ast.UnaryOp)) and "values" in kinds:
        for name in ("abs", "sqrt"):
            text = scope.replace(node, f"np.{name}({node.id})")
            yield scope.edit("call-missing", 3, node, text)
        yield scope.edit("power", 3, node, scope.replace(node, f"({node.id} ** 2)"))
        for other in set(scope.params) & POWERS:
            text = scope.replace(node, f"({node.id} ** {other})")
            yield scope.edit("power", 2, node, text)


def _read_size(scope: FunctionScope, node: ast.Name, parent: ast.AST) -> Iterator[Edit]:
    if isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Div):
        for name in [name for name in scope.params if name not in scope.sizes][:2]:
            yield scope.edit("count", 3, node, scope.replace(node, f"{name}.size"))
    if isinstance(getattr(parent, "op", None), ast.Div) and node is not getattr(parent, "left", 0):
        others = [name for name, _ in scope.alike(node.id, node.lineno) if name not in scope.loops]
        for name in others[:MOST_SIZES]:
            yield scope.edit("size", 1, node, scope.replace(node, name))
    for stride in scope.strides if node.id in scope.loops else ():
        yield scope.edit("stride", 1, node, scope.replace(node, f"({node.id} * {stride})"))


def edits_of_arguments(scope: FunctionScope, statement: ast.stmt) -> Iterator[Edit]:
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
