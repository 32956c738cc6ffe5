"""Whether the files of a course are still those that this process read.

Checks and solutions are Python: they are imported once, and what a file holds an hour later is not
what was imported. Sizes and times are noted before the first one is read, and compared before
anything is kept under the name of what lies there.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from grader.files import author_files, walk_author_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    Parts = tuple[Path, ...]
    Stamp = tuple[int, int]


@cache
def note_as_read(parts: Parts) -> Mapping[str, Stamp]:
    """Return size and time of all files of a course, as they were when this was asked first.

    It is kept for as long as the process lives, as what it imports is. Files are named here, since
    to make paths of a course takes longer than to look at it.

    Parameters
    ----------
    parts
        Its folders, and single files beside them.
    """
    return dict(_stamps(parts))


def find_changed(parts: Parts, files: Iterable[Path] | None = None) -> set[Path]:
    """Return the files that are not as they were when this process began to read the course.

    Parameters
    ----------
    parts
        As for `note_as_read`.
    files
        Which ones to look at, of those in the course; None for all, and what is new or gone.
    """
    before = note_as_read(parts)
    if files is None:
        now = dict(_stamps(parts))
        return {Path(one) for one in before.keys() | now if before.get(one) != now.get(one)}
    own = [file for file in files if any(file.is_relative_to(part) for part in parts)]
    return {one for one in own if before.get(str(one)) != dict(_stamps([one])).get(str(one))}


def digest_of(folders: Iterable[Path]) -> str:
    """Return a fingerprint of every file of an author in some folders, by name and content."""
    state = hashlib.sha256()
    for folder in folders:
        for file in author_files(folder):
            state.update(file.relative_to(folder).as_posix().encode() + b"\0")
            facts = file.stat()
            state.update(_content_digest(file, facts.st_size, facts.st_mtime_ns))
    return state.hexdigest()[:16]


@lru_cache(maxsize=4096)
def _content_digest(file: Path, _size: int, _changed_ns: int) -> bytes:
    """Return the digest of a file, read once as long as it is not changed, however large it is."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").digest()


def _stamps(parts: Iterable[Path]) -> Iterator[tuple[str, Stamp]]:
    """Yield size and time of what an author wrote."""
    for part in parts:
        if part.is_file():
            yield str(part), _stamp(str(part))
        for file in walk_author_names(part):
            with contextlib.suppress(OSError):  # gone since, or a link to nothing
                yield file, _stamp(file)


def _stamp(file: str) -> Stamp:
    facts = os.stat(file)  # noqa: PTH116 - see `note_as_read`
    return facts.st_size, facts.st_mtime_ns
