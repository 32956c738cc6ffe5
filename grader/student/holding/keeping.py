"""Let a script take the place of no file but an earlier script that nobody edited."""

from __future__ import annotations

import hashlib
import shutil
from typing import TYPE_CHECKING

from grader.errors import UsageError
from grader.files.removing import remove_tree

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
    try:
        if folder.exists() and not _is_as_laid_out(folder):
            text = "where the code would lie, is there already and not as dlgrade debug left it"
            raise UsageError(f"-o: {folder}, {text}: name another file")
        remove_tree(folder)
        shutil.copytree(laid_out, folder)
        (folder / MARK).write_text(_digest_of_all(folder))
    except OSError as error:
        raise UsageError(f"-o: {folder} cannot be written ({error})") from error


def seal(text: str) -> str:
    """Return a script with a last line by which it is known whether somebody edited it."""
    return f"{text}{SEAL.decode()}{_digest(text.encode())}\n"


def _is_untouched(data: bytes) -> bool:
    text, found, digest = data.replace(b"\r\n", b"\n").rpartition(SEAL)
    return bool(found) and digest.strip() == _digest(text).encode()


def _is_as_laid_out(folder: Path) -> bool:
    """Tell whether a folder has what was laid out there, and nothing that somebody may miss."""
    mark = folder / MARK
    return mark.is_file() and mark.read_text(errors="replace") == _digest_of_all(folder)


def _digest_of_all(folder: Path) -> str:
    """Return a fingerprint of all files below a folder, but for what Python makes of them."""
    files = [one for one in sorted(folder.rglob("*")) if one.is_file() and one.name != MARK]
    made = [one for one in files if "__pycache__" not in one.parts]
    parts = [f"{one.relative_to(folder)} {_digest(one.read_bytes())}" for one in made]
    return _digest("\n".join(parts).encode("utf-8", "surrogateescape"))


def _digest(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()[:12]
