"""Tell which method of a class is likely at fault, by what the scripts that fail use of it."""

from __future__ import annotations

import ast
from collections import Counter
from math import sqrt
from typing import TYPE_CHECKING, Any

from grader.model import Status
from grader.model.scripts import REF

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from grader.engine.judge import Trial

OPERATORS: dict[type[ast.AST], str] = {
    ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "truediv", ast.Pow: "pow",
    ast.USub: "neg",
}  # fmt: skip


def suspicion(methods: Sequence[ast.FunctionDef], trials: Sequence[Trial]) -> dict[str, float]:
    """Return how likely each method is at fault, from 0 to 1; nothing where that is not known.

    Ochiai's coefficient, as for the lines of a program and its tests (Abreu, Zoeteweij and van
    Gemund, "On the Accuracy of Spectrum-based Fault Localization", 2007): what all failing scripts
    use, and few of those that pass, comes first. Which methods a script uses is read from its steps
    and from the text of the class; nothing is run for it.

    Parameters
    ----------
    methods
        Those of a class.
    trials
        All that are looked at, passing and failing.
    """
    calls = {method.name: _called(method) for method in methods}
    failed: Counter[str] = Counter()
    passed: Counter[str] = Counter()
    failing = 0
    for trial in trials:
        is_wrong = trial.verdict.status is not Status.PASSED
        failing += is_wrong
        mismatch = trial.verdict.mismatch
        steps = trial.arguments[: mismatch.step + 1] if mismatch else trial.arguments
        (failed if is_wrong else passed).update(_reached(_used_by(steps), calls))
    return {
        name: failed[name] / sqrt(failing * (failed[name] + passed[name]))
        for name in calls
        if failed[name] or passed[name]
    }


def _reached(first: Iterable[str], calls: Mapping[str, set[str]]) -> set[str]:
    """Return the methods that are called, and those that these call."""
    found: set[str] = set()
    waiting = [name for name in first if name in calls]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += [other for other in calls[name] if other in calls]
    return found


def _called(method: ast.FunctionDef) -> set[str]:
    """Return all names that a method may call on its own objects."""
    names = {node.attr for node in ast.walk(method) if isinstance(node, ast.Attribute)}
    words = (node.id for node in ast.walk(method) if isinstance(node, ast.Name))
    names |= {word.partition(".")[2] for word in words}
    for node in ast.walk(method):
        if isinstance(node, (ast.BinOp, ast.UnaryOp)):
            parts = [node.left, node.right] if isinstance(node, ast.BinOp) else [node.operand]
            name = OPERATORS.get(type(node.op))
            if name and any(isinstance(part, ast.Name) for part in parts):
                names |= {f"__{name}__", f"__r{name}__"}
    return names


def _used_by(steps: Sequence[tuple[Any, ...]]) -> set[str]:
    """Return the methods that the steps of a script call by themselves."""
    found: set[str] = set()
    for step in steps:
        verb, *rest = step[2:] if step[0] == "raises" else step
        if verb == "new":
            found.add("__init__")
        elif verb in ("call", "ask", "do", "get", "change"):
            found.add(rest[1])
        elif verb == "op":
            found |= _operator(rest[1], rest[2])
    return found


def _operator(name: str, given: Sequence[Any]) -> set[str]:
    """Return the methods that Python may call for an operator."""
    if name == "sum":
        return {"__add__", "__radd__"}
    if name == "neg":
        return {"__neg__"}
    if name not in OPERATORS.values():
        return {name}
    left = isinstance(given[0], dict) and REF in given[0]
    return {f"__{name}__"} if left else {f"__r{name}__"}
