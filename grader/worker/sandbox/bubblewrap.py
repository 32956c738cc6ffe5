"""Start workers that can do nothing but compute: bubblewrap, or at least a user of their own.

Bubblewrap shows a worker a file system with Python, numpy, a read-only copy of one submission and
a small private /tmp, in new user, process, network and IPC namespaces. A grader that runs as root
first becomes an unused user, because limits on the number of processes do nothing for root.
docs/security.md says what each part is for and how it is tested.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self

from grader.errors import SandboxError
from grader.worker.command import (
    THREAD_SETTINGS,
    child_arguments,
    clean_environment,
    numpy_folder,
)
from grader.worker.family import processes_of
from grader.worker.launch import Launch
from grader.worker.sandbox.cgroup import make_group
from grader.worker.sandbox.mounts import Openings
from grader.worker.sandbox.seccomp import make_filter
from grader.worker.sandbox.users import find_unused_uid
from grader.worker.sandbox.visible import CHILD_INSIDE, NUMPY_INSIDE, find_places

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.model import Limits
    from grader.worker.sandbox.cgroup import ControlGroup
    from grader.worker.sandbox.visible import Places

MAX_PROCESSES = 64
MAX_OPEN_FILES = 128
MAX_END_S = 1.0
MAX_FILE_MIB = 64
PRIVATE_MIB = 64
SUBMISSION_INSIDE = "/submission"
DEVICES = ("null", "zero", "full", "random", "urandom")
INSTALL = "install it (apt install bubblewrap), or choose --sandbox uid or none"


def resource_limits(*, processes: bool, file_mib: int = MAX_FILE_MIB) -> dict[str, int]:
    """Return the limits that a worker sets for itself after its start, by their names."""
    limits = {"RLIMIT_NOFILE": MAX_OPEN_FILES, "RLIMIT_FSIZE": file_mib * 2**20}
    return limits | ({"RLIMIT_NPROC": MAX_PROCESSES} if processes else {})


@dataclass
class Sandbox:
    """What all sandboxes share: a scratch folder, limits, and perhaps a user of its own.

    Parameters
    ----------
    scratch
        See `grader.worker.sandbox.mounts.make_scratch`.
    """

    scratch: Path
    name: str = "none"
    _group: ControlGroup | None = field(default=None, init=False)
    _group_mib: int = field(default=0, init=False)

    @staticmethod
    def new_uid() -> int | None:
        """Return an unused user for one worker; None where the grader is not root."""
        return find_unused_uid() if os.name == "posix" and os.geteuid() == 0 else None

    def __call__(self, folder: Path, limits: Limits) -> Launch:
        """Return how a worker for `folder` is started."""
        resources = resource_limits(processes=False)
        return Launch(child_arguments(folder, limits, resources=resources))

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


@dataclass
class UidSandbox(Sandbox):
    """For containers that refuse namespaces: an unused user who can read nothing of ours."""

    name: str = "uid"

    def __post_init__(self) -> None:
        if os.name != "posix" or os.geteuid() != 0:
            text = "--sandbox uid needs root, to become another user; --sandbox bwrap does not"
            raise SandboxError(text)
        self._openings = Openings(self.scratch)

    def __call__(self, folder: Path, limits: Limits) -> Launch:
        """Return how a worker for `folder` is started."""
        places = self._places
        program = make_filter(network=False)
        uid = self.new_uid()
        argv = child_arguments(
            self._openings.reach(folder), limits,
            executable=self._reach_python(places.executable),
            script=str(self._openings.reach(dict(places.shown)[CHILD_INSIDE])),
            numpy=str(self._openings.reach(Path(numpy_folder()))),
            resources=resource_limits(processes=True, file_mib=0),
            seccomp=program.hex() if program else None,
        )  # fmt: skip
        return Launch(
            argv,
            environment=clean_environment() | self._library_path(places.libraries),
            user=uid,
            cwd="/",
            confine=lambda pid: self._confine(limits, pid),
            end=lambda _: self._end_all(uid),
            reason=lambda: self._reason(limits),
            memory_is_counted=self._counts_memory(limits),
        )

    def _reach_python(self, executable: str) -> str:
        """Return where the unused user finds Python, with its standard library around it."""
        prefix = Path(os.path.realpath(sys.base_prefix))
        try:
            return str(self._openings.reach(prefix) / Path(executable).relative_to(prefix))
        except ValueError:
            return str(self._openings.reach(Path(executable)))

    def _library_path(self, libraries: Sequence[str]) -> dict[str, str]:
        prefix = Path(os.path.realpath(sys.base_prefix))
        inside = [Path(f).relative_to(prefix) for f in libraries if Path(f).is_relative_to(prefix)]
        opened = self._openings.reach(prefix)
        if opened == prefix or not inside:
            return {}
        return {"LD_LIBRARY_PATH": ":".join(str(opened / folder) for folder in inside)}

    @cached_property
    def _places(self) -> Places:
        return find_places()

    @staticmethod
    def _end_all(uid: int | None) -> None:
        """Kill every process of a worker's user, in whatever session it hides."""
        end = time.monotonic() + MAX_END_S
        while uid and (left := processes_of(uid)) and time.monotonic() < end:
            for pid in left:
                with contextlib.suppress(OSError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(0.002)

    def close(self) -> None:
        """Let go of everything that was made on the machine."""
        self._openings.close()
        super().close()


@dataclass
class BubblewrapSandbox(Sandbox):
    """Bubblewrap around every worker."""

    name: str = "bwrap"

    def __post_init__(self) -> None:
        found = shutil.which("bwrap")
        if found is None:
            raise SandboxError(f"bubblewrap is not installed; {INSTALL}")
        self._bwrap = found
        self._openings = Openings(self.scratch)
        self._empty = self.scratch / "empty"
        self._empty.mkdir(exist_ok=True)
        self._empty.chmod(0o755)

    @cached_property
    def _help(self) -> str:
        command = [self._bwrap, "--help"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
        return done.stdout + done.stderr

    def _source(self, path: Path) -> str:
        return str(path if os.geteuid() != 0 else self._openings.reach(path))

    @cached_property
    def _walls(self) -> list[str]:
        """The part of the command line that is the same for every worker."""
        places = find_places()
        inside = {"LD_LIBRARY_PATH": ":".join(places.libraries), "PYTHONHASHSEED": "0"}
        inside |= {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1", **THREAD_SETTINGS}
        words = ["--unshare-all", "--unshare-user", "--die-with-parent", "--new-session"]
        words += ["--cap-drop", "ALL", "--hostname", "sandbox", "--clearenv"]
        if "--disable-userns" in self._help:
            words.append("--disable-userns")
        for name, value in {**inside, "HOME": "/tmp", "TMPDIR": "/tmp"}.items():  # noqa: S108
            words += ["--setenv", name, value]
        for place, source in places.shown:
            words += ["--ro-bind", self._source(source), place]
        for place in places.hidden:
            words += ["--ro-bind", str(self._empty), place]
        words += ["--size", "65536", "--tmpfs", "/dev"]
        for name in DEVICES:
            words += ["--dev-bind", f"/dev/{name}", f"/dev/{name}"]
        words += ["--remount-ro", "/dev"]
        return [*words, "--size", str(PRIVATE_MIB * 2**20), "--tmpfs", "/tmp"]  # noqa: S108

    def __call__(self, folder: Path, limits: Limits) -> Launch:
        """Return how a worker for `folder` is started."""
        walls = [self._bwrap, *self._walls]
        walls += ["--ro-bind", self._source(folder), SUBMISSION_INSIDE, "--remount-ro", "/"]
        walls += ["--chdir", SUBMISSION_INSIDE]
        program = make_filter()
        descriptors: tuple[int, ...] = ()
        if program:
            reading, writing = os.pipe()
            os.write(writing, program)
            os.close(writing)
            descriptors = (reading,)
            walls += ["--seccomp", str(reading)]
        inner = child_arguments(
            Path(SUBMISSION_INSIDE), limits,
            executable=self._executable,
            script=CHILD_INSIDE, numpy=NUMPY_INSIDE,
            resources=resource_limits(processes=True),
        )  # fmt: skip
        return Launch(
            [*walls, "--", *inner],
            environment={},
            user=self.new_uid(),
            cwd="/",
            descriptors=descriptors,
            confine=lambda pid: self._confine(limits, pid),
            reason=lambda: self._reason(limits),
            memory_is_counted=self._counts_memory(limits),
            wrapped=True,
        )

    @cached_property
    def _executable(self) -> str:
        return find_places().executable

    def close(self) -> None:
        """Let go of everything that was made on the machine."""
        self._openings.close()
        super().close()


KINDS = {"bwrap": BubblewrapSandbox, "uid": UidSandbox, "none": Sandbox}


def make_sandbox(kind: str, scratch: Path) -> Sandbox:
    """Return a sandbox by its name on the command line.

    Parameters
    ----------
    kind
        "bwrap", "uid" or "none".
    scratch
        See `grader.worker.sandbox.mounts.make_scratch`.

    Raises
    ------
    SandboxError
        It cannot work here; the message says what helps.
    """
    return KINDS[kind](scratch)
