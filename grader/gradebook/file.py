"""Open, make and guard the file of a gradebook; what is not ours stays as it is."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

from grader.errors import DlgradeError, GraderError

if TYPE_CHECKING:
    from collections.abc import Iterator

APPLICATION_ID = 0x646C6772  # "dlgr"
VERSION = 1
SCHEMA = Path(__file__).with_name("schema.sql")
BUSY_S = 10.0
MAGIC = b"SQLite format 3\0"


class GradebookError(DlgradeError):
    """The file is no gradebook, damaged, of a newer version, in use, or cannot be written."""


class GradebookFullError(GraderError):
    """A result cannot be kept: the disk is full or the folder has become read-only."""


def bank_folder(path: Path) -> Path:
    """Return where the cases of a gradebook's runs are: beside it."""
    return path.with_name(path.name + ".bank")


def look_at(path: Path) -> bool:
    """Tell whether there is a gradebook at a path; False when there is nothing yet.

    Only read here: what is no gradebook of ours stays as it is.

    Raises
    ------
    GradebookError
        There is something else, or what cannot be used.
    """
    try:
        with path.open("rb") as file:
            head = file.read(100)
    except FileNotFoundError:
        return False
    except OSError as error:
        raise GradebookError(f"{path} cannot be read: {error.strerror}") from error
    if not head:
        return False
    if head[:16] != MAGIC or len(head) < 100:
        raise GradebookError(f"{path} is not a gradebook, or it is damaged; it is left as it is")
    version, application = (int.from_bytes(head[at : at + 4], "big") for at in (60, 68))
    if application != APPLICATION_ID:
        raise GradebookError(f"{path} is a database of another program; it is left as it is")
    if version > VERSION:
        text = f"{path} was written by a newer dlgrade (gradebook version {version}, this one "
        raise GradebookError(f"{text}reads {VERSION}); it is left as it is: upgrade dlgrade")
    return True


def create(path: Path) -> None:
    """Make an empty gradebook for its owner alone: whole, or not there."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    os.close(descriptor)
    connection = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None)
    try:
        script = SCHEMA.read_text(encoding="utf-8")
        connection.executescript(
            f"BEGIN EXCLUSIVE;\nPRAGMA application_id = {APPLICATION_ID};\n"
            f"PRAGMA user_version = {VERSION};\n{script}\nCOMMIT;"
        )
    finally:
        connection.close()


def connect(path: Path, *, read_only: bool) -> sqlite3.Connection:
    """Open a gradebook; when writing, every commit is on the disk before it returns."""
    address = path.resolve().as_uri()
    if not read_only:
        connection = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        return connection
    connection = sqlite3.connect(f"{address}?mode=ro", uri=True, isolation_level=None)
    try:
        connection.execute("SELECT count(*) FROM assignment").fetchone()
    except sqlite3.OperationalError:  # a folder where SQLite's side files cannot be made
        connection.close()
        if path.with_name(path.name + "-wal").exists():
            raise
        connection = sqlite3.connect(f"{address}?immutable=1", uri=True, isolation_level=None)
    return connection


@contextlib.contextmanager
def only_run(path: Path) -> Iterator[Path]:
    """Be the only run on a gradebook; yield the folder of its bank.

    Raises
    ------
    GradebookError
        Another run is going on, or the folder cannot be written.
    """
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
