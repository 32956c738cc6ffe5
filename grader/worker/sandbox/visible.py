"""Find the files that Python and numpy need to run, and nothing else of this machine."""

from __future__ import annotations

import os
import site
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from grader.worker.command import CHILD, numpy_folder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.worker.libraries import Library

INSTALLED = ("site-packages", "dist-packages")
LOADERS = ("/lib*/ld-*.so*", "/lib/ld-musl-*.so*")
NUMPY_INSIDE = "/numpy"
CHILD_INSIDE = "/child"
LIBRARIES_INSIDE = "/libraries"
DEVICES = ("null", "zero", "full", "random", "urandom")  # in /dev, and no others


@dataclass(frozen=True)
class Visible:
    """What a sandbox shows of this machine.

    Parameters
    ----------
    executable
        Python itself, never a virtual environment's link to it.
    shown
        Place in the sandbox and source on the machine, outer folders first.
    hidden
        Folders inside of those whose content must not be seen: other installed packages.
    libraries
        Folders of shared libraries.
    """

    executable: str
    shown: tuple[tuple[str, Path], ...]
    hidden: tuple[str, ...]
    libraries: tuple[str, ...]


def find_visible(allowed: Sequence[Library] = ()) -> Visible:
    """Return what a worker of this Python needs.

    Parameters
    ----------
    allowed
        Libraries that are shown besides numpy.

    Notes
    -----
    The libraries are those that this process has loaded itself, since it has numpy too.
    """
    executable = os.path.realpath(getattr(sys, "_base_executable", sys.executable))
    standard = {
        sysconfig.get_path("stdlib"),
        sysconfig.get_path("platstdlib", vars={"platbase": sys.base_exec_prefix}),
    }
    libraries = _library_folders()
    folders = _outermost({os.path.realpath(f) for f in standard} | libraries)
    shown: list[tuple[str, Path]] = [(folder, Path(folder)) for folder in folders]
    shown.append((executable, Path(executable)))
    loaders = [path for pattern in LOADERS for path in sorted(Path("/").glob(pattern[1:]))]
    outside = [path for path in loaders if not any(_is_inside(str(path), f) for f in folders)]
    shown += [(str(path), path.resolve()) for path in dict.fromkeys(outside)]
    parts = [Path(numpy_folder()) / name for name in ("numpy", "numpy.libs")]
    shown += [(f"{NUMPY_INSIDE}/{part.name}", part.resolve()) for part in parts if part.is_dir()]
    shown += [
        (f"{LIBRARIES_INSIDE}/{part}", (one.folder / part).resolve())
        for one in allowed
        for part in one.parts
    ]
    shown.append((CHILD_INSIDE, CHILD))
    return Visible(executable, tuple(shown), _hidden(folders), tuple(sorted(libraries)))


def _library_folders() -> set[str]:
    found = set()
    for line in Path("/proc/self/maps").read_text(encoding="utf-8", errors="replace").splitlines():
        path = line.partition("/")[2].removesuffix(" (deleted)")
        folder, name = os.path.split("/" + path)
        if path and ".so" in name and not any(word in folder for word in INSTALLED):
            found.add(folder)
    return {f for f in found if not f.endswith("lib-dynload") and Path(f).is_dir()}


def _is_inside(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")


def _outermost(folders: set[str]) -> list[str]:
    return sorted(
        folder
        for folder in folders
        if not any(other != folder and _is_inside(folder, other) for other in folders)
    )


def _hidden(folders: list[str]) -> tuple[str, ...]:
    """Return where other packages are installed inside of the folders that are shown."""
    found = {str(path) for path in map(Path, [*site.getsitepackages(), *sys.path]) if path.is_dir()}
    found = {path for path in found if Path(path).name in INSTALLED}
    for folder in map(Path, folders):
        for name in INSTALLED:
            found |= {str(p) for p in [*folder.glob(name), *folder.glob(f"python*/{name}")]}
    return tuple(sorted(path for path in found if any(_is_inside(path, f) for f in folders)))
