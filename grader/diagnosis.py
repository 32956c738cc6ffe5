"""Name the mistake: a known one of the check first, then a general symptom.

A name is given only when it explains every case that was tried: the mistake's answer equals the
student's on all of them, the passing ones too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.compare import same_answers
from grader.model import Case, Diagnosis, Status
from grader.oracle import mistaken_answers
from grader.symptoms import find_symptom

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.course import Task
    from grader.judge import Trial

NAMEABLE = (Status.FAILED, Status.ERROR)


def diagnose(task: Task, trials: Sequence[Trial], again: Trial | None = None) -> Diagnosis | None:
    """Return the mistake that explains every trial, or None.

    Parameters
    ----------
    task
        Its check knows mistakes.
    trials
        Every case that was tried, with its verdict.
    again
        A case that was right the first time and wrong the second.
    """
    if again is not None:
        return _inconstant()
    failing = [trial for trial in trials if trial.verdict.status is not Status.PASSED]
    if not failing or any(trial.verdict.status not in NAMEABLE for trial in failing):
        return None
    known = _known_mistake(task, [*failing, *(t for t in trials if t not in failing)])
    if known is not None:
        return known
    if any(trial.verdict.status is Status.ERROR for trial in failing):
        return None
    return find_symptom(failing)


def _inconstant() -> Diagnosis:
    text = "The same call gives another answer the second time: something is kept between calls, "
    text += "in a global, in a default argument that is changed, or from a random generator."
    return Diagnosis("not-the-same-again", text)


def _known_mistake(task: Task, trials: Sequence[Trial]) -> Diagnosis | None:
    """Return the first known mistake that answers every case as the student does."""
    for mistake in task.check.mistakes.values():
        if all(
            same_answers(
                mistaken_answers(mistake, case_of(trial)), trial.answer.steps, task.check.tolerance
            )
            for trial in trials
        ):
            return Diagnosis(mistake.id, mistake.message)
    return None


def case_of(trial: Trial) -> Case:
    """Return the case of a trial."""
    return Case(trial.arguments, trial.banked.bad)
