"""Tell the line that everything wrong comes from, where no edit is known that mends it.

A line is told where hardly another one can be at fault: what a wrong result comes from, and no
right one; a branch that every failing case goes through, and no passing one; or the condition of a
`raise` that refuses what has to be answered.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Any

from grader.engine.compare import same_answers
from grader.engine.naming.mending.own import Edit, Splice
from grader.engine.reading.conditions import (
    find_nones,
    find_refusals,
    find_unbound,
    is_raised_by,
    other_defaults,
)
from grader.engine.reading.slices import Slices
from grader.model import Raised, Status

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.engine.judge import Trial
    from grader.engine.naming.mending.own import OwnFunctions
    from grader.engine.naming.mending.trying import Tries

LOOK = "look"
FAR_FETCHED = 9  # what it costs: nothing is mended
MOST_LINES = 2
MAX_COMPARED = 40  # failing cases of which each result is looked at
MAX_BRANCHES = 8
MAX_ASKED = 6  # failing cases, and passing ones, that are sent through a branch
ONE_VALUE = (ast.Is, ast.Eq, ast.In)
UNBOUND, MAX_MESSAGE = re.compile(r"variable '(\w{1,80})'"), 300
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
    lines = _by_refusals(own, failing) or _by_what_is_unbound(own, failing)
    if not lines:
        if own.is_class:
            return None  # a result comes from what earlier calls left behind, too
        if any(_raises(t) or t.banked.bad for t in failing[:MAX_COMPARED]):
            return None
        lines = _by_what_is_given(own, failing)
        lines = lines or _by_results(own, failing, tries, is_named=is_named)
        branch = _by_branches(own, targets, tries) if len(lines) != 1 else set()
        lines = branch if branch and branch <= (lines or branch) else lines
    return Edit(LOOK, FAR_FETCHED, tuple(sorted(lines)), ()) if lines else None


def _raises(trial: Trial) -> bool:
    return isinstance(trial.answer.steps[-1], Raised) or trial.verdict.status is Status.ERROR


def is_unbound(trial: Trial) -> bool:
    """Tell whether a function reads a name of its own that has no value."""
    last = trial.answer.steps[-1]
    return isinstance(last, Raised) and last.type == "UnboundLocalError"


# ----------------------------------------------------------------------------- by what it refuses


def _by_refusals(own: OwnFunctions, failing: Sequence[Trial]) -> set[int]:
    """Return the conditions under which a `raise` of the function's own refuses all that fails."""
    refusals = find_refusals(own.bodies)
    found: set[int] = set()
    for trial in failing:
        last = trial.answer.steps[-1]
        if not isinstance(last, Raised) or trial.banked.bad or not trial.trace:
            return set()
        at = trial.trace[-1]
        file, line = trial.sources.made_line(at) or (at.file, at.line)
        if line not in refusals or file != f"{trial.exercise.module}.py":
            return set()
        statement, condition = refusals[line]
        if not is_raised_by(statement, last.type):
            return set()
        found.add(condition)
    return found if len(found) <= MOST_LINES else set()


def _by_what_is_unbound(own: OwnFunctions, failing: Sequence[Trial]) -> set[int]:
    """Return the branch that gives a name no value which is read behind it, in all that fails."""
    places: set[tuple[str, int]] = set()
    for trial in failing:
        last = trial.answer.steps[-1]
        unbound = is_unbound(trial) and UNBOUND.search(last.message[:MAX_MESSAGE])
        if not unbound or not trial.trace:
            return set()
        at = trial.trace[-1]
        file, line = trial.sources.made_line(at) or (at.file, at.line)
        if file != f"{trial.exercise.module}.py" or len(places) > MOST_LINES:
            return set()
        places.add((unbound[1], line))
    found = {
        one
        for name, line in places
        for body in own.bodies
        if body.lineno <= line <= (body.end_lineno or 0)
        for one in find_unbound(body, name, line)
    }
    return found if len(found) <= MOST_LINES else set()


def _by_what_is_given(own: OwnFunctions, failing: Sequence[Trial]) -> set[int]:
    """Return the line of a default that is not the one asked for, where all that fails needs it.

    And where None was returned, the lines that make it so.
    """
    function, parameters = own.functions[own.name], failing[0].exercise.stub.parameters
    asked = {one.name: one.value for one in parameters if one.default is not None}
    places = {one.name: place for place, one in enumerate(parameters)}
    others = other_defaults(function, asked)
    for name, line in others.items():
        if all(len(step) <= places[name] for trial in failing for step in trial.arguments[:1]):
            return {line}
    results = [_wrong_result(trial) for trial in failing]
    if any(result is not None for result in results):
        return set()
    returned = [node.value for node in ast.walk(function) if isinstance(node, ast.Return)]
    names = {n.id for one in returned if one for n in ast.walk(one) if isinstance(n, ast.Name)}
    found = find_nones(function, names)
    return found if len(found) <= MOST_LINES else set()


def _wrong_result(trial: Trial) -> object:
    """Return what stands where the first difference is."""
    mismatch = trial.verdict.mismatch
    got: Any = trial.answer.steps[mismatch.step] if mismatch else ()
    for at in mismatch.path if mismatch else ():
        got = got[at] if isinstance(at, int) and _is_long(got, at) else ()
    return got


def _is_long(got: object, at: int) -> bool:
    return isinstance(got, (list, tuple)) and at < len(got)


# ----------------------------------------------------------------------------- by what it reads


def _by_results(
    own: OwnFunctions, failing: Sequence[Trial], tries: Tries, *, is_named: bool
) -> set[int]:
    """Return the lines that wrong results come from, of those that a failing case runs."""
    function = own.functions[own.name]
    returns = [node for node in ast.walk(function) if isinstance(node, ast.Return)]
    several = returns if len(returns) > 1 else []
    slices = Slices(own.name, own.functions, _never_run(own, failing, tries, several))
    lines = _of_slices(slices, failing, is_named=is_named)
    found = [node for body in own.bodies for node in ast.walk(body) if isinstance(node, ast.stmt)]
    return lines - _never_run(own, failing, tries, [one for one in found if one.lineno in lines])


def _of_slices(slices: Slices, failing: Sequence[Trial], *, is_named: bool) -> set[int]:
    wrong, right = wrong_results(failing)
    shape = any(
        t.verdict.mismatch and t.verdict.mismatch.kind in ("shape", "type") for t in failing
    )
    found = [lines for lines in slices.suspects(wrong, right, shape=shape) if lines] or [set()]
    certain = {line for lines in found if len(lines) == 1 for line in lines}
    if 1 <= len(certain) <= MOST_LINES:
        return certain
    narrow = max(1, slices.statements // 2)
    common = set.intersection(*found)
    if is_named and 1 <= len(common) <= min(MOST_LINES, narrow):
        return common
    shared = slices.shared(wrong, right) if len(wrong) > 1 and not common else set()
    if 1 <= len(shared) <= MOST_LINES:
        return shared
    least = min(found, key=len)
    return least if 1 <= len(least) <= min(MOST_LINES, narrow) else set()


def _never_run(
    own: OwnFunctions, failing: Sequence[Trial], tries: Tries, statements: Sequence[ast.stmt]
) -> set[int]:
    """Return the lines of those statements that no failing case runs, of the few that are asked."""
    cases = [trial.banked for trial in failing[:: len(failing) // MAX_ASKED + 1]]
    found: set[int] = set()
    for statement in statements[:MAX_BRANCHES]:
        text = _stopped_at(own, statement)
        trials = tries.texts([text] * len(cases), cases) if text else []
        if text and not any(trial is None or _is_stopped(trial) for trial in trials):
            found.add(statement.lineno)
    return found


def _stopped_at(own: OwnFunctions, statement: ast.stmt) -> str:
    """Return the text that ends at a statement; nothing where there is no place for that."""
    at, start = own.span(statement)[0], own.line_start(statement.lineno)
    indent = own.source[start:at].decode()
    is_simple = not hasattr(statement, "body")
    has_place = not (indent.strip() or own.source[at:].startswith((b"elif", b"def", b"class")))
    stop = f"raise {HERE}; " if is_simple else f"raise {HERE}\n{indent}"
    if not is_simple and not has_place:
        return ""
    return own.edited(Edit(LOOK, FAR_FETCHED, (statement.lineno,), (Splice(at, at, stop),))) or ""


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
        text = _stopped_at(own, block[0])
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
