"""Look at the text of a class: whether it is written, and has the methods that are asked for."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from grader.engine.reading.obstacles import Obstacle
from grader.engine.source import accepts, is_unwritten
from grader.model import Location, Status
from grader.model.results import UNWRITTEN

if TYPE_CHECKING:
    from grader.course.course import Exercise
    from grader.course.stubs import Stub
    from grader.engine.source import SourceFile
    from grader.model.sourcemap import SourceMap

Finding = tuple[Status, str, int, str]


def look_at_class(source: SourceFile, exercise: Exercise, sources: SourceMap) -> Obstacle | None:
    """Return why a class cannot be run, or None when it can.

    A class that is assigned, imported or made from another is left to the worker.

    Parameters
    ----------
    source
        The student's file.
    exercise
        What is asked for.
    sources
        What the student calls the files and their lines.
    """
    found = _find_fault(source.defined(exercise.name), exercise.stub)
    if found is None:
        return None
    status, text, line, name = found
    where = sources.locate(Location(f"{exercise.module}.py", line, name))
    return Obstacle(status, text, where)


def _find_fault(node: ast.AST | None, stub: Stub) -> Finding | None:
    """Return a status, words, and the line and the name that they are about."""
    if not isinstance(node, ast.ClassDef):
        return None
    found = {part.name: part for part in node.body if isinstance(part, ast.FunctionDef)}
    if found and is_unwritten(node):
        return Status.UNIMPLEMENTED, UNWRITTEN, node.lineno, stub.name
    whole = not node.bases and not node.decorator_list and len(found) == _count_names(node)
    for method in stub.methods:
        here = found.get(method.name)
        if here is None and whole and not method.name.startswith("__"):
            text = f"{stub.name} has no method {method.name}; it must have {method}"
            return Status.ERROR, text, node.lineno, stub.name
        count = len(method.parameters) + 1  # and `self`
        if here and not here.decorator_list and not accepts(here, method.required + 1, count):
            given = str(method).replace("(", "(self, " if method.parameters else "(self", 1)
            text = f"the parameters of {stub.name}.{method.name} were changed; they must be {given}"
            return Status.ERROR, text, here.lineno, method.name
    return None


def _count_names(node: ast.ClassDef) -> int:
    """Return how many names the body of a class may bind; each method binds one."""
    kinds = (ast.Expr, ast.Pass, ast.AnnAssign, ast.Assign)
    return sum(not isinstance(part, kinds) for part in node.body) + sum(
        isinstance(part, (ast.Assign, ast.AnnAssign)) and isinstance(part.value, ast.Name)
        for part in node.body  # another name for a method
    )
