"""Read one assignment of a gradebook, with everybody in it, by a few queries for each student.

Points come from the gradebook's view `attempt_score`; where there is no work to be read, from what
was decided by hand alone, as in its view `absent_score`. What is not as it was written counts for
nothing: nobody can tell what that student reached until it is graded again.
"""

from __future__ import annotations

import json
from functools import cached_property
from typing import TYPE_CHECKING, Any

from grader.engine.document import Points, make_document, make_entry
from grader.gradebook.people.delivery import Delivery, Recognition
from grader.gradebook.people.person import telling_words
from grader.gradebook.policy.decisions import find_excuses, find_extensions
from grader.gradebook.policy.term import make_arrival, make_term, rule_for
from grader.gradebook.presence import find_alike, find_outdated, find_students
from grader.gradebook.store.opening import DamagedError
from grader.gradebook.students import (
    IN_DOUBT,
    NOT_YET,
    NOTHING,
    StudentResult,
    add_shown,
    final_points,
    with_decisions,
)
from grader.model import Status
from grader.model.mended import without_edits
from grader.text import tell_apart

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.engine.document import ByHand, Details, Document, LevelScore, Outcome, Provenance
    from grader.gradebook.facts import Gradebook
    from grader.gradebook.students import Attempt, Policy, Student

WHOLE = ("counterexample", "details")  # columns of cases and details
BRIEF = ("NULL", "CASE WHEN exercise LIKE 'quiz.%' THEN details ELSE '{}' END")
DAMAGED = "the result that was kept is damaged: it has to be graded again"


class Assignment:
    """One assignment: who is in it, and what each of them reached.

    Parameters
    ----------
    book, name, policy
        The gradebook, the assignment's name, and what counts.
    brief
        Leave cases and details out of results: for whoever only counts, in a third of the time.
    """

    def __init__(self, book: Gradebook, name: str, policy: Policy, *, brief: bool = False) -> None:
        self.book, self.name, self.policy, self.is_brief = book, name, policy, brief
        with book.reading():
            rows = book.query("SELECT id, seed FROM assignment WHERE name = ?", name)
            ((self.id, self.seed),) = rows
            self.exercises: list[tuple[str, float]] = book.query(
                "SELECT exercise, possible FROM asked WHERE assignment = ? "
                "ORDER BY position, exercise",
                self.id,
            )
            self.is_open = book.has_open_run(self.id)
            roster = book.find_roster(self.id)
            self.has_roster = roster is not None
            self.students = with_decisions(
                find_students(book, self.id, roster or []),
                find_extensions(book, self.id),
                find_excuses(book, self.id),
            )
        self.damaged: dict[str, None] = {}  # whose results were asked for and cannot be told

    @cached_property
    def by_name(self) -> dict[str, Student]:
        """Everybody, by name."""
        return {one.name: one for one in self.students}

    def called(self, name: str) -> str:
        """Return a name as the roster writes it, or the platform; else that of the files.

        Namesakes have a key behind it, by which each of them is found.
        """
        return self._called.get(name, name)

    @cached_property
    def _called(self) -> dict[str, str]:
        return tell_apart((one.name, one.person.name, one.key) for one in self.students)

    @property
    def absent(self) -> list[str]:
        """Names of those on the roster who handed in nothing."""
        return [one.name for one in self.students if not one.handed_in]

    @property
    def strangers(self) -> list[str]:
        """Names of submissions that nobody on the roster accounts for."""
        return [one.name for one in self.students if self.has_roster and one.on_roster is None]

    @cached_property
    def outdated(self) -> list[str]:
        """Names of those whose work was graded by a check or a dlgrade as it was before."""
        return [name for name in find_outdated(self.book, self.id) if name in self.by_name]

    @property
    def unclaimed(self) -> list[str]:
        """Names of teams that handed in, and nobody knows who is in them."""
        return [one.name for one in self.students if one.is_unclaimed]

    @cached_property
    def is_in_doubt(self) -> bool:
        """Whether nobody can say of anybody on the roster that they handed in nothing.

        So it is while there is a team's work and nobody knows who is in the team, and where not one
        submission is of anybody on the roster. A name that nobody on the roster has is a team's,
        too, where any team may be called so.
        """
        present = [one for one in self.students if one.handed_in]
        strange = [one for one in present if one.on_roster is None]
        nobody_fits = bool(present) and strange == present
        return self.has_roster and (nobody_fits or any(map(_may_be_a_team, strange)))

    @cached_property
    def perhaps(self) -> dict[str, list[str]]:
        """Names of those of whom nothing came in, unless it is what came in under an alike name.

        A submission of nobody on the roster whose name has a word of theirs may be theirs: one of
        two who are called the same, or somebody who writes the first name in another way.
        """
        return find_alike(self.students) if self.has_roster else {}

    # ------------------------------------------------------------------ one student

    def result_of(self, student: Student) -> StudentResult:
        """Return what a student reached: by the newest attempt, or the best.

        Of a damaged result, that nobody can tell, points by hand apart.
        """
        try:
            with self.book.reading():
                doubtful = self.is_in_doubt or student.name in self.perhaps
                if not student.handed_in and doubtful and student.excuse is None:
                    return self._by_hand_alone(student, Status.UNGRADED, IN_DOUBT)
                if not student.handed_in:
                    return self._by_hand_alone(student, Status.MISSING, NOTHING)
                if student.unread:
                    return self._by_hand_alone(student, Status.UNGRADED, student.unread)
                if not student.damaged:
                    return self._reached(student)
        except DamagedError:
            pass
        self.damaged[student.name] = None
        return self._by_hand_alone(student, Status.UNGRADED, DAMAGED)

    def _reached(self, student: Student) -> StudentResult:
        numbers = range(len(student.attempts)) if self.policy.best else [len(student.attempts) - 1]
        tried = [self._attempt(student, number) for number in numbers]
        return max(reversed(tried), key=lambda one: final_points(one.document) or 0.0)

    def _attempt(self, student: Student, number: int) -> StudentResult:
        attempt = student.attempts[number]
        if not self.book.is_whole(self.id, attempt.content):
            raise DamagedError(DAMAGED)
        shown, kept = BRIEF if self.is_brief else WHOLE
        rows = self.book.query(
            f"SELECT fact, exercise, run, {kept}, earned, possible, "  # noqa: S608 - columns
            "CASE WHEN decided IS NOT NULL THEN graded END, decided, why, decided_at, "
            f"status, cases, seconds, message, {shown}, mistake, diagnosis "
            "FROM attempt_score WHERE attempt = ? ORDER BY position, exercise",
            attempt.number,
        )
        levels = self._levels(attempt)
        entries = []
        details: dict[str, Details] = {}
        newest = (0, attempt.run)
        for fact, exercise, run, more, *row in rows:
            one = make_entry(exercise, _outcome(row[6:]), _points(row[:6]), levels.get(fact, ()))
            entries.append(one)
            if fact is not None:
                details[exercise] = json.loads(more) if more != "{}" else {}
                add_shown(one, details[exercise])
                if "mending" in details[exercise]:
                    one["mending"] = without_edits(details[exercise]["mending"])
                newest = max(newest, (fact, run))
        document = make_document(entries, self._runs[newest[1]], student.name, self.name)
        delivery = student.delivery_of(attempt.run)
        self._add_term(document, student, delivery, number)
        self._add_delivery(document, delivery, attempt)
        return StudentResult(student, document, details)

    def _by_hand_alone(self, student: Student, status: Status, why: str) -> StudentResult:
        """Return the result of somebody whom only a hand gives points: whose work is not there."""
        nothing = None if status == Status.UNGRADED else 0.0
        rows = self.book.query(
            "SELECT a.exercise, min(a.possible, coalesce(o.points, ?)), a.possible, ?, "
            "o.points, o.why, o.decided_at FROM asked AS a LEFT JOIN current_override AS o "
            "ON o.assignment = a.assignment AND o.exercise = a.exercise AND o.submission = ? "
            "WHERE a.assignment = ? ORDER BY a.position, a.exercise",
            nothing,
            nothing,
            student.name,
            self.id,
        )
        outcome = _outcome((status, 0, 0.0, why, None, None, None))
        entries = [make_entry(exercise, outcome, _points(row)) for exercise, *row in rows]
        provenance = _provenance(self.seed, "[]", "{}", "none")
        document = make_document(entries, provenance, student.name, self.name)
        delivery = student.newest if student.unread else Delivery()
        self._add_term(document, student, delivery, -1)
        if delivery.why_not:
            document["delivery"] = make_arrival(delivery, Recognition.UNREADABLE, delivery.why_not)
        return StudentResult(student, document, {})

    def _levels(self, attempt: Attempt) -> dict[int, list[LevelScore]]:
        rows = self.book.query(
            "SELECT l.fact, l.name, l.status, l.earned, l.possible FROM submission AS s "
            "JOIN fact AS f ON f.assignment = s.assignment AND f.content = s.content "
            "JOIN level_score AS l ON l.fact = f.id WHERE s.id = ? ORDER BY l.fact, l.position",
            attempt.number,
        )
        levels: dict[int, list[LevelScore]] = {}
        for fact, name, status, earned, possible in rows:
            score: LevelScore = {
                "name": name, "status": status, "earned": earned, "possible": possible,
            }  # fmt: skip
            levels.setdefault(fact, []).append(score)
        return levels

    @cached_property
    def _runs(self) -> dict[int, Provenance]:
        rows = self.book.query(
            "SELECT id, seed, oracles, versions, sandbox FROM run WHERE assignment = ?", self.id
        )
        return {row[0]: _provenance(*row[1:]) for row in rows}

    def _add_delivery(self, document: Document, delivery: Delivery, attempt: Attempt) -> None:
        """Add how what is graded came in, where that was written down."""
        ((how, note, *more),) = self.book.query(
            "SELECT recognised, coalesce(note, ''), warnings, coalesce(hints, '{}') "
            "FROM submission AS s LEFT JOIN reading AS r ON r.submission = s.id "
            "LEFT JOIN own_count AS o ON o.submission = s.id WHERE s.id = ?",
            attempt.number,
        )
        told, said = map(json.loads, more)
        if delivery.files or how is not None or told or said:
            document["delivery"] = make_arrival(delivery, how or "", note, told, said)

    def _add_term(
        self, document: Document, student: Student, delivery: Delivery, number: int
    ) -> None:
        """Add what the term knows, where that is more than the submission itself."""
        rule = rule_for(student, self.policy.rule_for(self.name))
        decided = any("override" in entry for entry in document["exercises"])
        decided = decided or bool(student.extension or student.excuse)
        plain = not self.has_roster and delivery.layout == "folders" and not decided
        if plain and rule is None and not self.policy.best:
            return
        term = make_term(student, delivery, number + 1, rule, has_roster=self.has_roster)
        document["term"] = term
        if rule is not None and student.excuse is None:
            marked = delivery.marked_late
            term["late"] = rule.as_document(delivery.judged_at, document["earned"], marked=marked)


def _may_be_a_team(stranger: Student) -> bool:
    return stranger.newest.is_unclaimed or not telling_words(stranger.person)


def _provenance(seed: int, oracles: str, versions: str, sandbox: str) -> Provenance:
    return {
        "seed": seed,
        "versions": json.loads(versions),
        "oracles": json.loads(oracles),
        "sandbox": sandbox,
    }


def _points(row: Sequence[Any]) -> Points:
    earned, possible, graded, decided, why, decided_at = row
    if decided is None:
        return Points(earned, possible)
    by_hand: ByHand = {"points": decided, "graded": graded, "why": why, "decided_at": decided_at}
    return Points(earned, possible, by_hand)


def _outcome(row: Sequence[Any]) -> Outcome:
    """Return what became of an exercise; of one without a fact, that it is not graded yet."""
    status, cases, seconds, message, shown, mistake, diagnosis = row
    return {
        "status": str(status),
        "cases": cases or 0,
        "seconds": seconds or 0.0,
        "message": NOT_YET if message is None else message,
        "counterexample": None if shown is None else json.loads(shown),
        "diagnosis": None if mistake is None else {"id": mistake, "message": diagnosis},
    }
