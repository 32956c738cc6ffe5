"""Find submissions in a folder and read them, trusting nothing in them.

A submission is a folder named after the student, a `.zip` of one, or a notebook. What is read here
are plain bytes; opening archives and notebooks is `staging`'s part, which runs where a
failure costs one submission.
"""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from grader.errors import FrameError, SubmissionError, UnreadableError
from grader.frames import from_frame, to_frame
from grader.gradebook.people import Delivery
from grader.text import name_of, safe_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MAX_FILES = 2_000
MAX_TOTAL_MIB = 64
MAX_DEPTH = 12
ARCHIVE, NOTEBOOK = ".zip", ".ipynb"
TWINS, TWIN = "twins", "another delivery has the same name: neither is graded"
PASSED_OVER = frozenset({"__pycache__", "__MACOSX", "node_modules"})
ENVIRONMENT_MARK = "pyvenv.cfg"
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
class Package:
    """A submission's bytes: all that a grading process, here or elsewhere, gets to see of it.

    Parameters
    ----------
    kind
        "folder", "zip" or "notebook".
    files
        Content by path, with `/` between folders; one entry for an archive or a notebook.
    problem
        Why it must be rejected as a whole; empty when it need not.
    """

    kind: str
    files: dict[str, bytes] = field(default_factory=dict)
    problem: str = ""

    @property
    def digest(self) -> str:
        """A fingerprint of the content, the same for the same content under any name."""
        state = hashlib.sha256(f"{self.kind}\n{self.problem}\n".encode())
        for path in sorted(self.files):
            state.update(hashlib.sha256(path.encode("utf-8", "surrogateescape")).digest())
            state.update(hashlib.sha256(self.files[path]).digest())
        return state.hexdigest()

    def to_bytes(self) -> bytes:
        """Return the package as one run of bytes."""
        sizes = [[path, len(content)] for path, content in self.files.items()]
        head = {"kind": self.kind, "problem": self.problem, "files": sizes}
        return to_frame(head, b"".join(self.files.values()))

    @classmethod
    def from_bytes(cls, data: bytes) -> Package:
        """Return the package that `to_bytes` wrote.

        Raises
        ------
        FrameError
            It wrote no such thing.
        """
        head, content = from_frame(data)
        if sum(size for _, size in head["files"]) != len(content):
            raise FrameError("a package of another length than its files have together")
        files, at = {}, 0
        for path, size in head["files"]:
            files[path] = content[at : at + size]
            at += size
        return cls(head["kind"], files, head["problem"])


@dataclass(frozen=True)
class Found:
    """What a folder holds: submissions, and what is none, with the reason."""

    submissions: tuple[Submission, ...]
    skipped: tuple[tuple[str, str], ...]


def find_submissions(folder: Path, ignored: Iterable[Path] = ()) -> Found:
    """Return the submissions in a folder, sorted by name.

    Parameters
    ----------
    folder
        One folder, archive or notebook for each student.
    ignored
        What lies there and is ours: the gradebook.

    Raises
    ------
    SubmissionError
        The folder cannot be read.
    """
    ours = {path.name for path in ignored}
    submissions: list[Submission] = []
    skipped: list[tuple[str, str]] = []
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: os.fsencode(entry.name))
    except OSError as error:
        raise SubmissionError(f"{folder} cannot be read: {error.strerror}") from error
    for entry in entries:
        if entry.name in ours:
            continue
        kind, reason = _kind_of(entry)
        name = name_of(entry.name)
        if reason:
            skipped.append((name, reason))
            continue
        stem = name if kind == "folder" else name[: -len(ARCHIVE if kind == "zip" else NOTEBOOK)]
        submissions.append(Submission(stem, Path(entry.path), kind))
    settled = _join_twins(submissions)
    skipped += [(name_of(file), TWIN) for one in settled for file, _ in one.files]
    return Found(tuple(settled), tuple(skipped))


def _kind_of(entry: os.DirEntry[str]) -> tuple[str, str]:  # noqa: PLR0911 - a list of questions
    """Return what kind of submission an entry is, or why it is none."""
    suffix = Path(entry.name).suffix.lower()
    if entry.is_symlink():
        return "", "a link"
    if entry.name.startswith("."):
        return "", "hidden"
    if entry.is_dir():
        return _folder_kind(Path(entry.path))
    if not entry.is_file():
        return "", "neither a file nor a folder"
    if suffix == ARCHIVE:
        return "zip", ""
    if suffix == NOTEBOOK:
        return "notebook", ""
    return "", "neither a folder, a .zip nor a notebook"


def _folder_kind(folder: Path) -> tuple[str, str]:
    try:
        names = os.listdir(folder)  # noqa: PTH208 - names are all we need
        inner = folder / EXERCISES
        if inner.is_dir() and not inner.is_symlink():
            names += os.listdir(inner)  # noqa: PTH208 - names are all we need
    except OSError:
        return "folder", ""  # it is somebody's, and reading it will say what is wrong
    if any(name.endswith(".py") for name in names):
        return "folder", ""
    return "", "a folder without a .py file in it or in its exercises/"


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


def read_package(submission: Submission) -> Package:
    """Read a submission's bytes; what must not be in one becomes its `problem`.

    Raises
    ------
    UnreadableError
        A file cannot be read here, or nobody can tell what is meant.
    """
    if submission.kind == TWINS:
        both = " and ".join(safe_text(name_of(name)) for name, _ in submission.files)
        text = f"{len(submission.files)} deliveries have the name {safe_text(submission.name)!r}"
        raise UnreadableError(f"{text}: {both}; keep one of them and grade again")
    try:
        if submission.files:
            return _read_files(submission.files)
        if submission.kind == "folder":
            return _read_folder(submission.path)
        content = _read_file(str(submission.path), MAX_TOTAL_MIB * 2**20)
    except OSError as error:
        raise UnreadableError(f"it cannot be read: {error.strerror}") from error
    if content is None:
        return Package(submission.kind, {}, f"it is larger than {MAX_TOTAL_MIB} MiB")
    return Package(submission.kind, {"": content})


def _read_files(members: Iterable[tuple[str, Path]]) -> Package:
    files: dict[str, bytes] = {}
    left = MAX_TOTAL_MIB * 2**20
    for name, path in members:
        content = _read_file(str(path), left)
        if content is None:
            return Package("folder", {}, f"it is larger than {MAX_TOTAL_MIB} MiB")
        files[name] = content
        left -= len(content)
    return Package("folder", files)


def _read_folder(folder: Path) -> Package:
    files: dict[str, bytes] = {}
    left = MAX_TOTAL_MIB * 2**20
    for path, entry in walk_files(folder):
        problem = _refusal(entry, path)
        if not problem and len(files) >= MAX_FILES:
            problem = f"it holds more than {MAX_FILES} files"
        content = None if problem else _read_file(entry.path, left)
        if content is None:
            problem = problem or f"it is larger than {MAX_TOTAL_MIB} MiB"
            return Package("folder", {}, problem)
        files[path] = content
        left -= len(content)
    return Package("folder", files)


def walk_files(
    folder: Path, prefix: str = "", depth: int = 0
) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Yield path and entry of everything in a submission that is neither hidden nor passed over."""
    entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    if any(entry.name == ENVIRONMENT_MARK for entry in entries):
        return  # a virtual environment: nobody's own work
    for entry in entries:
        if entry.name.startswith(".") or entry.name in PASSED_OVER:
            continue
        path = prefix + entry.name
        if entry.is_dir(follow_symlinks=False) and depth < MAX_DEPTH:
            yield from walk_files(Path(entry.path), f"{path}/", depth + 1)
        else:
            yield path, entry


def _refusal(entry: os.DirEntry[str], path: str) -> str:
    shown = safe_text(name_of(path))
    if entry.is_symlink():
        return f"it holds a link, {shown}"
    if entry.is_dir():
        return f"its folders are nested more than {MAX_DEPTH} deep"
    if not entry.is_file():
        return f"it holds something that is no file, {shown}"
    return ""


def _read_file(path: str, limit_bytes: int) -> bytes | None:
    """Return a file's content, or None when it is longer than allowed or no ordinary file."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    descriptor = os.open(path, flags | getattr(os, "O_BINARY", 0))
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return None
        content = file.read(limit_bytes + 1)
    return content if len(content) <= limit_bytes else None
