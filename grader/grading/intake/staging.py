"""Lay a submission's bytes out as files for one worker: archives opened safely, notebooks as code.

Whatever is wrong with an archive or a notebook makes the submission `rejected`, with one reason;
nothing is ever written outside of the stage.
"""

from __future__ import annotations

import errno
import io
import re
import stat
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from grader.errors import RejectedError
from grader.files import empty_folder
from grader.grading.intake.notebooks import notebook_source
from grader.grading.intake.submissions import (
    EXERCISES,
    MAX_DEPTH,
    MAX_FILES,
    MAX_TOTAL_MIB,
    PASSED_OVER,
)
from grader.sourcemap import AS_IT_IS, SourceMap
from grader.text import safe_text
from grader.worker.sandbox.mounts import STAGE_MODE

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from grader.grading.intake.submissions import Package

READABLE = 0o640  # by the stage's group, which everything in it has
THEIR_FAULT = {errno.EEXIST, errno.ENOTDIR, errno.EISDIR, errno.ENAMETOOLONG, errno.EINVAL}
DRIVE = re.compile(r"^[A-Za-z]:")
MEMBER = b"PK\1\2"  # what the description of each file in an archive begins with
TOO_MANY = f"the archive holds more than {MAX_FILES} files"
TOO_DEEP = f"the archive's folders are nested more than {MAX_DEPTH} deep"


@dataclass(frozen=True)
class Staged:
    """What was laid out.

    Parameters
    ----------
    warnings
        What the instructor should know.
    sources
        What the student calls lines of the files, where they are not the student's own.
    """

    warnings: tuple[str, ...] = ()
    sources: SourceMap = AS_IT_IS


def stage(package: Package, folder: Path, modules: Iterable[str]) -> Staged:
    """Write the files that a worker gets into an empty folder.

    Parameters
    ----------
    package
        The submission.
    folder
        Exists and is empty; a worker may already be looking at it.
    modules
        Names of the course's modules: `conv` for `conv.py`.

    Raises
    ------
    RejectedError
        It cannot be opened safely, or holds what no submission may hold.
    """
    if package.problem:
        raise RejectedError(package.problem)
    if package.kind == "notebook":
        notebook = notebook_source(package.files[""])
        if notebook.problem:
            raise RejectedError(notebook.problem)
        text = notebook.text.encode("utf-8", "replace")
        files = [f"{module}.py" for module in modules]
        _write(dict.fromkeys(files, text), folder)
        return Staged(notebook.warnings, SourceMap(dict.fromkeys(files, notebook.pieces)))
    found = open_archive(package.files[""]) if package.kind == "zip" else package.files
    root, warnings = _find_root(found, set(modules))
    inside = {
        path.removeprefix(root): data for path, data in found.items() if path.startswith(root)
    }
    try:
        _write(inside, folder)
    except (OSError, ValueError) as error:
        if isinstance(error, OSError) and error.errno not in THEIR_FAULT:
            raise  # a full disk, say, is nobody's wrong answer
        raise RejectedError(
            "two of its files cannot lie side by side, or a name is too long"
        ) from error
    return Staged(warnings)


def clear(folder: Path) -> None:
    """Empty a stage; the folder itself stays, since a worker looks at it."""
    empty_folder(folder)


def _find_root(files: dict[str, bytes], modules: set[str]) -> tuple[str, tuple[str, ...]]:
    """Return the prefix of the folder with the exercises, and a warning when there are two."""
    inner = [path for path in files if _is_module(path, f"{EXERCISES}/", modules)]
    outer = [path for path in files if _is_module(path, "", modules)]
    if inner:
        texts = [f"there is {p} beside {EXERCISES}/: the one in there is graded" for p in outer[:1]]
        return f"{EXERCISES}/", tuple(texts)
    return "", ()


def _is_module(path: str, prefix: str, modules: set[str]) -> bool:
    name = path.removeprefix(prefix)
    return path.startswith(prefix) and name.endswith(".py") and name[:-3] in modules


def _write(files: dict[str, bytes], folder: Path) -> None:
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as file:
            file.write(content)
        target.chmod(READABLE)
        for parent in target.parents:
            if parent == folder:
                break
            parent.chmod(STAGE_MODE)


# ----------------------------------------------------------------------------- archives


def open_archive(data: bytes) -> dict[str, bytes]:
    """Return the files of a zip archive by path, without the one folder that holds them all.

    Raises
    ------
    RejectedError
        It is damaged, encrypted, too large or too deep, or holds links or paths that lead outside.
    """
    if data.count(MEMBER) > MAX_FILES:  # before a million of them become objects
        raise RejectedError(TOO_MANY)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            files = _read_members(archive)
    except RejectedError:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        text = f"the archive cannot be opened ({safe_text(str(error)) or type(error).__name__})"
        raise RejectedError(text) from error
    except Exception as error:  # a hostile archive may break zipfile in any way
        raise RejectedError(f"the archive is damaged ({type(error).__name__})") from error
    files = _without_wrapper(files)
    if any(path.count("/") > MAX_DEPTH for path in files):
        raise RejectedError(TOO_DEEP)
    return files


def _read_members(archive: zipfile.ZipFile) -> dict[str, bytes]:
    members = archive.infolist()
    if len(members) > MAX_FILES:
        raise RejectedError(TOO_MANY)
    files: dict[str, bytes] = {}
    left = MAX_TOTAL_MIB * 2**20
    for member in members:
        path = _safe_path(member)
        if not path or member.is_dir():
            continue
        if path in files:
            raise RejectedError(f"the archive holds {safe_text(path)} twice")
        if member.flag_bits & 1:
            raise RejectedError("the archive is encrypted")
        with archive.open(member) as file:
            files[path] = file.read(left + 1)
        left -= len(files[path])
        if left < 0:
            raise RejectedError(f"the archive unpacks to more than {MAX_TOTAL_MIB} MiB")
    return files


def _safe_path(member: zipfile.ZipInfo) -> str:
    """Return the path of a member, or nothing for one that is passed over.

    Raises
    ------
    RejectedError
        The path leads outside, or the member is no ordinary file.
    """
    path = member.filename.replace("\\", "/")
    if path.count("/") > MAX_DEPTH + 1:  # the folder around all, and the folders in it
        raise RejectedError(TOO_DEEP)
    parts = PurePosixPath(path).parts
    if path.startswith("/") or ".." in parts or DRIVE.match(path) or "\0" in path:
        raise RejectedError(f"the archive holds a path that leads outside, {safe_text(path)}")
    mode = member.external_attr >> 16
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        kind = "a link" if stat.S_ISLNK(mode) else "something that is no file"
        raise RejectedError(f"the archive holds {kind}, {safe_text(path)}")
    if any(part.startswith(".") or part in PASSED_OVER for part in parts):
        return ""
    return "/".join(parts)


def _without_wrapper(files: dict[str, bytes]) -> dict[str, bytes]:
    """Return the files without the single folder around all of them, unless it is exercises/."""
    tops = {path.partition("/")[0] for path in files}
    if len(tops) != 1 or any("/" not in path for path in files) or tops == {EXERCISES}:
        return files
    return {path.partition("/")[2]: content for path, content in files.items()}
