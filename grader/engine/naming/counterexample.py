"""Write a case as a call that a student could type, with arrays by name."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.engine.compare import ABSOLUTE
from grader.model import Carry, Counterexample
from grader.model.scripts import arrays_of, script_lines, without_unused
from grader.worker.wire import unpack_case

if TYPE_CHECKING:
    from grader.course.course import Exercise
    from grader.course.words.rules import BrokenRule
    from grader.engine.judge import Trial


def call_text(exercise: Exercise, arguments: tuple[Any, ...]) -> str:
    """Return `im2col(x, (1, 2), stride=1, padding=0)`.

    Arrays, and lists of them, are shown by their parameter's name; the rest as it is written.
    """
    words = []
    for parameter, value in zip(exercise.stub.parameters, arguments, strict=False):
        shown = parameter.name if _is_shown_by_name(value) else repr(value)
        words.append(shown if parameter.default is None else f"{parameter.name}={shown}")
    return f"{exercise.name}({', '.join(words)})"


def _is_shown_by_name(value: Any) -> bool:
    if isinstance(value, (np.ndarray, Carry)):
        return True
    items = value.values() if isinstance(value, dict) else value
    return isinstance(value, (list, tuple, dict)) and any(map(_is_shown_by_name, items))


def make_counterexample(trial: Trial, *, shrunk: bool) -> Counterexample:
    """Return what a result says about a failing case: the first wrong step of it."""
    mismatch = trial.verdict.mismatch
    step = min(mismatch.step if mismatch else 0, len(trial.answer.steps) - 1)
    expected = copy.deepcopy(trial.expected)  # whoever is shown them may write to them
    steps = unpack_case(trial.banked.request)[: step + 1]
    if trial.exercise.stub.is_class:
        return _of_script(trial, steps, expected[step], shrunk=shrunk)
    fault = trial.fault
    if fault is not None:
        return _of_fault(trial, fault)
    arguments = list(steps[step])
    for index, value in enumerate(arguments):
        if isinstance(value, Carry):  # the steps before were right, so this is what was handed on
            arguments[index] = value.part_of(expected[step - 1])
    return Counterexample(
        call=call_text(trial.exercise, tuple(arguments)),
        arguments=dict(zip(trial.exercise.stub.names, arguments, strict=False)),
        expected=expected[step],
        actual=trial.answer.steps[step],
        shrunk=shrunk,
        mismatch=mismatch,
        earlier=tuple(call_text(trial.exercise, steps[i]) for i in range(step)),
        steps=steps,
        tolerance=trial.exercise.check.tolerance,
        terms=trial.terms,
    )


def _of_fault(trial: Trial, fault: BrokenRule) -> Counterexample:
    """Return what a result says about an answer that breaks a rule: what was worked out of it."""
    first, *more = trial.arguments
    names = trial.exercise.stub.names
    call = call_text(trial.exercise, first)
    if more:
        moved = [at for at, one in enumerate(first) if type(one) is int and one != more[0][at]]
        steps = ", ".join(f"{names[at]} = {first[at]} to {more[-1][at]}" for at in moved)
        call = f"{call}, with {steps}"
    return Counterexample(
        call=call,
        arguments=dict(zip(names, first, strict=False)),
        expected=fault.expected,
        actual=fault.actual,
        shrunk=False,
        mismatch=trial.verdict.mismatch,
        tolerance=0.0,
        terms=fault.allowed / ABSOLUTE,
        measured=fault.measured,
    )


def _of_script(
    trial: Trial, steps: tuple[Any, ...], expected: Any, *, shrunk: bool
) -> Counterexample:
    """Return what a result says about a script: its lines up to the step that is wrong."""
    shown = without_unused(steps)
    lines = script_lines(trial.exercise.name, shown)
    arrays = arrays_of(shown)
    lent = [step[2] for step in steps if step[0] == "lend"]  # no calls, though they are run, too
    told = [line for line in lines[:-1] if line not in lent]
    calls = [line for line in told if line.partition(" = ")[0] not in arrays]
    return Counterexample(
        call=lines[-1],
        arguments=arrays,
        expected=expected,
        actual=trial.answer.steps[len(steps) - 1],
        shrunk=shrunk,
        mismatch=trial.verdict.mismatch,
        earlier=tuple(calls),
        steps=steps,
        tolerance=trial.exercise.check.tolerance,
        terms=trial.terms,
        script=tuple(lines),
    )
