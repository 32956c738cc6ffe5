"""What is known of the names in one function: which are sizes, which are like another one."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from grader.engine.naming.mending.own import Edit, Splice
from grader.engine.reading.expressions import called_name, is_attribute, is_shape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.engine.naming.mending.own import OwnFunctions

STRIDE = re.compile(r"(?i)stride.*|.*stride|step|s|st|s_?[hwxy12]|[hwxy]s|dil\w*")
TWINS = (("height", "width"), ("row", "col"), ("rows", "cols"), ("in", "out"))
BLOCKS = ("body", "orelse", "finalbody")
SIZE_CALLS = frozenset(["len", "int", "range", "max", "min", "abs", "ceil", "floor"])
MAX_NAMES, MOST_SCALINGS = 40, 2
COUNTED = re.compile(r"shape|size|\blen\(")
ELEMENTWISE = frozenset(f"np.{name}" for name in ("tanh", "exp", "log", "sqrt", "abs", "square"))


@dataclass
class FunctionScope:
    """One function, its statements, and its names.

    Attributes
    ----------
    params
        Its parameters, in order.
    names
        All names that it binds, parameters first.
    sizes
        Those that are whole numbers, as far as one can see.
    loops
        Those that a loop counts with.
    unread
        Parameters that are read nowhere.
    counted
        For a loop's index, how many there are of it, as Python.
    is_method
        Whether it is one of a class, whose attributes are names, too (`reading.expressions`).
    """

    own: OwnFunctions
    function: ast.FunctionDef
    params: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    sizes: set[str] = field(default_factory=set)
    loops: set[str] = field(default_factory=set)
    unread: list[str] = field(default_factory=list)
    counted: dict[str, str] = field(default_factory=dict)
    is_method: bool = False
    _first: dict[str, int] = field(default_factory=dict)
    _last: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        given = self.function.args
        every = [*given.posonlyargs, *given.args, *given.kwonlyargs]
        self.is_method = self.function in self.own.methods
        self.params = [one.arg for one in every]
        if self.is_method:
            self.params = self.params[1:]  # `self` is nothing that is taken for another name
        defaults = [None] * (len(given.posonlyargs) + len(given.args) - len(given.defaults))
        found = list(self.params)
        for one, default in zip(every, [*defaults, *given.defaults, *given.kw_defaults],
                                strict=True):  # fmt: skip
            if isinstance(default, ast.Constant) and type(default.value) is int:
                self.sizes.add(one.arg)
        for node in ast.walk(self.function):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                found.append(node.id)
                self._first[node.id] = min(self._first.get(node.id, node.lineno), node.lineno)
            self._look_at(node)
        if self.is_method:
            found += self._look_at_state()
        self._first |= dict.fromkeys([*self.params, *(one for one in found if "." in one)], 0)
        self.sizes -= {
            node.target.id
            for node in ast.walk(self.function)
            if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name)
            if not self.is_size(node.value)
        }
        read = {
            node.id
            for node in ast.walk(self.function)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
        }
        self.unread = [name for name in self.params if name not in read][:3]
        self.names = list(dict.fromkeys(found))[:MAX_NAMES]

    def _look_at_state(self) -> list[str]:
        """Return the attributes that the class's methods give a value to."""
        found: list[str] = []
        for method in self.own.class_of(self.function).body:
            if isinstance(method, ast.FunctionDef):
                pairs = zip(
                    reversed(method.args.args), reversed(method.args.defaults), strict=False
                )
                whole = {one.arg for one, default in pairs if _is_whole(default)}
                for node in ast.walk(method):
                    if isinstance(node, ast.Assign):
                        found += self._look_at_attributes(node, whole)
        return found

    def _look_at_attributes(self, node: ast.Assign, whole: set[str]) -> list[str]:
        """Return the attributes that a statement gives a value to; those in `whole` are sizes."""
        found: list[str] = []
        for target in node.targets:
            pairs = [(target, node.value)]
            if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                pairs = list(zip(target.elts, node.value.elts, strict=False))
            for one, value in pairs:
                if isinstance(one, ast.Name) and is_attribute(one):
                    found.append(one.id)
                    if _is_whole(value) or (isinstance(value, ast.Name) and value.id in whole):
                        self.sizes.add(one.id)
        return found

    def _look_at(self, node: ast.AST) -> None:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, (ast.Tuple, ast.List)):
                    self._unpack(target, node.value)
                elif isinstance(target, ast.Name) and self.is_size(node.value):
                    self.sizes.add(target.id)
        elif isinstance(node, ast.Slice):
            ends = (node.lower, node.upper)
            self.sizes |= {one.id for one in ends if isinstance(one, ast.Name)}
        elif isinstance(node, (ast.For, ast.comprehension)):
            self._look_at_loop(node)

    def _look_at_loop(self, node: ast.For | ast.comprehension) -> None:
        called = called_name(node.iter)
        if called in ("range", "reversed", "ndindex"):
            counted = {one.id for one in ast.walk(node.target) if isinstance(one, ast.Name)}
            self.loops |= counted
            self.sizes |= counted
            if isinstance(node, ast.For):
                last = node.end_lineno or 0
                self._last |= {n: max(last, self._last.get(n, 0)) for n in counted}
        elif called == "enumerate" and isinstance(node.target, ast.Tuple) and node.iter.args:  # type: ignore[attr-defined]
            first = node.target.elts[0]
            self.sizes |= {first.id} if isinstance(first, ast.Name) else set()
            self._count(first, f"len({self.own.text(node.iter.args[0])})")  # type: ignore[attr-defined]
        if called == "range":
            self._look_at_range(node.target, node.iter.args)  # type: ignore[attr-defined]

    def _look_at_range(self, target: ast.expr, args: list[ast.expr]) -> None:
        """Take what a range is given for sizes."""
        self.sizes |= {one.id for one in args if isinstance(one, ast.Name)}
        if len(args) == 1:
            self._count(target, self.own.text(args[0]))

    def _count(self, target: ast.expr, text: str) -> None:
        if isinstance(target, ast.Name):
            self.counted[target.id] = text

    def _unpack(self, target: ast.Tuple | ast.List, value: ast.expr) -> None:
        together = self.is_size(value) or is_shape(value)
        values = value.elts if isinstance(value, ast.Tuple) else [None] * len(target.elts)
        for one, item in zip(target.elts, values, strict=False):
            if isinstance(one, ast.Name) and (together or (item and self.is_size(item))):
                self.sizes.add(one.id)

    def is_size(self, node: ast.expr) -> bool:
        """Tell whether an expression is a whole number, as far as one can see."""
        waiting: list[ast.expr] = [node]
        while waiting:
            one = waiting.pop()
            if isinstance(one, ast.BinOp) and not isinstance(one.op, ast.MatMult):
                waiting += [one.left, one.right]
            elif isinstance(one, ast.UnaryOp):
                waiting.append(one.operand)
            elif not self._is_one_size(one):
                return False
        return True

    def _is_one_size(self, node: ast.expr) -> bool:
        if isinstance(node, ast.Subscript):
            return is_shape(node.value)
        if isinstance(node, ast.Constant):
            return type(node.value) is int
        if isinstance(node, ast.Name):
            return node.id in self.sizes
        return called_name(node) in SIZE_CALLS

    @property
    def arrays(self) -> list[str]:
        """The names that are no sizes."""
        return [name for name in self.names if name not in self.sizes]

    @cached_property
    def called(self) -> list[str]:
        """The functions of one argument that are called somewhere, as they are written."""
        found = [f"{name}" for name, node in self.own.functions.items()
                 if len(node.args.args) == 1 and name != self.function.name]  # fmt: skip
        for function in self.own.bodies:
            for node in ast.walk(function):
                if isinstance(node, ast.Call) and len(node.args) == 1 and not node.keywords:
                    text = self.own.text(node.func)
                    found += [text] if text in ELEMENTWISE else []
        return list(dict.fromkeys(found))

    @cached_property
    def scalings(self) -> list[str]:
        """What something is divided by or multiplied with in any of the functions: a size's root.

        What is scaled in one place is so in another, as a gradient where its sum was.
        """
        known = {*self.params, "np", "math", "len", "float"}
        found: dict[str, None] = {}
        for node in (one for function in self.own.bodies for one in ast.walk(function)):
            if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Div, ast.Mult)):
                text = self.own.text(node.right)
                names = {one.id for one in ast.walk(node.right) if isinstance(one, ast.Name)}
                if called_name(node.right) and names <= known and COUNTED.search(text):
                    found[f"{'/' if isinstance(node.op, ast.Div) else '*'} {text}"] = None
        return [*found][:MOST_SCALINGS]

    def items_at(self, index: str) -> list[str]:
        """Return the items of parameters at a loop's index, as the function reads them."""
        found = [
            self.own.text(node)
            for node in ast.walk(self.function)
            if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load)
            if isinstance(node.slice, ast.Name) and node.slice.id == index
            if isinstance(node.value, ast.Name) and node.value.id in self.params
        ]
        return list(dict.fromkeys(found))

    @property
    def strides(self) -> list[str]:
        """The names that look like the step of a window."""
        return [name for name in self.names if STRIDE.fullmatch(name) and name not in self.loops]

    def is_known(self, name: str, line: int) -> bool:
        """Tell whether a name is bound before a line, and a loop's still counts there."""
        ends = self._last.get(name, line) if name in self.loops else line
        return self._first.get(name, line + 1) <= line <= ends

    def alike(self, name: str, line: int) -> Iterator[tuple[str, int]]:
        """Yield the names that could have been meant in place of one, with what that costs."""
        for other in self.names:
            is_unread = other in self.unread
            same = (other in self.sizes) == (name in self.sizes) or is_unread
            if other != name and same and self.is_known(other, line):
                yield other, 1 if is_unread or are_twins(name, other) else 3

    # ------------------------------------------------------------------ making edits

    def edit(self, kind: str, cost: int, node: Any, *splices: Splice) -> Edit:
        """Return an edit at the line of a node."""
        return Edit(kind, cost, (node.lineno,), splices)

    def replace(self, node: ast.AST, text: str) -> Splice:
        """Return what puts a text in the place of a node."""
        return Splice(*self.own.span(node), text)

    def wrap(self, node: ast.AST, before: str, after: str) -> tuple[Splice, Splice]:
        """Return what puts a text on both sides of a node."""
        start, end = self.own.span(node)
        return Splice(start, start, before), Splice(end, end, after)

    def text(self, node: ast.AST) -> str:
        """Return a node as the student wrote it, in brackets where it needs them."""
        text = self.own.text(node)
        simple = (ast.Name, ast.Constant, ast.Call, ast.Attribute, ast.Subscript)
        return text if isinstance(node, simple) else f"({text})"


def are_twins(one: str, other: str) -> bool:
    """Tell whether two names are easily taken for each other.

    Examples
    --------
    >>> are_twins("OH", "OW"), are_twins("out_height", "out_width"), are_twins("x", "xp")
    (True, True, True)
    >>> are_twins("x", "grad")
    False
    """
    if len(one) == len(other):
        return sum(a != b for a, b in zip(one, other, strict=True)) == 1
    shorter, longer = sorted((one, other), key=len)
    if longer.startswith(shorter):  # x and xp, h0 and h
        return True
    return any(
        first in a and a.replace(first, second, 1) == b
        for first, second in TWINS
        for a, b in ((one, other), (other, one))
    )


def _is_whole(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and type(node.value) is int
