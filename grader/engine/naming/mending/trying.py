"""Ask the worker about a function in other texts, within a budget."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeVar

from grader.engine.asking.calls import is_doubtful
from grader.engine.judge import Reading, judge_level
from grader.errors import GivenUpError, WorkerLostError, WorkerStalledError
from grader.model import Raised, Status
from grader.worker.rewriting import Rewritten

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.engine.asking.calls import Caller
    from grader.engine.cases.caseset import BankedCase
    from grader.engine.judge import Trial
    from grader.engine.naming.mending.own import Edit, OwnFunctions
    from grader.model import Limits
    from grader.worker.client import Worker

Item = TypeVar("Item")

MAX_CALLS = 3_000  # in all
MAX_LOSSES = 4  # workers: of each text that ends one, two
MAX_OVERTIMES = 6
AT_ONCE = 25
CASE_S, WHOLE_S = 0.1, 3.0  # CPU seconds: of one case, and of the whole search
FAR = 1_000
OVERTIME = "Overtime"
STEPS = ("raises", "type", "dtype", "shape", "finite", "values", "changed", "again")


@dataclass
class Tried:
    """An edit, and what the function then answered to one case."""

    edit: Edit
    trial: Trial

    @property
    def passed(self) -> bool:
        """Whether that was right."""
        return self.trial.verdict.status is Status.PASSED

    @property
    def score(self) -> tuple[int, int, float]:
        """How near to right: in which part, how far the check came there, how much is right."""
        mismatch = self.trial.verdict.mismatch
        if mismatch is None:
            return FAR, 0, 0.0
        first = mismatch.path[0] if mismatch.path else 0
        share = 1 - mismatch.wrong / mismatch.total if mismatch.total else 0.0
        step = STEPS.index(mismatch.kind) if mismatch.kind in STEPS else 0
        return first if isinstance(first, int) else 0, step, share


@dataclass
class Tries:
    """The student's function in other texts.

    Parameters
    ----------
    caller
        The function.
    own
        Its text.
    """

    caller: Caller
    own: OwnFunctions
    calls: int = 0
    losses: int = 0
    overtimes: int = 0
    _reading: Reading = field(default_factory=Reading)
    _limited: list[tuple[Worker, Limits, float]] = field(default_factory=list)
    _lost_over: tuple[str, int] = ("", 0)
    _is_stalled: bool = False

    def edited(self, edits: Sequence[Edit], case: BankedCase) -> list[Tried]:
        """Try edits on one case; those over which the worker is lost are left out.

        Raises
        ------
        GivenUpError, WorkerLostError, ForgedFrameError
            No more can be tried.
        """
        written = [(edit, self.own.edited(edit)) for edit in edits]
        kept = [(edit, text) for edit, text in written if text is not None]
        trials = self.texts([text for _, text in kept], [case] * len(kept))
        pairs = zip(kept, trials, strict=True)
        return [Tried(edit, trial) for (edit, _), trial in pairs if trial is not None]

    def one(self, edit: Edit, cases: Sequence[BankedCase]) -> Iterator[Trial | None]:
        """Yield the trial of each case with one edit, a portion at a time."""
        text = self.own.edited(edit) or ""
        for some in portions(cases):
            yield from self.texts([text] * len(some), some)

    def all_right(self, edit: Edit, cases: Sequence[BankedCase]) -> bool:
        """Tell whether every case comes out right with an edit."""
        trials = self.one(edit, cases)
        return all(t is not None and t.verdict.status is Status.PASSED for t in trials)

    def texts(self, texts: Sequence[str], cases: Sequence[BankedCase]) -> list[Trial | None]:
        """Return a trial for each text and its case; None where the worker was lost over it."""
        found: list[Trial | None] = []
        while len(found) < len(texts):
            at = len(found)
            found += self._ask(texts[at:], cases[at:])
        return found

    def begin(self) -> None:
        """Start the count of what the search may use."""
        self._limit(self.caller.seat.worker)
        self.caller.begin()

    def _limit(self, worker: Worker) -> None:
        """Let a worker compute no longer than a search may, and wait as long as ever.

        On a busy machine it is waited for longer, and nothing else is told.
        """
        if all(worker is not other for other, _, _ in self._limited):
            self._limited.append((worker, worker.limits, worker.wall_factor))
            timeout_s = min(worker.limits.timeout_s, WHOLE_S)
            worker.wall_factor *= worker.limits.timeout_s / timeout_s
            worker.limits = replace(worker.limits, timeout_s=timeout_s)

    def end(self) -> None:
        """Give the worker back the limits that it had."""
        for worker, limits, wall_factor in self._limited:
            worker.limits, worker.wall_factor = limits, wall_factor

    def _ask(self, texts: Sequence[str], cases: Sequence[BankedCase]) -> list[Trial | None]:
        self.calls += len(cases)
        if self.calls > MAX_CALLS or self.overtimes > MAX_OVERTIMES or self._reading.spent:
            raise GivenUpError
        self._limit(self.caller.seat.worker)
        asked = Rewritten(self.caller.exercise.name, self.own.base, texts, CASE_S)
        frames, lost = [], None
        try:
            anew, self._is_stalled = self._is_stalled, False
            for frame in self.caller.call(cases, anew=anew, rewritten=asked):
                frames.append(frame)  # noqa: PERF402 - what came before a death is kept
        except WorkerLostError as error:
            self.losses += 1
            if self.losses > MAX_LOSSES or not is_doubtful(error):
                raise
            lost, self._is_stalled = error, isinstance(error, WorkerStalledError)
        trials = judge_level(self.caller.exercise, cases, frames, reading=self._reading)
        self.overtimes += sum(map(_is_overtime, trials))
        if lost is None:
            return [*trials]
        over = texts[len(trials)], id(cases[len(trials)])
        if over != self._lost_over:  # the machine may have taken it: the next call begins with it
            self._lost_over = over
            return [*trials]
        return [*trials, None]


def _is_overtime(trial: Trial) -> bool:
    if trial.verdict.status is not Status.ERROR:
        return False
    last = trial.answer.steps[-1]
    return isinstance(last, Raised) and last.type == OVERTIME


def portions(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    """Yield some items after another, as many as are asked about at once.

    Examples
    --------
    >>> [len(some) for some in portions(range(60))]
    [25, 25, 10]
    """
    for start in range(0, len(items), AT_ONCE):
        yield items[start : start + AT_ONCE]
