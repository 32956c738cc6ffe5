"""Find out which of the files that came in is which module of the course.

A file is recognised by its name; else by what it defines, when exactly one file fits. Where several
do, or nothing can be read, nobody guesses: the exercises of that module stay without points until
somebody has said which one is meant. What was guessed is told.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from grader.engine.source import is_unwritten
from grader.errors import UnparsedError
from grader.gradebook.people.delivery import Recognition
from grader.grading.intake.encodings import recode
from grader.grading.intake.notebooks import notebook_source
from grader.grading.intake.submissions import EXERCISES, NOTEBOOK
from grader.parsing import parse_python
from grader.text import safe_text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from grader.grading.intake.archives import Unpacked
    from grader.grading.intake.notebooks import Notebook

CODE = ".py"
PYTHON_NAME = re.compile(r".*\.py(?:w|\.txt)?", re.IGNORECASE | re.DOTALL)
MAX_SHOWN = 6  # names of files in one sentence
UNREADABLE = {
    ".pdf": "a PDF", ".docx": "a Word document", ".doc": "a Word document", ".odt": "a document",
    ".rar": "a RAR archive", ".7z": "a 7-Zip archive", ".xz": "an archive", ".bz2": "an archive",
    ".png": "a picture", ".jpg": "a picture", ".jpeg": "a picture", ".heic": "a picture",
    ".pyc": "compiled Python", ".rtf": "a document", ".pages": "a document",
}  # fmt: skip


@dataclass(frozen=True)
class Source:
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
    def tree(self) -> ast.Module | None:
        """Its syntax tree; None where it has none."""
        try:
            return parse_python(self.code)
        except (UnparsedError, SyntaxError, ValueError, RecursionError, MemoryError):
            return None

    def defines(self, names: Collection[str]) -> frozenset[str]:
        """Return those of some functions that it defines, and does not leave as the stub has them.

        Where it is named as Python and cannot be parsed, what looks like a definition is one: the
        student is told what is wrong with it.
        """
        there = {name for name in names if b"def " + name.encode() in self.code}
        if not there:
            return frozenset()
        if self.tree is None:
            head = r"^(?:async +)?def +{}\s*\("
            looks = PYTHON_NAME.fullmatch(self.path) is not None
            return frozenset(
                n for n in there
                if looks and re.search(head.format(n).encode(), self.code, re.MULTILINE)
            )  # fmt: skip
        written = {
            node.name for node in self.tree.body
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and not is_unwritten(node)
        }  # fmt: skip
        return frozenset(there & written)

    def is_untouched(self, names: Collection[str]) -> bool:
        """Tell whether it holds some functions only as the stub does, or not at all."""
        if self.tree is None:
            return not any(name.encode() in self.code for name in names)
        if self.defines(names):
            return False
        bound: set[str] = set()
        for node in ast.walk(self.tree):
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                bound |= {alias.asname or alias.name for alias in node.names}
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                bound.add(node.id)
        return "*" not in bound and not bound & set(names)


@dataclass
class Modules:
    """Which file is which module.

    Parameters
    ----------
    sources
        The file of each module that there is.
    unclear
        Modules of which nobody can tell which file they are, and why.
    missing
        Modules that are not there, and what is there instead.
    notes
        What was guessed, as sentences.
    how
        By what.
    """

    sources: dict[str, Source] = field(default_factory=dict)
    unclear: dict[str, str] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    how: Recognition = Recognition.NAME

    @property
    def note(self) -> str:
        """What was guessed, and what nobody can tell, in one line."""
        return "; ".join([*self.notes, *dict.fromkeys(self.unclear.values())])


def recognise(unpacked: Unpacked, wanted: Mapping[str, Collection[str]]) -> Modules:
    """Return which file is which module.

    Parameters
    ----------
    unpacked
        All files, without the folders around them.
    wanted
        The functions that are asked for, by module.
    """
    return _Recognition(unpacked, wanted).recognise()


class _Recognition:
    """The files of one submission, and what is looked for in them."""

    def __init__(self, unpacked: Unpacked, wanted: Mapping[str, Collection[str]]) -> None:
        self.unpacked, self.wanted = unpacked, wanted
        self.files = {
            path: Source(path, *recode(data, path))
            for path, data in unpacked.files.items()
            if _ending(path) not in UNREADABLE
        }
        self.named = {
            module: self.files[path]
            for module in wanted
            for path in (f"{module}{CODE}", f"{EXERCISES}/{module}{CODE}")  # the latter wins
            if path in self.files
        }
        self.found = Modules()

    def recognise(self) -> Modules:
        notebooks = [one for one in self.files.values() if one.is_notebook]
        only = len(notebooks) == 1 and not any(map(PYTHON_NAME.fullmatch, self.files))
        for module, functions in self.wanted.items():
            if only:
                self.found.sources[module] = notebooks[0]
            else:
                self._find(module, functions)
        self._settle_what_is_not_there()
        if not self.found.sources and self.found.unclear:
            self.found.how = Recognition.UNREADABLE
        elif self.found.notes:
            self.found.how = Recognition.CONTENT
        return self.found

    def _find(self, module: str, functions: Collection[str]) -> None:
        named = self.named.get(module)
        if named is not None and not named.is_untouched(functions):
            self.found.sources[module] = named
            return
        others = [one for one in self.named.values() if one is not named]
        fitting = self._fitting(functions, others) or self._fitting(functions, ())
        if len(fitting) == 1:
            (one,) = fitting
            self.found.sources[module] = one
            self.found.notes.append(f"graded {_shown(one.path)} as {module}{CODE}")
        elif fitting:
            paths = _list([one.path for one in fitting])
            text = (
                f"nobody can tell which file is {module}{CODE}: {paths} define what was asked for"
            )
            self.found.unclear[module] = f"{text}; keep one of them, named {module}{CODE}"
        elif named is not None:
            self.found.sources[module] = named

    def _fitting(self, functions: Collection[str], without: Iterable[Source]) -> list[Source]:
        """Return the files that define all functions; where none does, those that define some."""
        passed_over = {id(one) for one in without}
        by_content: dict[bytes, tuple[Source, int]] = {}
        for one in self.files.values():
            if id(one) not in passed_over and (defined := one.defines(functions)):
                by_content.setdefault(one.code, (one, len(defined)))
        whole = [one for one, count in by_content.values() if count == len(functions)]
        return whole or [one for one, _ in by_content.values()]

    def _settle_what_is_not_there(self) -> None:
        """Say of each module without a file whether it is missing, or nobody can tell."""
        found = self.found
        for module, functions in self.wanted.items():
            if module in found.sources or module in found.unclear:
                continue
            if why := self._why_unreadable(found.sources):
                found.unclear[module] = why
                continue
            text = f"there is no file {module}{CODE}"
            if self.files:
                names = _list(sorted(functions), "or")
                text += f", and none of {_list(self.files)} defines {names}"
            found.missing[module] = text

    def _why_unreadable(self, sources: Collection[str]) -> str:
        """Return why nobody can tell what was handed in; empty where everything was looked at.

        Pictures and documents beside code are only that.
        """
        broken = [f"{_shown(path)}: {why}" for path, why in self.unpacked.broken.items()]
        if broken:
            return "; ".join(broken[:MAX_SHOWN])
        if sources or any(map(PYTHON_NAME.fullmatch, self.files)):
            return ""
        others = [path for path in self.unpacked.files if _ending(path) in UNREADABLE]
        if others:
            told = [f"{_shown(path)} is {UNREADABLE[_ending(path)]}" for path in others[:MAX_SHOWN]]
            return f"there is no Python in it: {', '.join(told)}"
        if self.files:
            return f"there is no Python in it: {_list(self.files)}"
        return "there is nothing in it"


def _ending(path: str) -> str:
    return f".{path.lower().rpartition('.')[2]}" if "." in path.rpartition("/")[2] else ""


def _shown(path: str) -> str:
    return safe_text(path)[:200]


def _list(paths: Iterable[str], last: str = "and") -> str:
    """Return some names as people list them; of many, the first."""
    shown = [_shown(path) for path in paths]
    more = len(shown) - MAX_SHOWN
    if more > 0:
        shown = [*shown[:MAX_SHOWN], f"{more} more"]
    return ", ".join(shown[:-1]) + f" {last} " * (len(shown) > 1) + shown[-1] if shown else ""
