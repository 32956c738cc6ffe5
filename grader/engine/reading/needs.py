"""Tell what a function needs of the imports that are refused, and what is left out for the others.

A function needs what it reaches through names at the top level: helpers, constants, classes,
decorators, and names of own files. What it does not reach costs it nothing.
"""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING

from grader.engine.reading.bindings import STAR
from grader.engine.reading.imports import mistaken, module_file, namesake_words, shown
from grader.engine.reading.statements import Seen
from grader.model import LeftOut, Location

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

    from grader.engine.reading.bindings import Import
    from grader.engine.reading.imports import Refusal, Survey
    from grader.engine.reading.statements import Statement
    from grader.model.sourcemap import SourceMap

MAX_TOLD = 6
MAX_ASKED = 500_000


class Search:
    """Look for the refused imports that a function needs, through names and own files.

    Parameters
    ----------
    survey
        Of its module.
    """

    def __init__(self, survey: Survey) -> None:
        self._survey, self._own = survey, survey.own
        self._given: dict[Path, Seen] = {}
        self._asked: set[tuple[Path, str, int | None]] = set()
        self._taken: set[tuple[Path, str, str]] = set()
        self._visited: set[tuple[Path, int, int | None]] = set()
        self._whole: set[Path] = set()
        self._waiting: list[tuple[Path, str, int | None]] = []
        self._found: dict[Refusal, None] = {}

    def run(self, name: str) -> list[Refusal]:
        """Return the refused imports that a function needs, those of its own file first."""
        start = self._survey.start
        self._ask(start, name, None)
        while self._waiting:
            if len(self._asked) > MAX_ASKED:  # nobody can tell in time: all of it may be needed
                self._take_all(self._survey.files)
                break
            file, wanted, before = self._waiting.pop()
            names = self._own.names(file)
            if wanted not in names and not hasattr(builtins, wanted):
                self._look_into_stars(file, wanted)
            for place in names.givers(wanted, before, self._given.setdefault(file, Seen())):
                for one in names.imports.get((place, wanted), ()):
                    self._follow(file, one)
                self._visit(file, place, before)
        return sorted(self._found, key=lambda one: (one.file != start, str(one.file), one.line))

    def _ask(self, file: Path, name: str, before: int | None) -> None:
        if (file, name, before) not in self._asked:
            self._asked.add((file, name, before))
            self._waiting.append((file, name, before))

    def _visit(self, file: Path, place: int, before: int | None) -> None:
        """Follow what a statement uses that is wanted by one at another place, or at the end."""
        if (file, place, before) in self._visited:
            return
        self._visited.add((file, place, before))
        names = self._own.names(file)
        statement = names.statements[place]
        for one in statement.imports:
            if one.inner:
                self._follow(file, one)
                self._follow_module(file, one, "")
        for name, limit in names.uses(place, before):
            self._ask(file, name, limit)
            for attribute in statement.attributes.get(name, ("",)) if name in names.modules else ():
                if (file, name, attribute) not in self._taken:
                    self._taken.add((file, name, attribute))
                    for one in names.modules[name]:
                        self._follow_module(file, one, attribute)

    def _follow(self, file: Path, one: Import) -> None:
        """Follow an import that is needed; what is needed of a module, its users say."""
        refusal = self._survey.refused.get((file, one))
        if refusal is not None:
            self._found[refusal] = None
        elif one.name:
            self._take(file, one, one.name)

    def _follow_module(self, file: Path, one: Import, attribute: str) -> None:
        """Follow the use of an attribute of a module, or of the module as a whole."""
        own = self._survey.namesake(one)
        if own is not None and own != file and attribute in self._own.contents(own).names:
            self._found[mistaken(file, one)] = None
        if not one.name:
            self._take(file, one, attribute)

    def _take(self, file: Path, one: Import, name: str) -> None:
        """Follow a name into the own file that it is taken from, or into all where nobody knows."""
        if self._survey.is_library(one) or (file, one) in self._survey.refused:
            return
        base = self._survey.base(file, one)
        target = module_file(base, one.module)
        if target is not None and name not in ("", STAR):
            names = self._own.names(target)
            if name in names or names.stars:
                self._ask(target, name, None)
                return
        self._take_all(self._own.files(base, one.top))

    def _take_all(self, files: Iterable[Path]) -> None:
        """Count every import of some files, and of those that they lead to, as needed."""
        waiting = list(files)
        while waiting:
            file = waiting.pop()
            if file in self._whole:
                continue
            self._whole.add(file)
            for one in self._own.contents(file).imports:
                refusal = self._survey.refused.get((file, one))
                if refusal is not None:
                    self._found[refusal] = None
                elif not self._survey.is_library(one):
                    waiting += self._own.files(self._survey.base(file, one), one.top)

    def _look_into_stars(self, file: Path, wanted: str) -> None:
        """Look for a name that a file does not bind where it imports everything from."""
        for one in self._own.names(file).stars:
            refusal = self._survey.refused.get((file, one))
            if refusal is not None:
                self._found[refusal] = None
                continue
            own = self._survey.namesake(one)
            if own is not None and own != file and wanted in self._own.contents(own).names:
                self._found[mistaken(file, one)] = None
            elif not self._survey.is_library(one):
                target = module_file(self._survey.base(file, one), one.module)
                if target is not None:
                    self._ask(target, wanted, None)


# ----------------------------------------------------------------------------- for the others


def left_out(survey: Survey) -> LeftOut | None:
    """Return what a worker leaves out of the files of a module; None when that is nothing."""
    if not survey.refused:
        return None
    parts: dict[Path, list[tuple[int, int]]] = {}
    for file, one in survey.refused:
        parts.setdefault(file, []).extend([one.at] if _is_taken_out(one) else [])
    for file, gone in parts.items():
        gone += [(one.line, one.column) for one in fallen(survey, file)]
    root = survey.own.folder
    named = {file.relative_to(root).as_posix(): gone for file, gone in parts.items()}
    absent = {one.top for _, one in survey.refused}
    tried = {one.binds for _, one in survey.refused if one.guarded}
    return LeftOut(named, tuple(sorted(absent)), tuple(sorted(tried)))


def _is_taken_out(one: Import) -> bool:
    """Tell whether an import would stop its file: what is tried may fail by itself."""
    return not one.inner and not one.guarded


def fallen(survey: Survey, file: Path) -> list[Statement]:
    """Return the statements of a file that use, as they are run, what is left out of it."""
    gone, found = set[str](), []
    for statement in survey.own.names(file).statements:
        out = {
            one.binds
            for one in statement.imports
            if (file, one) in survey.refused and _is_taken_out(one)
        }
        gone |= out
        if statement.now and statement.uses & gone:
            found.append(statement)
            gone |= statement.binds
        elif statement.whole:
            gone -= statement.binds - out
    return found


def tell_left_out(
    surveys: Iterable[Survey], needed: Collection[str], sources: SourceMap
) -> tuple[str, ...]:
    """Return what to say about imports that cost nobody anything.

    Parameters
    ----------
    surveys
        Of the modules that were asked for.
    needed
        The imports that some asked function needs, as `in_words` tells them: that is said there.
    sources
        What the student calls the files and their lines.
    """
    imports: dict[str, None] = {}
    users: dict[str, None] = {}
    namesakes: dict[str, None] = {}
    for survey in surveys:
        imports |= dict.fromkeys(in_words(one, sources) for one in survey.refused.values())
        for file in dict.fromkeys(file for file, _ in survey.refused):
            lines = (Location(shown(file.name), one.line) for one in fallen(survey, file))
            users |= dict.fromkeys(str(sources.locate(line)) for line in lines)
        mistaken_for = {one.name for one in survey.refused.values()}
        for own, top in survey.namesakes.items():
            if top not in mistaken_for:
                namesakes[f"{shown(own.name)} is not used: {namesake_words(top)}"] = None
    told = [one for one in imports if one not in needed]
    said = []
    if told:
        said.append(f"left out, since nothing that is asked for needs it: {_several(told)}")
    if users:
        said.append(f"left out, since it uses what is left out: {_several(list(users))}")
    return (*said, *namesakes)


def in_words(refusal: Refusal, sources: SourceMap) -> str:
    """Return what an import imports, and where it is."""
    return f"{refusal.name} ({sources.locate(location_of(refusal))})"


def location_of(refusal: Refusal) -> Location:
    """Return where an import is."""
    return Location(shown(refusal.file.name), refusal.line)


def _several(parts: list[str]) -> str:
    more = f" and {len(parts) - MAX_TOLD} more" if len(parts) > MAX_TOLD else ""
    return "; ".join(parts[:MAX_TOLD]) + more
