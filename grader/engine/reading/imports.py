"""Decide which imports of a submission may be run, by what each asked function needs.

Numpy, the standard library and the submission's own files may be imported. An import of anything
else is refused; it costs the functions that need it, through whatever names, and nobody else: it
is left out when the file is run. This is the one place that knows the rule.
"""

from __future__ import annotations

import os
import stat
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from grader.engine.reading.bindings import bound_names, find_imports
from grader.engine.reading.statements import NameTable, read_statements
from grader.errors import UnparsedError
from grader.parsing import MAX_SOURCE_BYTES, TOO_LARGE, decode_source, parse_python
from grader.text import safe_text

if TYPE_CHECKING:
    import ast
    from collections.abc import Sequence
    from pathlib import Path

    from grader.engine.reading.bindings import Import

MAX_SHOWN = 200
MAX_OWN_BYTES = 4 * MAX_SOURCE_BYTES  # of the files that a submission imports, all together
STANDARD = frozenset(sys.stdlib_module_names)
ALLOWED = STANDARD | {"numpy"}
UNREADABLE = (SyntaxError, ValueError, RecursionError, MemoryError, OSError)


@dataclass(frozen=True, slots=True)
class Contents:
    """What one file imports, and the names at its top level; or why that cannot be told."""

    imports: tuple[Import, ...] = ()
    names: frozenset[str] = frozenset()
    problem: str = ""


def read_tree(path: Path) -> ast.Module:
    """Return the syntax tree of a file.

    Raises
    ------
    SyntaxError, ValueError, RecursionError, MemoryError, OSError
        It is not Python, or cannot be read.
    UnparsedError
        It is not looked at.
    """
    return parse_python(_read(path))


def _read(path: Path) -> bytes:
    there = path.stat()
    if not stat.S_ISREG(there.st_mode):
        raise UnparsedError("it is no ordinary file")
    if there.st_size > MAX_SOURCE_BYTES:
        raise UnparsedError(f"the file is {TOO_LARGE}")
    return path.read_bytes()


def contents_of(tree: ast.Module) -> Contents:
    """Return what a tree imports, and the names at its top level."""
    names = frozenset(name for node in tree.body for name in bound_names(node))
    return Contents(tuple(find_imports(tree)), names)


@dataclass
class OwnFiles:
    """What the files of one submission hold, each of them parsed once.

    What is not parsed may import anything, and is not allowed.

    Parameters
    ----------
    folder
        Where they are.
    libraries
        What the course allows besides numpy.
    """

    folder: Path
    libraries: Sequence[str] = ()
    _left: int = MAX_OWN_BYTES
    _contents: dict[Path, Contents] = field(default_factory=dict)
    _names: dict[Path, NameTable] = field(default_factory=dict)
    _found: dict[tuple[Path, str], list[Path]] = field(default_factory=dict)

    def add(self, file: Path, contents: Contents) -> None:
        """Take in what is known about a file already."""
        self._contents.setdefault(file, contents)

    def contents(self, file: Path) -> Contents:
        """Return what a file imports and binds."""
        if file not in self._contents:
            self._contents[file] = self._look(file)
        return self._contents[file]

    def _look(self, file: Path) -> Contents:
        try:
            self._left -= min(file.stat().st_size, MAX_SOURCE_BYTES)
            if self._left < 0:
                text = f"all files together are larger than {MAX_OWN_BYTES // 2**20} MiB"
                return Contents(problem=text)
            return contents_of(read_tree(file))
        except UnparsedError as error:
            return Contents(problem=str(error))
        except UNREADABLE:  # by the worker neither
            return Contents()

    def names(self, file: Path) -> NameTable:
        """Return which statements of a file give its names their values."""
        if file not in self._names:
            try:
                source = decode_source(_read(file))
                statements = list(read_statements(parse_python(source), source))
            except UNREADABLE:
                statements = []
            self._names[file] = NameTable(statements)
        return self._names[file]

    def files(self, base: Path, top: str) -> list[Path]:
        """Return the files that an import of a module or package in a folder may run."""
        if (base, top) not in self._found:
            self._found[base, top] = own_files(base, top)
        return self._found[base, top]


def own_files(folder: Path, name: str) -> list[Path]:
    """Return the files of a submission that `import name` would run, a package before a module.

    There are none where a name is too long for a file, a package too deep to be looked through, or
    what is asked is nothing that an import can say: `..` is another folder's.
    """
    if not name.isidentifier():
        return []
    file, package = folder / f"{name}.py", folder / name
    is_package = os.path.isfile(package / "__init__.py")  # noqa: PTH113 - as below
    if os.path.isfile(file) and not is_package:  # noqa: PTH113 - never raises, as `Path.is_file` does
        return [file]
    try:
        found = package.rglob("*.py") if package.is_dir() else ()
        return sorted(one for one in found if os.path.isfile(one))  # noqa: PTH113
    except (OSError, ValueError, RecursionError):
        return []


def module_file(base: Path, dotted: str) -> Path | None:
    """Return the one file that a module is, if there is one."""
    path = base.joinpath(*dotted.split("."))
    for file in (path / "__init__.py", path.with_name(f"{path.name}.py")):
        if os.path.isfile(file):  # noqa: PTH113 - never raises, as `Path.is_file` does
            return file
    return None


@dataclass(frozen=True, slots=True)
class Refusal:
    """An import that is not allowed.

    Parameters
    ----------
    file, line
        Where it is.
    name
        What it imports, in words.
    why
        The rule that it breaks.
    """

    file: Path
    line: int
    name: str
    why: str


def shown(name: str) -> str:
    """Return the name of a module or file, cut and harmless."""
    cut = name if len(name) <= MAX_SHOWN else f"{name[:MAX_SHOWN]}…"
    return safe_text(cut, spelt_out=False)


@dataclass
class Survey:
    """All imports of a module and of the own files that it leads to.

    Parameters
    ----------
    own
        The files.
    start
        That of the module.

    Attributes
    ----------
    refused
        What may not be imported, by file.
    namesakes
        Own files with the name of a library that is imported in their place.
    files
        All that were looked at, in the order in which they were found.
    """

    own: OwnFiles
    start: Path
    refused: dict[tuple[Path, Import], Refusal] = field(init=False, default_factory=dict)
    namesakes: dict[Path, str] = field(init=False, default_factory=dict)
    files: list[Path] = field(init=False, default_factory=list)

    _library_files: dict[str, Path | None] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        waiting, seen = [self.start], {self.start}
        while waiting:
            file = waiting.pop()
            self.files.append(file)
            for one in self.own.contents(file).imports:
                new = [other for other in self._judge(file, one) if other not in seen]
                seen.update(new)
                waiting += new

    @property
    def _rule(self) -> str:
        names = ", ".join(("numpy", *self.own.libraries))
        return f"only {names}, the standard library and your own files may be imported"

    def base(self, file: Path, one: Import) -> Path:
        """Return the folder in which an import looks for own files."""
        depth = len(file.relative_to(self.own.folder).parts)
        return file.parents[min(one.level, depth) - 1] if one.level else self.own.folder

    def is_library(self, one: Import) -> bool:
        """Tell whether an import means numpy, the standard library or what the course allows."""
        return not one.level and (one.top in ALLOWED or one.top in self.own.libraries)

    def namesake(self, one: Import) -> Path | None:
        """Return the own file that an import of a library may have been meant for."""
        if not self.is_library(one):
            return None
        if one.top not in self._library_files:
            self._library_files[one.top] = module_file(self.own.folder, one.top)
        return self._library_files[one.top]

    def _judge(self, file: Path, one: Import) -> list[Path]:
        """Note an import that is refused; return the own files that another one leads to."""
        if self.is_library(one):
            own = self.namesake(one)
            if own is not None and own != file:
                self.namesakes[own] = one.top
                if one.name and one.name in self.own.contents(own).names:
                    self.refused[file, one] = mistaken(file, one)
            return []
        found = self.own.files(self.base(file, one), one.top)
        if not found:
            self.refused[file, one] = Refusal(file, one.line, shown(one.top), self._rule)
            return []
        for other in found:
            if problem := self.own.contents(other).problem:
                name = f"{shown(one.top)} ({shown(other.name)}: {problem})"
                self.refused[file, one] = Refusal(file, one.line, name, self._rule)
        return found


def mistaken(file: Path, one: Import) -> Refusal:
    """Return what is wrong with an import of an own file that a library hides."""
    return Refusal(file, one.line, one.top, namesake_words(one.top))


def namesake_words(top: str) -> str:
    """Say why an own file cannot have a name.

    Examples
    --------
    >>> namesake_words("statistics")
    "statistics is a module of Python's own: give your file another name"
    """
    whose = "a module of Python's own" if top in STANDARD else "a library"
    return f"{top} is {whose}: give your file another name"
