"""What was asked for of a gradebook: some assignments, one student or everybody, by some policy.

This is all that an exporter or a page sees. Nothing here is stored: it is computed from facts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.errors import UsageError
from grader.gradebook.assignment import Assignment
from grader.gradebook.people.person import Person, match
from grader.gradebook.students import Policy

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.engine.document import Document
    from grader.gradebook.facts import Gradebook
    from grader.gradebook.students import Student, StudentResult


@dataclass(frozen=True)
class ClassView:
    """The part of a gradebook that was asked for, with everybody in the class.

    Parameters
    ----------
    assignments
        Oldest first.
    student
        Only this one; None for all.
    """

    assignments: tuple[Assignment, ...]
    student: str | None = None

    @property
    def names(self) -> list[str]:
        """The names of the assignments."""
        return [one.name for one in self.assignments]

    def members(self, assignment: Assignment) -> list[Student]:
        """Return everybody in an assignment, sorted by name; only the one that was asked for."""
        return [one for one in assignment.students if self.student in (None, one.name)]

    def documents(self) -> Iterator[Document]:
        """Yield one result document for each student of each assignment, as docs/result.md says.

        One at a time: a large class never has to fit into memory.
        """
        for assignment in self.assignments:
            for student in self.members(assignment):
                yield assignment.result_of(student).document

    def by_student(self) -> Iterator[tuple[str, list[StudentResult]]]:
        """Yield everybody's results, one student at a time, by name."""
        members: dict[str, list[tuple[Assignment, Student]]] = {}
        for assignment in self.assignments:
            for one in self.members(assignment):
                members.setdefault(one.name, []).append((assignment, one))
        for name in sorted(members):
            yield name, [assignment.result_of(one) for assignment, one in members[name]]

    def remarks(self) -> Iterator[str]:
        """Yield what is to be known about an assignment before anything that is read of it."""
        for one in self.assignments:
            if one.is_open:
                text = f"{one.name}: its last run has not come to its end: it goes on, or it was "
                yield f"{text}cut short, and the same `dlgrade grade` completes it"
        if any(not one.book.is_sealed for one in self.assignments):
            text = f"{self.assignments[0].book.path} is of an earlier version, in which nobody can "
            yield f"{text}tell whether something is damaged; the next `dlgrade grade` changes that"

    def damage(self) -> list[str]:
        """Return whose results were asked for and are not what was written."""
        return [
            f"{one.name}: the result of {name} is damaged: grade it again"
            for one in self.assignments
            for name in one.damaged
        ]


def select_view(
    book: Gradebook,
    assignments: Sequence[str] = (),
    student: str | None = None,
    policy: Policy | None = None,
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
    policy
        Lateness, and which attempt counts.

    Raises
    ------
    UsageError
        There is no such assignment or student; several assignments for one late rule.
    """
    known = book.assignment_names()
    for name in assignments:
        if name not in known:
            text = f"the gradebook has no assignment {name!r}"
            raise UsageError(f"{text}; it has {', '.join(map(repr, known)) or 'none'}")
    chosen = [name for name in known if not assignments or name in assignments]
    if policy is not None and policy.late is not None and len(chosen) > 1:
        text = "--late: a date belongs to one assignment; choose it with --assignment"
        raise UsageError(f"{text}: {', '.join(map(repr, chosen))}")
    everybody = ClassView(tuple(Assignment(book, name, policy or Policy()) for name in chosen))
    if student is None:
        return everybody
    return ClassView(everybody.assignments, find_student(everybody, student))


def find_student(everybody: ClassView, wanted: str) -> str:
    """Return the name in the gradebook of somebody called by any key or name.

    Raises
    ------
    UsageError
        Nobody, or several, answer to it.
    """
    members = {one.name: one for each in everybody.assignments for one in each.students}
    if wanted in members:
        return wanted
    asked = Person(ids=(wanted,), also_called=(wanted,))
    found = match([asked], [one.person for one in members.values()])
    if not found:
        text = f"the gradebook has no submission of {wanted!r}, or several that fit"
        raise UsageError(f"{text}, in {everybody.names}")
    return list(members)[found[0]]
