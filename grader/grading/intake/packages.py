"""Read what was handed in as plain bytes, trusting nothing in it.

Opening archives and finding out what is what are the parts of `archives` and `recognition`, which
run where a failure costs one submission.
"""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from grader.errors import FrameError, UnreadableError
from grader.frames import from_frame, to_frame
from grader.grading.intake.submissions import PASSED_OVER, TWINS
from grader.model.owncount import FILE, MAX_BYTES
from grader.text import name_of, safe_text

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator

    from grader.grading.intake.submissions import Submission

MAX_FILES = 2_000
MAX_TOTAL_MIB = 64
MAX_DEPTH = 12
ENVIRONMENT_MARK = "pyvenv.cfg"
ENVIRONMENT_PARTS = frozenset(
    {ENVIRONMENT_MARK, "bin", "lib", "lib64", "include", "share", "Scripts", "Lib", "Include"}
)


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
    progress
        The student's progress file, where one lies in a folder: no part of the content, and it
        stays here.
    """

    kind: str
    files: dict[str, bytes] = field(default_factory=dict)
    problem: str = ""
    progress: bytes = b""

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
    progress: bytes | None = b""
    for path, entry in walk_files(folder, also=(FILE,)):
        if entry.name == FILE:
            progress = progress or _read_file(entry.path, MAX_BYTES)
            continue
        problem = _refusal(entry, path)
        if not problem and len(files) >= MAX_FILES:
            problem = f"it holds more than {MAX_FILES} files"
        content = None if problem else _read_file(entry.path, left)
        if content is None:
            problem = problem or f"it is larger than {MAX_TOTAL_MIB} MiB"
            return Package("folder", {}, problem)
        files[path] = content
        left -= len(content)
    return Package("folder", files, progress=progress or b"")


def walk_files(
    folder: Path, prefix: str = "", depth: int = 0, also: Container[str] = ()
) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Yield path and entry of everything in a submission that is neither hidden nor passed over.

    Parameters
    ----------
    folder
        The submission, or a folder in it.
    prefix, depth
        Where that is.
    also
        Names of hidden files that are wanted all the same.
    """
    entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    is_environment = any(entry.name == ENVIRONMENT_MARK for entry in entries)
    if is_environment and depth:
        return  # a virtual environment: nobody's own work
    for entry in entries:
        wanted = entry.name in also and entry.is_file(follow_symlinks=False)
        if (entry.name.startswith(".") and not wanted) or entry.name in PASSED_OVER:
            continue
        if is_environment and entry.name in ENVIRONMENT_PARTS:
            continue  # made around the work, by `python -m venv .`
        path = prefix + entry.name
        if entry.is_dir(follow_symlinks=False) and depth < MAX_DEPTH:
            yield from walk_files(Path(entry.path), f"{path}/", depth + 1, also)
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
