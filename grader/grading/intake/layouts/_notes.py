"""Blackboard's note beside each attempt: who, when, and the names that the files had.

What the student typed stands in its middle and is not read; what stands above it and below is
Blackboard's.
"""

from __future__ import annotations

import re
import time
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, timedelta
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from grader.gradebook.people.delivery import TimeSource
from grader.grading.intake.layouts._common import hour_of, local_time, month_of
from grader.text import name_of

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

NAME = re.compile(r"Name: (?P<name>.*) \((?P<login>[^()\n]*)\)[^()\n]*(?:\n|\Z)")
DATE = re.compile(r"Date Submitted: (?P<date>.*)")
TIME = re.compile(
    r"(\d{1,2}):(\d\d):(\d\d)\W+(?:([AP])M)?(?:o'clock)? *(?P<zone>[A-Z]{1,5})?", re.IGNORECASE
)
FILES = re.compile(r"\tOriginal filename: (?P<given>.*)\n\tFilename: (?P<name>.*)")
ZONES = {
    "UTC": 0, "GMT": 0, "Z": 0, "WET": 0, "WEST": 1, "BST": 1, "CET": 1, "CEST": 2, "EET": 2,
    "EEST": 3, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8,
    "PDT": -7, "AEST": 10, "AEDT": 11,
}  # fmt: skip
MAX_NOTE_BYTES = 2**20
MAX_HEAD = 2_000  # letters above what the student typed
MAX_NAME = 255


@dataclass
class NotedAttempt:
    """One attempt of a student.

    Parameters
    ----------
    head, stamp
        What stands before `_attempt_` in the names of its files, and behind it.
    files
        What stands behind that in each name, and the file.
    note, text
        Blackboard's note and what it says.
    """

    head: str
    stamp: str
    files: list[tuple[str, Path]] = field(default_factory=list)
    note: Path | None = None
    text: str = ""

    @property
    def who(self) -> tuple[str, str]:
        """Name and login by the note, whose first line no student has written."""
        found = NAME.match(self.text[:MAX_HEAD])
        return (found["name"], found["login"]) if found else ("", "")

    def listed(self) -> dict[str, str]:
        """Return the names that files had before, by those that they have; its own only."""
        start = f"{self.head}_attempt_{self.stamp}_"
        last = self.text.rpartition("\nFiles:")[2]
        found = {one["name"].strip(): one["given"].strip() for one in FILES.finditer(last)}
        return {
            name: given for name, given in found.items()
            if name.startswith(start) and len(name) <= MAX_NAME
        }  # fmt: skip

    def gone(self) -> list[str]:
        """Return the files that the note names and the download lacks."""
        listed, here = self.listed(), {name_of(path.name) for _, path in self.files}
        return [name for name in listed if name not in here] if len(listed) > len(here) else []

    def uploads(self) -> list[tuple[str, Path]]:
        """Return the files by the names that the student gave them, or the text that was typed."""
        if not self.files:
            return [(name_of(self.note.name), self.note)] if self.note else []
        listed = self.listed()
        given = [listed.get(name_of(path.name), rest) for rest, path in self.files]
        plain = [PurePosixPath(name.replace("\\", "/")).name for name in given]
        if len(set(plain)) == len(plain) and all(plain):
            return [(name, path) for name, (_, path) in zip(plain, self.files, strict=True)]
        return self.files

    def told(self) -> tuple[datetime | None, TimeSource]:
        """Return when it came in: by the note, else by the names, which have no zone."""
        date = DATE.search(self.text.partition("\nSubmission Field:")[0][:MAX_HEAD])
        when = date_of(date["date"]) if date else None
        if when is not None:
            return when, TimeSource.PLATFORM
        return local_time([int(part) for part in self.stamp.split("-")]), TimeSource.NAME


def read_note(note: Path) -> str:
    """Return a note's text; nothing where it cannot be read."""
    with suppress(OSError), note.open("rb") as file:
        text = file.read(MAX_NOTE_BYTES).decode("utf-8-sig", "replace")
        return text.replace("\r\n", "\n")
    return ""


def date_of(text: str) -> datetime | None:
    """Return a date as Blackboard writes it, in English; None for one in an unknown zone.

    Examples
    --------
    >>> date_of("Tuesday, 21 April 2020 06:34:13 o'clock BST").isoformat()
    '2020-04-21T05:34:13+00:00'
    >>> date_of("Monday, November 2, 2026 10:59:59 PM EST").isoformat()
    '2026-11-03T03:59:59+00:00'
    """
    months = [month for word in re.findall(r"[A-Za-z]{3,}", text) if (month := month_of(word))]
    day, year = re.search(r"\b\d{1,2}\b", text), re.search(r"\b\d{4}\b", text)
    clock = TIME.search(text)
    if not (months and day and year and clock):
        return None
    hour, minute, second = (int(part) for part in clock.groups()[:3])
    hour = hour_of(hour, clock[4] or "")
    zone = (clock["zone"] or "").upper()
    when = local_time([int(year[0]), months[0], int(day[0]), hour, minute, second])
    if when is None or zone in time.tzname:
        return when
    if zone not in ZONES:
        return None
    return when.replace(tzinfo=UTC) - timedelta(hours=ZONES[zone])
