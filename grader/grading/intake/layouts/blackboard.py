"""Blackboard's "Assignment File Download": `Homework 2_login_attempt_2026-11-01-22-59-59_conv.py`.

Beside each attempt lies a note, which ends with the attempt's time and `.txt`: it has the student's
name and login, when it was submitted, what was typed, and the names that files had. The newest
attempt counts. Logins, assignments and files may have any `_` in their names: the notes tell them
apart; where there is none at all, a login is what follows the last `_`.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from grader.gradebook.people.delivery import Delivery
from grader.gradebook.people.person import Person
from grader.grading.intake.layouts._common import (
    list_folder,
    names_of,
    not_understood,
    time_told,
)
from grader.grading.intake.layouts._notes import NotedAttempt, read_note
from grader.grading.intake.submissions import Found, Skipped, Submission, kind_of
from grader.text import name_of

if TYPE_CHECKING:
    from collections.abc import Collection

ENTRY = re.compile(
    r"(?P<head>.+?)_attempt_(?P<stamp>\d{4}(?:-\d\d){5})(?P<rest>\.txt|_.+|)", re.DOTALL
)
NOT_BLACKBOARD = "its name is not one that Blackboard gives"
NOT_HERE = "Blackboard's note names it, but it is not in the download"


def detect(folder: Path) -> set[str]:
    """Return the entries that have Blackboard's names."""
    return {entry.name for entry in list_folder(folder) if ENTRY.fullmatch(name_of(entry.name))}


def find(folder: Path, ignored: Collection[str]) -> Found:
    """Return a submission for each attempt; a student may have several."""
    attempts: dict[tuple[str, str], NotedAttempt] = {}
    skipped = []
    for entry in list_folder(folder, ignored):
        parsed = ENTRY.fullmatch(name_of(entry.name))
        if parsed is None or not entry.is_file(follow_symlinks=False):
            skipped.append(not_understood(entry, NOT_BLACKBOARD))
            continue
        key = parsed["head"], parsed["stamp"]
        one = attempts.setdefault(key, NotedAttempt(*key))
        path = Path(entry.path)
        if parsed["rest"] == ".txt":
            one.note, one.text = path, read_note(path)
        else:
            one.files.append((parsed["rest"][1:] or "file", path))
    logins = _logins(attempts.values())
    names = {login: name for one in attempts.values() for name, login in [one.who] if login}
    submissions = []
    for one in attempts.values():
        login = logins[one.head]
        uploads = one.uploads()
        kind, path, members = kind_of(uploads, folder)
        found = Submission(names.get(login) or login, path, kind, members)
        notes = [("", one.note)] if one.note and one.files else []
        delivery = Delivery(
            Person(names.get(login, ""), (login,), login), "blackboard",
            files=names_of([*uploads, *notes]), **time_told(found, *one.told()),
        )  # fmt: skip
        submissions.append(replace(found, delivery=delivery))
        skipped += [Skipped(name, NOT_HERE, found.name, is_work=True) for name in one.gone()]
    return Found(tuple(submissions), tuple(skipped))


def _logins(attempts: Collection[NotedAttempt]) -> dict[str, str]:
    """Return the login in front of each attempt."""
    told = {one.head: login for one in attempts if (login := one.who[1])}
    fronts = [h.removesuffix(login) for h, login in told.items() if h.endswith(f"_{login}")]
    front = fronts[0] if fronts else ""
    return {
        one.head: told.get(one.head)
        or (one.head.removeprefix(front) if front and one.head.startswith(front) else "")
        or one.head.rpartition("_")[2]
        for one in attempts
    }
