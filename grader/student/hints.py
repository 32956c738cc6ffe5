"""Give hints one at a time, and remember which were read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grader.course.course import Task
    from grader.student.progress import Progress, ProgressFile


@dataclass(frozen=True)
class HintPage:
    """The hints of one exercise that were read so far, the newest last.

    Parameters
    ----------
    exercise_id
        The exercise.
    shown
        Their texts, in order.
    total
        How many there are in all.
    """

    exercise_id: str
    shown: tuple[str, ...]
    total: int


def read_hint(task: Task, store: ProgressFile, *, again: bool = False) -> HintPage:
    """Open one more hint and return all that are open; when all are, return them once more.

    Parameters
    ----------
    task
        Whose hints.
    store
        Remembers how many are open.
    again
        Only those that are open already, the first at least.
    """
    total = len(task.check.hints)
    opened = 0

    def edit(progress: Progress) -> Progress:
        nonlocal opened
        record = progress.record(task.id)
        opened = min(total, max(1, record.hints) if again else record.hints + 1)
        return progress.with_record(task.id, replace(record, hints=opened))

    store.change(edit)
    return HintPage(task.id, tuple(task.check.hints[:opened]), total)
