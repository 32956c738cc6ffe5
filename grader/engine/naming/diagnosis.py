"""Name the mistake: a known one of the check first, then a general symptom.

A name is given only when it explains every case that was tried: the mistake's answer equals the
student's on all of them, the passing ones too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.engine.cases.oracle import mistaken_answers
from grader.engine.compare import same_answers
from grader.engine.naming.phrases import UNREFUSED
from grader.engine.naming.symptoms import find_symptom
from grader.model import Case, Diagnosis, Status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.course.course import Exercise
    from grader.course.vocabulary import Mistake
    from grader.engine.judge import Trial
    from grader.engine.naming.answers import Answers
    from grader.engine.naming.exceptions.translation import Translation

INCONSTANT = (
    "The same call gives another answer the second time: something is kept between calls, in a "
    "global, in a default argument that is changed, or from a random generator."
)
READS = 2  # of each answer, to find its wrong part
NAMEABLE = (Status.FAILED, Status.ERROR)


def diagnose(
    exercise: Exercise,
    trials: Sequence[Trial],
    again: Trial | None = None,
    answers: Answers | None = None,
    translated: Translation | None = None,
) -> Diagnosis | None:
    """Return the mistake that explains every trial, or what was raised in other words, or None.

    Parameters
    ----------
    exercise
        Its check knows mistakes.
    trials
        Every case that was tried, with its verdict.
    again
        A case that was right the first time and wrong the second.
    answers
        What known mistakes answer, where some of it is kept; None works all of it out.
    translated
        What the case that is shown raised, in a sentence.

    Notes
    -----
    Good and bad arguments are explained apart: a formula with a slip and a forgotten `ValueError`
    often come together, and are two things to say. A mistake is known by the class of an exception
    alone, so that one whose line says all there is to say is told before any of them.
    """
    if again is not None:
        return Diagnosis("not-the-same-again", INCONSTANT)
    if translated is not None and translated.whole:
        return translated.diagnosis
    named = _name(exercise, trials, answers)
    return translated.diagnosis if named is None and translated is not None else named


def _name(exercise: Exercise, trials: Sequence[Trial], answers: Answers | None) -> Diagnosis | None:
    """Return the mistake that explains every trial."""
    failing = _failing(trials)
    if any(trial.verdict.status not in NAMEABLE for trial in failing):
        return None
    good = [trial for trial in trials if not trial.banked.bad]
    unrefused = [trial for trial in failing if trial.banked.bad]
    if len(unrefused) < len(failing):
        named = _explain(exercise, good, answers)
        if named is not None and unrefused:
            return Diagnosis(named.id, f"{named.message} {UNREFUSED}")
        return named
    if unrefused:
        named = _known_mistake(exercise, trials, answers)
        return named or Diagnosis("not-refused", UNREFUSED)
    return None


def _failing(trials: Sequence[Trial]) -> list[Trial]:
    return [trial for trial in trials if trial.verdict.status is not Status.PASSED]


def _explain(
    exercise: Exercise, trials: Sequence[Trial], answers: Answers | None
) -> Diagnosis | None:
    """Return a known mistake that explains the trials, else a general symptom of wrong numbers."""
    named = _known_mistake(exercise, trials, answers)
    failing = _failing(trials)
    if named is not None or any(trial.verdict.status is Status.ERROR for trial in failing):
        return named
    if not failing[0].reading.affords(failing, READS):
        return None
    return find_symptom(failing)


def _known_mistake(
    exercise: Exercise, trials: Sequence[Trial], answers: Answers | None
) -> Diagnosis | None:
    """Return the first known mistake that answers every case as the student does."""
    failing = _failing(trials)
    telling = [*failing, *(trial for trial in trials if trial not in failing)]
    for mistake in exercise.check.mistakes.values():
        if all(_answers_alike(exercise, mistake, trial, answers) for trial in telling):
            return Diagnosis(mistake.id, mistake.message)
    return None


def _answers_alike(
    exercise: Exercise, mistake: Mistake, trial: Trial, answers: Answers | None
) -> bool:
    """Compare with what a mistake answers.

    Nothing is alike any more when too much has been read.
    """
    if trial.reading.spent:
        return False
    if answers is None:
        mistaken = mistaken_answers(mistake, case_of(trial))
    else:
        mistaken = answers.wrong(mistake, trial.banked)
    return same_answers(mistaken, trial.answer.steps, exercise.check.tolerance)


def case_of(trial: Trial) -> Case:
    """Return the case of a trial."""
    return Case(trial.arguments, trial.banked.bad)
