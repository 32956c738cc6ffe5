"""Brightspace's (D2L's) download: `12345-67890 - Given Example - Nov 1, 2026 1059 PM/`.

Each folder is one thing that came in, and its name says when, by the clock of whoever downloads;
`index.html` lies beside them. Older sites put the name in front of each file instead. The first
number is the student's where each has one of their own; the second is the assignment's.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from grader.gradebook.people.delivery import Delivery, TimeSource
from grader.gradebook.people.person import Person
from grader.grading.intake.layouts._common import (
    hour_of,
    list_folder,
    local_time,
    month_of,
    names_of,
    not_understood,
    time_told,
)
from grader.grading.intake.submissions import Found, Skipped, Submission, kind_of
from grader.text import name_of

if TYPE_CHECKING:
    import os
    from collections.abc import Collection
    from datetime import datetime

    from grader.grading.intake.submissions import Kind

WHEN = (
    r"(?P<month>[A-Za-z]{3})[a-z]*\.? (?P<day>\d{1,2}), (?P<year>\d{4}) "
    r"(?P<hour>\d{1,2})[-.:_ ]?(?P<minute>\d{2})(?: ?(?P<half>[AP]M))?"
)
HEAD = r"(?P<number>\d+)-\d+ - (?P<name>.+?)"
FLAGS = re.DOTALL | re.IGNORECASE
FOLDER = re.compile(rf"{HEAD} ?- {WHEN}", FLAGS)
FOLDER_OF_ANY_DATE = re.compile(rf"{HEAD}(?: - [^-]*\d{{4}}[^-]*)?", FLAGS)
FILE = re.compile(rf"{HEAD} ?- {WHEN} - (?P<file>.+)", FLAGS)
FILE_WITHOUT_DATE = re.compile(rf"{HEAD} - (?P<file>.+)", FLAGS)
INDEX = "index.html"
NOT_BRIGHTSPACE = "its name is not one that Brightspace gives"
Words = dict[str, str]


def detect(folder: Path) -> set[str]:
    """Return the entries that have Brightspace's names, dates included."""
    return {
        entry.name for entry in list_folder(folder)
        if any(form.fullmatch(name_of(entry.name)) for form in (FOLDER, FILE))
    }  # fmt: skip


def find(folder: Path, ignored: Collection[str]) -> Found:
    """Return a submission for each thing that came in; a student may have several."""
    whole: list[tuple[Words, list[tuple[str, Path]]]] = []
    files: dict[tuple[str, ...], list[tuple[str, Path]]] = {}
    skipped = []
    for entry in list_folder(folder, ignored):
        told = _parse(entry)
        if entry.name == INDEX:
            skipped.append(Skipped(INDEX, "Brightspace's own list"))
        elif told is None:
            skipped.append(not_understood(entry, NOT_BRIGHTSPACE))
        elif file := told.pop("file", ""):
            key = tuple(told.values())
            if key not in files:
                whole.append((told, files.setdefault(key, [])))
            files[key].append((file, Path(entry.path)))
        else:
            whole.append((told, [("", Path(entry.path))]))
    names: dict[str, set[str]] = {}
    for told, _ in whole:
        names.setdefault(told["number"], set()).add(told["name"])
    # Where some files have no date, a date in another one's name may be its author's.
    is_dated = all(told.get("month") for told, uploads in whole if uploads[0][0])
    submissions = []
    for told, uploads in whole:
        kind, path, members = _kind_of(uploads, folder)
        came_in = _time(told) if is_dated or not uploads[0][0] else None
        found = Submission(told["name"], path, kind, members)
        key = (told["number"],) if len(names[told["number"]]) == 1 else ()
        delivery = Delivery(
            Person(told["name"], key), "brightspace", files=names_of(uploads),
            **time_told(found, came_in, TimeSource.NAME),
        )  # fmt: skip
        submissions.append(replace(found, delivery=delivery))
    return Found(tuple(submissions), tuple(skipped))


def _kind_of(uploads: list[tuple[str, Path]], folder: Path) -> Kind:
    name, path = uploads[0]
    return kind_of(uploads, folder) if name else ("folder", path, ())


def _parse(entry: os.DirEntry[str]) -> Words | None:
    """Return what a name says; a folder's has no file's name at its end."""
    if entry.is_symlink():
        return None
    forms = (FOLDER, FOLDER_OF_ANY_DATE) if entry.is_dir() else (FILE, FILE_WITHOUT_DATE)
    found = next(filter(None, (form.fullmatch(name_of(entry.name)) for form in forms)), None)
    return found.groupdict(default="") if found else None


def _time(told: Words) -> datetime | None:
    """Return the time in a name, by this machine's clock."""
    month = month_of(told.get("month", ""))
    if not month:
        return None
    hour = hour_of(int(told["hour"]), told["half"])
    return local_time([int(told["year"]), month, int(told["day"]), hour, int(told["minute"])])
