"""Lay a submission's bytes out as files for one worker: archives opened, modules recognised.

Whatever is wrong with an archive or a notebook makes the submission `rejected`, with one reason;
nothing is ever written outside of the stage.
"""

from __future__ import annotations

import errno
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from grader.errors import RejectedError, UnreadableError
from grader.files.names import unfit_here
from grader.files.removing import empty_folder
from grader.gradebook.people.delivery import NOT_RECOGNISED, Recognised
from grader.grading.intake.archives import unpack
from grader.grading.intake.encodings import recode
from grader.grading.intake.packages import MAX_DEPTH
from grader.grading.intake.recognition import CODE, recognise
from grader.grading.intake.submissions import EXERCISES
from grader.model.owncount import FILE, read_own_count
from grader.model.sourcemap import AS_IT_IS, Piece, SourceMap
from grader.quiz.asking.answers_file import FILE_NAME
from grader.text import safe_text
from grader.worker.sandbox.mounts import STAGE_MODE

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from grader.grading.intake.archives import Unpacked
    from grader.grading.intake.codefile import CodeFile
    from grader.grading.intake.packages import Package
    from grader.grading.intake.recognition import Modules

READABLE = 0o640  # by the stage's group, which everything in it has
THEIR_FAULT = {errno.EEXIST, errno.ENOTDIR, errno.EISDIR, errno.ENAMETOOLONG, errno.EINVAL}
NOTEBOOK_NAMES = {"notebook": "notebook.ipynb", "zip": "submission.zip"}


@dataclass(frozen=True)
class Staged:
    """What was laid out.

    Parameters
    ----------
    warnings
        What the instructor should know.
    sources
        What the student calls lines of the files, where they are not the student's own.
    unclear
        Modules of which nobody can tell which file they are, and why.
    missing
        Modules that are not there, and what is there instead.
    recognised
        How the files were recognised, and what was guessed.
    unopened
        Those of `unclear` that may be in what cannot be opened.
    """

    warnings: tuple[str, ...] = ()
    sources: SourceMap = AS_IT_IS
    unclear: Mapping[str, str] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)
    recognised: Recognised = NOT_RECOGNISED
    unopened: Collection[str] = ()


NOTHING = Staged()


def stage(
    package: Package, folder: Path, wanted: Mapping[str, Collection[str]],
    modules: Collection[str], files: Collection[str] = (),
) -> Staged:  # fmt: skip
    """Write the files that a worker gets into an empty folder.

    Parameters
    ----------
    package
        The submission.
    folder
        Exists and is empty; a worker may already be looking at it.
    wanted
        The functions that are asked for, by module.
    modules
        Names of all modules of the course: `conv` for `conv.py`.
    files
        Names of other files that are asked for.

    Raises
    ------
    RejectedError
        It cannot be opened safely, or holds what no submission may hold.
    UnreadableError
        This system, and not every one, has no such names for files.
    """
    if package.problem:
        raise RejectedError(package.problem)
    unpacked = unpack(_named(package))
    own_count = _take_own_count(unpacked)
    if unpacked.broken and not unpacked.files:
        raise RejectedError(next(iter(unpacked.broken.values())))
    unpacked = _without_wrappers(unpacked)
    found = recognise(unpacked, wanted, files)
    _spread_notebook(found, unpacked, modules)
    layout = _Layout(unpacked, found, files)
    if why := unfit_here(layout.files):
        raise UnreadableError(f"{why}: grade it on Linux")
    try:
        _write(layout.files, folder)
    except (OSError, ValueError) as error:
        if isinstance(error, OSError) and error.errno not in THEIR_FAULT:
            raise  # a full disk, say, is nobody's wrong answer
        raise RejectedError(
            "two of its files cannot lie side by side, or a name is too long"
        ) from error
    return Staged(
        tuple(layout.warnings), SourceMap(layout.pieces, layout.names),
        found.unclear, found.missing, Recognised(found.how, found.note, own_count), found.unopened,
    )  # fmt: skip


def _spread_notebook(found: Modules, unpacked: Unpacked, modules: Collection[str]) -> None:
    """Let a notebook that is all there is be every module that has no file.

    Raises
    ------
    RejectedError
        It cannot be read.
    """
    sole = {id(one): one for one in found.sources.values()}
    if len(sole) == 1 and (one := next(iter(sole.values()))).is_notebook:
        if one.notebook.problem:
            raise RejectedError(one.notebook.problem)
        others = {f"{module}{CODE}": module for module in modules if module not in found.sources}
        left = [module for file, module in others.items() if file not in unpacked.files]
        found.sources |= dict.fromkeys(left, one)


def clear(folder: Path) -> None:
    """Empty a stage; the folder itself stays, since a worker looks at it."""
    empty_folder(folder)


def _named(package: Package) -> dict[str, bytes]:
    """Return the files of a package, an archive or a notebook under a name of its kind."""
    name = NOTEBOOK_NAMES.get(package.kind)
    return {name or "": package.files[""]} if name else dict(package.files)


def _take_own_count(unpacked: Unpacked) -> dict[str, int]:
    """Return what the progress file says that was packed with the rest; none is work."""
    paths = [path for path in unpacked.files if path.rpartition("/")[2] == FILE]
    said = [read_own_count(unpacked.files.pop(path)) for path in paths]
    return next(filter(None, said), {})


def _without_wrappers(unpacked: Unpacked) -> Unpacked:
    """Take away the folders around all files, unless one is exercises/."""
    files, broken = unpacked.files, unpacked.broken
    while True:
        tops = {path.partition("/")[0] for path in (*files, *broken)}
        if len(tops) != 1 or any("/" not in path for path in (*files, *broken)):
            return type(unpacked)(files, broken)
        if tops == {EXERCISES}:
            return type(unpacked)(files, broken)
        files = {path.partition("/")[2]: data for path, data in files.items()}
        broken = {path.partition("/")[2]: why for path, why in broken.items()}


class _Layout:
    """Where each file of a submission goes on a stage.

    A module goes to the top under its own name, and what lies beside it or below keeps its place.
    """

    def __init__(self, unpacked: Unpacked, found: Modules, files: Collection[str]) -> None:
        self.files: dict[str, bytes] = {}
        self.warnings: list[str] = list(found.warnings)
        self.pieces: dict[str, tuple[Piece, ...]] = {}
        self.names: dict[str, str] = {}
        self.modules = {f"{module}{CODE}" for module in found.sources}
        for module, source in found.sources.items():
            self._put_module(f"{module}{CODE}", source)
        self._warn_of_others(unpacked, found)
        taken = {one.path for one in found.sources.values()}
        roots = [path.rpartition("/")[0] for path in taken]
        for root in sorted(set(roots), key=roots.index):
            self._put_beside(unpacked, f"{root}/" if root else "", taken)
        for name in (FILE_NAME, *files):
            self._put_named(unpacked, name)
        self._put_only(unpacked, found, files)

    def _put_named(self, unpacked: Unpacked, name: str) -> None:
        """Put a file that is known by its name to the top, wherever the one of that name lies."""
        found = [path for path in unpacked.files if path.rpartition("/")[2] == name]
        if len(found) == 1:
            self.files.setdefault(name, unpacked.files[found[0]])
        elif len(found) > 1 and name not in self.files:
            self.warnings.append(f"there are {len(found)} files {name}: none is marked")

    def _put_only(self, unpacked: Unpacked, found: Modules, files: Collection[str]) -> None:
        """Take the only file of its kind for the one that is asked for, whatever its name."""
        for name in files if len(files) == 1 else ():
            ending = f".{name.rpartition('.')[2]}".lower()
            fitting = [path for path in unpacked.files if path.lower().endswith(ending)]
            if name not in self.files and len(fitting) == 1:
                self.files[name] = unpacked.files[fitting[0]]
                found.notes.append(f"graded {safe_text(fitting[0])[:200]} as {name}")

    def _put_module(self, name: str, source: CodeFile) -> None:
        self.files[name] = source.code
        called = safe_text(source.path, spelt_out=False)
        if source.note:
            self._warn(source.note)
        if source.is_notebook:
            self.pieces[name] = source.notebook.pieces
            for warning in source.notebook.warnings:
                self._warn(warning)
        elif called not in (name, f"{EXERCISES}/{name}"):
            self.pieces[name] = (Piece(1, called),)
            self.names[name] = called

    def _warn(self, text: str) -> None:
        if text not in self.warnings:
            self.warnings.append(text)

    def _warn_of_others(self, unpacked: Unpacked, found: Modules) -> None:
        for module, source in found.sources.items():
            other = f"{module}{CODE}"
            if source.path == f"{EXERCISES}/{other}" and other in unpacked.files:
                self._warn(f"there is {other} beside {EXERCISES}/: the one in there is graded")

    def _put_beside(self, unpacked: Unpacked, root: str, taken: Collection[str]) -> None:
        """Put what lies in a module's folder where that module finds it."""
        for path, data in unpacked.files.items():
            inside = path.removeprefix(root)
            if not path.startswith(root) or path in taken or inside.count("/") > MAX_DEPTH:
                continue
            content = recode(data, "")[0] if inside.endswith(CODE) else data
            before = self.files.setdefault(inside, content)
            if before != content and inside not in self.modules:
                self._warn(f"there are several files {safe_text(inside)}: one of them is used")


def _write(files: Mapping[str, bytes], folder: Path) -> None:
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
