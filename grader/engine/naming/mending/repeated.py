"""Edits that are the same at several places of one statement, as a hand that copies makes them."""

from __future__ import annotations

import ast
from itertools import combinations
from typing import TYPE_CHECKING

from grader.engine.naming.mending.expressions import OTHER_CALLS, PADDING, SIGNS
from grader.engine.naming.mending.own import Edit
from grader.engine.naming.mending.scope import are_twins
from grader.engine.reading.expressions import called_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.engine.naming.mending.own import Splice
    from grader.engine.naming.mending.scope import FunctionScope

    Reads = dict[str, list[ast.Name]]  # the places where a statement reads each name

MOST_NAMES, MOST_ZEROS, MOST_SHIFTS = 8, 6, 12
MOST_LOGS = 2  # lines
MOST_PARTS = 6  # of one array
MOST_PAIRS = 6  # of a height and a width


def edits_over_statement(
    scope: FunctionScope, statement: ast.stmt, nodes: list[ast.AST]
) -> Iterator[Edit]:
    """Yield the edits that are the same at several places of one statement."""
    yield from _cropped(scope, statement, nodes)
    yield from _shifted(scope, statement, nodes)
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
    yield from _resized(scope, statement, read)
    for node in nodes:
        if isinstance(node, ast.BinOp):
            yield from _regrouped(scope, node)
    yield from _recalled(scope, statement, nodes)
    yield from _strided(scope, statement, nodes)
    yield from _exchanged(scope, statement, read)


def _resized(scope: FunctionScope, statement: ast.stmt, read: Reads) -> Iterator[Edit]:
    """Yield another height and width for both that a statement reads: the window's, a step's."""
    sizes = [name for name in scope.names if name in scope.sizes - scope.loops]
    pairs = [pair for pair in combinations(sizes, 2) if are_twins(*pair)][:MOST_PAIRS]
    for one, other in [pair for pair in pairs if {*pair} <= {*read}]:
        for first, second in [pair for pair in pairs if not {*pair} & {one, other}]:
            if scope.is_known(first, statement.lineno) and scope.is_known(second, statement.lineno):
                splices = [scope.replace(node, first) for node in read[one]]
                splices += [scope.replace(node, second) for node in read[other]]
                yield scope.edit("size", 2, statement, *splices)


def _regrouped(scope: FunctionScope, node: ast.BinOp) -> Iterator[Edit]:
    """Yield what is taken together otherwise: f(a * b) for f(a) * f(b), b + a * c for a * (b + c).

    And of a place that is counted as i * width + j, what counts it down the columns, or along rows.
    """
    left, right, sign = node.left, node.right, SIGNS.get(type(node.op), "")
    if isinstance(left, ast.Call) and isinstance(right, ast.Call):
        both = scope.own.text(left.func), scope.own.text(right.func)
        if isinstance(left.func, ast.Attribute) and isinstance(right.func, ast.Attribute):
            one, other = left.func, right.func
            if not left.args and not right.args and one.attr == other.attr:
                text = f"({scope.text(one.value)} {sign} {scope.text(other.value)}).{one.attr}()"
                yield scope.edit("bracket", 2, node, scope.replace(node, text))
        if both[0] == both[1] and len(left.args) == len(right.args) == 1:
            text = f"{both[0]}({scope.text(left.args[0])} {sign} {scope.text(right.args[0])})"
            yield scope.edit("bracket", 2, node, scope.replace(node, text))
    if sign == "*" and isinstance(right, ast.BinOp) and isinstance(right.op, ast.Add):
        text = f"({scope.text(right.left)} + {scope.text(left)} * {scope.text(right.right)})"
        yield scope.edit("bracket", 2, node, scope.replace(node, text))
    if sign == "+" and isinstance(left, ast.BinOp) and isinstance(left.op, ast.Mult):
        index, size = left.left, left.right
        names = [n.id for n in (index, size, right) if isinstance(n, ast.Name)]
        if len(names) == 3 and {names[0], names[2]} <= scope.loops:
            for twin, cost in scope.alike(names[1], node.lineno):
                if cost == 1:
                    text = f"({names[2]} * {twin} + {names[0]})"
                    yield scope.edit("items", 2, node, scope.replace(node, text))


def edits_over_function(scope: FunctionScope) -> Iterator[Edit]:
    """Yield the edits that are the same in two statements, or that one has of another."""
    yield from _dropped(scope)
    yield from _rooted(scope)
    yield from _read_for_another(scope)
    yield from _as_elsewhere(scope)
    axes: dict[str, list[ast.keyword]] = {}
    for node in ast.walk(scope.function):
        if isinstance(node, ast.keyword) and node.arg == "axis":
            axes.setdefault(scope.own.text(node.value), []).append(node)
    for written, words in axes.items():
        lines = tuple(sorted({word.value.lineno for word in words}))
        for axis in ("0", "1", "-1") if len(lines) == 2 else ():
            if axis != written:
                splices = tuple(scope.replace(word.value, axis) for word in words)
                yield Edit("axis", 2, lines, splices)


def _dropped(scope: FunctionScope) -> Iterator[Edit]:
    """Yield a term or factor less wherever it stands in two statements: a mean that is none."""
    places: dict[tuple[str, str], list[ast.BinOp]] = {}
    for node in ast.walk(scope.function):
        if isinstance(node, ast.BinOp) and type(node.op) in SIGNS:
            key = SIGNS[type(node.op)], scope.own.text(node.right)
            places.setdefault(key, []).append(node)
    for (sign, _), nodes in places.items():
        lines = tuple(sorted({node.lineno for node in nodes}))
        if len(lines) == len(nodes) == 2 and sign in "+-*/":
            kind = "term-extra" if sign in "+-" else "factor-extra"
            splices = tuple(scope.replace(node, scope.text(node.left)) for node in nodes)
            yield Edit(kind, 2, lines, splices)


def _rooted(scope: FunctionScope) -> Iterator[Edit]:
    """Yield the root of what two statements add up or take away: of two distances."""
    sums = [
        node
        for node in ast.walk(scope.function)
        if isinstance(node, ast.AugAssign) and called_name(node.value) == "sum"
    ]
    lines = tuple(sorted({node.lineno for node in sums}))
    if len(lines) == len(sums) == 2:
        splices = [s for node in sums for s in scope.wrap(node.value, "np.sqrt(", ")")]
        yield Edit("call-missing", 2, lines, tuple(splices))


def _as_elsewhere(scope: FunctionScope) -> Iterator[Edit]:
    """Yield `(x - m)` for an x of which another line reads that: it was shifted there alone."""
    read: dict[str, list[ast.Name]] = {}
    for node in ast.walk(scope.function):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            read.setdefault(node.id, []).append(node)
    every = [node for node in ast.walk(scope.function) if isinstance(node, ast.BinOp)]
    for node in [node for node in every if isinstance(node.left, ast.Name)][:MOST_SHIFTS]:
        names = [one.id for one in ast.walk(node.right) if isinstance(one, ast.Name)]
        kind = "term-missing" if isinstance(node.op, (ast.Add, ast.Sub)) else "factor-missing"
        for place in read[node.left.id] if names else ():  # type: ignore[attr-defined]
            if place.lineno != node.lineno and all(scope.is_known(n, place.lineno) for n in names):
                yield scope.edit(kind, 2, place, scope.replace(place, f"({scope.own.text(node)})"))


def _read_for_another(scope: FunctionScope) -> Iterator[Edit]:
    """Yield two parts of one array exchanged between two statements: blocks in another order."""
    parts: dict[str, list[ast.Subscript]] = {}
    for node in ast.walk(scope.function):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            found = [n for n in ast.walk(node.value) if isinstance(n, ast.Subscript)]
            if len(found) == 1 and isinstance(found[0].value, ast.Name):
                parts.setdefault(found[0].value.id, []).append(found[0])
    for nodes in parts.values():
        for one, other in combinations(nodes[:MOST_PARTS], 2):
            if one.lineno != other.lineno:
                texts = scope.own.text(one.slice), scope.own.text(other.slice)
                pair = scope.replace(one.slice, texts[1]), scope.replace(other.slice, texts[0])
                yield Edit("items", 2, (one.lineno, other.lineno), pair)


def _recalled(scope: FunctionScope, statement: ast.stmt, nodes: list[ast.AST]) -> Iterator[Edit]:
    """Yield another function for one that a statement calls more than once: a sum for a mean."""
    calls: dict[str, list[ast.Call]] = {}
    for node in nodes:
        if isinstance(node, ast.Call):
            calls.setdefault(called_name(node), []).append(node)
    for called, places in calls.items():
        for other in OTHER_CALLS.get(called, ()) if len(places) > 1 else ():
            texts = [scope.own.text(node.func).removesuffix(called) + other for node in places]
            pairs = zip(places, texts, strict=True)
            splices = [scope.replace(node.func, text) for node, text in pairs]
            yield scope.edit("call", 1, statement, *splices)


def _shifted(scope: FunctionScope, statement: ast.stmt, nodes: list[ast.AST]) -> Iterator[Edit]:
    """Let every slice `:n` or `p:n` of a statement be `p:p + n`, and zeros be the padding."""
    bounds = [
        (scope.own.text(node.lower) if node.lower else "", node.upper.id, node)
        for node in nodes
        if isinstance(node, ast.Slice) and node.step is None
        if isinstance(node.upper, ast.Name) and node.upper.id in scope.sizes
    ]
    zeros = [node for node in nodes if isinstance(node, ast.Constant) and node.value == 0]
    zeros = [node for node in zeros if type(node.value) is int]
    for pad in [name for name in scope.names if PADDING.fullmatch(name)][:3]:
        for kind, begin in (("begin", ""), ("ends-early", pad)):
            some = [(size, node) for lower, size, node in bounds if lower == begin and size != pad]
            splices = [scope.replace(node, f"{pad}:{pad} + {size}") for size, node in some]
            if splices:
                yield scope.edit(kind, 1, statement, *splices)
        for chosen in (zeros, zeros[-2:]) if 2 <= len(zeros) <= MOST_ZEROS else ():
            yield scope.edit("number", 2, statement, *[scope.replace(z, pad) for z in chosen])


def _cropped(scope: FunctionScope, statement: ast.stmt, nodes: list[ast.AST]) -> Iterator[Edit]:
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


def _strided(scope: FunctionScope, statement: ast.stmt, nodes: list[ast.AST]) -> Iterator[Edit]:
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


def _exchanged(scope: FunctionScope, statement: ast.stmt, read: Reads) -> Iterator[Edit]:
    """Exchange two names with each other wherever they are read in a statement."""
    known = [name for name in read if name in scope.names][:MOST_NAMES]
    for one, other in combinations(known, 2):
        if (one in scope.sizes) == (other in scope.sizes):
            splices = [scope.replace(n, other) for n in read[one]]
            splices += [scope.replace(n, one) for n in read[other]]
            cost = 1 if are_twins(one, other) else 2
            yield scope.edit("items", cost, statement, *splices)


# ----------------------------------------------------------------------------- what overflows


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
    if splices and len(lines) <= MOST_LOGS:
        yield Edit("log", 1, tuple(sorted(lines)), tuple(splices))


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
