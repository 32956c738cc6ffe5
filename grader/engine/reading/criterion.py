"""A fingerprint of what decides the verdict of an exercise: no hint, no message, no comment.

The files of a course are taken apart into the statements at their top level. Those that describe
the levels, answer the cases or solve the exercise enter, with every statement that they use, in
whatever file of the course or of ours that is; known mistakes give a name and no verdict, and stay
out. So a hint that is worded anew regrades nobody, and a strategy that is mended regrades those
exercises that draw with it.
"""

from __future__ import annotations

import ast
import hashlib
import sys
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from grader.engine.reading.authored import decides, is_plain, read_author, uses_exercise

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grader.course.course import Course, Exercise
    from grader.engine.reading.authored import Authored, AuthorFile

PACKAGE = Path(__file__).resolve().parents[2]
LIBRARIES = ("hypothesis", "numpy", "torch")  # another version draws or answers other cases
ELSEWHERE = sys.stdlib_module_names | {"grader", "hypothesis", "numpy", "torch"}
JUDGES = (
    "engine/*.py", "engine/cases/*.py", "engine/reading/*.py", "worker/**/*.py",
    "course/strategies.py", "course/vocabulary.py", "course/stubs.py", "model.py", "parsing.py",
    "frames.py",
)  # fmt: skip
OF_WORDS = frozenset({"wording.py", "document.py", "__init__.py", "criterion.py"})


def criterion(course: Course, exercise: Exercise) -> str:
    """Return the fingerprint of what decides an exercise's verdict.

    Parameters
    ----------
    course
        Where a course came without its checks, everything in it enters.
    exercise
        One of its exercises.
    """
    parts = {_engine(), ",".join(course.oracles), str(exercise.stub)}
    parts |= {f"{name} {version(name)}" for name in LIBRARIES}
    if not course.has_checks:
        parts.add(course.digest)
    else:
        slices = _Slices(course.checks_dir)
        slices.take_check(exercise.check_file)
        if course.solutions_dir is not None:
            slices.take(course.solutions_dir / f"{exercise.module}.py", exercise.name)
        parts |= slices.found | ({course.digest} if slices.is_open else set())
    digests = sorted(hashlib.sha256(part.encode()).hexdigest() for part in parts)
    return hashlib.sha256("".join(digests).encode()).hexdigest()[:16]


@cache
def _engine() -> str:
    """Return a fingerprint of what draws, asks and judges here."""
    files = {file for pattern in JUDGES for file in PACKAGE.glob(pattern)}
    rows = [
        f"{file.relative_to(PACKAGE).as_posix()} {hashlib.sha256(file.read_bytes()).hexdigest()}"
        for file in files
        if file.name not in OF_WORDS
    ]
    return "\n".join(sorted(rows))


class _Slices:
    """The statements that were taken out of a course's files, each with all that it uses.

    Parameters
    ----------
    checks_dir
        Where a check finds its helpers, besides its own folder.
    """

    def __init__(self, checks_dir: Path) -> None:
        self.checks_dir = checks_dir
        self.found: set[str] = set()
        self.is_open = False  # whether something is imported from nobody knows where
        self._taken: set[tuple[Path, str]] = set()
        self._added: set[int] = set()
        self._entered: set[Path] = set()

    def take_check(self, file: Path) -> None:
        """Take the statements of a check that say what is asked, and what the right answers are."""
        source = self._enter(file)
        for statement in source.statements:
            if decides(statement.node, source.families):
                self._add(file, statement)
                self.is_open |= not is_plain(statement.node)
            elif isinstance(statement.node, ast.FunctionDef):
                self.is_open |= uses_exercise(statement.node.body, source.families)

    def _enter(self, file: Path) -> AuthorFile:
        """Return a file of which something is used; what it does when it is run enters at once."""
        source = read_author(file)
        if file not in self._entered:
            self._entered.add(file)
            for statement in source.acting:
                self._add(file, statement)
        return source

    def take(self, file: Path, name: str) -> None:
        """Take the statements of a file that bind a name, or may change what it stands for."""
        if (file, name) in self._taken:
            return
        self._taken.add((file, name))
        source = self._enter(file)
        binding = source.binding.get(name, [])
        if len(binding) > 1:  # which of them is the last counts
            self.found.add("\n".join(statement.text for statement in binding))
        for statement in (*binding, *source.changing.get(name, [])):
            if isinstance(statement.node, (ast.Import, ast.ImportFrom)):
                self._follow(file, statement.node, name)
            else:
                self._add(file, statement)
        for star in source.stars if not binding else ():
            target = self._find(file, star.module or "")
            if target is not None:
                self.take(target, name)
            elif (star.module or "").partition(".")[0] not in ELSEWHERE:
                self.is_open = True

    def _add(self, file: Path, statement: Authored) -> None:
        """Take a statement, and whatever it uses."""
        if id(statement) in self._added:
            return
        self._added.add(id(statement))
        self.found.add(statement.text)
        self.is_open |= statement.reaches_out
        for name in statement.names:
            self.take(file, name)
        for one in statement.imports:
            self._follow(file, one)

    def _follow(
        self, file: Path, statement: ast.Import | ast.ImportFrom, name: str | None = None
    ) -> None:
        """Take what an import brings, as one name or all, where a file of the course has it.

        A module as a whole is not followed: anything of it may be used.
        """
        module = statement.module or "" if isinstance(statement, ast.ImportFrom) else ""
        source = self._find(file, module) if module else None
        for alias in statement.names:
            if name not in (None, alias.asname or alias.name.partition(".")[0], alias.name):
                continue
            if source is not None and alias.name != "*":
                self.take(source, alias.name)
                continue
            whole = f"{module}.{alias.name}".strip(".")
            self.found.add(f"import {whole}")
            known = whole.partition(".")[0] in ELSEWHERE and not whole.startswith("grader.checks")
            self.is_open |= not known or self._find(file, whole) is not None

    def _find(self, file: Path, module: str) -> Path | None:
        """Return the file of a module that is the course's own, or one of our checks."""
        inside = module.replace(".", "/")
        places = [PACKAGE.parent / f"{inside}.py"] if module.startswith("grader.checks.") else []
        places += [folder / f"{inside}.py" for folder in (file.parent, self.checks_dir)]
        return next((place for place in places if place.is_file()), None)


def criteria(course: Course, exercises: Iterable[Exercise]) -> dict[str, str]:
    """Return the fingerprints of several exercises, by id."""
    return {exercise.id: criterion(course, exercise) for exercise in exercises}
