"""What a graded class looks like as a whole: statuses of the submissions that count, by a view."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

from grader.gradebook.assignment import DAMAGED
from grader.gradebook.people.delivery import Recognition
from grader.gradebook.presence import find_shared
from grader.model import Status
from grader.render.class_run import ClassSummary, ExerciseSummary, InboxSummary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.gradebook.facts import Gradebook

WORTH_A_LOOK = ("crashed", "rejected", "ungraded")
SHOWN_MISTAKES = 3
# A row for each exercise, status and mistake, and one for each of whom it is worth a look. Asked of
# the views that `exercise_score` is made of: it looks for points by hand, too, which takes longer.
COUNTS = """
SELECT a.exercise, coalesce(f.status, 'ungraded') AS status, f.mistake,
       CASE WHEN coalesce(f.status, 'ungraded') IN (?3, ?4, ?5) THEN s.name END AS noted,
       coalesce(f.message, ''), a.position, count(*)
FROM current_submission AS s
CROSS JOIN asked AS a ON a.assignment = s.assignment
LEFT JOIN current_fact AS f
       ON f.assignment = s.assignment AND f.content = s.content AND f.exercise = a.exercise
WHERE s.assignment = ?1 AND s.name NOT IN (SELECT value FROM json_each(?2))
AND s.id NOT IN (SELECT value FROM json_each(?2))
GROUP BY 1, 2, 3, 4
"""


def summarise(book: Gradebook, assignment: str, exercises: Sequence[str]) -> ClassSummary:
    """Return what became of an assignment's exercises; of a damaged result, that nobody can tell.

    Parameters
    ----------
    book
        The gradebook.
    assignment
        Its name.
    exercises
        Ids of those to count.
    """
    ((number,),) = book.query("SELECT id FROM assignment WHERE name = ?", assignment)
    damaged = book.find_damaged(number)
    left_out = [
        *find_shared(book, number),
        *damaged,
        *(book.seals.find_damaged_rows(number) if damaged else ()),
    ]
    counts: dict[str, Counter[str]] = {exercise: Counter() for exercise in exercises}
    mistakes: dict[str, Counter[str]] = {exercise: Counter() for exercise in exercises}
    noted = []
    rows = book.query(COUNTS, number, json.dumps(left_out), *WORTH_A_LOOK)
    for exercise, status, mistake, name, message, position, count in rows:
        if exercise not in counts:
            continue
        counts[exercise][status] += count
        if mistake is not None:
            mistakes[exercise][mistake] += count
        if name is not None:
            noted.append((name, position, exercise, status, message))
    for one in counts.values() if damaged else ():
        one[str(Status.UNGRADED)] += len(damaged)
    look = [(name, exercise, status, text) for name, _, exercise, status, text in sorted(noted)]
    look += [(name, exercises[0], str(Status.UNGRADED), DAMAGED) for name in damaged if exercises]
    inbox = _inbox(book, number)
    unread = {name for name, _ in inbox.unread}
    return ClassSummary(
        tuple(
            ExerciseSummary(exercise, dict(counts[exercise]), _commonest(mistakes[exercise]))
            for exercise in exercises
        ),
        tuple(row for row in look if row[0] not in unread),
        inbox,
    )


def _inbox(book: Gradebook, number: int) -> InboxSummary:
    rows = book.query(
        "SELECT name, recognised, note FROM current_submission JOIN reading ON submission = id "
        "WHERE assignment = ? ORDER BY name",
        number,
    )
    told: dict[str, list[tuple[str, str]]] = {}
    shared = find_shared(book, number)
    for name, how, note in (row for row in rows if row[0] not in shared):
        told.setdefault(how, []).append((name, note))
    return InboxSummary(
        {how: len(some) for how, some in told.items()},
        tuple(told.get(Recognition.CONTENT, ())),
        tuple(told.get(Recognition.UNREADABLE, ())),
    )


def _commonest(mistakes: Counter[str]) -> tuple[tuple[str, int], ...]:
    found = sorted(mistakes.items(), key=lambda item: (-item[1], item[0]))
    return tuple(found[:SHOWN_MISTAKES])
