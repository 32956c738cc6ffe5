"""Keep what was graded: facts in one SQLite file that survives whatever happens to the run.

The schema is `gradebook.sql`; scores are its views. A submission's facts are written in one
transaction, on the disk before the next one begins.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self

from grader.gradebook.file import (
    GradebookError,
    GradebookFullError,
    connect,
    create,
    look_at,
)
from grader.gradebook.term import ensure_tables

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from grader.model import Limits

RERUN_WHEN_LIMITS_RISE = ("timeout", "crashed", "not_run")


@dataclass(frozen=True)
class Conditions:
    """Under which conditions a run grades: kept with every fact that it finds out."""

    seed: int
    course: str
    limits: Limits
    sandbox: str
    oracles: Sequence[str]
    versions: Mapping[str, str]


class Gradebook:
    """An open gradebook.

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
            if not read_only and self.query("PRAGMA user_version") == [(0,)]:
                create(path)  # the first run was ended while it was making the file
            ensure_tables(self._connection, read_only=read_only)
            found = self._connection.execute("PRAGMA quick_check(1)").fetchone()
        except sqlite3.Error as error:
            text = f"{path} cannot be {'read' if read_only else 'written'} ({error})"
            raise GradebookError(f"{text}; it is left as it is") from error
        if found != ("ok",):
            raise GradebookError(f"{path} is damaged; it is left as it is: restore a copy")

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
    def _writing(self) -> Iterator[sqlite3.Connection]:
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

    # ------------------------------------------------------------------ assignments and runs

    def assignment_names(self) -> list[str]:
        """Return the names of all assignments, oldest first."""
        return [name for (name,) in self.query("SELECT name FROM assignment ORDER BY id")]

    def find_seed(self, assignment: str) -> int | None:
        """Return the seed of an assignment, or None for a new one."""
        rows = self.query("SELECT seed FROM assignment WHERE name = ?", assignment)
        return rows[0][0] if rows else None

    def begin_run(
        self,
        assignment: str,
        conditions: Conditions,
        asked: Sequence[tuple[str, int, float]],
        *,
        regrade: bool = False,
    ) -> Run:
        """Note a new run, and what it asks for.

        Parameters
        ----------
        assignment
            Its name.
        conditions
            Of the run.
        asked
            Id, place in the course and points of each exercise.
        regrade
            Whether facts that are there do not count as done; they stay as history.
        """
        limits = conditions.limits
        with self._writing() as sql:
            sql.execute(
                "INSERT INTO assignment (name, seed) VALUES (?, ?) "
                "ON CONFLICT (name) DO UPDATE SET seed = excluded.seed",
                (assignment, conditions.seed),
            )
            (number,) = sql.execute(
                "SELECT id FROM assignment WHERE name = ?", (assignment,)
            ).fetchone()
            if regrade:
                sql.execute(
                    "UPDATE assignment SET redo_through = "
                    "(SELECT coalesce(max(id), 0) FROM fact) WHERE id = ?",
                    (number,),
                )
            sql.executemany(
                "INSERT INTO asked VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE "
                "SET position = excluded.position, possible = excluded.possible",
                [(number, *row) for row in asked],
            )
            run = sql.execute(
                "INSERT INTO run (assignment, started, seed, course, timeout_s, memory_mib, "
                "sandbox, oracles, versions) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    number, datetime.now(UTC).isoformat(timespec="seconds"), conditions.seed,
                    conditions.course, limits.timeout_s, limits.memory_mib, conditions.sandbox,
                    json.dumps(list(conditions.oracles)), json.dumps(dict(conditions.versions)),
                ),
            ).lastrowid  # fmt: skip
        return Run(self, number, int(run or 0), conditions)


@dataclass(frozen=True)
class Run:
    """A run that is going on: what is still to do, and where results go.

    Parameters
    ----------
    book
        The gradebook.
    assignment, number
        Row ids.
    conditions
        Of this run.
    """

    book: Gradebook
    assignment: int
    number: int
    conditions: Conditions

    def pending(self, content: str, exercises: Sequence[str]) -> list[str]:
        """Return the exercises of a content for which there is no fact that counts as done.

        A fact counts when seed and course are this run's. One that ended at a limit does not count
        when that limit has risen since; what nobody could grade is tried again.
        """
        limits = self.conditions.limits
        marks = ", ".join("?" * len(RERUN_WHEN_LIMITS_RISE))
        rows = self.book.query(
            "SELECT f.exercise, f.status, r.timeout_s, r.memory_mib, "  # noqa: S608 - only marks
            f" EXISTS (SELECT 1 FROM level WHERE fact = f.id AND status IN ({marks})) "
            "FROM fact AS f JOIN run AS r ON r.id = f.run "
            "JOIN assignment AS a ON a.id = f.assignment "
            "WHERE f.assignment = ? AND f.content = ? AND r.seed = ? AND r.course = ? "
            "AND f.id > a.redo_through ORDER BY f.id",
            *RERUN_WHEN_LIMITS_RISE, self.assignment, content, self.conditions.seed,
            self.conditions.course,
        )  # fmt: skip
        done = {}
        for exercise, status, timeout_s, memory_mib, at_a_limit in rows:
            risen = timeout_s < limits.timeout_s or memory_mib < limits.memory_mib
            done[exercise] = status != "ungraded" and not (at_a_limit and risen)
        return [exercise for exercise in exercises if not done.get(exercise)]

    def record(
        self,
        name: str,
        content: str,
        facts: Sequence[Mapping[str, Any]] = (),
        warnings: Sequence[str] = (),
    ) -> None:
        """Write what became of a submission: all of it, on the disk, or nothing.

        Parameters
        ----------
        name, content
            Whose it is, and its digest.
        facts
            An entry of the result document for each exercise that was run, with `details`.
        warnings
            For the instructor.

        Raises
        ------
        GradebookFullError
        """
        with self.book._writing() as sql:  # noqa: SLF001 - the two are one thing in two steps
            row = sql.execute(
                "SELECT content, warnings FROM submission WHERE assignment = ? AND name = ? "
                "ORDER BY id DESC LIMIT 1",
                (self.assignment, name),
            ).fetchone()
            told = json.dumps(list(warnings))
            if row is None or row[0] != content or (facts and row[1] != told):
                sql.execute(
                    "INSERT INTO submission (assignment, name, content, run, warnings) "
                    "VALUES (?, ?, ?, ?, ?)",
                    (self.assignment, name, content, self.number, told),
                )
            for fact in facts:
                self._insert(sql, content, fact)

    def _insert(self, sql: sqlite3.Connection, content: str, fact: Mapping[str, Any]) -> None:
        diagnosis = fact["diagnosis"] or {}
        shown = fact["counterexample"]
        number = sql.execute(
            "INSERT INTO fact (assignment, content, exercise, run, status, cases, seconds, "
            "message, mistake, diagnosis, counterexample, details) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                self.assignment, content, fact["id"], self.number, fact["status"], fact["cases"],
                fact["seconds"], fact["message"], diagnosis.get("id"), diagnosis.get("message"),
                None if shown is None else json.dumps(shown), json.dumps(fact.get("details", {})),
            ),
        ).lastrowid  # fmt: skip
        sql.executemany(
            "INSERT INTO level VALUES (?, ?, ?, ?, ?)",
            [
                (number, place, level["name"], level["status"], level["possible"])
                for place, level in enumerate(fact["levels"])
            ],
        )
