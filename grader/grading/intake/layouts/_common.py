"""What the layouts share: what is in a folder, and when a file was changed."""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.errors import SubmissionError
from grader.gradebook.people.delivery import TimeSource
from grader.grading.intake.packages import walk_files

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from grader.grading.intake.submissions import Submission


def list_folder(folder: Path, ignored: Collection[str] = ()) -> list[os.DirEntry[str]]:
    """Return what is in a folder, by name, without what is ours or hidden.

    Raises
    ------
    SubmissionError
        It cannot be read.
    """
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: os.fsencode(entry.name))
    except OSError as error:
        raise SubmissionError(f"{folder} cannot be read: {error.strerror}") from error
    return [e for e in entries if e.name not in ignored and not e.name.startswith(".")]


def file_time(submission: Submission) -> dict[str, Any]:
    """Return what a delivery says of its time where nobody but its files says anything."""
    came_in = time_of(submission)
    return {"came_in": came_in, "time_source": (came_in and TimeSource.FILE) or TimeSource.UNKNOWN}


def newest_time(paths: Iterable[Path]) -> datetime | None:
    """Return when the newest of some files was changed, or None when there is none."""
    times = []
    for path in paths:
        with suppress(OSError, OverflowError, ValueError):  # a year that no calendar has
            times.append(datetime.fromtimestamp(int(path.lstat().st_mtime), UTC))
    return max(times, default=None)


def time_of(submission: Submission) -> datetime | None:
    """Return when the newest file of a submission was changed."""
    if submission.files:
        return newest_time(path for _, path in submission.files)
    if submission.kind != "folder":
        return newest_time([submission.path])
    with suppress(OSError):
        return newest_time(Path(entry.path) for _, entry in walk_files(submission.path))
    return None
