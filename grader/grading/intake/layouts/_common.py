"""What the layouts share: what is in a folder, whose word a time is, what nobody understands."""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.errors import SubmissionError
from grader.gradebook.people.delivery import TimeSource
from grader.grading.intake.packages import walk_files
from grader.grading.intake.submissions import PASSED_OVER, Skipped, may_be_work
from grader.text import name_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from grader.grading.intake.submissions import Submission

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


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


def is_folder(entry: os.DirEntry[str]) -> bool:
    """Tell whether an entry is a folder itself, no link to one."""
    return entry.is_dir(follow_symlinks=False)


def is_work(entry: os.DirEntry[str]) -> bool:
    """Tell whether an entry may be somebody's work: a folder, or a file with such a name."""
    if entry.name in PASSED_OVER:
        return False
    with suppress(OSError):  # a link that leads to itself
        if entry.is_dir():
            return True
    return may_be_work(entry.name)


def not_understood(entry: os.DirEntry[str], why: str) -> Skipped:
    """Return an entry of which a layout cannot tell whose it is."""
    return Skipped(name_of(entry.name), why, is_work=is_work(entry))


def is_most(ours: Collection[object], entries: Iterable[os.DirEntry[str]]) -> bool:
    """Tell whether some entries are at least half of all that may be somebody's work."""
    return bool(ours) and 2 * len(ours) >= sum(map(is_work, entries))


def split_older(
    uploads: Iterable[tuple[str, Path]],
) -> tuple[list[tuple[str, Path]], list[tuple[str, Path]]]:
    """Return what counts of one student's files, and what a newer file of the same name replaces.

    Parameters
    ----------
    uploads
        Names as the student gave them, the newest last.
    """
    newest: dict[str, Path] = {}
    older = []
    for name, path in uploads:
        if name in newest:
            older.append((name, newest[name]))
        newest[name] = path
    return list(newest.items()), older


def replaced(older: Iterable[tuple[str, Path]], student: str) -> list[Skipped]:
    """Return what is told of files that a newer one of the same name replaces."""
    return [Skipped(name_of(path.name), f"an older {name}", student) for name, path in older]


def names_of(uploads: Iterable[tuple[str, Path]]) -> tuple[str, ...]:
    """Return the names that some files have in the download."""
    return tuple(name_of(path.name) for _, path in uploads)


def time_told(
    found: Submission, when: datetime | None = None, source: TimeSource = TimeSource.PLATFORM
) -> dict[str, Any]:
    """Return what a delivery says of its time: by the platform's word, or else by its files'.

    Parameters
    ----------
    found
        The submission, for the time of its files.
    when, source
        What the platform says, and where; None when it says nothing.
    """
    if when is not None:
        return {"came_in": when, "time_source": source}
    when = _time_of(found)
    return {"came_in": when, "time_source": TimeSource.FILE if when else TimeSource.UNKNOWN}


def month_of(word: str) -> int:
    """Return the number of a month by its English name, or 0.

    Examples
    --------
    >>> month_of("Nov"), month_of("november"), month_of("Brumaire")
    (11, 11, 0)
    """
    return MONTHS.index(word[:3].lower()) + 1 if word[:3].lower() in MONTHS else 0


def hour_of(hour: int, half: str) -> int:
    """Return an hour of the day; `half` is AM or PM, or nothing where there are 24.

    Examples
    --------
    >>> hour_of(12, "AM"), hour_of(12, "pm"), hour_of(3, "PM"), hour_of(15, "")
    (0, 12, 15, 15)
    """
    return hour % 12 + 12 * (half[0].upper() == "P") if half else hour


def local_time(parts: Sequence[int]) -> datetime | None:
    """Return a time of this machine's zone, from year, month, day, hour, minute and second."""
    with suppress(ValueError, OverflowError, OSError, TypeError):
        return datetime(*parts).astimezone()  # type: ignore[arg-type]
    return None


def _newest_time(paths: Iterable[Path]) -> datetime | None:
    times = []
    for path in paths:
        with suppress(OSError, OverflowError, ValueError):  # a year that no calendar has
            times.append(datetime.fromtimestamp(int(path.lstat().st_mtime), UTC))
    return max(times, default=None)


def _time_of(submission: Submission) -> datetime | None:
    """Return when the newest file of a submission was changed."""
    if submission.files:
        return _newest_time(path for _, path in submission.files)
    if submission.kind != "folder":
        return _newest_time([submission.path])
    with suppress(OSError):
        return _newest_time(Path(entry.path) for _, entry in walk_files(submission.path))
    return None
