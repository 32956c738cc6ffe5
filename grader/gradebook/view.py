"""A term's view of a gradebook: who stands where, with what was late, missing or given by hand.

Everything here is computed from facts. A plain run, without roster, platform, late rule or
decisions, gives exactly the documents of `grader.gradebook.records`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from grader.errors import UsageError
from grader.gradebook.assignment import Assignment
from grader.gradebook.people import Identity, match
from grader.gradebook.records import Records, select_records
from grader.gradebook.students import Look

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.gradebook.facts import Gradebook
    from grader.gradebook.students import Student, StudentResult


@dataclass(frozen=True)
class ClassView(Records):
    """Records as a term sees them: the same functions, and everybody in the class.

    Parameters
    ----------
    look
        Lateness, and which attempt counts.
    """

    look: Look = field(default_factory=Look)

    def students(self, assignment: str) -> list[str]:
        """Return the names of everybody in an assignment, sorted."""
        return [one.name for one in self.members(assignment)]

    def members(self, assignment: str) -> list[Student]:
        """Return everybody in an assignment, sorted by name; only the one that was asked for."""
        everybody = self._assignment(assignment).students
        return [one for one in everybody if self.student in (None, one.name)]

    def documents(self) -> Iterator[dict[str, Any]]:
        """Yield one result document for each student of each assignment."""
        for standing in self.standings():
            yield standing.document

    def standings(self) -> Iterator[StudentResult]:
        """Yield what each student reached in each assignment, one at a time."""
        for assignment in self.assignments:
            read = self._assignment(assignment)
            for student in self.members(assignment):
                yield read.standing(student)

    def by_student(self) -> Iterator[tuple[str, list[StudentResult]]]:
        """Yield everybody's standings, one student at a time, by name."""
        members: dict[str, list[tuple[Assignment, Student]]] = {}
        for assignment in self.assignments:
            for one in self.members(assignment):
                members.setdefault(one.name, []).append((self._assignment(assignment), one))
        for name in sorted(members):
            yield name, [read.standing(one) for read, one in members[name]]

    def off_roster(self, assignment: str) -> list[str]:
        """Return the names of submissions that nobody on the roster accounts for."""
        read = self._assignment(assignment)
        return [one.name for one in read.students if read.has_roster and one.person is None]

    @cached_property
    def _by_name(self) -> dict[str, Assignment]:
        return {}

    def _assignment(self, assignment: str) -> Assignment:
        if assignment not in self._by_name:
            self._by_name[assignment] = Assignment(self.book, assignment, self.look)
        return self._by_name[assignment]


def select_view(
    book: Gradebook,
    assignments: Sequence[str] = (),
    student: str | None = None,
    look: Look | None = None,
) -> ClassView:
    """Return the part of a gradebook that was asked for.

    Parameters
    ----------
    book
        The gradebook.
    assignments
        Their names; none for all.
    student
        A student's name, id, login or e-mail address; None for all.
    look
        Lateness, and which attempt counts.

    Raises
    ------
    UsageError
        There is no such assignment or student; several assignments for one late rule.
    """
    chosen = select_records(book, assignments).assignments
    if look is not None and look.late is not None and len(chosen) > 1:
        text = "--late: a date belongs to one assignment; choose it with --assignment"
        raise UsageError(f"{text}: {', '.join(map(repr, chosen))}")
    everybody = ClassView(book, chosen, None, look or Look())
    if student is None:
        return everybody
    return ClassView(book, chosen, find_student(everybody, student), look or Look())


def find_student(standings: ClassView, wanted: str) -> str:
    """Return the name in the gradebook of somebody called by any key or name.

    Raises
    ------
    UsageError
        Nobody, or several, answer to it.
    """
    members = {one.name: one for name in standings.assignments for one in standings.members(name)}
    if wanted in members:
        return wanted
    found = match([Identity(wanted, (wanted,), (wanted,))], [m.identity for m in members.values()])
    if not found:
        text = f"the gradebook has no submission of {wanted!r}, or several that fit"
        raise UsageError(f"{text}, in {list(standings.assignments)}")
    return list(members)[found[0]]
