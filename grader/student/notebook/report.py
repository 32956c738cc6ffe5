"""Check the functions of a notebook, and show the result where the cell's output is."""

from __future__ import annotations

import contextlib
import shutil
import sys
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.text import Text

from grader.course.course import find_course
from grader.engine.reading.bindings import find_imports
from grader.engine.reading.imports import own_files
from grader.engine.source import parse
from grader.errors import UsageError
from grader.model import Status
from grader.model.sourcemap import SourceMap
from grader.render.failure import Manner, render_failure
from grader.render.signs import render_line, render_total, word_for
from grader.render.web import to_html, to_plain
from grader.student.checking import make_engine
from grader.student.drawing.table import shows_drawing
from grader.student.notebook.cells import gather, read_cells
from grader.student.notebook.namespaces import gather_objects
from grader.student.where import find_source_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from rich.console import RenderableType

    from grader.course.course import Course, Exercise
    from grader.model import ExerciseResult, SubmissionResult
    from grader.render.shown import SourceLine
    from grader.student.notebook.cells import Gathered


@dataclass(frozen=True)
class Report:
    """What a check in a notebook found; a cell that ends with it shows it.

    Parameters
    ----------
    result
        The facts.
    """

    result: SubmissionResult
    _parts: Sequence[RenderableType] = field(repr=False, compare=False)

    @property
    def passed(self) -> bool:
        """Whether every exercise that was asked for passed."""
        return all(e.status is Status.PASSED for e in self.result.exercises)

    @property
    def earned(self) -> float:
        """The points of all that was asked for."""
        return self.result.earned

    @property
    def possible(self) -> float:
        """The points that there are for it."""
        return self.result.possible

    @property
    def message(self) -> str:
        """What is wrong with the first exercise that did not pass, in a line; "" for nothing."""
        wrong = [e for e in self.result.exercises if e.status is not Status.PASSED]
        return wrong[0].message or word_for(wrong[0].status) if wrong else ""

    def _repr_html_(self) -> str:
        return to_html(self._parts)

    def __repr__(self) -> str:
        return to_plain(self._parts)


@dataclass(frozen=True)
class Question:
    """What is to be checked, and how.

    Parameters
    ----------
    target
        A module, an exercise or its function; "" for all whose function is there.
    seed
        Of the cases.
    timeout_s
        CPU seconds for each exercise.
    explain
        The long form of messages.
    """

    target: str | Callable[..., Any]
    seed: int = 0
    timeout_s: float = 10.0
    explain: bool = False


def check_functions(
    asked: Question, namespace: Mapping[str, Any] | None, caller: Mapping[str, Any]
) -> Report:
    """Check the functions that a notebook, or a namespace, has now.

    Parameters
    ----------
    asked
        What, and how.
    namespace
        Functions by name; None for the notebook's cells or, outside of one, the caller's globals.
    caller
        The globals of whoever asks.
    """
    course = find_course()
    exercises = _asked_for(course, asked.target, caller if namespace is None else namespace)
    engine = make_engine(course, asked.seed, asked.timeout_s)
    with lay_out(course, exercises, namespace, caller) as (folder, sources):
        result = engine.check(folder, exercises, sources=sources)
        told = tuple(_about_cells(one) for one in result.exercises)
        lines = {e.id: find_source_line(folder, course.exercise(e.id), e, sources) for e in told}
    result = replace(result, exercises=told)
    return Report(result, _parts(course, result, lines, explain=asked.explain))


@contextlib.contextmanager
def lay_out(
    course: Course,
    exercises: Sequence[Exercise],
    namespace: Mapping[str, Any] | None,
    caller: Mapping[str, Any],
) -> Iterator[tuple[Path, SourceMap]]:
    """Yield a folder with the files that the engine checks, and what the notebook calls them."""
    with tempfile.TemporaryDirectory(prefix="dlgrade-") as made:
        folder = Path(made).resolve()
        sources = _write_files(exercises, folder, namespace, caller)
        _copy_own_files(folder, Path.cwd(), set(course.modules))
        yield folder, sources


def _asked_for(course: Course, target: object, defined: Mapping[str, Any]) -> tuple[Exercise, ...]:
    """Return the exercises of a target; for none, those whose function is there.

    A function stands for the exercise that has its name.

    Raises
    ------
    UsageError
        There is none of the course's functions, or the target is neither a text nor a function.
    """
    if callable(target):
        name = str(getattr(target, "__name__", target))
        return course.find([i for i in course.ids if i.partition(".")[2] == name] or [name])
    if not isinstance(target, str):
        raise UsageError(f'a target is a text, as in grader.check("{course.ids[0]}")')
    if target:
        return course.find([target])
    there = [one for one in course.ids if callable(defined.get(one.partition(".")[2]))]
    if not there:
        text = "no function of the course is here: run the cell that defines one"
        raise UsageError(f'{text}, or name one, as in grader.check("{course.ids[0]}")')
    return course.find(there)


def _write_files(
    exercises: Sequence[Exercise],
    folder: Path,
    namespace: Mapping[str, Any] | None,
    caller: Mapping[str, Any],
) -> SourceMap:
    """Write the files that the engine checks; return what the notebook calls their lines."""
    pieces = {}
    for module in dict.fromkeys(exercise.module for exercise in exercises):
        names = [exercise.name for exercise in exercises if exercise.module == module]
        gathered = _gather(names, namespace, caller)
        (folder / f"{module}.py").write_text(gathered.text, encoding="utf-8")
        pieces[f"{module}.py"] = gathered.pieces
    return SourceMap(pieces)


def _gather(
    names: Sequence[str], namespace: Mapping[str, Any] | None, caller: Mapping[str, Any]
) -> Gathered:
    cells = None if namespace is not None else executed_cells()
    if cells is None:
        return gather_objects(caller if namespace is None else namespace, names)
    return gather(read_cells(cells), [name for name in names if name in caller])


def executed_cells() -> dict[int, str] | None:
    """Return the cells that this kernel has run, by execution number; None outside of IPython."""
    shell = sys.modules.get("IPython")
    running = shell.get_ipython() if shell is not None else None
    history = getattr(getattr(running, "history_manager", None), "input_hist_parsed", None)
    return dict(enumerate(history)) if history else None


def _copy_own_files(folder: Path, beside: Path, taken: set[str]) -> None:
    """Copy what the code imports from the files beside the notebook, which are its own."""
    waiting = list(folder.iterdir())
    while waiting:
        tree, _ = parse(waiting.pop())
        names = {one.top for one in find_imports(tree)} if tree is not None else set()
        for name in names - taken:
            for file in own_files(beside, name):
                target = folder / file.relative_to(beside)
                if not target.exists():
                    target.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copyfile(file, target)
                    waiting.append(target)


def _about_cells(result: ExerciseResult) -> ExerciseResult:
    """Return a result that says what to do where no cell that was run has the function."""
    name = result.id.partition(".")[2]
    if result.status is Status.MISSING and result.message.endswith(f"has no function {name}"):
        text = f"there is no function {name} here: run the cell that defines it"
        return replace(result, message=text)
    return result


def _parts(
    course: Course,
    result: SubmissionResult,
    lines: Mapping[str, SourceLine | None],
    *,
    explain: bool,
) -> list[RenderableType]:
    """Return what the cell's output shows: a line each, messages, the total of several."""
    parts: list[RenderableType] = []
    if len(result.exercises) > 1 or result.exercises[0].status is Status.PASSED:
        parts += [render_line(exercise) for exercise in result.exercises]
    for found in result.exercises:
        exercise = course.exercise(found.id)
        if found.status is Status.PASSED or _is_missing_among(found, result):
            continue
        manner = _manner(course, exercise, explain=explain)
        parts.append(render_failure(found, exercise, lines[found.id], manner))
        if shows_drawing(found):
            parts.append(Text(f'  Look at it: grader.draw("{found.id}")'))
    return [*parts, render_total(result)] if len(result.exercises) > 1 else parts


def _is_missing_among(exercise: ExerciseResult, result: SubmissionResult) -> bool:
    """Tell whether a whole module was asked for and this function is just not there yet."""
    unwritten = exercise.status in (Status.MISSING, Status.UNIMPLEMENTED)
    unwritten = unwritten and not exercise.is_begun
    return unwritten and len(result.exercises) > 1


def _manner(course: Course, exercise: Exercise, *, explain: bool) -> Manner:
    step = f'run its cell again, and grader.check("{exercise.id}")'
    return Manner(explain=explain, decks=course.settings.get("decks", {}), next_step=step)
