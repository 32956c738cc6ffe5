"""Find out who is in an assignment: who handed in, and who on the roster did not."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from grader.gradebook.people.delivery import Delivery
from grader.gradebook.people.groups import Group
from grader.gradebook.people.person import compact, match, telling_words
from grader.gradebook.store.seals import LostRows
from grader.gradebook.students import NOT_YET, Attempt, Student

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.gradebook.facts import Gradebook
    from grader.gradebook.people.person import Person

Deliveries = dict[str, list[tuple[int, Delivery]]]
# The runs that decided otherwise than is decided now, and about which exercise: '' for all but
# quizzes, which nobody judges. Cases are compared where both runs looked at them.
OTHERWISE = """
WITH said AS (
    SELECT c.run, c.exercise, c.digest FROM criterion AS c JOIN run AS r ON r.id = c.run
    WHERE r.assignment = ?1
), newest AS (
    SELECT exercise, digest, max(run) FROM said GROUP BY exercise
)
SELECT r.id, '' FROM run AS r LEFT JOIN said AS s ON s.run = r.id AND s.exercise = ''
WHERE r.assignment = ?1 AND s.digest IS NOT (SELECT digest FROM newest WHERE exercise = '')
UNION ALL
SELECT s.run, s.exercise FROM said AS s JOIN newest AS n ON n.exercise = s.exercise
WHERE s.digest != n.digest
"""
FOUND_OUT = """
SELECT s.name, f.run, CASE WHEN f.exercise LIKE 'quiz.%' THEN NULL ELSE '' END, f.exercise
FROM current_submission AS s
JOIN current_fact AS f ON f.assignment = s.assignment AND f.content = s.content
WHERE s.assignment = ? AND f.run IN (SELECT value FROM json_each(?))
"""


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
    deliveries = book.find_deliveries(assignment)
    shared = _find_shared(deliveries)
    found = [
        Student(
            name, tuple(mine.values()), _counted(deliveries.get(name, ())), damaged=name in lost
        )
        for name, mine in attempts.items()
        if name not in shared
    ]
    unread = [
        Student(name, (), tuple(some), unread=some[-1][1].why_not or NOT_YET)
        for name, some in deliveries.items()
        if name and name not in attempts and name not in shared
    ]
    twice = match([one.claimant for one in unread], [one.claimant for one in found])
    found += [one for place, one in enumerate(unread) if place not in twice]
    attempts |= {one.name: {} for one in unread}
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
    return _find_shared(book.find_deliveries(assignment))


def find_teams(book: Gradebook, assignment: int) -> list[Group]:
    """Return the teams whose members are known, each with those whose last team it is.

    Parameters
    ----------
    book
        The gradebook.
    assignment
        Row id.
    """
    members: dict[str, list[Person]] = {}
    for name, some in book.find_deliveries(assignment).items():
        known = [one for _, one in some if one.team and not one.is_unclaimed]
        if name and known:
            person = replace(known[-1].person, also_called=(name,))
            members.setdefault(known[-1].team, []).append(person)
    return [Group(team, (), tuple(people)) for team, people in members.items()]


def _find_attempts(
    book: Gradebook, assignment: int
) -> tuple[dict[str, dict[str, Attempt]], set[str]]:
    """Return the attempts of each name by content, and the names of which something is damaged."""
    attempts: dict[str, dict[str, Attempt]] = {}
    rows = book.query(
        "SELECT id, name, content, run FROM submission WHERE assignment = ? ORDER BY id", assignment
    )
    damaged = book.seals.find_damaged_rows(assignment) if book.is_sealed else LostRows()
    for number, name, content, run in rows:
        if number not in damaged.rows:
            mine = attempts.setdefault(name, {})
            before = mine.pop(content, None)  # the same again: newest place, first arrival
            mine[content] = Attempt(number, content, before.run if before else run)
    lost = set(damaged.names)
    return attempts | {name: {} for name in sorted(lost - attempts.keys())}, lost


def _counted(some: Sequence[tuple[int, Delivery]]) -> tuple[tuple[int, Delivery], ...]:
    """Return the deliveries of what is graded."""
    return tuple((run, one) for run, one in some if not one.why_not)


def _find_shared(deliveries: Deliveries) -> set[str]:
    """Return the names under which a team's work stood before a run knew who is in the team."""
    told: dict[str, int] = {}  # the last run that knew it, by team and by file
    for some in deliveries.values():
        for run, one in some:
            if one.team and not one.is_unclaimed:
                for word in (compact(one.team), *one.files):
                    told[word] = max(run, told.get(word, 0))
    shared: set[str] = set()
    if not told:  # as in most classes
        return shared
    for name, some in deliveries.items():
        run, one = [(0, Delivery()), *_counted(some)][-1]
        words = (compact(one.team or one.person.name or name), *one.files)
        if (one.is_unclaimed or not one.team) and any(told.get(word, 0) > run for word in words):
            shared.add(name)
    return shared


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


def find_alike(students: Sequence[Student]) -> dict[str, list[str]]:
    """Return who on the roster handed in nothing, and what came in under a name with a word alike.

    Parameters
    ----------
    students
        Everybody in an assignment that has a roster.
    """
    strangers: dict[str, list[str]] = {}
    for one in students:
        if one.handed_in and one.on_roster is None:
            for word in telling_words(one.person):
                strangers.setdefault(word, []).append(one.name)
    found = {}
    for one in students if strangers else ():
        if not one.handed_in and one.on_roster is not None:
            words = sorted(telling_words(one.on_roster))
            alike = [name for word in words for name in strangers.get(word, ())]
            if alike:
                found[one.name] = list(dict.fromkeys(alike))
    return found


def find_outdated(book: Gradebook, assignment: int) -> list[str]:
    """Return whose newest work was graded by what decided otherwise than it does now.

    It was not in the folder when a check was changed, or dlgrade, say. In the gradebook's names.
    """
    older = set(book.query(OTHERWISE, assignment))
    if not older:
        return []
    found = book.query(FOUND_OUT, assignment, json.dumps(sorted({run for run, _ in older})))
    return sorted({name for name, run, *about in found if {(run, one) for one in about} & older})
