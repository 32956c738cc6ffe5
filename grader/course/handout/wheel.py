"""Put the dlgrade that runs here into a wheel: no network, no build tool, no index.

It works from a checkout, from an editable installation of one and from an installed wheel. In the
first two the course lies beside the package; in a wheel it lies inside.
"""

from __future__ import annotations

import base64
import hashlib
import re
import tomllib
from dataclasses import dataclass
from enum import Enum
from importlib import metadata
from typing import TYPE_CHECKING, Any

from grader._version import __version__
from grader.course.course import find_course
from grader.course.topics import page_files
from grader.errors import UsageError
from grader.files import PACKAGE, built_in_course

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

KIND = """\
Wheel-Version: 1.0
Generator: dlgrade
Root-Is-Purelib: true
Tag: py3-none-any
"""
COMMAND = """\
[console_scripts]
dlgrade = grader.__main__:main
"""
COURSE_PARTS = (("exercises", ("*.py", "*.toml")), ("quizzes", ("*.toml", "*.md", "*.json")))
BUILT_IN = "grader/_course"


class Holds(Enum):
    """What a wheel holds of the built-in course."""

    ALL = "stubs, quizzes and checks"
    SHARED = "what checks import from each other"
    NOTHING = "nothing"


def make_wheel(
    extra: Mapping[str, bytes], holds: Holds = Holds.ALL
) -> tuple[str, dict[str, bytes]]:
    """Return the name of a wheel, and its files by their paths.

    Parameters
    ----------
    extra
        Files to put into the built-in course, by their paths in it.
    holds
        What is in it of that course.

    Raises
    ------
    UsageError
        dlgrade is run from files that are no source tree and were never installed.
    """
    project = _find_project()
    files = _package_files(holds)
    if holds is Holds.ALL:
        files |= _course_files() | {f"{BUILT_IN}/{name}": text for name, text in extra.items()}
    about = f"dlgrade-{project.version}.dist-info"
    files[f"{about}/METADATA"] = project.metadata.encode()
    files[f"{about}/entry_points.txt"] = COMMAND.encode()
    files[f"{about}/WHEEL"] = KIND.encode()
    rows = [f"{name},{_digest(content)},{len(content)}" for name, content in sorted(files.items())]
    record = f"{about}/RECORD"
    files[record] = "\n".join([*rows, f"{record},,", ""]).encode()
    return f"dlgrade-{project.version}-py3-none-any.whl", files


@dataclass(frozen=True)
class Project:
    """What pip has to know: the version, what is needed, and all of it as it reads it."""

    version: str
    needs: tuple[str, ...]
    metadata: str


def _find_project() -> Project:
    """Return what the source tree says of itself, else the installed package.

    An editable installation keeps what its tree said when it was made.
    """
    tree = PACKAGE.parent / "pyproject.toml"
    if built_in_course() == PACKAGE.parent and tree.is_file():
        return _from_tree(tomllib.loads(tree.read_text(encoding="utf-8"))["project"])
    try:
        installed = metadata.distribution("dlgrade")
    except metadata.PackageNotFoundError as error:
        text = "dlgrade is not installed here, so that nobody knows what it needs"
        raise UsageError(f"{text}: pip install it first") from error
    text = installed.read_text("METADATA") or ""
    return Project(installed.version, tuple(installed.requires or ()), text)


def _from_tree(project: Mapping[str, Any]) -> Project:
    lines = ["Metadata-Version: 2.1", "Name: dlgrade", f"Version: {__version__}"]
    lines.append(f"Requires-Python: {project['requires-python']}")
    lines += [f"Requires-Dist: {one}" for one in project["dependencies"]]
    for extra, needs in project["optional-dependencies"].items():
        lines.append(f"Provides-Extra: {extra}")
        lines += [f'Requires-Dist: {one}; extra == "{extra}"' for one in needs]
    return Project(__version__, tuple(project["dependencies"]), "\n".join([*lines, ""]))


def requirements(dlgrade: str, imports: Collection[str]) -> bytes:
    """Return a file of what is to be installed: dlgrade, and what the course allows.

    Parameters
    ----------
    dlgrade
        How pip finds it.
    imports
        Names as they are imported. A distribution may have another name, which is known where it
        is installed.
    """
    known = metadata.packages_distributions() if imports else {}  # reads all that is installed
    found = dict.fromkeys(known.get(name, [name])[0] for name in imports)
    return "".join(f"{line}\n" for line in (dlgrade, *found)).encode()


def needed(library: str) -> str:
    """Return which versions of a library dlgrade needs, as pip writes it.

    Raises
    ------
    UsageError
        dlgrade is run from files that are no source tree and were never installed.

    Examples
    --------
    >>> needed("torch").startswith("torch")
    True
    """
    bare = [one.partition(";")[0].strip() for one in _find_project().needs]
    return next(one for one in bare if re.match(rf"{library}\b(?!-)", one))


def _package_files(holds: Holds) -> dict[str, bytes]:
    found = {}
    for path in sorted(PACKAGE.rglob("*")):
        parts = path.relative_to(PACKAGE).parts
        hidden = "__pycache__" in parts or any(part.startswith(".") for part in parts)
        if hidden or not path.is_file() or parts[0] == "_course":
            continue
        if parts[0] == "checks" and not _travels(parts, holds):
            continue
        found["/".join(("grader", *parts))] = path.read_bytes()
    return found


def _travels(parts: tuple[str, ...], holds: Holds) -> bool:
    """Tell whether a file of `checks/` is in a wheel."""
    if parts[1:] == ("__init__.py",) or holds is Holds.ALL:
        return True
    return holds is Holds.SHARED and parts[-1].startswith("_")


def _course_files() -> dict[str, bytes]:
    root, course = built_in_course(), find_course()
    return {
        f"{BUILT_IN}/{part}/{path.name}": path.read_bytes()
        for part, patterns in COURSE_PARTS
        for path in _files_in(root / part, patterns)
    } | page_files(course, course.ids, f"{BUILT_IN}/topics")


def _files_in(folder: Path, patterns: tuple[str, ...]) -> list[Path]:
    return sorted(path for pattern in patterns for path in folder.glob(pattern))


def _digest(content: bytes) -> str:
    digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest())
    return "sha256=" + digest.rstrip(b"=").decode()
