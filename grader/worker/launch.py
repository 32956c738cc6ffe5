"""How one worker is started, held to its limits, and cleared away: plain data and three hooks."""

from __future__ import annotations

import os
import signal
import subprocess
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from grader.errors import WorkerError
from grader.worker.command import clean_environment

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path


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
        Called with the process id, from any thread, after the worker is ready and before any of the
        student's code runs in it: puts the whole family under limits that only the outside can set.
    end
        Called with the process id after the worker was killed: whatever it left behind goes too.
    reason
        Why the sandbox ended the worker, in the student's words; empty when it did not.
    memory_is_counted
        Whether the kernel itself adds up the memory of the whole family, so that nobody else must.
    wrapped
        Whether the first process is a sandbox that reports its child's signal as 128 + number.
    depth
        How many processes of a sandbox stand above the worker itself, each the first child of the
        one before.
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
    depth: int = 0

    def start(self, folder: Path) -> subprocess.Popen[bytes]:
        """Start the process, with three pipes.

        Raises
        ------
        WorkerError
            That cannot be done at all.
        """
        other: dict[str, Any] = {}  # what Windows does not know is passed only where it is asked
        if self.user is not None:
            group = self.user if self.group is None else self.group
            other |= {"user": self.user, "group": group, "extra_groups": []}
        if self.descriptors:
            other["pass_fds"] = self.descriptors
        try:
            return subprocess.Popen(  # noqa: S603 - our own command line
                self.argv,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=clean_environment() if self.environment is None else self.environment,
                cwd=self.cwd or folder,
                start_new_session=True,
                **other,
            )
        except OSError as error:
            raise WorkerError(f"a worker process cannot be started: {error}") from error
        finally:
            for descriptor in self.descriptors:
                os.close(descriptor)
