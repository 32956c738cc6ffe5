"""Edits that are made twice: for height and for width, in two statements or in two slices.

Whoever is wrong about the rows is so about the columns, since one was copied from the other.
"""

from __future__ import annotations

import ast
import re
from itertools import pairwise
from typing import TYPE_CHECKING

from grader.engine.naming.mending.arrays import edits_of_part
from grader.engine.naming.mending.expressions import edits_of_expression
from grader.engine.naming.mending.forgotten import edits_of_count
from grader.engine.naming.mending.own import Edit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.engine.naming.mending.scope import FunctionScope

NAMES = re.compile(r"(?<=id=')\w+(?=')")
TOO_SMALL = (ast.Name, ast.Constant)
MOST_NODES = 40  # of one of two twins
MOST_SLOPES = 2
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
