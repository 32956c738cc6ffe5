"""The three pipes of a worker, each served by a thread of its own, so that none can block another.

What comes in is only measured and passed on here: a frame is two lengths and as many bytes, and a
process that sends more than it was asked for is cut off before it fills the grader's memory.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections import deque
from queue import Empty, SimpleQueue
from typing import IO, TYPE_CHECKING

from grader.worker.child import agreed

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Sequence

    from grader.worker.wire import Frame

MAX_TEXT_BYTES = 16 * 2**20  # of a frame where nobody knows how long an answer should be
KEPT_OUTPUT_BYTES = 64 * 2**10
KEPT_LAST_BYTES = 8 * 2**10
STACK_BYTES = 16 * 2**10
LOOK_S, LOOKS = 0.05, 10
END_S = 0.5
TOO_LONG = "its answer is far longer than the right one, or forged"


class Pipes:
    """What comes from a process and goes to it.

    Parameters
    ----------
    process
        Started with three pipes.
    output_mib
        How much it may print.
    kill
        Ends the process at once.
    at_first
        Called when the first frame has come and before it can be taken, beside whatever is done
        here meanwhile.
    """

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        output_mib: int,
        kill: Callable[[], None],
        at_first: Callable[[], None],
    ) -> None:
        self._process, self._output_mib, self._kill = process, output_mib, kill
        self._at_first: Callable[[], None] | None = at_first
        self.fault = ""  # what the process did that none may, in the student's words
        self._frames: deque[Frame | None] = deque()
        self._news: SimpleQueue[None] = (
            SimpleQueue()
        )  # half of what was asked for is there, or all, or an end
        self._awaited = self._half = 0
        self._requests: SimpleQueue[bytes | None] = SimpleQueue()
        self._received_bytes = self._taken_bytes = 0  # written by one thread each
        self._most_bytes = self._most_unread_bytes = 0
        self.allow([MAX_TEXT_BYTES])
        self._output = bytearray()
        self._last = bytearray()  # of what was printed, since a call began
        self._printed = 0
        self._stack: bytearray | None = None  # what comes in place of frames, once it is asked for
        tasks = (self._read_frames, self._read_output, self._write_requests)
        self._threads = [threading.Thread(target=task, daemon=True) for task in tasks]
        for thread in self._threads:
            thread.start()

    def allow(self, most: Sequence[int]) -> None:
        """Say how long the text and the bytes of each answer may be that is asked for next."""
        self._most_unread_bytes = agreed.PREFIX.size * (len(most) + 1) + 2 * sum(most)
        self._most_bytes = max(most, default=0)
        self._awaited, self._half = len(most), len(most) // 2

    def send(self, request: bytes) -> None:
        """Have a request written as soon as the process reads."""
        self._requests.put(request)

    def next_frame(self, timeout_s: float) -> Frame | None:
        """Wait for the next frame; None when there will be no other.

        Of several that were asked for at once the first is waited for until half of them are there,
        or the time is over, and so is the first of the others: whoever waits is not woken for each,
        and looks at the first half while the process makes the other.

        Raises
        ------
        queue.Empty
            None came in time.
        """
        end = time.monotonic() + timeout_s
        while not self._frames:
            left_s = end - time.monotonic()
            if left_s <= 0:
                raise Empty
            with contextlib.suppress(Empty):
                self._news.get(timeout=left_s)
        frame = self._frames.popleft()
        if frame is not None:
            self._taken_bytes += len(frame[0]) + len(frame[1])
        return frame

    @property
    def output(self) -> str:
        """What was printed since it was last forgotten, as far as it was kept."""
        return bytes(self._output.replace(agreed.CALL_MARK, b"")).decode("utf-8", "replace")

    @property
    def last_output(self) -> str:
        """The end of what the call printed that was begun last, as far as it was kept."""
        return bytes(self._last).decode("utf-8", "replace")

    def forget_output(self) -> None:
        """Count and keep what is printed from now on."""
        self._output.clear()
        self._last.clear()
        self._printed = 0

    def await_output(self, timeout_s: float) -> None:
        """Wait until all that a dead process printed has been read."""
        self._threads[1].join(timeout=timeout_s)

    def read_stack(self, ask: Callable[[], None]) -> bytes:
        """Return what a process writes in place of frames when it is asked where it is.

        Parameters
        ----------
        ask
            Asks it. No frame is read afterwards.
        """
        stack = self._stack = bytearray()
        ask()
        for _ in range(LOOKS):
            before = len(stack)
            time.sleep(LOOK_S)
            if before and len(stack) == before:
                break
        return bytes(stack)

    def close(self) -> None:
        """Let go of the pipes of a process that has ended.

        Each is closed by the thread that serves it: closing it here would wait for that thread, as
        long as any other process that has the pipe's other end lives.
        """
        self._requests.put(None)
        for thread in self._threads:
            thread.join(timeout=END_S)

    # ------------------------------------------------------------------ the three threads

    def _write_requests(self) -> None:
        pipe = self._process.stdin
        assert pipe is not None  # noqa: S101 - it was asked for
        with contextlib.suppress(OSError, ValueError), pipe:
            while (request := self._requests.get()) is not None:
                pipe.write(request)
                pipe.flush()

    def _read_frames(self) -> None:
        pipe = self._process.stdout
        assert pipe is not None  # noqa: S101 - it was asked for
        try:
            while prefix := pipe.read(agreed.PREFIX.size):
                if self._stack is not None:
                    self._stack += prefix
                    self._read_stack(pipe)
                    break
                if len(prefix) < agreed.PREFIX.size:
                    break
                token, text_size, data_size = agreed.PREFIX.unpack(prefix)
                if max(text_size, data_size) > self._most_bytes:
                    self.fault = TOO_LONG
                    break
                text, data = pipe.read(text_size), pipe.read(data_size)
                if len(text) < text_size or len(data) < data_size:
                    break
                self._received_bytes += len(token) + len(text) + len(data)
                if self._received_bytes - self._taken_bytes > self._most_unread_bytes:
                    self.fault = "it sent more than was asked for"
                    break
                if self._at_first is not None:
                    self._at_first()
                    self._at_first = None
                self._frames.append((token + text, data))
                self._awaited -= 1
                if self._awaited <= 0 or self._awaited == self._half:
                    self._news.put(None)
        except (OSError, ValueError):
            pass
        finally:  # whatever `at_first` raised, nobody waits for a frame that will not come
            self._frames.append(None)
            self._news.put(None)
            with contextlib.suppress(OSError, ValueError):
                pipe.close()

    def _read_stack(self, pipe: IO[bytes]) -> None:
        """Read on until the process ends, or nothing more can be of interest."""
        assert self._stack is not None  # noqa: S101 - it was asked for
        while len(self._stack) < STACK_BYTES:
            piece = pipe.read1(STACK_BYTES)  # type: ignore[attr-defined]
            if not piece:
                break
            self._stack += piece

    def _read_output(self) -> None:
        pipe = self._process.stderr
        assert pipe is not None  # noqa: S101 - it was asked for
        with contextlib.suppress(OSError, ValueError), pipe:
            while piece := pipe.read1(1 << 16):  # type: ignore[attr-defined]
                self._printed += len(piece)
                self._output += piece[: max(0, KEPT_OUTPUT_BYTES - len(self._output))]
                _, mark, since = piece.rpartition(agreed.CALL_MARK)
                kept = since if mark else bytes(self._last) + since
                self._last[:] = kept[-KEPT_LAST_BYTES:]
                if self._printed > self._output_mib * 2**20:
                    self.fault = f"it printed more than {self._output_mib} MiB"
                    self._kill()
                    break
