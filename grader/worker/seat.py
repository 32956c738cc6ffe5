"""A place for a worker: empty at first, filled when one is needed, cleared when it dies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from grader.worker.client import Worker

if TYPE_CHECKING:
    from pathlib import Path

    from grader.model import LeftOut, Limits, Raised
    from grader.worker.client import Command


class WorkerSeat:
    """Hold one worker at a time for one submission.

    Parameters
    ----------
    folder, limits, command
        See `Worker`.

    Attributes
    ----------
    left_out
        What its workers do not run of the student's files.
    """

    def __init__(self, folder: Path, limits: Limits, command: Command) -> None:
        self.folder, self._limits, self._command = folder, limits, command
        self.left_out: LeftOut | None = None
        self._worker: Worker | None = None
        self._spare: Worker | None = None
        self._keeps_spare = False
        self._waited_s = 0.0

    @property
    def waited_s(self) -> float:
        """How long the answers of all its workers were waited for."""
        return self._waited_s + (self._worker.total_waited_s if self._worker else 0.0)

    @property
    def worker(self) -> Worker:
        """The living worker: the spare one, or a new one, if there is none."""
        if self._worker is None:
            self._worker, self._spare = self._spare or self._start(), None
            if self._keeps_spare:
                self._spare = self._start()
        return self._worker

    def load(self, module: str, function: str) -> Raised | bool:
        """Let the worker import a file of the student's; see `Worker.load`."""
        return self.worker.load(module, function, self.left_out)

    def _start(self) -> Worker:
        return Worker(self.folder, self._limits, self._command)

    def prepare(self) -> None:
        """Start a worker ahead of the first exercise."""
        self._spare = self._spare or self._start()

    def renew(self, *, keep_spare: bool) -> None:
        """Let the next exercise have a worker that has imported nothing yet.

        Parameters
        ----------
        keep_spare
            Whether another one will be wanted after it: it is started ahead, beside the work.
        """
        self._keeps_spare = keep_spare
        self.clear()

    def clear(self) -> str:
        """End the worker, if there is one; return what the student's code printed."""
        if self._worker is None:
            return ""
        output = self._worker.output
        self._waited_s += self._worker.total_waited_s
        self._worker.close()
        self._worker = None
        return output

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in (self._worker, self._spare):
            if worker is not None:
                worker.close()
        self._worker = self._spare = None
