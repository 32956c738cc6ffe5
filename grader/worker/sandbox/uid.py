"""A sandbox for containers that refuse namespaces: every worker is a user of its own.

An unused user can read nothing of ours and signal nobody, and a filter of system calls keeps it
off the network. What it still sees is said in docs/instructor/security.md.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from grader.errors import SandboxError
from grader.worker.command import (
    CHILD,
    child_arguments,
    clean_environment,
    compile_child,
    numpy_folder,
)
from grader.worker.family import processes_of
from grader.worker.launch import Launch
from grader.worker.sandbox.base import Sandbox, resource_limits
from grader.worker.sandbox.landlock import file_rules
from grader.worker.sandbox.mounts import Openings, group_of
from grader.worker.sandbox.refusals import need_linux
from grader.worker.sandbox.seccomp import make_filter
from grader.worker.sandbox.users import find_unused_id, is_root
from grader.worker.sandbox.visible import (
    CHILD_INSIDE,
    LIBRARIES_INSIDE,
    NUMPY_INSIDE,
)

if TYPE_CHECKING:
    from grader.model import Limits

MAX_END_S = 5.0
KILL_ALL = ("/bin/sh", "-c", "kill -9 -1")


@dataclass
class UidSandbox(Sandbox):
    """For containers that refuse namespaces: an unused user who can read nothing of ours."""

    name: str = "uid"
    _users: set[int] = field(default_factory=set, init=False)

    def __post_init__(self) -> None:
        need_linux(self.name)
        if not is_root():
            problem = "--sandbox uid needs root, to become another user"
            raise SandboxError(problem, "--sandbox bwrap does not")
        program = make_filter()
        if program is None:  # sockets would be open: nothing else is between them and the worker
            problem = "--sandbox uid has a filter of system calls for x86_64 and aarch64 alone"
            raise SandboxError(problem, "--sandbox bwrap has walls without it")
        self._program = program.hex()
        self._openings = Openings(self.scratch)
        self._child = self._copy_child()

    def _put(self, name: str, text: str) -> Path:
        """Write what every worker may read."""
        path = self.scratch / name
        path.write_text(text, encoding="utf-8")
        path.chmod(0o644)
        return path

    def _copy_child(self) -> Path:
        """Copy what every worker runs, since the package itself may be closed.

        The times are copied, too: by them Python knows that what is compiled is still right. What
        another process is just compiling has a number behind its name until it is whole.
        """
        compile_child()
        unfinished = shutil.ignore_patterns("*.pyc.*")
        copy = Path(
            shutil.copytree(CHILD, self.scratch / CHILD.name, ignore=unfinished, dirs_exist_ok=True)
        )
        for path in [copy, *copy.rglob("*")]:
            path.chmod(0o755 if path.is_dir() else 0o644)
        return copy

    def __call__(self, folder: Path, limits: Limits) -> Launch:
        """Return how a worker for `folder` is started."""
        visible = self._visible
        uid, group = find_unused_id(), group_of(folder)
        self._users.add(uid)
        stage = self._openings.reach(folder) if group is None else folder
        argv = child_arguments(
            stage, limits,
            executable=str(self._reach(Path(visible.executable))),
            child=self._child,
            numpy=str(self._openings.reach(Path(numpy_folder()))),
            files=self._file_rules,
            resources=resource_limits(processes=True, file_mib=0),
            seccomp=self._program,
            libraries={
                one.name: one.seen_in(self._openings.reach(one.folder)) for one in self.libraries
            },
        )  # fmt: skip
        launch = Launch(
            argv,
            environment=clean_environment() | {"LD_LIBRARY_PATH": self._libraries},
            user=uid,
            group=group,
            cwd="/",
            end=lambda _: self._end_all(uid),
        )
        return self._counted(launch, limits)

    def _reach(self, path: Path) -> Path:
        """Return where the unused user finds what is Python's or the machine's own."""
        prefix = Path(os.path.realpath(sys.base_prefix))
        if path.is_relative_to(prefix):  # with its standard library around it
            return self._openings.reach(prefix) / path.relative_to(prefix)
        return self._openings.reach(path)

    @cached_property
    def _libraries(self) -> str:
        return ":".join(str(self._reach(Path(folder))) for folder in self._visible.libraries)

    @cached_property
    def _file_rules(self) -> str | None:
        """The file with the rules about files: what bubblewrap would show, and no more."""
        numpy = self._openings.reach(Path(numpy_folder()))
        shown = [
            numpy / Path(inside).name if inside.startswith(NUMPY_INSIDE) else self._reach(source)
            for inside, source in self._visible.shown
            if inside != CHILD_INSIDE and not inside.startswith(LIBRARIES_INSIDE)
        ]
        shown += [
            self._openings.reach(one.folder) / part for one in self.libraries for part in one.parts
        ]
        hidden = [self._reach(Path(folder)) for folder in self._visible.hidden]
        rules = file_rules(shown, hidden)
        return str(self._put("files.json", json.dumps(rules))) if rules else None

    def _end_all(self, uid: int) -> None:
        """Kill every process of a worker's user, in whatever session it hides.

        One by one reaches what tries to kill us first; all at once, as that user, reaches what
        forks faster than anybody can read a list.
        """
        end = time.monotonic() + MAX_END_S
        while time.monotonic() < end:
            struck = self._strike(uid)
            left = processes_of(uid)  # which may miss what forks meanwhile, unless that was struck
            if struck and not left:
                break
            for pid in left:
                with contextlib.suppress(OSError):
                    os.kill(pid, signal.SIGKILL)
        self._users.discard(uid)

    @staticmethod
    def _strike(uid: int) -> bool:
        """Kill all processes of a user at once; tell whether whoever did it came to its end."""
        try:
            done = subprocess.run(  # noqa: S603 - our own command line
                KILL_ALL, user=uid, group=uid, extra_groups=[], check=False, env={}, cwd="/",
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip
        except OSError:
            return False
        return done.returncode >= 0

    def close(self) -> None:
        """Let go of everything that was made on the machine."""
        for uid in list(self._users):  # of workers that nobody closed: the run was ended
            self._end_all(uid)
        self._openings.close()
        super().close()
