"""What helps: hints, one at a time, which are remembered; afterwards the course's own solution."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from grader.errors import UsageError
from grader.render.shown import HintPage
from grader.student.notebook.cells import gather, read_cells

if TYPE_CHECKING:
    from pathlib import Path

    from grader.course.course import Course, Exercise
    from grader.student.progress import Progress, ProgressFile


def read_hint(exercise: Exercise, store: ProgressFile, *, again: bool = False) -> HintPage:
    """Open one more hint and return all that are open; when all are, return them once more.

    Parameters
    ----------
    exercise
        Whose hints.
    store
        Remembers how many are open.
    again
        Only those that are open already, the first at least.
    """
    total = len(exercise.check.hints)
    opened = 0

    def edit(progress: Progress) -> Progress:
        nonlocal opened
        record = progress.record(exercise.id)
        opened = min(total, max(1, record.hints) if again else record.hints + 1)
        return progress.with_record(exercise.id, replace(record, hints=opened))

    store.change(edit)
    return HintPage(exercise.id, tuple(exercise.check.hints[:opened]), total)


def find_solutions(course: Course) -> Path:
    """Return the folder of a course's solutions.

    Raises
    ------
    UsageError
        It was handed out without.
    """
    if course.solutions_dir is None:
        raise UsageError("this course was handed out without solutions")
    return course.solutions_dir


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
    source = (find_solutions(course) / f"{exercise.module}.py").read_text(encoding="utf-8")
    return gather(read_cells({1: source}), [exercise.name]).text
