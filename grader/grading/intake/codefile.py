"""What one file that came in defines, without running it."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from grader.engine.source import is_unwritten
from grader.errors import UnparsedError
from grader.grading.intake.notebooks import notebook_source
from grader.grading.intake.submissions import NOTEBOOK
from grader.parsing import parse_python

if TYPE_CHECKING:
    from collections.abc import Collection

    from grader.grading.intake.notebooks import Notebook

PYTHON_NAME = re.compile(r".*\.py(?:w|\.txt)?", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True)
class CodeFile:
    """A file in which code may be.

    Parameters
    ----------
    path
        Where it was.
    data
        Its bytes, a text of UTF-16 or UTF-32 as UTF-8.
    note
        What was done to read it.
    """

    path: str
    data: bytes
    note: str = ""

    @property
    def is_notebook(self) -> bool:
        """Whether it has a notebook's name."""
        return self.path.lower().endswith(NOTEBOOK)

    @cached_property
    def notebook(self) -> Notebook:
        """The code of a notebook."""
        return notebook_source(self.data)

    @cached_property
    def code(self) -> bytes:
        """The Python in it."""
        return self.notebook.text.encode("utf-8", "replace") if self.is_notebook else self.data

    @cached_property
    def bound(self) -> Bound | None:
        """What its top level binds; None where it does not parse."""
        try:
            return Bound.by(parse_python(self.code))
        except (UnparsedError, SyntaxError, ValueError, RecursionError, MemoryError):
            return None

    def mentions(self, names: Collection[str]) -> set[str]:
        """Return those of some names that stand anywhere in it."""
        return {name for name in names if name.encode() in self.code}

    def defines(self, names: Collection[str]) -> frozenset[str]:
        """Return those of some functions that it defines, and does not leave as the stub has them.

        Where it is named as Python and cannot be parsed, what looks like a definition is one: the
        student is told what is wrong with it.
        """
        there = self.mentions(names)
        if not there:
            return frozenset()
        if self.bound is None:
            head = r"^(?:async +)?def +{}\s*\("
            looks = PYTHON_NAME.fullmatch(self.path) is not None
            return frozenset(
                n for n in there
                if looks and re.search(head.format(n).encode(), self.code, re.MULTILINE)
            )  # fmt: skip
        return frozenset(there & self.bound.written)

    def is_untouched(self, names: Collection[str]) -> bool:
        """Tell whether it holds some functions only as the stub does, or not at all."""
        if self.bound is None:
            return not self.mentions(names)
        return not self.bound.imports_all and not (self.bound.written | self.bound.imported) & set(
            names
        )


@dataclass(frozen=True)
class Bound:
    """What the top level of a file binds, inside of its `if` and `try` too.

    Parameters
    ----------
    written
        Functions that are more than a stub's, and names that are assigned.
    imported
        Names that are imported.
    imports_all
        Whether anything is imported by a star.
    """

    written: frozenset[str]
    imported: frozenset[str]
    imports_all: bool

    @classmethod
    def by(cls, tree: ast.Module) -> Bound:
        """Return what a file binds."""
        written: set[str] = set()
        imported: set[str] = set()
        waiting: list[ast.AST] = [*tree.body]
        while waiting:
            node = waiting.pop()
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                written |= set() if is_unwritten(node) else {node.name}
            elif isinstance(node, (ast.Import, ast.ImportFrom)):
                imported |= {alias.asname or alias.name for alias in node.names}
            elif isinstance(node, (ast.Assign, ast.AnnAssign)):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                written |= {one.id for one in targets if isinstance(one, ast.Name)}
            elif not isinstance(node, (ast.ClassDef, ast.expr)):
                waiting += ast.iter_child_nodes(node)
        return cls(frozenset(written), frozenset(imported - {"*"}), "*" in imported)
