"""Who in a class is who in a platform's own file or download: what each side's keys are worth."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from grader.gradebook.people.person import Person, match
from grader.gradebook.students import names_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from grader.engine.document import Document
    from grader.gradebook.students import Student

MOODLE = "moodle"  # whose numbers are of one assignment each


def person_of(document: Document) -> Person:
    """Return who the student of a document is."""
    called = (names_of(document)[0],)
    if "term" not in document:
        return Person(also_called=called)
    term = document["term"]
    return Person(
        term["name"], tuple(filter(None, [term["id"]])), term["login"], term["email"], called
    )


def has_another_key(student: Student, person: Person, layout: str) -> bool:
    """Tell whether the same platform gave two keys, so that two people have one name.

    What a member's team handed in has the team's key, which says nothing of the member.

    Parameters
    ----------
    student
        Ours.
    person
        The other one.
    layout
        Of the downloads that call people by that one's key.
    """
    came = student.newest
    keys = came.person.key.strip().casefold(), person.key.strip().casefold()
    is_own = came.layout == layout and not came.team
    return is_own and all(keys) and keys[0] != keys[1]


def known_as(student: Student, layout: str, person: Person | None = None) -> Person:
    """Return who a student is to a platform, without numbers that it has not said.

    A member of a team has those of a roster or a table of teams: they may be of another assignment,
    in which Moodle gave them to others.

    Parameters
    ----------
    student
        Ours.
    layout
        Of the platform's downloads.
    person
        What else is known of the student; None for what the class knows.
    """
    came, known = student.newest, student.person if person is None else person
    in_a_team = bool(came.team) and not came.is_unclaimed
    return replace(known, ids=()) if came.layout == layout == MOODLE and in_a_team else known


def match_asked(
    ours: Sequence[Person], others: Iterable[Student], people: Sequence[Person], layout: str
) -> dict[int, int]:
    """Match people as if nobody had been asked for alone: namesakes are no less alike then.

    Parameters
    ----------
    ours, others
        Who was asked for, as `known_as` says it, and the rest of the class.
    people, layout
        Those of the platform, and which one it is.

    Returns
    -------
    dict
        Places among the platform's by places among ours.
    """
    pairs = match([*ours, *(known_as(one, layout) for one in others)], people)
    return {place: at for place, at in pairs.items() if place < len(ours)}
