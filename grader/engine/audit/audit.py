"""Grade the grader: known mistakes must be caught and named right, mutants must not survive.

What the cases never hold is told, too (`drawn`), and hints that hold the answer (`hints`).

Mistakes are torch functions of our own, so they are answered here and judged like a student's
answers. Mutants of the reference may loop or crash, so they run on a worker, like a student's file.
"""

from __future__ import annotations

import tempfile
import tomllib
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.course.words.places import one_line, place_of, place_of_function
from grader.engine.audit.drawn import DrawnAudit, audit_drawn, reason_for
from grader.engine.audit.hints import find_given_away
from grader.engine.audit.limited import make_limited
from grader.engine.audit.mutants import make_mutants
from grader.engine.audit.slips import find_slips
from grader.engine.cases.oracle import mistaken_answers, run_steps, tensor_function
from grader.engine.judge import Trial, judge_level, judge_trial
from grader.engine.naming.diagnosis import case_of, diagnose
from grader.errors import CourseError, WorkerLostError
from grader.model import Case, Limits, Status
from grader.worker.seat import WorkerSeat
from grader.worker.wire import Answer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from grader.course.course import Course, Exercise
    from grader.course.vocabulary import Mistake
    from grader.engine.audit.hints import GivenAway
    from grader.engine.audit.mutants import Mutant
    from grader.engine.cases.caseset import CaseSet
    from grader.engine.engine import Engine


@dataclass(frozen=True)
class MistakeAudit:
    """What the checks make of one known mistake.

    Parameters
    ----------
    caught
        How many cases fail because of it.
    named
        The diagnosis that is given; None when nothing is named.
    raised
        What its function raises in every case, and where: it was mistyped.
    """

    mistake: Mistake
    caught: int
    named: str | None
    raised: str = ""

    @property
    def place(self) -> str:
        """Where its function begins; empty where it was made, not written."""
        return place_of_function(self.mistake.function)

    @property
    def is_sharp(self) -> bool:
        """Whether it is caught and named by its own name, and does not raise all the same."""
        return self.caught > 0 and self.named == self.mistake.id and not self.raised


def answer_cases(
    exercise: Exercise, case_set: CaseSet, answer: Callable[[Case], tuple[Any, ...]]
) -> list[Trial]:
    """Judge a function's answers to every case of an exercise."""
    trials = []
    for banked in case_set.cases:
        trial = Trial(exercise, banked, None)
        trial.answer = Answer(answer(case_of(trial)))
        judge_trial(trial)
        trials.append(trial)
    return trials


def audit_mistake(exercise: Exercise, case_set: CaseSet, mistake: Mistake) -> MistakeAudit:
    """Return what the checks make of a mistake."""
    trials = answer_cases(exercise, case_set, lambda case: mistaken_answers(mistake, case))
    wrong = [trial for trial in trials if trial.verdict.status is not Status.PASSED]
    diagnosis = diagnose(exercise, trials)
    named = diagnosis.id if diagnosis else None
    return MistakeAudit(mistake, len(wrong), named, _always_raised(mistake, case_set))


SLIPS_RAISE = (AttributeError, NameError, TypeError, ImportError)
"""What a function raises whose author mistyped something: no student's mistake in its place."""


def _always_raised(mistake: Mistake, case_set: CaseSet) -> str:
    """Return what a mistake raises in every case, with its place; empty where it answers one."""
    if isinstance(mistake.function, type) or mistake.on_bad_arguments:
        return ""
    said = ""
    for banked in case_set.cases:
        if banked.bad:
            continue
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                list(run_steps(tensor_function(mistake.function), Case(banked.arguments)))
        except SLIPS_RAISE as error:
            if not (place := place_of(error)):
                return ""
            said = f"{type(error).__name__}: {one_line(error)} ({place})"
        except Exception:  # noqa: BLE001 - it may be what the mistake is about
            return ""
        else:
            return ""
    return said


MUTANT_LIMITS = Limits(timeout_s=2.0)


@dataclass(frozen=True)
class ExerciseAudit:
    """What the checks of one exercise are worth.

    Parameters
    ----------
    id
        The exercise.
    mistakes
        One for each known mistake.
    mutants
        How many one-line mutants of the reference were tried, those that are wrong at some numbers
        only among them.
    survivors
        Those that no case caught, and that nobody has explained.
    explained
        Those that no case can catch, with the reason: they are right, too, or differ at numbers
        alone of which the check says why they are never drawn.
    drawn
        Which numbers that catch are in no case.
    given_away
        Lines of the reference that its hints hold.
    slips
        What its author forgot, with the place.
    """

    id: str
    mistakes: tuple[MistakeAudit, ...]
    mutants: int
    survivors: tuple[Mutant, ...]
    explained: tuple[tuple[Mutant, str], ...]
    drawn: DrawnAudit
    given_away: tuple[GivenAway, ...] = ()
    slips: tuple[str, ...] = ()

    @property
    def is_sharp(self) -> bool:
        """Whether every mistake is caught and named, every mutant caught or explained.

        And whether no hint gives the answer away.
        """
        quiet = not self.survivors and not self.given_away and not self.slips
        return quiet and all(mistake.is_sharp for mistake in self.mistakes)


def audit_exercise(
    engine: Engine, exercise: Exercise, most_mutants: int, seed: int = 0
) -> ExerciseAudit:
    """Try every known mistake and mutants of the reference on an exercise's checks.

    Parameters
    ----------
    engine
        Draws the cases.
    exercise
        The exercise.
    most_mutants
        How many mutants that are wrong everywhere; none where the course has no solutions. Those
        that are wrong at some numbers only are all tried.
    seed
        Of the choice of mutants.
    """
    case_set = engine.case_set(exercise)
    mistakes = [audit_mistake(exercise, case_set, m) for m in exercise.check.mistakes.values()]
    aims = all(level.judged or level.reach is not None for level in exercise.check.levels.values())
    drawn = DrawnAudit((), ()) if aims else audit_drawn(exercise, case_set)
    solutions, slips = engine.course.solutions_dir, find_slips(engine.course, exercise, case_set)
    if solutions is None or aims:  # whatever reaches a goal is as right as the reference
        return ExerciseAudit(exercise.id, tuple(mistakes), 0, (), (), drawn, slips=slips)
    source = (solutions / f"{exercise.module}.py").read_text(encoding="utf-8")
    mutants = make_mutants(source, exercise.name, most_mutants, seed)
    mutants += make_limited(source, exercise.name) if most_mutants else []
    reasons = explanations(engine.course)
    alive = find_survivors(engine, exercise, mutants)
    survivors = [(m, _explanation(exercise, m, reasons)) for m in alive]
    return ExerciseAudit(
        exercise.id,
        tuple(mistakes),
        len(mutants),
        tuple(mutant for mutant, reason in survivors if not reason),
        tuple((mutant, reason) for mutant, reason in survivors if reason),
        drawn,
        tuple(find_given_away(exercise.check.hints, source, exercise.name)),
        slips,
    )


def _explanation(
    exercise: Exercise, mutant: Mutant, reasons: Mapping[tuple[str, str, str], str]
) -> str:
    """Return why no case catches a mutant; empty where nobody says so."""
    written = reasons.get((exercise.id, mutant.before, mutant.after), "")
    return written or reason_for(exercise.check.never, mutant.parameter, mutant.kind)


def find_survivors(engine: Engine, exercise: Exercise, mutants: Sequence[Mutant]) -> list[Mutant]:
    """Return the mutants that answer every case right."""
    alive = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number, mutant in enumerate(mutants):
            (folder / f"mutant{number}.py").write_text(mutant.source, encoding="utf-8")
        with WorkerSeat(folder, MUTANT_LIMITS, engine.command) as seat:
            for number, mutant in enumerate(mutants):
                if _survives(engine.case_set(exercise), exercise, f"mutant{number}", seat):
                    alive.append(mutant)
    return alive


def _survives(case_set: CaseSet, exercise: Exercise, module: str, seat: WorkerSeat) -> bool:
    """Tell whether a mutant passes every level."""
    try:
        seat.worker.begin()
        if seat.worker.load(module, exercise.name) is not True:
            return False
        for level in case_set.levels:
            requests = [case.request for case in level.cases]
            scripted = exercise.stub.is_class
            frames = list(seat.worker.call(module, exercise.name, requests, script=scripted))
            trials = judge_level(exercise, level.cases, frames)
            if any(trial.verdict.status is not Status.PASSED for trial in trials):
                return False
    except WorkerLostError:
        seat.clear()
        return False
    return True


def explanations(course: Course) -> dict[tuple[str, str, str], str]:
    """Return why certain mutants are right, too: `solutions/equivalent_mutants.toml`.

    Returns
    -------
    dict
        From exercise, line before and line after to the reason.
    """
    file = (course.solutions_dir or Path()) / "equivalent_mutants.toml"
    if not file.is_file():
        return {}
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
        return {(m["exercise"], m["before"], m["after"]): m["why"] for m in table["mutant"]}
    except (ValueError, KeyError, TypeError) as error:
        raise CourseError(f"{file} cannot be read: {type(error).__name__}: {error}") from error
