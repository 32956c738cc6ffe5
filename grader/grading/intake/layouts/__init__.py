"""Read what platforms hand out: one file for each layout, found by name.

`layouts/<layout>.py` has a docstring whose first line says whose files these are, and

    def detect(folder: Path) -> bool
    def find(folder: Path, ignored: Collection[str]) -> Found

`find` gives each submission the `Delivery` that its platform tells, so that points find their way
back. There is nothing to register; `ORDER` only says which layout is tried first.
"""

from __future__ import annotations

import importlib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from grader.errors import UsageError
from grader.gradebook.people.person import Person, contradict
from grader.grading.intake.submissions import Skipped
from grader.text import name_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from grader.grading.intake.submissions import Found, Submission

AUTO = "auto"
ORDER = ("gradescope", "moodle", "canvas", "classroom")  # the most peculiar first
FALLBACK = "folders"


class Layout(Protocol):
    """A platform's way to lay out submissions."""

    def detect(self, folder: Path) -> bool:
        """Tell whether a folder looks like this platform's download."""

    def find(self, folder: Path, ignored: Collection[str]) -> Found:
        """Return the submissions in a folder; `ignored` are names of files that are ours."""


def find_layouts() -> tuple[str, ...]:
    """Return the names of all layouts."""
    files = Path(__file__).parent.glob("*.py")
    return tuple(sorted(file.stem for file in files if not file.stem.startswith("_")))


def load_layout(name: str) -> Layout:
    """Return a layout.

    Raises
    ------
    UsageError
        There is no such layout.
    """
    known = find_layouts()
    if name not in known:
        raise UsageError(f"--layout: there is no {name!r}; there are auto, {', '.join(known)}")
    return cast("Layout", importlib.import_module(f"grader.grading.intake.layouts.{name}"))


def detect_layout(folder: Path) -> str:
    """Return the name of the layout that a folder has."""
    others = [name for name in find_layouts() if name not in (*ORDER, FALLBACK)]
    for name in (*ORDER, *others):
        if name in find_layouts() and load_layout(name).detect(folder):
            return name
    return FALLBACK


def find_all(
    folder: Path,
    layout: str = AUTO,
    ignored: Collection[str] = (),
    known: Mapping[str, str] | None = None,
) -> Found:
    """Return the submissions of a download, each under one name.

    Parameters
    ----------
    folder
        As it was unpacked.
    layout
        Its name, or "auto".
    ignored
        Names of what lies there and is ours.
    known
        Names that a gradebook has for platform ids: somebody keeps a name for the whole term.

    Raises
    ------
    SubmissionError
        The folder, or what a platform says about it, cannot be read.
    UsageError
        There is no such layout.
    """
    return keep_newest(read_download(folder, layout, ignored), known or {})


def read_download(folder: Path, layout: str = AUTO, ignored: Collection[str] = ()) -> Found:
    """Return the submissions of a download as its layout tells them.

    Parameters
    ----------
    folder, layout, ignored
        As for `find_all`.

    Raises
    ------
    SubmissionError
        The folder, or what a platform says about it, cannot be read.
    UsageError
        There is no such layout.
    """
    name = detect_layout(folder) if layout == AUTO else layout
    return load_layout(name).find(folder, ignored)


def keep_newest(found: Found, known: Mapping[str, str]) -> Found:
    """Return submissions each under one name; an older one is kept as what is not graded.

    Parameters
    ----------
    found
        What a download holds.
    known
        Names by platform id.
    """
    newest: dict[str, Submission] = {}
    older = []
    for one in sorted(settle_names(found.submissions, known), key=_arrival):
        if one.name in newest:
            before = newest[one.name]
            reason = f"an older one of {one.name}"
            older.append(
                Skipped(name_of(before.path.name), reason, one.name, delivery=before.delivery)
            )
        newest[one.name] = one
    submissions = tuple(newest[key] for key in sorted(newest))
    return replace(found, submissions=submissions, skipped=(*found.skipped, *older))


def _arrival(one: Submission) -> float:
    """Return what submissions are ordered by in time; an unknown one comes first."""
    return one.delivery.came_in.timestamp() if one.delivery.came_in else 0.0


def settle_names(submissions: Collection[Submission], known: Mapping[str, str]) -> list[Submission]:
    """Return submissions with names of their own: two Given Examples get their ids.

    Parameters
    ----------
    submissions
        As a layout found them.
    known
        Names by platform id.
    """
    owners: dict[str, set[str]] = {}
    for one in submissions:
        owners.setdefault(one.name, set()).add(one.delivery.person.key)
    for key, name in known.items():
        owners.setdefault(name, set()).add(key)
    settled = []
    for one in submissions:
        person = one.delivery.person
        key = person.key
        alone = not key or len(owners[one.name]) == 1
        name = one.name if alone else f"{one.name} ({key})"
        if key in known and not contradict(Person(known[key]), person):
            name = known[key]  # never by the number alone: it may be a team's today
        settled.append(replace(one, name=name))
    return sorted(settled, key=lambda one: one.name)
