"""Who is in a class, and what one of them reached: what the views of a term hand to each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from grader.gradebook.people import Identity
from grader.gradebook.term import Origin, Person

if TYPE_CHECKING:
    from grader.gradebook.lateness import LateRule


@dataclass(frozen=True)
class Look:
    """How to look at the facts.

    Parameters
    ----------
    late
        What being late costs; None for nothing.
    best
        The best attempt counts, not the newest.
    """

    late: LateRule | None = None
    best: bool = False


@dataclass(frozen=True)
class Student:
    """Somebody in an assignment: who handed in, who is on the roster, or both.

    Parameters
    ----------
    name
        In the gradebook.
    attempts
        Content digest and run of each attempt, oldest first; none when nothing was handed in.
    origins
        Run and origin of each delivery, oldest first.
    person
        On the roster; None for nobody there.
    """

    name: str
    attempts: tuple[tuple[str, int], ...] = ()
    origins: tuple[tuple[int, Origin], ...] = ()
    person: Person | None = None

    @property
    def origin(self) -> Origin:
        """What is known about where the work came from."""
        return self.origins[-1][1] if self.origins else Origin()

    def origin_of(self, run: int) -> Origin:
        """Return how an attempt came in that was first seen in a run."""
        before = [origin for number, origin in self.origins if number <= run]
        return before[-1] if before else self.origin

    @property
    def identity(self) -> Identity:
        """Everything that this student is known by."""
        origin, person = self.origin, self.person or Person("")
        primary = origin.platform_id or (person.ids[0] if person.ids else "")
        keys = (self.name, origin.login, origin.email, person.login, person.email, *person.ids)
        names = (self.name, origin.full_name, person.name)
        return Identity(primary, tuple(filter(None, keys)), tuple(filter(None, names)))

    @property
    def shown_name(self) -> str:
        """The name that people read."""
        return (self.person and self.person.name) or self.origin.full_name or self.name


@dataclass(frozen=True)
class StudentResult:
    """What one student reached in one assignment.

    Parameters
    ----------
    student
        Who.
    document
        The result document, with `term` where there is something to say.
    details
        What documents do not show, by exercise: location, separation, notes, output.
    """

    student: Student
    document: dict[str, Any]
    details: dict[str, dict[str, Any]]

    @property
    def final(self) -> float | None:
        """The points that go out: after decisions by hand and lateness; None when not all known."""
        return final_points(self.document)


def final_points(document: dict[str, Any]) -> float | None:
    """Return the points that a platform is told, or None when something is `ungraded`."""
    if not document["complete"]:
        return None
    late = document.get("term", {}).get("late")
    return float(document["earned"] if late is None else late["earned"])
