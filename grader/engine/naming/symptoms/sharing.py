"""What objects of one class share, where each should have its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.engine.naming.separation import has_feature, named_arguments
from grader.model import Diagnosis

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from grader.engine.judge import Trial

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
    if not all(_has_two(trial) or _is_unrefused(trial) for trial in failing):
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


def _has_two(trial: Trial) -> bool:
    return len([step for step in trial.arguments if step[0] == "new"]) > 1


def _is_unrefused(trial: Trial) -> bool:
    """Tell whether nothing was raised where it should: an object of an earlier script did it."""
    mismatch = trial.verdict.mismatch
    return mismatch is not None and trial.arguments[mismatch.step][0] == "raises"


def _has(trial: Trial, feature: Callable[..., Any]) -> bool:
    return has_feature(named_arguments(trial.exercise, trial.banked), feature)
