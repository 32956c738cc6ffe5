"""Edits of whole statements, and of what a condition or a mask chooses.

A statement may assign where it must add, be forgotten, or stand in the wrong place.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from grader.engine.naming.mending.own import Edit, Splice
from grader.engine.reading.expressions import called_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.engine.naming.mending.scope import FunctionScope

SIMPLE = (ast.Assign, ast.AugAssign, ast.Expr, ast.Return, ast.AnnAssign)
LOOPS, LEAPS = (ast.For, ast.While), (ast.Continue, ast.Break, ast.Return, ast.Raise)
LEAVING = (("goes-on", "break"), ("leaves", "continue"))  # of `continue`, and of `break`
NO_EFFECT = (ast.BinOp, ast.UnaryOp, ast.Compare, ast.Subscript)
MOST_STORED = 8  # names
AUGMENTED = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
MOST_MASKS = 6  # arrays that a mask may be made of
IN_PLACE = {  # methods that give None, and what gives what they leave
    "append": "({0} + [{1}])", "extend": "({0} + list({1}))", "reverse": "list(reversed({0}))",
    "sort": "sorted({0})",
}  # fmt: skip
SHARE = re.compile(r"(?i)(self\.)?(p|prob|(drop|keep)\w*|rate|momentum|beta_?\d?|alpha|rho|decay)")


def edits_of_statement(
    scope: FunctionScope, block: Sequence[ast.stmt], index: int
) -> Iterator[Edit]:
    """Yield the edits of a statement as a whole: of a block, by its place."""
    statement = block[index]
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        yield from _assigned(scope, statement)
    elif isinstance(statement, ast.AugAssign):
        yield from _augmented(scope, statement)
    elif isinstance(statement, (ast.If, ast.While)):
        yield from _tested(scope, statement)
    elif isinstance(statement, ast.Expr):
        yield from _lost(scope, statement)
    elif isinstance(statement, (ast.Break, ast.Continue)):
        kind, other = LEAVING[isinstance(statement, ast.Break)]
        yield scope.edit(kind, 1, statement, scope.replace(statement, other))
    yield from _moved(scope, block, index) if isinstance(statement, SIMPLE) else ()
    if isinstance(statement, LOOPS):
        yield from _around(scope, block, index, statement)


def edits_of_no_return(scope: FunctionScope) -> Iterator[Edit]:
    """Yield a `return` of what was computed, where a function ends without one."""
    last = scope.function.body[-1]
    if isinstance(last, (ast.Return, ast.Raise)) or scope.function.name == "__init__":
        return
    if isinstance(last, ast.Expr) and not isinstance(last.value, ast.Constant):
        start = scope.own.span(last)[0]
        yield scope.edit("unreturned", 1, last, Splice(start, start, "return "))
    end, line = scope.own.span(last)[1], max(last.lineno, last.end_lineno or 0)
    bound = {name for part in ast.walk(last) if isinstance(part, ast.stmt) for name in _bound(part)}
    known = scope.arrays
    for name in sorted(known, key=lambda n: (n not in bound, -known.index(n)))[:MOST_STORED]:
        after = Splice(end, end, f"\n{_indent(scope, last)}return {name}")
        yield Edit("unreturned", 1, (line,), (after,))


def _lost(scope: FunctionScope, node: ast.Expr) -> Iterator[Edit]:
    """Yield a name or a `return` for what a statement computes, and nothing keeps."""
    if isinstance(node.value, NO_EFFECT):
        start = scope.own.span(node)[0]
        for name in [one for one in scope.names if one not in scope.loops][:MOST_STORED]:
            yield scope.edit("unused", 1, node, Splice(start, start, f"{name} = "))
    elif isinstance(node.value, ast.Call) and called_name(node.value) == "print":
        printed = ", ".join(scope.own.text(one) for one in node.value.args)
        yield scope.edit("printed", 1, node, scope.replace(node, f"return {printed}"))


def _moved(scope: FunctionScope, block: Sequence[ast.stmt], index: int) -> Iterator[Edit]:
    """Yield nothing for a simple statement, and the next one before it."""
    statement, *rest = block[index:]
    if not isinstance(statement, ast.Return) or rest:
        yield scope.edit("statement-extra", 3, statement, scope.replace(statement, "pass"))
    if not rest:
        return
    following, text = rest[0], scope.own.text(statement)
    pair = scope.replace(statement, scope.own.text(following)), scope.replace(following, text)
    # what is moved behind a `return` is not run: that is another edit, and called so
    if isinstance(following, SIMPLE) and not isinstance(following, ast.Return):
        if _related(statement, following):
            yield scope.edit("place", 2, statement, *pair)
    elif isinstance(following, LOOPS):
        yield scope.edit("too-early", 3, statement, *pair)
    elif isinstance(following, ast.If) and _only_leaps(following):
        yield Edit("guard", 2, (statement.lineno, following.lineno), pair)


def _only_leaps(node: ast.If) -> bool:
    """Tell whether all that is under a condition goes elsewhere, as `if g is None: continue`."""
    return not node.orelse and all(isinstance(one, LEAPS) for one in node.body)


def _assigned(scope: FunctionScope, node: ast.Assign) -> Iterator[Edit]:
    target = node.targets[0]
    for value in node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]:
        for name in filter(SHARE.fullmatch, scope.names):
            yield scope.edit(
                "factor-missing", 2, node, *scope.wrap(value, "((", f") / (1 - {name}))")
            )
        if _is_start(value):
            yield scope.edit("begins", 2, node, scope.replace(value, "-np.inf"))
        if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute):
            yield from _kept_nothing(scope, value, value.func)
    if isinstance(target, (ast.Subscript, ast.Name)):
        sign = _sign_between(scope, target, node.value, "=")
        if sign is not None:
            cost = 1 if isinstance(target, ast.Subscript) else 2
            yield scope.edit("assigns", cost, node, Splice(sign, sign, "+"))
            if isinstance(target, ast.Name):
                yield scope.edit("assigns", 3, node, Splice(sign, sign, "*"))


def _kept_nothing(scope: FunctionScope, call: ast.Call, method: ast.Attribute) -> Iterator[Edit]:
    """Yield what a method leaves for what it gives, which is None."""
    made = IN_PLACE.get(method.attr)
    if made is not None and len(call.args) == made.count("{1}"):
        texts = [scope.own.text(part) for part in (method.value, *call.args)]
        yield scope.edit("none-kept", 1, call, scope.replace(call, made.format(*texts)))


def _is_start(value: ast.expr) -> bool:
    """Tell whether a value is 0 or a number below it, with which a maximum may begin."""
    if isinstance(value, ast.Constant):
        return type(value.value) in (int, float) and value.value == 0
    negative = isinstance(value, ast.UnaryOp) and isinstance(value.op, ast.USub)
    return negative and isinstance(value.operand, ast.Constant)  # type: ignore[attr-defined]


def _augmented(scope: FunctionScope, node: ast.AugAssign) -> Iterator[Edit]:
    sign = AUGMENTED.get(type(node.op))
    at = _sign_between(scope, node.target, node.value, f"{sign}=") if sign else None
    if sign is None or at is None:
        return
    yield scope.edit("adds", 2, node, Splice(at, at + 1, ""))
    for other in {"+": "-*", "-": "+", "*": "/+", "/": "*"}[sign]:
        yield scope.edit("operator", 1, node, Splice(at, at + 1, other))
    target = scope.own.text(node.target)
    if isinstance(node.target, ast.Name):
        fresh = scope.replace(node, f"{target} = {target} {sign} ({scope.own.text(node.value)})")
        yield scope.edit("in-place", 1, node, fresh)


def _sign_between(scope: FunctionScope, left: ast.AST, right: ast.AST, sign: str) -> int | None:
    start, end = scope.own.span(left)[1], scope.own.span(right)[0]
    between = scope.own.source[start:end].decode()
    if between.count(sign) != 1 or "#" in between:
        return None
    return start + len(between.partition(sign)[0].encode())


def _tested(scope: FunctionScope, node: ast.If | ast.While) -> Iterator[Edit]:
    if isinstance(node, ast.If):
        test = scope.own.text(node.test)
        for text in (f"not ({test})", "True", "False"):
            yield scope.edit("condition", 2, node, scope.replace(node.test, text))


def edits_of_choices(scope: FunctionScope, node: ast.AST) -> Iterator[Edit]:
    """Yield one branch for both of a choice, and another array that a mask is made of."""
    branches: list[ast.expr] = []
    if isinstance(node, ast.IfExp):
        branches = [node.body, node.orelse]
        texts = [scope.text(branch) for branch in branches]
        pair = [scope.replace(*both) for both in zip(branches, reversed(texts), strict=True)]
        yield scope.edit("condition", 1, node, *pair)
    elif isinstance(node, ast.Call) and called_name(node) == "where" and len(node.args) == 3:
        branches = node.args[1:]
    for branch in branches:
        yield scope.edit("condition", 2, node, scope.replace(node, scope.text(branch)))
    if isinstance(node, ast.Dict) and len(node.values) == 2:
        texts = [scope.own.text(value) for value in node.values]
        splices = [
            scope.replace(one, text) for one, text in zip(node.values, texts[::-1], strict=True)
        ]
        yield scope.edit("items", 1, node, *splices)
    elif isinstance(node, ast.Call) and called_name(node) in ("sort", "sorted", "argsort"):
        yield from _sorted(scope, node)
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Compare):
        yield from _masked(scope, node.value, node.slice.left)
    elif isinstance(node, ast.Call) and called_name(node) == "maximum" and len(node.args) == 2:
        zeros = [one for one in node.args if isinstance(one, ast.Constant) and one.value == 0]
        names = [one for one in node.args if isinstance(one, ast.Name)]
        for other in _masks(scope, names[0]) if zeros and names else ():
            text = f"({names[0].id} * ({other} > 0))"
            yield scope.edit("name", 2, node, scope.replace(node, text))


def _sorted(scope: FunctionScope, node: ast.Call) -> Iterator[Edit]:
    """Yield the other order of what is sorted, equal ones as they were."""
    if called_name(node) == "argsort":
        if node.args and not isinstance(node.args[0], ast.Starred):
            turned = f"-{scope.text(node.args[0])}"
            yield scope.edit("backwards", 1, node, scope.replace(node.args[0], turned))
    elif not node.keywords:
        end, comma = scope.own.span(node)[1] - 1, ", " if node.args else ""
        for key in ("reverse=True", "key=lambda one: -one[0]", "key=lambda one: -one"):
            yield scope.edit("backwards", 1, node, Splice(end, end, comma + key))


def edits_of_shares(scope: FunctionScope, node: ast.AST) -> Iterator[Edit]:
    """Yield 1 - p for a factor p that is a share of the whole, by its name."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Mult, ast.Div)):
        for part in (node.left, node.right):
            if isinstance(part, ast.Name) and SHARE.fullmatch(part.id):
                yield scope.edit("term-missing", 2, node, scope.replace(part, f"(1 - {part.id})"))


def _masked(scope: FunctionScope, array: ast.expr, left: ast.expr) -> Iterator[Edit]:
    """Yield another array in the mask of one that is compared with itself: a gradient's sign."""
    if isinstance(left, ast.Name) and isinstance(array, ast.Name) and left.id == array.id:
        for other in _masks(scope, left):
            yield scope.edit("name", 2, left, scope.replace(left, other))


def _masks(scope: FunctionScope, name: ast.Name) -> list[str]:
    """Return the arrays that were made here before a line, of which a mask may be made."""
    known = [one for one in scope.arrays if one not in scope.params and one != name.id]
    return [one for one in known if scope.is_known(one, name.lineno)][:MOST_MASKS]


def _around(
    scope: FunctionScope, block: Sequence[ast.stmt], index: int, loop: ast.stmt
) -> Iterator[Edit]:
    """Move a statement over a border of a loop: its last one out, its first, a neighbour in."""
    body: list[ast.stmt] = loop.body  # type: ignore[attr-defined]
    if body[0].lineno == loop.lineno or not _is_blank_before(scope, loop):
        return
    outside, inside = _indent(scope, loop), _indent(scope, body[0])
    end, start = scope.own.span(body[-1])[1], scope.own.line_start(loop.lineno)
    last, first = body[-1], body[0]
    if _movable(last) and len(body) > 1:
        after = Splice(end, end, f"\n{outside}{scope.own.text(last)}")
        yield scope.edit("loop-out", 2, last, _gone(scope, last), after)
    if isinstance(last, ast.Return) and len(body) == 1:
        after = Splice(end, end, f"\n{outside}{scope.own.text(last)}")
        yield scope.edit("loop-out", 2, last, _gone(scope, last), after)
    for one in body[:3]:
        if _movable(one) and not isinstance(one, ast.Return):
            before = Splice(start, start, f"{outside}{scope.own.text(one)}\n")
            yield scope.edit("loop-out", 2, one, before, _gone(scope, one))
    if index and _movable(block[index - 1]):
        one = block[index - 1]
        at = scope.own.line_start(first.lineno)
        into = Splice(at, at, f"{inside}{scope.own.text(one)}\n")
        yield scope.edit("loop-in", 2, one, _gone(scope, one), into)
    for one in block[index + 1 : index + 3]:
        if _movable(one) and not isinstance(one, ast.Return):
            into = Splice(end, end, f"\n{inside}{scope.own.text(one)}")
            yield scope.edit("loop-in", 2, one, into, _gone(scope, one))


def _movable(node: ast.stmt) -> bool:
    return isinstance(node, SIMPLE) and node.lineno == node.end_lineno


def _gone(scope: FunctionScope, node: ast.stmt) -> Splice:
    return scope.replace(node, "pass")


def _indent(scope: FunctionScope, node: ast.stmt) -> str:
    line = scope.own.source[scope.own.line_start(node.lineno) :].decode()
    found = re.match(r"[ \t]*", line)
    return found[0] if found else ""


def _is_blank_before(scope: FunctionScope, node: ast.stmt) -> bool:
    start = scope.own.line_start(node.lineno)
    return not scope.own.source[start : scope.own.span(node)[0]].strip()


def _related(one: ast.stmt, other: ast.stmt) -> bool:
    """Tell whether one of two statements binds or changes what the other one reads."""
    names = [
        ({n.id for n in ast.walk(s) if isinstance(n, ast.Name)}, _bound(s)) for s in (one, other)
    ]
    return bool(names[0][0] & names[1][1] or names[1][0] & names[0][1])


def _bound(node: ast.stmt) -> set[str]:
    found = set()
    targets = getattr(node, "targets", None) or [getattr(node, "target", None)]
    for target in filter(None, targets):
        inner = target
        while isinstance(inner, (ast.Subscript, ast.Attribute)):
            inner = inner.value
        found |= {n.id for n in ast.walk(inner) if isinstance(n, ast.Name)}
    return found
