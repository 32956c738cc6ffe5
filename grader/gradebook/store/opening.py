"""Look at what lies where a gradebook should be, and open it: what is not ours stays as it is.

While a run goes on, SQLite keeps a journal beside the file for the moment of each write, and no
other file: a copy of the file alone holds all that was graded.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import stat
from pathlib import Path

from grader.errors import DlgradeError, GraderError
from grader.gradebook.store.migration import APPLICATION_ID, BUSY_S, VERSION

MAGIC = b"SQLite format 3\0"
HEAD = 100  # bytes that say what a database is
PATIENCE_S = 60.0  # how long a write waits for those who read: they hold a lock for each query
IN_USE = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
OF_THE_MACHINE = (
    sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_FULL,
)  # fmt: skip
JOURNALS = ("-journal", "-wal")
# Until it is known what is damaged: else a file that was cut short, or in which one table is not
# described any more, is not read at all.
LENIENT, STRICT = "PRAGMA writable_schema = ON", "PRAGMA writable_schema = OFF"
KINDS = {
    stat.S_IFDIR: "a folder", stat.S_IFIFO: "a pipe", stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device", stat.S_IFBLK: "a device",
}  # fmt: skip


class GradebookError(DlgradeError):
    """The file is no gradebook, damaged, of a newer version, in use, or cannot be written."""


class NothingYetError(GradebookError):
    """There is no gradebook, or one into which nothing was written yet."""


class DamagedError(GradebookError):
    """What is read is not what was written.

    Parameters
    ----------
    text
        All that is to be said.
    why
        By what that was noticed.
    """

    def __init__(self, text: str, why: str = "") -> None:
        super().__init__(text)
        self.why = why


class GradebookFullError(GraderError):
    """A result cannot be kept: the disk is full or the folder has become read-only."""


def code_of(error: Exception) -> int | None:
    """Return SQLite's primary code of an error; None for text that is no UTF-8."""
    code = getattr(error, "sqlite_errorcode", None)
    return None if code is None else code & 0xFF


def real_path(path: Path) -> Path:
    """Return the path of a file itself, whatever links lead to it."""
    return Path(os.path.realpath(path))


def side_file(path: Path, end: str) -> Path:
    """Return the path of a file that SQLite keeps beside a gradebook."""
    target = real_path(path)
    return target.with_name(target.name + end)


def need_gradebook(path: Path) -> None:
    """Make sure that there is a gradebook.

    Raises
    ------
    NothingYetError
        There is none, or an empty file.
    GradebookError
        See `look_at`.
    """
    if not look_at(path):
        raise nothing_in(path)


def nothing_in(path: Path) -> NothingYetError:
    """Return what to say where nothing is kept."""
    if not path.exists():
        return NothingYetError(f"there is no gradebook {path}")
    text = f"{path} is empty: the run that was to make it a gradebook was ended before it could"
    return NothingYetError(f"{text}; run the same `dlgrade grade` again")


def look_at(path: Path) -> bool:
    """Tell whether there is a gradebook at a path; False when there is nothing yet.

    Only read here: what is no gradebook of ours stays as it is, and what is no file is not opened.

    Raises
    ------
    GradebookError
        There is something else, or what cannot be used.
    """
    try:
        if path.is_symlink() and not path.exists():
            text = f"{path} is a link to {path.readlink()}, which is not there"
            raise GradebookError(f"{text}: remove the link, or make what it leads to")
        head = _read_head(path)
    except FileNotFoundError:
        return False
    except OSError as error:
        raise GradebookError(f"{path} cannot be read: {error.strerror}") from error
    if not head or (not head.strip(b"\0") and _has_journal(path)):
        return False  # never written, or not to its end: SQLite takes that back
    if head[:16] != MAGIC or len(head) < HEAD:
        raise GradebookError(f"{path} is not a gradebook, or it is damaged; it is left as it is")
    version, application = (int.from_bytes(head[at : at + 4], "big") for at in (60, 68))
    if application != APPLICATION_ID:
        raise GradebookError(f"{path} is a database of another program; it is left as it is")
    if version > VERSION:
        text = f"{path} was written by a newer dlgrade (gradebook version {version}, this one "
        raise GradebookError(f"{text}reads {VERSION}); it is left as it is: upgrade dlgrade")
    return True


def _read_head(path: Path) -> bytes:
    """Return how a file begins; of what is no file, nothing is read and nothing waited for."""
    _need_file(path, path.stat())
    for end in JOURNALS:
        beside = side_file(path, end)
        with contextlib.suppress(FileNotFoundError):
            _need_file(beside, beside.stat())
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    with os.fdopen(descriptor, "rb") as file:
        _need_file(path, os.fstat(descriptor))
        return file.read(HEAD)


def _need_file(path: Path, facts: os.stat_result) -> None:
    if not stat.S_ISREG(facts.st_mode):
        kind = KINDS.get(stat.S_IFMT(facts.st_mode), "something else")
        raise GradebookError(f"{path} is {kind}, not a gradebook; it is left as it is")


def _has_journal(path: Path) -> bool:
    """Tell whether a write was begun and not ended, now or by what was killed."""
    with contextlib.suppress(OSError):
        return side_file(path, "-journal").stat().st_size > 0
    return False


def connect(path: Path) -> sqlite3.Connection:
    """Open a gradebook to be written: every commit is on the disk before it returns.

    Raises
    ------
    GradebookError
        It has two names.
    """
    target = real_path(path)
    if target.stat().st_nlink > 1:
        text = f"{path} has another name too (a hard link), by which another run could write to it"
        raise GradebookError(f"{text}: copy it, and use the copy")
    connection = sqlite3.connect(target, timeout=PATIENCE_S, isolation_level=None)
    connection.execute(LENIENT)
    with contextlib.suppress(sqlite3.OperationalError):
        # Earlier versions kept a log that is no part of the file. Somebody may be reading by it:
        # then it is folded in another time.
        connection.execute("PRAGMA journal_mode = TRUNCATE")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


def connect_to_read(path: Path) -> sqlite3.Connection:
    """Open a gradebook that is only read.

    Raises
    ------
    GradebookError
        A write was cut short, and here nothing can be written that would take it back.
    """
    # What a killed run has begun to write is taken back by the next one who may.
    for how in ("mode=ro", "mode=rw") if _has_journal(path) else ("mode=ro",):
        try:
            return _connect_by(path, how)
        except sqlite3.OperationalError as error:
            if code_of(error) in IN_USE:
                raise
    for end in JOURNALS:
        beside = side_file(path, end)
        if beside.exists() and beside.stat().st_size:
            text = f"{path} needs {beside.name}, and nothing can be written in its folder: copy "
            raise GradebookError(f"{text}both files into a folder of yours and read them there")
    return _connect_by(path, "immutable=1")  # a folder where SQLite's side files cannot be made


def _connect_by(path: Path, how: str) -> sqlite3.Connection:
    address = f"{real_path(path).as_uri()}?{how}"
    connection = sqlite3.connect(address, uri=True, timeout=BUSY_S, isolation_level=None)
    try:
        connection.execute(LENIENT)
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection
