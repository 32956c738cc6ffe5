"""Canvas's "Download Submissions": `lastfirst_123_456_conv.py`, all in one folder.

123 is the student's id, 456 the file's. `LATE` stands before the id of late work; a name that is
used again at a resubmission gets `-1`, `-2`, … before its ending. In anonymous assignments the
student is `anon_` and five letters. What was typed into the browser is `lastfirst_123_text.html` or
`…_link.html`. Of a group's work the name is the group's, and the id that of one of its members; who
else is in it, and that it is a group at all, Canvas does not say. Nor does it say when anything
came in: files have the time of the download.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from grader.gradebook.people.delivery import Delivery
from grader.gradebook.people.person import Person
from grader.grading.intake.layouts._common import (
    is_most,
    list_folder,
    names_of,
    not_understood,
    replaced,
    split_older,
    time_told,
)
from grader.grading.intake.submissions import Found, Submission, kind_of
from grader.text import name_of

if TYPE_CHECKING:
    import os
    from collections.abc import Collection

FLAGS = re.IGNORECASE | re.DOTALL
ANONYMOUS = r"(?P<late>late_)?(?P<name>anon_(?P<student>[a-z0-9]+))"
NAMED = r"(?P<name>.*?)_(?P<late>late_)?(?P<student>\d+)"
FORMS = (
    *(re.compile(rf"{who}_(?P<file>\d+)_(?P<rest>.+)", FLAGS) for who in (ANONYMOUS, NAMED)),
    *(re.compile(rf"{who}_(?P<rest>(?:text|link)\.html)", FLAGS) for who in (ANONYMOUS, NAMED)),
)
AGAIN = re.compile(r"(?P<stem>.+)-(?P<number>\d+)(?P<ending>\.\w+)", re.DOTALL)
MAX_DIGITS = 4  # of the number of a resubmission
NOT_CANVAS = "its name is not one that Canvas gives"


@dataclass
class _Student:
    """What one student, or group, handed in."""

    name: str
    late: bool = False
    uploads: list[tuple[str, int, Path]] = field(default_factory=list)


def detect(folder: Path) -> set[str]:
    """Return the files that have Canvas's names; none where they are fewer than half."""
    entries = list_folder(folder)
    ours = {entry.name for entry in entries if _parse(entry)}
    return ours if is_most(ours, entries) else set()


def _parse(entry: os.DirEntry[str]) -> dict[str, str] | None:
    if not entry.is_file(follow_symlinks=False):
        return None
    found = next(filter(None, (form.fullmatch(name_of(entry.name)) for form in FORMS)), None)
    return {"file": "0", **found.groupdict(default="")} if found else None


def find(folder: Path, ignored: Collection[str]) -> Found:
    """Return a submission for each student; the newest of files that have one name counts."""
    students: dict[tuple[str, str], _Student] = {}
    skipped = []
    for entry in list_folder(folder, ignored):
        parsed = _parse(entry)
        if parsed is None:
            skipped.append(not_understood(entry, NOT_CANVAS))
            continue
        who = (parsed["student"], parsed["name"].casefold())
        one = students.setdefault(who, _Student(parsed["name"]))
        one.late |= bool(parsed["late"])
        one.uploads.append((parsed["rest"], int(parsed["file"]), Path(entry.path)))
    submissions = []
    for (number, _), one in students.items():
        ordered = _in_order(one.uploads)
        uploads, older = split_older(ordered)
        kind, path, members = kind_of(uploads, folder)
        found = Submission(one.name or number, path, kind, members)
        skipped += replaced(older, found.name)
        delivery = Delivery(
            Person(one.name, (number,)), "canvas", marked_late=one.late, files=names_of(uploads),
            **time_told(found),
        )  # fmt: skip
        submissions.append(replace(found, delivery=delivery))
    return Found(tuple(submissions), tuple(skipped))


def _in_order(uploads: list[tuple[str, int, Path]]) -> list[tuple[str, Path]]:
    """Return files with the names that the student gave them, the newest last.

    `conv-1.py` beside `conv.py`, or alone, is `conv.py` handed in again; `part-1.py` beside
    `part-2.py` alone are two files that the student called so.
    """
    numbers: dict[str, set[int]] = {}
    for rest, *_ in uploads:
        name, again = original_name(rest)
        numbers.setdefault(name, set()).add(again)
    ordered = []
    for rest, file, path in uploads:
        name, again = original_name(rest)
        own = len(numbers[name]) > 1 and 0 not in numbers[name]
        ordered.append((0 if own else again, file, rest if own else name, path))
    return [(name, path) for *_, name, path in sorted(ordered, key=lambda one: one[:2])]


def original_name(name: str) -> tuple[str, int]:
    """Return a file's name as the student gave it, and the number of its resubmission.

    Examples
    --------
    >>> original_name("conv-2.py"), original_name("conv.py"), original_name("my-notes.py")
    (('conv.py', 2), ('conv.py', 0), ('my-notes.py', 0))
    """
    found = AGAIN.fullmatch(name)
    if found is None or len(found["number"]) > MAX_DIGITS:
        return name, 0
    return found["stem"] + found["ending"], int(found["number"])
