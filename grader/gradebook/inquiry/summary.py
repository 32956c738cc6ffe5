"""What a graded class looks like at the end of a run: the submissions that count, by a view."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

from grader.gradebook.assignment import DAMAGED, Assignment
from grader.gradebook.inquiry.changes import by_student, find_changes
from grader.gradebook.pages.figures import figures_of
from grader.gradebook.people.delivery import Recognition
from grader.gradebook.presence import find_shared
from grader.gradebook.students import Policy
from grader.model import Status
from grader.render.grades.told import ClassSummary, ExerciseSummary, InboxSummary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.gradebook.facts import Gradebook
    from grader.render.grades.told import Change, ClassFigures

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
# Of each submission that counts: the points of its levels, how many of them nobody could grade, and
# how many exercises there is a fact about.
TOTALS = """
SELECT s.name, total(CASE l.status WHEN 'passed' THEN l.possible END),
       count(CASE WHEN 'ungraded' IN (l.status, f.status) THEN 1 END),
       count(CASE l.position WHEN 0 THEN 1 END)
FROM current_submission AS s
JOIN current_fact AS f ON f.assignment = s.assignment AND f.content = s.content
JOIN level AS l ON l.fact = f.id
WHERE s.assignment = ? GROUP BY s.id
"""
DECIDED = "SELECT DISTINCT submission FROM current_override WHERE assignment = ?"
ONE_SCORE = """
SELECT earned, complete FROM submission_score WHERE assignment = ? AND submission = ?
"""


def summarise(book: Gradebook, assignment: str, exercises: Sequence[str]) -> ClassSummary:
    """Return what became of an assignment's exercises; of a damaged result, that nobody can tell.

    People have the names that the roster writes, or the platform, else those of their files.

    Parameters
    ----------
    book
        The gradebook.
    assignment
        Its name.
    exercises
        Ids of those to count.
    """
    read = Assignment(book, assignment, Policy())
    number = read.id
    damaged = book.find_damaged(number)
    left_out = [
        *find_shared(book, number),
        *damaged,
        *(book.seals.find_damaged_rows(number).rows if damaged else ()),
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
    inbox, unread = _inbox(book, read)
    return ClassSummary(
        tuple(
            ExerciseSummary(exercise, dict(counts[exercise]), _commonest(mistakes[exercise]))
            for exercise in exercises
        ),
        tuple((read.called(name), *row) for name, *row in look if name not in unread),
        inbox,
        *_scores(book, number, left_out),
        tuple(
            row for row in by_student(read, find_changes(book, number)) if _is_worth_telling(row[1])
        ),
    )  # fmt: skip


def _scores(
    book: Gradebook, number: int, left_out: Sequence[str | int]
) -> tuple[ClassFigures | None, float]:
    """Return how the points of those who handed in are spread, where all of them are known.

    Whoever has points by hand is asked of the view of scores, which looks for those, too, and takes
    three times as long.
    """
    ((asked, possible),) = book.query(
        "SELECT count(*), total(possible) FROM asked WHERE assignment = ?", number
    )
    known = {
        name: earned
        for name, earned, unknown, graded in book.query(TOTALS, number)
        if graded == asked and not unknown
    }
    for (name,) in book.query(DECIDED, number):
        known.pop(name, None)
        for earned, is_complete in book.query(ONE_SCORE, number, name):
            known |= {name: earned} if is_complete else {}
    return figures_of([known[name] for name in known.keys() - set(left_out)]), possible


def _is_worth_telling(changes: Sequence[Change]) -> bool:
    """Tell whether somebody has other points than before."""
    before = [one.before.earned for one in changes]
    after = [one.after.earned for one in changes]
    return before.count(None) != after.count(None) or sum(filter(None, before)) != sum(
        filter(None, after)
    )


def _inbox(book: Gradebook, read: Assignment) -> tuple[InboxSummary, set[str]]:
    """Return how submissions were read, and the names of those that were not."""
    rows = book.query(
        "SELECT name, recognised, note FROM current_submission JOIN reading ON submission = id "
        "WHERE assignment = ? ORDER BY name",
        read.id,
    )
    told: dict[str, list[tuple[str, str]]] = {}
    shared = find_shared(book, read.id)
    for name, how, note in (row for row in rows if row[0] not in shared):
        told.setdefault(how, []).append((read.called(name), note))
    unread = {name for name, how, _ in rows if how == Recognition.UNREADABLE}
    return InboxSummary(
        {how: len(some) for how, some in told.items()},
        tuple(told.get(Recognition.CONTENT, ())),
        tuple(told.get(Recognition.UNREADABLE, ())),
    ), unread


def _commonest(mistakes: Counter[str]) -> tuple[tuple[str, int], ...]:
    found = sorted(mistakes.items(), key=lambda item: (-item[1], item[0]))
    return tuple(found[:SHOWN_MISTAKES])
