"""The course's own solution of an exercise: its function, and what that needs of its file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.errors import UsageError
from grader.student.notebook.cells import gather, read_cells

if TYPE_CHECKING:
    from grader.course.course import Course, Exercise


def read_reference(course: Course, exercise: Exercise) -> str:
    """Return the text of a solution, ready to be read or run.

    Parameters
    ----------
    course
        Has solutions, or was handed out without.
    exercise
        Whose.

    Raises
    ------
    UsageError
        The course has none to show.
    """
    if course.solutions_dir is None:
        raise UsageError("this course was handed out without solutions")
    source = (course.solutions_dir / f"{exercise.module}.py").read_text(encoding="utf-8")
    return gather(read_cells({1: source}), [exercise.name]).text
