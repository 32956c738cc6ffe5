"""Run one exercise on a worker: every level, then the smallest failure and its name."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from grader.engine.asking.calls import Caller
from grader.engine.asking.levels import LevelAsker
from grader.engine.judge import Reading
from grader.engine.naming.losses import retold, tell_loss, tell_slow
from grader.engine.reading.conditions import find_given
from grader.engine.source import find_unreturned, gives_result
from grader.model import ExerciseResult, LevelResult, Location, Status
from grader.model.results import OUT_OF_MEMORY, RETURNS_NONE, RETURNS_NOTHING, UNWRITTEN

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.course.course import Exercise
    from grader.engine.cases.caseset import CaseSet
    from grader.engine.judge import Trial
    from grader.engine.naming.answers import Answers
    from grader.engine.naming.exceptions.translation import FindSite
    from grader.engine.naming.losses import LevelFindings
    from grader.engine.naming.mending.own import OwnFunctions
    from grader.engine.naming.smaller import SmallerCases
    from grader.engine.naming.words import Words
    from grader.model.mended import Mending
    from grader.model.sourcemap import SourceMap
    from grader.worker.seat import WorkerSeat

MAX_DEATHS = 2
HURRIED = "Each other level was given {:g} s after that: whether it ends is not known."
WITHHELD = "Refusing bad arguments counts only where another level passes."
SHRINKABLE = (Status.FAILED, Status.ERROR)


def blank_result(
    exercise: Exercise,
    status: Status,
    message: str,
    location: Location | None = None,
    *,
    doubtful: bool = False,
) -> ExerciseResult:
    """Return the result of an exercise whose cases were not run."""
    shares = exercise.check.shares
    levels = tuple(LevelResult(name, status, share) for name, share in shares.items())
    return ExerciseResult(
        exercise.id, levels, message=message, location=location, doubtful=doubtful
    )


@dataclass
class Examiner:
    """One exercise of one submission.

    Parameters
    ----------
    exercise, case_set, find_answers
        What is asked, the cases, and what returns the right and wrong answers to any others.
    seat
        Where the worker is.
    sources
        What the student calls the files and their lines.
    on_verdict
        Told the result without words as soon as every level has one.
    find_site
        Returns what stands in a line of the student's.
    again_s
        CPU seconds for each level after one that ran out of time; None for as many again.
    own
        Reads the text of the function and of those that it calls, if it is short enough.
    """

    exercise: Exercise
    case_set: CaseSet
    find_answers: Callable[[], Answers]
    seat: WorkerSeat
    sources: SourceMap
    on_verdict: Callable[[ExerciseResult], None] = lambda _: None
    find_site: FindSite = lambda _: None
    again_s: float | None = None
    own: Callable[[], OwnFunctions | None] = lambda: None
    _levels: dict[str, LevelFindings] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._caller = Caller(self.exercise, self.seat)
        self._reading = Reading()
        self._asker = LevelAsker(
            self._caller, self.sources, self._reading, lambda: self.answers.oracles, self.again_s
        )

    @cached_property
    def answers(self) -> Answers:
        """The right and wrong answers to any case."""
        return self.find_answers()

    @cached_property
    def _smaller(self) -> SmallerCases:
        from grader.engine.naming.smaller import SmallerCases  # noqa: PLC0415 - for failures alone

        return SmallerCases(self._caller, self.answers, self.sources, self._reading)

    def result(self, start: float, advice: str = "") -> ExerciseResult:
        """Run every level and return the exercise's result.

        Parameters
        ----------
        start
            When the exercise began, by `time.perf_counter`.
        advice
            What to mend first.
        """
        self._caller.begin()
        for level in self.case_set.levels:
            if self._caller.losses < MAX_DEATHS:
                self._levels[level.name] = self._asker.ask(level)
        if self._answered_nothing():
            return self._unwritten(start)
        self.on_verdict(self._wordless(start))
        return self._explain(start, advice)

    # ------------------------------------------------------------------ points

    def _status(self, level: str) -> Status:
        findings = self._levels.get(level)
        return findings.status if findings else Status.NOT_RUN

    @property
    def _withheld(self) -> set[str]:
        """The levels of bad arguments that pass where nothing else does: refusing all is easy."""
        others = [level.name for level in self.case_set.levels if not level.refuses]
        if not others or any(self._status(name) is Status.PASSED for name in others):
            return set()
        refusing = {level.name for level in self.case_set.levels if level.refuses}
        return {name for name in refusing if self._status(name) is Status.PASSED}

    # ------------------------------------------------------------------ what to tell

    @property
    def _trials(self) -> list[Trial]:
        return [trial for level in self._levels.values() for trial in level.trials]

    def _answered_nothing(self) -> bool:
        if not self._trials or any(t.verdict.status is Status.PASSED for t in self._trials):
            return False
        if any(level.death for level in self._levels.values()):
            return False
        return all(step is None for trial in self._trials for step in trial.answer.steps)

    def _unwritten(self, start: float) -> ExerciseResult:
        """Return what is told of a function that returns None in every case."""
        wordless = self._wordless(start, Status.UNIMPLEMENTED)
        own, line, message = self.own(), 0, RETURNS_NOTHING
        if own and not own.is_class:
            line = find_unreturned(own.functions[own.name])
            if not line and gives_result(own.functions[own.name]):
                line, message = find_given(own.functions[own.name]), RETURNS_NONE
        if not line:
            return replace(wordless, message=f"it returns None: {UNWRITTEN}")
        where = self.sources.locate(Location(f"{self.exercise.module}.py", line))
        return replace(wordless, message=message, location=where)

    def _explain(self, start: float, advice: str) -> ExerciseResult:
        wrong = [name for name, a in self._levels.items() if a.status is not Status.PASSED]
        if not wrong:
            return self._wordless(start)
        name, level = wrong[0], self._levels[wrong[0]]
        hurried = self._caller.allowed_s is not None and Status.NOT_RUN in map(self._status, wrong)
        shorter = HURRIED.format(self._caller.allowed_s) if hurried else ""
        slow = [tell_slow(key, self._levels[key]) for key in wrong[1:]]
        withheld = WITHHELD if self._withheld else ""
        notes = tuple(filter(None, [advice, withheld, shorter, *slow]))
        trial = level.first_wrong
        if trial is None:  # the worker was lost before any answer was wrong
            wordless = replace(self._wordless(start), notes=notes)
            return tell_loss(wordless, self.exercise, level, self.sources, self.find_site)
        from grader.engine.naming.words import Words  # noqa: PLC0415 - as above

        is_all = not any(one.death for one in self._levels.values())
        words = Words(self.exercise, self.find_site, is_all)
        smaller = words.find("a smaller case", lambda: self._shrink(name, level, trial))
        if self._smaller.trouble:
            words.faults.append(f"a smaller case was passed over: {self._smaller.trouble}")
        wordless = replace(self._wordless(start), notes=notes)
        return self._tell(wordless, words, level, (trial, smaller))

    def _tell(
        self,
        wordless: ExerciseResult,
        words: Words,
        level: LevelFindings,
        found: tuple[Trial, Trial | None],
    ) -> ExerciseResult:
        """Return the result with all that can be said of a trial, and of a smaller one like it."""
        from grader.engine.naming.counterexample import make_counterexample  # noqa: PLC0415
        from grader.engine.naming.smaller import Seen  # noqa: PLC0415
        from grader.engine.naming.telling import find_telling  # noqa: PLC0415

        trial, smaller = found
        complete = smaller is not None and self._smaller.complete
        seen = words.find("what it printed", lambda: self._smaller.look(smaller or trial))
        seen = seen or Seen(smaller or trial)
        told = words.tell(wordless, self._trials, (seen.trial, complete), level.again, self.answers)
        named = told.diagnosis is not None
        trials = {key: findings.trials for key, findings in self._levels.items()}
        telling = words.find(
            "a telling case",
            lambda: (
                find_telling(self._smaller, seen.trial, trials, named=named)
                if seen.trial.is_plain
                else None
            ),
        )
        if telling is not None:
            case = make_counterexample(telling, shrunk=self._smaller.complete)
            told = replace(told, telling=case)
        name = told.diagnosis.id if told.diagnosis else ""
        mending = words.find("the line", lambda: self._mend(level, name))
        words.find("a file for what was answered", self.answers.keep)
        printed = retold(seen.printed, self.sources)
        told = replace(told, printed=printed, returned=seen.line, mending=mending)
        if mending is not None:
            from grader.engine.naming.mending.telling import advised  # noqa: PLC0415

            told = replace(told, message=advised(told.message, mending))
        if told.message == OUT_OF_MEMORY:
            told = words.find("the loop", lambda: self._tell_full(told)) or told
        return replace(told, faults=tuple(words.faults))

    def _tell_full(self, told: ExerciseResult) -> ExerciseResult:
        """Return the result of a call that used up the memory with what its loop hangs on."""
        from grader.engine.naming.symptoms.endless import tell_full  # noqa: PLC0415 - seldom

        lines = [(at.file, at.line) for at in reversed(told.trace)]
        begins = Location(f"{self.exercise.module}.py", 0, self.exercise.name)
        return tell_full(told, lines, self.sources, self.find_site, begins)

    def _wordless(self, start: float, override: Status | None = None) -> ExerciseResult:
        """Return the result without words: levels, counts, and what was printed."""
        shares = self.exercise.check.shares
        levels = []
        for level in self.case_set.levels:
            status = Status.FAILED if level.name in self._withheld else self._status(level.name)
            levels.append(LevelResult(level.name, override or status, shares[level.name]))
        return ExerciseResult(
            self.exercise.id,
            tuple(levels),
            cases=len(self._trials),
            seconds=round(time.perf_counter() - start, 3),
            output=self.sources.retell(self._caller.output),
            doubtful=any(level.doubtful for level in self._levels.values()),
        )

    # ------------------------------------------------------------------ mending

    def _mend(self, level: LevelFindings, name: str) -> Mending | None:
        """Return the edit after which every case passes; None where there is none, or too many."""
        whole = all(one.death is None and one.again is None for one in self._levels.values())
        plain = [trial for trial in self._trials if trial.is_plain]
        if not whole or level.again is not None or self._reading.spent:
            return None
        if level.first_wrong not in plain:
            return None
        own = self.own()
        if own is None:
            return None
        from grader.engine.naming.exceptions.own import REFUSAL, SAY_ALL  # noqa: PLC0415
        from grader.engine.naming.mending.search import MendingSearch  # noqa: PLC0415
        from grader.engine.naming.mending.telling import tell_mending  # noqa: PLC0415

        known = name in self.exercise.check.mistakes or name in SAY_ALL
        told = name if known else ""
        search = MendingSearch(self._caller, own, plain, self.answers, known, told)
        found = search.find_once()
        self.answers.keep()
        if found is None:
            return None
        return tell_mending(found, own, self.exercise, self.sources, refuses=told == REFUSAL)

    # ------------------------------------------------------------------ shrinking

    def _shrink(self, name: str, level: LevelFindings, first: Trial) -> Trial | None:
        """Return a smaller trial that fails as the first one does; None where none can be had."""
        from grader.engine.naming.smaller import is_like  # noqa: PLC0415

        if not first.is_plain:  # it is as large as it is for a reason
            return None
        start = next((t for t in level.trials if t.banked.recipe and is_like(t, first)), None)
        if start is None or first.verdict.status not in SHRINKABLE:
            return None
        return self._smaller.find(name, first, start)
