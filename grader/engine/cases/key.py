"""The key of kept cases: a fingerprint of everything that decides what they look like.

Which files of ours that are is not written down anywhere. It is read from the files themselves:
whatever this folder and the words of a check import, and what those import in turn. An import that
serves annotations alone (under `TYPE_CHECKING`) runs nothing and does not enter. The `__init__` of
a package enters where something is imported that it names itself; the public face does not.

What decides a verdict is less: the cases themselves, with the right answers and the errors that are
allowed. A hint that is worded anew is another key, under which the same cases are drawn.
"""

from __future__ import annotations

import hashlib
import json
import platform
import re
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from grader._version import __version__
from grader.errors import ChangedError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from grader.course.course import Course, Exercise
    from grader.engine.cases.bank import Bank

PACKAGE = Path(__file__).resolve().parents[2]
STARTS = ("engine/cases/*.py", "vocabulary.py")
LIBRARIES = ("numpy", "torch", "hypothesis")
JUDGES = (
    "engine/*.py",
    "engine/reading/*.py",
    "engine/asking/*.py",
    "course/words/*.py",
    "worker/**/*.py",
    "model/*.py",
    "parsing.py",
    "frames.py",
)
OF_WORDS = frozenset({"wording.py", "document.py", "__init__.py"})
FOR_TYPES = re.compile(r"\nif TYPE_CHECKING:\n(?:[ \t]+.*\n|\n)+")
FROM = re.compile(r"\n[ \t]*from[ \t]+grader\b\.?([\w.]*)[ \t]+import[ \t]+(\([^)]*\)|[^\n]*)")
IMPORT = re.compile(r"\n[ \t]*import[ \t]+([^\n]*)")
NAMED = re.compile(r"\bgrader\.([\w.]+)")
REMARK = re.compile(r"#[^\n]*")


@cache
def versions() -> dict[str, str]:
    """Return the versions that decide what cases look like and what answers are."""
    found = {"dlgrade": __version__, "python": platform.python_version()}
    return found | {name: version(name) for name in LIBRARIES}


def versions_with(imports: Iterable[str]) -> dict[str, str]:
    """Return `versions`, with those of the libraries that a course allows besides.

    Right answers may be made with these, too. One that is not here has none, and nobody is judged.
    """
    return versions() | _versions_of(tuple(imports), tuple(sys.path)) if imports else versions()


@cache
def _versions_of(imports: tuple[str, ...], _folders: tuple[str, ...]) -> dict[str, str]:
    """Return the versions of libraries, looked at once: a process keeps what it has imported."""
    from grader.worker.libraries import find_library, versions_of  # noqa: PLC0415 - few courses do

    found = {name: find_library(name) for name in imports}
    there = versions_of(one for one in found.values() if one is not None)
    return {name: there.get(name, "") for name in imports}


def version(name: str) -> str:
    """Return the version of an installed library, by the name of the folder that says so.

    Asking `importlib.metadata` costs a warm check a twelfth of its time, for what that name says;
    it is asked where there is no such folder, or more than one.
    """
    found = [path.name for folder in sys.path for path in Path(folder).glob(f"{name}-*.dist-info")]
    if len(found) == 1:
        return found[0].removeprefix(f"{name}-").removesuffix(".dist-info")
    from importlib import metadata  # noqa: PLC0415 - hardly ever needed

    return metadata.version(name)


def fingerprint(course: Course, exercise: Exercise, seed: int, package: Path = PACKAGE) -> str:
    """Return the key of an exercise's cases: it changes with everything that enters.

    Parameters
    ----------
    course, exercise, seed
        Whose cases they are. Of the built-in course, the check with what it imports, the stub and
        the solution enter; of another, whose files may find each other by any path, all that is in
        `checks/`, `solutions/` and `exercises/`.
    package
        The grader that draws them.

    Raises
    ------
    ChangedError
        What lies there is not what this process has loaded: whatever it finds out has no key.
    """
    own = read_own_code(package)
    if course.checks_dir == package / "checks":
        beside = [*course.checks_dir.glob("_*.py"), *exercise.check_file.parent.glob("_*.py")]
        folders = [course.exercises_dir, course.solutions_dir]
        files: list[Path] | None = [
            folder / f"{exercise.module}.py" for folder in folders if folder is not None
        ]
        theirs = [hashlib.sha256(file.read_bytes()).hexdigest() for file in files or ()]
    else:
        beside = [file for folder in course.code_folders for file in folder.rglob("*.py")]
        files, theirs = None, [course.digest]
    shared = read_imported(package, [exercise.check_file, *beside], own)
    refuse_changed(course.find_changed(files and [*files, *shared]))
    parts = [_digest(own), _digest(shared), *theirs]
    facts = [exercise.id, seed, versions_with(course.imports), parts]
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:32]


def require_as_read(course: Course, exercises: Iterable[Exercise], package: Path = PACKAGE) -> None:
    """Make sure that what decides about exercises still lies there as this process has loaded it.

    Parameters
    ----------
    course, exercises
        What was just found out about, or is about to be.
    package
        The grader whose own course it may be: there a check shares what begins with `_` alone.

    Raises
    ------
    ChangedError
        It does not.
    """
    changed = course.find_changed()
    if changed and course.checks_dir == package / "checks":
        ours = {one.check_file for one in exercises}
        modules = {f"{one.module}.py" for one in exercises}
        changed = {
            file
            for file in changed
            if file in ours
            or (file.is_relative_to(course.checks_dir) and file.name.startswith("_"))
            or (not file.is_relative_to(course.checks_dir) and file.name in modules)
        }
    refuse_changed(changed)


def refuse_changed(changed: Collection[Path]) -> None:
    """Let nothing be found out where files were changed since they were read.

    Raises
    ------
    ChangedError
        Some were.
    """
    if changed:
        text = f"{min(changed)} was changed while dlgrade was at work with what it said before"
        raise ChangedError(f"{text}: start the same command again (a notebook: its kernel)")


@cache
def read_own_code(package: Path = PACKAGE) -> dict[Path, bytes]:
    """Return the files of a grader that draw, answer, encode and keep cases, with their bytes."""
    return read_imported(package, [f for pattern in STARTS for f in package.glob(pattern)])


def read_imported(
    package: Path, starts: Iterable[Path], without: Collection[Path] = ()
) -> dict[Path, bytes]:
    """Return files and all of ours that they import, directly or not, with their bytes.

    Parameters
    ----------
    package
        The folder of `grader`.
    starts
        Python files, in it or elsewhere.
    without
        Files to leave out, with what they alone import.
    """
    found: dict[Path, bytes] = {}
    waiting = [file for file in starts if file.name != "__init__.py"]
    while waiting:
        file = waiting.pop()
        if file not in found and file not in without:
            found[file] = file.read_bytes()
            waiting += imported_files(package, found[file].decode(errors="replace"))
    return found


def imported_files(package: Path, source: str) -> list[Path]:
    """Return the files of ours that a source imports, for more than its annotations.

    The text is searched, which takes a tenth of the time of parsing it. A line of a docstring
    that looks like an import is one too much, which does no harm.
    """
    found = []
    text = FOR_TYPES.sub("\n", f"\n{source}")
    whole = [(module, "") for line in IMPORT.findall(text) for module in NAMED.findall(line)]
    for module, names in [*FROM.findall(text), *whole]:
        path = package / module.replace(".", "/")
        whole_file = path.with_suffix(".py")
        if module and whole_file.is_file():
            found.append(whole_file)
        else:  # a package, of which parts are named, or what its `__init__` names
            named = REMARK.sub("", names).strip("()").split(",")
            parts = [words[0] for one in named if (words := one.split())]
            found += [_file_of(path, part) for part in parts or [""]]
    return [file for file in found if file.is_file() and file != package / "__init__.py"]


def _file_of(folder: Path, part: str) -> Path:
    """Return the file of a package that has what is imported from it by a name."""
    files = [folder / f"{part}.py", folder / part / "__init__.py"]
    return next((file for file in files if file.is_file()), folder / "__init__.py")


def _digest(files: Mapping[Path, bytes]) -> str:
    """Return a fingerprint of files by name and content; it is the same in another folder."""
    parts = {(file.name, hashlib.sha256(content).hexdigest()) for file, content in files.items()}
    return hashlib.sha256(json.dumps(sorted(parts)).encode()).hexdigest()


def criteria(
    course: Course, exercises: Iterable[Exercise], seed: int, bank: Bank
) -> dict[str, str]:
    """Return the fingerprint of each exercise whose cases are in a bank, by id.

    Parameters
    ----------
    course, exercises, seed
        Whose, and under which seed.
    bank
        Where the cases are kept: of what has not been drawn nobody can tell.
    """
    found = {}
    for exercise in exercises:
        seal = bank.find_seal(exercise.id, fingerprint(course, exercise, seed))
        if seal:
            check = exercise.check
            facts = [seal, str(exercise.stub), check.points, check.tolerance, list(check.levels)]
            facts += [list(course.imports)] if course.imports else []
            facts += [rest for one in check.levels.values() if (rest := one.criteria)]
            found[exercise.id] = _short(json.dumps(facts))
    return found


def drawing_digest() -> str:
    """Return a fingerprint of what draws cases here: our own code, and the libraries."""
    return _short(json.dumps([_digest(read_own_code()), versions()], sort_keys=True))


@cache
def engine_digest() -> str:
    """Return a fingerprint of what asks and judges here."""
    files = {file for pattern in JUDGES for file in PACKAGE.glob(pattern)}
    rows = [
        f"{file.relative_to(PACKAGE).as_posix()} {hashlib.sha256(file.read_bytes()).hexdigest()}"
        for file in files
        if file.name not in OF_WORDS
    ]
    return _short("\n".join(sorted(rows)))


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
