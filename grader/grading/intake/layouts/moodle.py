"""Moodle's "Download all submissions": `Given Example_123_assignsubmission_file_/`, or flat files.

123 is the participant's number, which the grading worksheet calls `Participant 123`; where names
are hidden, all are called `Participant`, in the language of the site. Of a team's work the name is
the team's and the number the group's, which the download alone does not tell; those in no group
are a team without a number. What was typed into the browser (`…_assignsubmission_onlinetext_`) is
the work of those who handed in no files. Files have no time of their own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from grader.gradebook.people.delivery import Delivery
from grader.gradebook.people.person import Person
from grader.grading.intake.layouts._common import list_folder, names_of, not_understood, time_told
from grader.grading.intake.submissions import Found, Skipped, Submission, kind_of
from grader.text import name_of

if TYPE_CHECKING:
    from collections.abc import Collection

ENTRY = re.compile(
    r"(?P<name>.*?)(?:_(?P<number>\d+))?_assignsubmission_(?P<kind>[a-z0-9]+)_?(?P<rest>.*)",
    re.DOTALL,
)
NOT_MOODLE = "its name is not one that Moodle gives"
HIDDEN = frozenset({"Participant"})


@dataclass
class _Participant:
    """What one participant, or team, handed in."""

    folders: list[Path] = field(default_factory=list)
    files: list[tuple[str, Path]] = field(default_factory=list)
    typed: list[Path] = field(default_factory=list)

    def uploads(self, folder: Path) -> tuple[tuple[str, Path, tuple[tuple[str, Path], ...]], ...]:
        """Return kind, path and files of each thing that was handed in; of text where it is all."""
        whole = [("folder", path, ()) for path in self.folders]
        flat = [kind_of(self.files, folder)] if self.files else []
        if whole or flat:
            return (*whole, *flat)
        return tuple(
            ("folder", path, ()) if path.is_dir() else kind_of([("onlinetext.html", path)], folder)
            for path in self.typed[:1]
        )


def detect(folder: Path) -> set[str]:
    """Return the entries that have one of Moodle's names."""
    return {entry.name for entry in list_folder(folder) if ENTRY.fullmatch(name_of(entry.name))}


def find(folder: Path, ignored: Collection[str]) -> Found:
    """Return a submission for each participant, or team."""
    people: dict[tuple[str, str], _Participant] = {}
    skipped = []
    for entry in list_folder(folder, ignored):
        parsed = ENTRY.fullmatch(name_of(entry.name))
        if parsed is None or entry.is_symlink():
            skipped.append(not_understood(entry, NOT_MOODLE))
            continue
        one = people.setdefault((parsed["name"], parsed["number"] or ""), _Participant())
        path = Path(entry.path)
        if parsed["kind"] != "file":
            one.typed.append(path)
        elif entry.is_dir():
            one.folders.append(path)
        else:
            one.files.append((parsed["rest"], path))
    hidden = HIDDEN | _only_name(people)
    submissions = []
    for (name, number), one in people.items():
        shown = f"{name} {number}" if name in hidden and number else name or number
        person = Person("" if name in hidden else name, (number,) if number else ())
        uploads = one.uploads(folder)
        for kind, path, members in uploads:
            found = Submission(shown, path, kind, members)
            delivery = Delivery(
                person, "moodle", team="" if number else name,
                files=names_of(members or [("", path)]), **time_told(found),
            )  # fmt: skip
            submissions.append(replace(found, delivery=delivery))
        used = {path for _, path, _ in uploads} | {
            path for _, _, some in uploads for _, path in some
        }
        skipped += [
            Skipped(name_of(path.name), "text typed into Moodle, beside files", shown)
            for path in one.typed if path not in used
        ]  # fmt: skip
    return Found(tuple(submissions), tuple(skipped))


def _only_name(people: Collection[tuple[str, str]]) -> set[str]:
    """Return the one name that all have, where it is no name: several numbers share it."""
    names = {name for name, _ in people}
    return names if len(names) == 1 < len(people) else set()
