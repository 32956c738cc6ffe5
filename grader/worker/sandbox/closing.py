"""Take installed packages from an unused user, where no wall keeps a worker from reading them."""

from __future__ import annotations

import contextlib
import json
import os
import site
import stat
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from grader.errors import SandboxError
from grader.files import OWNER_ONLY, PACKAGE, write_whole
from grader.worker.command import numpy_folder
from grader.worker.sandbox.landlock import landlock_version
from grader.worker.sandbox.visible import INSTALLED, find_visible

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from grader.worker.libraries import Library

NOTES = ".dlgrade-modes.json"
OTHERS = stat.S_IRWXG | stat.S_IRWXO
HELP = "let root own it, on a disk that can be written, or choose --sandbox bwrap"


def find_packages() -> list[Path]:
    """Return every installed package but numpy, and this one, wherever it is."""
    folders = {Path(numpy_folder()), *map(Path, find_visible().hidden)}
    folders |= {Path(name) for name in [*sys.path, *site.getsitepackages()]}
    packages = {
        package
        for folder in folders
        if folder.name in INSTALLED and folder.is_dir()
        for package in folder.iterdir()
        if not package.name.startswith(("numpy", "__pycache__"))
    }
    return sorted(packages | {PACKAGE})


@contextlib.contextmanager
def closed_packages(allowed: Sequence[Library] = ()) -> Iterator[None]:
    """Close installed packages to everybody but their owner, and open them again at the end.

    Parameters
    ----------
    allowed
        What stays open besides numpy, unless another run has closed it.

    Raises
    ------
    SandboxError
        They cannot be closed.

    Notes
    -----
    Where the kernel has Landlock nothing is changed: each worker is kept from them anyway. Where
    it has not, the modes are noted beside numpy before they are changed, so that of several runs
    at once the last one opens what all have closed, and the next one what a killed one has.
    """
    if landlock_version():
        yield
        return
    import fcntl  # noqa: PLC0415 - POSIX only

    folder = Path(numpy_folder())
    with contextlib.ExitStack() as stack:
        running, changing = (os.open(path, os.O_RDONLY) for path in (folder, folder / "numpy"))
        stack.callback(os.close, running)
        stack.callback(os.close, changing)
        fcntl.flock(running, fcntl.LOCK_SH)
        try:
            fcntl.flock(changing, fcntl.LOCK_EX)
            _close_all(folder / NOTES, {part for one in allowed for part in one.parts})
            fcntl.flock(changing, fcntl.LOCK_UN)
            yield
        finally:
            fcntl.flock(changing, fcntl.LOCK_EX)
            with contextlib.suppress(OSError):  # another run still needs them closed
                fcntl.flock(running, fcntl.LOCK_EX | fcntl.LOCK_NB)
                _open_all(folder / NOTES)


def _close_all(notes: Path, allowed: Collection[str]) -> None:
    found = [path for path in find_packages() if path.name not in allowed]
    modes = {str(path): stat.S_IMODE(path.stat().st_mode) for path in found if path.exists()}
    open_ones = {path: mode for path, mode in modes.items() if mode & OTHERS}
    try:
        if open_ones:
            write_whole(notes, json.dumps(_noted(notes) | open_ones), mode=OWNER_ONLY)
    except OSError as error:
        problem = f"others can read installed packages, and {notes} cannot be written"
        raise SandboxError(f"{problem} ({error.strerror})", HELP) from error
    for path in open_ones:
        close_for_good(Path(path))


def _open_all(notes: Path) -> None:
    for path, mode in _noted(notes).items():
        with contextlib.suppress(OSError):
            Path(path).chmod(mode)
    notes.unlink(missing_ok=True)


def _noted(notes: Path) -> dict[str, int]:
    """Return the modes that were noted; a file that is not whole tells none."""
    with contextlib.suppress(OSError, ValueError):
        return {str(path): int(mode) for path, mode in json.loads(notes.read_bytes()).items()}
    return {}


def close_for_good(path: Path) -> None:
    """Take a file or folder from everybody but its owner.

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
        return
    except OSError as error:
        problem = f"others can read {path}, and that cannot be changed ({error.strerror})"
        raise SandboxError(problem, HELP) from error
