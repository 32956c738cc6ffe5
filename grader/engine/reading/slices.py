"""Tell which statements every wrong result comes from, and no right one.

What a result comes from is its slice: the statements that write a name which it reads, and so on
back. A statement from which a right result comes, too, is out of suspicion (a dice, Lyle & Weiser
1987). Nothing is run here. What comes later is no source, nor what is in the other branch of an
`if`, unless a loop goes round; but what is written over is one still, so that a slice is rather too
large than too small.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from grader.engine.reading.expressions import is_plain, is_plain_iteration

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

MAX_FLOWS = 400
LIBRARY = frozenset(["np", "numpy"])
COMPOUND = (ast.For, ast.While, ast.If, ast.With, ast.Try)
LOOPS = (ast.For, ast.While)
LEAPS = (ast.Break, ast.Continue)


@dataclass(eq=False)
class Flow:
    """What one statement reads and writes; of `a, b = x, y` and of `return x, y` one item alone.

    Parameters
    ----------
    line
        Where it is.
    written, read
        Names.
    above
        The headers of the statements that it is in.
    plain
        Whether there is nothing in it that could be wrong: sizes, an empty array, a name.
    at
        The blocks that it is in: of each the statement and the number, outermost first.
    """

    line: int
    written: set[str]
    read: set[str]
    above: tuple[Flow, ...] = ()
    plain: bool = False
    leaps: list[Flow] = field(default_factory=list)
    at: tuple[tuple[ast.AST, int], ...] = ()

    def reaches(self, other: Flow) -> bool:
        """Tell whether what this writes may be what the other reads."""
        for (node, block), (beside, another) in zip(self.at, other.at, strict=False):
            if node is not beside:
                break
            if isinstance(node, (*LOOPS, ast.FunctionDef)):
                return True
            if isinstance(node, ast.If) and block != another:
                return False
        inner = any(isinstance(node, ast.FunctionDef) for node, _ in (*self.at, *other.at))
        return inner or self.line <= other.line


class Slices:
    """The slices of a function's results.

    Parameters
    ----------
    name
        The function.
    functions
        It and those that it calls.
    passed_over
        The lines of those `return`s through which nothing wrong comes.
    """

    def __init__(
        self, name: str, functions: Mapping[str, ast.FunctionDef], passed_over: Collection[int] = ()
    ) -> None:
        self._name, self._functions = name, functions
        self._returns: list[ast.Return] = []
        self._given = frozenset(one.arg for one in functions[name].args.args)
        self._results: dict[int, tuple[Flow, ...]] = {}
        self.flows = list(self._flows_of(functions[name].body, ()))
        self._returns = [one for one in self._returns if one.lineno not in passed_over]

    @property
    def statements(self) -> int:
        """How many lines there are in which something could be wrong."""
        own = {flow.line for flow in self.flows if not flow.plain}
        return len(own | self._inside(name for flow in self.flows for name in flow.read))

    def outside(self, part: int | None) -> set[int]:
        """Return the lines that write something, from which nothing comes to one of the results."""
        several = [len(self._results[id(node)]) for node in self._returns]
        if part is None or len(self.flows) > MAX_FLOWS or min(several, default=0) <= part:
            return set()
        inside = {flow.line for flow in self._slice(part)}
        return {flow.line for flow in self.flows if flow.written} - inside

    def suspects(
        self, wrong: Sequence[int | None], right: Sequence[int], *, shape: bool = False
    ) -> list[set[int]]:
        """Return for each wrong result the lines that it comes from, and no right one.

        Parameters
        ----------
        wrong
            Which of several results are wrong; None stands for all there is.
        right
            Which of them are right.
        shape
            Whether a result has another shape or type, so that to return a name may be wrong.
        """
        if len(self.flows) > MAX_FLOWS or not self._returns:
            return []
        cleared = self._cleared(right)
        cleared_names = {name for flow in cleared for name in flow.read}
        found = []
        for part in wrong:
            flows = [flow for flow in self._slice(part) if flow not in cleared]
            returned = {flow for flows in self._results.values() for flow in flows}
            lines = {f.line for f in flows if not f.plain or (shape and f in returned)}
            called = {name for flow in flows for name in flow.read} - cleared_names
            lines |= self._inside(called)
            once = [flow for flow in flows[:1] if self._is_written_once(flow.read)]
            found.append(lines or {flow.line for flow in once})
        return found

    def shared(self, wrong: Sequence[int | None], right: Sequence[int]) -> set[int]:
        """Return the lines that give a value from which all wrong results come, and no right one.

        A name that only stands for another is one, too: it may be the wrong one.
        """
        if len(self.flows) > MAX_FLOWS or not self._returns:
            return set()
        common = set.intersection(*({*self._slice(p)} for p in wrong)) - self._cleared(right)
        return {flow.line for flow in common if flow.written}

    def _cleared(self, right: Sequence[int]) -> set[Flow]:
        """Return what the right results come from."""
        return {flow for part in right for flow in self._slice(part)}

    def _is_written_once(self, names: set[str]) -> bool:
        """Tell whether names stand for one thing all over the function, and no empty array."""
        given = [flow for flow in self.flows if flow.written & names]
        named = [name for flow in given for name in flow.written & names]
        return len(named) == len({*named}) and not (given and all(flow.plain for flow in given))

    def _inside(self, names: Iterable[str]) -> set[int]:
        """Return the lines in which something could be wrong of the functions among some names."""
        waiting, lines = sorted({*names} & {*self._functions}), set()
        reached = {self._name, *waiting}
        for name in waiting:
            flows = [] if name == self._name else Slices(name, {name: self._functions[name]}).flows
            lines |= {flow.line for flow in flows if not flow.plain}
            called = {one for flow in flows for one in flow.read} & {*self._functions} - reached
            waiting += sorted(called)
            reached |= called
        return lines

    def _slice(self, part: int | None) -> list[Flow]:
        """Return what a result comes from, its `return` first."""
        found: dict[Flow, None] = {}
        waiting: list[Flow] = []
        for node in self._returns:
            flows = self._results[id(node)]
            several = part is not None and part < len(flows) and len(flows) > 1
            waiting += flows[part : part + 1] if several and part is not None else flows
        while waiting:
            flow = waiting.pop(0)
            if flow in found:
                continue
            found[flow] = None
            waiting += [*flow.above, *flow.leaps]
            sources = [one for one in self.flows if one.written & flow.read and one not in found]
            waiting += [one for one in sources if one.reaches(flow)]
        return list(found)

    # ------------------------------------------------------------------ reading a function

    def _flows_of(self, block: Iterable[ast.stmt], above: tuple[Flow, ...]) -> Iterator[Flow]:
        for node in block:
            if isinstance(node, COMPOUND):
                header = _header(node, above, self._given)
                header.at = ((node, -1),) if isinstance(node, LOOPS) else ()
                yield header
                for number, inner in enumerate(_blocks_in(node)):
                    for flow in self._flows_of(inner, (*above, header)):
                        flow.at = ((node, number), *flow.at)
                        yield flow
            elif isinstance(node, LEAPS):
                leap = Flow(node.lineno, set(), set(), above)
                for header in above:
                    header.leaps.append(leap)
                yield leap
            elif isinstance(node, ast.Return):
                flows = tuple(_result_flows(node, above))
                self._returns.append(node)
                self._results[id(node)] = flows
                yield from flows
            elif isinstance(node, ast.FunctionDef):
                inside = Flow(node.lineno, {node.name}, _names(node), above, plain=True)
                below, names = (*above, inside), {node.name}
                rest = (Flow(one.lineno, names, _names(one), below) for one in node.body)
                for flow in (inside, *rest):
                    flow.at = ((node, 0),)
                    yield flow
            else:
                yield from _simple_flows(node, above)


def _header(node: ast.stmt, above: tuple[Flow, ...], given: frozenset[str]) -> Flow:
    """Return what the first line of a compound statement reads and writes."""
    if isinstance(node, ast.For):
        is_plain = is_plain_iteration(node.iter, given)
        return Flow(node.lineno, _names(node.target), _names(node.iter), above, is_plain)
    if isinstance(node, (ast.While, ast.If)):
        refuses = isinstance(node, ast.If) and all(isinstance(n, ast.Raise) for n in node.body)
        return Flow(node.lineno, set(), _names(node.test), above, refuses)
    return Flow(node.lineno, set(), set(), above, plain=True)


def _blocks_in(node: ast.stmt) -> Iterator[list[ast.stmt]]:
    for name in ("body", "orelse", "finalbody"):
        yield getattr(node, name, [])
    for handler in getattr(node, "handlers", []):
        yield handler.body


def _result_flows(node: ast.Return, above: tuple[Flow, ...]) -> Iterator[Flow]:
    if node.value is None:
        return
    several = isinstance(node.value, ast.Tuple)
    for value in node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]:
        inner = value.elts if isinstance(value, (ast.Tuple, ast.List)) else [value]
        plain = all(isinstance(one, (ast.Name, ast.Constant)) for one in inner)
        yield Flow(value.lineno if several else node.lineno, set(), _names(value), above, plain)


def _simple_flows(node: ast.stmt, above: tuple[Flow, ...]) -> Iterator[Flow]:
    if isinstance(node, ast.Assign):
        target = node.targets[0]
        if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
            for one, value in zip(target.elts, node.value.elts, strict=False):
                read = _names(value) | _inner_names(one)
                yield Flow(node.lineno, _written(one), read, above, _is_bound(one, value))
            return
        written = {name for one in node.targets for name in _written(one)}
        read = _names(node.value) | {name for one in node.targets for name in _inner_names(one)}
        yield Flow(node.lineno, written, read, above, _is_bound(target, node.value))
    elif isinstance(node, ast.AugAssign):
        yield Flow(node.lineno, _written(node.target), _names(node), above)
    elif isinstance(node, ast.AnnAssign) and node.value is not None:
        given = _written(node.target), _names(node.value)
        yield Flow(node.lineno, *given, above, is_plain(node.value))
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        yield Flow(node.lineno, _changed(node.value), _names(node.value), above)


def _is_bound(target: ast.expr, value: ast.expr) -> bool:
    """Tell whether a name is given something plain: no other name, and no part of an array."""
    kinds = ast.Subscript if not isinstance(value, ast.Name) else (ast.Subscript, ast.Name)
    return is_plain(value) and not isinstance(target, kinds)


def _changed(node: ast.Call) -> set[str]:
    """Return what a call that is a statement is there for: its object, or an argument."""
    func = node.func
    if isinstance(func, ast.Attribute):
        owner = _written(func.value)
        return owner if not owner & LIBRARY or not node.args else _written(node.args[0])
    return {name for one in node.args for name in _names(one)}


def _names(node: ast.AST) -> set[str]:
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}


def _written(target: ast.expr) -> set[str]:
    waiting, found = [target], set()
    while waiting:
        one = waiting.pop()
        if isinstance(one, (ast.Tuple, ast.List)):
            waiting += one.elts
        elif isinstance(one, (ast.Subscript, ast.Attribute, ast.Starred)):
            waiting.append(one.value)
        elif isinstance(one, ast.Name):
            found.add(one.id)
    return found


def _inner_names(target: ast.expr) -> set[str]:
    """Return the names that stand in a target's indices, and what is changed in part only."""
    if isinstance(target, (ast.Tuple, ast.List)):
        return {name for one in target.elts for name in _inner_names(one)}
    return set() if isinstance(target, ast.Name) else _names(target)
