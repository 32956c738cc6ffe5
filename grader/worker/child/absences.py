"""What is left out of the student's files, and what is forgiven for that."""

from __future__ import annotations

import os
import sys
from typing import Any


class Absences:
    """What is not run of the student's files, and what follows from that.

    The trusted side names the parts: imports that nothing asked for needs, and statements that
    use them. A statement at the top level that misses them all the same, through a function of
    its own say, is passed over and noted. Nothing else is forgiven.
    """

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._gone: dict[str, set[tuple[int, ...]]] = {}
        self._absent: set[str] = set()
        self._names: set[str] = set()

    def add(self, told: dict[str, Any]) -> None:
        """Take in what is left out of some files (docs/engineer/worker.md)."""
        for file, parts in told["parts"].items():
            path = os.path.join(self._folder, *file.split("/"))
            self._gone.setdefault(path, set()).update(tuple(part) for part in parts)
        self._absent.update(told["absent"])
        self._names.update(told["names"])

    def read(self, source: bytes, path: str) -> list[Any]:
        """Return the statements of a file that are left, an import of several things as several."""
        import ast  # noqa: PLC0415 - only who leaves something out pays for it

        gone = self._gone.get(path, set())
        tree = ast.parse(source, path)
        waiting: list[Any] = [tree] if gone else []
        while waiting:
            node = waiting.pop()
            for block in ("body", "orelse", "finalbody", "handlers", "cases"):
                parts = getattr(node, block, None)
                if isinstance(parts, list) and parts:
                    kept = [part for part in parts if self._keeps(part, gone)]
                    empty = not kept and node is not tree
                    kept += [ast.copy_location(ast.Pass(), parts[0])] if empty else []
                    setattr(node, block, kept)
                    waiting += kept
        return [one for statement in tree.body for one in self._separate(statement)]

    def _keeps(self, part: Any, gone: set[tuple[int, ...]]) -> bool:
        """Tell whether a statement stays; take out of an import what does not."""
        import ast  # noqa: PLC0415

        if (getattr(part, "lineno", 0), getattr(part, "col_offset", 0)) in gone:
            self._names |= bound_names(part)
            return False
        if not isinstance(part, (ast.Import, ast.ImportFrom)):
            return True
        for alias in part.names:
            if (alias.lineno, alias.col_offset) in gone:
                self._names |= bound_names(alias)
        part.names = [one for one in part.names if (one.lineno, one.col_offset) not in gone]
        return bool(part.names)

    def _separate(self, statement: Any) -> list[Any]:
        import ast  # noqa: PLC0415

        if not isinstance(statement, ast.ImportFrom) or len(statement.names) == 1:
            return [statement]
        parts = [ast.ImportFrom(statement.module, [one], statement.level)
                 for one in statement.names]  # fmt: skip
        return [ast.copy_location(part, statement) for part in parts]

    def forgives(self, error: Exception, statement: Any) -> bool:
        """Tell whether a statement raised since something is left out; what it binds is, too."""
        name, kind = getattr(error, "name", None), type(error)
        if kind is ModuleNotFoundError:
            missed = str(name).partition(".")[0] in self._absent
        elif kind is ImportError:  # `from helper import plot`, when that is left out there
            names = getattr(statement, "names", [])
            missed = len(names) == 1 and names[0].name in self._names
        elif kind is AttributeError:
            missed = name in self._names and isinstance(error.obj, type(sys))  # type: ignore[attr-defined]
        else:
            missed = kind is NameError and (name in self._names or "*" in self._names)
        if missed:
            self._names |= bound_names(statement)
        return missed


def bound_names(node: Any) -> set[str]:
    """Return the names that a statement binds, or one thing of an import."""
    import ast  # noqa: PLC0415 - only who leaves something out pays for it

    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return {node.name}
    found = set()
    for part in ast.walk(node):
        if isinstance(part, ast.alias):
            found.add(part.asname or part.name.partition(".")[0])
        elif isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
            found.add(part.id)
    return found
