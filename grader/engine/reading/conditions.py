"""Find what decides what is answered: a `raise`'s condition, a default, a None, a branch."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from grader.engine.source import find_return

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    Refusals = Mapping[int, tuple[ast.Raise, int]]


def find_refusals(nodes: Iterable[ast.AST]) -> Refusals:
    """Return each `raise` under an `if` by its line, with the line of that condition.

    Where it asks whether the object keeps something yet, that is right, and an earlier call is at
    fault: such a one is left out.

    Parameters
    ----------
    nodes
        Functions.
    """
    return {
        part.lineno: (part, one.lineno)
        for node in nodes
        for one in ast.walk(node)
        if isinstance(one, ast.If) and not unset_attribute(one.test)
        for part in (*one.body, *one.orelse)
        if isinstance(part, ast.Raise)
    }


def unset_attribute(test: ast.expr) -> str:
    """Return of which attribute of `self` a condition asks whether it has a value yet, if of one.

    Examples
    --------
    >>> unset_attribute(ast.parse("self.x is None", mode="eval").body)
    'x'
    >>> unset_attribute(ast.parse("self.x < 0", mode="eval").body)
    ''
    """
    asked: ast.expr | None = None
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        asked = test.operand
    elif isinstance(test, ast.Compare) and isinstance(test.ops[0], (ast.Is, ast.Eq)):
        last = test.comparators[-1]
        asked = test.left if isinstance(last, ast.Constant) and last.value is None else None
    if not isinstance(asked, (ast.Attribute, ast.Name)):  # of which the second may be `self.x`, too
        return ""
    owner, _, name = ast.unparse(asked).partition(".")
    return name if owner == "self" else ""


def is_raised_by(statement: ast.Raise, kind: str) -> bool:
    """Tell whether a statement raises an exception of that name, and did not go wrong itself.

    Examples
    --------
    >>> node = ast.parse("raise ValueError('too small')").body[0]
    >>> is_raised_by(node, "ValueError"), is_raised_by(node, "TypeError")
    (True, False)
    """
    made = statement.exc.func if isinstance(statement.exc, ast.Call) else statement.exc
    return isinstance(made, ast.Name) and made.id == kind


def other_defaults(function: ast.FunctionDef, asked: Mapping[str, Any]) -> dict[str, int]:
    """Return the parameters whose default is another one than is asked for, with its line.

    Parameters
    ----------
    function
        As it is written; a default that is worked out is left aside.
    asked
        The right defaults, by name.

    Examples
    --------
    >>> other_defaults(ast.parse("def f(x, p=0.9, q=1): pass").body[0], {"p": 0.99, "q": 1})
    {'p': 1}
    """
    given = function.args
    names = [one.arg for one in (*given.posonlyargs, *given.args)]
    pairs = zip(reversed(names), reversed(given.defaults), strict=False)
    return {
        name: default.lineno
        for name, default in pairs
        if name in asked and isinstance(default, ast.Constant) and default.value != asked[name]
    }


def find_nones(function: ast.FunctionDef, names: Iterable[str]) -> set[int]:
    r"""Return the lines in which some names are made None.

    Examples
    --------
    >>> sorted(find_nones(ast.parse("def f():\n  a = None\n  b = 1").body[0], ["a", "b"]))
    [2]
    """
    wanted = {*names}
    return {
        node.lineno
        for node in ast.walk(function)
        if isinstance(node, ast.Assign)
        if isinstance(node.value, ast.Constant) and node.value.value is None
        if {one.id for one in node.targets if isinstance(one, ast.Name)} & wanted
    }


def find_given(function: ast.FunctionDef) -> int:
    r"""Return the line that made what a function returns: a name's last assignment, if of a call.

    Of anything else it is the `return`.

    Examples
    --------
    >>> text = "def f(x):\n  x = x.sort()\n  return x"
    >>> find_given(ast.parse(text).body[0])
    2
    """
    parts = list(ast.walk(function))
    named = {one.value.id for one in parts if isinstance(one, ast.Return)
             and isinstance(one.value, ast.Name)}  # fmt: skip
    made = {
        one.lineno: isinstance(one.value, ast.Call)
        for one in parts
        if isinstance(one, ast.Assign)
        if named & {target.id for target in one.targets if isinstance(target, ast.Name)}
    }
    last = max(made, default=0)
    return last if made.get(last) else find_return(function)


def find_unbound(function: ast.FunctionDef, name: str, line: int) -> set[int]:
    r"""Return the lines of the branches before a line that give a name no value, where others do.

    Of an `if` without an `else` that is its own line. In a loop, and of a sum that begins with
    nothing, it is not a branch that is at fault, but what is missing before.

    Examples
    --------
    >>> text = "def f(x):\n  if x:\n    a = 1\n  else:\n    b = 2\n  return a"
    >>> find_unbound(ast.parse(text).body[0], "a", 6)
    {5}
    """
    found: set[int] = set()
    parts = list(ast.walk(function))
    loops = [one for one in parts if isinstance(one, (ast.For, ast.While))]
    repeated = {id(part) for one in loops for part in ast.walk(one)}
    added = [one.target for one in parts if isinstance(one, ast.AugAssign)]
    if any(isinstance(one, ast.Name) and one.id == name for one in added):
        return found
    for node in parts:
        if id(node) in repeated or not isinstance(node, ast.If):
            continue
        if (node.end_lineno or 0) < line:
            sides = [_binds(block, name) for block in (node.body, node.orelse)]
            if any(sides) and not all(sides):
                block = node.orelse if sides[0] else node.body
                found |= {one.lineno for one in block} or {node.lineno}
    return found


def _binds(block: Iterable[ast.stmt], name: str) -> bool:
    return any(
        isinstance(part, ast.Name) and part.id == name and isinstance(part.ctx, ast.Store)
        for one in block
        for part in ast.walk(one)
    )
