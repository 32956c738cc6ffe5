"""What all sandboxes share: the numbers that every worker is held to, and its control group."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
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
    _group: ControlGroup | None = field(default=None, init=False)
    _group_mib: int = field(default=0, init=False)

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

    def group(self, limits: Limits) -> ControlGroup | None:
        """Return the control group of this sandbox, or None where there can be none."""
        if self._group_mib != limits.memory_mib:
            if self._group:
                self._group.close()
            self._group = make_group(limits.memory_mib, MAX_PROCESSES)
            self._group_mib = limits.memory_mib
        return self._group

    def _counts_memory(self, limits: Limits) -> bool:
        group = self.group(limits)
        return group is not None and "memory" in group.controllers

    def _confine(self, limits: Limits, pid: int) -> None:
        group = self.group(limits)
        if group:
            group.confine(pid)
            group.note_kills()

    def _reason(self, limits: Limits) -> str:
        if self._group and self._group.out_of_memory():
            return f"it used more than {limits.memory_mib} MiB of memory"
        return ""

    def close(self) -> None:
        """Let go of everything that was made on the machine."""
        if self._group:
            self._group.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
