"""The three pipes of a worker, each served by a thread of its own, so that none can block another.

What comes in is only measured and passed on here: a frame is two lengths and as many bytes, and a
process that sends more than it was asked for is cut off before it fills the grader's memory.
"""

from __future__ import annotations

import contextlib
import threading
from abc import ABC, abstractmethod
from queue import SimpleQueue
from typing import TYPE_CHECKING

from grader.worker import child

if TYPE_CHECKING:
    import subprocess

    from grader.model import Limits

    Frame = tuple[bytes, bytes]

MAX_TEXT_BYTES = 16 * 2**20
MAX_DATA_BYTES = 64 * 2**20
MAX_UNREAD_BYTES = 256 * 2**20
KEPT_OUTPUT_BYTES = 64 * 2**10


class Pipes(ABC):
    """What comes from a process and goes to it.

    Parameters
    ----------
    limits
        How much it may print.
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._frames: SimpleQueue[Frame | None] = SimpleQueue()
        self._requests: SimpleQueue[bytes | None] = SimpleQueue()
        self._received_bytes = self._read_bytes = 0  # written by one thread each
        self._fault = ""
        self._output = bytearray()
        self._printed = 0
        self._threads: list[threading.Thread] = []

    _process: subprocess.Popen[bytes]

    @abstractmethod
    def kill(self) -> None:
        """End the process at once."""

    def _serve(self) -> None:
        tasks = (self._read_frames, self._read_output, self._write_requests)
        self._threads = [threading.Thread(target=task, daemon=True) for task in tasks]
        for thread in self._threads:
            thread.start()

    def _write_requests(self) -> None:
        pipe = self._process.stdin
        with contextlib.suppress(OSError, ValueError):
            while pipe and (request := self._requests.get()) is not None:
                pipe.write(request)
                pipe.flush()

    def _read_frames(self) -> None:
        pipe = self._process.stdout
        try:
            while pipe and (prefix := pipe.read(child.PREFIX.size)):
                if len(prefix) < child.PREFIX.size:
                    break
                token, text_size, data_size = child.PREFIX.unpack(prefix)
                if text_size > MAX_TEXT_BYTES or data_size > MAX_DATA_BYTES:
                    self._fault = "its answer is too large, or forged"
                    break
                text, data = pipe.read(text_size), pipe.read(data_size)
                if len(text) < text_size or len(data) < data_size:
                    break
                self._received_bytes += len(token) + len(text) + len(data)
                if self._received_bytes - self._read_bytes > MAX_UNREAD_BYTES:
                    self._fault = "it sent more than was asked for"
                    break
                self._frames.put((token + text, data))
        except (OSError, ValueError):
            pass
        self._frames.put(None)

    def _read_output(self) -> None:
        pipe = self._process.stderr
        with contextlib.suppress(OSError, ValueError):
            while pipe and (piece := pipe.read1(1 << 16)):  # type: ignore[attr-defined]
                self._printed += len(piece)
                self._output += piece[: max(0, KEPT_OUTPUT_BYTES - len(self._output))]
                if self._printed > self.limits.output_mib * 2**20:
                    self._fault = f"it printed more than {self.limits.output_mib} MiB"
                    self.kill()
                    break

    @property
    def output(self) -> str:
        """What the student's code printed since the exercise began, as far as it was kept."""
        return bytes(self._output).decode("utf-8", "replace")
