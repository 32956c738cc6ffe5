"""Ask and write an open gradebook, and say what an error of the database means."""

from __future__ import annotations

import contextlib
import sqlite3
from typing import TYPE_CHECKING, Any, Self

from grader.gradebook.store.opening import (
    IN_USE,
    OF_THE_MACHINE,
    DamagedError,
    GradebookError,
    GradebookFullError,
    code_of,
)
from grader.text import safe_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

UNREADABLE = (sqlite3.Error, UnicodeDecodeError)  # the second where an error cannot be told, even
SHOWN = 120  # letters of what SQLite says about damage
RESTORE = "restore a copy, or grade into a new file with --gradebook"


class OpenFile:
    """An open database that is a gradebook: read by queries, written whole or not at all.

    Parameters
    ----------
    path
        The file.
    read_only
        Whether it is never written.
    """

    _connection: sqlite3.Connection

    def __init__(self, path: Path, *, read_only: bool) -> None:
        self.path, self.is_read_only = path, read_only
        self.is_sealed = self._reads_any_text = False

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

    def _damaged(self, why: str) -> DamagedError:
        why = safe_text(" ".join(why.split())[:SHOWN])
        text = f"{self.path} is damaged ({why}); it is left as it is: {RESTORE}"
        return DamagedError(text, why)

    def _use(self, connection: sqlite3.Connection) -> None:
        """Go on with another database in the place of this one."""
        self.close()
        if self._reads_any_text:
            connection.text_factory = _any_text
        self._connection = connection

    def _explain(self, error: Exception) -> GradebookError:
        """Return what a database error means: in use, a fault of the machine, or damage."""
        code = code_of(error)
        if code in IN_USE:
            return GradebookError(f"{self.path} is being written; try again in a moment")
        if code in OF_THE_MACHINE:
            text = f"{self.path} cannot be read or written ({error}); it is left as it is"
            return GradebookError(text)
        if isinstance(error, UnicodeDecodeError):
            return self._damaged("malformed: what names it, or what SQLite says of it, is no text")
        return self._damaged(str(error))


def _any_text(raw: bytes) -> str:
    return raw.decode("utf-8", "backslashreplace")  # text that can be asked for, and is nobody's
