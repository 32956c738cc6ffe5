"""What all sandboxes share: the numbers that every worker is held to, and its control group."""

from __future__ import annotations

import contextlib
import threading
from abc import ABC, abstractmethod
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Self

from grader.worker.sandbox.cgroup import make_group
from grader.worker.sandbox.users import find_unused_id, is_root
from grader.worker.sandbox.visible import find_visible

if TYPE_CHECKING:
    from pathlib import Path

    from grader.model import Limits
    from grader.worker.launch import Launch
    from grader.worker.libraries import Library
    from grader.worker.sandbox.cgroup import ControlGroup
    from grader.worker.sandbox.visible import Visible

MAX_PROCESSES = 64
MAX_OPEN_FILES = 128
MAX_FILE_MIB = 64


def resource_limits(*, processes: bool, file_mib: int = MAX_FILE_MIB) -> dict[str, int]:
    """Return the limits that a worker sets for itself after its start, by their names."""
    limits = {"RLIMIT_NOFILE": MAX_OPEN_FILES, "RLIMIT_FSIZE": file_mib * 2**20}
    return limits | ({"RLIMIT_NPROC": MAX_PROCESSES} if processes else {})


@dataclass
class Sandbox(ABC):
    """What all sandboxes share: a scratch folder, limits, and perhaps a user of its own.

    Parameters
    ----------
    scratch
        See `grader.worker.sandbox.mounts.make_scratch`.
    name
        What it is called on the command line and in results.
    libraries
        What a worker may import besides numpy.
    """

    scratch: Path
    name: str
    libraries: tuple[Library, ...] = ()
    _idle: dict[int, list[ControlGroup]] = field(default_factory=dict, init=False)
    _made: list[ControlGroup] = field(default_factory=list, init=False)

    @staticmethod
    def new_uid() -> int | None:
        """Return an unused user for one worker; None where the grader is not root."""
        return find_unused_id() if is_root() else None

    @cached_property
    def _visible(self) -> Visible:
        """What of this machine a worker is shown, where anything is kept from it."""
        return find_visible(self.libraries)

    @abstractmethod
    def __call__(self, folder: Path, limits: Limits) -> Launch:
        """Return how a worker for `folder` is started."""

    def take_group(self, limits: Limits) -> ControlGroup | None:
        """Return a control group for one worker, or None where there can be none.

        It is made anew only where every other one has its worker: `give_back` makes it the next
        one's.
        """
        with contextlib.suppress(IndexError):
            return self._idle.setdefault(limits.memory_mib, []).pop()
        group = make_group(limits.memory_mib, MAX_PROCESSES)
        if group is not None:
            self._made.append(group)
        return group

    def give_back(self, group: ControlGroup, limits: Limits) -> None:
        """Let a group go whose worker was killed, and whatever is left of that."""
        group.end()
        self._idle[limits.memory_mib].append(group)

    def _counted(self, launch: Launch, limits: Limits) -> Launch:
        """Return a launch whose worker is counted in a control group, where there can be one."""
        group = self.take_group(limits)
        if group is None:
            return launch
        held, turn = [group], threading.Lock()  # a worker may be closed while it is being confined

        def confine(pid: int) -> None:
            with turn:
                for mine in held:
                    mine.confine(pid)

        def end(pid: int) -> None:
            launch.end(pid)
            with turn:
                if held:  # who is closed once more has it no longer: another worker may be in it
                    self.give_back(held.pop(), limits)

        def reason() -> str:
            if group.out_of_memory():
                return f"it used more than {limits.memory_mib} MiB of memory"
            return ""

        return replace(
            launch,
            confine=confine,
            end=end,
            reason=reason,
            memory_is_counted="memory" in group.controllers,
        )

    def close(self) -> None:
        """Let go of everything that was made on the machine."""
        for group in self._made:
            group.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
