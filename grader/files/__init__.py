"""Write files as a whole, find names, and the course of the package.

A reader sees the old file or the new one, never a part, and a write that fails leaves the old one:
what is new is written beside it and renamed over it. Only an ordinary file, or none, may be
replaced like that. Behind a link stands another file, which is the one to replace; a device, a
pipe or a socket is not ours to take away, and is written to.

`names` are those that a system cannot hold, `removing` takes whole folders away.
"""

from __future__ import annotations

import contextlib
import io
import os
import stat
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TextIO

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = Path(__file__).resolve().parent.parent
ANYBODY = 0o666  # less what the user's own mask takes away
OWNER_ONLY = 0o600  # of a file that nobody else may read
BUSY_S = 1.0


def from_here(path: Path) -> Path:
    """Return how to name a file on the screen: by its way from here, where it lies below.

    Parameters
    ----------
    path
        Absolute, or from here already.

    Examples
    --------
    >>> from_here(Path.cwd() / "exercises" / "conv.py").as_posix()
    'exercises/conv.py'
    """
    here = Path.cwd()
    return path.relative_to(here) if here in path.parents else path


def write_whole(
    path: Path, content: str | bytes, *, mode: int | None = None, synced: bool = True
) -> None:
    """Replace the content of a file as a whole.

    Parameters
    ----------
    path
        The file; it need not exist, its folder must.
    content
        Text is encoded as UTF-8, its line ends left as they are.
    mode
        Permissions; None for those that the file has, or that any new file gets.
    synced
        Wait until it is on the disk. A cache that notices damage need not.

    Raises
    ------
    OSError
        It cannot be written: an ordinary file is then as it was.
    """
    with open_whole(path, mode=mode, synced=synced) as file:
        file.write(content.encode() if isinstance(content, str) else content)


@contextlib.contextmanager
def open_whole(path: Path, *, mode: int | None = None, synced: bool = True) -> Iterator[BinaryIO]:
    """Yield where to write what becomes the content of a file when all of it is there.

    Parameters
    ----------
    path, mode, synced
        See `write_whole`.

    Raises
    ------
    OSError
        It cannot be written.
    """
    there = _facts(path)
    target = Path(os.path.realpath(path))
    if there is not None and not _is_ordinary(target, there):
        collected = io.BytesIO()
        yield collected
        with open(path, "wb", opener=_open_existing) as file:
            file.write(collected.getbuffer())
        return
    if mode is None and there is not None:
        mode = stat.S_IMODE(there.st_mode) & 0o777
    made = target.with_name(f".dlgrade-{os.urandom(6).hex()}")
    try:
        asked = ANYBODY if mode is None else mode
        with open(made, "xb", opener=partial(os.open, mode=asked)) as file:
            yield file
            file.flush()
            if synced:
                os.fsync(file.fileno())
        if mode is not None:
            made.chmod(mode)
        _put_in_place(made, target)
    except BaseException:
        made.unlink(missing_ok=True)
        raise


@contextlib.contextmanager
def open_whole_text(path: Path, encoding: str = "utf-8") -> Iterator[TextIO]:
    """Yield where to write the text of a file, with line ends as they are given.

    Parameters
    ----------
    path, encoding
        The file, and how its text becomes bytes.

    Raises
    ------
    OSError
        It cannot be written.
    """
    with open_whole(path) as file:
        stream = io.TextIOWrapper(file, encoding=encoding, newline="")
        try:
            yield stream
        finally:
            stream.detach()  # all that was written is handed on, and the file stays open


def _put_in_place(made: Path, target: Path) -> None:
    """Rename a file over another; Windows refuses while somebody reads that one: wait for them."""
    end = time.monotonic() + (BUSY_S if os.name == "nt" else 0.0)
    while True:
        try:
            made.replace(target)
        except PermissionError:
            if time.monotonic() >= end:
                raise
            time.sleep(BUSY_S / 20)
        else:
            return


def _open_existing(name: str, flags: int) -> int:
    return os.open(name, flags & ~os.O_CREAT)


def _facts(path: Path) -> os.stat_result | None:
    """Return what a path leads to, through all links; None when there is nothing."""
    try:
        return path.stat()
    except FileNotFoundError:
        return None


def _is_ordinary(target: Path, there: os.stat_result) -> bool:
    """Tell whether a file may be replaced by its name.

    A name that the system made up, as behind `/dev/stdout`, may lead nowhere or elsewhere.
    """
    named = _facts(target)
    return stat.S_ISREG(there.st_mode) and named is not None and os.path.samestat(named, there)


def built_in_course() -> Path:
    """Return the folder of the built-in course: the source tree, or what the wheel holds."""
    if (PACKAGE.parent / "exercises" / "course.toml").is_file():
        return PACKAGE.parent
    return PACKAGE / "_course"


def free_name(path: Path) -> Path:
    """Return a name that no file has: the one given, or with a number behind it."""
    number, found = 1, path
    while found.exists():
        number += 1
        found = path.with_name(f"{path.name}{number}")
    return found


# ----------------------------------------------------------------------------- removing


def author_files(folder: Path) -> list[Path]:
    """Return all files in a folder that an author wrote, in order: code, and what it may read."""
    return sorted(file for file in walk_authors(folder) if file.is_file())


def walk_authors(folder: Path) -> Iterator[Path]:
    """Yield what is in a folder, whatever it is, and is neither hidden nor in a folder that is."""
    return map(Path, walk_author_names(folder))


def walk_author_names(folder: Path) -> Iterator[str]:
    """Yield the names of the same, each as its path is written."""
    here = f".{os.sep}"
    for path, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if _is_authors(name)]
        own = (os.path.join(path, name) for name in names if _is_authors(name))  # noqa: PTH118
        yield from (name.removeprefix(here) for name in own)


def _is_authors(name: str) -> bool:
    return not name.startswith(".") and name != "__pycache__"
