"""A sandbox for containers that refuse namespaces: every worker is a user of its own.

An unused user can read nothing of ours and signal nobody, and a filter of system calls keeps it
off the network. What it still sees is said in docs/security.md.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from grader.errors import SandboxError
from grader.worker.command import child_arguments, clean_environment, numpy_folder
from grader.worker.family import processes_of
from grader.worker.launch import Launch
from grader.worker.sandbox.base import Sandbox, resource_limits
from grader.worker.sandbox.mounts import Openings, group_of
from grader.worker.sandbox.seccomp import make_filter
from grader.worker.sandbox.visible import CHILD_INSIDE, find_visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.model import Limits
    from grader.worker.sandbox.visible import Visible

MAX_END_S = 1.0
KILL_ALL = ("/bin/sh", "-c", "kill -9 -1")


@dataclass
class UidSandbox(Sandbox):
    """For containers that refuse namespaces: an unused user who can read nothing of ours."""

    name: str = "uid"

    def __post_init__(self) -> None:
        if os.name != "posix" or os.geteuid() != 0:
            problem = "--sandbox uid needs root, to become another user"
            raise SandboxError(problem, "--sandbox bwrap does not")
        program = make_filter()
        if program is None:  # sockets would be open: nothing else is between them and the worker
            problem = "--sandbox uid has a filter of system calls for x86_64 and aarch64 alone"
            raise SandboxError(problem, "--sandbox bwrap has walls without it")
        self._program = program.hex()
        self._openings = Openings(self.scratch)

    def __call__(self, folder: Path, limits: Limits) -> Launch:
        """Return how a worker for `folder` is started."""
        visible = self._visible
        uid, group = self.new_uid(), group_of(folder)
        argv = child_arguments(
            self._openings.reach(folder) if group is None else folder, limits,
            executable=self._reach_python(visible.executable),
            script=str(self._openings.reach(dict(visible.shown)[CHILD_INSIDE])),
            numpy=str(self._openings.reach(Path(numpy_folder()))),
            resources=resource_limits(processes=True, file_mib=0),
            seccomp=self._program,
        )  # fmt: skip
        return Launch(
            argv,
            environment=clean_environment() | self._library_path(visible.libraries),
            user=uid,
            group=group,
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
    def _visible(self) -> Visible:
        return find_visible()

    @staticmethod
    def _end_all(uid: int | None) -> None:
        """Kill every process of a worker's user, in whatever session it hides.

        One by one reaches what tries to kill us first; all at once, as that user, reaches what
        forks faster than anybody can read a list.
        """
        end = time.monotonic() + MAX_END_S
        while uid and (left := processes_of(uid, hidden=True)) and time.monotonic() < end:
            for pid in left:
                with contextlib.suppress(OSError):
                    os.kill(pid, signal.SIGKILL)
            with contextlib.suppress(OSError):
                subprocess.run(  # noqa: S603 - our own command line
                    KILL_ALL, user=uid, group=uid, extra_groups=[], check=False, env={}, cwd="/",
                    stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                )  # fmt: skip

    def close(self) -> None:
        """Let go of everything that was made on the machine."""
        self._openings.close()
        super().close()
