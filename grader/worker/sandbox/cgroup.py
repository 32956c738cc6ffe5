"""Count processes and memory of a worker's whole family in a control group, where one may be made.

What the kernel counts cannot be dodged: memory of no process, processes in another session, and
users for whom RLIMIT_NPROC does nothing are all counted. Both versions serve; where neither can be
written, the other limits (RLIMIT_NPROC in the worker, resident memory watched from outside) stay.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from grader.worker.family import find_family, start_of

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path("/sys/fs/cgroup")
PREFIX = "dlgrade-"
NAME = re.compile(rf"{PREFIX}(\d+)-(\d+)-(\d+)-[0-9a-f]+")  # namespace, process, its start
MARGIN_MIB = 64  # the sandbox's own processes, and pages that the kernel counts late
MAX_ROUNDS, ROUNDS_FOR_THE_DEAD = 100, 10
FEW = 8  # dead processes that nobody has asked about yet; they take nothing but their number


@dataclass
class ControlGroup:
    """One group for each controller that could be had: one for both in version 2.

    Parameters
    ----------
    folders
        The group's folder by controller: "pids", "memory".
    limits
        The files of these folders and what is written to them.
    """

    folders: dict[str, Path]
    limits: dict[Path, str]
    _noted: int | None = None  # of the kills before; none while nobody is confined

    @property
    def controllers(self) -> frozenset[str]:
        """What is counted."""
        return frozenset(self.folders)

    def confine(self, pid: int) -> None:
        """Put a process and all its descendants into the group, however they fork meanwhile."""
        for folder in set(self.folders.values()):
            if not folder.is_dir():  # somebody tidied up
                _make(folder, self.limits)
            self._empty_and_wait(folder)
            for _ in range(MAX_ROUNDS):
                inside = set(_members(folder))
                missing = [process for process in find_family(pid) if process not in inside]
                if not missing:
                    break
                for process in missing:
                    with contextlib.suppress(OSError):  # it has ended meanwhile
                        (folder / "cgroup.procs").write_text(str(process))
        self._noted = self._kills()  # what an earlier worker did is not this one's

    def out_of_memory(self) -> bool:
        """Tell whether the kernel ended a process of the group since `confine`."""
        return self._noted is not None and self._kills() > self._noted

    def _kills(self) -> int:
        folder = self.folders.get("memory")
        for name in ("memory.events", "memory.oom_control"):
            with contextlib.suppress(OSError, ValueError, AttributeError):
                text = (folder / name).read_text() if folder else ""
                return int(dict(line.split() for line in text.splitlines()).get("oom_kill", 0))
        return 0

    def _empty(self, folder: Path) -> None:
        for pid in _members(folder):
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)

    def _empty_and_wait(self, folder: Path) -> None:
        """Kill what an earlier worker left; the dying count for a moment longer."""
        for _ in range(MAX_ROUNDS):
            self._empty(folder)
            with contextlib.suppress(OSError, ValueError):
                if int((folder / "pids.current").read_text()) > FEW:
                    time.sleep(0.01)
                    continue
            if not _members(folder):
                break
            time.sleep(0.002)

    def end(self) -> None:
        """Kill whatever is still in the group."""
        self._noted = None
        for folder in set(self.folders.values()):
            self._empty(folder)

    def close(self) -> None:
        """Kill what is inside and remove the group."""
        self.end()
        for folder in set(self.folders.values()):
            _remove(folder, MAX_ROUNDS)


def _remove(folder: Path, rounds: int) -> None:
    """Remove a group once those inside have gone: the dying take a moment."""
    for _ in range(rounds):
        try:
            folder.rmdir()
        except FileNotFoundError:
            return
        except OSError:
            time.sleep(0.01)
        else:
            return


def _members(folder: Path) -> list[int]:
    """Return who is inside; a process that this namespace cannot see is listed as 0, and left out.

    To signal 0 is to signal ourselves.
    """
    with contextlib.suppress(OSError, ValueError):
        found = [int(line) for line in (folder / "cgroup.procs").read_text().split()]
        return [pid for pid in found if pid > 0]
    return []


def make_group(memory_mib: int, processes: int) -> ControlGroup | None:
    """Make a group with limits, or return None where no controller can be had.

    Parameters
    ----------
    memory_mib
        For all processes together, their private files in memory included.
    processes
        How many there may be, threads included.
    """
    folders: dict[str, Path] = {}
    limits: dict[Path, str] = {}
    size = str((memory_mib + MARGIN_MIB) * 2**20)
    me = os.getpid()
    name = f"{PREFIX}{_namespace()}-{me}-{start_of(me) or 0}-{secrets.token_hex(3)}"
    for controller, parent, version in _parents():
        _tidy(parent)
        folder = parent / name
        wanted = _files(controller, version, size, str(processes))
        chosen = {folder / file: value for file, value in wanted}
        if controller not in folders and _make(folder, chosen):
            folders[controller] = folder
            limits |= chosen
    if not folders:
        return None
    return ControlGroup(folders, limits)


def _files(controller: str, version: int, size: str, processes: str) -> list[tuple[str, str]]:
    if controller == "pids":
        return [("pids.max", processes)]
    if version == 2:
        return [("memory.max", size), ("memory.swap.max", "0")]
    return [("memory.limit_in_bytes", size)]


def _parents() -> Iterator[tuple[str, Path, int]]:
    """Yield controllers with the folders in which a group of theirs may be made."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/cgroup").read_text().splitlines():
            number, names, path = line.split(":", 2)
            inner = path.lstrip("/")
            if number == "0":
                own = ROOT / inner
                for parent in (own.parent if inner else own, own):
                    _enable(parent)
                    yield "pids", parent, 2
                    yield "memory", parent, 2
            for name in names.split(","):
                if name in ("pids", "memory"):
                    yield name, ROOT / name / inner, 1
                    yield name, ROOT / name, 1


def _enable(folder: Path) -> None:
    file = folder / "cgroup.subtree_control"
    with contextlib.suppress(OSError):
        if file.exists():  # where version 1 is mounted this is an ordinary folder: make no file
            file.write_text("+pids +memory")


def _namespace() -> int:
    """Return which namespace our process numbers are of: another container has other ones."""
    with contextlib.suppress(OSError):
        return Path("/proc/self/ns/pid").stat().st_ino
    return 0


def _tidy(parent: Path) -> None:
    """Remove the groups that killed graders left, with whoever is still inside.

    A group is named after its grader; one whose grader lives, or is of another namespace, so that
    nobody here can tell, is left alone.
    """
    with contextlib.suppress(OSError):
        for folder in parent.glob(f"{PREFIX}*"):
            named = NAME.fullmatch(folder.name)
            if named and int(named[1]) == _namespace() and start_of(int(named[2])) != int(named[3]):
                for pid in _members(folder):
                    with contextlib.suppress(OSError):
                        os.kill(pid, signal.SIGKILL)
                _remove(folder, ROUNDS_FOR_THE_DEAD)


def _make(folder: Path, limits: dict[Path, str]) -> bool:
    """Make one folder and write its limits; tell whether the kernel took them."""
    existed = folder.is_dir()
    try:
        folder.mkdir(exist_ok=True)
        if not (folder / "cgroup.procs").exists():
            raise OSError("no control group")  # noqa: TRY301 - an ordinary folder, not the kernel's
        for file, value in limits.items():
            if file.parent == folder and file.name != "memory.swap.max":
                file.write_text(value)
    except OSError:
        if not existed:
            with contextlib.suppress(OSError):
                folder.rmdir()
        return False
    for file, value in limits.items():
        with contextlib.suppress(OSError):  # there is no swap to forbid
            if file.parent == folder and file.name == "memory.swap.max":
                file.write_text(value)
    return True
