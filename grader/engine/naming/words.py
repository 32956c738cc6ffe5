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
from grader.engine.naming.separation import separate
from grader.errors import GraderError
from grader.model import Status
from grader.text import safe_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from grader.course.course import Exercise
    from grader.engine.judge import Trial
    from grader.engine.naming.answers import Answers
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
    faults
        What was raised on the way, in a line each.
    """

    exercise: Exercise
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
        failing = [one for one in trials if one.verdict.status is not Status.PASSED]
        passing = [one for one in trials if one.verdict.status is Status.PASSED]
        mismatch = trial.verdict.mismatch
        trace = self.find("the line", lambda: trial.trace) or ()
        told = replace(
            result,
            message=mismatch.message if mismatch else "",
            counterexample=self.find(
                "the failing case", lambda: make_counterexample(trial, shrunk=shrunk)
            ),
            diagnosis=self.find(
                "the mistake", lambda: diagnose(self.exercise, tried, again, answers)
            ),
            location=trace[-1] if trace else None,
            trace=trace,
            separation=self.find(
                "what separates the cases", lambda: separate(self.exercise, failing, passing)
            )
            or "",
        )
        if answers is not None:
            self.find("a file for what was answered", answers.keep)
        return replace(told, faults=tuple(self.faults))
