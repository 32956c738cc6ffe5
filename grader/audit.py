"""Grade the grader: known mistakes must be caught, and named right.

Mistakes are torch functions of our own, so they are answered here and judged like a student's
answers; no worker is needed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from grader.diagnosis import case_of, diagnose
from grader.judge import Trial, judge
from grader.model import Status
from grader.oracle import mistaken_answers
from grader.worker.wire import Answer

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.bank import Entry
    from grader.course import Task
    from grader.model import Case
    from grader.vocabulary import Mistake


@dataclass(frozen=True)
class MistakeAudit:
    """What the checks make of one known mistake.

    Parameters
    ----------
    caught
        How many cases fail because of it.
    named
        The diagnosis that is given; None when nothing is named.
    """

    mistake: Mistake
    caught: int
    named: str | None

    @property
    def is_sharp(self) -> bool:
        """Whether it is caught and named by its own name."""
        return self.caught > 0 and self.named == self.mistake.id


def answer_entry(
    task: Task, entry: Entry, answer: Callable[[Case], tuple[Any, ...]]
) -> list[Trial]:
    """Judge a function's answers to every case of an exercise."""
    trials = []
    for level in entry.levels:
        for banked in level.cases:
            trial = Trial(task, banked, None)
            trial.answer = Answer(answer(case_of(trial)))
            trial.verdict = judge(task, trial.answer, trial.expected)
            trials.append(trial)
    return trials


def audit_mistake(task: Task, entry: Entry, mistake: Mistake) -> MistakeAudit:
    """Return what the checks make of a mistake."""
    trials = answer_entry(task, entry, lambda case: mistaken_answers(mistake, case))
    wrong = [trial for trial in trials if trial.verdict.status is not Status.PASSED]
    found = diagnose(task, trials)
    return MistakeAudit(mistake, len(wrong), found.id if found else None)
