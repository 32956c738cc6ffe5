"""GitHub Classroom's repositories, as `gh classroom clone student-repos` leaves them.

`hw2-submissions/hw2-octocat/` is octocat's; `.git` is not looked into. Where the file of
`gh classroom assignment-grades` lies beside them (`grades.csv`), it says who and when: a team's
repository has a row for each of its members, and counts for each of them.
"""

from __future__ import annotations

import csv
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from grader.gradebook.people.delivery import Delivery
from grader.gradebook.people.person import Person
from grader.grading.intake.layouts._common import (
    is_folder,
    is_most,
    list_folder,
    not_understood,
    time_told,
)
from grader.grading.intake.submissions import Found, Skipped, Submission
from grader.text import name_of

if TYPE_CHECKING:
    import os
    from collections.abc import Collection, Sequence

GRADES = "grades.csv"
ENDING = "-submissions"
REPOSITORY, LOGIN, TEAM = "student_repository_name", "github_username", "group_name"
NOT_HERE = f"{GRADES} names it, but it is not here: `gh classroom clone` takes 30, or --per-page"
Rows = dict[str, list[dict[str, str]]]


def detect(folder: Path) -> set[str]:
    """Return the folders that are repositories; none where they are fewer than half of all."""
    entries = list_folder(folder)
    ours = {entry.name for entry in _repositories(entries, _grades(folder / GRADES))}
    return ours if is_most(ours, entries) else set()


def _repositories(entries: Sequence[os.DirEntry[str]], rows: Rows) -> list[os.DirEntry[str]]:
    return [
        entry for entry in entries
        if is_folder(entry) and (name_of(entry.name) in rows or Path(entry.path, ".git").exists())
    ]  # fmt: skip


def find(folder: Path, ignored: Collection[str]) -> Found:
    """Return a submission for each repository, or each member of the team that it belongs to."""
    rows = _grades(folder / GRADES)
    entries = list_folder(folder, ignored)
    known = _repositories(entries, rows) or [entry for entry in entries if is_folder(entry)]
    prefix = common_prefix([entry.name for entry in known], folder.resolve().name)
    submissions: list[Submission] = []
    skipped = []
    for entry in entries:
        if entry.name == GRADES:
            skipped.append(Skipped(GRADES, "what Classroom says of the assignment"))
        elif entry in known or (is_folder(entry) and prefix and entry.name.startswith(prefix)):
            submissions += _of_repository(entry, prefix, rows)
        else:
            skipped.append(not_understood(entry, "no repository of this assignment"))
    here = {name_of(entry.name) for entry in entries}
    skipped += [
        Skipped(name, NOT_HERE, row.get(LOGIN, ""), is_work=True)
        for name, some in rows.items() if name not in here
        for row in some if row.get("submission_timestamp")
    ]  # fmt: skip
    return Found(tuple(submissions), tuple(skipped))


def _of_repository(entry: os.DirEntry[str], prefix: str, rows: Rows) -> list[Submission]:
    name = name_of(entry.name)
    rest = name_of(entry.name.removeprefix(prefix))
    some = rows.get(name, [])
    teams = any(TEAM in row for others in rows.values() for row in others)
    found = Submission(rest, Path(entry.path), "folder")
    if not some and teams:  # nobody says who is in it
        delivery = Delivery(Person(rest), "classroom", files=(name,), team=rest, **time_told(found))
        return [replace(found, delivery=delivery)]
    made = []
    for row in some or [{}]:
        identifier = row.get("roster_identifier", "")
        login = row.get(LOGIN) or ("" if identifier else rest)
        person = Person(identifier, (login,) if login else (), login)
        delivery = Delivery(
            person, "classroom", files=(name,),
            team=row.get(TEAM, "") or (rest if len(some) > 1 else ""),
            **time_told(found, _time(row.get("submission_timestamp", ""))),
        )  # fmt: skip
        made.append(replace(found, name=login or identifier, delivery=delivery))
    return made


def common_prefix(names: Collection[str], folder: str) -> str:
    """Return what stands before every login: the assignment's name and a dash.

    Examples
    --------
    >>> common_prefix(["hw2-ada", "hw2-alan"], "download"), common_prefix(["hw2-ada"], "hw2")
    ('hw2-', '')
    >>> common_prefix(["hw2-ada"], "hw2-submissions")
    'hw2-'
    """
    told = folder.removesuffix(ENDING) + "-"
    if folder.endswith(ENDING) and all(name.startswith(told) for name in names):
        return told
    shared = min(names, default="") if len(names) > 1 else ""
    while not all(name.startswith(shared) for name in names):
        shared = shared[:-1]
    return shared[: shared.rfind("-") + 1]


def _grades(file: Path) -> Rows:
    rows: Rows = {}
    with (
        suppress(OSError, UnicodeDecodeError, csv.Error),
        file.open(encoding="utf-8-sig", newline="") as stream,
    ):
        for row in csv.DictReader(stream):
            words = {key: value or "" for key, value in row.items() if isinstance(key, str)}
            some = rows.setdefault(words.get(REPOSITORY, ""), [])
            if words not in some:
                some.append(words)
    rows.pop("", None)
    return rows


def _time(text: str) -> datetime | None:
    for form in ("%Y-%m-%d %H:%M:%S %Z", "%Y-%m-%d %H:%M:%S %z"):
        with suppress(ValueError):
            found = datetime.strptime(text, form)  # noqa: DTZ007 - its zone is looked at below
            return found if found.tzinfo else found.replace(tzinfo=UTC)
    with suppress(ValueError):
        found = datetime.fromisoformat(text)
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    return None
