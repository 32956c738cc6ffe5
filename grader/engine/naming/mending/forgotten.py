"""What is forgotten around a value: a function, a mean over a window, an index, an argument."""

from __future__ import annotations

import ast
import re
from itertools import combinations
from typing import TYPE_CHECKING

from grader.engine.naming.mending.own import Edit, Splice
from grader.engine.naming.mending.scope import are_twins
from grader.engine.naming.mending.twins import edits_of_count
from grader.engine.reading.expressions import called_name, is_shape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.engine.naming.mending.scope import FunctionScope

GATHERED = frozenset(["array", "stack", "concatenate", "asarray", "vstack", "hstack"])
BEGUN = frozenset(["zeros", "zeros_like", "empty"])
ALONG_ALL = frozenset(["mean", "average"])
MOST_CALLED = 4
LENGTHS = ("0", "1", "2", "3", "-1", "-2")
WEIGHTS = re.compile(r"(?i)w\w*|weight\w*|table")
LAST = "axis=-1, keepdims=True"
EXPONENTIALS = f"np.exp(({{0}}) - np.max({{0}}, {LAST}))"
ACTIVATIONS = (
    "(1 / (1 + np.exp(-({0}))))",
    "np.tanh({0})",
    "np.maximum(0, {0})",
    "np.exp({0})",
    "(-np.log({0}))",
    f"({EXPONENTIALS} / np.sum({EXPONENTIALS}, {LAST}))",
)
FIRST_OF_EQUAL = "({0} & ({0}.reshape(*{0}.shape[:-2], -1).cumsum(-1).reshape({0}.shape) == 1))"


def forgotten_edits(
    scope: FunctionScope, statement: ast.stmt, nodes: list[tuple[ast.AST, ast.AST]], kinds: set[str]
) -> Iterator[Edit]:
    """Yield what may be forgotten in a statement."""
    for node, parent in nodes:
        if isinstance(node, ast.Call):
            yield from _call(scope, node)
        elif isinstance(node, ast.BinOp):
            yield from _binary(scope, node)
            yield from _fraction(scope, node)
        elif isinstance(node, ast.Subscript):
            yield from _index(scope, node)
            yield from _length(scope, node)
        elif isinstance(node, ast.Compare) and "values" in kinds:
            yield from _first_of_equal(scope, node)
            yield from _from_the_end(scope, node)
            yield from _item_at(scope, node)
        if isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Div):
            yield from _guarded(scope, node, parent)
    if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
        yield from edits_of_count(scope, statement.value)
        yield from () if scope.is_size(statement.value) else _multiplied(scope, statement.value)
    if kinds & {"values", "finite"}:
        yield from _wrapped_names(scope, statement, [node for node, _ in nodes])


def forgotten_around(scope: FunctionScope, value: ast.expr, kinds: set[str]) -> Iterator[Edit]:
    """Yield what may be forgotten around a whole value that is returned."""
    if scope.is_size(value) or isinstance(value, (ast.Constant, ast.Starred, ast.Lambda)):
        return
    text = scope.own.text(value)
    if "values" in kinds and len(text) < 200:
        for number, made in enumerate(ACTIVATIONS):
            yield scope.edit("call-missing", 2 + (2 < number < 5), value,
                             scope.replace(value, made.format(text)))  # fmt: skip
    for one, other in _windows(scope):
        after = f") / ({one} * {other})"
        yield scope.edit("mean", 2, value, *scope.wrap(value, "((", f"){after}"))


def _windows(scope: FunctionScope) -> list[tuple[str, str]]:
    """Return pairs of sizes that are a window's height and width."""
    sizes = [name for name in scope.names if name in scope.sizes - scope.loops]
    found = [pair for pair in combinations(sizes, 2) if are_twins(*pair)][:2]
    whole = [f"{name}[0]" for name in scope.params if name == "kernel_size"]
    return found + [(one, one.replace("[0]", "[1]")) for one in whole]


def _call(scope: FunctionScope, node: ast.Call) -> Iterator[Edit]:
    called = called_name(node)
    if called in ALONG_ALL and not node.keywords and len(node.args) < 2:
        yield from _mean_of_all(scope, node)
    elif called in GATHERED and node.args and isinstance(node.args[0], ast.Name):
        name = node.args[0]
        yield scope.edit("backwards", 2, node, scope.replace(name, f"{name.id}[::-1]"))
        for part in ("[1:]", "[:-1]"):
            lines = tuple(sorted({*_origin(scope, name.id, part), node.lineno}))
            yield Edit("bound", 2, lines, (scope.replace(name, f"{name.id}{part}"),))
    elif called == "transpose":
        yield from _moved(scope, node)
    elif called == "einsum" and node.args and isinstance(node.args[0], ast.Constant):
        yield from _einsum(scope, node, node.args[0])
    elif called in BEGUN:
        made = f"({scope.own.text(node)} - np.inf)"
        yield scope.edit("begins", 2, node, scope.replace(node, made))
    elif called == "range":
        yield from _rounded_up(scope, node)
    if isinstance(node.func, ast.Name) and node.func.id in scope.own.functions:
        yield from _strided(scope, node)


def _fraction(scope: FunctionScope, node: ast.BinOp) -> Iterator[Edit]:
    """Yield (a - b) / (c * d) for a - b / c * d."""
    below, last, inner = "", node, node.right
    while isinstance(inner, ast.BinOp) and isinstance(inner.op, (ast.Mult, ast.Div)):
        below, last = f"{scope.text(inner.right)} * {below}".removesuffix(" * "), inner
        inner = inner.left
    if isinstance(node.op, ast.Sub) and "*" in below and isinstance(last.op, ast.Div):
        text = f"(({scope.text(node.left)} - {scope.text(inner)}) / ({below}))"
        yield scope.edit("bracket", 2, node, scope.replace(node, text))


def _origin(scope: FunctionScope, name: str, part: str) -> set[int]:
    """Return where a list gets its first item, or where the loop is that gives it the last."""
    found = set()
    for node in ast.walk(scope.function):
        if part == "[1:]" and isinstance(node, ast.Assign) and isinstance(node.value, ast.List):
            bound = isinstance(node.targets[0], ast.Name) and node.targets[0].id == name
            found |= {node.lineno} if bound and node.value.elts else set()
        elif part != "[1:]" and isinstance(node, ast.For):
            inner = [n for n in ast.walk(node) if isinstance(n, ast.Attribute)]
            added = any(getattr(n.value, "id", "") == name and n.attr == "append" for n in inner)
            found |= {node.lineno} if added else set()
    return found if len(found) == 1 else set()


def _rounded_up(scope: FunctionScope, node: ast.Call) -> Iterator[Edit]:
    """Yield a range whose last, incomplete part counts, too."""
    last = node.args[-1] if node.args else node
    if isinstance(last, ast.BinOp) and isinstance(last.op, ast.FloorDiv):
        above, below = scope.text(last.left), scope.text(last.right)
        yield scope.edit("bound", 1, node, scope.replace(last, f"(-(-{above} // {below}))"))


def _strided(scope: FunctionScope, node: ast.Call) -> Iterator[Edit]:
    """Yield the stride at every index that the student's own function is given."""
    read = [n for one in node.args for n in ast.walk(one) if isinstance(n, ast.Name)]
    counted = [n for n in read if n.id in scope.loops]
    for stride in scope.strides if counted else ():
        splices = [scope.replace(n, f"({n.id} * {stride})") for n in counted]
        yield scope.edit("stride", 1, node, *splices)


def _mean_of_all(scope: FunctionScope, node: ast.Call) -> Iterator[Edit]:
    """Yield the mean over the batch of a sum along the rest."""
    function = scope.own.text(node.func)
    inner = node.args[0] if node.args else getattr(node.func, "value", None)
    if inner is None or isinstance(inner, ast.Starred):
        return
    text = scope.text(inner)
    is_generator = isinstance(inner, ast.GeneratorExp)
    if not is_generator:
        made = f"np.mean(np.sum({text}, axis=-1))"
        yield scope.edit("mean-of-all", 1, node, scope.replace(node, made))
    for name in [n for n in scope.names if n in scope.sizes - scope.loops][:3]:
        start, end = scope.own.span(node)
        begin, stop = scope.own.span(node.func)
        summed = function[: len(function) - len(called_name(node))] + "sum"
        splices = Splice(begin, stop, summed), Splice(end, end, f" / {name})")
        yield scope.edit("mean-of-all", 2, node, Splice(start, start, "("), *splices)


def _moved(scope: FunctionScope, node: ast.Call) -> Iterator[Edit]:
    """Yield one axis put elsewhere in an order of axes."""
    places = node.args
    if len(places) == 1 and isinstance(places[0], ast.Tuple):
        places = places[0].elts
    if not 3 <= len(places) <= 6 or not all(isinstance(p, ast.Constant) for p in places):
        return
    texts = [scope.own.text(p) for p in places]
    for source in range(len(texts)):
        for target in range(len(texts)):
            if abs(source - target) > 1:
                moved = [*texts[:source], *texts[source + 1 :]]
                moved.insert(target, texts[source])
                splices = [scope.replace(p, t) for p, t in zip(places, moved, strict=True)]
                yield scope.edit("transpose", 2, node, *splices)


def _einsum(scope: FunctionScope, node: ast.Call, first: ast.Constant) -> Iterator[Edit]:
    """Yield two letters exchanged in what comes out of an `einsum`."""
    if not isinstance(first.value, str) or "->" not in first.value:
        return
    given, _, out = first.value.partition("->")
    out = out.strip()
    for i, j in combinations(range(min(len(out), 5)), 2):
        turned = list(out)
        turned[i], turned[j] = turned[j], turned[i]
        text = repr(f"{given}->{''.join(turned)}")
        yield scope.edit("transpose", 2, node, scope.replace(first, text))
    parts = [part.strip() for part in given.split(",")]
    if len(parts) == 2 and len(parts[0]) == len(parts[1]):
        for i, j in combinations(range(min(len(parts[0]), 4)), 2):
            places = [*range(len(parts[0]))]
            places[i], places[j] = j, i
            turned = ["".join(part[at] for at in places) for part in parts]
            text = repr(f"{','.join(turned)}->{out}")
            yield scope.edit("transpose", 1, node, scope.replace(first, text))


def _binary(scope: FunctionScope, node: ast.BinOp) -> Iterator[Edit]:
    """Yield a product of two sizes for the square of one."""
    if isinstance(node.op, ast.Pow) and isinstance(node.left, ast.Name):
        name = node.left.id
        for other in scope.names if name in scope.sizes else ():
            if other in scope.sizes and are_twins(name, other):
                yield scope.edit("size", 1, node, scope.replace(node, f"({name} * {other})"))


def _index(scope: FunctionScope, node: ast.Subscript) -> Iterator[Edit]:
    """Yield the place beside an index, and a loop's index for a fixed one."""
    items = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    for item in items:
        if isinstance(item, ast.Name) and item.id in scope.loops:
            for more in (" + 1", " - 1"):
                yield scope.edit("bound", 2, node, scope.replace(item, f"{item.id}{more}"))
        elif isinstance(item, ast.Constant) and type(item.value) is int:
            for name in sorted(scope.loops):
                if scope.is_known(name, node.lineno):
                    yield scope.edit("size", 2, node, scope.replace(item, name))


def _length(scope: FunctionScope, node: ast.Subscript) -> Iterator[Edit]:
    """Yield the length of another axis."""
    if is_shape(node.value) and not isinstance(node.value, ast.Subscript):
        written = scope.own.text(node.slice)
        for axis in LENGTHS if written.removeprefix("-").isdigit() else ():
            if axis != written and axis.startswith("-") == written.startswith("-"):
                yield scope.edit("length", 1, node, scope.replace(node.slice, axis))


def _item_at(scope: FunctionScope, node: ast.Compare) -> Iterator[Edit]:
    """Yield the item at a loop's index, where the index itself is compared: targets[i] for i."""
    for side in (node.left, *node.comparators):
        if isinstance(side, ast.Name) and side.id in scope.loops:
            for item in scope.items_at(side.id):
                yield scope.edit("size", 1, node, scope.replace(side, item))


def _guarded(scope: FunctionScope, node: ast.AST, parent: ast.BinOp) -> Iterator[Edit]:
    """Yield an argument that is read nowhere, added to what is divided by."""
    if node is parent.right:
        for name in scope.unread:
            yield scope.edit("ignored", 1, node, *scope.wrap(node, "((", f") + {name})"))


def _first_of_equal(scope: FunctionScope, node: ast.Compare) -> Iterator[Edit]:
    if len(node.ops) == 1 and isinstance(node.ops[0], ast.Eq):
        made = FIRST_OF_EQUAL.format(f"({scope.own.text(node)})")
        yield scope.edit("ties", 2, node, scope.replace(node, made))


def _from_the_end(scope: FunctionScope, node: ast.Compare) -> Iterator[Edit]:
    """Yield a count from the last one on for a count from the first: `i >= n - k` for `i < k`."""
    left, right = node.left, node.comparators[0]
    if len(node.ops) > 1 or not isinstance(left, ast.Name) or left.id not in scope.counted:
        return
    turned = {ast.Lt: ">=", ast.LtE: ">", ast.Gt: "<", ast.GtE: "<"}.get(type(node.ops[0]))
    if turned and isinstance(right, ast.Name):
        made = f"({left.id} {turned} {scope.counted[left.id]} - {right.id})"
        yield scope.edit("backwards", 1, node, scope.replace(node, made))


def _multiplied(scope: FunctionScope, value: ast.expr) -> Iterator[Edit]:
    """Yield a product with a matrix of weights that a value does not read."""
    kind = "shape" if called_name(value) in BEGUN else "factor-missing"
    read = {node.id for node in ast.walk(value) if isinstance(node, ast.Name)}
    for name in [n for n in scope.params if WEIGHTS.fullmatch(n) and n not in read][:3]:
        for after in (f") @ {name}", f") @ {name}.T"):
            yield scope.edit(kind, 3, value, *scope.wrap(value, "((", f"){after}"))


def _wrapped_names(
    scope: FunctionScope, statement: ast.stmt, nodes: list[ast.AST]
) -> Iterator[Edit]:
    """Yield a function that is called elsewhere, around a name wherever a statement reads it."""
    read: dict[str, list[ast.Name]] = {}
    for node in nodes:
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            read.setdefault(node.id, []).append(node)
    called = {scope.own.text(n.func) for n in nodes if isinstance(n, ast.Call)}
    known = [name for name in scope.arrays if name in read]
    for name, places in ((name, read[name]) for name in known):
        for function in scope.called[:MOST_CALLED]:
            cost = 2 if len(places) > 1 else 3
            if function not in called and function != name:
                splices = [scope.replace(place, f"{function}({name})") for place in places]
                yield scope.edit("call-missing", cost, statement, *splices)
        if len(places) > 1:
            made = f"(1 / (1 + np.exp(-{name})))"
            splices = [scope.replace(place, made) for place in places]
            yield scope.edit("call-missing", 3, statement, *splices)
