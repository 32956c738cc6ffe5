"""Read what platforms hand out: one file for each layout, found by name.

`layouts/<layout>.py` has a docstring whose first line says whose files these are, and

    def detect(folder: Path) -> set[str]
    def find(folder: Path, ignored: Collection[str]) -> Found

`detect` returns the entries that have the platform's names: the layout of most of them is taken.
`find` gives each submission the `Delivery` that its platform tells, so that points find their way
back; whatever else is in the download is `Skipped`, with the reason. There is nothing to register;
`ORDER` only says whose an entry is where several layouts have such names.
"""

from __future__ import annotations

import importlib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from grader.errors import UsageError
from grader.gradebook.people.delivery import TimeSource
from grader.gradebook.people.person import Person, contradict
from grader.grading.intake.layouts import folders
from grader.grading.intake.submissions import TWIN, TWINS, Skipped, Submission
from grader.text import name_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from grader.grading.intake.submissions import Found

AUTO = "auto"
ORDER = (  # the most peculiar first
    "gradescope", "moodle", "blackboard", "brightspace", "classroom", "canvas", "google",
)  # fmt: skip
FALLBACK = "folders"


class Layout(Protocol):
    """A platform's way to lay out submissions."""

    def detect(self, folder: Path) -> set[str]:
        """Return the entries of a folder that have names which this platform gives."""

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
    """Return the name of the layout that most of a folder has."""
    others = [name for name in find_layouts() if name not in (*ORDER, FALLBACK)]
    counts, taken = {FALLBACK: 0}, set[str]()
    for name in (*ORDER, *others):
        ours = load_layout(name).detect(folder) - taken
        counts[name] = len(ours)
        taken |= ours
    return max(counts, key=lambda name: counts[name])  # of equals the first


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


def read_download(
    folder: Path,
    layout: str = AUTO,
    ignored: Collection[str] = (),
    asked: Collection[str] = (),
) -> Found:
    """Return the submissions of a download as its layout tells them.

    Parameters
    ----------
    folder, layout, ignored
        As for `find_all`.
    asked
        Names of files that exercises ask for beside Python: `ada.npz` may then be somebody's work.

    Raises
    ------
    SubmissionError
        The folder, or what a platform says about it, cannot be read.
    UsageError
        There is no such layout.
    """
    name = detect_layout(folder) if layout == AUTO else layout
    if name == FALLBACK:
        return folders.find(folder, ignored, asked)
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
    everybodys: dict[str, list[Submission]] = {}
    for one in settle_names(found.submissions, known):
        everybodys.setdefault(one.name, []).append(one)
    submissions, skipped = [], list(found.skipped)
    for key in sorted(everybodys):
        newest, others = _settle(everybodys[key])
        submissions.append(newest)
        skipped += others
    skipped.sort(key=lambda one: not one.is_work)  # what may have to be looked at comes first
    return replace(found, submissions=tuple(submissions), skipped=tuple(skipped))


def _settle(same: list[Submission]) -> tuple[Submission, list[Skipped]]:
    """Return what counts of one student's deliveries, and what is told of the others.

    The newest counts, where there is a word for when each came in; else nobody knows which.
    """
    if len(same) == 1:
        return same[0], []
    times = [one.delivery.judged_at for one in same]
    told = {time for time in times if time is not None}
    if len(told) == len(same):
        *older, newest = sorted(same, key=_arrival)
        return newest, [_skip(one, f"an older one of {one.name}") for one in older]
    files = tuple((name, one.path) for one in same for name in one.delivery.files)
    delivery = replace(
        same[0].delivery, came_in=None, time_source=TimeSource.UNKNOWN,
        files=tuple(name for name, _ in files),
    )  # fmt: skip
    twins = Submission(same[0].name, same[0].path, TWINS, files, delivery)
    return twins, [_skip(one, TWIN, is_work=True) for one in same]


def _arrival(one: Submission) -> float:
    return one.delivery.came_in.timestamp() if one.delivery.came_in else 0.0


def _skip(one: Submission, reason: str, *, is_work: bool = False) -> Skipped:
    name = ", ".join(one.delivery.files) or name_of(one.path.name)
    return Skipped(name, reason, one.name, is_work=is_work, delivery=one.delivery)


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
        key = one.delivery.person.key
        alone = not key or len(owners[one.name]) == 1
        name = one.name if alone else f"{one.name} ({key})"
        settled.append(replace(one, name=known[key] if _is_known(one, known) else name))
    return sorted(settled, key=lambda one: one.name)


def _is_known(one: Submission, known: Mapping[str, str]) -> bool:
    """Tell whether a gradebook has a name for this person: a team may have somebody's number."""
    person = one.delivery.person
    name = known.get(person.key, "")
    numbered = name.endswith((f" {person.key}", f" ({person.key})"))
    return bool(name) and (numbered or not contradict(Person(name), person))
