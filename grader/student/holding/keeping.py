"""Let a script take the place of no file but an earlier script that nobody edited."""

from __future__ import annotations

import hashlib
import shutil
from typing import TYPE_CHECKING

from grader.errors import UsageError
from grader.files import remove_tree

if TYPE_CHECKING:
    from pathlib import Path

SEAL = b"# As dlgrade debug wrote it, which replaces it unless it was edited: "
MARK = ".dlgrade-debug"


def refuse_to_replace(path: Path) -> None:
    """Make sure that nothing lies where a script is to be written that somebody may miss.

    Raises
    ------
    UsageError
        Something does, or nobody can tell.
    """
    if path.is_dir():
        raise UsageError(f"-o: {path} is a folder; name a file in it")
    if not path.is_file():
        return
    try:
        there = path.read_bytes()
    except OSError as error:
        raise UsageError(f"-o: {path} cannot be read ({error.strerror})") from error
    if there and not _is_untouched(there):
        edited = SEAL in there
        why = "was edited since dlgrade debug wrote it" if edited else "is no script of ours"
        raise UsageError(f"-o: {path} {why}, and is left alone: name another file")


def keep_code(folder: Path, laid_out: Path) -> None:
    """Copy code that was laid out for a while to where it stays.

    Parameters
    ----------
    folder
        New, or one that was made so before.
    laid_out
        The files.

    Raises
    ------
    UsageError
        It cannot be written, or something lies there that is not ours.
    """
    if folder.exists() and not (folder / MARK).is_file():
        raise UsageError(f"-o: {folder}, where the code would lie, is there already")
    try:
        remove_tree(folder)
        shutil.copytree(laid_out, folder)
        (folder / MARK).touch()
    except OSError as error:
        raise UsageError(f"-o: {folder} cannot be written ({error})") from error


def seal(text: str) -> str:
    """Return a script with a last line by which it is known whether somebody edited it."""
    return f"{text}{SEAL.decode()}{_digest(text.encode())}\n"


def _is_untouched(data: bytes) -> bool:
    text, found, digest = data.replace(b"\r\n", b"\n").rpartition(SEAL)
    return bool(found) and digest.strip() == _digest(text).encode()


def _digest(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()[:12]
