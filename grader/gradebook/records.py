"""Read a gradebook back: the result documents that exports, reports and feedback are made of."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from grader.engine.document import SCHEMA
from grader.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.gradebook.facts import Gradebook

NOT_YET = "not graded yet: run `dlgrade grade` again"


@dataclass(frozen=True)
class Records:
    """What an exporter sees of a gradebook: the assignments and students that were asked for.

    Parameters
    ----------
    book
        The gradebook, open.
    assignments
        Names, oldest first.
    student
        Only this one; None for all.
    """

    book: Gradebook
    assignments: tuple[str, ...]
    student: str | None = None

    def exercises(self, assignment: str) -> list[tuple[str, float]]:
        """Return id and points of everything that an assignment has asked for, in order."""
        text = "SELECT exercise, a.possible FROM asked AS a JOIN assignment AS h "
        text += "ON h.id = a.assignment WHERE h.name = ? ORDER BY position, exercise"
        return [(exercise, points) for exercise, points in self.book.query(text, assignment)]

    def students(self, assignment: str) -> list[str]:
        """Return the names of an assignment's submissions, sorted."""
        text = "SELECT s.name FROM current_submission AS s JOIN assignment AS h "
        text += "ON h.id = s.assignment WHERE h.name = ? ORDER BY s.name"
        names = [name for (name,) in self.book.query(text, assignment)]
        return [name for name in names if self.student in (None, name)]

    def documents(self) -> Iterator[dict[str, Any]]:
        """Yield one result document for each submission, as docs/result.md describes it.

        One at a time: a large class never has to fit into memory.
        """
        for assignment in self.assignments:
            for name in self.students(assignment):
                yield self._document(assignment, name)

    def _document(self, assignment: str, name: str) -> dict[str, Any]:
        rows = self.book.query(
            "SELECT e.exercise, e.status, e.earned, e.possible, e.fact FROM exercise_score AS e "
            "JOIN assignment AS h ON h.id = e.assignment WHERE h.name = ? AND e.submission = ? "
            "ORDER BY e.position, e.exercise",
            assignment,
            name,
        )
        entries = [self._entry(*row) for row in rows]
        seed, oracles, versions, sandbox = self._conditions(assignment, name)
        return {
            "schema": SCHEMA,
            "submission": name,
            "assignment": assignment,
            "earned": sum(entry["earned"] or 0.0 for entry in entries),
            "possible": sum(entry["possible"] for entry in entries),
            "complete": all(entry["earned"] is not None for entry in entries),
            "seed": seed,
            "versions": json.loads(versions),
            "oracles": json.loads(oracles),
            "sandbox": sandbox,
            "exercises": entries,
        }

    def _conditions(self, assignment: str, name: str) -> tuple[Any, ...]:
        """Return the conditions of the newest fact about a submission, else of its run."""
        rows = self.book.query(
            "SELECT r.seed, r.oracles, r.versions, r.sandbox FROM current_submission AS s "
            "JOIN assignment AS h ON h.id = s.assignment LEFT JOIN current_fact AS f "
            "ON f.assignment = s.assignment AND f.content = s.content "
            "JOIN run AS r ON r.id = coalesce(f.run, s.run) "
            "WHERE h.name = ? AND s.name = ? ORDER BY f.id DESC LIMIT 1",
            assignment,
            name,
        )
        return rows[0]

    def _entry(
        self, exercise: str, status: str, earned: float | None, possible: float, fact: int | None
    ) -> dict[str, Any]:
        found = self.book.query(
            "SELECT cases, seconds, message, counterexample, mistake, diagnosis FROM fact "
            "WHERE id = ?",
            fact,
        )
        cases, seconds, message, shown, mistake, diagnosis = (
            found[0] if found else (0, 0.0, NOT_YET, None, None, None)
        )
        return {
            "id": exercise,
            "status": status,
            "earned": earned,
            "possible": possible,
            "cases": cases,
            "seconds": seconds,
            "message": message,
            "levels": self._levels(fact, ungraded=earned is None),
            "counterexample": None if shown is None else json.loads(shown),
            "diagnosis": None if mistake is None else {"id": mistake, "message": diagnosis},
        }

    def _levels(self, fact: int | None, *, ungraded: bool) -> list[dict[str, Any]]:
        text = "SELECT name, status, possible FROM level WHERE fact = ? ORDER BY position"
        return [
            {
                "name": name,
                "status": status,
                "earned": None if ungraded else possible if status == "passed" else 0.0,
                "possible": possible,
            }
            for name, status, possible in self.book.query(text, fact)
        ]

    def details(self, assignment: str, name: str) -> dict[str, dict[str, Any]]:
        """Return what documents do not show, by exercise: location, separation, notes, output."""
        rows = self.book.query(
            "SELECT e.exercise, f.details FROM exercise_score AS e "
            "JOIN assignment AS h ON h.id = e.assignment JOIN fact AS f ON f.id = e.fact "
            "WHERE h.name = ? AND e.submission = ? ORDER BY e.position",
            assignment,
            name,
        )
        return {exercise: json.loads(details) for exercise, details in rows}


def select_records(
    book: Gradebook, assignments: Sequence[str] = (), student: str | None = None
) -> Records:
    """Return the part of a gradebook that was asked for.

    Parameters
    ----------
    book
        The gradebook.
    assignments
        Their names; none for all.
    student
        One student's name; None for all.

    Raises
    ------
    UsageError
        There is no such assignment or student.
    """
    known = book.assignment_names()
    for name in assignments:
        if name not in known:
            text = f"the gradebook has no assignment {name!r}"
            raise UsageError(f"{text}; it has {', '.join(map(repr, known)) or 'none'}")
    chosen = tuple(name for name in known if not assignments or name in assignments)
    records = Records(book, chosen, student)
    if student is not None and not any(records.students(name) for name in chosen):
        raise UsageError(f"the gradebook has no submission of {student!r} for {list(chosen)}")
    return records
