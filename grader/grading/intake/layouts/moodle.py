"""Moodle's "Download all submissions": `Given Example_123_assignsubmission_file_/`, or flat files.

123 is the participant's number, which the grading worksheet calls `Participant 123`. Work that was
typed into the browser (`…_assignsubmission_onlinetext_`) is no code.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from grader.gradebook.people import Delivery, Person
from grader.grading.intake.layouts._common import (
    NO_CODE,
    list_folder,
    parts_of,
    parts_of_folder,
    time_of,
)
from grader.grading.intake.submissions import Found, Submission
from grader.text import name_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from grader.grading.intake.layouts._common import Parts

ENTRY = re.compile(
    r"(?P<name>.*?)_(?P<number>\d+)_assignsubmission_(?P<kind>file|onlinetext)_?(?P<rest>.*)"
)
NOT_MOODLE = "its name is not one that Moodle gives"


def detect(folder: Path) -> bool:
    """Tell whether a folder holds anything with one of Moodle's names."""
    return any(ENTRY.fullmatch(entry.name) for entry in list_folder(folder))


def find(folder: Path, ignored: Collection[str]) -> Found:
    """Return a submission for each participant."""
    folders: dict[tuple[str, str], Path] = {}
    files: dict[tuple[str, str], list[tuple[str, Path]]] = {}
    skipped = []
    for entry in list_folder(folder, ignored):
        name = name_of(entry.name)
        parsed = ENTRY.fullmatch(name)
        if parsed is None or entry.is_symlink():
            skipped.append((name, NOT_MOODLE))
        elif parsed["kind"] == "onlinetext":
            skipped.append((name, "text typed into Moodle, no files"))
        elif entry.is_dir():
            folders[parsed["name"], parsed["number"]] = Path(entry.path)
        else:
            who = parsed["name"], parsed["number"]
            files.setdefault(who, []).append((parsed["rest"], Path(entry.path)))
    parts: dict[tuple[str, str], Parts | None] = {
        who: parts_of(uploads, folder) for who, uploads in files.items()
    }
    parts |= {who: parts_of_folder(path) for who, path in folders.items()}
    submissions = []
    for (name, number), one in parts.items():
        if one is None:
            skipped.append((f"{name}_{number}", NO_CODE))
            continue
        found = Submission(name, one[1], one[0], one[2])
        delivery = Delivery(Person(name, (number,)), "moodle", time_of(found))
        submissions.append(replace(found, delivery=delivery))
    return Found(tuple(submissions), tuple(skipped))
