"""What was asked for of a gradebook: some assignments, one student or everybody, by some policy.

This is all that an exporter or a page sees. Nothing here is stored: it is computed from facts.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from grader.errors import UsageError
from grader.gradebook.assignment import Assignment
from grader.gradebook.people.person import Person, match
from grader.gradebook.policy.budget import forgive, share_out
from grader.gradebook.students import OUTDATED, Policy, find_late
from grader.render.signs import exact
from grader.text import natural
from grader.text.meant import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.engine.document import Document, FreeDays
    from grader.gradebook.facts import Gradebook
    from grader.gradebook.policy.lateness import LateRule
    from grader.gradebook.students import Student, StudentResult


SHOWN = 20


@dataclass(frozen=True)
class ClassView:
    """The part of a gradebook that was asked for, with everybody in the class.

    Parameters
    ----------
    assignments
        Oldest first.
    student
        Only this one; None for all.
    policy
        What counts.
    others
        Assignments that were not asked for and share the budget of late days.
    """

    assignments: tuple[Assignment, ...]
    student: str | None = None
    policy: Policy = field(default_factory=Policy)
    others: tuple[Assignment, ...] = ()
    _days: dict[str, dict[str, FreeDays]] = field(default_factory=dict, repr=False)

    @property
    def names(self) -> list[str]:
        """The names of the assignments."""
        return [one.name for one in self.assignments]

    def of(self, student: str) -> ClassView:
        """Return the same of one student, with cases and details."""
        return replace(self, student=student, assignments=tuple(map(_in_full, self.assignments)))

    def members(self, assignment: Assignment) -> list[Student]:
        """Return everybody in an assignment, sorted by name; only the one that was asked for."""
        return [one for one in assignment.students if self.student in (None, one.name)]

    def unasked(self, assignment: Assignment) -> list[Student]:
        """Return those of an assignment who were not asked for."""
        return [one for one in assignment.students if self.student not in (None, one.name)]

    def documents(self) -> Iterator[Document]:
        """Yield one result document for each student of each assignment.

        docs/engineer/result.md says what is in it.

        One at a time: a large class never has to fit into memory.
        """
        for assignment in self.assignments:
            for result in self.results(assignment):
                yield result.document

    def results(self, assignment: Assignment) -> Iterator[StudentResult]:
        """Yield what everybody reached in an assignment, one student at a time, by name."""
        for student in self.members(assignment):
            yield self._result_of(assignment, student)

    def by_student(self) -> Iterator[tuple[str, list[StudentResult]]]:
        """Yield everybody's results, one student at a time, in the order of a list of people."""
        members: dict[str, list[tuple[Assignment, Student]]] = {}
        for assignment in self.assignments:
            for one in self.members(assignment):
                members.setdefault(one.name, []).append((assignment, one))
        called = {name: some[-1][1].person.name for name, some in members.items()}
        for name in sorted(members, key=lambda name: (natural(called[name]), name)):
            yield name, [self._result_of(assignment, one) for assignment, one in members[name]]

    def _result_of(self, assignment: Assignment, student: Student) -> StudentResult:
        """Return what a student reached, after late days that are free."""
        result = assignment.result_of(student)
        rule, late = self.policy.rule_for(assignment.name), find_late(result.document)
        if rule is not None and late is not None and self.policy.late_days is not None:
            days = self._days_of(student.name, self.policy.late_days)[assignment.name]
            earned = result.document["earned"]
            result.document["term"]["late"] = forgive(late, rule, days, earned)
        return result

    def _days_of(self, name: str, days: int) -> dict[str, FreeDays]:
        """Return how many late days somebody uses for each assignment that has a rule."""
        if name not in self._days:
            lates = {
                assignment.name: late
                for assignment in (*self.assignments, *self.others)
                if (one := assignment.by_name.get(name)) is not None
                if (late := find_late(assignment.result_of(one).document)) is not None
            }
            self._days[name] = share_out(days, lates)
        return self._days[name]

    def remarks(self) -> Iterator[str]:
        """Yield what is to be known about an assignment before anything that is read of it."""
        for one in self.assignments:
            if one.is_open:
                text = f"{one.name}: its last run has not come to its end: it goes on, or it was "
                yield f"{text}cut short, and the same `dlgrade grade` completes it"
            if outdated := list(map(one.called, one.outdated)):
                yield f"{one.name}: {len(outdated)} {OUTDATED}: {_some(outdated)}"
            if (rule := self.policy.rule_for(one.name)) is not None:
                yield from self._unjudged(one, rule)
        if any(not one.book.is_sealed for one in self.assignments):
            text = f"{self.assignments[0].book.path} is of an earlier version, in which nobody can "
            yield f"{text}tell whether something is damaged; the next `dlgrade grade` changes that"

    def _unjudged(self, assignment: Assignment, rule: LateRule) -> Iterator[str]:
        """Yield of whom nobody knows when they handed in: a rule charges nothing for that."""
        unknown: list[str] = []
        marked: list[str] = []
        for one in self.members(assignment):
            tried = one.attempts if self.policy.best else one.attempts[-1:]
            came = [one.delivery_of(each.run) for each in tried]
            if one.excuse is None and any(each.is_unjudged for each in came):
                is_marked = any(each.marked_late for each in came) and one.extension is None
                (marked if is_marked else unknown).append(one.person.name)
        times = "`dlgrade grade --times CSV` gives times"
        if unknown:
            text = f"{assignment.name}: nobody knows when {len(unknown)} handed in, so that "
            yield f"{text}--late takes nothing off: {_some(unknown)}; {times}"
        if marked:
            cost = f"{exact(rule.marked)}% taken off by the rule"
            if not rule.marked:
                cost = "nothing taken off, unless the rule ends in ', marked 20%'"
            text = f"{assignment.name}: {len(marked)} marked late by the platform, nobody knows "
            yield f"{text}how late ({cost}): {_some(marked)}; {times}"

    def damage(self) -> list[str]:
        """Return what is not as it was written: of the file, and whose results were asked for."""
        told = [line for one in self.assignments[:1] for line in one.book.mended]
        return told + [
            f"{one.name}: the result of {name} is damaged: grade it again"
            for one in (*self.assignments, *self.others)
            for name in one.damaged
        ]


def _in_full(assignment: Assignment) -> Assignment:
    full = copy(assignment)
    full.is_brief = False
    return full


def _some(names: Sequence[str]) -> str:
    """Return names as a line has room for them."""
    more = len(names) - SHOWN
    return ", ".join(names[:SHOWN]) + (f" and {more} more" if more > 0 else "")


def select_view(
    book: Gradebook,
    assignments: Sequence[str] = (),
    student: str | None = None,
    policy: Policy | None = None,
    *,
    brief: bool = False,
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
    brief
        Leave cases and details out of results.

    Raises
    ------
    UsageError
        There is no such assignment or student; several assignments for one late rule.
    """
    policy = policy or Policy()
    known = book.assignment_names()
    for name in (*assignments, *policy.rules):
        if name not in known:
            text = f"the gradebook has no assignment {name!r}"
            raise UsageError(f"{text}; it has {', '.join(map(repr, known)) or 'none'}")
    chosen = [name for name in known if not assignments or name in assignments]
    if policy.late is not None and len(chosen) > 1:
        text = "--late: a date belongs to one assignment; choose it with --assignment"
        text = f"{text}: {', '.join(map(repr, chosen))}"
        raise UsageError(f"{text}; or give each its own: --late 'NAME=DATE: 10%/day'")
    others = [name for name in policy.rules if name not in chosen and policy.late_days is not None]
    everybody = ClassView(
        tuple(Assignment(book, name, policy, brief=brief) for name in chosen),
        policy=policy,
        others=tuple(Assignment(book, name, policy) for name in others),
    )
    return everybody if student is None else everybody.of(find_student(everybody, student))


def find_student(everybody: ClassView, wanted: str) -> str:
    """Return the name in the gradebook of somebody called by any key or name.

    Raises
    ------
    UsageError
        Nobody, or several, answer to it.
    """
    (found,) = find_students(everybody, [wanted])
    if found is None:
        people = [one for each in everybody.assignments for one in each.students]
        namesakes = [one for one in people if wanted in (one.person.name, one.name)]
        keys = list(dict.fromkeys(one.key for one in namesakes))
        if len(keys) > 1:
            text = f"{len(keys)} are called {wanted!r}: name the one that you mean by a key"
            raise UsageError(f"{text}: {', '.join(keys)}")
        names = {name: name for one in people for name in (one.person.name, one.name)}
        help_ = did_you_mean(wanted, names, "name the one that you mean by a key")
        where = ", ".join(map(repr, everybody.names))
        text = f"nobody, or more than one, in {where} is called {wanted!r}"
        raise UsageError(f"{text}: {help_}")
    return found


def find_students(everybody: ClassView, wanted: Sequence[str]) -> list[str | None]:
    """Return the names of many as `find_student` does, None for whom it refuses.

    A namesake is found as we write the name, with the key behind it, too.
    """
    members = {one.name: one for each in everybody.assignments for one in each.students}
    shown: dict[str, set[str]] = {}
    for each in everybody.assignments:
        for one in each.students:
            if (called := each.called(one.name)) != one.person.name:
                shown.setdefault(called, set()).add(one.name)
    strange = [name for name in dict.fromkeys(wanted) if name not in members]
    asked = [Person(ids=(name,), also_called=(name,)) for name in strange]
    pairs = match(asked, [one.person for one in members.values()])
    names = list(members)
    found = {strange[left]: names[right] for left, right in pairs.items()}
    for word, some in shown.items():
        answers = some | {found.pop(word, min(some))}
        found |= {word: min(some)} if len(answers) == 1 else {}
    return [name if name in members else found.get(name) for name in wanted]
