"""Find out whether an exercise can be run at all: written, allowed, importable, callable."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from grader.engine.reading.classes import look_at_class
from grader.engine.reading.imports import OwnFiles, Survey
from grader.engine.reading.needs import Search, in_words, left_out, location_of, tell_left_out
from grader.engine.reading.obstacles import Obstacle
from grader.engine.reading.sites import find_site
from grader.engine.reading.twice import tell_twice
from grader.engine.source import (
    accepts,
    find_defining,
    is_unwritten,
    mentions,
    read_lines,
    read_source,
)
from grader.errors import WorkerDiedError, WorkerStalledError, WorkerTimeoutError
from grader.model import Location, Status
from grader.model.results import UNWRITTEN
from grader.model.sourcemap import AS_IT_IS
from grader.parsing import MAX_SOURCE_BYTES
from grader.text import safe_text

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from pathlib import Path

    from grader.course.course import Exercise
    from grader.engine.naming.mending.own import OwnFunctions
    from grader.engine.reading.sites import Site
    from grader.engine.source import SourceFile
    from grader.model import ExerciseResult, LeftOut, Raised
    from grader.model.sourcemap import SourceMap
    from grader.worker.seat import WorkerSeat


@dataclass
class Inspector:
    """Look at the files of one submission, each of them once.

    Parameters
    ----------
    folder
        The student's files.
    seat
        Where the worker is that imports them.
    sources
        What the student calls the files and their lines.
    libraries
        What the course allows besides numpy.
    asked
        Returns the names of all functions of the course.
    """

    folder: Path
    seat: WorkerSeat
    sources: SourceMap = AS_IT_IS
    libraries: Sequence[str] = ()
    asked: Callable[[], Collection[str]] = tuple
    _sources: dict[str, SourceFile] = field(default_factory=dict)
    _own: OwnFiles = field(init=False)
    _surveys: dict[str, Survey] = field(default_factory=dict)
    _absences: dict[str, LeftOut | None] = field(default_factory=dict)
    _needed: set[str] = field(default_factory=set)
    _broken: dict[str, Obstacle] = field(default_factory=dict)
    _lengths: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._own = OwnFiles(self.folder, self.libraries)

    def look(self, exercise: Exercise) -> Obstacle | None:
        """Return why an exercise cannot be run, or None when it can.

        The file is imported on the worker; what came of that is remembered, so that a file which
        loops or dies at import costs its limits once.
        """
        return self._look_at_text(exercise) or self._look_at_import(exercise)

    def _source(self, module: str) -> SourceFile:
        if module not in self._sources:
            self._sources[module] = read_source(self.folder / f"{module}.py")
        return self._sources[module]

    def _survey(self, module: str) -> Survey:
        """Return what a module and the own files that it leads to import."""
        if module not in self._surveys:
            path = self.folder / f"{module}.py"
            self._own.add(path, self._source(module).contents)
            self._surveys[module] = Survey(self._own, path)
        return self._surveys[module]

    def _left_out(self, module: str) -> LeftOut | None:
        if module not in self._absences:
            self._absences[module] = left_out(self._survey(module))
        return self._absences[module]

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is left out of the files that were looked at, and costs nobody anything."""
        return tell_left_out(self._surveys.values(), self._needed, self.sources)

    def _look_at_text(self, exercise: Exercise) -> Obstacle | None:  # noqa: PLR0911 - a list of questions
        file = f"{exercise.module}.py"
        source = self._source(exercise.module)
        if not os.path.isfile(source.path):  # noqa: PTH113 - never raises, as `Path.is_file` does
            return Obstacle(Status.MISSING, f"there is no file {file}{self._others(exercise)}")
        if source.problem:
            return self._unreadable(file, source)
        if refused := self._look_at_imports(exercise):
            return refused
        if exercise.stub.is_class:
            return look_at_class(source, exercise, self.sources)
        node = source.functions.get(exercise.name)
        if node is None:
            return None  # it may still be assigned or imported; the worker will tell
        where = self.sources.locate(Location(file, node.lineno, exercise.name))
        if is_unwritten(node):
            return Obstacle(Status.UNIMPLEMENTED, self._twice(exercise) or UNWRITTEN, where)
        if not accepts(node, exercise.stub.required, len(exercise.stub.parameters)):
            text = f"the parameters of {exercise.name} were changed; they must be {exercise.stub}"
            return Obstacle(Status.ERROR, text, where)
        return None

    def _others(self, exercise: Exercise) -> str:
        """Return which file to rename, where one of another name defines what is asked for."""
        found = find_defining(self.folder, exercise.name)
        if not found:
            return ""
        names = " and ".join(safe_text(name, spelt_out=False) for name in found)
        told = "rename it" if len(found) == 1 else "rename the one that you mean"
        return f"; {names} define{'s' * (len(found) == 1)} {exercise.name}: {told}"

    def _look_at_imports(self, exercise: Exercise) -> Obstacle | None:
        """Return the first import that the exercise needs and that is not allowed."""
        survey = self._survey(exercise.module)
        if not survey.refused and not survey.namesakes:
            return None
        found = Search(survey).run(exercise.name)
        if not found:
            return None
        self._needed |= {in_words(refusal, self.sources) for refusal in found}
        where = self.sources.locate(location_of(found[0]))
        text = f"{where} imports {found[0].name}: {found[0].why}"
        return Obstacle(Status.REJECTED, text, where)

    def _unreadable(self, file: str, source: SourceFile) -> Obstacle:
        """Return what is wrong with a file that is no Python."""
        name = self.sources.name(file)
        if source.mark:
            text = f"{name} is saved as {source.mark}; save it as UTF-8"
            return Obstacle(Status.MISSING, text, self.sources.locate(Location(file, 1)))
        if not source.problem_line:
            return Obstacle(Status.MISSING, f"{name} does not import: {source.problem}")
        where = self.sources.locate(Location(file, source.problem_line))
        line = f", line {where.line}" if where.file == name else f" ({where})"
        text = f"{name} does not import{line}: {source.problem}"
        from grader.engine.naming.exceptions.syntax import explain_syntax  # noqa: PLC0415 - as below

        said = source.problem.partition(": ")[2]
        named = explain_syntax(said, read_lines(source.path), source.problem_line)
        return Obstacle(Status.MISSING, text, where, diagnosis=named)

    def _look_at_import(self, exercise: Exercise) -> Obstacle | None:
        file = self.sources.name(f"{exercise.module}.py")
        if exercise.module in self._broken:
            return self._broken[exercise.module]
        self.seat.left_out = self._left_out(exercise.module)
        self.seat.worker.begin()
        try:
            loaded = self.seat.load(exercise.module, exercise.name)
        except WorkerDiedError as error:
            text = f"importing {file} ended the process: {error}"
            self._broken[exercise.module] = Obstacle(Status.CRASHED, text, doubtful=True)
        except WorkerTimeoutError as error:
            text = f"importing {file} did not end: {error}"
            stalled = isinstance(error, WorkerStalledError)
            self._broken[exercise.module] = Obstacle(Status.TIMEOUT, text, doubtful=stalled)
        else:
            if loaded is True:
                return None
            if loaded is False:
                return self._no_function(file, exercise)
            self._broken[exercise.module] = self._import_failed(exercise, loaded)
            return self._broken[exercise.module]
        self.seat.clear()
        return self._broken[exercise.module]

    def _no_function(self, file: str, exercise: Exercise) -> Obstacle:
        """Return that a function is not there, and where it may be."""
        from grader.engine.naming.exceptions.importing import elsewhere  # noqa: PLC0415 - as below

        near, line = elsewhere(self._source(exercise.module).tree, exercise.name, self.asked())
        where = self.sources.locate(Location(f"{exercise.module}.py", line)) if line else None
        return Obstacle(Status.MISSING, f"{file} has no function {exercise.name}{near}", where)

    def _import_failed(self, exercise: Exercise, raised: Raised) -> Obstacle:
        from grader.engine.naming.exceptions.importing import (  # noqa: PLC0415 - for errors alone
            SYNTAX,
            explain_import,
            outermost,
        )
        from grader.engine.naming.words import Words  # noqa: PLC0415

        file = self.sources.name(f"{exercise.module}.py")
        frames = [Location(*frame) for frame in raised.frames]
        line = self.find_line(outermost(frames))
        where = line and self.sources.locate(line)
        trace = tuple(map(self.sources.locate, filter(None, map(self.find_line, frames))))
        message = self.sources.retell(raised.message)
        if raised.type in SYNTAX:  # it ends with the file and the line, once more
            message = message.rpartition(" (")[0] or message
        said = f"{raised.type}: {message}" if message else raised.type
        at = f" ({where})" if where else ""
        if raised.memory:
            return Obstacle(Status.CRASHED, f"importing {file} ran out of memory{at}", where)
        text = f"{file} does not import{at}: {said}"
        dynamic = raised.type in ("ImportError", "ModuleNotFoundError") and self._is_dynamic(line)
        status = Status.ERROR if dynamic else Status.MISSING
        words = Words(exercise)
        path = self.folder / line.file if line else None
        deeper = bool(frames) and line != frames[-1]
        explain = partial(explain_import, raised, self.find_site(line), path, deeper=deeper)
        told = Obstacle(status, text, where, trace, words.find("what was raised", explain))
        return replace(told, faults=tuple(words.faults))

    def find_site(self, where: Location | None) -> Site | None:
        """Return what stands in a line, as the student or as the worker knows it; None for none.

        Line 0 stands for where the function or class of that name begins.
        """
        if where is None:
            return None
        file, line = self.sources.made_line(where) or (where.file, where.line)
        source = self._source(file.removesuffix(".py")) if file.endswith(".py") else None
        begins = source.defined(where.function) if source and not line else None
        tree, line = (source.tree if source else None), begins.lineno if begins else line
        return find_site(tree, line, partial(self.sources.name_line, file)) if tree else None

    def find_line(self, where: Location | None) -> Location | None:
        """Return a line of a traceback if it is there; None for one that student's code made up.

        Code can be compiled under any name and from any line on. A file in a folder of the
        student's own is known by its last name alone, and left as it is.
        """
        if where is None:
            return None
        file, line = self.sources.made_line(where) or (where.file, where.line)
        if not file.endswith(".py"):
            return None
        path = self.folder / file
        if not path.is_file():
            return where
        if file not in self._lengths:
            with path.open("rb") as stream:
                self._lengths[file] = len(stream.read(MAX_SOURCE_BYTES).splitlines())
        return where if 1 <= line <= self._lengths[file] else None

    def _is_dynamic(self, where: Location | None) -> bool:
        """Tell whether a line that failed to import something holds no import statement."""
        if where is None or not where.file.endswith(".py"):
            return False
        return where.line not in self._source(where.file.removesuffix(".py")).import_lines

    def own_functions(self, exercise: Exercise) -> OwnFunctions | None:
        """Return the text of what an exercise asks for and of what that calls, if it is short."""
        from grader.engine.naming.mending.own import find_own  # noqa: PLC0415

        source = self._source(exercise.module)
        with source.path.open("rb") as stream:
            data = stream.read(MAX_SOURCE_BYTES)
        alone = len(self._survey(exercise.module).files) == 1
        defined = {**source.classes, **source.functions}
        return find_own(data, defined, exercise.name, source.tree if alone else None)

    def advice(self, exercise: Exercise, earlier: Mapping[str, ExerciseResult]) -> str:
        """Return what to mend first: an earlier exercise that this one calls and that is wrong."""
        node = self._source(exercise.module).functions.get(exercise.name)
        for required in exercise.requires:
            result = earlier.get(required)
            if node is None or result is None or result.status is Status.PASSED:
                continue
            if mentions(node, required.partition(".")[2]):
                calls = f"{required} is {result.status}, and {exercise.name} calls it"
                return f"{calls}: mend it first."
        return self._twice(exercise)

    def _twice(self, exercise: Exercise) -> str:
        """Say where a function is defined more than once."""
        name_line = partial(self.sources.name_line, f"{exercise.module}.py")
        return tell_twice(self._source(exercise.module).tree, exercise.name, name_line)
