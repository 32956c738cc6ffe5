"""Start a worker, send it cases, time it, and kill it.

The worker is hostile until proven otherwise: it may answer anything, print without end, sleep,
fork or die. All that can come of it here is an answer that still has to be right, or one of the
two errors of `WorkerLostError`'s branch that `call` raises.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import secrets
import signal
import subprocess
import time
import weakref
from functools import partial
from queue import Empty
from typing import TYPE_CHECKING, Any, Self

from grader.errors import WorkerDiedError, WorkerError, WorkerStalledError, WorkerTimeoutError
from grader.worker.child import agreed
from grader.worker.command import plain_command
from grader.worker.family import cpu_seconds, find_family, memory_mib
from grader.worker.launch import Launch, how_it_ended
from grader.worker.pipes import MAX_TEXT_BYTES, TOO_LONG, Pipes
from grader.worker.waiting import Waiting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from grader.model import LeftOut, Limits, Raised
    from grader.worker.rewriting import Rewritten
    from grader.worker.wire import Frame, Request

    Command = Callable[[Path, Limits], list[str] | Launch]

WALL_FACTOR, MEMORY_MARGIN_MIB = 3.0, 128
WATCH_S, START_S, END_S = 0.05, 60.0, 1.0

_running: weakref.WeakSet[Worker] = weakref.WeakSet()


@atexit.register
def kill_all() -> None:
    """End every worker of this process, without waiting for any."""
    for worker in list(_running):
        worker.kill()


class Worker:
    """One child process and the private pipe to it.

    Parameters
    ----------
    folder
        The student's files.
    limits
        What one exercise may use; `begin` starts the count.
    command
        Makes the command line; a sandbox is another command.

    Raises
    ------
    WorkerError
        The process cannot be started at all.
    """

    def __init__(self, folder: Path, limits: Limits, command: Command = plain_command) -> None:
        self.limits, self.wall_factor = limits, WALL_FACTOR
        self._ready, self._cpu_start, self._allowed_s = False, 0.0, limits.timeout_s
        self.waited_s = self.total_waited_s = 0.0  # for the exercise, and for all of them
        self._checked_at = self._measured_at = time.monotonic()
        self._measured_cpu_s = 0.0
        launch = command(folder, limits)
        self._launch = launch if isinstance(launch, Launch) else Launch(launch)
        self._process = self._launch.start(folder)
        _running.add(self)
        confine = partial(self._launch.confine, self._process.pid)
        self._pipes = Pipes(self._process, limits.output_mib, self.kill, confine)

    # ------------------------------------------------------------------ asking

    def begin(self, waited_s: float = 0.0, allowed_s: float | None = None) -> None:
        """Start the count of CPU and wall time for one exercise, or go on where it was.

        With `allowed_s` another number of CPU seconds counts than that of the limits.
        """
        self.waited_s = waited_s
        self._allowed_s = self.limits.timeout_s if allowed_s is None else allowed_s
        # Asking for the CPU time costs more than a quick exercise: an old reading will do while
        # it can only be wrong by a small part of what is allowed.
        if time.monotonic() - self._measured_at > self.limits.timeout_s / 20:
            self.cpu_s()
        self._cpu_start = self._measured_cpu_s
        if self._ready:  # until then the words are those of a start that may have failed
            self._pipes.forget_output()

    @property
    def output(self) -> str:
        """What the student's code printed since the exercise began, as far as it was kept."""
        return self._pipes.output

    @property
    def last_output(self) -> str:
        """The end of what was printed since the last call began, which may be all of it."""
        self._pipes.await_output(END_S if self._process.poll() is not None else WATCH_S)
        return self._pipes.last_output

    def read_stack(self) -> bytes:
        """Return what the process says about the lines it is at; it cannot be asked afterwards."""
        from grader.worker.traces import ask_where  # noqa: PLC0415 - as in `load`

        return self._pipes.read_stack(lambda: ask_where(self._process.pid, self._launch.depth))

    def _await_ready(self) -> None:
        """Wait until numpy is there and the limits hold: our cost, and our fault if they do not."""

        def check(waited_s: float) -> None:
            if waited_s > START_S:
                raise WorkerError(f"a worker did not start within {START_S:g} s")

        frame = self._wait(Waiting(), check)
        if frame is None:
            self._pipes.await_output(END_S)  # what it says comes by another pipe
            said = self.output.strip().rpartition("\n")[2]
            said = said or f"{self._why_dead()}, and nothing was said"
            raise WorkerError(f"a worker did not start: {said}")
        self._measured_at = time.monotonic()
        self._measured_cpu_s = self._cpu_start = json.loads(frame[0][agreed.TOKEN_BYTES :])["ready"]
        self._ready = True
        self._pipes.forget_output()

    def require_answer(self) -> None:
        """Make sure that it starts and answers, whatever that is; it raises what `load` does."""
        self._next(self._send({"do": "load", "module": "nothing", "name": "nothing"}))

    def load(self, module: str, function: str, left_out: LeftOut | None = None) -> Raised | bool:
        """Import a file of the student's; tell whether it has this function, or what it raised.

        Raises
        ------
        WorkerDiedError, WorkerTimeoutError, WorkerStalledError
        """
        from grader.worker import wire  # noqa: PLC0415 - a worker starts while numpy is imported

        self._pipes.allow([wire.MORE_BYTES])
        asked = {"do": "load", "module": module, "name": function}
        text, data = self._next(self._send(asked | (left_out.tree if left_out else {})))
        try:
            tree = wire.read_tree(b"" if data else text)
            return wire.read_exception(tree["x"]) if "x" in tree else tree["callable"] is True
        except Exception as error:  # whatever a reply makes us raise is the reply's fault
            raise WorkerDiedError("its answer could not be read") from error

    def call(  # noqa: PLR0913 - what a request says, one by one
        self, module: str, name: str | Rewritten, cases: Sequence[Request],
        most: Sequence[int] = (), look: int | None = None, *, script: bool = False,
    ) -> Iterator[Frame]:  # fmt: skip
        """Call a function for each case; yield the raw replies in order, as they come.

        A reply's text, and its bytes, may each be as long as `most` says (`wire.most_bytes`). With
        `look`, the replies say what that step printed, and with which line it returned.

        Raises
        ------
        WorkerDiedError, WorkerTimeoutError, WorkerStalledError
        """
        texts = ",".join(case.text for case in cases)
        sizes = ",".join(str(len(case.data)) for case in cases)
        asked = {"name": name} if isinstance(name, str) else name.tree
        more: dict[str, Any] = {} if look is None else {"look": look}
        more |= {"script": True} if script else {}
        names = json.dumps({"do": "call", "module": module, **asked, **more})
        bounds = list(most) or [MAX_TEXT_BYTES] * len(cases)
        text = f'{names[:-1]},"cases":[{texts}],"sizes":[{sizes}],"most":{bounds}}}'
        self._pipes.allow(bounds)
        token = self._send(text, b"".join(case.data for case in cases))
        for bound in bounds:
            frame = self._next(token)
            if max(map(len, frame)) > bound:
                raise WorkerDiedError(TOO_LONG)
            yield frame

    def _send(self, request: dict[str, Any] | str, data: bytes = b"") -> bytes:
        if not self._ready:
            self._await_ready()
        text = (request if isinstance(request, str) else json.dumps(request)).encode()
        token = secrets.token_bytes(agreed.TOKEN_BYTES)
        self._pipes.send(agreed.PREFIX.pack(token, len(text), len(data)) + text + data)
        return token

    def _next(self, token: bytes) -> Frame:
        """Wait for the next frame within the limits; only waiting counts as wall time."""
        waiting = Waiting(self.waited_s)
        try:
            frame = self._wait(waiting, self._check_limits)
        finally:
            before, self.waited_s = self.waited_s, waiting.look()
            self.total_waited_s += self.waited_s - before
        if frame is None:
            raise WorkerDiedError(self._why_dead())
        seen, text = frame[0][: agreed.TOKEN_BYTES], frame[0][agreed.TOKEN_BYTES :]
        if seen != token:
            raise WorkerDiedError("something wrote into the grader's private pipe")
        if time.monotonic() - self._checked_at > WATCH_S:  # also while answers keep coming
            self._check_limits(self.waited_s)
        return text, frame[1]

    def _wait(self, waiting: Waiting, check: Callable[[float], None]) -> Frame | None:
        """Wait for a frame, checking meanwhile how long; None when there will be no other."""
        patience_s = WATCH_S
        while True:
            try:
                return self._pipes.next_frame(patience_s)
            except Empty:
                if patience_s == END_S:  # it has ended, and a process of its own holds the pipe
                    return None
                patience_s = WATCH_S if self._process.poll() is None else END_S
                check(waiting.look())

    # ------------------------------------------------------------------ limits

    def _check_limits(self, waited_s: float) -> None:
        self._checked_at = time.monotonic()
        allowed = self._allowed_s
        self._check_memory()
        if waited_s < allowed / 8:  # not even eight busy threads can have used it up
            return
        if self.cpu_s() - self._cpu_start > allowed:
            raise WorkerTimeoutError(f"no answer after {allowed:g} s of computing")
        if waited_s > (most := allowed * self.wall_factor):
            raise WorkerStalledError(f"no answer after {most:.3g} s of waiting")

    def _check_memory(self) -> None:
        """Add up the family's memory: each process has its own limit, but there may be many."""
        if self._launch.memory_is_counted:
            return
        used_mib = memory_mib(find_family(self._process.pid))
        if used_mib > self.limits.memory_mib + MEMORY_MARGIN_MIB:
            self._pipes.fault = f"it used more than {self.limits.memory_mib} MiB of memory"
            self.kill()

    def cpu_s(self) -> float:
        """Return the CPU seconds of the worker and of everything that it started."""
        total = cpu_seconds(find_family(self._process.pid))
        self._measured_at, self._measured_cpu_s = time.monotonic(), total
        return total

    # ------------------------------------------------------------------ the end

    def _why_dead(self) -> str:
        if self._pipes.fault:
            return self._pipes.fault
        with contextlib.suppress(subprocess.TimeoutExpired):
            code = self._process.wait(timeout=1.0)
            if reason := self._launch.reason():
                return reason
            return how_it_ended(code, wrapped=self._launch.wrapped)
        return "it closed the pipe to the grader"

    def kill(self) -> None:
        """End the whole process group at once."""
        if self._launch.wrapped:
            # The first process inside takes all others with it, and the sandbox around it then
            # ends by itself, leaving no dead process behind for others to clear away.
            inside = find_family(self._process.pid)[1:]
            for pid in inside:
                with contextlib.suppress(OSError):
                    os.kill(pid, signal.SIGKILL)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=END_S if inside else 0.0)
        if hasattr(os, "killpg"):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
        else:
            for pid in reversed(find_family(self._process.pid)):
                with contextlib.suppress(OSError):  # so Windows says that it has ended meanwhile
                    os.kill(pid, signal.SIGTERM)
        with contextlib.suppress(OSError):
            self._process.kill()

    def close(self) -> None:
        """End the process and let go of the pipes."""
        _running.discard(self)
        self.kill()
        self._process.wait()
        self._launch.end(self._process.pid)
        self._pipes.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
