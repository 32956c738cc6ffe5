"""Run one exercise on a worker: every level, then the smallest failure and its name."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from grader.course.strategies import Strategy
from grader.engine.cases.caseset import bank_case
from grader.engine.judge import Trial, judge, judge_level
from grader.engine.naming.counterexample import make_counterexample
from grader.engine.naming.diagnosis import diagnose
from grader.engine.naming.separation import separate
from grader.engine.naming.shrink import Shrinker
from grader.errors import OraclesDisagreeError
from grader.model import ExerciseResult, LevelResult, Mismatch, Status
from grader.worker.client import WorkerDiedError, WorkerTimeoutError
from grader.worker.wire import ForgedFrameError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from grader.course.course import Exercise
    from grader.engine.cases.bank import BankedCase, BankedLevel, Entry
    from grader.engine.cases.known import KnownAnswers
    from grader.engine.cases.oracle import Oracles
    from grader.model import Case, Location
    from grader.sourcemap import SourceMap
    from grader.worker.seat import WorkerSeat

MAX_DEATHS = 2
SHRINKABLE = (Status.FAILED, Status.ERROR)


def blank_result(
    exercise: Exercise, status: Status, message: str, location: Location | None = None
) -> ExerciseResult:
    """Return the result of an exercise whose cases were not run."""
    levels = tuple(
        LevelResult(name, status, exercise.check.points_per_level) for name in exercise.check.levels
    )
    return ExerciseResult(exercise.id, levels, message=message, location=location)


@dataclass
class LevelRun:
    """What became of one level.

    Parameters
    ----------
    trials
        One for each answer, in the order of the cases.
    again
        A case that was right at first and wrong when it was asked again.
    death
        Why the worker was lost, and as what that counts.
    at
        The case during which it was lost.
    """

    trials: list[Trial] = field(default_factory=list)
    again: Trial | None = None
    death: tuple[Status, str] | None = None
    at: BankedCase | None = None

    @property
    def first_wrong(self) -> Trial | None:
        """The first trial that did not pass."""
        return next((t for t in self.trials if t.verdict.status is not Status.PASSED), self.again)

    @property
    def status(self) -> Status:
        """The status of the level: that of the first thing that went wrong."""
        if self.first_wrong is not None:
            return self.first_wrong.verdict.status
        return self.death[0] if self.death is not None else Status.PASSED


@dataclass
class ExerciseRun:
    """One exercise of one submission.

    Parameters
    ----------
    exercise, entry, oracles, known
        What is asked, the cases, the answers to new ones, and those of known mistakes if kept.
    seat
        Where the worker is.
    sources
        What the student calls the files and their lines.
    on_verdict
        Told the result without words as soon as every level has one.
    """

    exercise: Exercise
    entry: Entry
    oracles: Oracles
    seat: WorkerSeat
    sources: SourceMap
    on_verdict: Callable[[ExerciseResult], None] = lambda _: None
    known: Callable[[], KnownAnswers | None] = lambda: None
    _deaths: int = 0
    _output: str = ""
    _runs: dict[str, LevelRun] = field(default_factory=dict)

    def result(self, start: float, advice: str = "") -> ExerciseResult:
        """Run every level and return the exercise's result.

        Parameters
        ----------
        start
            When the exercise began, by `time.perf_counter`.
        advice
            What to mend first.
        """
        self.seat.worker.begin()
        for level in self.entry.levels:
            if self._deaths < MAX_DEATHS:
                self._runs[level.name] = self._run_level(level)
        if self._answered_nothing():
            outline = self._outline(start, Status.UNIMPLEMENTED)
            return replace(outline, message="it returns None: not written yet")
        self.on_verdict(self._outline(start))
        return self._explain(start, advice)

    # ------------------------------------------------------------------ levels

    def _run_level(self, level: BankedLevel) -> LevelRun:
        """Ask every case of a level, and three of them again."""
        run = LevelRun()
        repeats = sorted({0, len(level.cases) // 2, len(level.cases) - 1})
        asked = [*level.cases, *(level.cases[place] for place in repeats)]
        frames = []
        try:
            self._prepare()
            worker = self.seat.worker
            for frame in worker.call(
                self.exercise.module, self.exercise.name, [c.request for c in asked]
            ):
                frames.append(frame)  # noqa: PERF402 - what came before a death is kept
        except WorkerDiedError as error:
            run.death = (Status.CRASHED, str(error))
        except WorkerTimeoutError as error:
            run.death = (Status.TIMEOUT, str(error))
        try:
            trials = judge_level(self.exercise, asked, frames, self.sources)
        except ForgedFrameError as error:
            trials, run.death = [], (Status.CRASHED, str(error))
        run.trials = trials[: len(level.cases)]
        if run.death is not None:
            self._lose_worker()
            run.at = asked[min(len(frames), len(asked) - 1)]
        run.again = self._first_inconstant(run, trials[len(level.cases) :], repeats)
        return run

    def _first_inconstant(
        self, run: LevelRun, repeated: Sequence[Trial], repeats: Sequence[int]
    ) -> Trial | None:
        """Return a repeated case that was right the first time and is wrong now."""
        for place, trial in zip(repeats, repeated, strict=False):
            first, second = run.trials[place].verdict.status, trial.verdict.status
            if first is Status.PASSED and second is not Status.PASSED:
                found = trial.verdict.mismatch
                said = found.message if found else ""
                text = f"the same call again gives another answer: {said}"
                mismatch = Mismatch("again", text, found.step if found else 0)
                trial.verdict = type(trial.verdict)(second, mismatch)
                return trial
        return None

    def _prepare(self) -> None:
        """Start a fresh worker after a death, with the student's file loaded."""
        if self._deaths:
            self.seat.worker.begin()
            self.seat.worker.load(self.exercise.module, self.exercise.name)

    def _lose_worker(self) -> None:
        self._deaths += 1
        self._output = self.seat.clear()

    # ------------------------------------------------------------------ what to tell

    def _answered_nothing(self) -> bool:
        trials = [trial for run in self._runs.values() for trial in run.trials]
        if not trials or any(trial.verdict.status is Status.PASSED for trial in trials):
            return False
        if any(run.death for run in self._runs.values()):
            return False
        return all(step is None for trial in trials for step in trial.answer.steps)

    def _explain(self, start: float, advice: str) -> ExerciseResult:
        wrong = [name for name, run in self._runs.items() if run.status is not Status.PASSED]
        if not wrong:
            return self._outline(start)
        name, run = wrong[0], self._runs[wrong[0]]
        notes = (advice,) if advice else ()
        trial = run.first_wrong
        if trial is None:  # the worker was lost before any answer was wrong
            last = run.at and make_counterexample(Trial(self.exercise, run.at, None), shrunk=False)
            lethal = replace(last, actual=None) if last else None
            outline = replace(self._outline(start), message=_death_message(run))
            return replace(outline, counterexample=lethal, notes=notes)
        trials = [trial for run in self._runs.values() for trial in run.trials]
        smaller, disagreement = self._shrink(name, run, trial)
        if disagreement:
            return blank_result(self.exercise, Status.UNGRADED, disagreement)
        tried = [*trials, *([smaller] if smaller else [])]
        found = diagnose(self.exercise, tried, run.again, self.known())
        failing = [t for t in trials if t.verdict.status is not Status.PASSED]
        passing = [t for t in trials if t.verdict.status is Status.PASSED]
        shown = smaller or trial
        return replace(
            self._outline(start),
            message=shown.verdict.mismatch.message if shown.verdict.mismatch else "",
            counterexample=make_counterexample(shown, shrunk=smaller is not None),
            diagnosis=found,
            location=shown.location,
            separation=separate(self.exercise, failing, passing),
            notes=notes,
        )

    def _outline(self, start: float, override: Status | None = None) -> ExerciseResult:
        """Return the result without words: levels, counts, and what was printed."""
        share = self.exercise.check.points_per_level
        levels = []
        for level in self.entry.levels:
            run = self._runs.get(level.name)
            status = override or (run.status if run else Status.NOT_RUN)
            levels.append(LevelResult(level.name, status, share))
        printed = self._output if self._deaths else self.seat.worker.output
        return ExerciseResult(
            self.exercise.id,
            tuple(levels),
            cases=sum(len(run.trials) for run in self._runs.values()),
            seconds=round(time.perf_counter() - start, 3),
            output=self.sources.retell(printed),
        )

    # ------------------------------------------------------------------ shrinking

    def _shrink(self, name: str, run: LevelRun, first: Trial) -> tuple[Trial | None, str]:
        """Return a smaller trial that fails as the first one does, or why nobody can tell."""
        status, kind = first.verdict.status, _kind(first)
        start = next(
            (
                t
                for t in run.trials
                if t.banked.recipe and t.verdict.status is status and _kind(t) == kind
            ),
            None,
        )
        if start is None or start.banked.recipe is None or status not in SHRINKABLE:
            return None, ""
        described = self.exercise.check.levels[name]
        strategy = described if isinstance(described, Strategy) else described.strategy
        trouble = ""

        def fails(case: Case) -> bool:
            nonlocal trouble
            try:
                trial = self._ask(case)
            except OraclesDisagreeError as error:
                trouble = str(error)
                return False
            return trial is not None and trial.verdict.status is status and _kind(trial) == kind

        case = Shrinker(strategy, fails).smallest(start.banked.recipe)
        return (self._ask(case) if fails(case) else start), trouble

    def _ask(self, case: Case) -> Trial | None:
        """Ask the live worker about one new case; None when it died over it."""
        if self._deaths >= MAX_DEATHS:
            return None
        banked = bank_case(case, self.oracles.expected(case), None, self.exercise.check.tolerance)
        try:
            if self._deaths:
                self._prepare()
            (frame,) = self.seat.worker.call(
                self.exercise.module, self.exercise.name, [banked.request]
            )
            trial = Trial(self.exercise, banked, frame, sources=self.sources)
            trial.verdict = judge(self.exercise, trial.answer, trial.expected)
        except (WorkerDiedError, WorkerTimeoutError, ForgedFrameError):
            self._lose_worker()
            return None
        return trial


def _kind(trial: Trial) -> str:
    return trial.verdict.mismatch.kind if trial.verdict.mismatch else ""


def _death_message(run: LevelRun) -> str:
    why = run.death[1] if run.death else ""
    if run.status is Status.TIMEOUT:
        return f"{why}: is there a loop that does not end?"
    return why
