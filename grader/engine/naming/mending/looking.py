"""Tell the line that everything wrong comes from, where no edit is known that mends it.

A line is told where hardly another one can be at fault: what a wrong result comes from, and no
right one; a branch that every failing case goes through, and no passing one; or the condition of a
`raise` that refuses what has to be answered.
"""

from __future__ import annotations

import ast
from collections import Counter
from math import sqrt
from typing import TYPE_CHECKING, Any

from grader.engine.compare import same_answers
from grader.engine.naming.mending.own import Edit, Splice
from grader.engine.reading.slices import Slices
from grader.model import Raised, Status
from grader.model.scripts import REF

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from grader.engine.judge import Trial
    from grader.engine.naming.mending.own import OwnFunctions
    from grader.engine.naming.mending.trying import Tries

LOOK = "look"
FAR_FETCHED = 9  # what it costs: nothing is mended
MOST_LINES = 2
MAX_COMPARED = 40  # failing cases of which each result is looked at
MAX_BRANCHES = 8
MAX_ASKED = 6  # failing cases, and passing ones, that are sent through a branch
OPERATORS: dict[type[ast.AST], str] = {
    ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "truediv", ast.Pow: "pow",
    ast.USub: "neg",
}  # fmt: skip
ONE_VALUE = (ast.Is, ast.Eq, ast.In)
HERE = "GeneratorExit"  # no code of a student's raises or catches it


def find_suspects(
    own: OwnFunctions, targets: Sequence[Trial], tries: Tries, *, is_named: bool
) -> Edit | None:
    """Return the line that everything wrong comes from, as an edit that changes nothing; or None.

    Parameters
    ----------
    own
        The student's functions.
    targets
        The trials that must come out right.
    tries
        Asks the worker which cases go through a branch.
    is_named
        Whether one known mistake explains all that is wrong, so that it is in one place.
    """
    failing = [trial for trial in targets if trial.verdict.status is not Status.PASSED]
    lines = _by_refusals(own, failing)
    if not lines:
        if own.is_class:
            return None  # a result comes from what earlier calls left behind, too
        if any(_raises(t) or t.banked.bad for t in failing[:MAX_COMPARED]):
            return None
        lines = _by_results(own, failing, is_named=is_named) or _by_branches(own, targets, tries)
    return Edit(LOOK, FAR_FETCHED, tuple(sorted(lines)), ()) if lines else None


def _raises(trial: Trial) -> bool:
    return isinstance(trial.answer.steps[-1], Raised) or trial.verdict.status is Status.ERROR


# ----------------------------------------------------------------------------- by what it refuses


def _by_refusals(own: OwnFunctions, failing: Sequence[Trial]) -> set[int]:
    """Return the conditions under which a `raise` of the function's own refuses all that fails."""
    conditions = {
        part.lineno: (part, one.lineno)
        for body in own.bodies
        for one in ast.walk(body)
        if isinstance(one, ast.If)
        for part in (*one.body, *one.orelse)
        if isinstance(part, ast.Raise)
    }
    found: set[int] = set()
    for trial in failing:
        last = trial.answer.steps[-1]
        if not isinstance(last, Raised) or trial.banked.bad or not trial.trace:
            return set()
        at = trial.trace[-1]
        file, line = trial.sources.made_line(at) or (at.file, at.line)
        refusal, condition = conditions.get(line, (None, 0))
        if (
            refusal is None
            or file != f"{trial.exercise.module}.py"
            or not _raised_by(refusal, last)
        ):
            return set()
        found.add(condition)
    return found if len(found) <= MOST_LINES else set()


def _raised_by(statement: ast.Raise | None, raised: Raised) -> bool:
    """Tell whether a statement raised what it says, and did not go wrong itself."""
    made = statement.exc if statement else None
    made = made.func if isinstance(made, ast.Call) else made
    return isinstance(made, ast.Name) and made.id == raised.type


# ----------------------------------------------------------------------------- by what it reads


def _by_results(own: OwnFunctions, failing: Sequence[Trial], *, is_named: bool) -> set[int]:
    slices = Slices(own.name, own.functions)
    wrong, right = wrong_results(failing)
    shape = any(
        t.verdict.mismatch and t.verdict.mismatch.kind in ("shape", "type") for t in failing
    )
    found = slices.suspects(wrong, right, shape=shape)
    if not found:
        return set()
    found = [lines for lines in found if lines] or [set()]
    certain = {line for lines in found if len(lines) == 1 for line in lines}
    if 1 <= len(certain) <= MOST_LINES:
        return certain
    narrow = max(1, slices.statements // 2)
    common = set.intersection(*found)
    if is_named and 1 <= len(common) <= min(MOST_LINES, narrow):
        return common
    least = min(found, key=len)
    return least if 1 <= len(least) <= min(MOST_LINES, narrow) else set()


def wrong_results(failing: Sequence[Trial]) -> tuple[list[int | None], list[int]]:
    """Return which of several results are wrong in some case, and which are right in all.

    Of one result, and where it is unclear what stands for what, that is None and nothing.
    """
    first = failing[0]
    count, tolerance = len(first.exercise.stub.returns), first.exercise.check.tolerance
    some = failing[:: len(failing) // MAX_COMPARED + 1]
    if count < 2 or not first.reading.affords(some, count):
        return [None], []
    is_right = [True] * count
    for trial in some:
        for expected, got in zip(trial.expected, trial.answer.steps, strict=False):
            if not _has(got, count) or not _has(expected, count):
                return [None], []
            now = [same_answers(expected[p : p + 1], got[p : p + 1], tolerance)
                   for p in range(count)]  # fmt: skip
            is_right = [one and other for one, other in zip(is_right, now, strict=True)]
            if not all(now):
                break  # what is wrong is handed on to the next call
    wrong: list[int | None] = [part for part in range(count) if not is_right[part]]
    return (wrong, [p for p in range(count) if is_right[p]]) if wrong else ([None], [])


def _has(result: object, count: int) -> bool:
    return isinstance(result, (list, tuple)) and len(result) == count


# ----------------------------------------------------------------------------- by its branches


def _by_branches(own: OwnFunctions, targets: Sequence[Trial], tries: Tries) -> set[int]:
    """Return the lines of a branch that every failing case goes through, and no passing one."""
    few: list[list[Trial]] = []
    for is_failing in (True, False):
        some = [t for t in targets if (t.verdict.status is not Status.PASSED) == is_failing]
        few.append(some[:: len(some) // MAX_ASKED + 1])
    failing, passing = few
    if not passing:
        return set()
    cases = [trial.banked for trial in (*failing, *passing)]
    found: set[int] = set()
    for number, (condition, block) in enumerate(_branches(own.functions[own.name])):
        if number == MAX_BRANCHES:
            return set()
        at = own.span(block[0])[0]
        stopped = Edit(LOOK, FAR_FETCHED, (block[0].lineno,), (Splice(at, at, f"raise {HERE}; "),))
        text = own.edited(stopped) or ""
        trials = tries.texts([text] * len(cases), cases)
        through = [trial is not None and _is_stopped(trial) for trial in trials]
        if all(through[: len(failing)]) and sum(through[len(failing) :]) <= len(passing) // 2:
            found |= {one.lineno for one in block if not isinstance(one, ast.Pass)} or {condition}
    return found if len(found) <= MOST_LINES else set()


def _branches(function: ast.FunctionDef) -> Iterator[tuple[int, list[ast.stmt]]]:
    """Yield the blocks under a condition that asks for one value, with the condition's line."""
    for node in ast.walk(function):
        if isinstance(node, ast.If) and _asks_for_one(node.test):
            for block in (node.body, node.orelse):
                simple = not any(hasattr(one, "body") for one in block)
                if block and simple and not isinstance(block[0], ast.Raise):
                    yield node.lineno, block


def _asks_for_one(test: ast.expr) -> bool:
    """Tell whether a condition is about a special case, as `stride is None`.

    What is asked of computed numbers leads to where all of the work is done, as `norm > limit`.
    """
    if not isinstance(test, ast.Compare) or not isinstance(test.ops[0], ONE_VALUE):
        return False
    return isinstance(test.comparators[0], (ast.Constant, ast.Tuple))


def _is_stopped(trial: Trial) -> bool:
    step = trial.answer.steps[-1]
    return isinstance(step, Raised) and step.type == HERE


# ----------------------------------------------------------------------------- by what scripts use


def suspicion(own: OwnFunctions, trials: Sequence[Trial]) -> dict[str, float]:
    """Return how likely each method is at fault, from 0 to 1; nothing where that is not known.

    Ochiai's coefficient, as for the lines of a program and its tests (Abreu, Zoeteweij and van
    Gemund, "On the Accuracy of Spectrum-based Fault Localization", 2007): what all failing scripts
    use, and few of those that pass, comes first. Which methods a script uses is read from its steps
    and from the text of the class; nothing is run for it.

    Parameters
    ----------
    own
        A class.
    trials
        All that are looked at, passing and failing.
    """
    calls = {method.name: _called(method) for method in own.methods}
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
