"""A course's files, taken apart into statements: what each says of an exercise, and uses."""

from __future__ import annotations

import ast
from functools import cache, cached_property
from typing import TYPE_CHECKING

from grader.engine.reading.bindings import bound_names, changed_names

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

EXERCISE = "exercise"
WORDS_ALONE = frozenset({"hints", "decks", "requires", "features"})
OF_MISTAKES = frozenset({"add", "mistake"})
FAMILIES = ("_shared", "_mistakes")  # of our checks: their functions take one and add mistakes
REACHING = {"open", "globals", "exec", "eval", "compile", "__import__", "__file__", "importlib"}
READING = {"load", "loadtxt", "genfromtxt", "fromfile", "read_text", "read_bytes", "open"}


class Authored:
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
    def imports(self) -> list[ast.Import | ast.ImportFrom]:
        """What is imported inside of it."""
        return [part for part in self._parts if isinstance(part, (ast.Import, ast.ImportFrom))]

    @property
    def reaches_out(self) -> bool:
        """Whether it may read what no syntax tree shows: a file, a name that is made up."""
        attributes = {part.attr for part in self._parts if isinstance(part, ast.Attribute)}
        return bool(self.names & REACHING or attributes & READING)


class AuthorFile:
    """One file, taken apart."""

    def __init__(self, tree: ast.Module) -> None:
        self.statements = [Authored(node) for node in _without_docstring(tree.body)]
        self.binding: dict[str, list[Authored]] = {}
        self.changing: dict[str, list[Authored]] = {}
        self.acting: list[Authored] = []  # what is run when the file is, whatever is used of it
        self.stars: list[ast.ImportFrom] = []
        self.families: set[str] = set()
        for statement in self.statements:
            node = statement.node
            for name in bound_names(node):
                self.binding.setdefault(name, []).append(statement)
            for name in _may_change(node):
                self.changing.setdefault(name, []).append(statement)
            if _acts(node):
                self.acting.append(statement)
            if isinstance(node, ast.ImportFrom) and any(one.name == "*" for one in node.names):
                self.stars.append(node)
            module = (node.module or "") if isinstance(node, ast.ImportFrom) else ""
            if module.startswith("grader.checks.") and module.rpartition(".")[2] in FAMILIES:
                self.families |= set(bound_names(node))


def read_author(file: Path) -> AuthorFile:
    """Return a file of a course taken apart, as it is now."""
    return _parsed(file, file.stat().st_mtime_ns)


@cache
def _parsed(file: Path, _: int) -> AuthorFile:
    return AuthorFile(ast.parse(file.read_bytes()))


def _may_change(statement: ast.stmt) -> set[str]:
    """Return the names of which a statement that binds others may change what they stand for.

    Those of which it changes a part, and those that it calls or hands to a call: `_ = SIZES.pop()`.
    """
    if not isinstance(statement, (ast.Assign, ast.AnnAssign)):
        return set()
    calls = (part for part in ast.walk(statement) if isinstance(part, ast.Call))
    handed = {part.id for call in calls for part in ast.walk(call) if isinstance(part, ast.Name)}
    return {*changed_names(statement), *handed} - {EXERCISE}


def _acts(statement: ast.stmt) -> bool:
    """Tell whether a statement does more than to bind: `SIZES.append(4)`, `prepare()`, a loop.

    What describes the exercise is none of them.
    """
    if isinstance(statement, (ast.ClassDef, ast.Import, ast.ImportFrom, ast.Assign, ast.AnnAssign)):
        return False
    if isinstance(statement, ast.FunctionDef):
        parts: list[ast.AST] = [part for one in statement.decorator_list for part in ast.walk(one)]
        return bool(parts) and not any(map(_is_exercise, parts))
    return not any(map(_is_exercise, ast.walk(statement)))


def _is_exercise(part: ast.AST) -> bool:
    return isinstance(part, ast.Name) and part.id == EXERCISE


def is_plain(statement: ast.stmt) -> bool:
    """Tell whether a statement that decides is one of the two that a check has.

    `exercise = Exercise(...)`, or a function under `@exercise.equivalent`; after any other one the
    exercise may be called otherwise.
    """
    if isinstance(statement, ast.FunctionDef):
        return all(
            isinstance(one, ast.Attribute) or _is_of_mistakes(one)
            for one in statement.decorator_list
        )
    if isinstance(statement, ast.Expr):
        called = statement.value.func if isinstance(statement.value, ast.Call) else None
        return isinstance(called, ast.Attribute) and called.attr == "equivalent"
    return isinstance(statement, ast.Assign) and not any(
        _is_exercise(part) for part in ast.walk(statement.value)
    )


def decides(statement: ast.stmt, families: set[str]) -> bool:
    """Tell whether a statement of a check says more of the exercise than which mistakes it has.

    Of a function its decorators are looked at: what it does with the exercise it does when it is
    called.
    """
    if isinstance(statement, (ast.Import, ast.ImportFrom)):
        return False  # what is used of it enters where it is used
    looked_at = statement.decorator_list if isinstance(statement, ast.FunctionDef) else [statement]
    return uses_exercise(looked_at, families)


def uses_exercise(nodes: Iterable[ast.AST], families: set[str]) -> bool:
    """Tell whether anything is done with the exercise but to add mistakes to it."""
    parts = [part for one in nodes for part in ast.walk(one)]
    bare = set()
    for part in parts:
        if isinstance(part, ast.Attribute) and part.attr in OF_MISTAKES:
            bare.add(id(part.value))
        called = part.func if isinstance(part, ast.Call) else None
        if isinstance(called, ast.Name) and called.id in families and isinstance(part, ast.Call):
            bare |= {id(one) for one in part.args}
    return any(_is_exercise(part) and id(part) not in bare for part in parts)


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
