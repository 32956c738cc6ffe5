"""Edits of what is counted: sizes, for height and width alike, and the items of a loop.

One may meet itself, lie past the end, or not be put back when its turn is over. Whoever is wrong
about the rows is so about the columns, since one was copied from the other.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING

from grader.engine.naming.mending.arrays import edits_of_part
from grader.engine.naming.mending.expressions import edits_of_expression
from grader.engine.naming.mending.own import Edit, Splice
from grader.engine.reading.expressions import called_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.engine.naming.mending.scope import FunctionScope

NAMES = re.compile(r"(?<=id=')\w+(?=')")
TOO_SMALL = (ast.Name, ast.Constant)
MOST_NODES = 40  # of one of two twins
MOST_SLOPES, MOST_ITEMS = 2, 4
SIZE_OF_CONVOLUTION = re.compile(
    r"\(\s*(?P<size>\w+)\s*-\s*(?P<kernel>\w+)\s*\)\s*//\s*(?P<stride>\w+)\s*\+\s*1"
)
LEAST, LARGEST, MOST_EXTENTS = ("min", "minimum"), ("max", "maximum"), 2
VARIANCE = re.compile(r"(?i)(\w+_)?v(ar\w*)?|s(igma)?_?2|sigma_sq\w*")
NOT_TWICE = frozenset(["name", "items", "place"])


def edits_of_twins(
    scope: FunctionScope, block: Sequence[ast.stmt], kinds: set[str]
) -> Iterator[Edit]:
    """Yield the edits that are the same in two twins of a block: statements, or parts of one."""
    for first, second in pairwise(block):
        yield from _both(scope, first, second, kinds)
    for statement in block:
        if isinstance(statement, ast.For) and isinstance(statement.body[0], ast.For):
            yield from _both(scope, statement.iter, statement.body[0].iter, kinds)
        for node in _parts(statement):
            for one, other in pairwise(_siblings(node)):
                yield from _both(scope, one, other, kinds)


def _parts(statement: ast.stmt) -> Iterator[ast.AST]:
    """Yield the nodes of a statement without the statements inside of it."""
    waiting: list[ast.AST] = [statement]
    while waiting:
        node = waiting.pop(0)
        yield node
        waiting += [n for n in ast.iter_child_nodes(node) if not isinstance(n, ast.stmt)]


def _siblings(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, (ast.Tuple, ast.List)):
        return node.elts
    return node.args if isinstance(node, ast.Call) else []


def _both(scope: FunctionScope, one: ast.AST, other: ast.AST, kinds: set[str]) -> Iterator[Edit]:
    if isinstance(one, TOO_SMALL) or type(one) is not type(other) or hasattr(one, "body"):
        return
    if not _are_alike(one, other):
        return
    if isinstance(one, ast.Assign) and isinstance(other, ast.Assign):
        one, other = one.value, other.value
    pairs = list(zip(_with_parents(one), _with_parents(other), strict=True))
    for (first, above), (second, beside) in pairs[:MOST_NODES]:
        here = _edits_of_one(scope, first, above, kinds)
        there = _edits_of_one(scope, second, beside, kinds)
        if first is one:
            here += edits_of_count(scope, one)
            there += edits_of_count(scope, other)
        if [edit.kind for edit in here] != [edit.kind for edit in there]:
            continue
        for a, b in zip(here, there, strict=True):
            if a.kind not in NOT_TWICE:
                lines = tuple(sorted({*a.lines, *b.lines}))
                yield Edit(a.kind, a.cost + 1, lines, (*a.splices, *b.splices))


def _edits_of_one(
    scope: FunctionScope, node: ast.AST, parent: ast.AST, kinds: set[str]
) -> list[Edit]:
    return [*edits_of_expression(scope, node), *edits_of_part(scope, node, parent, kinds)]


def _are_alike(one: ast.AST, other: ast.AST) -> bool:
    """Tell whether two nodes are the same but for the names in them, and for some of these."""
    texts = ast.dump(one), ast.dump(other)
    return texts[0] != texts[1] and NAMES.sub("", texts[0]) == NAMES.sub("", texts[1])


def _with_parents(node: ast.AST) -> Iterator[tuple[ast.AST, ast.AST]]:
    waiting = [(node, node)]
    while waiting:
        one, parent = waiting.pop(0)
        yield one, parent
        waiting += [(child, one) for child in ast.iter_child_nodes(one)]


def edits_of_slopes(scope: FunctionScope) -> Iterator[Edit]:
    """Yield no slope of a sigmoid, `p * (1 - p)`, in the one or two statements that multiply it."""
    found: list[tuple[ast.BinOp, ast.expr]] = []
    for node in ast.walk(scope.function):
        if isinstance(node, ast.BinOp) and isinstance(node.left, ast.BinOp):
            inner, rest = node.left, scope.own.text(node.right)
            if isinstance(inner.op, ast.Mult) and rest == f"1 - {scope.own.text(inner.right)}":
                found.append((node, inner.left))
    lines = tuple(sorted({node.lineno for node, _ in found}))
    if 1 <= len(lines) == len(found) <= MOST_SLOPES:
        splices = tuple(scope.replace(node, scope.text(left)) for node, left in found)
        yield Edit("factor-extra", 1, lines, splices)


def edits_of_count(scope: FunctionScope, value: ast.AST) -> Iterator[Edit]:
    """Yield one more and one less than a whole number that is computed, and another formula."""
    if isinstance(value, ast.BinOp) and scope.is_size(value):
        for more in (" + 1", " - 1"):
            yield scope.edit("bound", 2, value, *scope.wrap(value, "(", f"){more}"))
        found = SIZE_OF_CONVOLUTION.fullmatch(scope.own.text(value))
        if found:
            size = f"({found['size']} - 1) * {found['stride']} + {found['kernel']}"
            yield scope.edit("formula", 1, value, scope.replace(value, size))


def edits_of_extents(scope: FunctionScope) -> Iterator[Edit]:
    """Yield 0 for what is below it, in each length `min(…) - max(…)` that nothing cuts off."""
    nodes = list(ast.walk(scope.function))
    called = {
        target.id: called_name(node.value)
        for node in nodes
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    found = [
        part
        for node in nodes
        for part in ast.iter_child_nodes(node)
        if isinstance(part, ast.BinOp) and isinstance(part.op, ast.Sub)
        if called.get(getattr(part.left, "id", ""), called_name(part.left)) in LEAST
        if called.get(getattr(part.right, "id", ""), called_name(part.right)) in LARGEST
        if getattr(node, "attr", called_name(node)) not in (*LARGEST, "clip")
    ]
    lines = tuple(sorted({part.lineno for part in found}))
    if 1 <= len(lines) <= MOST_EXTENTS:
        splices = [one for part in found for one in scope.wrap(part, "np.maximum(0, ", ")")]
        yield Edit("cut", 1, lines, tuple(splices))


def edits_of_variances(scope: FunctionScope, node: ast.AST) -> Iterator[Edit]:
    """Yield a variance divided by n - 1 for one divided by n."""
    if isinstance(node, ast.Call) and called_name(node) in ("var", "std"):
        if all(word.arg != "ddof" for word in node.keywords):
            end, comma = scope.own.span(node)[1] - 1, ", " if node.args or node.keywords else ""
            yield scope.edit("biased", 2, node, Splice(end, end, f"{comma}ddof=1"))
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        counts = [f"{name}.shape[0]" for name in scope.params[:1]]
        counts += [one for one in scope.names if one in scope.sizes - scope.loops][:MOST_ITEMS]
        for count in counts if VARIANCE.fullmatch(node.id) else ():
            made = f"({node.id} * {count} / ({count} - 1))"
            yield scope.edit("biased", 2, node, scope.replace(node, made))


def edits_of_meetings(scope: FunctionScope) -> Iterator[Edit]:
    """Yield what a loop adds up without the one that is the item itself: `if j != i`."""
    nodes = list(ast.walk(scope.function))
    parts = [node for node in nodes if isinstance(node, ast.Subscript)]
    inner = [n for part in parts for n in ast.walk(part.slice) if isinstance(n, ast.Subscript)]
    items = {scope.own.text(n): n.slice.id for n in inner if isinstance(n.slice, ast.Name)}
    others = {**items, **_items_with_names(nodes), **{name: name for name in sorted(scope.loops)}}
    others = {text: name for text, name in others.items() if name in scope.loops}
    for loop in nodes:
        if not isinstance(loop, ast.For) or not isinstance(loop.target, ast.Name):
            continue
        index = loop.target.id
        known = [text for text, name in others.items() if index not in (name, text)]
        for node in [one for one in loop.body if isinstance(one, ast.AugAssign)]:
            start = scope.own.span(node)[0]
            for other in [t for t in known if scope.is_known(others[t], node.lineno)][:MOST_ITEMS]:
                made = Splice(start, start, f"if {index} != {other}: ")
                yield scope.edit("itself", 1, node, made)
        first = loop.body[0]
        if _adds_under_condition(loop) and first.lineno > loop.lineno:
            start, indent = scope.own.span(first)[0], scope.own.before(first)
            for other in [t for t in known if scope.is_known(others[t], first.lineno)][:MOST_ITEMS]:
                made = Splice(start, start, f"if {index} == {other}: continue\n{indent}")
                yield scope.edit("itself", 1, loop, made)


def _items_with_names(nodes: Sequence[ast.AST]) -> dict[str, str]:
    """Return the names of what stands at a name in an array, `y = targets[n]`, with that one."""
    return {
        node.targets[0].id: node.value.slice.id
        for node in nodes
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
        if isinstance(node.value, ast.Subscript) and isinstance(node.value.slice, ast.Name)
    }


def _adds_under_condition(loop: ast.For) -> bool:
    """Tell whether a loop adds something up in an `if`, so that all of a turn may be left out."""
    inside = [part for one in loop.body if isinstance(one, ast.If) for part in one.body]
    return any(isinstance(one, ast.AugAssign) for one in inside)


def edits_of_ends(scope: FunctionScope, statement: ast.stmt) -> Iterator[Edit]:
    """Yield a condition that an index is not past the end: on a statement, or on what it reads."""
    is_simple = isinstance(statement, (ast.Assign, ast.AugAssign, ast.Expr))
    if not is_simple:
        return
    start, is_first = scope.own.span(statement)[0], not scope.own.before(statement).strip()
    for node in ast.walk(statement):
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
            items = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
            for axis, item in enumerate(items):
                if isinstance(item, ast.BinOp) and isinstance(item.op, ast.Add):
                    length = f"{node.value.id}.shape[{axis}]" if len(items) > 1 else ""
                    text = f"{scope.own.text(item)} < {length or f'len({node.value.id})'}"
                    if is_first:
                        made = Splice(start, start, f"if {text}: ")
                        yield scope.edit("past-end", 2, statement, made)
                    if isinstance(node.ctx, ast.Load):
                        read = f"({scope.own.text(node)} if {text} else 0)"
                        yield scope.edit("past-end", 2, node, scope.replace(node, read))


def edits_of_borders(scope: FunctionScope) -> Iterator[Edit]:
    """Yield the end of an index beside its start, and a least number that begins above all."""
    nodes = list(ast.walk(scope.function))
    least, indexed, below = set(), dict[str, set[str]](), []
    stored = Counter(
        n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
    )
    above = {
        getattr(node.left, "id", "")
        for node in nodes
        if isinstance(node, ast.Compare) and isinstance(node.ops[0], (ast.Gt, ast.GtE))
    }
    for node in nodes:
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
            indexed.setdefault(getattr(node.slice, "id", ""), set()).add(node.value.id)
        elif isinstance(node, ast.Compare) and isinstance(node.ops[0], (ast.Lt, ast.LtE)):
            right = node.comparators[0]
            least |= {right.id} if isinstance(right, ast.Name) else set()
            is_zero = isinstance(right, ast.Constant) and right.value == 0
            below += [node] if is_zero and len(node.ops) == 1 else []
    for node in below:
        index = getattr(node.left, "id", "")
        for name in sorted(indexed.get(index, ())) if index and index not in above else ():
            text = f"({scope.own.text(node)} or {index} >= len({name}))"
            yield scope.edit("ends", 1, node, scope.replace(node, text))
    for node in nodes:
        target = node.targets[0] if isinstance(node, ast.Assign) else None
        is_least = isinstance(target, ast.Name) and target.id in least and stored[target.id] > 1
        if isinstance(node, ast.Assign) and is_least:  # a bound that stays would have no end
            yield scope.edit("start", 1, node, scope.replace(node.value, 'float("inf")'))


def edits_of_sizes(scope: FunctionScope, statement: ast.stmt) -> Iterator[Edit]:
    """Yield what a statement may take from a size: all of its value, a root, a length."""
    value = getattr(statement, "value", None)
    if isinstance(statement, (ast.Assign, ast.Return)) and isinstance(value, ast.expr):
        if not scope.is_size(value):
            text = scope.own.text(value)
            for scaling in [one for one in scope.scalings if one[2:] not in text]:
                splices = scope.wrap(value, "((", f") {scaling})")
                yield scope.edit("factor-missing", 2, value, *splices)
        elif isinstance(statement, ast.Assign):
            for name in scope.unread:
                yield scope.edit("given", 1, value, scope.replace(value, name))
    for node in ast.walk(value) if isinstance(value, ast.expr) else ():
        if called_name(node) == "bincount" and isinstance(node, ast.Call):
            end = scope.own.span(node)[1] - 1
            for name in scope.params[-MOST_ITEMS:] if len(node.args) == 1 else ():
                for length in (name, f"{name} ** 2") if not node.keywords else ():
                    made = Splice(end, end, f", minlength={length}")
                    yield scope.edit("short", 1, node, made)


def edits_of_places(scope: FunctionScope, node: ast.AST) -> Iterator[Edit]:
    """Yield a transpose for a reshape, and the step that an index within a sum lacks."""
    if isinstance(node, ast.Call) and called_name(node) == "reshape":
        text = f"{scope.own.text(node.func).removesuffix('reshape')}swapaxes(-1, -2)"
        cost = 1 if all(isinstance(size, ast.Name) for size in node.args) else 2
        yield scope.edit("transpose", cost, node, scope.replace(node, text))
    elif isinstance(node, ast.Subscript):
        sums = [n for n in ast.walk(node.slice) if isinstance(getattr(n, "op", 0), ast.Add)]
        for name in [
            n for one in sums for n in ast.iter_child_nodes(one) if isinstance(n, ast.Name)
        ]:
            for step in scope.strides if name.id in scope.loops else ():
                yield scope.edit("stride", 1, name, scope.replace(name, f"({name.id} * {step})"))
