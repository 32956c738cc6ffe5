"""Another deadline for somebody, and who need not hand in: decided by hand, with a reason.

Decisions are added and never changed. A newer one of the same kind counts in place of an older one,
and one that says nothing takes it back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from grader.gradebook.runs import now

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.gradebook.file import GradebookFile


@dataclass(frozen=True)
class Extension:
    """Another deadline.

    Parameters
    ----------
    due
        The last moment that is not late; None: as for everybody, again.
    why
        The reason, in the instructor's words.
    decided_at
        ISO 8601, UTC.
    """

    due: datetime | None
    why: str
    decided_at: str = ""


@dataclass(frozen=True)
class Excuse:
    """Whether somebody need not hand in.

    Parameters
    ----------
    excused
        False: not any more.
    why
        The reason, in the instructor's words.
    decided_at
        ISO 8601, UTC.
    """

    excused: bool
    why: str
    decided_at: str = ""


def note_extensions(
    book: GradebookFile, assignment: int, decisions: Sequence[tuple[str, Extension]]
) -> None:
    """Add deadlines, all of them or none.

    Parameters
    ----------
    book
        The gradebook.
    assignment
        Row id.
    decisions
        Whose, and which.
    """
    rows = [(name, one.due and one.due.astimezone(UTC).isoformat(), one) for name, one in decisions]
    _add(book, "extension", "due", assignment, rows)


def note_excuses(
    book: GradebookFile, assignment: int, decisions: Sequence[tuple[str, Excuse]]
) -> None:
    """Add who is excused, all of them or none.

    Parameters
    ----------
    book
        The gradebook.
    assignment
        Row id.
    decisions
        Whose, and which.
    """
    rows = [(name, one.excused, one) for name, one in decisions]
    _add(book, "excuse", "excused", assignment, rows)


def _add(
    book: GradebookFile,
    table: str,
    column: str,
    assignment: int,
    rows: Sequence[tuple[str, object, Extension | Excuse]],
) -> None:
    """Write decisions of one kind, all of them or none: whose, what, and with which reason."""
    with book.writing() as sql:
        sql.executemany(
            f"INSERT INTO {table} (assignment, submission, {column}, why, decided_at) "  # noqa: S608 - our words
            "VALUES (?, ?, ?, ?, ?)",
            [(assignment, name, value, one.why, now()) for name, value, one in rows],
        )
        book.seals.seal_tables(table)


def find_extensions(book: GradebookFile, assignment: int) -> list[tuple[str, Extension]]:
    """Return all deadlines that were decided, oldest first, with the names they were given to."""
    rows = book.query(
        "SELECT submission, due, why, decided_at FROM extension WHERE assignment = ? ORDER BY id",
        assignment,
    )
    return [
        (name, Extension(None if due is None else datetime.fromisoformat(due).astimezone(), *more))
        for name, due, *more in rows
    ]


def find_excuses(book: GradebookFile, assignment: int) -> list[tuple[str, Excuse]]:
    """Return who was ever excused, oldest first, with the names they were excused by."""
    rows = book.query(
        "SELECT submission, excused, why, decided_at FROM excuse WHERE assignment = ? ORDER BY id",
        assignment,
    )
    return [(name, Excuse(bool(excused), *more)) for name, excused, *more in rows]
