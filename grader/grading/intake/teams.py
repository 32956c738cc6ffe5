"""Share a team's work out: one submission for each member, under a name that they have already."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from grader.gradebook.people.person import Person, match
from grader.grading.intake.submissions import TWINS, Skipped
from grader.text import name_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.gradebook.people.groups import Group
    from grader.grading.intake.submissions import Submission

TWICE = "nothing says which of several deliveries counts: none is graded"


@dataclass(frozen=True)
class Member:
    """Somebody in a team, and the name of their submission."""

    name: str
    person: Person


def known_as(one: Submission) -> Person:
    """Return who handed something in, by all that the download calls them.

    Parameters
    ----------
    one
        What was handed in.
    """
    return replace(one.delivery.person, also_called=(one.name,))


def called(person: Person) -> str:
    """Return the first word that somebody is known by."""
    return next(filter(None, (person.name, person.login, person.email, *person.ids)), "")


def name_members(
    members: Sequence[Person],
    people: Sequence[Person],
    own: Sequence[Submission],
    names: Sequence[tuple[str, Person]],
) -> dict[Person, Member]:
    """Return who each member is, and the name of their submission: one that they have already.

    Parameters
    ----------
    members
        As the table of groups has them; nobody twice.
    people
        Who is in the class: somebody on the roster is that person, whatever the table says.
    own
        What came in of single persons, and of teams of which nobody knows anything.
    names
        Everybody in the gradebook, and the name that they have there.
    """
    listed = match(members, people)
    whole = [
        _joined(one, people[listed[place]]) if place in listed else one
        for place, one in enumerate(members)
    ]
    submitters = [known_as(one) for one in own]
    others = match(submitters, people)
    alone = {
        place: at
        for place, at in match(whole, submitters).items()
        if listed.get(place, -1) == others.get(at, -1) or not (place in listed and at in others)
    }
    known = match(whole, [person for _, person in names])
    taken: dict[str, Person] = {}
    named = {}
    for place, member in enumerate(members):
        one = Member(called(whole[place]), whole[place])
        if place in alone:
            other = own[alone[place]]
            key = other.delivery.person.key
            one = Member(other.name, other.delivery.person if key else one.person)
        elif place in known:
            one = replace(one, name=names[known[place]][0])
        if taken.setdefault(one.name, one.person) != one.person:
            word = next(filter(None, (one.person.login, one.person.email)), str(place))
            one = replace(one, name=f"{one.name} ({word})")
        named[member] = one
    return named


def share_out(team: Group, one: Submission, members: dict[Person, Member]) -> list[Submission]:
    """Return a team's submission once for each of its members.

    Parameters
    ----------
    team
        Who is in it.
    one
        What the team handed in.
    members
        From `name_members`.
    """
    return [
        replace(
            one, name=member.name,
            delivery=replace(one.delivery, person=_as_kept(member.person), team=team.name),
        )
        for member in dict.fromkeys(members[person] for person in team.members)
    ]  # fmt: skip


def set_twins_aside(
    own: Sequence[Submission], given: Sequence[Submission]
) -> tuple[list[Submission], list[Skipped]]:
    """Return submissions in which nobody has a team's work and another of unknown order.

    Parameters
    ----------
    own
        Of single persons.
    given
        Of teams, for each member.

    Returns
    -------
    tuple
        The submissions, such ones as twins, and what is not graded for that reason.
    """
    named: dict[str, list[Submission]] = {}
    for one in (*own, *given):
        named.setdefault(one.name, []).append(one)
    teams = {one.name for one in given}
    settled: list[Submission] = []
    skipped = []
    for name, some in named.items():
        times = {one.delivery.judged_at for one in some}
        if len(some) == 1 or name not in teams or (None not in times and len(times) == len(some)):
            settled += some
            continue
        files = tuple((name_of(one.path.name), one.path) for one in some)
        nothing = replace(some[0].delivery, files=())
        settled.append(replace(some[0], kind=TWINS, files=files, delivery=nothing))
        skipped += [
            Skipped(file, TWICE, name, is_work=True, delivery=one.delivery)
            for one, (file, _) in zip(some, files, strict=True)
        ]
    return settled, skipped


def _as_kept(person: Person) -> Person:
    """Return a person as a gradebook keeps one for a delivery: by one number."""
    return replace(person, ids=person.ids[:1], also_called=())


def _joined(member: Person, listed: Person) -> Person:
    return Person(
        listed.name or member.name, tuple(dict.fromkeys((*member.ids, *listed.ids))),
        listed.login or member.login, listed.email or member.email, member.also_called,
    )  # fmt: skip
