"""Put words to a wrong answer, so that what fails in finding them costs words and never a verdict.

The verdict is fixed before any of this runs. A check's mistake that raises, or a symptom that was
not made for such arrays, is our fault: the exercise is as wrong as before, and what was raised is
told to whoever looks for it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from grader.engine.naming.counterexample import make_counterexample
from grader.engine.naming.diagnosis import diagnose
from grader.engine.naming.separation import named_arguments, separate
from grader.errors import GraderError
from grader.model import Location, Raised, Status
from grader.model.results import UNWRITTEN
from grader.text import safe_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from grader.course.course import Exercise
    from grader.engine.judge import Trial
    from grader.engine.naming.answers import Answers
    from grader.engine.naming.exceptions.translation import FindSite, Translation
    from grader.model import ExerciseResult

    T = TypeVar("T")

MAX_FAULT = 300


@dataclass
class Words:
    """Finds words for one exercise, and remembers what could not be told.

    Parameters
    ----------
    exercise
        Which.
    find_site
        Returns what stands in a line of the student's.
    is_all
        Whether every case was answered, so that nothing is left of which nobody knows.
    faults
        What was raised on the way, in a line each.
    """

    exercise: Exercise
    find_site: FindSite = lambda _: None
    is_all: bool = True
    faults: list[str] = field(default_factory=list)

    def find(self, what: str, look: Callable[[], T]) -> T | None:
        """Return what a search finds, or None when it raises.

        Parameters
        ----------
        what
            What it looks for.
        look
            The search.

        Raises
        ------
        GraderError
            No worker can be started, or the check was given up: that is not about words.
        """
        try:
            with np.errstate(all="ignore"):  # an answer may hold any number
                return look()
        except GraderError:
            raise
        except (Exception, SystemExit) as error:  # noqa: BLE001 - authors write checks
            said = f"{what} was not found: {type(error).__name__}: {error}"
            self.faults.append(safe_text(said[:MAX_FAULT], spelt_out=False))
            return None

    def tell(
        self,
        result: ExerciseResult,
        trials: Sequence[Trial],
        shown: tuple[Trial, bool],
        again: Trial | None,
        answers: Answers | None = None,
    ) -> ExerciseResult:
        """Return a result that says what is wrong, where, when and why.

        Parameters
        ----------
        result
            The verdict, without words.
        trials
            Every case that was asked.
        shown
            The failing trial to show, and whether it is the smallest that could be found.
        again
            A case that was right the first time and wrong the second.
        answers
            What known mistakes answer to any case; None works it out and keeps nothing.
        """
        trial, shrunk = shown
        tried = trials if trial in trials else [*trials, trial]
        plain = [one for one in trials if one.is_plain and trial.is_plain]
        failing = [one for one in plain if one.verdict.status is not Status.PASSED]
        passing = [one for one in plain if one.verdict.status is Status.PASSED]
        trace = self.find("the line", lambda: trial.trace) or ()
        translated = self.find("what was raised", lambda: self._translate(trial, trials))
        told = replace(
            result,
            message=_message(trial, translated),
            counterexample=self.find(
                "the failing case", lambda: make_counterexample(trial, shrunk=shrunk)
            ),
            diagnosis=self.find(
                "the mistake", lambda: diagnose(self.exercise, tried, again, answers, translated)
            ),
            location=trace[-1] if trace else None,
            trace=trace,
            separation=self.find(
                "what separates the cases",
                lambda: separate(self.exercise, failing, passing, is_all=self.is_all),
            )
            or "",
        )
        if answers is not None:
            self.find("a file for what was answered", answers.keep)
        return replace(told, faults=tuple(self.faults))

    def _translate(self, trial: Trial, trials: Sequence[Trial]) -> Translation | None:
        """Return what a case raised, in a sentence."""
        if trial.verdict.status is not Status.ERROR:
            return None
        last = trial.answer.steps[-1]
        if not isinstance(last, Raised):
            return None
        # for errors alone
        from grader.engine.naming.exceptions.scene import Scene  # noqa: PLC0415
        from grader.engine.naming.exceptions.translation import translate  # noqa: PLC0415

        def ranks(name: str) -> set[int]:
            calls = [named_arguments(self.exercise, one.banked) for one in trials]
            return {call[name].ndim for call in calls if isinstance(call.get(name), np.ndarray)}

        site = self.find_site(Location(*last.frames[-1])) if last.frames else None
        scene = Scene(last, site, bad=trial.banked.bad)
        if self.exercise.stub.is_class:
            begins = Location(f"{self.exercise.module}.py", 0, self.exercise.name)
            step = tuple(trial.arguments[len(trial.answer.steps) - 1])
            return translate(replace(scene, step=step, made=self.find_site(begins)))
        arguments = named_arguments(self.exercise, trial.banked)
        return translate(replace(scene, arguments=arguments, ranks=ranks))


def _message(trial: Trial, translated: Translation | None) -> str:
    """Return what is wrong in one line: not that a helper is unwritten which refuses on purpose."""
    mismatch = trial.verdict.mismatch
    if mismatch is None:
        return ""
    refuses = translated is not None and translated.diagnosis.id == "own-refusal"
    if refuses and mismatch.message.endswith(f"which is {UNWRITTEN}"):
        return "it raised NotImplementedError"
    if translated is not None and translated.diagnosis.id == "numpy-removed":
        return mismatch.message.partition(". `np.")[0]  # and not six lines of release notes
    return mismatch.message
