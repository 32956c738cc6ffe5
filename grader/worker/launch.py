"""How one worker is started, held to its limits, and cleared away: plain data and three hooks."""

from __future__ import annotations

import signal
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def _nothing(_pid: int) -> None:
    pass


def _no_reason() -> str:
    return ""


def how_it_ended(code: int, *, wrapped: bool) -> str:
    """Say how a process ended.

    Parameters
    ----------
    code
        Its exit code; minus the number of the signal that ended it.
    wrapped
        See `Launch`.

    Examples
    --------
    >>> how_it_ended(137, wrapped=True)
    'the process was ended by signal SIGKILL'
    """
    if wrapped and code > 128:
        code = 128 - code
    if code < 0:
        name = signal.Signals(-code).name if -code in set(signal.Signals) else str(-code)
        return f"the process was ended by signal {name}"
    return f"the process ended itself with exit code {code}"


@dataclass(frozen=True)
class Launch:
    """What starts a worker, and what its sandbox does before, during and after.

    Parameters
    ----------
    argv
        The command line.
    environment
        The whole environment; None for the worker's usual one.
    user
        The uid that it becomes; None for the grader's own.
    group
        The one group that it then has; None for the number of the user.
    cwd
        Where it starts; None for the student's folder.
    descriptors
        Open files that it inherits; closed here as soon as it has started.
    confine
        Called with the process id after the worker is ready and before any of the student's code
        runs in it: puts the whole family under limits that only the outside can set.
    end
        Called with the process id after the worker was killed: whatever it left behind goes too.
    reason
        Why the sandbox ended the worker, in the student's words; empty when it did not.
    memory_is_counted
        Whether the kernel itself adds up the memory of the whole family, so that nobody else must.
    wrapped
        Whether the first process is a sandbox that reports its child's signal as 128 + number.
    """

    argv: Sequence[str]
    environment: dict[str, str] | None = None
    user: int | None = None
    group: int | None = None
    cwd: str | None = None
    descriptors: tuple[int, ...] = ()
    confine: Callable[[int], None] = field(default=_nothing)
    end: Callable[[int], None] = field(default=_nothing)
    reason: Callable[[], str] = field(default=_no_reason)
    memory_is_counted: bool = False
    wrapped: bool = False
