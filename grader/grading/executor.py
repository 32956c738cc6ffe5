"""Where submissions are graded: `submit` takes bytes and promises plain facts.

`LocalExecutor` keeps as many grading processes (`job`) as it may. One of them may die at any
moment, however violently: its submission is tried once more on a new one, and the others never
notice. A cluster's executor only has to offer the same `submit` and `close`.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import subprocess
import sys
import threading
from concurrent.futures import Future
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, Protocol

from grader.errors import FrameError, GraderError, LostError, SandboxError
from grader.frames import read_frame, write_frame

if TYPE_CHECKING:
    from grader.grading.job import Graded, Setup

TRIES = 2
END_S = 5.0
ROOT = Path(__file__).resolve().parents[2]  # the folder that `grader` is in


@dataclass(frozen=True)
class Order:
    """One submission to grade: bytes and names, nothing else."""

    package: bytes
    exercises: tuple[str, ...]
    student: str = ""


class Executor(Protocol):
    """What a run needs to have submissions graded."""

    def submit(self, order: Order) -> Future[Graded]:
        """Promise the facts about a submission.

        The future raises `LostError` when the machine was lost twice, and `GraderError` when
        nothing can be graded at all.
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
    """

    def __init__(self, setup: Setup, jobs: int) -> None:
        self._setup = setup
        self._orders: SimpleQueue[tuple[Order, Future[Graded]] | None] = SimpleQueue()
        self._closed = False
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
        problem = ""
        for _ in range(TRIES):
            try:
                request = {"exercises": order.exercises, "student": order.student}
                reply = self._job(number).ask(request, order.package)
            except LostError as error:
                problem = str(error)
            else:
                if "error" not in reply:
                    return {"facts": reply["facts"], "warnings": reply["warnings"]}
                if reply["fatal"]:
                    raise _as_exception(reply)
                problem = reply["error"]
            self._drop(number)
            if self._closed:
                break
        raise LostError(problem)

    def _job(self, number: int) -> JobProcess:
        if number not in self._jobs:
            scratch = Path(self._setup.scratch) / f"job-{secrets.token_hex(8)}"
            self._jobs[number] = JobProcess(replace(self._setup, scratch=str(scratch)))
        return self._jobs[number]

    def _drop(self, number: int) -> None:
        job = self._jobs.pop(number, None)
        if job:
            job.end()


def _as_exception(reply: dict[str, Any]) -> Exception:
    error = GraderError(reply["error"])
    error.exit_code = reply["code"]
    return error


class JobProcess:
    """One running `grader.grading.job`.

    Parameters
    ----------
    setup
        Its first message.

    Raises
    ------
    SandboxError
        It cannot start: the message says what helps.
    """

    def __init__(self, setup: Setup) -> None:
        self._scratch = Path(setup.scratch)
        shutil.rmtree(self._scratch, ignore_errors=True)
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "grader.grading.job"],  # -P: never from the current folder
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=None if os.environ.get("DLGRADE_TRACEBACK") else subprocess.DEVNULL,
            env={
                **os.environ,
                "PYTHONPATH": _python_path(),
                "HYPOTHESIS_STORAGE_DIRECTORY": str(self._scratch),  # never the current folder
            },
            start_new_session=True,  # an interrupt at the terminal is ours to handle
        )
        try:
            reply = self.ask(asdict(setup))
        except LostError:
            self.end()
            raise
        if "error" in reply:
            self.end()
            raise SandboxError(reply["error"])

    def ask(self, request: dict[str, Any], data: bytes = b"") -> dict[str, Any]:
        """Send a message and wait for the reply.

        Raises
        ------
        LostError
            The process has ended.
        """
        incoming, outgoing = self._process.stdout, self._process.stdin
        try:
            if incoming is None or outgoing is None:
                raise LostError("the grading process has no pipes")
            write_frame(outgoing, request, data)
            message = read_frame(incoming)
        except (OSError, ValueError, FrameError) as error:
            raise LostError(f"the grading process was lost ({error})") from error
        if message is None:
            code = self._process.wait()
            raise LostError(f"the grading process was lost (exit code {code})")
        return dict(message[0])

    def end(self) -> None:
        """End the process; its own part is to leave no worker and no file behind."""
        with contextlib.suppress(OSError, ValueError):
            if self._process.stdin:
                self._process.stdin.close()
        try:
            self._process.wait(timeout=END_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        with contextlib.suppress(OSError, ValueError):
            if self._process.stdout:
                self._process.stdout.close()
        shutil.rmtree(self._scratch, ignore_errors=True)


def _python_path() -> str:
    """Return a path on which the job finds this very package."""
    before = os.environ.get("PYTHONPATH", "")
    return f"{ROOT}{os.pathsep}{before}" if before else str(ROOT)
