"""Open, make, guard and migrate the file of a gradebook; what is not ours stays as it is."""

from __future__ import annotations

import contextlib
import os
import re
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from grader.errors import DlgradeError, GraderError

if TYPE_CHECKING:
    from collections.abc import Iterator

APPLICATION_ID = 0x646C6772  # "dlgr"
VERSION = 2
SCHEMA = Path(__file__).with_name("schema.sql")
STATEMENT = re.compile(r"^CREATE (TABLE|INDEX|VIEW) (\w+) .*?;$", re.MULTILINE | re.DOTALL)
BUSY_S = 10.0
MAGIC = b"SQLite format 3\0"


class GradebookError(DlgradeError):
    """The file is no gradebook, damaged, of a newer version, in use, or cannot be written."""


class GradebookFullError(GraderError):
    """A result cannot be kept: the disk is full or the folder has become read-only."""


class GradebookFile:
    """An open gradebook as a file: read by queries, written whole or not at all.

    Parameters
    ----------
    path
        The file; made when it is missing, unless `read_only`.
    read_only
        For exports: never writes, also where nothing can be written.

    Raises
    ------
    GradebookError
        See `look_at`; or the file cannot be opened.
    """

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self.path = path
        exists = look_at(path)
        if read_only and not exists:
            raise GradebookError(f"there is no gradebook {path}")
        try:
            if not exists:
                create(path)
            self._connection = connect(path, read_only=read_only)
            try:
                self._make_ready(read_only=read_only)
            except BaseException:
                self.close()
                raise
        except sqlite3.Error as error:
            text = f"{path} cannot be {'read' if read_only else 'written'} ({error})"
            raise GradebookError(f"{text}; it is left as it is") from error

    def _make_ready(self, *, read_only: bool) -> None:
        """Make sure that the file is whole and of this version, in memory where it is only read."""
        if self.query("PRAGMA quick_check(1)") != [("ok",)]:
            raise GradebookError(f"{self.path} is damaged; it is left as it is: restore a copy")
        ((version,),) = self.query("PRAGMA user_version")
        if version == VERSION:
            return
        if version == 0 and read_only:  # the first run was ended while it was making the file
            raise GradebookError(f"there is no gradebook {self.path}")
        if read_only:
            overlay(self._connection)
        else:
            with self.writing() as sql:
                migrate(sql)

    def close(self) -> None:
        """Close the file; the last one to do so folds SQLite's side files into it."""
        with contextlib.suppress(sqlite3.Error):
            self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def query(self, text: str, *values: object) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        return self._connection.execute(text, values).fetchall()

    @contextlib.contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Write all of a block, or nothing of it.

        Raises
        ------
        GradebookFullError
        """
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            yield self._connection
            self._connection.execute("COMMIT")
        except BaseException as error:
            with contextlib.suppress(sqlite3.Error):
                self._connection.execute("ROLLBACK")
            if isinstance(error, sqlite3.Error):
                text = f"{self.path} cannot be written ({error}); what was graded so far is kept: "
                text += "mend that and run the same command again"
                raise GradebookFullError(text) from error
            raise


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


def statements() -> Iterator[tuple[str, str, str]]:
    """Yield kind, name and text of each statement of the schema."""
    for found in STATEMENT.finditer(SCHEMA.read_text(encoding="utf-8")):
        yield found[1], found[2], found[0]


def migrate(sql: sqlite3.Connection) -> None:
    """Bring an older gradebook up to this version, in the transaction that is going on.

    It gets the tables that it lacks, and every view anew; nothing that it keeps is touched. A
    version that changes a table says here how.
    """
    there = {name for (name,) in sql.execute("SELECT name FROM sqlite_master")}
    for kind, name, text in statements():
        if kind == "VIEW":
            sql.execute(f"DROP VIEW IF EXISTS {name}")
        if kind == "VIEW" or name not in there:
            sql.execute(text)
    sql.execute(f"PRAGMA application_id = {APPLICATION_ID}")  # missing where nothing was made yet
    sql.execute(f"PRAGMA user_version = {VERSION}")


def overlay(sql: sqlite3.Connection) -> None:
    """Let an older gradebook that is only read look like one of this version; in memory alone."""
    sql.execute("PRAGMA temp_store = MEMORY")
    there = {name for (name,) in sql.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    for kind, name, text in statements():
        if kind == "VIEW" or (kind == "TABLE" and name not in there):
            sql.execute(text.replace(f"CREATE {kind}", f"CREATE TEMP {kind}", 1))


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
