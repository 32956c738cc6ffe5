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
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from grader.engine.reading.bindings import bound_names

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grader.course.course import Course, Exercise

PACKAGE = Path(__file__).resolve().parents[2]
EXERCISE = "exercise"
ELSEWHERE = sys.stdlib_module_names | {"grader", "hypothesis", "numpy", "torch"}
WORDS_ALONE = frozenset({"hints", "decks", "requires", "features"})
OF_MISTAKES = frozenset({"add", "mistake"})
FAMILIES = ("_shared", "_mistakes")  # modules whose functions take an exercise and add mistakes
JUDGES = (
    "engine/*.py", "engine/cases/*.py", "engine/reading/*.py", "worker/**/*.py",
    "course/strategies.py", "course/vocabulary.py",
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

    def take_check(self, file: Path) -> None:
        """Take the statements of a check that say what is asked, and what the right answers are."""
        source = _read(file)
        for statement in source.statements:
            if _decides(statement.node, source.families):
                self._add(file, statement)

    def take(self, file: Path, name: str) -> None:
        """Take the statements of a file that bind a name."""
        if (file, name) in self._taken:
            return
        self._taken.add((file, name))
        for statement in _read(file).binding.get(name, ()):
            if isinstance(statement.node, (ast.Import, ast.ImportFrom)):
                self._follow(file, statement.node, name)
            else:
                self._add(file, statement)

    def _add(self, file: Path, statement: _Statement) -> None:
        """Take a statement, and whatever it uses."""
        if statement.text in self.found:
            return
        self.found.add(statement.text)
        for name in statement.names:
            self.take(file, name)
        for one in statement.imports:
            self._follow(file, one)

    def _follow(
        self, file: Path, statement: ast.Import | ast.ImportFrom, name: str | None = None
    ) -> None:
        """Take what an import brings, as one name or all, where a file of the course has it."""
        module = statement.module or "" if isinstance(statement, ast.ImportFrom) else ""
        source = self._find(file, module) if module else None
        for alias in statement.names:
            if name not in (None, alias.asname or alias.name.partition(".")[0], alias.name):
                continue
            if source is None:
                self.found.add(f"import {module} {alias.name}")
                self.is_open |= (module or alias.name).partition(".")[0] not in ELSEWHERE
            else:
                names = _read(source).binding if alias.name == "*" else (alias.name,)
                for one in names:
                    self.take(source, one)

    def _find(self, file: Path, module: str) -> Path | None:
        """Return the file of a module that is the course's own, or one of our checks."""
        inside = module.replace(".", "/")
        places = [PACKAGE.parent / f"{inside}.py"] if module.startswith("grader.checks.") else []
        places += [folder / f"{inside}.py" for folder in (file.parent, self.checks_dir)]
        return next((place for place in places if place.is_file()), None)


class _Statement:
    """One statement, and what is left of it without its words."""

    def __init__(self, node: ast.stmt) -> None:
        self.node = node

    @cached_property
    def text(self) -> str:
        """All of it that decides anything, as text."""
        return ast.dump(WITHOUT_WORDS.visit(self.node))

    @cached_property
    def _parts(self) -> list[ast.AST]:
        assert self.text  # noqa: S101 - so that its words are gone
        return list(ast.walk(self.node))

    @cached_property
    def names(self) -> set[str]:
        """The names that it uses, the exercise's apart."""
        return {part.id for part in self._parts if isinstance(part, ast.Name)} - {EXERCISE}

    @property
    def imports(self) -> list[ast.ImportFrom]:
        """What is imported inside of it."""
        return [part for part in self._parts if isinstance(part, ast.ImportFrom)]


class _Source:
    """One file, taken apart."""

    def __init__(self, tree: ast.Module) -> None:
        self.statements = [_Statement(node) for node in _without_docstring(tree.body)]
        self.binding: dict[str, list[_Statement]] = {}
        self.families: set[str] = set()
        for statement in self.statements:
            node = statement.node
            for name in bound_names(node):
                self.binding.setdefault(name, []).append(statement)
            module = node.module if isinstance(node, ast.ImportFrom) else None
            if (module or "").rpartition(".")[2] in FAMILIES:
                self.families |= set(bound_names(node))


def _read(file: Path) -> _Source:
    return _parsed(file, file.stat().st_mtime_ns)


@cache
def _parsed(file: Path, _: int) -> _Source:
    return _Source(ast.parse(file.read_bytes()))


def _decides(statement: ast.stmt, families: set[str]) -> bool:
    """Tell whether a statement of a check says more of the exercise than which mistakes it has.

    Of a function its decorators are looked at: what it does with the exercise it does when it is
    called.
    """
    if isinstance(statement, (ast.Import, ast.ImportFrom)):
        return False  # what is used of it enters where it is used
    looked_at = statement.decorator_list if isinstance(statement, ast.FunctionDef) else [statement]
    parts = [part for one in looked_at for part in ast.walk(one)]
    bare = set()
    for part in parts:
        if isinstance(part, ast.Attribute) and part.attr in OF_MISTAKES:
            bare.add(id(part.value))
        called = part.func if isinstance(part, ast.Call) else None
        if isinstance(called, ast.Name) and called.id in families and isinstance(part, ast.Call):
            bare |= {id(one) for one in part.args}
    uses = [part for part in parts if isinstance(part, ast.Name) and part.id == EXERCISE]
    return any(id(use) not in bare for use in uses)


class _Words(ast.NodeTransformer):
    """Takes away what is said, and leaves what is asked; a second time changes nothing."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        """Take a docstring and the name of a mistake from a function."""
        node.body = _without_docstring(node.body)
        node.decorator_list = [one for one in node.decorator_list if not _is_of_mistakes(one)]
        return self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """Take hints and the like from the description of an exercise."""
        if isinstance(node.func, ast.Name) and node.func.id in ("Exercise", "Check"):
            node.keywords = [one for one in node.keywords if one.arg not in WORDS_ALONE]
        return self.generic_visit(node)


WITHOUT_WORDS = _Words()


def _without_docstring(body: list[ast.stmt]) -> list[ast.stmt]:
    match body:
        case [ast.Expr(value=ast.Constant(value=str())), *rest]:
            return rest
    return body


def _is_of_mistakes(decorator: ast.expr) -> bool:
    return (
        isinstance(decorator, ast.Call)
        and isinstance(decorator.func, ast.Attribute)
        and decorator.func.attr in OF_MISTAKES
    )


def criteria(course: Course, exercises: Iterable[Exercise]) -> dict[str, str]:
    """Return the fingerprints of several exercises, by id."""
    return {exercise.id: criterion(course, exercise) for exercise in exercises}
