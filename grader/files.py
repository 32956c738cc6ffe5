"""Write files as a whole, and find names for them.

A reader sees the old file or the new one, never a part, and a write that fails leaves the old one:
what is new is written beside it and renamed over it. Only an ordinary file, or none, may be
replaced like that. Behind a link stands another file, which is the one to replace; a device, a
pipe or a socket is not ours to take away, and is written to.
"""

from __future__ import annotations

import contextlib
import io
import os
import stat
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TextIO

if TYPE_CHECKING:
    from collections.abc import Iterator

ANYBODY = 0o666  # less what the user's own mask takes away


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
        made.replace(target)
    except BaseException:
        made.unlink(missing_ok=True)
        raise


@contextlib.contextmanager
def open_whole_text(path: Path) -> Iterator[TextIO]:
    """Yield where to write the text of a file, UTF-8 with line ends as they are given.

    Raises
    ------
    OSError
        It cannot be written.
    """
    with open_whole(path) as file:
        stream = io.TextIOWrapper(file, encoding="utf-8", newline="")
        try:
            yield stream
        finally:
            stream.detach()  # all that was written is handed on, and the file stays open


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


def free_name(path: Path) -> Path:
    """Return a name that no file has: the one given, or with a number behind it."""
    number, found = 1, path
    while found.exists():
        number += 1
        found = path.with_name(f"{path.name}{number}")
    return found
