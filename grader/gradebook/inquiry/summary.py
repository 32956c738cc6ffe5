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
    from collections.abc import Collection, Iterable, Sequence
    from typing import Any

    from grader.gradebook.facts import Gradebook
    from grader.gradebook.students import StudentResult
    from grader.render.grades.told import Change, ClassFigures

Tallied = dict[str, Counter[str]]
WORTH_A_LOOK = ("crashed", "rejected", "ungraded")
SHOWN_MISTAKES = 3
# A row for each exercise, status and mistake, and one for each of whom it is worth a look, those
# who are excused apart. Asked of the views that `exercise_score` is made of: it looks for points by
# hand, too, which takes longer.
COUNTS = """
SELECT a.exercise, coalesce(f.status, 'ungraded') AS status, f.mistake,
       CASE WHEN coalesce(f.status, 'ungraded') IN (?5, ?6, ?7) THEN s.name END AS noted,
       s.name IN (SELECT value FROM json_each(?3)) AS excused,
       coalesce(f.message, ''), a.position, count(*)
FROM current_submission AS s
CROSS JOIN asked AS a ON a.assignment = s.assignment
LEFT JOIN current_fact AS f
       ON f.assignment = s.assignment AND f.content = s.content AND f.exercise = a.exercise
WHERE s.assignment = ?1 AND s.name NOT IN (SELECT value FROM json_each(?2))
AND s.id NOT IN (SELECT value FROM json_each(?4))
GROUP BY 1, 2, 3, 4, 5
"""
# Of each submission that counts: the points of its levels, of no exercise more than it is worth
# now, of how many exercises nobody could tell, and about how many there is a fact. Past the views,
# which takes a third of the time: a test holds that it is what they say.
TOTALS = """
SELECT name, total(earned), total(is_unknown), count(*) FROM (
    SELECT s.id AS attempt, s.name,
           min(a.possible, total(CASE l.status WHEN 'passed' THEN l.possible END)) AS earned,
           max('ungraded' IN (l.status, f.status)) AS is_unknown
    FROM current_submission AS s
    JOIN current_fact AS f ON f.assignment = s.assignment AND f.content = s.content
    JOIN asked AS a ON a.assignment = s.assignment AND a.exercise = f.exercise
    JOIN level AS l ON l.fact = f.id
    WHERE s.assignment = ? GROUP BY s.id, f.id
) GROUP BY attempt
"""
DECIDED = "SELECT DISTINCT submission FROM current_override WHERE assignment = ?"


def summarise(book: Gradebook, assignment: str, exercises: Sequence[str]) -> ClassSummary:
    """Return what became of an assignment's exercises; of a damaged result, that nobody can tell.

    People have the names that the roster writes, or the platform, else those of their files.
    Whoever is excused is in no number, and whoever handed in nothing and has points by hand is in
    all of them, as in every other view of a class.

    Parameters
    ----------
    book
        The gradebook.
    assignment
        Its name.
    exercises
        Ids of those to count.
    """
    read = Assignment(book, assignment, Policy(), brief=True)
    damaged = book.find_damaged(read.id)
    shared = find_shared(book, read.id)
    left_out = [*shared, *damaged]
    lost = book.seals.find_damaged_rows(read.id).rows if damaged else ()
    rows_left_out = [row for row in lost if isinstance(row, int)]  # a damaged seal names others
    excused = [one.name for one in read.students if one.excuse is not None]
    decided = _find_decided(book, read)
    names = json.dumps(left_out), json.dumps(excused)
    rows = book.query(COUNTS, read.id, *names, json.dumps(rows_left_out), *WORTH_A_LOOK)
    rows = [row for row in rows if row[0] in exercises]
    broken = len(set(damaged) - set(excused))
    counts, mistakes = _count(rows, exercises, decided, broken)
    noted = sorted((row[3], row[6], row[0], row[1], row[5]) for row in rows if row[3] is not None)
    look = [(name, exercise, status, text) for name, _, exercise, status, text in noted]
    look += [(name, exercises[0], str(Status.UNGRADED), DAMAGED) for name in damaged if exercises]
    inbox, unread = _inbox(book, read, shared)
    return ClassSummary(
        tuple(
            ExerciseSummary(exercise, dict(counts[exercise]), _commonest(mistakes[exercise]))
            for exercise in exercises
        ),
        tuple((read.called(name), *row) for name, *row in look if name not in unread),
        inbox,
        *_scores(book, read, {*left_out, *excused}, decided),
        tuple(
            row
            for row in by_student(read, find_changes(book, read.id))
            if _is_worth_telling(row[1])
        ),
    )


def _count(
    rows: Iterable[Sequence[Any]],
    exercises: Sequence[str],
    decided: Iterable[StudentResult],
    broken: int,
) -> tuple[Tallied, Tallied]:
    """Return how often each status and each mistake occurs, by exercise.

    Parameters
    ----------
    rows
        Of `COUNTS`, about these exercises.
    exercises
        Their ids.
    decided
        The results of those who have points by hand: who has no work is in no row.
    broken
        Of how many the results are damaged.
    """
    counts: Tallied = {exercise: Counter() for exercise in exercises}
    mistakes: Tallied = {exercise: Counter() for exercise in exercises}
    for exercise, status, mistake, _, is_excused, *_, count in rows:
        if not is_excused:
            counts[exercise][status] += count
            if mistake is not None:
                mistakes[exercise][mistake] += count
    for one in decided:
        entries = one.document["exercises"]
        for entry in entries if not (one.student.attempts or one.student.damaged) else ():
            if entry["id"] in counts:
                counts[entry["id"]][entry["status"]] += 1
    for statuses in counts.values() if broken else ():
        statuses[str(Status.UNGRADED)] += broken
    return counts, mistakes


def _find_decided(book: Gradebook, read: Assignment) -> list[StudentResult]:
    """Return the results of those who have points by hand, and are not excused."""
    names = [name for (name,) in book.query(DECIDED, read.id)]
    students = [read.by_name[name] for name in names if name in read.by_name]
    return [read.result_of(one) for one in students if one.excuse is None]


def _scores(
    book: Gradebook,
    read: Assignment,
    left_out: Collection[str],
    decided: Sequence[StudentResult],
) -> tuple[ClassFigures | None, float]:
    """Return how the points of those who are counted are spread, where all of them are known.

    Whoever has points by hand is read alone: to look for those of everybody takes three times as
    long.
    """
    ((asked, possible),) = book.query(
        "SELECT count(*), total(possible) FROM asked WHERE assignment = ?", read.id
    )
    known = {
        name: earned
        for name, earned, unknown, graded in book.query(TOTALS, read.id)
        if graded == asked and not unknown and name not in left_out
    }
    known |= {one.student.name: one.final for one in decided}
    return figures_of([points for points in known.values() if points is not None]), possible


def _is_worth_telling(changes: Sequence[Change]) -> bool:
    """Tell whether somebody has another grade than before: other points, or none any more."""
    before, after = changes[0].grade
    return before != after


def _inbox(
    book: Gradebook, read: Assignment, shared: Collection[str]
) -> tuple[InboxSummary, set[str]]:
    """Return how submissions were read, and the names of those that were not."""
    rows = book.query(
        "SELECT name, recognised, note FROM current_submission JOIN reading ON submission = id "
        "WHERE assignment = ? ORDER BY name",
        read.id,
    )
    told: dict[str, list[tuple[str, str]]] = {}
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
