"""Ask all of a level: every case, and three of them again; or how quickly it is answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.engine.asking.calls import is_doubtful
from grader.engine.asking.pacing import time_level
from grader.engine.judge import judge_level
from grader.engine.naming.losses import LevelFindings, first_inconstant
from grader.errors import ForgedFrameError, WorkerLostError, WorkerTimeoutError
from grader.model import Status
from grader.model.results import OUT_OF_MEMORY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from grader.engine.asking.calls import Caller
    from grader.engine.cases.caseset import BankedCase, BankedLevel
    from grader.engine.cases.oracle import Oracles
    from grader.engine.judge import Reading, Trial
    from grader.model.sourcemap import SourceMap
    from grader.worker.wire import Frame

FULL = b'"memory":true'  # of a MemoryError: no text in a reply holds it, whose quotes are escaped
FILLING_S = 0.5  # what the cases of a level that end so may be waited for in all
QUICK_S = 0.1  # and who raises it at once has filled nothing


@dataclass
class LevelAsker:
    """Asks one function of a student's about whole levels.

    Parameters
    ----------
    caller
        The function.
    sources, reading
        As for any answer (`judge.Trial`).
    find_oracles
        Returns whose time is the yardstick of a level that asks for a quick answer.
    again_s
        CPU seconds for each level after one that ran out of time; None for as many again.
    """

    caller: Caller
    sources: SourceMap
    reading: Reading
    find_oracles: Callable[[], Oracles]
    again_s: float | None = None

    def ask(self, level: BankedLevel) -> LevelFindings:
        """Return what becomes of a level."""
        described = self.caller.exercise.check.levels[level.name]
        return self._time(level) if described.times is not None else self._ask_all(level)

    def _ask_all(self, level: BankedLevel) -> LevelFindings:
        """Ask every case of a level, and three of them again."""
        findings = LevelFindings()
        repeats = sorted({0, len(level.cases) // 2, len(level.cases) - 1})
        asked = [*level.cases, *(level.cases[index] for index in repeats)]
        frames: list[Frame] = []
        trials: list[Trial] = []

        def judge() -> None:
            """Judge what has come since the last time."""
            start = len(trials)
            some = (self.caller.exercise, asked[start:], frames[start:])
            trials.extend(judge_level(*some, self.sources, self.reading, before=trials))

        try:
            for frame in self._hear(findings, asked):
                frames.append(frame)  # what came before a death is kept
                if len(frames) == len(asked) // 2:  # the worker makes the others meanwhile
                    judge()
            judge()
        except ForgedFrameError as error:
            if findings.death is None:
                self.caller.lose()
            trials, findings.death = [], (Status.CRASHED, str(error))
        findings.trials = trials[: len(level.cases)]
        if findings.death is not None:
            findings.at = asked[min(len(frames), len(asked) - 1)]
        first_time = [findings.trials[index] for index in repeats if index < len(findings.trials)]
        findings.again = first_inconstant(first_time, trials[len(level.cases) :])
        return findings

    def _hear(self, findings: LevelFindings, asked: Sequence[BankedCase]) -> Iterator[Frame]:
        """Yield the reply to each case; write down why there are no more."""
        filling_s, since_s = 0.0, self.caller.seat.waited_s
        try:
            for frame in self.caller.call(asked):
                yield frame
                case_s = self.caller.seat.waited_s - since_s
                filling_s += case_s if FULL in frame[0] and case_s > QUICK_S else 0.0
                if filling_s > FILLING_S:
                    self._cut(findings)
                    return
                since_s += case_s
        except WorkerLostError as error:
            self._note(findings, error)

    def _cut(self, findings: LevelFindings) -> None:
        """Ask no more of a level whose cases have taken long to fill the memory.

        That is no matter of points: the level fails anyhow, and no worker counts as lost.
        """
        self.caller.end()
        self.caller.allowed_s = self.again_s
        findings.death = (Status.CRASHED, OUT_OF_MEMORY)

    def _time(self, level: BankedLevel) -> LevelFindings:
        """Ask a level until one answer is quick enough."""
        findings = LevelFindings()
        asked = (self.caller, level, self.find_oracles, self.sources, self.reading)
        try:
            findings.trials, findings.death = time_level(*asked)
        except ForgedFrameError as error:
            self.caller.lose()
            findings.death = (Status.CRASHED, str(error))
        except WorkerLostError as error:
            self._note(findings, error)
            findings.at = level.cases[0]
        return findings

    def _note(self, findings: LevelFindings, error: WorkerLostError) -> None:
        """Write down how a worker was lost over a level."""
        timed_out = isinstance(error, WorkerTimeoutError)
        hurried = timed_out and self.caller.allowed_s is not None
        status = Status.NOT_RUN if hurried else Status.TIMEOUT if timed_out else Status.CRASHED
        findings.death = (status, str(error))
        if timed_out:
            self.caller.allowed_s = self.again_s
        findings.doubtful = is_doubtful(error)
        findings.loss = self.caller.loss
