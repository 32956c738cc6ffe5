"""Tell whether what lies in a download is still what was graded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.errors import DlgradeError, Signal
from grader.grading.exams import content_key
from grader.grading.intake.layouts import FALLBACK, read_download
from grader.grading.intake.packages import read_package

if TYPE_CHECKING:
    from pathlib import Path

    from grader.gradebook.students import Student


def is_unchanged(folder: Path, student: Student) -> bool | None:
    """Tell whether a student's newest work is there as it was graded; None where nobody can tell.

    Parameters
    ----------
    folder
        The download, which is read as it was then.
    student
        With an attempt.
    """
    came = student.newest
    try:
        found = read_download(folder, came.layout or FALLBACK)
        same = [one for one in found.submissions if one.delivery.files == came.files]
        keys = {content_key(read_package(one), student.name) for one in same}
    except (DlgradeError, Signal, OSError, ValueError):
        return None
    return student.attempts[-1].content in keys if len(keys) == 1 else None
