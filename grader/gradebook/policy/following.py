"""Let points by hand follow whoever they were given to, under the name that they have now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.gradebook.presence import find_students
from grader.gradebook.runs import now
from grader.gradebook.students import find_places

if TYPE_CHECKING:
    from grader.gradebook.facts import Gradebook

ONCE_MORE = """
INSERT INTO override (assignment, submission, exercise, points, why, decided_at)
SELECT assignment, ?, exercise, points, why, decided_at FROM override WHERE id = ?
"""
TAKE_BACK = """
INSERT INTO override (assignment, submission, exercise, points, why, decided_at)
VALUES (?, ?, ?, NULL, ?, ?)
"""


def follow_names(book: Gradebook, assignment: int) -> None:
    """Write points by hand down once more where the name that they were given to is another now.

    Whoever was on the roster alone when it was decided has another name since they handed in. Under
    the old name they are taken back. Where both names have points, those of the newer name stay.

    Parameters
    ----------
    book
        The gradebook.
    assignment
        Row id.
    """
    decided = book.query(
        "SELECT id, submission, exercise FROM current_override WHERE assignment = ? ORDER BY id",
        assignment,
    )
    if not decided:
        return
    students = find_students(book, assignment, book.find_roster(assignment) or [])
    places = find_places((name for _, name, _ in decided), students)
    called = {name: students[place].name for name, place in places.items()}
    taken = {(name, exercise) for _, name, exercise in decided}
    moved = [row for row in decided if called.get(row[1], row[1]) != row[1]]
    if not moved:
        return
    with book.writing() as sql:
        for number, name, exercise in moved:
            if (called[name], exercise) not in taken:
                sql.execute(ONCE_MORE, (called[name], number))
            why = f"handed in as {called[name]}"
            sql.execute(TAKE_BACK, (assignment, name, exercise, why, now()))
        book.seals.seal_tables("override")
