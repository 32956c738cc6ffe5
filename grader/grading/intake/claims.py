"""Settle whose each submission is, and when it came in, before anything is written down.

A number never wins against a name. A team's work becomes one submission for each member where it is
known who that is; else it is graded under the team's name, is nobody's, and is told.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from grader.errors import UsageError
from grader.gradebook.people.delivery import Delivery, TimeSource
from grader.gradebook.people.person import Person, compact, contradict, match
from grader.gradebook.presence import find_teams
from grader.grading.intake.submissions import Skipped
from grader.grading.intake.teams import called, known_as, name_members, set_twins_aside, share_out
from grader.render.grades.run import shorten
from grader.text import safe_name
from grader.text.meant import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from grader.gradebook.facts import Gradebook
    from grader.gradebook.people.groups import Group
    from grader.gradebook.people.times import Times
    from grader.grading.intake.submissions import Found, Submission

Thing = TypeVar("Thing")
SAY = "say with --groups who is in the team"
LACKING = "handed in by --times, and not in this folder"
MAX_WRONG = 5


@dataclass(frozen=True)
class Claims:
    """What is known about whose work is whose.

    Parameters
    ----------
    people
        Who is in the class; None where that is not known.
    groups
        Who is in which team: as the instructor says, and as the gradebook has it.
    times
        When people handed in, by the instructor's table.
    before
        The teams as the gradebook has them.
    names
        Everybody in the gradebook, and the name that they have there.
    present
        Who has handed in by the gradebook, in this assignment.
    """

    people: Sequence[Person] | None = None
    groups: Sequence[Group] = ()
    times: Times | None = None
    before: Sequence[Group] = ()
    names: Sequence[tuple[str, Person]] = ()
    present: Sequence[Person] = ()

    def with_book(self, book: Gradebook, assignment: str) -> Claims:
        """Return these claims with what a gradebook knows; what was said now goes first.

        Parameters
        ----------
        book
            The gradebook.
        assignment
            Its name.
        """
        rows = book.query("SELECT id FROM assignment WHERE name = ?", assignment)
        number = rows[0][0] if rows else 0
        people = book.find_roster(number) if self.people is None else self.people
        present = [
            replace(some[-1][1].person, also_called=(name,))
            for name, some in book.find_deliveries(number).items()
            if name and any(not one.why_not for _, one in some)
        ]
        return replace(
            self, people=people, before=find_teams(book, number),
            names=_by_name(book.find_elsewhere(0)), present=present,
        )  # fmt: skip

    def settle(self, found: Found) -> Found:
        """Return what was found with a team's work shared out, and what nobody can claim marked.

        Parameters
        ----------
        found
            As a layout tells it.

        Raises
        ------
        UsageError
            Somebody in a team that handed in is not on the roster.
        """
        owners = _index((key, one) for one in self.people or () for key in (*one.ids, one.login))
        teams = (_Teams(self.groups), _Teams(self.before))
        pairs = [(one, _team_of(one, teams, owners)) for one in found.submissions]
        own, notes = self._mark_unclaimed([one for one, team in pairs if team is None], owners)
        shared = [(one, team) for one, team in pairs if team is not None]
        people = dict.fromkeys(person for _, team in shared for person in team.members)
        self._require_members([team for _, team in shared if team in self.groups])
        members = name_members(list(people), self.people or (), own, self.names)
        given = [each for one, team in shared for each in share_out(team, one, members)]
        submissions, twins = set_twins_aside(own, given)
        former = self._former([team for _, team in shared])
        return replace(
            found, submissions=tuple(submissions), skipped=(*found.skipped, *twins),
            notes=(*found.notes, *shorten(notes), *shorten(former)),
        )  # fmt: skip

    def add_times(self, found: Found) -> Found:
        """Return what was found with the times of the instructor's table.

        Parameters
        ----------
        found
            What is settled, each submission under its own name.
        """
        if self.times is None:
            return found
        came_in = list(self.times.came_in.items())
        ours = [
            Person() if one.delivery.is_unclaimed else known_as(one) for one in found.submissions
        ]
        pairs = match(ours, [person for person, _ in came_in])
        timed = [
            replace(one, delivery=replace(
                one.delivery, came_in=came_in[pairs[place]][1], time_source=TimeSource.TIMES
            )) if place in pairs else one
            for place, one in enumerate(found.submissions)
        ]  # fmt: skip
        used = set(pairs.values())
        without = [one.name for place, one in enumerate(found.submissions) if place not in pairs]
        left = [person for place, (person, _) in enumerate(came_in) if place not in used]
        before = match(left, self.present)
        layout = next((one.delivery.layout for one in found.submissions), Delivery().layout)
        lacking = [
            (person, self._name_of(person), self.times.came_in[person])
            for place, person in enumerate(left)
            if place not in before
        ]
        lines = [
            *shorten(self.times.unread),
            *_line("--times: no time for what came in of", without),
            *_line(LACKING, [name for _, name, _ in lacking]),
        ]
        skipped = [
            Skipped(name, LACKING, name, is_work=True, delivery=Delivery(
                person, layout, came_in, time_source=TimeSource.TIMES
            )) for person, name, came_in in lacking
        ]  # fmt: skip
        return replace(
            found, submissions=tuple(timed), skipped=(*found.skipped, *skipped),
            notes=(*found.notes, *lines),
        )  # fmt: skip

    def _name_of(self, person: Person) -> str:
        """Return the name in the gradebook of somebody of whom nothing is in the folder."""
        known = match([person], [one for _, one in self.names])
        if known:
            return self.names[known[0]][0]
        listed = match([person], self.people or ())
        one = self.people[listed[0]] if listed and self.people else person
        return one.login or called(one)

    def _require_members(self, teams: Sequence[Group]) -> None:
        """Make sure that whoever is to be paid for a team's work is on the roster, if there is one.

        Raises
        ------
        UsageError
        """
        if not self.people:
            return
        known = {name: name for one in self.people for name in (one.name, one.login) if name}
        wrong = []
        for team in teams:
            listed = match(team.members, self.people)
            for place, member in enumerate(team.members):
                if place not in listed and not match([member], self.people):
                    word = called(member)
                    help_ = did_you_mean(word, known, "nobody there has such a name")
                    wrong.append(f"{safe_name(word)} of {safe_name(team.name)}: {help_}")
        if wrong:
            text = f"--groups: not on the roster: {'; '.join(wrong[:MAX_WRONG])}"
            more = len(wrong) - MAX_WRONG
            raise UsageError(text + (f"; and {more} more" if more > 0 else ""))

    def _mark_unclaimed(
        self, own: Sequence[Submission], owners: Mapping[str, Sequence[Person]]
    ) -> tuple[list[Submission], list[str]]:
        """Return submissions, of which those with somebody else's number have none any more."""
        pairs = match([known_as(one) for one in own], self.people or ())
        marked, notes = [], []
        for place, one in enumerate(own):
            delivery, person = one.delivery, one.delivery.person
            others = owners.get(person.key.casefold(), []) if place not in pairs else []
            if self.people is not None and delivery.is_unclaimed:
                row = f"a row '{safe_name(delivery.team)},NAME' for each member"
                notes.append(
                    f"{safe_name(one.name)}: nobody knows who is in this team: {SAY}, {row}"
                )
            elif others and all(contradict(other, person) for other in others):
                notes.append(_mistaken(one.name, person.key, others[0]))
                delivery = replace(delivery, person=Person(person.name), team=person.name)
            marked.append(replace(one, delivery=delivery))
        return marked, notes

    def _former(self, teams: Sequence[Group]) -> list[str]:
        """Return a line for each who was in a team before and is not now: nothing is taken back."""
        told = []
        for team in teams:
            was = next((one for one in self.before if one.name == team.name), None)
            if was is None or was is team:
                continue
            still = match(was.members, team.members)
            for place, one in enumerate(was.members):
                if place not in still:
                    text = f"{safe_name(called(one))} was in {safe_name(team.name)} before and is"
                    told.append(f"{text} not now: what they got stays until `dlgrade override`")
        return told


class _Teams:
    """Groups, by their names and by what a platform calls them."""

    def __init__(self, groups: Sequence[Group]) -> None:
        self.named = _index((compact(one.name), one) for one in groups)
        self.numbered = _index((number, one) for one in groups for number in one.ids)

    def find(self, name: str, person: Person) -> tuple[Group | None, bool]:
        """Return the group that is meant, and whether both name and number say so."""
        named = self.named.get(compact(name), [])
        numbered = [
            one
            for number in person.ids
            for one in self.numbered.get(number.casefold(), [])
            if not contradict(Person(one.name), Person(name))
        ]
        both = [one for one in named if one in numbered]
        for groups in (both, named, numbered):
            if len(groups) == 1:
                return groups[0], groups is both
        return None, False


def _team_of(
    one: Submission, teams: Iterable[_Teams], owners: Mapping[str, Sequence[Person]]
) -> Group | None:
    """Return the team whose work a submission is, where it is known who is in it."""
    delivery, person = one.delivery, one.delivery.person
    if delivery.team and not delivery.is_unclaimed:
        return None  # the platform has said whose it is
    listed = owners.get(person.key.casefold(), ())
    is_somebody = any(not contradict(other, person) for other in listed)
    for groups in teams:
        group, is_certain = groups.find(delivery.team or person.name or one.name, person)
        if group is not None and (is_certain or not is_somebody):
            return group
    return None


def _index(pairs: Iterable[tuple[str, Thing]]) -> dict[str, list[Thing]]:
    """Return all things of each word, however it is spelt; none of an empty one."""
    found: dict[str, list[Thing]] = {}
    for word, thing in pairs:
        if word:
            found.setdefault(word.casefold(), []).append(thing)
    return found


def _by_name(rows: Iterable[tuple[str, Person]]) -> list[tuple[str, Person]]:
    """Return one person for each name in the gradebook, with every key that it was seen with."""
    merged: dict[str, Person] = {}
    for name, one in rows:
        before = merged.get(name, Person(also_called=(name,)))
        merged[name] = Person(
            "", tuple(dict.fromkeys((*before.ids, *one.ids))), before.login or one.login,
            before.email or one.email, tuple(dict.fromkeys((*before.also_called, one.name))),
        )  # fmt: skip
    return list(merged.items())


def _mistaken(name: str, number: str, owner: Person) -> str:
    shown = safe_name(name)
    text = f"{shown} ({safe_name(number)}): {safe_name(number)} is {safe_name(called(owner))}"
    return f"{text} on the roster, and that is not {shown}: {SAY}"


def _line(text: str, names: Iterable[str]) -> list[str]:
    shown = shorten([safe_name(name) for name in names])
    return [f"{text}: {', '.join(shown)}"] if shown else []
