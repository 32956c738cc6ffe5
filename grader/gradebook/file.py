"""Open, make, guard and migrate the file of a gradebook; what is not ours stays as it is."""

from __future__ import annotations

import contextlib
import sqlite3
from typing import TYPE_CHECKING, Any, Self

from grader.gradebook.store.migration import VERSION, create, find_changed, migrate, overlay
from grader.gradebook.store.opening import (
    IN_USE,
    OF_THE_MACHINE,
    DamagedError,
    GradebookError,
    GradebookFullError,
    code_of,
    connect,
    connect_to_read,
    look_at,
    need_gradebook,
    nothing_in,
    real_path,
)
from grader.gradebook.store.seals import Seals
from grader.text import safe_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

INDEX_ALONE = ("missing from index", "wrong # of entries in index")
UNREADABLE = (sqlite3.Error, UnicodeDecodeError)  # the second where an error cannot be told, even
SHOWN = 120  # letters of what SQLite says about damage
RESTORE = "restore a copy, or grade into a new file with --gradebook"


class GradebookFile:
    """An open gradebook as a file: read by queries, written whole or not at all.

    Parameters
    ----------
    path
        The file; made when it is missing, unless `read_only`.
    read_only
        For exports: never writes, also where nothing can be written. What a run that was killed in
        the middle of a write has left is taken back, as any program would that opens the file.

    Raises
    ------
    GradebookError
        See `look_at`; or the file cannot be opened.
    """

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self.path, self.is_read_only = path, read_only
        self.is_sealed = self._reads_any_text = False
        if read_only:
            need_gradebook(path)
        try:
            if not look_at(path):
                create(real_path(path))
            self._connection = connect(path) if not read_only else connect_to_read(path)
        except UNREADABLE as error:
            raise self._explain(error) from error
        except OSError as error:
            raise GradebookError(f"{path} cannot be made ({error.strerror})") from error
        self.seals = Seals(self.query)
        try:
            self._make_ready()
        except BaseException:
            self.close()
            raise

    def _make_ready(self) -> None:
        """Make sure that the file is whole and of this version, in memory where it is only read."""
        self._check_structure()
        ((version,),) = self.query("PRAGMA user_version")
        there = dict(self.query("SELECT name, sql FROM sqlite_master"))
        if self.is_read_only and "assignment" not in there:  # not made yet, or not to its end
            raise nothing_in(self.path)
        if there and (changed := find_changed(there, version)):
            raise self._damaged(f"its {changed[0]} is not as it was made")
        self.is_sealed = "seal" in there or not self.is_read_only
        if version != VERSION and self.is_read_only:
            overlay(self._connection)
        elif version != VERSION:
            with self.writing() as sql:
                migrate(sql)
        with self.reading():
            damaged = self.seals.find_damaged_tables() if self.is_sealed else []
        if damaged:
            raise self._damaged(f"its table {damaged[0]}")
        if self.is_read_only:
            self.query("PRAGMA query_only = ON")

    def _check_structure(self) -> None:
        """Make sure that every row is found where an index says; make indexes anew that are wrong.

        Where the file is only read, that is done to a copy in memory.
        """
        problems = self._find_problems()
        if not problems:
            return
        if not all(any(text in one for text in INDEX_ALONE) for one in problems):
            raise self._damaged(problems[0])
        try:
            if self.is_read_only:
                copy = sqlite3.connect(":memory:", isolation_level=None)
                self._connection.backup(copy)
                self.close()
                self._connection = copy
            self._connection.execute("REINDEX")
        except UNREADABLE as error:
            raise self._explain(error) from error
        if problems := self._find_problems():
            raise self._damaged(problems[0])

    def _find_problems(self) -> list[str]:
        found = [str(text) for (text,) in self.query("PRAGMA integrity_check")]
        return [] if found == ["ok"] else found

    def close(self) -> None:
        """Close the file; whoever wrote leaves nothing beside it."""
        with contextlib.suppress(sqlite3.Error):
            if not self.is_read_only:
                self._connection.execute("PRAGMA journal_mode = DELETE")
        with contextlib.suppress(sqlite3.Error):
            self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def query(self, text: str, *values: object) -> list[tuple[Any, ...]]:
        """Return the rows of a query.

        Raises
        ------
        DamagedError
            It cannot be answered from what is in the file.
        GradebookError
            The file is in use, or cannot be read.
        """
        try:
            return self._connection.execute(text, values).fetchall()
        except UNREADABLE as error:
            if code_of(error) is not None or not self.is_sealed or self._reads_any_text:
                raise self._explain(error) from error
        # Some text is no UTF-8. Its seal will say whose it is: the others' can be read.
        self._connection.text_factory = _any_text
        self._reads_any_text = True
        return self.query(text, *values)

    @contextlib.contextmanager
    def reading(self) -> Iterator[None]:
        """Read all of a block as it was at one moment; what makes no sense there is damaged.

        Raises
        ------
        DamagedError
        """
        if self._connection.in_transaction:
            yield
            return
        self.query("BEGIN")
        try:
            yield
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            raise self._damaged(f"{type(error).__name__}: {error}") from error
        finally:
            with contextlib.suppress(sqlite3.Error):
                self._connection.execute("COMMIT")

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
            cause = error.__cause__ if isinstance(error, GradebookError) else error
            if isinstance(cause, sqlite3.Error):
                why = "another program keeps it locked" if code_of(cause) in IN_USE else str(cause)
                text = f"{self.path} cannot be written ({why}); what was graded so far is kept: "
                text += "mend that and run the same command again"
                raise GradebookFullError(text) from error
            raise

    # ------------------------------------------------------------------ what is still as written

    def find_damaged(self, assignment: int) -> list[str]:
        """Return the names of those whose newest result is not what was written."""
        if not self.is_sealed:
            return []
        damaged = set(self.seals.find_damaged_rows(assignment).values())
        newest = self.query(
            "SELECT name, content FROM current_submission WHERE assignment = ?", assignment
        )
        damaged |= {name for name, content in newest if not self.is_whole(assignment, content)}
        return sorted(damaged)

    def is_whole(self, assignment: int, content: str) -> bool:
        """Tell whether what was found out about a content is what was written."""
        try:
            return not self.is_sealed or self.seals.are_whole(assignment, content)
        except DamagedError:
            return False

    def _damaged(self, why: str) -> DamagedError:
        why = safe_text(" ".join(why.split())[:SHOWN])
        return DamagedError(f"{self.path} is damaged ({why}); it is left as it is: {RESTORE}")

    def _explain(self, error: Exception) -> GradebookError:
        """Return what a database error means: in use, a fault of the machine, or damage."""
        code = code_of(error)
        if code in IN_USE:
            return GradebookError(f"{self.path} is being written; try again in a moment")
        if code in OF_THE_MACHINE:
            text = f"{self.path} cannot be read or written ({error}); it is left as it is"
            return GradebookError(text)
        return self._damaged(str(error))


def _any_text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")
