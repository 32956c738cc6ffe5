"""Read one assignment of a gradebook, with everybody in it, by a few queries for each student."""

from __future__ import annotations

import json
from functools import cached_property
from typing import TYPE_CHECKING, Any

from grader.engine.document import SCHEMA
from grader.gradebook.people import Identity, match
from grader.gradebook.records import NOT_YET
from grader.gradebook.roster import person_identity
from grader.gradebook.students import Student, StudentResult, final_points
from grader.gradebook.term import Origin, Person, current_overrides, find_roster, origins_by_run

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.gradebook.facts import Gradebook
    from grader.gradebook.students import Look
    from grader.gradebook.term import Override

NOTHING = "nothing was handed in"


class Assignment:
    """One assignment with all that its standings share, read once.

    Parameters
    ----------
    book, assignment, look
        The gradebook, the assignment's name, and how to look at it.
    """

    def __init__(self, book: Gradebook, assignment: str, look: Look) -> None:
        self.book, self.assignment, self.look = book, assignment, look
        ((self.id, self.seed),) = book.query(
            "SELECT id, seed FROM assignment WHERE name = ?", assignment
        )
        self.asked: list[tuple[str, float]] = book.query(
            "SELECT exercise, possible FROM asked WHERE assignment = ? ORDER BY position, exercise",
            self.id,
        )
        self.overrides = current_overrides(book, self.id)
        roster = find_roster(book, self.id)
        self.has_roster = roster is not None
        self.students = self._find_students(roster or [])

    def _find_students(self, roster: Sequence[Person]) -> list[Student]:
        attempts: dict[str, dict[str, int]] = {}
        rows = self.book.query(
            "SELECT name, content, run FROM submission WHERE assignment = ? ORDER BY id", self.id
        )
        for name, content, run in rows:
            mine = attempts.setdefault(name, {})
            first = mine.pop(content, run)  # the same content again: newest place, first arrival
            mine[content] = first
        origins = origins_by_run(self.book, self.id)
        found = [
            Student(name, tuple(mine.items()), tuple(origins.get(name, ())))
            for name, mine in attempts.items()
        ]
        pairs = match(
            [one.identity for one in found], [person_identity(person) for person in roster]
        )
        known = [
            Student(one.name, one.attempts, one.origins, roster[pairs[i]] if i in pairs else None)
            for i, one in enumerate(found)
        ]
        present = set(pairs.values())
        absent = [one for place, one in enumerate(roster) if place not in present]
        return sorted(known + self._absentees(absent, set(attempts)), key=lambda one: one.name)

    def _absentees(self, absent: Sequence[Person], taken: set[str]) -> list[Student]:
        """Return those who handed in nothing, by the names that other assignments know them by."""
        rows = self.book.query(
            "SELECT DISTINCT submission, platform_id, login, email, full_name FROM delivery "
            "WHERE assignment != ?",
            self.id,
        )
        elsewhere = [
            Identity(row[1], tuple(filter(None, row[:4])), tuple(filter(None, (row[0], row[4]))))
            for row in rows
            if row[0] not in taken
        ]
        pairs = match([person_identity(person) for person in absent], elsewhere)
        made = []
        for place, person in enumerate(absent):
            name = next(filter(None, (person.login, person.name, person.email, *person.ids)))
            if place in pairs:
                name = elsewhere[pairs[place]].names[0]
            while name in taken:
                name += f" ({person.ids[0]})" if person.ids else " (again)"
            taken.add(name)
            made.append(Student(name, (), (), person))
        return made

    # ------------------------------------------------------------------ one student

    def standing(self, student: Student) -> StudentResult:
        """Return what a student reached: by the newest attempt, or the best."""
        if not student.attempts:
            return self._missing(student)
        numbers = range(len(student.attempts)) if self.look.best else [len(student.attempts) - 1]
        tried = [self._attempt(student, number) for number in numbers]
        return max(reversed(tried), key=lambda one: final_points(one.document) or 0.0)

    def _attempt(self, student: Student, number: int) -> StudentResult:
        content, run = student.attempts[number]
        facts = self._facts(content)
        levels = self._levels(content)
        entries: list[dict[str, Any]] = []
        for exercise, possible in self.asked:
            entry = _entry(exercise, possible, facts.get(exercise), levels)
            entries.append(self._decide(student, entry))
        asked = {exercise for exercise, _ in self.asked}
        details = {key: json.loads(row[9]) for key, row in facts.items() if key in asked}
        newest = max((row[10] for row in facts.values()), default=run)
        document = self._document(student, entries, self._conditions(newest))
        self._add_term(document, student, student.origin_of(run), number)
        return StudentResult(student, document, details)

    def _missing(self, student: Student) -> StudentResult:
        entries: list[dict[str, Any]] = [
            {
                "id": exercise, "status": "missing", "earned": 0.0, "possible": possible,
                "cases": 0, "seconds": 0.0, "message": NOTHING, "levels": [],
                "counterexample": None, "diagnosis": None,
            }
            for exercise, possible in self.asked
        ]  # fmt: skip
        entries = [self._decide(student, entry) for entry in entries]
        document = self._document(student, entries, (self.seed, "[]", "{}", "none"))
        self._add_term(document, student, Origin(), -1)
        return StudentResult(student, document, {})

    def _facts(self, content: str) -> dict[str, tuple[Any, ...]]:
        """Return the fact that counts for each exercise of a content."""
        rows = self.book.query(
            "SELECT id, exercise, status, cases, seconds, message, counterexample, mistake, "
            "diagnosis, details, run FROM fact WHERE assignment = ? AND content = ? ORDER BY id",
            self.id,
            content,
        )
        return {row[1]: row for row in rows}

    def _levels(self, content: str) -> dict[int, list[tuple[str, str, float]]]:
        rows = self.book.query(
            "SELECT l.fact, l.name, l.status, l.possible FROM fact AS f JOIN level AS l "
            "ON l.fact = f.id WHERE f.assignment = ? AND f.content = ? ORDER BY l.fact, l.position",
            self.id,
            content,
        )
        levels: dict[int, list[tuple[str, str, float]]] = {}
        for fact, *level in rows:
            levels.setdefault(fact, []).append((level[0], level[1], level[2]))
        return levels

    @cached_property
    def _runs(self) -> dict[int, tuple[Any, ...]]:
        rows = self.book.query("SELECT id, seed, oracles, versions, sandbox FROM run")
        return {row[0]: row[1:] for row in rows}

    def _conditions(self, run: int) -> tuple[Any, ...]:
        return self._runs[run]

    def _decide(self, student: Student, entry: dict[str, Any]) -> dict[str, Any]:
        """Return an entry with the points that were given by hand, if any were."""
        one: Override | None = self.overrides.get((student.name, entry["id"]))
        if one is None:
            return entry
        decision = {
            "points": one.points, "graded": entry["earned"], "why": one.why,
            "decided_at": one.decided_at,
        }  # fmt: skip
        return {**entry, "earned": one.points, "override": decision}

    def _document(
        self, student: Student, entries: Sequence[dict[str, Any]], conditions: tuple[Any, ...]
    ) -> dict[str, Any]:
        seed, oracles, versions, sandbox = conditions
        return {
            "schema": SCHEMA,
            "submission": student.name,
            "assignment": self.assignment,
            "earned": sum(entry["earned"] or 0.0 for entry in entries),
            "possible": sum(entry["possible"] for entry in entries),
            "complete": all(entry["earned"] is not None for entry in entries),
            "seed": seed,
            "versions": json.loads(versions),
            "oracles": json.loads(oracles),
            "sandbox": sandbox,
            "exercises": list(entries),
        }

    def _add_term(
        self, document: dict[str, Any], student: Student, origin: Origin, number: int
    ) -> None:
        """Add what the term knows, where that is more than the submission itself."""
        rule = self.look.late
        decided = any("override" in entry for entry in document["exercises"])
        plain = not self.has_roster and origin.layout == "folders" and not decided
        if plain and rule is None and not self.look.best:
            return
        who = student.identity
        person = student.person or Person("")
        term: dict[str, Any] = {
            "name": student.shown_name,
            "id": who.primary,
            "login": origin.login or person.login,
            "email": origin.email or person.email,
            "handed_in": bool(student.attempts),
            "came_in": origin.came_in and origin.came_in.isoformat(),
            "marked_late": origin.marked_late,
            "on_roster": student.person is not None if self.has_roster else None,
            "attempt": number + 1,
            "attempts": len(student.attempts),
        }
        if rule is not None:
            late = rule.apply(origin.came_in if student.attempts else None)
            term["late"] = {
                "due": rule.due.isoformat(), "unit": late.unit, "units": late.units,
                "percent": late.percent, "earned": late.after(document["earned"]),
            }  # fmt: skip
        document["term"] = term


def _entry(
    exercise: str,
    possible: float,
    fact: tuple[Any, ...] | None,
    levels: dict[int, list[tuple[str, str, float]]],
) -> dict[str, Any]:
    """Return the entry of one exercise, as `grader.gradebook.records` writes it."""
    number, _, status, cases, seconds, message, shown, mistake, diagnosis, *_ = fact or (
        None, exercise, "ungraded", 0, 0.0, NOT_YET, None, None, None,
    )  # fmt: skip
    rows = levels.get(number, []) if number is not None else []
    ungraded = status == "ungraded"
    passed = sum(worth for _, state, worth in rows if state == "passed")
    made = [
        {
            "name": name,
            "status": state,
            "earned": None if ungraded else worth if state == "passed" else 0.0,
            "possible": worth,
        }
        for name, state, worth in rows
    ]
    return {
        "id": exercise,
        "status": status,
        "earned": None if ungraded else float(passed),
        "possible": possible,
        "cases": cases,
        "seconds": seconds,
        "message": message,
        "levels": made,
        "counterexample": None if shown is None else json.loads(shown),
        "diagnosis": None if mistake is None else {"id": mistake, "message": diagnosis},
    }
