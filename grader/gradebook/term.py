"""Keep what a term adds to a gradebook: the roster, when work came in, points given by hand.

The tables are `term.sql`. They are made when a gradebook is opened for writing; one that is only
read and has none yet is read as if they were empty.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from grader.gradebook.facts import Gradebook

SCHEMA = Path(__file__).with_name("term.sql")


@dataclass(frozen=True)
class Person:
    """Somebody on the roster.

    Parameters
    ----------
    name
        As the roster writes it.
    ids
        Everything that the platform may call this person by.
    login, email
        Empty when the roster does not say.
    """

    name: str
    ids: tuple[str, ...] = ()
    login: str = ""
    email: str = ""


@dataclass(frozen=True)
class Origin:
    """Where a submission came from, as far as its platform says.

    Parameters
    ----------
    layout
        The platform.
    platform_id
        Its key for the student, for the way back.
    full_name, login, email
        Empty when unknown.
    came_in
        When the work was handed in; None when unknown.
    marked_late
        Whether the platform says that it was late.
    """

    layout: str = "folders"
    platform_id: str = ""
    full_name: str = ""
    login: str = ""
    email: str = ""
    came_in: datetime | None = None
    marked_late: bool = False


@dataclass(frozen=True)
class Override:
    """Points given by hand.

    Parameters
    ----------
    submission, exercise
        Whose, and for what.
    points
        None takes an earlier decision back.
    why
        The reason, in the instructor's words.
    decided_at
        ISO 8601, UTC.
    """

    submission: str
    exercise: str
    points: float | None
    why: str
    decided_at: str = ""


def ensure_tables(connection: sqlite3.Connection, *, read_only: bool) -> None:
    """Make the tables where they are missing; in memory when the file is only read."""
    script = SCHEMA.read_text(encoding="utf-8")
    if read_only:
        found = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'override'")
        if found.fetchone():
            return
        script = script.replace("CREATE TABLE", "CREATE TEMP TABLE")
        script = script.replace("INDEX IF NOT EXISTS ", "INDEX IF NOT EXISTS temp.")
    connection.executescript(script)


def now() -> str:
    """Return this moment as the gradebook writes it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def note_roster(book: Gradebook, assignment: int, people: Sequence[Person]) -> None:
    """Write down who is in the class; nothing when that is what the newest roster says.

    Parameters
    ----------
    book
        The gradebook.
    assignment
        Row id.
    people
        Everybody, in the file's order.
    """
    if list(people) == _roster(book, assignment):
        return
    with book._writing() as sql:  # noqa: SLF001 - the same file
        number = sql.execute(
            "INSERT INTO roster (assignment, read_at) VALUES (?, ?)", (assignment, now())
        ).lastrowid
        sql.executemany(
            "INSERT INTO roster_entry VALUES (?, ?, ?, ?, ?, ?)",
            [
                (number, place, one.name, json.dumps(one.ids), one.login, one.email)
                for place, one in enumerate(people)
            ],
        )


def _roster(book: Gradebook, assignment: int) -> list[Person]:
    rows = book.query(
        "SELECT name, ids, login, email FROM roster_entry WHERE roster = "
        "(SELECT max(id) FROM roster WHERE assignment = ?) ORDER BY position",
        assignment,
    )
    return [Person(name, tuple(json.loads(ids)), login, email) for name, ids, login, email in rows]


def find_roster(book: Gradebook, assignment: int) -> list[Person] | None:
    """Return who is in the class; None when no roster was given."""
    if not book.query("SELECT 1 FROM roster WHERE assignment = ? LIMIT 1", assignment):
        return None
    return _roster(book, assignment)


def note_deliveries(
    book: Gradebook, assignment: int, run: int, origins: Sequence[tuple[str, Origin]]
) -> None:
    """Write down where submissions came from, where that is not known yet.

    Parameters
    ----------
    book
        The gradebook.
    assignment, run
        Row ids.
    origins
        The name and the origin of each submission.
    """
    known = newest_origins(book, assignment)
    fresh = [(name, origin) for name, origin in origins if known.get(name) != origin]
    if not fresh:
        return
    with book._writing() as sql:  # noqa: SLF001 - the same file
        sql.executemany(
            "INSERT INTO delivery (assignment, submission, run, layout, platform_id, full_name, "
            "login, email, came_in, marked_late) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    assignment, name, run, one.layout, one.platform_id, one.full_name, one.login,
                    one.email, one.came_in and one.came_in.astimezone(UTC).isoformat(),
                    one.marked_late,
                )
                for name, one in fresh
            ],
        )  # fmt: skip


def origins_by_run(book: Gradebook, assignment: int) -> dict[str, list[tuple[int, Origin]]]:
    """Return every origin of every submission with its run, oldest first, by name."""
    found: dict[str, list[tuple[int, Origin]]] = {}
    rows = book.query(
        "SELECT submission, run, layout, platform_id, full_name, login, email, came_in, "
        "marked_late FROM delivery WHERE assignment = ? ORDER BY id",
        assignment,
    )
    for name, run, layout, key, full_name, login, email, came_in, late in rows:
        when = None if came_in is None else datetime.fromisoformat(came_in)
        origin = Origin(layout, key, full_name, login, email, when, bool(late))
        found.setdefault(name, []).append((run, origin))
    return found


def newest_origins(book: Gradebook, assignment: int) -> dict[str, Origin]:
    """Return what is known about each submission's origin, by name."""
    return {name: rows[-1][1] for name, rows in origins_by_run(book, assignment).items()}


def names_by_platform_id(book: Gradebook, assignment: str = "") -> dict[str, str]:
    """Return the name that each of a platform's ids has in a gradebook.

    Parameters
    ----------
    book
        The gradebook.
    assignment
        Its name: a participant's number in Moodle is another one in every assignment, so that only
        this one's count; other platforms' ids are a student's for good.
    """
    rows = book.query(
        "SELECT platform_id, submission FROM delivery AS d JOIN assignment AS a "
        "ON a.id = d.assignment WHERE platform_id != '' AND (layout != 'moodle' OR a.name = ?) "
        "ORDER BY d.id",
        assignment,
    )
    return {row[0]: row[1] for row in rows}


def note_override(book: Gradebook, assignment: int, decision: Override) -> None:
    """Add a decision; earlier ones stay as history."""
    with book._writing() as sql:  # noqa: SLF001 - the same file
        sql.execute(
            "INSERT INTO override (assignment, submission, exercise, points, why, decided_at) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            (
                assignment, decision.submission, decision.exercise, decision.points, decision.why,
                now(),
            ),
        )  # fmt: skip


def current_overrides(book: Gradebook, assignment: int) -> dict[tuple[str, str], Override]:
    """Return the decisions that count, by submission and exercise."""
    rows = book.query(
        "SELECT submission, exercise, points, why, decided_at FROM override "
        "WHERE assignment = ? ORDER BY id",
        assignment,
    )
    newest = {(row[0], row[1]): Override(*row) for row in rows}
    return {key: one for key, one in newest.items() if one.points is not None}
