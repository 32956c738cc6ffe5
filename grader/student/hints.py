"""Give hints one at a time, and remember which were read."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from grader.render.shown import HintPage

if TYPE_CHECKING:
    from grader.course.course import Exercise
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
