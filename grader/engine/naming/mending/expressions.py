"""Edits of one place in an expression: an operator, a number, a name, a bound, an argument."""

from __future__ import annotations

import ast
import re
from itertools import combinations
from typing import TYPE_CHECKING

from grader.engine.naming.mending.own import Splice
from grader.engine.reading.expressions import called_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from grader.engine.naming.mending.own import Edit
    from grader.engine.naming.mending.scope import FunctionScope

SIGNS: dict[type[ast.operator], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%",
    ast.Pow: "**", ast.MatMult: "@", ast.BitXor: "^",
}  # fmt: skip
SUMS, PRODUCTS = ("+", "-"), ("*", "/", "//", "%", "@")
OTHER_SIGNS = {
    "+": ("-", "*"), "-": ("+",), "*": ("/", "@", "+", "**"), "/": ("//", "*"), "//": ("/", "*"),
    "%": ("//",), "**": ("*",), "@": ("*",), "^": ("**",),
}  # fmt: skip
COMPARISONS: dict[type[ast.cmpop], tuple[str, ...]] = {
    ast.Lt: ("<=", ">", ">="), ast.LtE: ("<", ">", ">="), ast.Gt: (">=", "<", "<="),
    ast.GtE: (">", "<", "<="), ast.Eq: ("!=", ">=", "<="), ast.NotEq: ("==", "<", ">"),
}  # fmt: skip
OTHER_CALLS = {
    "max": ("min", "maximum", "sum"), "min": ("max", "minimum"), "maximum": ("minimum", "max"),
    "minimum": ("maximum",), "argmax": ("argmin",), "argmin": ("argmax",), "sum": ("mean", "max"),
    "mean": ("sum",), "zeros": ("ones",), "ones": ("zeros",), "zeros_like": ("ones_like",),
    "ones_like": ("zeros_like",), "exp": ("expm1",), "expm1": ("exp",), "log": ("log1p",),
    "log1p": ("log",), "log2": ("log",), "log10": ("log",), "ceil": ("floor",),
    "floor": ("ceil",), "any": ("all",), "all": ("any",), "sin": ("cos", "tanh"),
    "cos": ("sin",), "tanh": ("sin",), "hstack": ("vstack",), "vstack": ("hstack",),
    "median": ("mean",), "std": ("var",), "var": ("std",), "square": ("abs",), "abs": ("square",),
    "empty": ("zeros",), "empty_like": ("zeros_like",), "dot": ("multiply",),
    "multiply": ("dot",), "round": ("floor",), "flipud": ("fliplr",), "fliplr": ("flipud",),
    "tile": ("repeat",), "repeat": ("tile",), "add": ("subtract",),
}  # fmt: skip
PADDING = re.compile(r"(?i)(self\.)?(p|p[hw]|pad\w*|\w*padding)")
REDUCING = frozenset([
    "sum", "mean", "max", "min", "argmax", "argmin", "prod", "any", "all", "std", "var", "amax",
])  # fmt: skip
AXES = ("0", "1", "-1", "2", "3", "None", "(0, 2, 3)", "(0, 1)", "(2, 3)", "(1, 2, 3)", "(0, 2)")
MISSING = {
    "flip": ("axis=-1", "axis=-2", "axis=1", "axis=0"), "roll": ("axis=-1", "axis=-2", "axis=0"),
    "rot90": ("axes=(2, 3)", "axes=(3, 2)", "axes=(-2, -1)"), "stack": ("axis=1", "axis=-1"),
    "concatenate": ("axis=1", "axis=-1"), "cumsum": ("axis=-1", "axis=0"),
    "repeat": ("axis=0", "axis=1", "axis=-1"), "argsort": ("axis=0",),
}  # fmt: skip
DTYPES = {  # that are forgotten
    **dict.fromkeys(("zeros_like", "full_like", "ones_like", "empty_like", "array"), "float"),
    **dict.fromkeys(("zeros", "ones", "empty"), "np.int64"),
}
KEPT = "keepdims"
MEANT = {"keepdim": KEPT, "dim": "axis", "axes": "axis", "axis": "axes"}  # torch's word for numpy's


def edits_of_expression(scope: FunctionScope, node: ast.AST) -> Iterator[Edit]:
    """Yield the edits of one node that leave its inner nodes as they are."""
    look = LOOKS.get(type(node))
    if look is not None:
        yield from look(scope, node)


def _binary(scope: FunctionScope, node: ast.BinOp) -> Iterator[Edit]:
    sign = SIGNS.get(type(node.op), "")
    left, right = scope.text(node.left), scope.text(node.right)
    for other in OTHER_SIGNS.get(sign, ()):
        kind = "division" if {sign, other} == {"/", "//"} else "operator"
        cost = 1 if other in OTHER_SIGNS[sign][:1] or kind == "division" else 2
        yield scope.edit(kind, cost, node, _swapped(scope, node, sign, other))
    if sign in SUMS:
        yield scope.edit("term-extra", 2, node, scope.replace(node, left))
        less = f"(-{right})" if sign == "-" else right
        yield scope.edit("term-extra", 2, node, scope.replace(node, less))
    elif sign in ("*", "/", "//", "**", "@"):
        yield scope.edit("factor-extra", 2, node, scope.replace(node, left))
        if sign == "*":
            yield scope.edit("factor-extra", 2, node, scope.replace(node, right))
    if sign in ("-", "/", "@", "//", "**"):
        yield scope.edit("order", 2, node, scope.replace(node, f"({right} {sign} {left})"))
    if sign == "@":
        for one, other in ((f"{left}.T", right), (left, f"{right}.T"), (f"{right}.T", left),
                           (right, f"{left}.T"), (f"{left}.T", f"{right}.T")):  # fmt: skip
            yield scope.edit("transpose", 2, node, scope.replace(node, f"({one} @ {other})"))
    yield from _brackets(scope, node, sign)


def _swapped(scope: FunctionScope, node: ast.BinOp, sign: str, other: str) -> Splice:
    same = any({sign, other} <= set(group) for group in (SUMS, PRODUCTS))
    left, right = scope.own.span(node.left)[1], scope.own.span(node.right)[0]
    between = scope.own.source[left:right].decode()
    if same and between.count(sign) == 1 and "#" not in between:
        at = left + len(between.partition(sign)[0].encode())
        return Splice(at, at + len(sign), other)
    one, two = scope.text(node.left), scope.text(node.right)
    return scope.replace(node, f"({one} {other} {two})")


def _brackets(scope: FunctionScope, node: ast.BinOp, sign: str) -> Iterator[Edit]:
    """Yield the same operands in the same order, taken together otherwise."""
    if isinstance(node.left, ast.BinOp):
        inner = SIGNS.get(type(node.left.op), "")
        if not ({inner, sign} <= {"+"} or {inner, sign} <= {"*"}):
            a, b, c = (scope.text(n) for n in (node.left.left, node.left.right, node.right))
            text = f"({a} {inner} ({b} {sign} {c}))"
            yield scope.edit("bracket", 2, node, scope.replace(node, text))
        if isinstance(node.left.right, ast.BinOp):  # a * b ** c - 1, where c - 1 is meant
            a, b, c, d = (scope.text(n) for n in (node.left.left, node.left.right.left,
                                                  node.left.right.right, node.right))  # fmt: skip
            power = SIGNS.get(type(node.left.right.op), "")
            text = f"({a} {inner} {b} {power} ({c} {sign} {d}))"
            yield scope.edit("bracket", 2, node, scope.replace(node, text))
    if isinstance(node.right, ast.BinOp):
        inner = SIGNS.get(type(node.right.op), "")
        if not ({inner, sign} <= {"+"} or {inner, sign} <= {"*"}):
            a, b, c = (scope.text(n) for n in (node.left, node.right.left, node.right.right))
            text = f"(({a} {sign} {b}) {inner} {c})"
            yield scope.edit("bracket", 2, node, scope.replace(node, text))
    if isinstance(node.left, ast.Call) and len(node.left.args) == 1 and sign in SUMS:
        called, inside = scope.own.text(node.left.func), scope.own.text(node.left.args[0])
        text = f"{called}({inside} {sign} {scope.text(node.right)})"
        yield scope.edit("bracket", 2, node, scope.replace(node, text))


def _comparison(scope: FunctionScope, node: ast.Compare) -> Iterator[Edit]:
    if len(node.ops) > 1:
        return
    one, other = scope.text(node.left), scope.text(node.comparators[0])
    for number, sign in enumerate(COMPARISONS.get(type(node.ops[0]), ())):
        text = scope.replace(node, f"({one} {sign} {other})")
        yield scope.edit("comparison", 1 if number < 2 else 2, node, text)


def _boolean(scope: FunctionScope, node: ast.BoolOp) -> Iterator[Edit]:
    other = " and " if isinstance(node.op, ast.Or) else " or "
    text = other.join(scope.text(value) for value in node.values)
    yield scope.edit("condition", 2, node, scope.replace(node, f"({text})"))


def _constant(scope: FunctionScope, node: ast.Constant) -> Iterator[Edit]:
    value = node.value
    others: list[object] = []
    if isinstance(value, bool):
        others = [not value]
    elif isinstance(value, int):
        others = [value + 1, value - 1, {0: -1, -1: 0}.get(value, -value), value + 2]
        others += [value / 2] if value in (1, 2) else []
        others += [value * 2, value - 2] if value not in (0, 1) else []
    elif isinstance(value, float):
        others = [value + 1.0, value - 1.0, value / 2, value * 2, value / 10, value * 10, -value]
        others += [1 - value]
    for number, other in enumerate(others):
        text = f"({other!r})" if str(other).startswith("-") else repr(other)
        cost = 3 if (value, other) == (0, -1) else 1 if number < 3 else 2
        yield scope.edit("number", cost, node, scope.replace(node, text))
    for name in scope.unread if type(value) in (int, float) else ():
        yield scope.edit("ignored", 1, node, scope.replace(node, name))


def _name(scope: FunctionScope, node: ast.Name) -> Iterator[Edit]:
    if not isinstance(node.ctx, ast.Load) or node.id not in scope.names:
        return
    is_size = node.id in scope.sizes
    for other, alike in scope.alike(node.id, node.lineno):
        kind, cost = "size" if is_size else "name", 1 if other in scope.unread else alike
        yield scope.edit(kind, cost, node, scope.replace(node, other))
    if PADDING.fullmatch(node.id):
        kind = "both-sides" if any("pad" in name for name in scope.names) else "factor-missing"
        yield scope.edit(kind, 1, node, scope.replace(node, f"(2 * {node.id})"))
    if is_size and node.id not in scope.loops:
        yield scope.edit("factor-missing", 2, node, scope.replace(node, f"(2 * {node.id})"))
        yield scope.edit("bound", 2, node, scope.replace(node, f"({node.id} - 1)"))
        yield scope.edit("bound", 2, node, scope.replace(node, f"({node.id} + 1)"))


def _slice(scope: FunctionScope, node: ast.Slice) -> Iterator[Edit]:
    lower, upper, step = (
        scope.own.text(n) if n else "" for n in (node.lower, node.upper, node.step)
    )
    written = [(lower, upper, step)]
    written += [("", upper, step), (lower, "", step), (lower, upper, "")]
    written += [(lower, upper, "-1")] if not step else []
    written += [("1", upper, step), ("", "-1", step)] if not lower and not upper else []
    for a, b, c in dict.fromkeys(written[1:]):
        if (a, b, c) != written[0]:
            text = f"{a}:{b}" + (f":{c}" if c else "")
            yield scope.edit("slice", 2, node, scope.replace(node, text))


def _items(scope: FunctionScope, node: ast.Tuple | ast.List) -> Iterator[Edit]:
    """Exchange two items: of a result, a shape, an order of axes, an unpacking."""
    if not 2 <= len(node.elts) <= 6 or any(isinstance(one, ast.Starred) for one in node.elts):
        return
    texts = [scope.own.text(one) for one in node.elts]
    for i, j in combinations(range(len(texts)), 2):
        if texts[i] != texts[j]:
            pair = scope.replace(node.elts[i], texts[j]), scope.replace(node.elts[j], texts[i])
            yield scope.edit("items", 1 if j == i + 1 else 2, node, *pair)
    if len(texts) > 2 and isinstance(node, ast.Tuple):
        for turned in ([*texts[1:], texts[0]], [texts[-1], *texts[:-1]]):
            splices = [scope.replace(one, t) for one, t in zip(node.elts, turned, strict=True)]
            yield scope.edit("items", 2, node, *splices)


def _call(scope: FunctionScope, node: ast.Call) -> Iterator[Edit]:
    called = called_name(node)
    texts = [scope.own.text(one) for one in node.args]
    plain = not any(isinstance(one, ast.Starred) for one in node.args)
    for i, j in combinations(range(len(texts) if plain and len(texts) <= 5 else 0), 2):
        if texts[i] != texts[j]:
            pair = scope.replace(node.args[i], texts[j]), scope.replace(node.args[j], texts[i])
            yield scope.edit("items", 1 if j == i + 1 else 2, node, *pair)
    for other in OTHER_CALLS.get(called, ()):
        written = scope.own.text(node.func)
        alone = isinstance(node.func, ast.Name) and other in ("maximum", "minimum")
        text = f"np.{other}" if alone else written[: len(written) - len(called)] + other
        kind = "maximum" if other in ("maximum", "minimum") and called in ("max", "min") else "call"
        yield scope.edit(kind, 1, node, scope.replace(node.func, text))
    yield from _keywords(scope, node, called)
    if len(node.args) == 1 and isinstance(node.args[0], ast.BinOp) and not node.keywords:
        inner = node.args[0]
        sign = SIGNS.get(type(inner.op), "")
        if sign in (*SUMS, "*", "/"):
            one, two = scope.own.text(inner.left), scope.text(inner.right)
            text = f"({scope.own.text(node.func)}({one}) {sign} {two})"
            yield scope.edit("bracket", 2, node, scope.replace(node, text))


def _keywords(scope: FunctionScope, node: ast.Call, called: str) -> Iterator[Edit]:
    """Yield other values of the keywords that are there."""
    for word in node.keywords:
        if word.arg in MEANT:
            start = scope.own.span(word)[0]
            meant = Splice(start, start + len(word.arg), MEANT[word.arg])
            yield scope.edit("keyword", 1 if word.arg in ("dim", "keepdim") else 3, node, meant)
        if word.arg == "axis":
            written = scope.own.text(word.value)
            for axis in AXES:
                if axis != written:
                    cost = 1 if axis in ("0", "1", "-1") else 2
                    yield scope.edit("axis", cost, node, scope.replace(word.value, axis))
        elif word.arg == "dtype":
            yield scope.edit("dtype", 1, node, scope.replace(word.value, "float"))
        elif word.arg == KEPT:
            yield scope.edit(KEPT, 1, node, scope.replace(word.value, "False"))
        elif word.arg == "order" and isinstance(word.value, ast.Constant):
            yield scope.edit("keyword", 1, node, scope.replace(word.value, '"C"'))
    yield from _more_keywords(scope, node, called)


def _more_keywords(scope: FunctionScope, node: ast.Call, called: str) -> Iterator[Edit]:
    """Yield keywords that may be forgotten."""
    given = {word.arg for word in node.keywords}
    end = scope.own.span(node)[1] - 1
    for more in MISSING.get(called, ()) if not given & {"axis", "axes"} else ():
        yield scope.edit("axis", 1, node, Splice(end, end, f", {more}"))
    comma = ", " if node.args or node.keywords else ""
    alone = any(isinstance(one, ast.GeneratorExp) for one in node.args)
    if called in REDUCING and KEPT not in given and len(node.args) <= 2 and not alone:
        if "axis" in given or node.args:
            yield scope.edit(KEPT, 1, node, Splice(end, end, f"{comma}keepdims=True"))
        for word in [word for word in node.keywords if word.arg == "axis"]:
            for axis in [axis for axis in AXES[:3] if axis != scope.own.text(word.value)]:
                kept = scope.replace(word.value, f"{axis}, keepdims=True")
                yield scope.edit("axis", 2, node, kept)
        if "axis" not in given:
            for axis in AXES:
                cost = 1 if axis in ("0", "1", "-1") else 3
                for more in ("", ", keepdims=True"):
                    text = f"{comma}axis={axis}{more}"
                    yield scope.edit("axis", cost, node, Splice(end, end, text))
    if called in DTYPES and not ("dtype" in given or len(node.args) != 1):
        yield scope.edit("dtype", 2, node, Splice(end, end, f", dtype={DTYPES[called]}"))


def _attribute(scope: FunctionScope, node: ast.Attribute) -> Iterator[Edit]:
    if node.attr == "T":
        inner = scope.text(node.value)
        yield scope.edit("transpose", 1, node, scope.replace(node, inner))


def _unary(scope: FunctionScope, node: ast.UnaryOp) -> Iterator[Edit]:
    if isinstance(node.op, ast.USub) and not isinstance(node.operand, ast.Constant):
        yield scope.edit("sign", 1, node, scope.replace(node, scope.text(node.operand)))
    elif isinstance(node.op, (ast.Not, ast.Invert)):
        yield scope.edit("condition", 2, node, scope.replace(node, scope.text(node.operand)))


LOOKS: dict[type[ast.AST], Callable[..., Iterator[Edit]]] = {
    ast.BinOp: _binary, ast.Compare: _comparison, ast.BoolOp: _boolean, ast.Constant: _constant,
    ast.Name: _name, ast.Slice: _slice, ast.Tuple: _items, ast.List: _items, ast.Call: _call,
    ast.Attribute: _attribute, ast.UnaryOp: _unary,
}  # fmt: skip
