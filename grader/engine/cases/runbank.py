"""The bank of a grading run: for its owner alone, shared by all jobs, wrong answers included."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from grader.engine.cases.bank import Bank

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OWNER_ONLY = 0o600


class RunBank(Bank):
    """Keep the cases that nobody has seen, beside the gradebook.

    Parameters
    ----------
    folder
        Where the entries are; made for its owner alone.
    """

    keeps_mistakes = True

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, mode=OWNER_ONLY)
        self._place = folder

    @contextlib.contextmanager
    def drawing(self, name: str) -> Iterator[None]:
        """Be the only job that draws this entry; the others wait and find it."""
        try:
            import fcntl  # noqa: PLC0415 - POSIX only; elsewhere two jobs may draw the same
        except ImportError:
            yield
            return
        lock = self._place / f".drawing-{name}"
        lock.touch(mode=OWNER_ONLY)
        with lock.open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # ends with the process, however that ends
            yield
