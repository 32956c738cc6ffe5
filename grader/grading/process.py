"""Start a grading process, talk with it within limits, and find out why it was lost.

It is as expendable as a worker: whatever it does, it has to be heard of in time and stay within its
memory. What it was doing when it was lost says whose fault that was.
"""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

from grader.errors import FrameError, SandboxError, Signal
from grader.files.removing import remove_tree
from grader.frames import read_frame, write_frame
from grader.grading.messages import ANSWERS_SIGNALS, STACK, Fault
from grader.worker.client import WALL_FACTOR
from grader.worker.family import cpu_seconds, find_family, memory_mib
from grader.worker.waiting import Waiting

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.grading.messages import Setup

ROOT = Path(__file__).resolve().parents[2]  # the folder that `grader` is in
LOOK_S = 0.25
END_S = 5.0
OWN_S = 120.0  # for what a grading process does itself on one exercise, torch's import included
BUDGETS = 4  # times that an exercise can use up its limits, its worker being lost in between
MEMORY_MIB = 2_048  # of the process itself; its workers have their own
COMPUTING = 0.25  # who uses less of the time than this was not let run
STACK_S = 2.0
STACK_LINE = re.compile(r'^  File "([^"]*)", line (\d+) in (.*)$', re.MULTILINE)


class JobLostError(Signal):
    """A grading process is of no more use.

    Parameters
    ----------
    text
        What happened, and over what.
    fault
        Whose fault it was.
    """

    def __init__(self, text: str, fault: Fault) -> None:
        super().__init__(text)
        self.fault = fault


@dataclass
class _Step:
    """What a process is doing: since when, and how much it had computed until then."""

    name: str
    waiting: Waiting
    cpu_s: float


class JobProcess:
    """One running `grader.grading.job`.

    Parameters
    ----------
    setup
        Its first message.
    started
        A process that waits for it already (`started_ahead`); else one is started.

    Raises
    ------
    SandboxError
        It cannot start: the message says what helps.
    JobLostError
        It was lost before it could say anything.
    """

    def __init__(self, setup: Setup, started: subprocess.Popen[bytes] | None = None) -> None:
        self._scratch = Path(setup.scratch)
        self._lease_s = BUDGETS * WALL_FACTOR * setup.timeout_s + OWN_S
        self._incoming: SimpleQueue[dict[str, Any] | Exception | None] = SimpleQueue()
        self._outgoing: SimpleQueue[tuple[Any, bytes] | None] = SimpleQueue()
        self._authors: Sequence[str] = ()
        remove_tree(self._scratch)
        try:
            self._process = started or start_job()
        except OSError as error:
            text = f"starting: a grading process cannot be started ({error})"
            raise JobLostError(text, Fault.MACHINE) from error
        for task in (self._read, self._write):
            threading.Thread(target=task, daemon=True).start()
        try:
            reply = self.ask(asdict(setup))
        except JobLostError:
            self.end()
            raise
        if "error" in reply:
            self.end()
            raise SandboxError(reply["error"])
        self._authors = reply["authors"]

    # ------------------------------------------------------------------ messages

    def _read(self) -> None:
        pipe = self._process.stdout
        assert pipe is not None  # noqa: S101 - it was asked for
        try:
            with pipe:
                while (message := read_frame(pipe)) is not None:
                    self._incoming.put(message[0])
        except (OSError, ValueError, FrameError) as error:
            self._incoming.put(error)
        self._incoming.put(None)

    def _write(self) -> None:
        pipe = self._process.stdin
        assert pipe is not None  # noqa: S101 - it was asked for
        with contextlib.suppress(OSError, ValueError), pipe:  # told by the end of what it says
            while (message := self._outgoing.get()) is not None:
                write_frame(pipe, *message)

    def ask(self, request: dict[str, Any], data: bytes = b"") -> dict[str, Any]:
        """Send a message and wait for the reply.

        Raises
        ------
        JobLostError
            The process has ended, or was ended because it broke a limit.
        """
        step = self._begin("starting")
        self._outgoing.put((request, data))
        while True:
            try:
                message = self._incoming.get(timeout=LOOK_S)
            except Empty:
                self._watch(step)
                continue
            if isinstance(message, dict) and "at" not in message:
                return message
            if not isinstance(message, dict):
                raise self._ended(step, message)
            step = self._begin(message["at"])

    def _begin(self, name: str) -> _Step:
        return _Step(name, Waiting(), cpu_seconds(find_family(self._process.pid)))

    # ------------------------------------------------------------------ limits

    def _watch(self, step: _Step) -> None:
        """Make sure that the process stays within its limits.

        Raises
        ------
        JobLostError
            It does not.
        """
        waited_s = step.waiting.look()
        broken = ""
        if memory_mib([self._process.pid]) > MEMORY_MIB:
            broken = f"needed more than {MEMORY_MIB} MiB of memory"
        elif waited_s > self._lease_s:
            broken = f"did not end within {self._lease_s:.0f} s"
        if broken:
            lost = self._beyond(f"{step.name}: the grading process {broken}", step, waited_s)
            self._kill()
            raise lost

    def _beyond(self, text: str, step: _Step, waited_s: float) -> JobLostError:
        """Return what to say of a process that broke a limit, by what it is doing."""
        for path, line, function in self._stack():
            if any(Path(path).is_relative_to(folder) for folder in self._authors):
                where = f"{Path(path).name}, line {line}, in {function}"
                return JobLostError(f"{text}, in the course's own code ({where})", Fault.OURS)
        computed_s = cpu_seconds(find_family(self._process.pid)) - step.cpu_s
        if waited_s > self._lease_s and computed_s < COMPUTING * waited_s:
            return JobLostError(f"{text}, and hardly computed meanwhile", Fault.MACHINE)
        return JobLostError(text, Fault.CONTENT)

    def _stack(self) -> list[tuple[str, str, str]]:
        """Return file, line and function of all that the process is doing, the innermost first."""
        if not ANSWERS_SIGNALS:
            return []
        path = self._scratch / STACK
        with contextlib.suppress(OSError):
            os.kill(self._process.pid, signal.SIGUSR1)
            end = time.monotonic() + STACK_S
            while not path.stat().st_size and time.monotonic() < end:
                time.sleep(LOOK_S / 10)
            time.sleep(LOOK_S)
            return STACK_LINE.findall(path.read_text(encoding="utf-8", errors="replace"))
        return []

    def _ended(self, step: _Step, error: Exception | None) -> JobLostError:
        """Return what to say of a process that is heard of no more."""
        if error is not None:
            text = f"{step.name}: the grading process was lost ({error})"
            return JobLostError(text, Fault.OURS)
        code = self._process.wait()
        text = f"{step.name}: the grading process was lost (exit code {code})"
        return JobLostError(text, Fault.MACHINE if code < 0 else Fault.OURS)

    # ------------------------------------------------------------------ the end

    def end(self) -> None:
        """End the process; its own part is to leave no worker and no file behind."""
        self._outgoing.put(None)
        try:
            self._process.wait(timeout=END_S)
        except subprocess.TimeoutExpired:
            self._kill()
        remove_tree(self._scratch)

    def _kill(self) -> None:
        """End the process at once, and its workers, which it can end no more."""
        for pid in reversed(find_family(self._process.pid)):
            with contextlib.suppress(OSError):
                os.kill(pid, getattr(signal, "SIGKILL", signal.SIGTERM))
        self._process.kill()
        self._process.wait()


def start_job() -> subprocess.Popen[bytes]:
    """Start a grading process, which waits for its first message."""
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "grader.grading.job"],  # -P: never from the current folder
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=None if os.environ.get("DLGRADE_TRACEBACK") else subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": _python_path()},
        start_new_session=True,  # an interrupt at the terminal is ours to handle
    )


@contextlib.contextmanager
def started_ahead() -> Iterator[subprocess.Popen[bytes] | None]:
    """Start a grading process before it is known what for: it is ready when there is an order.

    Yields
    ------
    process
        For one `JobProcess`, which ends it; it is ended here if nobody had a use for it. None
        where it cannot be started.
    """
    process = None
    with contextlib.suppress(OSError):
        process = start_job()
    try:
        yield process
    finally:
        if process is not None:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                with contextlib.suppress(OSError):
                    pipe.close()  # type: ignore[union-attr]


def _python_path() -> str:
    """Return a path on which the job finds this very package."""
    before = os.environ.get("PYTHONPATH", "")
    return f"{ROOT}{os.pathsep}{before}" if before else str(ROOT)
