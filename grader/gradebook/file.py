"""Open, make, guard and migrate the file of a gradebook; what is not ours stays as it is."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from typing import TYPE_CHECKING

from grader.errors import BeyondMendingError
from grader.gradebook.store.connection import RESTORE, UNREADABLE, OpenFile
from grader.gradebook.store.migration import VERSION, create, find_changed, migrate, overlay
from grader.gradebook.store.opening import (
    LENIENT,
    STRICT,
    DamagedError,
    GradebookError,
    connect,
    connect_to_read,
    look_at,
    need_gradebook,
    nothing_in,
    real_path,
    side_file,
)
from grader.gradebook.store.rescue import rescue
from grader.gradebook.store.seals import Seals
from grader.gradebook.store.spares import find_damage, mend

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

INDEX_ALONE = ("missing from index", "wrong # of entries in index")
VALUES = ("NULL value in ", "NUMERIC value in ", "TEXT value in ")
NEWEST_COUNTS, LARGEST = ("submission", "fact"), 2**62
MENDS = "the next `dlgrade grade` mends it"


class GradebookFile(OpenFile):
    """An open gradebook as a file: whole, or with what is damaged in it known.

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
        super().__init__(path, read_only=read_only)
        self.mended: list[str] = []  # what was damaged and is known all the same
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
        ((version,),) = self.query("PRAGMA user_version")
        try:
            self._check_structure(version)
            self.query(STRICT)
            there = dict(self.query("SELECT name, sql FROM sqlite_master"))
            if self.is_read_only and version != VERSION and "assignment" not in there:
                raise nothing_in(self.path)  # not made yet, or not to its end
            if there and (changed := find_changed(there, version)):
                raise self._damaged(f"its {changed[0]} is not as it was made")
        except DamagedError as error:
            if version != VERSION:
                raise
            self._rescue(error)
            there = dict(self.query("SELECT name, sql FROM sqlite_master"))
        self.is_sealed = "seal" in there or not self.is_read_only
        if version == VERSION:
            self._mend()
        else:
            self._bring_up(there)
        if not self.is_read_only:
            self._drop_last_rows()
        if self.is_read_only:
            self.query("PRAGMA query_only = ON")

    def _bring_up(self, there: Collection[str]) -> None:
        """Let a gradebook of an earlier version be one of this, where it is as it was sealed."""
        with self.reading():
            damaged = self.seals.find_changed_tables(there) if "seal" in there else []
        if damaged:
            raise self._damaged(f"its table {damaged[0]}")
        if self.is_read_only:
            overlay(self._connection)
            return
        with self.writing() as sql:
            migrate(sql)

    def _check_structure(self, version: int) -> None:
        """Make sure that every row is found where an index says; make indexes anew that are wrong.

        Where the file is only read, that is done to a copy in memory. What kind of value is in a
        cell seals tell, where everything has one.
        """
        problems = self._find_problems(version)
        if not problems:
            return
        if not all(any(text in one for text in INDEX_ALONE) for one in problems):
            raise self._damaged(problems[0])
        try:
            self._work_on_a_copy()
            self._connection.execute("REINDEX")
        except UNREADABLE as error:
            raise self._explain(error) from error
        if problems := self._find_problems(version):
            raise self._damaged(problems[0])

    def _work_on_a_copy(self) -> None:
        """Leave a file alone that is only read: what is mended is mended in memory."""
        if self.is_read_only:
            copy = sqlite3.connect(":memory:", isolation_level=None)
            self._connection.backup(copy)
            self._use(copy)

    def _rescue(self, error: DamagedError) -> None:
        """Go on with what can be read of a broken file; where it is written, in its place.

        Raises
        ------
        DamagedError
            Nothing can be read; or what was broken cannot be kept beside it.
        """
        rescued = rescue(self.path)
        if rescued is None:
            raise error
        if self.is_read_only:
            self._use(rescued)
        else:
            aside = side_file(self.path, ".damaged")
            try:
                shutil.copyfile(self.path, aside)
                aside.chmod(0o600)
                self._connection.execute(LENIENT)
                rescued.backup(self._connection)
                self._connection.execute(STRICT)
            except (OSError, *UNREADABLE) as why:
                with contextlib.suppress(OSError):
                    aside.unlink()
                text = f"{self.path} is damaged ({error.why}) and cannot be mended ({why}); it is "
                raise DamagedError(f"{text}left as it is: mend that first, or {RESTORE}") from why
            finally:
                rescued.close()
        how = f"as it was it lies in {self.path}.damaged" if not self.is_read_only else MENDS
        self.mended.append(f"{self.path} is damaged ({error.why}): what can be read is read; {how}")

    def _mend(self) -> None:
        """Mend what belongs to the whole class, and remember what to tell of it."""
        with self.reading():
            damaged = find_damage(self.seals)
        if not damaged:
            return
        self._work_on_a_copy()
        self.query("PRAGMA foreign_keys = OFF")
        try:
            with self.writing():
                told = mend(self.seals, damaged)
        except BeyondMendingError as error:
            raise self._damaged(f"its table {error}") from error
        self.query("PRAGMA foreign_keys = ON")
        how = MENDS if self.is_read_only else "it is written anew"
        text = f"what was written there is known, and {how}"
        self.mended += [f"{self.path} is damaged ({one}): {text}" for one in told]

    def _drop_last_rows(self) -> None:
        """Take away rows whose number leaves none for the next one: no number is ever so large.

        The newest row counts, so that new ones need larger numbers. Seals say what is lost by it.
        """
        for name in NEWEST_COUNTS:
            if self.query(f"SELECT 1 FROM {name} WHERE id > ?", LARGEST):  # noqa: S608 - our names
                self.query("PRAGMA foreign_keys = OFF")
                with self.writing() as sql:
                    sql.execute(f"DELETE FROM {name} WHERE id > ?", (LARGEST,))  # noqa: S608 - our names
                self.query("PRAGMA foreign_keys = ON")

    def _find_problems(self, version: int) -> list[str]:
        found = [str(text) for (text,) in self.query("PRAGMA integrity_check")]
        if version == VERSION:
            found = [text for text in found if not text.startswith(VALUES)]
        return [] if found == ["ok"] else found

    # ------------------------------------------------------------------ what is still as written

    def find_damaged(self, assignment: int) -> list[str]:
        """Return the names of those whose newest result is not what was written."""
        if not self.is_sealed:
            return []
        damaged = set(self.seals.find_damaged_rows(assignment).names)
        newest = self.query(
            "SELECT name, content FROM current_submission WHERE assignment = ?", assignment
        )
        damaged |= {str(name) for name, content in newest if not self.is_whole(assignment, content)}
        return sorted(damaged)

    def is_whole(self, assignment: int, content: str) -> bool:
        """Tell whether what was found out about a content is what was written."""
        try:
            return not self.is_sealed or self.seals.are_whole(assignment, content)
        except DamagedError:
            return False
