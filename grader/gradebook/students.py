"""Who is in a class, and what one of them reached: what the views of a class hand to each other."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from grader.gradebook.people.delivery import Delivery, Recognition
from grader.gradebook.people.person import NOBODY, Person, match

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from grader.engine.document import Decided, Details, Document, Entry, Late
    from grader.gradebook.policy.decisions import Excuse, Extension
    from grader.gradebook.policy.lateness import LateRule

NOTHING = "nothing was handed in"
NOT_YET = "not graded yet: run `dlgrade grade` again"
OUTDATED = "graded by a check or a dlgrade as it was before, and not again since"
IN_DOUBT = "something came in of which nobody can tell whose it is: it may be this student's"


@dataclass(frozen=True)
class Policy:
    """What counts, as an instructor says with each export.

    Parameters
    ----------
    late
        What being late costs in the one assignment that is looked at; None for nothing.
    best
        The best attempt counts, not the newest.
    rules
        What being late costs, by the assignment's name.
    late_days
        How many late days of each student cost nothing; None where there is no such budget.
    """

    late: LateRule | None = None
    best: bool = False
    rules: Mapping[str, LateRule] = field(default_factory=dict)
    late_days: int | None = None

    def rule_for(self, assignment: str) -> LateRule | None:
        """Return what being late costs in an assignment; None for nothing."""
        return self.rules.get(assignment, self.late)


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
    unread
        Why nothing of what was delivered was graded; empty where something was, or nothing came.
    extension, excuse
        What was decided about this student, where it was not taken back.
    """

    name: str
    attempts: tuple[Attempt, ...] = ()
    deliveries: tuple[tuple[int, Delivery], ...] = ()
    on_roster: Person | None = None
    damaged: bool = False
    unread: str = ""
    extension: Extension | None = None
    excuse: Excuse | None = None

    @property
    def handed_in(self) -> bool:
        """Whether there is any work of this student's."""
        return bool(self.attempts or self.damaged or self.unread)

    @property
    def claimant(self) -> Person:
        """Whom a roster is searched for: by the platform's words, and by the submission's name."""
        ours = NOBODY if self.is_unclaimed else self.newest.person
        called = () if self.is_unclaimed else (self.name,)
        return replace(ours, also_called=called)

    @property
    def is_unclaimed(self) -> bool:
        """Whether this is a team of which nobody knows who is in it."""
        return self.newest.is_unclaimed

    def delivery_of(self, run: int) -> Delivery:
        """Return how an attempt came in that was first seen in a run."""
        before = [one for number, one in self.deliveries if number <= run]
        return before[-1] if before else self.newest

    @property
    def newest(self) -> Delivery:
        """What came in last; of what was graded, where there is any."""
        return self.deliveries[-1][1] if self.deliveries else Delivery()

    @property
    def key(self) -> str:
        """What tells this student apart from a namesake: the platform's key, else our name."""
        return self.person.key or self.name

    @property
    def person(self) -> Person:
        """All that this student is known by: the platform's word first, then the roster's."""
        ours, listed = self.newest.person, self.on_roster or NOBODY
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
        """The points that go out: after decisions by hand and lateness.

        None when not all are known, and for whoever is excused.
        """
        return final_points(self.document)


def with_decisions(
    students: Sequence[Student],
    extensions: Sequence[tuple[str, Extension]],
    excuses: Sequence[tuple[str, Excuse]],
) -> list[Student]:
    """Return students with what was decided about them.

    Parameters
    ----------
    students
        Of one assignment.
    extensions, excuses
        All that was decided, oldest first: the newest of each kind counts.
    """
    decided = dict.fromkeys(name for name, _ in (*extensions, *excuses))
    if not decided:
        return list(students)
    places = find_places(decided, students)
    dues = {places[name]: one for name, one in extensions if name in places}
    excused = {places[name]: one for name, one in excuses if name in places}
    found = []
    for place, one in enumerate(students):
        due, excuse = dues.get(place), excused.get(place)
        due = due if due is not None and due.due is not None else None
        excuse = excuse if excuse is not None and excuse.excused else None
        found.append(replace(one, extension=due, excuse=excuse) if due or excuse else one)
    return found


def find_places(names: Iterable[str], students: Sequence[Student]) -> dict[str, int]:
    """Return the place of each student by name, and of whom something was decided about.

    A name that nobody has is looked for among all that students are known by: whoever was on the
    roster alone when it was decided has another name since they handed in.

    Parameters
    ----------
    names
        Under which something was decided.
    students
        Of one assignment.
    """
    places = {one.name: place for place, one in enumerate(students)}
    strange = [name for name in dict.fromkeys(names) if name not in places]
    asked = [Person(ids=(name,), also_called=(name,)) for name in strange]
    pairs = match(asked, [one.person for one in students]) if strange else {}
    return places | {strange[at]: place for at, place in pairs.items()}


def add_shown(entry: Entry, details: Details) -> None:
    """Add to an entry what a gradebook keeps of its shown case among the details."""
    if "telling" in details:
        entry["telling"] = details["telling"]
    if "printed" in details:
        entry["output"] = details["printed"]


def final_points(document: Document) -> float | None:
    """Return the points that a platform is told; None when something is `ungraded`, or excused."""
    if not document["complete"] or find_excuse(document) is not None:
        return None
    late = find_late(document)
    return float(document["earned"] if late is None else late["earned"])


def names_of(document: Document) -> tuple[str, str]:
    """Return the names of a document's submission and assignment, which a local check lacks."""
    return document["submission"] or "", document["assignment"] or ""


def find_late(document: Document) -> Late | None:
    """Return what being late costs; None where no rule was given."""
    return document["term"].get("late") if "term" in document else None


def find_excuse(document: Document) -> Decided | None:
    """Return why somebody need not hand in; None for whoever has to."""
    return document["term"].get("excused") if "term" in document else None


def find_note(document: Document) -> str:
    """Return what is to be said of how the files were read: a guess, or why they were not."""
    arrival = document.get("delivery")
    if arrival is None or arrival["recognised"] == Recognition.NAME:
        return ""
    return f"could not be read: {arrival['note']}" if is_unread(document) else arrival["note"]


def find_warnings(document: Document) -> list[str]:
    """Return what is to be known of the files and costs nothing."""
    return document["delivery"].get("warnings", []) if "delivery" in document else []


def find_own_count(document: Document) -> dict[str, int]:
    """Return how many hints of each exercise were read, as the student's own files say."""
    return document["delivery"].get("own_count", {}) if "delivery" in document else {}


def is_unread(document: Document) -> bool:
    """Tell whether something came in that nobody could read."""
    return "delivery" in document and (document["delivery"]["recognised"] == Recognition.UNREADABLE)


def handed_in(document: Document) -> bool:
    """Tell whether there may be any work behind a document: it is not known that there is none."""
    return "term" not in document or document["term"]["handed_in"] or not document["complete"]
