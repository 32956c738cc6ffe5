"""Ask the student's function about ever smaller cases, on a worker that may be lost over one."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from grader.engine.cases.drawing import PlainRecorder
from grader.engine.judge import Reading, Trial, judge_trial
from grader.engine.naming.shrink import Shrinker
from grader.errors import (
    ForgedFrameError,
    OraclesDisagreeError,
    WorkerLostError,
    WorkerTimeoutError,
)
from grader.model import Raised
from grader.worker.traces import read_look

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.engine.asking.calls import Caller
    from grader.engine.cases.caseset import BankedCase
    from grader.engine.naming.answers import Answers
    from grader.model import Case
    from grader.model.printed import Printed
    from grader.model.sourcemap import SourceMap

MAX_SIMPLER, FILLINGS = 60, 4  # calls, and tries with small numbers, for one that tells more
MAX_LETHAL = 3  # cases over which a worker is lost twice: then no other is tried


@dataclass(frozen=True)
class Seen:
    """A trial that is shown, with what was seen beside its answer.

    Parameters
    ----------
    trial
        The trial.
    printed
        What the function printed meanwhile.
    line
        With which it says that it returned, or 0.
    """

    trial: Trial
    printed: Printed | None = None
    line: int = 0


@dataclass
class SmallerCases:
    """Look for a smaller case that fails as another one does.

    Parameters
    ----------
    caller
        The student's function.
    answers
        The right ones to new cases.
    sources
        What the student calls the files and their lines.
    reading
        What of the answers is still read.

    Attributes
    ----------
    trouble
        What the oracles disagreed about, if they did: of that case nobody knows the answer.
    """

    caller: Caller
    answers: Answers
    sources: SourceMap
    reading: Reading = field(default_factory=Reading)
    trouble: str = field(default="", init=False)
    _lethal: int = field(default=0, init=False)
    _climbed: dict[int, Trial | None] = field(default_factory=dict, init=False)

    @property
    def complete(self) -> bool:
        """Whether every case that was wanted has been answered."""
        return not self._lethal and not self.reading.spent

    @property
    def _is_over(self) -> bool:
        """Whether nothing more is asked."""
        return self._lethal >= MAX_LETHAL or self.reading.spent

    def climb(
        self,
        level: str,
        shows: Callable[[Trial], bool],
        may_show: Callable[[BankedCase], bool] = lambda _: True,
    ) -> Trial | None:
        """Return the first rung of a level's ladder that shows something; None where none does.

        No other is asked than those that may show it.
        """
        for rung in filter(may_show, self.answers.rungs(level)):
            if self._is_over:
                break
            if id(rung) not in self._climbed:
                self._climbed[id(rung)] = self._ask_banked(rung)
            trial = self._climbed[id(rung)]
            if trial is not None and shows(trial):
                return trial
        return None

    def find(self, level: str, first: Trial, start: Trial) -> Trial:
        """Return a small trial that fails as the first one does, perhaps the start itself.

        It is a rung of the level's ladder; only where none of them fails so, others are built.

        Parameters
        ----------
        level
            Its name.
        first
            The failure that is explained.
        start
            One that is like it and can be made smaller.
        """
        assert start.banked.recipe is not None  # noqa: S101 - it was drawn, or it is no start

        rung = self.climb(level, lambda trial: is_like(trial, first))
        if rung is not None or self._is_over:
            return rung or start
        strategy = self.caller.exercise.check.levels[level].strategy

        def fails(case: Case) -> bool:
            trial = None if self.reading.spent else self._ask_agreed(case)
            return trial is not None and is_like(trial, first)

        case = Shrinker(strategy, fails).smallest(start.banked.recipe)
        return (self._ask(case) if fails(case) else None) or start

    def simplify(
        self,
        level: str,
        start: Trial,
        shows: Callable[[Trial], bool],
        may_show: Callable[[BankedCase], bool] = lambda _: True,
    ) -> Trial:
        """Return a smaller trial that shows the same, with small numbers in it if it can have them.

        Parameters
        ----------
        level
            Its name.
        start
            One that shows it.
        shows
            Tells of another one whether it does.
        may_show
            Tells of a case, before it is asked, whether an answer to it can show that.
        """
        best = start
        if start.banked.recipe is None:
            return best
        if (rung := self.climb(level, shows, may_show)) is not None or self._is_over:
            return rung or start
        strategy = self.caller.exercise.check.levels[level].strategy

        def holds(case: Case) -> bool:
            nonlocal best
            trial = None if self.reading.spent else self._ask_agreed(case, may_show)
            if trial is None or not shows(trial):
                return False
            best = trial
            return True

        recipe = Shrinker(strategy, holds, MAX_SIMPLER).halve(start.banked.recipe)
        halved, found = best, []
        for seed in range(FILLINGS):
            best = halved
            if holds(strategy.build(PlainRecorder(replace(recipe, arrays=seed)))):
                found.append(best)
        return max(found, key=_count_wrong, default=halved)

    def look(self, trial: Trial) -> Seen:
        """Ask once more about a case that is shown: what it prints, and with which line it returns.

        Parameters
        ----------
        trial
            What is shown of it so far. Where the function fails alike with other numbers, those are
            shown, so that what was printed belongs to them.
        """
        nothing = Seen(trial)
        found = trial.verdict.mismatch
        step = min(found.step if found else 0, len(trial.answer.steps) - 1)
        tries = 0 if self.reading.spent or has_filled_memory(trial) else 2
        for _ in range(tries):  # the machine may take a worker, too
            if self._lethal:
                break
            try:
                again = self._ask_once(trial.banked, step)
                assert again.frame is not None  # noqa: S101 - it was just asked
                printed, line = read_look(again.frame)
            except WorkerLostError as error:
                self._lethal += MAX_LETHAL * isinstance(error, WorkerTimeoutError)
                continue
            if is_like(again, trial) and not is_too_deep(trial):
                return Seen(again, printed, line)
            kept = (found is not None and found.kind == "again") or is_too_deep(trial)
            return Seen(trial, printed, line) if kept else nothing
        return nothing

    def _ask_agreed(
        self, case: Case, may_show: Callable[[BankedCase], bool] = lambda _: True
    ) -> Trial | None:
        """Ask about one new case, unless nobody knows its answer or it shows nothing anyhow."""
        try:
            return self._ask(case, may_show)
        except OraclesDisagreeError as error:
            self.trouble = str(error)
            return None

    def _ask(
        self, case: Case, may_show: Callable[[BankedCase], bool] = lambda _: True
    ) -> Trial | None:
        """Ask about one new case; None when the worker is lost over it, or was too often.

        A worker that is lost may have been taken by the machine: the case is asked once more, so
        that only one which kills it by itself is passed over.
        """
        banked = self.answers.right(case)
        return self._ask_banked(banked) if may_show(banked) else None

    def _ask_banked(self, banked: BankedCase) -> Trial | None:
        """Ask about a case whose answer is known, as `_ask` does."""
        for _ in range(2):
            if self._lethal >= MAX_LETHAL:
                return None
            try:
                return self._ask_once(banked)
            except WorkerLostError as error:
                if isinstance(error, WorkerTimeoutError):  # no other case has any time left
                    self._lethal = MAX_LETHAL
        self._lethal += 1
        return None

    def _ask_once(self, banked: BankedCase, look: int | None = None) -> Trial:
        (frame,) = self.caller.call([banked], anew=False, look=look)
        trial = Trial(
            self.caller.exercise, banked, frame, sources=self.sources, reading=self.reading
        )
        try:
            judge_trial(trial)
        except ForgedFrameError:
            self.caller.lose()
            raise
        return trial


def _count_wrong(trial: Trial) -> int:
    return trial.verdict.mismatch.wrong if trial.verdict.mismatch else 0


def is_too_deep(trial: Trial) -> bool:
    """Tell whether a function called itself without end: looked at, it ends in another line."""
    last = trial.answer.steps[-1]
    return isinstance(last, Raised) and last.type == "RecursionError"


def has_filled_memory(trial: Trial) -> bool:
    """Tell whether a call used up the memory: it would take as long once more."""
    last = trial.answer.steps[-1]
    return isinstance(last, Raised) and last.memory


def is_like(trial: Trial, first: Trial) -> bool:
    """Tell whether a trial fails as the first one does."""
    one, other = trial.verdict, first.verdict
    kinds = [verdict.mismatch.kind if verdict.mismatch else "" for verdict in (one, other)]
    return one.status is other.status and kinds[0] == kinds[1]
