"""Take installed packages from an unused user, where no wall keeps a worker from reading them."""

from __future__ import annotations

import contextlib
import os
import site
import stat
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from grader.errors import SandboxError
from grader.worker import child
from grader.worker.command import numpy_folder
from grader.worker.sandbox.landlock import landlock_version
from grader.worker.sandbox.visible import INSTALLED, find_visible

if TYPE_CHECKING:
    from collections.abc import Iterator

OTHERS = stat.S_IRWXG | stat.S_IRWXO
HELP = "let root own it, on a disk that can be written, or choose --sandbox bwrap"


def find_packages() -> list[Path]:
    """Return every installed package but numpy, and this one, wherever it is."""
    folders = {Path(numpy_folder()), *map(Path, find_visible().hidden)}
    folders |= {Path(name) for name in [*sys.path, *site.getsitepackages()]}
    entries = {
        entry
        for folder in folders
        if folder.name in INSTALLED and folder.is_dir()
        for entry in folder.iterdir()
        if not entry.name.startswith(("numpy", "__pycache__"))
    }
    return sorted(entries | {Path(child.__file__).resolve().parents[1]})


@contextlib.contextmanager
def closed_packages() -> Iterator[None]:
    """Close installed packages to everybody but their owner, and open them again at the end.

    Where the kernel has Landlock nothing is changed: each worker is kept from them anyway. Where
    it has not, a grader that is killed leaves them closed, and of two at once the first to end
    does too, since the other one still needs it.

    Raises
    ------
    SandboxError
        They cannot be closed.
    """
    if landlock_version():
        yield
        return
    import fcntl  # noqa: PLC0415 - POSIX only

    with contextlib.ExitStack() as stack:
        lock = os.open(numpy_folder(), os.O_RDONLY)
        stack.callback(os.close, lock)
        fcntl.flock(lock, fcntl.LOCK_SH)
        modes: dict[Path, int] = {}
        try:
            for path in find_packages():
                mode = close_for_good(path)
                if mode & OTHERS:
                    modes[path] = mode
            yield
        finally:
            with contextlib.suppress(OSError):
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                for path, mode in modes.items():
                    with contextlib.suppress(OSError):
                        path.chmod(mode)


def close_for_good(path: Path) -> int:
    """Take a file or folder from everybody but its owner; return the mode that it had.

    What is not there, or a link to nowhere, is as closed as can be.

    Raises
    ------
    SandboxError
        The mode cannot be changed.
    """
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & OTHERS:
            path.chmod(mode & ~OTHERS)
    except FileNotFoundError:
        return 0
    except OSError as error:
        problem = f"others can read {path}, and that cannot be changed ({error.strerror})"
        raise SandboxError(problem, HELP) from error
    return mode
