"""What a worker says about a call beside its answer: what it printed, and at which lines it was.

None of it decides anything. All of it may be made up by the student's code: a line is a number that
whoever shows it compares with the source, and what was printed is text.
"""

from __future__ import annotations

import contextlib
import os
import re
import signal
from typing import TYPE_CHECKING

from grader.errors import ForgedFrameError
from grader.model.printed import Printed
from grader.worker.child.agreed import MAX_KEPT
from grader.worker.command import CHILD
from grader.worker.family import first_child
from grader.worker.wire import MAX_LINE, anonymous, printable, read_tree

if TYPE_CHECKING:
    from grader.worker.wire import Frame

MAX_LINES, MAX_WIDTH = 20, 200
MAX_FRAMES = 100
STACK_LINE = re.compile(r'^  File "([^"\n]{1,1000})", line (\d{1,9}) in ', re.MULTILINE)


def ask_where(pid: int, depth: int) -> None:
    """Have a worker write the lines that it is at.

    Parameters
    ----------
    pid, depth
        The process that was started, and how far below it the worker is (`launch.Launch`).
    """
    found: int | None = pid
    for _ in range(depth):
        found = first_child(found) if found is not None else None
    if found is not None and hasattr(signal, "SIGUSR1"):
        with contextlib.suppress(OSError):
            os.kill(found, signal.SIGUSR1)


def read_lines(stack: bytes) -> list[tuple[str, int]]:
    r"""Return the files, without folders, and the lines that a worker was at, innermost first.

    The worker's own are none of them, however a student's file is called.

    Examples
    --------
    >>> read_lines(b'Thread 0x7f (first):\n  File "/a/conv.py", line 9 in f\n')
    [('conv.py', 9)]
    """
    text = stack.decode("ascii", "replace")
    found = [(match[1], int(match[2])) for match in STACK_LINE.finditer(text)]
    split = [(re.split(r"[/\\]", path), line) for path, line in found[:MAX_FRAMES]]
    return [(path[-1], line) for path, line in split if path[-2:-1] != [CHILD.name]]


def read_look(frame: Frame) -> tuple[Printed | None, int]:
    """Return what the call printed that was looked at, and the line with which it returned, or 0.

    Raises
    ------
    ForgedFrameError
        The reply is not one that the child writes.
    """
    try:
        tree = read_tree(frame[0])
        text, count, line = tree["p"], tree["n"], tree["l"]
        lines = shown_lines(text[:MAX_KEPT])
        count = min(count, MAX_LINE)
        line = int(line) if line is not None and 0 < line < MAX_LINE else 0
    except Exception as error:  # whatever a reply makes us raise is the reply's fault
        raise ForgedFrameError(f"an answer that cannot be read ({type(error).__name__})") from error
    kept = tuple(lines[:MAX_LINES])
    more = max(count, len(lines)) - len(kept)
    return (Printed(kept, after=more) if lines else None), line


def read_last(text: str) -> Printed | None:
    """Return what a call printed that never came back: the last lines of it."""
    lines = shown_lines(text)
    kept = tuple(lines[-MAX_LINES:])
    return Printed(kept, before=len(lines) - len(kept)) if lines else None


def shown_lines(text: str) -> list[str]:
    r"""Return printed text as lines that can be shown, without addresses and folders.

    Examples
    --------
    >>> shown_lines("shape (1, 1)\n\x1b[31mred\n")
    ['shape (1, 1)', '�[31mred']
    """
    return [anonymous(printable(line, MAX_WIDTH)).rstrip() for line in text.splitlines()]
