"""Google Classroom's folder in Drive, as Drive or Takeout pack it: `Given Example - Homework 2.py`.

Classroom puts a student's name in front of what it copies for each of them; `Copy of` before that
is Drive's. A folder is the student's whose name it has. What students upload themselves keeps the
name that they gave it, and nothing says whose it is. There is no time but that of the files.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from grader.gradebook.people.delivery import Delivery
from grader.gradebook.people.person import Person
from grader.grading.intake.layouts._common import (
    is_folder,
    is_most,
    is_work,
    list_folder,
    names_of,
    not_understood,
    time_told,
)
from grader.grading.intake.submissions import Found, Submission, kind_of
from grader.text import name_of

if TYPE_CHECKING:
    import os
    from collections.abc import Collection

    from grader.grading.intake.submissions import Kind, Skipped

ENTRY = re.compile(r"(?P<copy>Copy of )?(?P<name>.+?) - (?P<file>.+)", re.DOTALL)
TAKEOUT, CLASSROOM = "Takeout", "Classroom"  # folders that Google puts around all
NOT_GOOGLE = "it has no student's name in front of it: nothing says whose it is"


def detect(folder: Path) -> set[str]:
    """Return the entries that have a name in front; none where they are fewer than half.

    Where all have the same in front, as what a form collects may have, it is no student's name.
    """
    entries = list_folder(folder)
    if any(is_folder(entry) and entry.name == TAKEOUT for entry in entries):
        return {TAKEOUT}
    found = {entry.name: parsed["name"] for entry in entries if (parsed := _parse(entry))}
    if len(set(found.values())) == 1 < len(found):
        return set()
    return set(found) if is_most(found, entries) else set()


def _parse(entry: os.DirEntry[str]) -> re.Match[str] | None:
    return (
        None if entry.is_symlink() or not is_work(entry) else ENTRY.fullmatch(name_of(entry.name))
    )


def find(folder: Path, ignored: Collection[str]) -> Found:
    """Return a submission for each student, of all files that have their name in front."""
    entries, skipped = _inside(list_folder(folder, ignored))
    packed = any(entry.name == TAKEOUT for entry in list_folder(folder))
    files: dict[str, list[tuple[str, Path]]] = {}
    whole: list[tuple[str, tuple[tuple[str, Path], ...], Kind]] = []
    for entry in entries:
        parsed = _parse(entry)
        path = Path(entry.path)
        if not is_work(entry) or (parsed is None and (packed or not is_folder(entry))):
            skipped.append(not_understood(entry, NOT_GOOGLE))
        elif is_folder(entry):
            name = parsed["name"] if parsed else name_of(entry.name)
            whole.append((name, (("", path),), ("folder", path, ())))
        elif parsed is not None:
            file = (parsed["copy"] or "") + parsed["file"]
            files.setdefault(parsed["name"], []).append((file, path))
    whole += [(name, tuple(some), kind_of(some, some[0][1].parent)) for name, some in files.items()]
    submissions = []
    for name, uploads, (kind, path, members) in whole:
        found = Submission(name, path, kind, members)
        delivery = Delivery(Person(name), "google", files=names_of(uploads), **time_told(found))
        submissions.append(replace(found, delivery=delivery))
    return Found(tuple(submissions), tuple(skipped))


def _inside(
    entries: list[os.DirEntry[str]],
) -> tuple[list[os.DirEntry[str]], list[Skipped]]:
    """Return what is in the folders that Takeout puts around the work, and what lies beside."""
    beside: list[Skipped] = []
    deeper = [entry for entry in entries if is_folder(entry) and entry.name == TAKEOUT]
    while deeper:
        beside += [
            not_understood(e, "beside what was collected") for e in entries if e not in deeper
        ]
        entries = list_folder(Path(deeper[0].path))
        folders = [entry for entry in entries if is_folder(entry)]
        alone = len(folders) == 1 and not any(map(_parse, entries))
        deeper = [e for e in folders if e.name == CLASSROOM] or (folders if alone else [])
    return entries, beside
