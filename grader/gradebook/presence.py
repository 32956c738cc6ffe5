"""Find out who is in an assignment: who handed in, and who on the roster did not."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from grader.gradebook.people.groups import Group
from grader.gradebook.people.person import match
from grader.gradebook.students import NOT_YET, Attempt, Student

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.gradebook.facts import Gradebook
    from grader.gradebook.people.delivery import Delivery
    from grader.gradebook.people.person import Person

Deliveries = dict[str, tuple[tuple[int, "Delivery"], ...]]


def find_students(book: Gradebook, assignment: int, roster: Sequence[Person]) -> list[Student]:
    """Return everybody in an assignment, sorted by name.

    Parameters
    ----------
    book
        The gradebook.
    assignment
        Row id.
    roster
        Who is in the class; nobody where that is not known.
    """
    attempts, lost = _find_attempts(book, assignment)
    deliveries = _find_counted(book, assignment)
    shared = _find_shared(deliveries)
    found = [
        Student(name, tuple(mine.values()), deliveries.get(name, ()), damaged=name in lost)
        for name, mine in attempts.items()
        if name not in shared
    ]
    for name, some in book.find_deliveries(assignment).items():
        if name and name not in attempts and name not in shared:
            attempts[name] = {}
            why = some[-1][1].why_not or NOT_YET
            found.append(Student(name, (), tuple(some), unread=why))
    pairs = match([one.claimant for one in found], roster)
    present = [
        replace(one, on_roster=roster[pairs[i]]) if i in pairs else one
        for i, one in enumerate(found)
    ]
    seen = set(pairs.values())
    absent = [one for place, one in enumerate(roster) if place not in seen]
    made = _make_absentees(absent, set(attempts), book.find_elsewhere(assignment))
    return sorted(present + made, key=lambda one: one.name)


def find_shared(book: Gradebook, assignment: int) -> set[str]:
    """Return the teams that are no submission any more: later it was said who is in them.

    Parameters
    ----------
    book
        The gradebook.
    assignment
        Row id.
    """
    return _find_shared(_find_counted(book, assignment))


def find_teams(book: Gradebook, assignment: int) -> list[Group]:
    """Return the teams whose members are known, by what came in last under each name.

    Parameters
    ----------
    book
        The gradebook.
    assignment
        Row id.
    """
    members: dict[str, list[Person]] = {}
    for name, some in _find_counted(book, assignment).items():
        one = some[-1][1] if some else None
        if one is not None and one.team and not one.is_unclaimed:
            members.setdefault(one.team, []).append(replace(one.person, also_called=(name,)))
    return [Group(team, (), tuple(people)) for team, people in members.items()]


def _find_attempts(
    book: Gradebook, assignment: int
) -> tuple[dict[str, dict[str, Attempt]], set[str]]:
    """Return the attempts of each name by content, and the names of which something is damaged."""
    attempts: dict[str, dict[str, Attempt]] = {}
    rows = book.query(
        "SELECT id, name, content, run FROM submission WHERE assignment = ? ORDER BY id", assignment
    )
    damaged = book.seals.find_damaged_rows(assignment) if book.is_sealed else {}
    for number, name, content, run in rows:
        if number not in damaged:
            mine = attempts.setdefault(name, {})
            before = mine.pop(content, None)  # the same again: newest place, first arrival
            mine[content] = Attempt(number, content, before.run if before else run)
    lost = set(damaged.values())
    return attempts | {name: {} for name in sorted(lost - attempts.keys())}, lost


def _find_counted(book: Gradebook, assignment: int) -> Deliveries:
    """Return the deliveries of what is graded, by name."""
    return {
        name: tuple((run, one) for run, one in some if not one.why_not)
        for name, some in book.find_deliveries(assignment).items()
    }


def _find_shared(deliveries: Deliveries) -> set[str]:
    told = {one.team for some in deliveries.values() for _, one in some if not one.is_unclaimed}
    newest = {name: some[-1][1] for name, some in deliveries.items() if some}
    return {name for name, one in newest.items() if one.is_unclaimed and one.team in told}


def _make_absentees(
    absent: Sequence[Person], taken: set[str], known: Sequence[tuple[str, Person]]
) -> list[Student]:
    """Return those who handed in nothing, by the names that other assignments know them by."""
    elsewhere = [one for one in known if one[0] not in taken]
    pairs = match(absent, [person for _, person in elsewhere])
    made = []
    for place, person in enumerate(absent):
        name = next(filter(None, (person.login, person.name, person.email, *person.ids)))
        if place in pairs:
            name = elsewhere[pairs[place]][0]
        while name in taken:
            name += f" ({person.key})" if person.ids else " (again)"
        taken.add(name)
        made.append(Student(name, (), (), person))
    return made
