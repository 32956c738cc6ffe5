"""Name the mistake: a known one of the check first, then a general symptom.

A name is given only when it explains every case that was tried: the mistake's answer equals the
student's on all of them, the passing ones too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from grader.compare import same_answers
from grader.model import Case, Diagnosis, Status
from grader.oracle import mistaken_answers
from grader.symptoms import find_symptom

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.course import Task
    from grader.judge import Trial
    from grader.known import KnownAnswers
    from grader.vocabulary import Mistake

NAMEABLE = (Status.FAILED, Status.ERROR)


def diagnose(
    task: Task,
    trials: Sequence[Trial],
    again: Trial | None = None,
    known: KnownAnswers | None = None,
) -> Diagnosis | None:
    """Return the mistake that explains every trial, or None.

    Parameters
    ----------
    task
        Its check knows mistakes.
    trials
        Every case that was tried, with its verdict.
    again
        A case that was right the first time and wrong the second.
    known
        What the mistakes answer to banked cases, where that was kept.
    """
    failing = [trial for trial in trials if trial.verdict.status is not Status.PASSED]
    if not failing:
        return _inconstant() if again is not None else None
    if any(trial.verdict.status not in NAMEABLE for trial in failing):
        return None
    named = _known_mistake(task, [*failing, *(t for t in trials if t not in failing)], known)
    if named is not None:
        return named
    if any(trial.verdict.status is Status.ERROR for trial in failing):
        return None
    return find_symptom(failing)


def _inconstant() -> Diagnosis:
    text = "The same call gives another answer the second time: something is kept between calls, "
    text += "in a global, in a default argument that is changed, or from a random generator."
    return Diagnosis("not-the-same-again", text)


def _known_mistake(
    task: Task, trials: Sequence[Trial], known: KnownAnswers | None
) -> Diagnosis | None:
    """Return the first known mistake that answers every case as the student does."""
    for mistake in task.check.mistakes.values():
        if all(
            same_answers(_answers(mistake, trial, known), trial.answer.steps, task.check.tolerance)
            for trial in trials
        ):
            return Diagnosis(mistake.id, mistake.message)
    return None


def _answers(mistake: Mistake, trial: Trial, known: KnownAnswers | None) -> Sequence[Any]:
    """Return what a mistake answers to a trial's case: as it was kept, or computed with torch."""
    kept = known.find(mistake, trial.banked) if known else None
    return mistaken_answers(mistake, case_of(trial)) if kept is None else kept


def case_of(trial: Trial) -> Case:
    """Return the case of a trial."""
    return Case(trial.arguments, trial.banked.bad)
