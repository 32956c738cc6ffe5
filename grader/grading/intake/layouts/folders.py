"""Plain: a folder, a `.zip` or a notebook for each student, named after the student."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from grader.gradebook.people.delivery import Delivery
from grader.grading.intake.layouts._common import file_time
from grader.grading.intake.submissions import Found, find_submissions
from grader.text import name_of

if TYPE_CHECKING:
    from collections.abc import Collection


def detect(folder: Path) -> bool:
    """Tell whether a folder has this layout: any may have."""
    return folder.is_dir()


def find(folder: Path, ignored: Collection[str]) -> Found:
    """Return the submissions in a folder."""
    found = find_submissions(folder, [Path(name) for name in ignored])
    timed = [
        replace(one, delivery=Delivery(files=(name_of(one.path.name),), **file_time(one)))
        for one in found.submissions
    ]
    return Found(tuple(timed), found.skipped)
