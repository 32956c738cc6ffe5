"""Keep a digest beside what was written, and compare it when that is read.

SQLite has no checksums: a disk that gives back another byte gives somebody another grade. A seal is
written in the transaction of its rows. One stands for a submission's row, how its files were
recognised and what they say themselves, one for the facts that a
grading found out about a content, with their levels, and one for each other table as a whole: those
are small, written once in a command, and there is a spare of each (`spares`). What a seal and its
rows do not agree on is damaged, in whichever of them the byte is, and so is a row without a seal,
or a seal without its row.
"""

from __future__ import annotations

import hashlib
import itertools
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

WHOLE_TABLES = (
    "assignment", "asked", "run", "criterion", "origin", "run_end", "roster", "roster_entry",
    "delivery", "arrival", "override", "extension", "excuse",
)  # fmt: skip
BESIDE = ("reading", "own_count")  # at most one row of each belongs to one of `submission`
INSERT = "INSERT OR REPLACE INTO seal VALUES (?, ?, ?, ?, ?, ?)"


@dataclass(frozen=True)
class LostRows:
    """What is damaged of what was handed in.

    Parameters
    ----------
    rows
        Ids in `submission` of what counts for nothing.
    names
        Whose it is, as far as anybody can tell.
    """

    rows: frozenset[int] = frozenset()
    names: frozenset[str] = frozenset()


@dataclass
class Seals:
    """The seals of an open gradebook.

    Parameters
    ----------
    query
        Returns the rows of a query.
    """

    query: Callable[..., list[tuple[Any, ...]]]
    _known: set[tuple[int, str]] = field(default_factory=set)

    # ------------------------------------------------------------------ whole tables

    def seal_tables(self, *names: str) -> None:
        """Seal tables as they are now, with a spare, in the transaction that changes them."""
        for name in names:
            text = as_text(self.rows_of(name))
            self.query(INSERT, name, 0, "", 0, 0, digest_of(text))
            self.query("INSERT OR REPLACE INTO spare VALUES (?, ?)", name, text)

    def find_seal(self, name: str) -> str | None:
        """Return the digest under which a table was sealed."""
        rows = self.query(
            "SELECT digest FROM seal WHERE source = ? AND assignment = 0 AND owner = '' "
            "AND first = 0",
            name,
        )
        return None if not rows else str(rows[0][0])

    def find_changed_tables(self, there: Collection[str]) -> list[str]:
        """Return the names of tables that are not as they were sealed, where there are no spares.

        Parameters
        ----------
        there
            The names of all tables.
        """
        return [
            name for name in WHOLE_TABLES
            if name in there
            and (self.find_seal(name) or digest([])) != digest(self.rows_of(name))
        ]  # fmt: skip

    def rows_of(self, name: str) -> list[tuple[Any, ...]]:
        """Return all rows of a table."""
        return self.query(f"SELECT * FROM {name} ORDER BY 1, 2")  # noqa: S608 - our names

    # ------------------------------------------------------------------ submissions

    def seal_submission(self, assignment: int, name: str, row: int) -> None:
        """Seal the row that says what somebody handed in."""
        rows = self._submission(row)
        self.query(INSERT, "submission", assignment, name, row, row, digest(rows))

    def _submission(self, row: int) -> list[tuple[Any, ...]]:
        """Return a row of `submission`, if there is one, and what belongs to it."""
        rows = self.query("SELECT * FROM submission WHERE id = ?", row)
        for table in BESIDE:
            rows += self.query(f"SELECT * FROM {table} WHERE submission = ?", row)  # noqa: S608 - our names
        return rows

    def find_damaged_rows(self, assignment: int, name: str | None = None) -> LostRows:
        """Return what is damaged of what was handed in, and whose that is.

        A row is whole when the seal of its id has its name and its digest. Of any other the seal
        says whose it is, and where it was the seal's key that changed, the row. A seal of another's
        whole row has a changed key, too, or what it belonged to is lost and its id came back.

        Parameters
        ----------
        assignment
            Row id.
        name
            Only this one's; None for everybody's.
        """
        only = () if name is None else (name,)
        there = self._handed_in(assignment, only)
        seals = self.query(
            "SELECT first, owner, digest FROM seal "  # noqa: S608 - our words
            f"WHERE source = 'submission' AND assignment = ? {'AND owner = ?' * len(only)}",
            assignment,
            *only,
        )
        digests = {number: digest(rows) for number, rows in there.items()}
        whole = {
            first for first, owner, sealed in seals
            if first in there and (there[first][0][2], digests[first]) == (owner, sealed)
        }  # fmt: skip
        lost = {number: str(there[number][0][2]) for number in there.keys() - whole}
        strangers = set()
        for first, owner, sealed in seals:
            if first in whole:
                strangers |= {str(owner)} - {there[first][0][2]}
            elif digests.get(first) != sealed:
                lost[first] = str(owner)
        return LostRows(frozenset(lost), frozenset(lost.values()) | strangers)

    def _handed_in(self, assignment: int, only: Sequence[str]) -> dict[int, list[Any]]:
        """Return each row of `submission` with what belongs to it, by its id."""
        rows = self.query(
            f"SELECT * FROM submission WHERE assignment = ? {'AND name = ?' * len(only)}",  # noqa: S608 - our words
            assignment,
            *only,
        )
        there = {row[0]: [row] for row in rows}
        for table in BESIDE:
            beside = self.query(
                f"SELECT b.* FROM {table} AS b JOIN submission AS s ON s.id = b.submission "  # noqa: S608 - our words
                f"WHERE s.assignment = ? {'AND s.name = ?' * len(only)}",
                assignment,
                *only,
            )
            for row in beside:
                there[row[0]].append(row)
        return there

    def drop_rows(self, rows: Iterable[int]) -> None:
        """Take damaged rows of `submission` away, in the transaction that writes a new one.

        One that is another's, and whole, stays, with its seal.
        """
        for row in rows:
            mine = self._submission(row)
            own = (*mine[0][1:3], digest(mine)) if mine else None
            seals = self.query(
                "SELECT assignment, owner, digest FROM seal "
                "WHERE source = 'submission' AND first = ?",
                row,
            )
            self.query("DELETE FROM seal WHERE source = 'submission' AND first = ?", row)
            if own in seals:
                self.query(INSERT, "submission", *own[:2], row, row, own[2])
            else:
                for table in BESIDE:
                    self.query(f"DELETE FROM {table} WHERE submission = ?", row)  # noqa: S608 - our names
                self.query("DELETE FROM submission WHERE id = ?", row)

    # ------------------------------------------------------------------ facts

    def seal_facts(self, assignment: int, content: str, first: int, last: int) -> None:
        """Seal facts that were found out about a content, and their levels."""
        facts, levels = self._facts(first, last)
        self.query(INSERT, "fact", assignment, content, first, last, digest([*facts, *levels]))
        self._known.add((assignment, content))

    def are_whole(self, assignment: int, content: str) -> bool:
        """Tell whether all facts about a content are as they were written."""
        if (assignment, content) in self._known:
            return True
        covered = 0
        for first, last, sealed in self._of_content(assignment, content):
            facts, levels = self._facts(first, last)
            if digest([*facts, *levels]) != sealed:
                return False
            covered += len(facts)
        ((count,),) = self.query(
            "SELECT count(*) FROM fact WHERE assignment = ? AND content = ?", assignment, content
        )
        if covered != count:
            return False
        self._known.add((assignment, content))
        return True

    def disown(self, assignment: int, content: str) -> None:
        """Let damaged facts belong to no content, so that theirs is graded again.

        Their rows stay: an id never comes back for another fact.
        """
        self.query(
            "UPDATE fact SET content = '' WHERE assignment = ? AND content = ?", assignment, content
        )
        self.query(
            "DELETE FROM seal WHERE source = 'fact' AND assignment = ? AND owner = ?",
            assignment,
            content,
        )

    def _of_content(self, assignment: int, content: str) -> list[tuple[int, int, str]]:
        return self.query(
            "SELECT first, last, digest FROM seal "
            "WHERE source = 'fact' AND assignment = ? AND owner = ?",
            assignment,
            content,
        )

    def _facts(self, first: int, last: int) -> tuple[list[Any], list[Any]]:
        return (
            self.query("SELECT * FROM fact WHERE id BETWEEN ? AND ? ORDER BY id", first, last),
            self.query(
                "SELECT * FROM level WHERE fact BETWEEN ? AND ? ORDER BY fact, position",
                first,
                last,
            ),
        )

    # ------------------------------------------------------------------ all of them

    def seal_everything(self) -> None:
        """Seal a gradebook of a version that knew no seals, as it is."""
        self.seal_tables(*WHOLE_TABLES)
        for row, assignment, name in self.query("SELECT id, assignment, name FROM submission"):
            self.seal_submission(assignment, name, row)
        rows = self.query("SELECT id, assignment, content, run FROM fact ORDER BY id")
        for (assignment, content, _), group in itertools.groupby(rows, lambda row: row[1:]):
            ids = [row[0] for row in group]
            self.seal_facts(assignment, content, ids[0], ids[-1])
        self.forget()

    def forget(self) -> None:
        """Forget which contents were found to be whole."""
        self._known.clear()


def digest(rows: Sequence[tuple[Any, ...]]) -> str:
    """Return the digest of rows as they are read: the same in every version of Python.

    Examples
    --------
    >>> digest([(1, "a", None)])[:8] != digest([(1, "a", 0.0)])[:8]
    True
    """
    return digest_of(as_text(rows))


def as_text(rows: Sequence[tuple[Any, ...]]) -> str:
    """Return rows as JSON."""
    return json.dumps(rows, default=repr)  # bytes are in no column, unless it is damaged


def digest_of(text: str) -> str:
    """Return the digest of rows as JSON."""
    return hashlib.sha256(text.encode()).hexdigest()
