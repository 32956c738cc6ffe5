"""Let an unused user see a few folders that lie where only root may go.

A grader that runs as root starts its workers as a user who cannot enter root's home, where Python
itself may be installed. In a mount namespace of the grader's own, those folders appear a second
time, read-only, in a place that anybody may enter; the rest of the system sees nothing of it.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import stat
import tempfile
from pathlib import Path

from grader.errors import SandboxError
from grader.worker.sandbox.users import find_unused_id, is_nobodys, is_root

CLONE_NEWNS = 0x00020000
MS_RDONLY, MS_REMOUNT, MS_BIND, MS_REC, MS_PRIVATE = 1, 32, 4096, 16384, 1 << 18
MNT_DETACH = 2
PARENTS = ("/tmp", "/var/tmp", "/run")  # noqa: S108 - only tried where TMPDIR is closed to others

STAGE_MODE = 0o2750

_state = {"private": False}


def is_open_to_all(path: Path) -> bool:
    """Tell whether any user may reach and read a file or folder.

    Parameters
    ----------
    path
        An absolute path; symbolic links are followed.
    """
    try:
        real = path.resolve(strict=True)
        folders = [real, *real.parents] if real.is_dir() else list(real.parents)
        entered = all(folder.stat().st_mode & stat.S_IXOTH for folder in folders)
        return entered and bool(real.stat().st_mode & stat.S_IROTH)
    except OSError:
        return False


def make_scratch() -> Path:
    """Make a private place for copies of submissions that a worker's user may still enter."""
    for parent in (tempfile.gettempdir(), *PARENTS):
        if not is_root() or is_open_to_all(Path(parent)):
            scratch = Path(tempfile.mkdtemp(prefix="dlgrade-", dir=parent))
            scratch.chmod(0o711)
            return scratch
    raise SandboxError("there is no temporary folder that another user may enter (set TMPDIR)")


def make_stage(scratch: Path) -> Path:
    """Make an empty folder for the files of one submission, with a name that nobody can guess.

    Where the grader is root, the stage belongs to root and to a group that nobody has, as does
    whatever is laid out in it (the folder hands its group on): the workers of this submission are
    users of their own with that one group, and nobody else may look. Elsewhere it is the grader's.

    Parameters
    ----------
    scratch
        From `make_scratch`, or a folder in it that anybody may enter and nobody may list.
    """
    stage = Path(tempfile.mkdtemp(prefix="stage-", dir=scratch))
    if is_root():
        os.chown(stage, 0, find_unused_id())
    stage.chmod(STAGE_MODE)
    return stage


def group_of(stage: Path) -> int | None:
    """Return the group that a stage was made for; None for any other folder."""
    found = stage.stat()
    is_made = found.st_uid == 0 and stat.S_IMODE(found.st_mode) == STAGE_MODE
    return found.st_gid if is_made and is_nobodys(found.st_gid) else None


class Openings:
    """Second places for folders that the unused user cannot reach.

    Parameters
    ----------
    scratch
        A folder that anybody may enter; the second places are made in it.
    """

    def __init__(self, scratch: Path) -> None:
        self._scratch = scratch
        self._made: dict[Path, Path] = {}

    def reach(self, path: Path) -> Path:
        """Return where the unused user finds `path`: itself, if it is open to all.

        Raises
        ------
        SandboxError
            This container refuses mounts.
        """
        if is_open_to_all(path):
            return path
        if path not in self._made:
            self._made[path] = self._bind(path.resolve(strict=True))
        return self._made[path]

    def _bind(self, source: Path) -> Path:
        target = self._scratch / f"opening-{len(self._made)}"
        if source.is_dir():
            target.mkdir()
        else:
            target.touch()
        try:
            _use_private_namespace()
            _mount(source, target, MS_BIND)
            _mount(None, target, MS_BIND | MS_REMOUNT | MS_RDONLY)
        except OSError as error:
            self._unbind(target)
            text = f"an unused user cannot read {source}, and mounts are refused here "
            text += f"({error.strerror}); install Python where everybody may read it"
            raise SandboxError(text) from error
        return target

    @staticmethod
    def _unbind(target: Path) -> None:
        libc = ctypes.CDLL(None, use_errno=True)
        libc.umount2(os.fsencode(target), MNT_DETACH)
        # Never a recursive removal: what was mounted here is the machine's own Python.
        with contextlib.suppress(OSError):
            target.rmdir() if target.is_dir() else target.unlink()

    def close(self) -> None:
        """Take the second places away again."""
        for target in self._made.values():
            self._unbind(target)
        self._made.clear()


def _use_private_namespace() -> None:
    if _state["private"]:
        return
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNS) != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    _mount(None, Path("/"), MS_REC | MS_PRIVATE)
    _state["private"] = True


def _mount(source: Path | None, target: Path, flags: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    what = os.fsencode(source) if source else b"none"
    if libc.mount(what, os.fsencode(target), None, ctypes.c_ulong(flags), None) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
