"""Plain: a folder, an archive or a file for each student, named after the student."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from grader.gradebook.people.delivery import Delivery
from grader.grading.intake.layouts._common import time_told
from grader.grading.intake.submissions import TWINS, Found, find_submissions
from grader.text import name_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from grader.grading.intake.submissions import Submission


def detect(_folder: Path) -> set[str]:
    """Return the entries that have this layout's names: any may have, so that none tells."""
    return set()


def find(folder: Path, ignored: Collection[str], asked: Collection[str] = ()) -> Found:
    """Return the submissions in a folder; `asked` are names of files that exercises ask for."""
    found = find_submissions(folder, [Path(name) for name in ignored], asked)
    timed = [
        replace(one, delivery=Delivery(files=_names(one), **time_told(one)))
        for one in found.submissions
    ]
    return Found(tuple(timed), found.skipped)


def _names(one: Submission) -> tuple[str, ...]:
    if one.kind == TWINS:
        return tuple(name_of(name) for name, _ in one.files)
    return tuple(name_of(file.name) for _, file in one.files) or (name_of(one.path.name),)
