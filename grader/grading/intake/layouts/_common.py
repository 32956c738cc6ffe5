"""What the layouts share: what a student uploaded, when, and of which kind it is."""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from grader.errors import SubmissionError
from grader.grading.intake.submissions import ARCHIVE, NOTEBOOK, walk_files
from grader.text import name_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from grader.grading.intake.submissions import Submission

CODE = ".py"
KINDS = {ARCHIVE: "zip", NOTEBOOK: "notebook"}
NO_CODE = "neither .py files, a .zip nor a notebook in it"


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


Parts = tuple[str, Path, tuple[tuple[str, Path], ...]]


def parts_of(uploads: Sequence[tuple[str, Path]], folder: Path) -> Parts | None:
    """Return kind, path and files of what one student uploaded; None when there is no code.

    Parameters
    ----------
    uploads
        Names as the student gave them, and where the files are; the newest last.
    folder
        Where they lie.
    """
    code = {name: path for name, path in uploads if name.endswith(CODE)}
    if code:
        return "folder", folder, tuple(sorted(code.items()))
    for name, path in reversed(uploads):
        kind = KINDS.get(Path(name).suffix.lower())
        if kind:
            return kind, path, ()
    return None


def parts_of_folder(folder: Path) -> Parts | None:
    """Return kind, path and files of a folder with one student's upload.

    A folder with `.py` files somewhere in it is a submission as it is; else the archive or
    notebook in it is one.
    """
    try:
        found = [(path, entry) for path, entry in walk_files(folder) if entry.is_file()]
    except OSError:
        return "folder", folder, ()  # it is somebody's, and reading it will say what is wrong
    if any(path.endswith(CODE) for path, _ in found):
        return "folder", folder, ()
    by_time = sorted(found, key=lambda pair: pair[1].stat(follow_symlinks=False).st_mtime)
    uploads = [(name_of(entry.name), Path(entry.path)) for _, entry in by_time]
    return parts_of(uploads, folder)
