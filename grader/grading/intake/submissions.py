"""Find submissions in a folder, by names alone.

A submission is whatever one student handed in: a folder, an archive, a notebook, single files.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from grader.errors import SubmissionError, UsageError
from grader.gradebook.people.delivery import Delivery
from grader.gradebook.people.person import Person, match
from grader.text import name_of
from grader.text.meant import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

ARCHIVE, NOTEBOOK = ".zip", ".ipynb"
KINDS = {ARCHIVE: "zip", NOTEBOOK: "notebook"}
WORK = (
    ".py.txt", ".py", ".pyw", ARCHIVE, NOTEBOOK, ".tar.gz", ".tgz", ".tar", ".rar", ".7z",
    ".pdf", ".docx", ".doc", ".odt", ".rtf", ".pages",
)  # fmt: skip
Kind = tuple[str, Path, tuple[tuple[str, Path], ...]]
TWINS, TWIN = "twins", "another delivery has the same name: neither is graded"
LINK = "a link, which is not followed: put what it leads to there"
PASSED_OVER = frozenset({"__pycache__", "__MACOSX", "node_modules"})
EXERCISES = "exercises"


@dataclass(frozen=True)
class Submission:
    """Where one student's work lies.

    Parameters
    ----------
    name
        The student's, as text.
    path
        The folder, archive or notebook.
    kind
        "folder", "zip" or "notebook"; "twins" for several deliveries under one name, none of which
        is graded.
    files
        Single files that make up a folder, by the names that the student gave them; none when the
        path is all there is. Of twins, the deliveries.
    delivery
        How it came in, by what a platform's download says.
    """

    name: str
    path: Path
    kind: str
    files: tuple[tuple[str, Path], ...] = ()
    delivery: Delivery = field(default_factory=Delivery)


@dataclass(frozen=True)
class Skipped:
    """Something in a download that is not graded.

    Parameters
    ----------
    name
        Its name in the download.
    reason
        Why not.
    student
        Whose it is, where that is known: an older delivery of theirs, say.
    is_work
        Whether it may be somebody's work that nobody has read.
    delivery
        How it came in, as far as that is known.
    """

    name: str
    reason: str
    student: str = ""
    is_work: bool = False
    delivery: Delivery = field(default_factory=Delivery)

    @property
    def noted(self) -> Delivery:
        """What is written down of it."""
        files = self.delivery.files or (self.name,)
        return replace(self.delivery, files=files, why_not=self.reason)


@dataclass(frozen=True)
class Found:
    """What a folder holds.

    Parameters
    ----------
    submissions
        What is graded.
    skipped
        What is not, with the reason.
    notes
        What is to be told about whose it is and when it came in: harmless lines.
    """

    submissions: tuple[Submission, ...]
    skipped: tuple[Skipped, ...]
    notes: tuple[str, ...] = ()

    @property
    def deliveries(self) -> list[tuple[str, Delivery]]:
        """How everything came in, with the name of its submission; empty for what is nobody's."""
        skipped = [(one.student, one.noted) for one in self.skipped]
        return skipped + [(one.name, one.delivery) for one in self.submissions]

    def of(self, wanted: Sequence[str]) -> tuple[Submission, ...]:
        """Return the submissions of some people, called by any key or name.

        Raises
        ------
        UsageError
            Nobody, or several, answer to one of them.
        """
        people = [
            replace(
                p := one.delivery.person,
                name=p.name or one.name,
                also_called=(*p.also_called, one.name),
            )
            for one in self.submissions
        ]
        pairs = match([Person(ids=(name,), also_called=(name,)) for name in wanted], people)
        for place, name in enumerate(wanted):
            if place not in pairs:
                names = {one.name: one.name for one in self.submissions}
                help_ = did_you_mean(name, names, "name the one that you mean by a key")
                raise UsageError(f"--student: nobody, or more than one, here is {name!r}: {help_}")
        return tuple(self.submissions[place] for place in sorted(set(pairs.values())))


def may_be_work(name: str) -> bool:
    """Tell whether a file has a name under which students hand in."""
    return name.lower().endswith(WORK)


def find_submissions(
    folder: Path, ignored: Iterable[Path] = (), asked: Collection[str] = ()
) -> Found:
    """Return the submissions in a folder, sorted by name.

    Parameters
    ----------
    folder
        One folder, archive, notebook or other file for each student.
    ignored
        What lies there and is ours: the gradebook.
    asked
        Names of files that an exercise asks for: a file of such a kind is somebody's work, too.

    Raises
    ------
    SubmissionError
        The folder cannot be read.
    """
    ours = {path.name for path in ignored}
    endings = tuple(Path(name).suffix.lower() for name in asked)
    submissions: list[Submission] = []
    skipped: list[Skipped] = []
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: os.fsencode(entry.name))
    except OSError as error:
        raise SubmissionError(f"{folder} cannot be read: {error.strerror}") from error
    for entry in entries:
        if entry.name in ours:
            continue
        name = name_of(entry.name)
        if reason := _why_none(entry, endings):
            linked = reason == LINK and _may_lead_to_work(entry, folder)
            whose = name[: len(name) - len(ending_of(name))] if linked else ""
            skipped.append(Skipped(name, reason, whose, is_work=linked or may_be_work(name)))
        elif entry.is_dir():
            submissions.append(Submission(name, Path(entry.path), "folder"))
        else:
            stem = name[: -len(ending_of(name))]
            kind, path, files = kind_of([(name, Path(entry.path))], folder)
            submissions.append(Submission(stem, path, kind, files))
    settled = _join_twins(_with_own_code(submissions, endings))
    skipped += [
        Skipped(name_of(file), TWIN, one.name, is_work=True)
        for one in settled if one.kind == TWINS for file, _ in one.files
    ]  # fmt: skip
    return Found(tuple(settled), tuple(skipped))


def kind_of(uploads: Sequence[tuple[str, Path]], folder: Path) -> Kind:
    """Return kind, path and files of what one student uploaded.

    Parameters
    ----------
    uploads
        Names as the student gave them, and where the files are; the newest last, which counts where
        two have one name.
    folder
        Where they lie.
    """
    if len(uploads) == 1:
        ((name, path),) = uploads
        kind = KINDS.get(Path(name).suffix.lower())
        if kind:
            return kind, path, ()
    return "folder", folder, tuple(sorted(dict(uploads).items()))


def ending_of(name: str) -> str:
    """Return the ending by which a file's name says what it is.

    Examples
    --------
    >>> ending_of("ada.tar.gz"), ending_of("ada.PDF"), ending_of("ada")
    ('.tar.gz', '.PDF', '')
    """
    for ending in WORK:
        if name.lower().endswith(ending):
            return name[-len(ending) :]
    return Path(name).suffix


def _why_none(entry: os.DirEntry[str], endings: tuple[str, ...] = ()) -> str:
    """Return why an entry of a folder is no submission; empty for one."""
    if entry.name.startswith("."):
        return "hidden"
    if entry.is_symlink():
        return LINK
    if entry.is_dir():
        return "nobody's own work" if entry.name in PASSED_OVER else ""
    if not entry.is_file():
        return "neither a file nor a folder"
    if endings and entry.name.lower().endswith(endings):
        return ""
    return "" if may_be_work(entry.name) else "neither code, an archive nor a notebook"


def _may_lead_to_work(link: os.DirEntry[str], folder: Path) -> bool:
    """Tell whether a link has a student's name: what it leads to is not read by its own."""
    target, here = os.path.realpath(link.path), os.path.realpath(folder)
    return may_be_work(link.name) or not os.path.join(target, "").startswith(os.path.join(here, ""))  # noqa: PTH118 - text alone


def _with_own_code(submissions: list[Submission], endings: tuple[str, ...]) -> list[Submission]:
    """Return submissions with `ada.npz` beside the code in `ada.py`: one student's, no twins."""
    named: dict[str, list[Submission]] = {}
    for one in submissions:
        named.setdefault(one.name, []).append(one)
    joined = []
    for same in named.values():
        files = tuple(file for one in same for file in one.files)
        asked = [name for name, _ in files if endings and name.lower().endswith(endings)]
        if len(same) == len(files) == 2 and len(asked) == 1:
            joined.append(replace(same[0], files=files))
        else:
            joined += same
    return joined


def _join_twins(submissions: Iterable[Submission]) -> list[Submission]:
    """Return one submission for each name: nothing says which of two deliveries is meant."""
    named: dict[str, list[Submission]] = {}
    for one in submissions:
        named.setdefault(one.name, []).append(one)
    return [
        same[0]
        if len(same) == 1
        else Submission(name, same[0].path, TWINS, tuple((one.path.name, one.path) for one in same))
        for name, same in named.items()
    ]
