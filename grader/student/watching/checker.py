"""Check in the background with a worker started ahead; a newer check ends the older one."""

from __future__ import annotations

import contextlib
import threading
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

from grader.engine.cases.drawing import load_hypothesis
from grader.engine.cases.oracle import load_torch
from grader.errors import DlgradeError, InterruptedCheckError, WorkerError
from grader.worker.client import Worker
from grader.worker.seat import WorkerSeat

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from grader.course.course import Exercise
    from grader.engine.engine import Engine
    from grader.model import ExerciseResult

IDLE_S = 0.2


class InterruptibleSeat(WorkerSeat):
    """A seat whose check can be given up from another thread.

    Parameters
    ----------
    folder, engine
        Where the student's files are, and how a worker is started.
    spare
        A worker that has not seen the student's files yet.
    """

    def __init__(self, folder: Path, engine: Engine, spare: Worker | None) -> None:
        super().__init__(folder, engine.limits, engine.command)
        self._spare = spare
        self._lock = threading.Lock()
        self.interrupted = False

    @property
    def worker(self) -> Worker:
        """The living worker.

        Raises
        ------
        InterruptedCheckError
            The check was given up.
        """
        with self._lock:
            if self.interrupted:
                raise InterruptedCheckError("a newer check is wanted")
            return super().worker

    def interrupt(self) -> None:
        """Kill the worker, whatever it is doing, and let the check find no other."""
        with self._lock:
            self.interrupted = True
            if self._worker is not None:
                self._worker.kill()


@dataclass(frozen=True)
class Wish:
    """What to check next, and for whom: results of an older wish are not wanted any more."""

    number: int
    exercises: Sequence[Exercise]


@dataclass(frozen=True)
class News:
    """What the checker has to tell.

    Parameters
    ----------
    number
        Of the wish that it is about.
    kind
        "verdict" (points, no words yet), "result", "done" or "trouble".
    results
        One for a verdict or a result, all of them when done.
    text
        What went wrong with us.
    warnings
        What is left out of the files, when done.
    """

    number: int
    kind: str
    results: tuple[ExerciseResult, ...] = ()
    text: str = ""
    warnings: tuple[str, ...] = ()


class Checker:
    """Check on a thread of its own, the newest wish only.

    Parameters
    ----------
    engine
        Keeps the cases in memory.
    folder
        The student's files.
    on_news
        Told about verdicts and results, on the checker's thread.
    soon
        Exercises whose cases are drawn while there is nothing else to do.
    """

    def __init__(
        self,
        engine: Engine,
        folder: Path,
        on_news: Callable[[News], None],
        soon: Sequence[Exercise] = (),
    ) -> None:
        self._engine, self._folder, self._on_news = engine, folder.resolve(), on_news
        self._soon = list(soon)
        self._wishes: SimpleQueue[Wish | None] = SimpleQueue()
        self._newest = 0
        self._seat: InterruptibleSeat | None = None
        self._spare: Worker | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def start(self, exercises: Sequence[Exercise]) -> int:
        """Give up what is running and check these; return the number of the wish.

        What runs is given up before the wish can be taken, so that it is never the wish itself.
        """
        self._newest += 1
        seat = self._seat
        if seat is not None:
            seat.interrupt()
        self._wishes.put(Wish(self._newest, exercises))
        return self._newest

    def close(self) -> None:
        """End the check that is running, and the workers."""
        self._newest += 1
        self._wishes.put(None)
        seat = self._seat
        if seat is not None:
            seat.interrupt()
        self._thread.join(timeout=2.0)

    def _run(self) -> None:
        self._prepare()
        while (wish := self._next_wish()) is not None:
            if wish.number == self._newest:
                self._check(wish)
                self._prepare()
        if self._spare is not None:
            self._spare.close()

    def _next_wish(self) -> Wish | None:
        """Wait for a wish; until there is one, draw the cases that will be needed soon."""
        while True:
            try:
                return self._wishes.get(timeout=IDLE_S if self._soon else None)
            except Empty:
                exercise = self._soon.pop(0)
                with contextlib.suppress(Exception):  # said when that exercise is checked
                    self._engine.case_set(exercise)

    def _prepare(self) -> None:
        """Start the next worker while the student reads."""
        if self._spare is None:
            with contextlib.suppress(WorkerError):  # said when a check really needs one
                self._spare = Worker(self._folder, self._engine.limits, self._engine.command)

    def _check(self, wish: Wish) -> None:
        seat = InterruptibleSeat(self._folder, self._engine, self._spare)
        self._seat, self._spare = seat, None
        if wish.number != self._newest:  # a newer wish came before it could see this seat
            seat.interrupt()

        def tell(kind: str, *results: ExerciseResult, **more: Any) -> None:
            if not seat.interrupted:
                self._on_news(News(wish.number, kind, results, **more))

        try:
            with seat:
                found = self._engine.check(
                    self._folder,
                    wish.exercises,
                    on_result=lambda result: tell("result", result),
                    on_verdict=lambda result: tell("verdict", result),
                    seat=seat,
                )
            tell("done", *found.exercises, warnings=found.warnings)
        except InterruptedCheckError:
            pass
        except DlgradeError as error:
            tell("trouble", text=str(error))
        except Exception as error:  # noqa: BLE001 - the evening goes on, whatever we did wrong
            tell("trouble", text=f"a fault of dlgrade itself: {type(error).__name__}: {error}")
        finally:
            self._seat = None


def warm_up() -> None:
    """Import what the first wrong answer needs, on a thread of its own: it is paid for once.

    A check that needs one of these meanwhile waits for it: large packages whose parts import each
    other are never imported on two threads at once.
    """

    def load() -> None:
        load_hypothesis()
        load_torch()
        import psutil  # noqa: F401, PLC0415 - the import is the work

    threading.Thread(target=load, daemon=True).start()
