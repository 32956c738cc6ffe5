"""Be the only run on a gradebook, whatever name it is called by."""

from __future__ import annotations

import contextlib
import sqlite3
from typing import TYPE_CHECKING

from grader.gradebook.store.opening import GradebookError, look_at, real_path

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SIDE_FILES = ("", "-journal", "-wal", "-shm", ".bank", ".pseudonyms", ".damaged")


def bank_folder(path: Path) -> Path:
    """Return where the cases of a gradebook's runs are: beside the file, not beside a link."""
    path = real_path(path)
    return path.with_name(path.name + ".bank")


def names_beside(path: Path) -> list[str]:
    """Return the names of what may lie beside submissions and belongs to a gradebook."""
    names = dict.fromkeys((path.name, real_path(path).name))
    return [name + end for name in names for end in SIDE_FILES]


@contextlib.contextmanager
def only_run(path: Path) -> Iterator[Path]:
    """Be the only run on a gradebook; yield the folder of its bank.

    Raises
    ------
    GradebookError
        Another run is going on, the folder cannot be written, or this is no gradebook.
    """
    look_at(path)
    folder = bank_folder(path)
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        folder.chmod(0o700)
        # A lock that ends with its process on every system: SQLite's own.
        (folder / "run.lock").touch(mode=0o600)
        lock = sqlite3.connect(folder / "run.lock", timeout=0, isolation_level=None)
    except (OSError, sqlite3.Error) as error:
        raise GradebookError(f"{folder} cannot be written ({error})") from error
    try:
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        lock.close()
        if "locked" in str(error):
            text = f"another run is grading into {path}; wait for it, or give --gradebook FILE"
        else:
            text = f"{folder} cannot be written ({error})"
        raise GradebookError(text) from error
    try:
        yield folder
    finally:
        lock.close()
