"""What a class adds to a document: who it is, when the work came in, what was decided about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from grader.engine.document import Arrival, Term
    from grader.gradebook.people.delivery import Delivery
    from grader.gradebook.policy.lateness import LateRule
    from grader.gradebook.students import Student


def rule_for(student: Student, rule: LateRule | None) -> LateRule | None:
    """Return what being late costs one student, whose deadline may be another one."""
    if rule is None or student.extension is None or student.extension.due is None:
        return rule
    return rule.until(student.extension.due)


def make_term(
    student: Student, delivery: Delivery, attempt: int, rule: LateRule | None, *, has_roster: bool
) -> Term:
    """Return what the term knows of one attempt, what being late costs apart.

    Parameters
    ----------
    student
        Whose.
    delivery
        How the attempt came in.
    attempt
        Its number, from 1; 0 where there is none.
    rule
        Of this student; None where being late costs nothing.
    has_roster
        Whether it is known who is in the class.
    """
    person = student.person
    came_in, time_source = delivery.told_time
    extended, excused = student.extension, student.excuse
    due = rule.due if rule is not None else None if extended is None else extended.due
    term: Term = {
        "name": person.name,
        "id": (student.on_roster or person).key or person.key,
        "login": person.login,
        "email": person.email,
        "handed_in": student.handed_in,
        "came_in": came_in,
        "time_source": time_source,
        "marked_late": delivery.marked_late,
        "due": None if due is None else due.isoformat(),
        "on_roster": student.on_roster is not None if has_roster else None,
        "attempt": attempt,
        "attempts": len(student.attempts),
    }
    if extended is not None:
        term["extended"] = {"why": extended.why, "decided_at": extended.decided_at}
    if excused is not None:
        term["excused"] = {"why": excused.why, "decided_at": excused.decided_at}
    return term


def make_arrival(
    delivery: Delivery,
    recognised: str,
    note: str,
    warnings: Sequence[str] = (),
    own_count: Mapping[str, int] | None = None,
) -> Arrival:
    """Return how something came in, and how it was found out what it is."""
    time, time_source = delivery.told_time
    arrival: Arrival = {
        "files": list(delivery.files),
        "time": time,
        "time_source": time_source,
        "recognised": recognised,
        "note": note,
    }
    if warnings:
        arrival["warnings"] = list(warnings)
    if own_count:
        arrival["own_count"] = dict(own_count)
    return arrival
