"""Think of the edits that could mend a function, the likeliest first."""

from __future__ import annotations

import ast
import re
from collections import Counter
from dataclasses import dataclass, field, replace
from functools import cache
from math import log
from typing import TYPE_CHECKING

from grader.engine.naming.mending.arrays import (
    edits_of_arguments,
    edits_of_part,
    edits_of_result,
    edits_of_value,
    values_of,
)
from grader.engine.naming.mending.expressions import edits_of_expression
from grader.engine.naming.mending.forgotten import forgotten_around, forgotten_edits
from grader.engine.naming.mending.objects import (
    edits_of_called,
    edits_of_class,
    edits_of_kept,
    edits_of_lists,
    edits_of_turns,
)
from grader.engine.naming.mending.repeated import (
    edits_of_logs,
    edits_over_function,
    edits_over_statement,
)
from grader.engine.naming.mending.scope import BLOCKS, FunctionScope
from grader.engine.naming.mending.statements import (
    edits_of_choices,
    edits_of_no_return,
    edits_of_shares,
    edits_of_statement,
)
from grader.engine.naming.mending.twins import (
    edits_of_borders,
    edits_of_ends,
    edits_of_extents,
    edits_of_meetings,
    edits_of_places,
    edits_of_sizes,
    edits_of_slopes,
    edits_of_twins,
    edits_of_variances,
)
from grader.engine.reading.slices import Slices

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from grader.engine.naming.mending.own import Edit, OwnFunctions

MOST_EDITS, MOST_OF_ONE = 12_000, 4_000  # of all functions, and of one
SUITING: dict[str, frozenset[str]] = {
    "shape": frozenset(["axis", "keepdims", "transpose", "sum", "items", "size"]),
    "dtype": frozenset(["dtype"]),
    "finite": frozenset(["maximum-row"]),
    "changed": frozenset(["copy", "in-place"]),
    "type": frozenset(["type"]),
}


@dataclass(frozen=True)
class Clues:
    """What is known of the failure before any edit is tried.

    Parameters
    ----------
    kinds
        In what the answers are wrong (`model.Mismatch.kind`).
    lines
        The lines of the file that led to an exception, innermost last.
    part
        The one of several results that is wrong; None where it is not always the same one.
    right
        Those that are right in every case.
    told
        The id of the known mistake that was named, whose words say what to try first.
    suspects
        How likely each method of a class is at fault, from 0 to 1.
    """

    kinds: frozenset[str] = frozenset(["values"])
    lines: tuple[int, ...] = field(default=())
    part: int | None = None
    right: tuple[int, ...] = ()
    told: str = ""
    suspects: Mapping[str, float] = field(default_factory=dict)


def find_edits(own: OwnFunctions, clues: Clues) -> list[Edit]:
    """Return the edits of a function and of those that it calls, the likeliest first.

    Parameters
    ----------
    own
        The functions.
    clues
        What is known of the failure.
    """
    found: dict[tuple[object, ...], tuple[float, Edit]] = {}
    for function in own.bodies:
        scope, most = FunctionScope(own, function), len(found) + MOST_OF_ONE
        part = clues.part if function in own.asked else None
        beside = max(clues.suspects.values(), default=0) - clues.suspects.get(function.name, 0)
        made = _made_at(function, clues.lines[-1]) if clues.lines else set()
        cleared = _cleared(function, clues.right) if function in own.asked else set()
        for edit in _edits_of(scope, set(clues.kinds), part):
            if cleared & {*edit.lines}:  # a right result comes from there, too
                edit = replace(edit, cost=edit.cost + 1)  # noqa: PLW2901 - the same one
            rank = edit.cost - _nearness(edit, clues, made) + beside * CLEAR
            if edit.splices not in found or found[edit.splices][0] > rank:
                found[edit.splices] = rank, edit
            if len(found) >= min(most, MOST_EDITS):
                break
    crowds = Counter((edit.kind, edit.cost) for _, edit in found.values())
    ranks = {
        splices: rank + CROWDED * log(crowds[edit.kind, edit.cost])
        for splices, (rank, edit) in found.items()
    }
    return [found[splices][1] for splices in sorted(ranks, key=ranks.__getitem__)][:MOST_EDITS]


TOLD = 0.8
CLEAR = 3.0  # a method that no failing script uses comes after all others
CROWDED = 0.25  # the more there are of one kind, the less likely is each of them
PRIORS = {  # which of those that cost the same come first
    "mean": 0.3, "count": 0.3, "length": 0.2, "operator": 0.3, "bracket": 0.2, "axis": 0.3,
    "factor-missing": 0.1, "both-sides": 0.1,
    "transpose": 0.2, "assigns": 0.4, "crop": 0.4, "begin": 0.3,
    "stride": 0.3, "bound": -0.2, "slice": -0.2, "name": 0.4, "size": 0.2, "items": 0.2,
    "term-missing": -0.1, "off-by-one": -0.5, "call-extra": -0.3, "statement-extra": -0.1,
    "too-early": -0.6,
}  # fmt: skip


SAYING: dict[str, str] = {  # what the words of a name say of the edits, the likelier ones
    "mean averaged divided sum summed halved count": "mean count factor-missing factor-extra call",
    "order exchanged swapped first read before": "items order name size",
    "no not forgotten missing dropped skipped without zero": "term-missing factor-missing "
    "call-missing",
    "axis over along all rows columns whole everything": "axis keepdims sum",
    "stride": "stride size", "transposed": "transpose", "floats dtype": "dtype",
    "sign turned subtracted added": "sign operator",
    "squared square root power": "power call call-missing call-extra",
    "sigmoid tanh softmax relu log2": "call call-missing call-extra",
    "last short end ends unwritten early late": "bound slice number",
    "padding frame": "slice begin crop both-sides ends-early",
    "absolute rooted": "call-extra call", "downwards column": "items order name size",
    "fixed ignored always default": "number ignored condition",
    "overlaps repeats stays": "assigns adds",
    "biased unbiased variance": "biased", "cut negative": "cut",
}  # fmt: skip


@cache
def suggested(told: str) -> set[str]:
    """Return the kinds of edits that the words of a name make likelier."""
    words = set(re.split(r"[-+:]", told))
    return {
        kind for said, kinds in SAYING.items() if words & {*said.split()} for kind in kinds.split()
    }


def _cleared(function: ast.FunctionDef, right: Sequence[int]) -> set[int]:
    """Return the lines from which a right result comes."""
    slices = Slices(function.name, {function.name: function})
    every = {flow.line for flow in slices.flows if flow.written}
    inside = (every - outside for part in right if (outside := slices.outside(part)))
    return {line for lines in inside for line in lines}


def _made_at(function: ast.FunctionDef, line: int) -> set[int]:
    """Return the lines before one at which the names that it reads were given their values."""
    nodes = list(ast.walk(function))
    read = {n.id for n in nodes if isinstance(n, ast.Name) and n.lineno == line}
    return {
        node.lineno
        for node in nodes
        if isinstance(node, ast.Assign) and node.lineno < line
        for target in node.targets
        if read & {n.id for n in ast.walk(target) if isinstance(n, ast.Name)}
    }


def _nearness(edit: Edit, clues: Clues, made: set[int]) -> float:
    """Return how much more likely an edit is for what is known."""
    near = PRIORS.get(edit.kind, 0.0)
    if edit.lines[0] in clues.lines:
        near += 1.5 if edit.lines[0] == clues.lines[-1] else 0.5
    elif edit.lines[0] in made:
        near += 1.0
    if any(edit.kind in SUITING.get(kind, ()) for kind in clues.kinds):
        near += 0.5
    return near + TOLD * (edit.kind in suggested(clues.told))


def _edits_of(scope: FunctionScope, kinds: set[str], part: int | None) -> Iterator[Edit]:
    name = scope.function.name
    passed_over = Slices(name, {name: scope.function}).outside(part)
    for block in _blocks(scope.function):
        for index, statement in enumerate(block):
            if statement.lineno not in passed_over and not _is_left_alone(statement):
                yield from edits_of_statement(scope, block, index)
                yield from edits_of_kept(scope, block, index)
                yield from edits_of_turns(scope, block, index)
                yield from _inside(scope, statement, kinds, part)
        yield from edits_of_twins(scope, [s for s in block if s.lineno not in passed_over], kinds)
    yield from edits_of_no_return(scope) if "type" in kinds else ()
    yield from edits_over_function(scope)
    yield from edits_of_slopes(scope)
    yield from edits_of_meetings(scope)
    yield from edits_of_borders(scope)
    yield from edits_of_extents(scope)
    yield from edits_of_logs(scope, kinds)
    yield from edits_of_class(scope) if scope.is_method else ()
    for default in scope.function.args.defaults:
        yield from edits_of_expression(scope, default)


def _is_left_alone(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
        return True
    return isinstance(statement, (ast.Raise, ast.Import, ast.ImportFrom))


def _inside(
    scope: FunctionScope, statement: ast.stmt, kinds: set[str], part: int | None
) -> Iterator[Edit]:
    """Yield the edits of what is in a statement, without the statements inside of it."""
    returned = isinstance(statement, ast.Return)
    yield from edits_of_arguments(scope, statement) if "changed" in kinds else ()
    if isinstance(statement, ast.Return):
        yield from edits_of_result(scope, statement, kinds)
    pairs = list(_own_nodes(statement, part))
    yield from edits_over_statement(scope, statement, [node for node, _ in pairs])
    for node, parent in pairs:
        yield from edits_of_expression(scope, node)
        yield from edits_of_choices(scope, node)
        yield from edits_of_shares(scope, node)
        yield from edits_of_called(scope, node)
        yield from edits_of_lists(scope, node)
        yield from edits_of_places(scope, node)
        yield from edits_of_variances(scope, node) if "values" in kinds else ()
        yield from edits_of_part(scope, node, parent, kinds)
    for value in values_of(statement, part):
        yield from edits_of_value(scope, value, kinds, returned=returned)
        is_name = isinstance(getattr(statement, "targets", [None])[0], ast.Name)
        if returned or not is_name or isinstance(value, ast.Name):
            yield from forgotten_around(scope, value, kinds)
    yield from forgotten_edits(scope, statement, pairs, kinds)
    yield from edits_of_sizes(scope, statement)
    yield from edits_of_ends(scope, statement)


def _blocks(function: ast.FunctionDef) -> Iterator[list[ast.stmt]]:
    for node in ast.walk(function):
        for name in BLOCKS:
            block = getattr(node, name, None)
            if isinstance(block, list) and block and isinstance(block[0], ast.stmt):
                yield block


def _own_nodes(statement: ast.stmt, part: int | None) -> Iterator[tuple[ast.AST, ast.AST]]:
    """Yield the nodes of a statement with their parents, without the statements inside of it."""
    waiting: list[ast.AST] = [statement]
    while waiting:
        node = waiting.pop(0)
        children = list(ast.iter_child_nodes(node))
        if isinstance(node, ast.AnnAssign):
            children.remove(node.annotation)
        is_result = isinstance(statement, ast.Return) and node is statement.value
        if is_result and part is not None and isinstance(node, ast.Tuple):
            children = list(node.elts[part : part + 1])
        for child in children:
            if not isinstance(child, (ast.stmt, ast.JoinedStr, ast.excepthandler)):
                yield child, node
                waiting.append(child)
