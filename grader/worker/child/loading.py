"""Import the student's files: whole, cell by cell, or without what is left out of them."""

from __future__ import annotations

import bisect
import importlib.machinery
import importlib.util
import os
import sys
from typing import TYPE_CHECKING, Any

from grader.worker.child.agreed import CELL_MARK, NOTEBOOK_MARK

if TYPE_CHECKING:
    import types

    from grader.worker.child.absences import Absences


def import_file(name: str, folder: str, left_out: Absences | None) -> types.ModuleType:
    """Import the student's file of that name, without what is left out of it."""
    path = os.path.join(folder, name + ".py")
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"cannot read {name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        if not run_cells(module, path, left_out):
            if left_out is not None:
                run_statements(module, path, left_out)
            else:
                spec.loader.exec_module(module)
    except BaseException:
        sys.modules.pop(name, None)
        raise
    return module


class OwnFinder:
    """Find modules as Python does, and let those of the student's folder leave things out."""

    def __init__(self, left_out: Absences, folder: str) -> None:
        self._left_out, self._folder = left_out, folder

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        """Return what `PathFinder` finds, with a loader of ours for the student's files."""
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        plain = importlib.machinery.SourceFileLoader
        is_own = spec is not None and str(spec.origin).startswith(self._folder)
        if spec is not None and is_own and type(spec.loader) is plain:
            spec.loader = OwnLoader(name, str(spec.origin), self._left_out)
        return spec


class OwnLoader(importlib.machinery.SourceFileLoader):
    """Run a file of the student's without what is left out of it."""

    def __init__(self, name: str, path: str, left_out: Absences) -> None:
        super().__init__(name, path)
        self._left_out = left_out

    def exec_module(self, module: types.ModuleType) -> None:
        """Run the file."""
        run_statements(module, self.path, self._left_out)


def run_cells(module: types.ModuleType, path: str, left_out: Absences | None = None) -> bool:
    """Run a file that was made from a notebook, cell by cell; tell whether it is one.

    A cell that raises is noted on the standard error, and the next one runs, as in a notebook.
    """
    with open(path, "rb") as file:
        source = file.read()
    if not source.startswith(NOTEBOOK_MARK):
        return False
    import ast  # noqa: PLC0415 - only notebooks pay for it

    cells: dict[int, list[Any]] = {}
    starts = [n for n, line in enumerate(source.split(b"\n"), 1) if line.startswith(CELL_MARK)]
    body = ast.parse(source, path).body if left_out is None else left_out.read(source, path)
    for statement in body:
        first = getattr(statement, "decorator_list", None) or [statement]
        number = bisect.bisect_right(starts, first[0].lineno)
        cells.setdefault(number, []).append(statement)
    for number, statements in cells.items():
        try:
            if left_out is None:
                code = compile(ast.Module(statements, []), path, "exec")
                exec(code, module.__dict__)  # noqa: S102 - as above
                continue
            for statement in statements:
                code = compile(ast.Module([statement], []), path, "exec")
                run_statement(code, statement, module, left_out)
        except Exception as error:  # noqa: BLE001 - it may raise anything
            print(f"cell {number} raised {type(error).__name__}: {error}", file=sys.stderr)  # noqa: T201
    return True


def run_statements(module: types.ModuleType, path: str, left_out: Absences) -> None:
    """Run a file statement by statement, without what is left out of it."""
    import __future__  # noqa: PLC0415 - only who leaves something out pays for it

    import ast  # noqa: PLC0415

    with open(path, "rb") as file:
        statements = left_out.read(file.read(), path)
    flags = 0
    for statement in statements:
        if isinstance(statement, ast.ImportFrom) and statement.module == "__future__":
            for alias in statement.names:
                flags |= getattr(getattr(__future__, alias.name, None), "compiler_flag", 0)
        tree = ast.Module([statement], [])
        code = compile(tree, path, "exec", flags=flags, dont_inherit=True)
        run_statement(code, statement, module, left_out)


def run_statement(code: Any, statement: Any, module: types.ModuleType, left_out: Absences) -> None:
    """Run one statement; note it where it missed something that is left out."""
    try:
        exec(code, module.__dict__)  # noqa: S102 - the student's code is what we are here for
    except Exception as error:
        if not left_out.forgives(error, statement):
            raise
        name = os.path.basename(code.co_filename)
        where = f'File "{name}", line {statement.lineno}'
        print(f"{where} is left out: {type(error).__name__}: {error}", file=sys.stderr)  # noqa: T201
