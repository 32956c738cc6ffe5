"""Find the libraries that a course allows besides numpy.

A worker sees those alone, never the folder in which everything is installed. One that is not here
is the machine's fault and ends a check or a run before anybody is graded.
"""

from __future__ import annotations

import hashlib
import os
import sys
from dataclasses import dataclass
from importlib.machinery import PathFinder
from pathlib import Path
from typing import TYPE_CHECKING

from grader.errors import GraderError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from importlib.metadata import Distribution

NAMED = "imports of course.toml"


@dataclass(frozen=True)
class Library:
    """An installed library.

    Parameters
    ----------
    name
        As it is imported.
    folder
        Where it is installed.
    parts
        What of it lies there: the package or the file, and then the shared libraries of a wheel.
    """

    name: str
    folder: Path
    parts: tuple[str, ...]

    def seen_in(self, folder: Path | str) -> str:
        """Return where it is for a worker that finds its folder at another place."""
        return str(Path(folder) / self.parts[0])


def find_library(name: str) -> Library | None:
    """Return an installed library; None where there is none that a worker can be shown.

    Nothing of it is run. The current folder, where a student's files may lie, is not looked at.
    """
    spec = PathFinder.find_spec(name, _folders())
    if spec is None or spec.origin is None:
        return None
    path = Path(spec.origin)
    if not path.is_file():  # in an archive
        return None
    path = path.parent if path.name == "__init__.py" else path
    beside = path.with_name(f"{name}.libs")
    return Library(name, path.parent, (path.name, *([beside.name] if beside.is_dir() else [])))


def _folders() -> list[str]:
    here = os.path.realpath(os.curdir)
    return [one for one in sys.path if one and os.path.realpath(one) != here]


def _is_elsewhere(name: str) -> bool:
    """Tell whether this process could import what no worker can be shown."""
    others = [one for one in sys.meta_path if one is not PathFinder]
    return PathFinder.find_spec(name, _folders()) is not None or any(
        one.find_spec(name, None) is not None for one in others
    )


def find_libraries(names: Iterable[str]) -> tuple[Library, ...]:
    """Return the libraries that a course allows.

    Raises
    ------
    GraderError
        One is not installed here; the message has the line that installs it.
    """
    found = {name: find_library(name) for name in names}
    missing = [name for name, one in found.items() if one is None]
    odd = [name for name in missing if _is_elsewhere(name)]
    if odd:
        text = f"{NAMED}: {', '.join(odd)} is not installed as one file or one folder with an"
        text += " __init__.py, but as a namespace, in an archive or by an editable install's hook"
        raise GraderError(f"{text}: a worker is shown nothing else")
    if missing:
        text = f"{NAMED}: {', '.join(missing)} is not installed on this machine, so that nobody's"
        raise GraderError(f"{text} work can be judged here: pip install {' '.join(missing)}")
    return tuple(one for one in found.values() if one is not None)


def versions_of(libraries: Iterable[Library]) -> dict[str, str]:
    """Return the version of each library: as it was installed, else a fingerprint of its files."""
    return {one.name: _installed_version(one) or _fingerprint(one) for one in libraries}


def _installed_version(library: Library) -> str | None:
    """Return what stands beside a library; None where nothing or several things do."""
    from importlib.metadata import distributions  # noqa: PLC0415 - few courses allow a library

    found = {
        one.version for one in distributions(path=[str(library.folder)]) if _holds(one, library)
    }
    return found.pop() if len(found) == 1 else None


def _holds(distribution: Distribution, library: Library) -> bool:
    names = (distribution.read_text("top_level.txt") or "").split()
    files = "\n" + (distribution.read_text("RECORD") or "")  # not parsed: some have 10,000 lines
    part = f"\n{library.parts[0]}"
    return library.name in names or f"{part}/" in files or f"{part}," in files


def _fingerprint(library: Library) -> str:
    top = library.folder / library.parts[0]
    files = [top] if top.is_file() else [one for one in top.rglob("*") if one.is_file()]
    rows = [
        f"{file.relative_to(library.folder).as_posix()} {_digest(file)}"
        for file in files
        if file.suffix != ".pyc"
    ]
    return hashlib.sha256("\n".join(sorted(rows)).encode()).hexdigest()[:16]


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
