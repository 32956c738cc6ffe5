"""Run the script of a case on a class of the trusted side: a reference, or one of tensors.

The steps are those of `grader.model.scripts`, run by what runs them on the worker, too. What a step
shows is copied: a later step may change it.
"""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from grader.model.scripts import last_expression, results_before, step_text
from grader.worker.child.calls import ScriptRunner

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from grader.course.course import Exercise
    from grader.model import Mismatch

RETURNS = "it returns an object of type "
METHOD = "is a method, and is read here: write @property above it, or give self an attribute"


def run_script(made: type) -> Callable[..., Any]:
    """Return what runs the steps of one script on a class, one after another."""
    script = begin_script(made)

    def step(verb: str, *rest: Any) -> Any:
        return copy.deepcopy(script(verb, *rest))

    return step


def begin_script(made: type) -> Callable[..., Any]:
    """Return what runs the steps of one script and shows what is there, not a copy of it.

    What a class keeps for all its objects (a known mistake may) begins anew with each script.
    """
    return ScriptRunner(type(made.__name__, (made,), {}))


def tell_step(exercise: Exercise, mismatch: Mismatch, steps: Sequence[tuple[Any, ...]]) -> Mismatch:
    """Return what is wrong with a step of a script, in words that name the step.

    Parameters
    ----------
    exercise
        Its name is the class's.
    mismatch
        As it is told of a function.
    steps
        Of the case.
    """
    step, said, path = steps[mismatch.step], mismatch.message, mismatch.path
    text = step_text(exercise.name, step)
    if step[0] == "op":
        text = last_expression(exercise.name, [step])
    if mismatch.kind == "raises":
        return replace(mismatch, message=f"{text}: {said}")
    if step[0] == "raises":
        return replace(mismatch, message=f"{text} raises nothing, expected {step[1]}")
    if said.startswith(RETURNS) and step[0] in ("get", "op"):
        if said.startswith(f"{RETURNS}method,"):
            return replace(mismatch, message=f"{text} {METHOD}")
        return replace(mismatch, message=said.replace("it returns", f"{text} is", 1))
    if said.startswith(RETURNS):
        return replace(mismatch, message=said.replace("it", text, 1))
    if step[0] == "again" and path and isinstance(path[0], int):
        calls = results_before(exercise.name, steps[: mismatch.step])
        said = said.replace(f"result[{path[0]}]", "result", 1)
        text = f"what {calls[path[0]]} returned, changed by a later call: it"
    if step[0] == "see":
        text = f"after all that, {text}"
    return replace(mismatch, message=said.replace("result", text, 1))
