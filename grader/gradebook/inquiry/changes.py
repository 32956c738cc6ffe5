"""Find out whose grade a run changed, and why: what counted before it, and what counts now."""

from __future__ import annotations

import json
from itertools import groupby
from typing import TYPE_CHECKING

from grader.model import Status
from grader.render.grades.asked import ChangesAnswer
from grader.render.grades.told import Change, Reached

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.gradebook.assignment import Assignment
    from grader.gradebook.file import GradebookFile
    from grader.gradebook.view import ClassView

NEW = "new submission"
OTHER_CASES = "other cases"
OTHER_CHECK = "check changed"
OTHER_QUESTIONS = "questions changed"
EXAM = "quiz."  # what the id of an exam begins with
OTHER_ENGINE = "another dlgrade"
UNGRADED_BEFORE = "could not be graded before"
OTHER_LIMITS = "other limits"
OTHER_SANDBOX = "other sandbox"
AGAIN = "graded again"

# What counted for each name before and after a run, where it counted before at all; and of those
# whose content stayed the same, what the run found out about it. Each subquery asks an index.
CHANGED = """
WITH known AS (
    SELECT DISTINCT name FROM submission WHERE assignment = ?1 AND run < ?2
), held AS (
    SELECT name,
        (SELECT content FROM submission WHERE assignment = ?1 AND name = k.name AND run < ?2
         ORDER BY id DESC LIMIT 1) AS before,
        (SELECT content FROM submission WHERE assignment = ?1 AND name = k.name AND run <= ?2
         ORDER BY id DESC LIMIT 1) AS after
    FROM known AS k
), touched AS (
    SELECT h.name, h.before, h.after, a.exercise, a.position FROM held AS h
    JOIN asked AS a ON a.assignment = ?1 WHERE h.before != h.after
    UNION
    SELECT h.name, h.before, h.after, f.exercise, a.position FROM held AS h
    JOIN fact AS f ON f.assignment = ?1 AND f.content = h.after AND f.run = ?2
    JOIN asked AS a ON a.assignment = ?1 AND a.exercise = f.exercise
    WHERE h.before = h.after
)
SELECT name, exercise, before != after,
    (SELECT max(id) FROM fact WHERE assignment = ?1 AND content = t.before
     AND exercise = t.exercise AND run < ?2),
    (SELECT max(id) FROM fact WHERE assignment = ?1 AND content = t.after
     AND exercise = t.exercise AND run <= ?2)
FROM touched AS t
WHERE NOT EXISTS (SELECT 1 FROM current_override AS o WHERE o.assignment = ?1
                  AND o.submission = t.name AND o.exercise = t.exercise)
ORDER BY name, position
"""
FACTS = """
SELECT f.id, f.status,
       CASE WHEN f.status != 'ungraded' THEN
           (SELECT CASE WHEN count(earned) = count(*) THEN total(earned) END
            FROM level_score WHERE fact = f.id) END,
       f.run
FROM json_each(?) AS wanted JOIN fact AS f ON f.id = wanted.value
"""


def find_changes(book: GradebookFile, assignment: int, run: int | None = None) -> list[Change]:
    """Return what a run changed: by name, then in the course's order.

    Points by hand stay what they are, so that nothing is said of those exercises, nor of whoever
    handed in for the first time.

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
    rows = [row for row in book.query(CHANGED, assignment, run) if None not in row]
    wanted = sorted({fact for *_, before, after in rows for fact in (before, after)})
    facts = {number: more for number, *more in book.query(FACTS, json.dumps(wanted))}
    reasons = _Reasons(book, assignment)
    changes = []
    for name, exercise, is_new, before, after in rows:
        (*was, run_before), (*became, run_after) = facts[before], facts[after]
        if was != became:
            why = NEW if is_new else reasons.find(exercise, was[0], run_before, run_after)
            changes.append(Change(name, exercise, Reached(*was), Reached(*became), why))
    return changes


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
        said = [self._criteria.get((run, exercise)) for run in (before, after)]
        judges = [self._criteria.get((run, "")) for run in (before, after)]
        same_check = said[0] == said[1] if all(said) else course == new_course
        reasons = (
            (OTHER_CASES, seed != new_seed),
            (OTHER_QUESTIONS if exercise.startswith(EXAM) else OTHER_CHECK, not same_check),
            (OTHER_ENGINE, all(judges) and judges[0] != judges[1]),
            (UNGRADED_BEFORE, status == Status.UNGRADED),
            (OTHER_LIMITS, limits != new_limits),
            (OTHER_SANDBOX, sandbox != new_sandbox),
        )
        return next((why for why, holds in reasons if holds), AGAIN)


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
