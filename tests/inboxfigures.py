"""How a download of a made-up class is read; run as a script it prints that for each platform."""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from pathlib import Path

from handins import BY_CONTENT, BY_NAME, UNREADABLE, WANTED
from inboxes import PLATFORMS, WITH_TEAMS, make_class

from grader.errors import RejectedError, UnreadableError
from grader.grading.intake.layouts import find_all
from grader.grading.intake.packages import read_package
from grader.grading.intake.staging import stage


def seen(one, platform):
    """Return what a layout found, in the words of the truth."""
    told = one.delivery
    name = one.name if platform == "folders" else told.person.name
    return (name, told.person.key, tuple(sorted(told.files)), told.came_in, told.time_source,
            told.marked_late, told.team)  # fmt: skip


def meant(one):
    """Return the truth in the same words."""
    return (one.name, one.key, tuple(sorted(one.files)), one.when, one.source, one.late, one.team)


def recognised(one, folder):
    """Return how a submission is read, as a grading process reads it."""
    folder.mkdir(parents=True)
    try:
        staged = stage(read_package(one), folder, WANTED, list(WANTED))
    except (RejectedError, UnreadableError):
        return UNREADABLE
    return staged.recognised.how


def figures(platform, seed=1, size=60, *, teams=False):
    """Return what became of a class's download: a row of the table."""
    with tempfile.TemporaryDirectory() as name:
        inbox = make_class(platform, Path(name) / "hw2", seed, size, teams=teams)
        found = find_all(inbox.folder)
        hows = Counter(
            recognised(one, Path(name) / "stages" / str(place))
            for place, one in enumerate(found.submissions)
        )
        entries = sum(not entry.name.startswith(".") for entry in inbox.folder.iterdir())
    older = sum(one.reason.startswith("an older") for one in found.skipped)
    strange = sum(one.is_work for one in found.skipped)
    return [platform + " (teams)" * teams, entries, len(found.submissions), hows[BY_NAME],
            hows[BY_CONTENT], hows[UNREADABLE], older, strange,
            len(found.skipped) - older - strange]  # fmt: skip


HEAD = ("platform", "entries", "students", "by name", "by content", "unreadable", "older",
        "not understood", "the platform's")  # fmt: skip


if __name__ == "__main__":
    rows = [figures(platform) for platform in PLATFORMS]
    rows += [figures(platform, teams=True) for platform in WITH_TEAMS]
    for row in (HEAD, *rows):
        sys.stdout.write(" | ".join(f"{cell:>18}" for cell in row) + "\n")
