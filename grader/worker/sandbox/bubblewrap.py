"""Start workers that can do nothing but compute, by bubblewrap.

It shows a worker a file system with Python, numpy, a read-only copy of one submission and a small
private /tmp, in new user, process, network and IPC namespaces. A grader that runs as root first
becomes an unused user, because limits on the number of processes do nothing for root.
docs/instructor/security.md says what each part is for and how it is tested.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from grader.errors import SandboxError
from grader.worker.command import THREAD_SETTINGS, child_arguments
from grader.worker.launch import Launch
from grader.worker.sandbox.base import Sandbox, resource_limits
from grader.worker.sandbox.mounts import Openings, group_of
from grader.worker.sandbox.refusals import need_linux
from grader.worker.sandbox.seccomp import make_filter
from grader.worker.sandbox.users import is_root
from grader.worker.sandbox.visible import (
    CHILD_INSIDE,
    DEVICES,
    LIBRARIES_INSIDE,
    NUMPY_INSIDE,
)

if TYPE_CHECKING:
    from grader.model import Limits

PRIVATE_MIB = 64
SUBMISSION_INSIDE = "/submission"
INSTALL = "install it (apt install bubblewrap), or choose --sandbox uid or none"


@dataclass
class BubblewrapSandbox(Sandbox):
    """Bubblewrap around every worker."""

    name: str = "bwrap"

    def __post_init__(self) -> None:
        need_linux(self.name)
        bwrap = shutil.which("bwrap")
        if bwrap is None:
            raise SandboxError("bubblewrap is not installed", INSTALL)
        self._bwrap = bwrap
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
        return str(path if not is_root() else self._openings.reach(path))

    @cached_property
    def _walls(self) -> list[str]:
        """The part of the command line that is the same for every worker."""
        libraries = ":".join(self._visible.libraries)
        inside = {"LD_LIBRARY_PATH": libraries, "PYTHONHASHSEED": "0"}
        inside |= {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1", **THREAD_SETTINGS}
        words = ["--unshare-all", "--unshare-user", "--die-with-parent", "--new-session"]
        words += ["--cap-drop", "ALL", "--hostname", "sandbox", "--clearenv"]
        if "--disable-userns" in self._help:
            words.append("--disable-userns")
        for name, value in {**inside, "HOME": "/tmp", "TMPDIR": "/tmp"}.items():  # noqa: S108
            words += ["--setenv", name, value]
        for place, source in self._visible.shown:
            words += ["--ro-bind", self._source(source), place]
        for place in self._visible.hidden:
            words += ["--ro-bind", str(self._empty), place]
        words += ["--size", "65536", "--tmpfs", "/dev"]
        for name in DEVICES:
            words += ["--dev-bind", f"/dev/{name}", f"/dev/{name}"]
        words += ["--remount-ro", "/dev"]
        return [*words, "--size", str(PRIVATE_MIB * 2**20), "--tmpfs", "/tmp"]  # noqa: S108

    def __call__(self, folder: Path, limits: Limits) -> Launch:
        """Return how a worker for `folder` is started."""
        walls = [self._bwrap, *self._walls]
        group = group_of(folder)
        source = self._source(folder) if group is None else str(folder)
        walls += ["--ro-bind", source, SUBMISSION_INSIDE, "--remount-ro", "/"]
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
            executable=self._visible.executable,
            child=Path(CHILD_INSIDE), numpy=NUMPY_INSIDE,
            resources=resource_limits(processes=True),
            libraries={one.name: one.seen_in(LIBRARIES_INSIDE) for one in self.libraries},
        )  # fmt: skip
        launch = Launch(
            [*walls, "--", *inner],
            environment={},
            user=self.new_uid(),
            group=group,
            cwd="/",
            descriptors=descriptors,
            wrapped=True,
            depth=2,  # one outside, and the first process inside
        )
        return self._counted(launch, limits)

    def close(self) -> None:
        """Let go of everything that was made on the machine."""
        self._openings.close()
        super().close()
