"""Where submissions are graded: `submit` takes bytes and promises plain facts.

`LocalExecutor` keeps as many grading processes (`process`, `job`) as it may. One of them may be
lost at any moment, however violently: its submission is tried once more on a new one, and the
others never notice. `grader.cluster.executor` offers the same, from other machines.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import threading
from concurrent.futures import Future
from dataclasses import dataclass, replace
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, Protocol, cast

from grader.errors import GraderError, HopelessError, LostError, OverwhelmedError
from grader.grading.messages import Fault
from grader.grading.process import END_S, JobLostError, JobProcess

if TYPE_CHECKING:
    import subprocess

    from grader.grading.messages import Graded, Setup

MAX_IN_A_ROW = 3  # submissions that no process could grade: then the run stops


DRAW = b""  # in place of a submission: only draw the cases


@dataclass(frozen=True)
class Order:
    """One submission to grade: bytes and names, nothing else."""

    package: bytes
    exercises: tuple[str, ...]
    student: str = ""


class LostInARow:
    """How many submissions in a row could not be graded: one is bad luck, many are our fault."""

    def __init__(self) -> None:
        self._count = 0

    def end(self) -> None:
        """Begin anew: one was graded."""
        self._count = 0

    def lost(self, student: str, text: str) -> Exception:
        """Return what to raise: about this submission, or about the run when it is one of many."""
        self._count += 1
        if self._count < MAX_IN_A_ROW:
            return LostError(text)
        many = f"{MAX_IN_A_ROW} submissions in a row could not be graded, the last one {student}"
        return HopelessError(
            f"{many}: {text}; what was graded is kept: mend that and run the same command again"
        )


class Executor(Protocol):
    """What a run needs to have submissions graded."""

    @property
    def ahead(self) -> int:
        """How many orders may be under way at once: more than can be graded, and not many."""

    def submit(self, order: Order) -> Future[Graded]:
        """Promise the facts about a submission.

        The future raises `LostError` when nobody could tell, by no fault of the submission;
        `OverwhelmedError` when it was too much for a grading process; `HopelessError` when it was
        one too many of which nobody could tell; and `GraderError` when nothing can be graded.
        """

    def close(self) -> None:
        """End everything that is still going on."""


class LocalExecutor:
    """Grade on this machine, in processes of its own.

    Parameters
    ----------
    setup
        What all jobs have in common; each gets a folder of its own inside of `setup.scratch`.
    jobs
        How many processes.
    started
        One that waits for its setup already.
    """

    def __init__(
        self, setup: Setup, jobs: int, started: subprocess.Popen[bytes] | None = None
    ) -> None:
        self._setup = setup
        self._started = [] if started is None else [started]
        self.ahead = jobs + 1
        self._orders: SimpleQueue[tuple[Order, Future[Graded]] | None] = SimpleQueue()
        self._closed = False
        self._in_a_row = LostInARow()
        self._jobs: dict[int, JobProcess] = {}
        self._threads = [
            threading.Thread(target=self._serve, args=(number,), daemon=True)
            for number in range(jobs)
        ]
        for thread in self._threads:
            thread.start()

    def submit(self, order: Order) -> Future[Graded]:
        """Promise the facts about a submission."""
        future: Future[Graded] = Future()
        self._orders.put((order, future))
        return future

    def close(self) -> None:
        """End all jobs: at once what is still grading, in order what is idle."""
        self._closed = True
        for _ in self._threads:
            self._orders.put(None)
        for job in list(self._jobs.values()):
            job.end()
        for thread in self._threads:
            thread.join(timeout=END_S)

    def _serve(self, number: int) -> None:
        """Hand one order after another to one job, replacing the job when it is lost."""
        while (item := self._orders.get()) is not None and not self._closed:
            order, future = item
            try:
                future.set_result(self._grade(number, order))
            except BaseException as error:  # noqa: BLE001 - it belongs to whoever waits
                future.set_exception(error)

    def _grade(self, number: int, order: Order) -> Graded:
        """Return the facts about a submission, tried again where that may help.

        A process that was ended from outside may have better luck, and what overwhelmed one may
        have met a machine with little left; a fault of ours would only happen again.
        """
        for last in (False, True):
            try:
                reply = self._ask(number, order)
            except JobLostError as error:
                self._drop(number)
                if self._closed:
                    raise LostError(str(error)) from error
                if last and error.fault is Fault.CONTENT:
                    raise OverwhelmedError(str(error)) from error
                if last or error.fault is Fault.OURS:
                    raise self._in_a_row.lost(order.student, str(error)) from error
            else:
                self._in_a_row.end()
                return reply
        raise AssertionError("the last try returns or raises")

    def _ask(self, number: int, order: Order) -> Graded:
        request = {"exercises": order.exercises, "student": order.student}
        reply = self._job(number).ask(request, order.package)
        if "error" not in reply:
            return cast("Graded", reply)
        if reply["fault"] is None:
            raise _as_exception(reply)
        raise JobLostError(reply["error"], Fault(reply["fault"]))

    def _job(self, number: int) -> JobProcess:
        if number not in self._jobs:
            scratch = Path(self._setup.scratch) / f"job-{secrets.token_hex(8)}"
            setup, started = replace(self._setup, scratch=str(scratch)), None
            with contextlib.suppress(IndexError):
                started = self._started.pop()
            self._jobs[number] = JobProcess(setup, started)
        return self._jobs[number]

    def _drop(self, number: int) -> None:
        job = self._jobs.pop(number, None)
        if job:
            job.end()


def _as_exception(reply: dict[str, Any]) -> Exception:
    error = GraderError(reply["error"])
    error.exit_code = reply["code"]
    return error


def count_cores() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
