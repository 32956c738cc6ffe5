"""Who is in a class, and what one of them reached: what the views of a class hand to each other."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from grader.gradebook.people.delivery import Delivery
from grader.gradebook.people.person import NOBODY, Person

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.engine.document import Details, Document, Late
    from grader.gradebook.lateness import LateRule

NOTHING = "nothing was handed in"
IN_DOUBT = "something came in of which nobody can tell whose it is: it may be this student's"


@dataclass(frozen=True)
class Policy:
    """What counts, as an instructor says with each export.

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
class Attempt:
    """One content that somebody handed in.

    Parameters
    ----------
    number
        Row id of its newest submission.
    content
        Its digest.
    run
        Row id of the run that first saw it.
    """

    number: int
    content: str
    run: int


@dataclass(frozen=True)
class Student:
    """Somebody in an assignment: who handed in, who is on the roster, or both.

    Parameters
    ----------
    name
        In the gradebook.
    attempts
        Oldest first; none when nothing was handed in.
    deliveries
        Run and delivery, oldest first.
    on_roster
        The person on the roster; None for nobody there.
    damaged
        Whether what was handed in is not known any more as it was written.
    """

    name: str
    attempts: tuple[Attempt, ...] = ()
    deliveries: tuple[tuple[int, Delivery], ...] = ()
    on_roster: Person | None = None
    damaged: bool = False

    @property
    def handed_in(self) -> bool:
        """Whether there is any work of this student's."""
        return bool(self.attempts) or self.damaged

    @property
    def claimant(self) -> Person:
        """Whom a roster is searched for: by the platform's words, and by the submission's name."""
        ours = NOBODY if self.is_unclaimed else self._newest.person
        called = () if self.is_unclaimed else (self.name,)
        return replace(ours, also_called=called)

    @property
    def is_unclaimed(self) -> bool:
        """Whether this is a team of which nobody knows who is in it."""
        return self._newest.is_unclaimed

    def delivery_of(self, run: int) -> Delivery:
        """Return how an attempt came in that was first seen in a run."""
        before = [one for number, one in self.deliveries if number <= run]
        return before[-1] if before else self._newest

    @property
    def _newest(self) -> Delivery:
        return self.deliveries[-1][1] if self.deliveries else Delivery()

    @property
    def person(self) -> Person:
        """All that this student is known by: the platform's word first, then the roster's."""
        ours, listed = self._newest.person, self.on_roster or NOBODY
        others = (self.name, ours.name, listed.login, listed.email)
        return Person(
            listed.name or ours.name or self.name,
            tuple(dict.fromkeys((*ours.ids, *listed.ids))),
            ours.login or listed.login,
            ours.email or listed.email,
            tuple(dict.fromkeys(filter(None, others))),
        )


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
        What documents do not show, by exercise.
    """

    student: Student
    document: Document
    details: Mapping[str, Details]

    @property
    def final(self) -> float | None:
        """The points that go out: after decisions by hand and lateness; None when not all known."""
        return final_points(self.document)


def final_points(document: Document) -> float | None:
    """Return the points that a platform is told, or None when something is `ungraded`."""
    if not document["complete"]:
        return None
    late = find_late(document)
    return float(document["earned"] if late is None else late["earned"])


def names_of(document: Document) -> tuple[str, str]:
    """Return the names of a document's submission and assignment, which a local check lacks."""
    return document["submission"] or "", document["assignment"] or ""


def find_late(document: Document) -> Late | None:
    """Return what being late costs; None where no rule was given."""
    return document["term"].get("late") if "term" in document else None


def handed_in(document: Document) -> bool:
    """Tell whether there may be any work behind a document: it is not known that there is none."""
    return "term" not in document or document["term"]["handed_in"] or not document["complete"]
