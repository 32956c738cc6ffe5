"""What becomes of what the student's code prints."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from typing import Any

from grader.worker.child.agreed import CALL_MARK, MAX_KEPT


class Printing:
    """What becomes of what is printed: it is passed on, unless a call is looked at.

    Attributes
    ----------
    begun
        Whether something was passed on since the last mark.
    kept, lines
        The beginning of what the call printed that is looked at, and its lines in all.
    keeps
        Whether what is printed is kept now. None passes it on, False drops it.
    """

    def __init__(self) -> None:
        self.begun = False
        self.kept, self.lines = bytearray(), 0
        self.keeps: bool | None = None

    def mark(self) -> None:
        """Say that another call begins, where something was printed before."""
        try:  # noqa: SIM105 - for each case: `suppress` takes three times as long as the flush
            sys.stdout.flush()
        except Exception:  # noqa: BLE001, S110 - as in `flush`
            pass
        if self.begun:
            with contextlib.suppress(OSError):
                os.write(2, CALL_MARK)
            self.begun = False


PRINTING = Printing()


class PrintedFile(io.FileIO):
    """Where the student's code prints."""

    def write(self, data: Any) -> int:
        """Pass bytes on, or keep them."""
        if PRINTING.keeps is None:
            PRINTING.begun = True
            return super().write(data)
        piece = bytes(data)
        if PRINTING.keeps:
            PRINTING.lines += piece.count(b"\n")
            PRINTING.kept += piece[: MAX_KEPT - len(PRINTING.kept)]
        return len(piece)


def flush() -> None:
    """Pass on what the student printed; a closed or replaced stream is not our concern."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):
            stream.flush()
