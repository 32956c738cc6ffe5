"""Moodle's "Download all submissions": `Given Example_123_assignsubmission_file_/`, or flat files.

123 is the participant's number, which the grading worksheet calls `Participant 123`. Work that was
typed into the browser (`…_assignsubmission_onlinetext_`) is no code.
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
            skipped.append(Skipped(name, NOT_MOODLE, is_work=may_be_work(name)))
        elif parsed["kind"] == "onlinetext":
            skipped.append(Skipped(name, "text typed into Moodle, no files"))
        elif entry.is_dir():
            folders[parsed["name"], parsed["number"]] = Path(entry.path)
        else:
            who = parsed["name"], parsed["number"]
            files.setdefault(who, []).append((parsed["rest"], Path(entry.path)))
    uploads = {who: (kind_of(some, folder), some) for who, some in files.items()}
    uploads |= {who: (("folder", path, ()), [(path.name, path)]) for who, path in folders.items()}
    submissions = []
    for (name, number), ((kind, path, members), some) in uploads.items():
        found = Submission(name, path, kind, members)
        delivery = Delivery(
            Person(name, (number,)), "moodle",
            files=tuple(name_of(path.name) for _, path in some), **file_time(found),
        )  # fmt: skip
        submissions.append(replace(found, delivery=delivery))
    return Found(tuple(submissions), tuple(skipped))
