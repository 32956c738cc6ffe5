"""What objects of one class share, where each should have its own; what else a script shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from grader.engine.naming.separation import ends_where_raised, has_feature, named_arguments
from grader.model import Diagnosis, Status

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from grader.engine.judge import Trial

CALLS = (("call",), ("ask",))
NONE, LONGEST = "NoneType", 300
LEAST = 5  # scripts of one object that are right, so that this is no accident
SHARED = (
    "One object alone is right, and two at once are not: something that belongs to one of them is "
    "kept by the class, in a global name, or in a default that all share. Write it to `self`."
)


def tell_sharing(failing: Sequence[Trial], passing: Sequence[Trial]) -> Diagnosis | None:
    """Name state that two objects share, where all scripts fail that need two, and no other.

    Nothing is told where another fact about the scripts tells the two apart better.

    Parameters
    ----------
    failing, passing
        All trials with a verdict.
    """
    exercise = failing[0].exercise
    if not exercise.stub.is_class or not any(map(_has_two, failing)):
        return None
    if not all(_has_two(trial) or ends_where_raised(trial) for trial in failing):
        return None
    failing = [trial for trial in failing if _has_two(trial)]
    if sum(not _has_two(trial) for trial in passing) < LEAST:
        return None
    two = sum(map(_has_two, passing))
    for feature in exercise.check.features.values():
        bad, good = ([_has(trial, feature) for trial in some] for some in (failing, passing))
        tells_apart = (all(bad) and sum(good) < two) or (not any(bad) and good.count(False) < two)
        if tells_apart:
            return None
    return Diagnosis("state-shared", SHARED)


def tell_of_script(failing: Sequence[Trial]) -> Diagnosis | None:
    """Name what the step says at which every failing script ends, or None.

    Parameters
    ----------
    failing
        The wrong answers; at least one.
    """
    exercise = failing[0].exercise
    if not exercise.stub.is_class:
        return None
    ends = [_end(trial) for trial in failing]
    if all(end[:1] == ("raises",) for end in ends):
        does = {exercise.name if end[2] == "new" else str(end[4]) for end in ends}
        kinds = " or ".join(sorted({end[1] for end in ends}))
        text = f"{_listed(does)} has to raise {kinds} where the docstring says so, and does not."
        return Diagnosis("not-refused", text)
    if all(end == ("again",) for end in ends):
        text = "What a method returned is changed by a later call: return a copy of what the "
        return Diagnosis("returned-itself", f"{text}object keeps (.copy(), list(…)), or a new one.")
    left = {str(end[1]) for end, trial in zip(ends, failing, strict=True) if _is_left(trial)}
    if left and all(_is_left(trial) or _has_change(trial) for trial in failing):
        name = " or ".join(sorted(left))
        text = f"The object changes an array that it was given: {name}. Keep or change a copy "
        return Diagnosis("given-array-changed", f"{text}of it (.copy()), or make a new one.")
    return _tell_nothing_returned(failing)


def _is_left(trial: Trial) -> bool:
    """Tell whether a script ends at an array that it gave, and that should be what it was."""
    end = _end(trial)
    if end[:1] != ("see",) or trial.verdict.mismatch is None:
        return False
    given = {step[1]: step[2] for step in trial.arguments if step[0] == "let"}
    right = trial.expected[trial.verdict.mismatch.step]
    return end[1] in given and np.array_equal(given[end[1]], right)


def _has_change(trial: Trial) -> bool:
    return any(step[0] == "change" for step in trial.arguments)


def _tell_nothing_returned(failing: Sequence[Trial]) -> Diagnosis | None:
    """Name a method that gives None, also where other scripts go on to work with that.

    Where every script stops at the None, it is a symptom of what stands there (`kinds`).
    """
    raised = [trial for trial in failing if trial.verdict.status is Status.ERROR]
    ends = [_end(trial) for trial in failing if trial not in raised]
    names = {str(end[2]) for end in ends if end[:1] in CALLS}
    if not raised or len(names) != 1 or not all(end[:1] in CALLS for end in ends):
        return None
    if not all(_gives_nothing(trial) for trial in failing if trial not in raised):
        return None
    if not all(NONE in str(getattr(t.answer.steps[-1], "message", ""))[:LONGEST] for t in raised):
        return None
    text = f"{''.join(names)} returns None: a way through it ends without `return`, or with one "
    return Diagnosis("no-return", f"{text}that gives None.")


def _gives_nothing(trial: Trial) -> bool:
    """Tell whether the step at which a script went wrong gave None in place of something."""
    mismatch = trial.verdict.mismatch
    if mismatch is None or mismatch.path or mismatch.step >= len(trial.answer.steps):
        return False
    return trial.answer.steps[mismatch.step] is None and trial.expected[mismatch.step] is not None


def _end(trial: Trial) -> tuple[Any, ...]:
    """Return the step at which a script went wrong; nothing where something was raised."""
    mismatch = trial.verdict.mismatch
    if mismatch is None or mismatch.kind == "raises":
        return ()
    step: tuple[Any, ...] = tuple(trial.arguments[mismatch.step])
    return step


def _listed(names: set[str]) -> str:
    """Return names as a sentence lists them, each of which does what follows."""
    return "".join(names) if len(names) == 1 else f"Each of {', '.join(sorted(names))}"


def _has_two(trial: Trial) -> bool:
    return len([step for step in trial.arguments if step[0] == "new"]) > 1


def _has(trial: Trial, feature: Callable[..., Any]) -> bool:
    return has_feature(named_arguments(trial.exercise, trial.banked), feature)
