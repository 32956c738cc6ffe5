"""Name the mistake: a known one of the check first, then one made of those, then a symptom.

A name is given only when it explains every case that was tried: the mistake's answer equals the
student's on all of them, the passing ones too.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from grader.engine.cases.oracle import mistaken_answers
from grader.engine.compare import first_malformed, first_mismatch, same_answers
from grader.engine.naming.composed import CARRIED, GRADIENT, compose, mentions, shared_parts
from grader.engine.naming.phrases import UNREFUSED
from grader.engine.naming.symptoms.recognition import find_plain_symptom, find_symptom
from grader.model import Case, Diagnosis, Raised, Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from grader.course.course import Exercise
    from grader.course.vocabulary import Mistake
    from grader.engine.judge import Trial
    from grader.engine.naming.answers import Answers
    from grader.engine.naming.exceptions.translation import Translation

INCONSTANT = (
    "The same call gives another answer the second time: something is kept between calls, in a "
    "global, in a default argument that is changed, or from a random generator."
)
OF_OBJECTS = (
    "The same calls give other answers the second time: something is kept from one object to the "
    "next, by the class, in a global name, or in a default that is changed. Write it to `self`."
)
READS = 2  # of each answer, to find its wrong part
# what a sentence on what was raised is better than
VAGUER = frozenset({"size-for-another", "one-only", "default"})
MAX_COMPOSED = 500  # mistakes made of others that are tried
MAX_LIKENED = 10  # cases in which two that explain one result are compared by the others
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
        is_class = exercise.stub.is_class
        return Diagnosis("not-the-same-again", OF_OBJECTS if is_class else INCONSTANT)
    if translated is not None and translated.whole:
        return translated.diagnosis
    named = _name(exercise, trials, answers)
    if translated is not None and (named is None or named.id in VAGUER):
        return translated.diagnosis
    return named


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
        if named is None and not any(_raised(trial) for trial in unrefused):
            return Diagnosis("not-refused", UNREFUSED)
        return named
    return None


def _raised(trial: Trial) -> bool:
    return isinstance(trial.answer.steps[-1], Raised)


def _failing(trials: Sequence[Trial]) -> list[Trial]:
    return [trial for trial in trials if trial.verdict.status is not Status.PASSED]


def _passing(trials: Sequence[Trial]) -> list[Trial]:
    return [trial for trial in trials if trial.verdict.status is Status.PASSED]


def _explain(
    exercise: Exercise, trials: Sequence[Trial], answers: Answers | None
) -> Diagnosis | None:
    """Return a known mistake that explains the trials, else what is made of some, or a symptom."""
    named = _known_mistake(exercise, trials, answers)
    failing = _failing(trials)
    if named is not None or not failing[0].reading.affords(failing, READS):
        return named
    if not any(trial.is_plain for trial in failing):
        return None  # what chance does looks like anything
    trials = [trial for trial in trials if trial.is_plain]
    failing = _failing(trials)
    passing = _passing(trials)
    if all(trial.verdict.status is Status.ERROR for trial in failing):
        return find_symptom(failing, passing)
    return (
        find_plain_symptom(failing)
        or _composed_mistake(exercise, trials, answers)
        or find_symptom(failing, passing)
    )


def _known_mistake(
    exercise: Exercise, trials: Sequence[Trial], answers: Answers | None
) -> Diagnosis | None:
    """Return the first known mistake that answers every case as the student does."""
    telling = [*_failing(trials), *_passing(trials)]
    alike = answers.alike(trials) if answers else {}
    asked = telling
    if alike:
        asked = [one for one in telling if one.banked.number is None or not one.is_plain]
    for mistake in exercise.check.mistakes.values():
        some = asked if mistake.id in alike else telling
        if alike.get(mistake.id, True) and _all_alike(mistake, some, answers):
            return Diagnosis(mistake.id, mistake.message)
    return None


def _all_alike(mistake: Mistake, trials: Sequence[Trial], answers: Answers | None) -> bool:
    """Compare with what a mistake answers to all cases: the first one, then many at once."""
    known = answers.known() if answers else None
    left: Sequence[Trial] | None = trials[1:]
    if not all(_answers_alike(mistake, trial, answers) for trial in trials[:1]):
        return False
    if left and known is not None and not left[0].reading.spent:
        left = known.find_untold(mistake, left)
    return left is not None and all(_answers_alike(mistake, trial, answers) for trial in left)


def _answers_alike(
    mistake: Mistake, trial: Trial, answers: Answers | None, part: int | None = None
) -> bool:
    """Compare with what a mistake answers, in one item of the results or in all.

    Nothing is alike any more when too much has been read.
    """
    if trial.reading.spent:
        return False
    mistaken = _wrong(mistake, trial, answers)
    if part is None and trial.verdict.status is not Status.PASSED:
        tolerance = trial.exercise.check.tolerance
        if mistaken is trial.expected:
            return False
        if trial.rule is not None:
            if not _breaks_rule(trial.expected, mistaken, trial):
                return False
        elif first_mismatch(trial.expected, mistaken, tolerance) is None:
            return False  # what is right explains no failure
    return _alike(mistaken, trial, part)


def _wrong(mistake: Mistake, trial: Trial, answers: Answers | None) -> tuple[Any, ...]:
    """Return what a mistake answers to the case of a trial."""
    if answers is None:
        return mistaken_answers(mistake, case_of(trial))
    return answers.wrong(mistake, trial.banked)


def _alike(steps: Sequence[Any], trial: Trial, part: int | None = None) -> bool:
    """Tell whether these are a trial's answers, in one item of the results or in all."""
    tolerance = trial.exercise.check.tolerance
    if trial.rule is not None and trial.rule.is_random:
        return part is None and _as_by_chance(steps, trial)
    if part is None:
        return same_answers(steps, trial.answer.steps, tolerance)
    items = [_item(step, part) for step in steps]
    return same_answers(items, [_item(step, part) for step in trial.answer.steps], tolerance)


def _breaks_rule(right: Sequence[Any], steps: Sequence[Any], trial: Trial) -> bool:
    """Tell whether answers are no right ones by the rule of a trial's level."""
    if first_malformed(right, steps) is not None:
        return True
    return trial.find_fault(right, steps) is not None


def _as_by_chance(steps: Sequence[Any], trial: Trial) -> bool:
    """Tell whether a trial's answers differ from these by no more than chance."""
    if any(isinstance(step, Raised) for step in (*steps, *trial.answer.steps)):
        return same_answers(steps, trial.answer.steps, trial.exercise.check.tolerance)
    return not _breaks_rule(steps, trial.answer.steps, trial)


def _item(result: Any, part: int) -> Any:
    """Return one item of a result; the whole where it has none."""
    return result[part] if isinstance(result, (list, tuple)) and part < len(result) else result


# ----------------------------------------------------------------------------- made of others


def _composed_mistake(
    exercise: Exercise, trials: Sequence[Trial], answers: Answers | None
) -> Diagnosis | None:
    """Return a mistake made of known ones that explains the trials, or each wrong item of them."""
    order = _telling_order(trials)
    tried = islice(compose(exercise, order[0]), MAX_COMPOSED)
    names = exercise.stub.returns
    known = exercise.check.mistakes.values()
    if len(names) < 2:
        found = next(_explaining(tried, order, answers), None)
        return Diagnosis(found.id, found.message) if found else None
    composed = list(tried)
    given = [trial for trial in order if not _raised(trial)]  # what is raised is no part's
    wrong = [p for p in range(len(names)) if not all(_alike(t.expected, t, p) for t in given)]
    if len(wrong) == 1:  # a wrong forward pass is seldom seen in one gradient alone
        composed = [one for one in composed if not one.id.startswith(CARRIED)]
    whole = next(_explaining(composed, order, answers), None)
    if whole is not None:
        return Diagnosis(whole.id, whole.message)
    right = [n for part, n in enumerate(names) if part not in wrong and n.startswith(GRADIENT)]
    fitting = [one for one in (*known, *composed) if not mentions(one.message, right)]
    for part in wrong:
        found = _likeliest([one for one in known if one in fitting], order, answers, part)
        found = found or next(_explaining(fitting, order, answers, part), None)
        if found is not None:
            others = [names[p] for p in wrong if p != part]
            rest = f" {' and '.join(others)} {'is' if len(others) < 2 else 'are'} wrong, too."
            text = f"In {names[part]}: {found.message}" + (rest if others else "")
            return Diagnosis(f"{names[part]}:{found.id}", text)
    return None


def _likeliest(
    known: Sequence[Mistake], trials: Sequence[Trial], answers: Answers | None, part: int
) -> Mistake | None:
    """Return the mistake that explains one result, and most of the others, or None."""
    tolerance = trials[0].exercise.check.tolerance

    def explained(mistake: Mistake) -> int:
        some = trials[:MAX_LIKENED]
        pairs = ((_wrong(mistake, trial, answers), trial.answer.steps) for trial in some)
        return sum(shared_parts(steps, got, tolerance) for steps, got in pairs)

    found = list(_explaining(known, trials, answers, part))
    return max(found, key=explained) if len(found) > 1 else next(iter(found), None)


def _telling_order(trials: Sequence[Trial]) -> list[Trial]:
    """Return the trials, so that most mistakes are ruled out by the first two.

    They are the smallest failing case, on which a mistake is cheap to try, and the largest, on
    which few are alike.
    """
    failing = sorted(_failing(trials), key=lambda trial: len(trial.banked.request.data))
    return [failing[0], *reversed(failing[1:]), *(t for t in trials if t not in failing)]


def _explaining(
    mistakes: Iterable[Mistake],
    trials: Sequence[Trial],
    answers: Answers | None,
    part: int | None = None,
) -> Iterator[Mistake]:
    """Yield the mistakes that answer every case as the student does."""
    for mistake in mistakes:
        if all(_answers_alike(mistake, trial, answers, part) for trial in trials):
            yield mistake


def case_of(trial: Trial) -> Case:
    """Return the case of a trial."""
    return Case(trial.arguments, trial.banked.bad)
