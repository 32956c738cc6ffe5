"""Find out whose grade a run changed, and why: what counted before it, and what counts now."""

from __future__ import annotations

import json
import math
from itertools import groupby
from typing import TYPE_CHECKING, Any

from grader.gradebook.pages.questions import EXAM
from grader.gradebook.runs import DRAWS, JUDGES
from grader.model import Status
from grader.render.grades.asked import ChangesAnswer
from grader.render.grades.told import Change, Reached

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from grader.gradebook.assignment import Assignment
    from grader.gradebook.file import GradebookFile
    from grader.gradebook.view import ClassView

NEW = "new submission"
OTHER_CASES = "other cases"
OTHER_CHECK = "check changed"
OTHER_QUESTIONS = "questions changed"
OTHER_ENGINE = "another dlgrade"
OTHER_LIBRARY = "another library"
UNGRADED_BEFORE = "could not be graded before"
OTHER_LIMITS = "other limits"
OTHER_SANDBOX = "other sandbox"
AGAIN = "graded again"

# What counted for some names at the end of one run and of a later one. Here and below each subquery
# asks an index.
HELD = """
held AS (
    SELECT name,
        (SELECT content FROM submission WHERE assignment = ?1 AND name = k.name AND run <= ?2
         ORDER BY id DESC LIMIT 1) AS before,
        (SELECT content FROM submission WHERE assignment = ?1 AND name = k.name AND run <= ?3
         ORDER BY id DESC LIMIT 1) AS after
    FROM known AS k
)"""
# Of whom anything counted before: what another content has become, and what was found out about the
# same one in between.
CHANGED = f"""
WITH known AS (
    SELECT DISTINCT name FROM submission WHERE assignment = ?1 AND run <= ?2
), {HELD}, touched AS (
    SELECT h.name, h.before, h.after, a.exercise, a.position FROM held AS h
    JOIN asked AS a ON a.assignment = ?1 WHERE h.before != h.after
    UNION
    SELECT h.name, h.before, h.after, f.exercise, a.position FROM held AS h
    JOIN fact AS f ON f.assignment = ?1 AND f.content = h.after
        AND f.run > ?2 AND f.run <= ?3
    JOIN asked AS a ON a.assignment = ?1 AND a.exercise = f.exercise
    WHERE h.before = h.after
)
SELECT name, exercise, before != after,
    (SELECT max(id) FROM fact WHERE assignment = ?1 AND content = t.before
     AND exercise = t.exercise AND run <= ?2),
    (SELECT max(id) FROM fact WHERE assignment = ?1 AND content = t.after
     AND exercise = t.exercise AND run <= ?3)
FROM touched AS t
WHERE NOT EXISTS (SELECT 1 FROM current_override AS o WHERE o.assignment = ?1
                  AND o.submission = t.name AND o.exercise = t.exercise)
ORDER BY name, position
"""  # noqa: S608 - a part of our own
# All that the grades of some are made of: what was decided by hand, else what counted then and now;
# and whether the exercise was asked for then.
GRADES = f"""
WITH known AS (SELECT value AS name FROM json_each(?4)), {HELD}, asked_then AS MATERIALIZED (
    SELECT exercise FROM asked AS a WHERE assignment = ?1 AND EXISTS (
        SELECT 1 FROM fact WHERE assignment = ?1 AND exercise = a.exercise AND run <= ?2)
)
SELECT h.name, min(a.possible, o.points), a.possible, a.exercise IN asked_then,
    (SELECT max(id) FROM fact WHERE assignment = ?1 AND content = h.before
     AND exercise = a.exercise AND run <= ?2),
    (SELECT max(id) FROM fact WHERE assignment = ?1 AND content = h.after
     AND exercise = a.exercise AND run <= ?3)
FROM held AS h JOIN asked AS a ON a.assignment = ?1
LEFT JOIN current_override AS o
       ON o.assignment = ?1 AND o.submission = h.name AND o.exercise = a.exercise
"""  # noqa: S608 - a part of our own
# Up to which run all was told: the last one before another that came to its end, else the first.
TOLD = """
SELECT coalesce(
    (SELECT max(run) FROM run_end JOIN run ON id = run WHERE assignment = ?1 AND id < ?2),
    (SELECT min(id) FROM run WHERE assignment = ?1))
"""
FACTS = """
SELECT fact, status, earned, run FROM json_each(?) AS wanted JOIN fact_score ON fact = wanted.value
"""


def find_changes(book: GradebookFile, assignment: int, run: int | None = None) -> list[Change]:
    """Return what a run changed: by name, then in the course's order.

    With what runs before it changed that were cut short, since nobody was told. Points by hand stay
    what they are, so that nothing is said of those exercises, nor of whoever handed in for the
    first time.

    Parameters
    ----------
    book
        The gradebook.
    assignment
        Row id.
    run
        Row id; None for the newest run of the assignment.
    """
    if run is None:
        ((run,),) = book.query("SELECT max(id) FROM run WHERE assignment = ?", assignment)
    ((told,),) = book.query(TOLD, assignment, run)
    rows = [row for row in book.query(CHANGED, assignment, told, run) if None not in row]
    facts = _read_facts(book, [fact for *_, before, after in rows for fact in (before, after)])
    worth = dict(
        book.query("SELECT exercise, possible FROM asked WHERE assignment = ?", assignment)
    )
    reasons = _Reasons(book, assignment)
    found = []
    for name, exercise, is_new, before, after in rows:
        (*was, run_before), (*became, run_after) = facts[before], facts[after]
        became[1] = at_most(worth[exercise], became[1])
        if was != became:
            why = NEW if is_new else reasons.find(exercise, was[0], run_before, run_after)
            found.append((name, exercise, Reached(*was), Reached(*became), why))
    grades = _find_grades(book, (assignment, told, run), {name for name, *_ in found})
    return [Change(*one, grades[one[0]]) for one in found]


def _read_facts(book: GradebookFile, wanted: Iterable[int]) -> dict[int, list[Any]]:
    """Return status, points and run of some facts."""
    rows = book.query(FACTS, json.dumps(sorted(set(wanted))))
    return {number: more for number, *more in rows}


def _find_grades(
    book: GradebookFile, runs: tuple[int, int, int], names: Collection[str]
) -> dict[str, tuple[float | None, float | None]]:
    """Return the points of some people in all exercises together, before and after.

    None where somebody's work was not graded in full: that grade is open, whatever is known of it.
    """
    rows = book.query(GRADES, *runs, json.dumps(sorted(names))) if names else []
    facts = _read_facts(book, [one for row in rows for one in row[4:] if one is not None])
    parts: dict[str, list[tuple[float | None, float | None]]] = {}
    for name, decided, possible, was_asked, *held in rows:
        then, now = (facts[one][1] if one is not None else None for one in held)
        now = at_most(possible, now)
        then = now if held[0] == held[1] else then
        if not was_asked:
            then = 0.0
        graded = (then, now) if decided is None else (decided, decided)
        parts.setdefault(name, []).append(graded)
    return {
        name: (_total([before for before, _ in some]), _total([after for _, after in some]))
        for name, some in parts.items()
    }


def _total(earned: Sequence[float | None]) -> float | None:
    """Return points together; None where those of one exercise are not known."""
    known = [one for one in earned if one is not None]
    return math.fsum(known) if len(known) == len(earned) else None


def at_most(possible: float, earned: float | None) -> float | None:
    """Return points of an exercise that is worth no more than this now."""
    return None if earned is None else min(possible, earned)


class _Reasons:
    """What was not the same in two runs of an assignment."""

    def __init__(self, book: GradebookFile, assignment: int) -> None:
        rows = book.query(
            "SELECT id, seed, course, timeout_s, memory_mib, sandbox FROM run WHERE assignment = ?",
            assignment,
        )
        self._runs = {number: more for number, *more in rows}
        rows = book.query(
            "SELECT c.run, exercise, digest FROM criterion AS c JOIN run ON run.id = c.run "
            "WHERE assignment = ?",
            assignment,
        )
        self._criteria = {(run, exercise): digest for run, exercise, digest in rows}

    def find(self, exercise: str, status: str, before: int, after: int) -> str:
        """Return the first reason for another verdict, of those that explain most."""
        seed, course, *limits, sandbox = self._runs[before]
        new_seed, new_course, *new_limits, new_sandbox = self._runs[after]
        cases, draws, judges = (
            [self._criteria.get((run, one)) for run in (before, after)]
            for one in (exercise, DRAWS, JUDGES)
        )
        same_draws, same_course = draws[0] == draws[1], course == new_course
        same_cases = cases[0] == cases[1] if all(cases) else same_course and same_draws
        is_exam = exercise.startswith(EXAM)
        is_changed = not same_cases and (is_exam or same_draws or not same_course)
        reasons = (
            (OTHER_CASES, seed != new_seed),
            (OTHER_QUESTIONS if is_exam else OTHER_CHECK, is_changed),
            (OTHER_ENGINE, not same_cases or (judges[1] and len({*map(_engine, judges)}) > 1)),
            (OTHER_LIBRARY, judges[1] and judges[0] != judges[1]),
            (UNGRADED_BEFORE, status == Status.UNGRADED),
            (OTHER_LIMITS, limits != new_limits),
            (OTHER_SANDBOX, sandbox != new_sandbox),
        )
        return next((why for why, holds in reasons if holds), AGAIN)


def _engine(judges: str | None) -> str:
    """Return what of us judged, without the libraries that a course allows."""
    return (judges or "").partition(" ")[0]


def by_student(
    assignment: Assignment, changes: Sequence[Change]
) -> tuple[tuple[str, tuple[Change, ...]], ...]:
    """Return changes by the name that the roster writes, of those who are in the class."""
    grouped = ((name, tuple(some)) for name, some in groupby(changes, lambda one: one.name))
    return tuple(
        (assignment.called(name), some) for name, some in grouped if name in assignment.by_name
    )


def describe_changes(view: ClassView) -> list[ChangesAnswer]:
    """Return what the newest run of each assignment of a view changed."""
    answers = []
    for one in view.assignments:
        ((run, started),) = one.book.query(
            "SELECT id, started FROM run WHERE assignment = ? ORDER BY id DESC LIMIT 1", one.id
        )
        found = find_changes(one.book, one.id, run)
        mine = [change for change in found if view.student in (None, change.name)]
        answers.append(ChangesAnswer(one.name, started, by_student(one, mine)))
    return answers
