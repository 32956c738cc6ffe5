"""What a graded class looks like as a whole: statuses of the submissions that count, by a view."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.render.class_run import ClassSummary, ExerciseSummary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.gradebook.facts import Gradebook

WORTH_A_LOOK = ("crashed", "rejected", "ungraded")
SHOWN_MISTAKES = 3


def summarise(book: Gradebook, assignment: str, exercises: Sequence[str]) -> ClassSummary:
    """Return what became of an assignment's exercises.

    Parameters
    ----------
    book
        The gradebook.
    assignment
        Its name.
    exercises
        Ids of those to count.
    """
    counts: dict[str, dict[str, int]] = {exercise: {} for exercise in exercises}
    mistakes: dict[str, list[tuple[str, int]]] = {exercise: [] for exercise in exercises}
    chosen = (
        "FROM exercise_score AS e JOIN assignment AS h ON h.id = e.assignment WHERE h.name = ? "
    )
    text = f"SELECT e.exercise, e.status, count(*) {chosen} GROUP BY 1, 2"
    for exercise, status, count in book.query(text, assignment):
        counts.get(exercise, {})[status] = count
    text = f"SELECT e.exercise, e.mistake, count(*) {chosen} "
    text += "AND e.mistake IS NOT NULL GROUP BY 1, 2 ORDER BY 3 DESC, 2"
    for exercise, mistake, count in book.query(text, assignment):
        mistakes.get(exercise, []).append((mistake, count))
    return ClassSummary(
        tuple(
            ExerciseSummary(exercise, counts[exercise], tuple(mistakes[exercise][:SHOWN_MISTAKES]))
            for exercise in exercises
        ),
        _worth_a_look(book, assignment, exercises),
    )


def _worth_a_look(
    book: Gradebook, assignment: str, exercises: Sequence[str]
) -> tuple[tuple[str, str, str, str], ...]:
    rows = book.query(
        "SELECT e.submission, e.exercise, e.status, coalesce(e.message, '') "
        "FROM exercise_score AS e JOIN assignment AS h ON h.id = e.assignment "
        "WHERE h.name = ? AND e.status IN (?, ?, ?) "
        "ORDER BY e.submission, e.position",
        assignment,
        *WORTH_A_LOOK,
    )
    wanted = set(exercises)
    return tuple(row for row in rows if row[1] in wanted)
