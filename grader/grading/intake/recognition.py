"""Find out which of the files that came in is which module of the course.

A file is recognised by its name; else by what it defines, when exactly one file fits. Where several
do, or nothing can be read, nobody guesses: the exercises of that module stay without points until
somebody has said which one is meant. What was guessed is told.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from grader.gradebook.people.delivery import Recognition
from grader.grading.intake.codefile import PYTHON_NAME, CodeFile
from grader.grading.intake.encodings import recode
from grader.grading.intake.submissions import EXERCISES
from grader.parsing import MAX_SOURCE_BYTES
from grader.text import safe_text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from grader.grading.intake.archives import Unpacked

CODE = ".py"
MAX_SHOWN = 6  # names of files in one sentence
MAX_LOOKED_THROUGH = 4 * MAX_SOURCE_BYTES  # of files that are looked for by what they define
UNOPENED = {
    ".rar": "a RAR archive", ".7z": "a 7-Zip archive", ".xz": "an archive", ".bz2": "an archive",
}  # fmt: skip
UNREADABLE = UNOPENED | {
    ".pdf": "a PDF", ".docx": "a Word document", ".doc": "a Word document", ".odt": "a document",
    ".png": "a picture", ".jpg": "a picture", ".jpeg": "a picture", ".heic": "a picture",
    ".pyc": "compiled Python", ".rtf": "a document", ".pages": "a document",
}  # fmt: skip


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
    warnings
        What may have been meant otherwise.
    unopened
        Those of `unclear` that may be in what cannot be opened.
    """

    sources: dict[str, CodeFile] = field(default_factory=dict)
    unclear: dict[str, str] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    how: Recognition = Recognition.NAME
    warnings: list[str] = field(default_factory=list)
    unopened: set[str] = field(default_factory=set)

    @property
    def note(self) -> str:
        """What was guessed, and what nobody can tell, in one line."""
        return "; ".join([*self.notes, *dict.fromkeys(self.unclear.values())])


def recognise(
    unpacked: Unpacked, wanted: Mapping[str, Collection[str]], asked: Collection[str] = ()
) -> Modules:
    """Return which file is which module.

    Parameters
    ----------
    unpacked
        All files, without the folders around them.
    wanted
        The functions that are asked for, by module.
    asked
        Names of other files that are asked for: whoever handed in but such a one left the rest out.
    """
    return _Recognition(unpacked, wanted, asked).recognise()


class _Recognition:
    """The files of one submission, and what is looked for in them."""

    def __init__(
        self, unpacked: Unpacked, wanted: Mapping[str, Collection[str]], asked: Collection[str]
    ) -> None:
        self.asked = {_ending(name) for name in asked}
        self.unpacked, self.wanted = unpacked, wanted
        self.files = {
            path: CodeFile(path, *recode(data, path))
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
        self.left = MAX_LOOKED_THROUGH
        self.looked_at: set[str] = set()
        self.unopened = [f"{_shown(path)}: {why}" for path, why in unpacked.broken.items()]
        self.unopened += [
            f"{_shown(path)} is {UNOPENED[_ending(path)]}"
            for path in unpacked.files
            if _ending(path) in UNOPENED
        ]

    def recognise(self) -> Modules:
        notebooks = [one for one in self.files.values() if one.is_notebook]
        only = len(notebooks) == 1 and not any(map(PYTHON_NAME.fullmatch, self.files))
        for module, functions in self.wanted.items():
            if only and not (self.unopened and notebooks[0].is_untouched(functions)):
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
            self._warn_of_parts(module, named, functions)
            return
        others = [one for one in self.named.values() if one is not named]
        fitting = self._fitting(functions, others) or self._fitting(functions, ())
        if len(fitting) == 1:
            (one,) = fitting
            self.found.sources[module] = one
            self.found.notes.append(f"graded {_shown(one.path)} as {module}{CODE}")
        elif fitting:
            self.found.unclear[module] = _doubt(f"{module}{CODE}", functions, fitting)
        elif named is not None and not self.unopened:
            self.found.sources[module] = named

    def _warn_of_parts(self, module: str, named: CodeFile, functions: Collection[str]) -> None:
        """Tell of files that define what the one of the right name does not even mention."""
        lacking = set(functions) - named.mentions(functions)
        if named.bound is None or named.bound.imports_all or not lacking:
            return
        for one in self.files.values():
            if one.mentions(lacking) and self._may_be_looked_at(one):
                names = _list(sorted(one.defines(lacking)))
                if names:
                    text = f"{_shown(one.path)} defines {names}, which {module}{CODE} does not"
                    self.found.warnings.append(text)

    def _fitting(self, functions: Collection[str], without: Iterable[CodeFile]) -> list[CodeFile]:
        """Return the files that define all functions; where none does, those that define some."""
        passed_over = {id(one) for one in without}
        by_content: dict[bytes, tuple[CodeFile, int]] = {}
        for one in self.files.values():
            if id(one) in passed_over or not one.mentions(functions):
                continue
            if not self._may_be_looked_at(one):
                continue
            if defined := one.defines(functions):
                by_content.setdefault(hashlib.sha256(one.code).digest(), (one, len(defined)))
        whole = [one for one, count in by_content.values() if count == len(functions)]
        return whole or [one for one, _ in by_content.values()]

    def _may_be_looked_at(self, one: CodeFile) -> bool:
        """Tell whether there is room for one more file to be looked through."""
        if one.path not in self.looked_at:
            self.looked_at.add(one.path)
            self.left -= len(one.code)
        if self.left < 0 and not self.unopened:
            self.unopened.append("there is more code in it than is looked through")
        return self.left >= 0

    def _settle_what_is_not_there(self) -> None:
        """Say of each module without a file whether it is missing, or nobody can tell."""
        found = self.found
        for module, functions in self.wanted.items():
            if module in found.sources or module in found.unclear:
                continue
            if why := self._why_unreadable(found.sources):
                found.unclear[module] = why
                found.unopened |= {module} if self.unopened else set()
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
        if self.unopened:
            return "; ".join(self.unopened[:MAX_SHOWN])
        if sources or any(map(PYTHON_NAME.fullmatch, self.files)):
            return ""
        others = [path for path in self.unpacked.files if _ending(path) in UNREADABLE]
        if others:
            told = [f"{_shown(path)} is {UNREADABLE[_ending(path)]}" for path in others[:MAX_SHOWN]]
            return f"there is no Python in it: {', '.join(told)}"
        if {_ending(path) for path in self.files} & self.asked:
            return ""
        if self.files:
            return f"there is no Python in it: {_list(self.files)}"
        return "there is nothing in it"


def _doubt(name: str, functions: Collection[str], fitting: Sequence[CodeFile]) -> str:
    """Say why nobody can tell which of several files a module is, and what its author can do.

    Parts of one module are not put together: what one defines beside them might be another's.
    """
    text = f"nobody can tell which file is {name}: "
    parts = [sorted(one.defines(functions)) for one in fitting]
    if sum(map(len, parts)) > len(set().union(*parts)):
        paths = _list([one.path for one in fitting])
        return f"{text}{paths} define what was asked for; keep one of them, named {name}"
    told = [f"{_shown(one.path)} ({_list(part)})" for one, part in zip(fitting, parts, strict=True)]
    text += f"{_list(told)} define a part of it each"
    return f"{text}; put all of it into one file, named {name}"


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
