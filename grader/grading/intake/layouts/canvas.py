"""Canvas's "Download Submissions": `lastfirst_123_456_conv.py`, all in one folder.

123 is the student's id, 456 the file's. `LATE` stands before the id of late work; a name that is
used again at a resubmission gets `-1`, `-2`, … before its ending. In anonymous assignments the
student is `anon_` and five letters.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from grader.gradebook.people.delivery import Delivery
from grader.gradebook.people.person import Person
from grader.grading.intake.layouts._common import file_time, list_folder
from grader.grading.intake.submissions import Found, Skipped, Submission, kind_of, may_be_work
from grader.text import name_of

if TYPE_CHECKING:
    from collections.abc import Collection

UPLOAD = re.compile(
    r"(?P<name>.*?)_(?P<late>late_)?(?P<student>\d+)_(?P<file>\d+)_(?P<rest>.+)", re.IGNORECASE
)
ANONYMOUS = re.compile(
    r"(?P<late>late_)?(?P<name>anon_(?P<student>[a-z0-9]+))_(?P<file>\d+)_(?P<rest>.+)",
    re.IGNORECASE,
)
AGAIN = re.compile(r"(?P<stem>.+)-(?P<number>\d+)(?P<ending>\.\w+)")
NOT_CANVAS = "its name is not one that Canvas gives"


def detect(folder: Path) -> bool:
    """Tell whether all code, archives and notebooks in a folder have Canvas's names."""
    files = [entry for entry in list_folder(folder) if entry.is_file(follow_symlinks=False)]
    ours = [entry.name for entry in files if may_be_work(entry.name)]
    return bool(ours) and all(_parse(name) for name in ours)


def _parse(name: str) -> re.Match[str] | None:
    return ANONYMOUS.fullmatch(name) or UPLOAD.fullmatch(name)


def find(folder: Path, ignored: Collection[str]) -> Found:
    """Return a submission for each student; the newest of files that have one name counts."""
    uploads: dict[str, list[tuple[int, int, str, Path]]] = {}
    heads: dict[str, re.Match[str]] = {}
    late: set[str] = set()
    skipped = []
    for entry in list_folder(folder, ignored):
        name = name_of(entry.name)
        parsed = _parse(name) if entry.is_file(follow_symlinks=False) else None
        if parsed is None:
            skipped.append(Skipped(name, NOT_CANVAS, is_work=may_be_work(name)))
            continue
        student = parsed["student"]
        heads.setdefault(student, parsed)
        if parsed["late"]:
            late.add(student)
        rest, again = original_name(parsed["rest"])
        place = (again, int(parsed["file"]), rest, Path(entry.path))
        uploads.setdefault(student, []).append(place)
    submissions = []
    for student, files in uploads.items():
        files.sort(key=lambda one: one[:2])
        head = heads[student]
        kind, path, members = kind_of([(rest, path) for _, _, rest, path in files], folder)
        found = Submission(head["name"] or student, path, kind, members)
        delivery = Delivery(
            Person(head["name"], (student,)), "canvas", marked_late=student in late,
            files=tuple(name_of(path.name) for *_, path in files), **file_time(found),
        )  # fmt: skip
        submissions.append(replace(found, delivery=delivery))
    return Found(tuple(submissions), tuple(skipped))


def original_name(name: str) -> tuple[str, int]:
    """Return a file's name as the student gave it, and the number of its resubmission.

    Examples
    --------
    >>> original_name("conv-2.py"), original_name("conv.py"), original_name("my-notes.py")
    (('conv.py', 2), ('conv.py', 0), ('my-notes.py', 0))
    """
    found = AGAIN.fullmatch(name)
    if found is None:
        return name, 0
    return found["stem"] + found["ending"], int(found["number"])
