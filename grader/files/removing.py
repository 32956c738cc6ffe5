"""Remove folders whole, whatever others have written into them."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
from pathlib import Path

OURS = 0o700  # what it takes to look into a folder and to remove something from it
HAS_DIR_FD = {os.open, os.unlink, os.rmdir, os.rename} <= os.supports_dir_fd


def remove_tree(folder: Path) -> bool:
    """Remove a folder and all that is in it, however deep, wide or locked; never raise or wait.

    Parameters
    ----------
    folder
        What others may have written into. A link is not followed, here or inside.

    Returns
    -------
    bool
        Whether nothing is left.

    Notes
    -----
    The time grows with the number of files and folders, and neither the depth of the call stack nor
    the number of open files nor the length of a path grows with the depth of the tree: a folder
    inside of a folder is moved up before it is looked into.
    """
    empty_folder(folder)
    with contextlib.suppress(OSError):
        folder.rmdir()
    return not os.path.lexists(folder)


def empty_folder(folder: Path) -> bool:
    """Remove what is in a folder as `remove_tree` does, and leave the folder.

    Returns
    -------
    bool
        Whether nothing is left in it.
    """
    try:
        if HAS_DIR_FD:
            top = _open_folder(folder)
            try:
                _empty(top)
            finally:
                os.close(top)
        else:  # where paths have an end, trees have one too
            for one in list(os.scandir(folder)):
                if one.is_dir(follow_symlinks=False):
                    shutil.rmtree(one.path, ignore_errors=True)
                else:
                    Path(one.path).unlink(missing_ok=True)
        with os.scandir(folder) as left:
            return next(left, None) is None
    except (OSError, RecursionError):
        return False


def _open_folder(name: Path | str, inside: int | None = None) -> int:
    """Open a folder, no link, in which we may then do everything if it is ours."""
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        opened = os.open(name, flags, dir_fd=inside)
    except PermissionError:
        if not stat.S_ISDIR(os.stat(name, dir_fd=inside, follow_symlinks=False).st_mode):
            raise
        os.chmod(name, OURS, dir_fd=inside)
        return os.open(name, flags, dir_fd=inside)
    with contextlib.suppress(OSError):
        if os.fstat(opened).st_mode & OURS != OURS:
            os.fchmod(opened, OURS)
    return opened


def _empty(top: int) -> None:
    """Remove all that is in an open folder, one folder after another."""
    mark = f".dlgrade-{os.urandom(6).hex()}"  # nobody can have taken the names that follow
    waiting = _remove_files(top)
    moved = 0
    while waiting:
        name = waiting.pop()
        with contextlib.suppress(OSError):
            opened = _open_folder(name, top)
            try:
                for inner in _remove_files(opened):
                    moved += 1
                    with contextlib.suppress(OSError):
                        os.close(_open_folder(inner, opened))  # only what is ours can be moved
                        os.rename(inner, f"{mark}-{moved}", src_dir_fd=opened, dst_dir_fd=top)
                        waiting.append(f"{mark}-{moved}")
            finally:
                os.close(opened)
            os.rmdir(name, dir_fd=top)


def _remove_files(opened: int) -> list[str]:
    """Remove the files and the empty folders in an open folder; return the other folders."""
    folders = []
    with os.scandir(opened) as found:
        inside = list(found)
    for one in inside:
        try:
            if one.is_dir(follow_symlinks=False):
                os.rmdir(one.name, dir_fd=opened)
            else:
                os.unlink(one.name, dir_fd=opened)
        except OSError:
            if one.is_dir(follow_symlinks=False):
                folders.append(one.name)
    return folders
