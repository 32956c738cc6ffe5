"""GitHub Classroom's repositories, as `gh classroom clone student-repos` leaves them.

`hw2-submissions/hw2-octocat/` is octocat's; `.git` is not looked into. Where the file of
`gh classroom assignment-grades` lies beside them (`grades.csv`), it says who and when.
"""

from __future__ import annotations

import csv
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from grader.gradebook.people.delivery import Delivery, TimeSource
from grader.gradebook.people.person import Person
from grader.grading.intake.layouts._common import file_time, list_folder
from grader.grading.intake.submissions import Found, Skipped, Submission, may_be_work
from grader.text import name_of

if TYPE_CHECKING:
    from collections.abc import Collection

GRADES = "grades.csv"
ENDING = "-submissions"


def detect(folder: Path) -> bool:
    """Tell whether a folder holds repositories and no other folders."""
    folders = [Path(e.path) for e in list_folder(folder) if e.is_dir(follow_symlinks=False)]
    return bool(folders) and all((one / ".git").exists() for one in folders)


def find(folder: Path, ignored: Collection[str]) -> Found:
    """Return a submission for each repository."""
    entries = [e for e in list_folder(folder, ignored) if e.name != GRADES]
    repositories = [e for e in entries if e.is_dir(follow_symlinks=False)]
    skipped = [
        Skipped(name_of(e.name), "no repository", is_work=may_be_work(e.name))
        for e in entries
        if e not in repositories
    ]
    facts = _grades(folder / GRADES)
    prefix = common_prefix([entry.name for entry in repositories], folder.resolve().name)
    submissions = []
    for entry in repositories:
        name = name_of(entry.name)
        row = facts.get(name, {})
        login = row.get("github_username") or name_of(entry.name.removeprefix(prefix))
        found = Submission(login, Path(entry.path), "folder")
        when = _time(row.get("submission_timestamp", ""))
        told = {"came_in": when, "time_source": TimeSource.PLATFORM} if when else file_time(found)
        person = Person(row.get("roster_identifier", ""), (login,), login)
        delivery = Delivery(person, "classroom", files=(name,), **told)
        submissions.append(replace(found, delivery=delivery))
    return Found(tuple(submissions), tuple(skipped))


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


def _grades(file: Path) -> dict[str, dict[str, str]]:
    with suppress(OSError, UnicodeDecodeError, csv.Error):
        with file.open(encoding="utf-8-sig", newline="") as stream:
            rows = [
                {key: value or "" for key, value in row.items() if key}
                for row in csv.DictReader(stream)
            ]
        return {row.get("student_repository_name", ""): row for row in rows}
    return {}


def _time(text: str) -> datetime | None:
    for form in ("%Y-%m-%d %H:%M:%S %Z", "%Y-%m-%d %H:%M:%S %z"):
        with suppress(ValueError):
            found = datetime.strptime(text, form)  # noqa: DTZ007 - its zone is looked at below
            return found if found.tzinfo else found.replace(tzinfo=UTC)
    with suppress(ValueError):
        found = datetime.fromisoformat(text)
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    return None
