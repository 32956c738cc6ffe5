"""Say where a student stands: what the files hold now, beside what the last checks found.

Nothing is run and nothing needs numpy, so that `dlgrade list` answers at once.
"""

from __future__ import annotations

import ast
import hashlib
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from grader.engine.reading.bindings import code_text
from grader.engine.source import is_unwritten, read_source
from grader.model import Status
from grader.model.results import UNWRITTEN
from grader.render.shown import Standing
from grader.student.progress import Record

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from grader.course.outline import Outline
    from grader.engine.source import SourceFile
    from grader.model import ExerciseResult
    from grader.student.progress import Progress


class Files:
    """The student's files, each read and parsed once.

    Parameters
    ----------
    folder
        Where they are; None when there are none here.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._sources: dict[str, SourceFile] = {}

    def _source(self, module: str) -> SourceFile | None:
        if self._folder is not None and module not in self._sources:
            self._sources[module] = read_source(self._folder / f"{module}.py")
        return self._sources.get(module)

    def state(self, exercise: Outline) -> str:
        """Return "written", `UNWRITTEN`, "no file" or "broken file", judged from the text alone."""
        source = self._source(exercise.module)
        if source is None or not source.path.is_file():
            return "no file"
        if source.problem:
            return "broken file"
        return "written" if _find_written(source, exercise.name) else UNWRITTEN

    def seal(self, exercise_id: str) -> str:
        """Return a fingerprint of a function's code, comments and layout apart; "" for none."""
        module, _, name = exercise_id.partition(".")
        source = self._source(module)
        node = _find_written(source, name) if source else None
        if node is None:
            return ""
        return hashlib.sha256(code_text(node).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _find_written(source: SourceFile, name: str) -> ast.AST | None:
    """Return what gives a name its meaning: a definition that is no stub, or what binds it later.

    That is a lambda, another name of a function, or an import of one's own file.
    """
    found = source.defined(name)
    bound = [one for one in (source.tree.body if source.tree else ()) if name in _names_of(one)]
    if bound and (found is None or bound[-1].lineno > found.lineno):
        return bound[-1]
    return None if found is None or is_unwritten(found) else found


def _names_of(statement: ast.stmt) -> set[str]:
    """Return the names that an assignment or an import binds."""
    match statement:
        case ast.Assign(targets=targets):
            return {one.id for one in targets if isinstance(one, ast.Name)}
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr()):
            return {name}
        case ast.Import(names=given) | ast.ImportFrom(names=given):
            return {one.asname or one.name for one in given}
    return set()


def read_standings(
    folder: Path | None, exercises: Sequence[Outline], progress: Progress
) -> tuple[Standing, ...]:
    """Return how far each exercise is.

    Parameters
    ----------
    folder
        The student's files; None when there are none here.
    exercises
        In order.
    progress
        What the last checks found.
    """
    files = Files(folder)
    return tuple(_standing(files, one, progress.record(one.id)) for one in exercises)


def _standing(files: Files, exercise: Outline, record: Record) -> Standing:
    state = files.state(exercise)
    if state != "written":
        return Standing(exercise, state, 0.0, record.hints)
    if not record.status:
        return Standing(exercise, "written, not checked", 0.0, record.hints)
    same = record.source == files.seal(exercise.id)
    if record.status == Status.UNIMPLEMENTED and not same:
        return Standing(exercise, "written, not checked", 0.0, record.hints)
    state = record.status if same else f"{record.status}, edited since"
    return Standing(exercise, state, _earned_today(exercise, record), record.hints)


def _earned_today(exercise: Outline, record: Record) -> float | None:
    """Return what was earned in today's points: what passed when it was worth less, passed."""
    if record.earned is None or not record.possible:
        return record.earned
    return exercise.points * (record.earned / record.possible)


def next_standing(standings: Sequence[Standing], at: str = "") -> Standing | None:
    """Return what to work on: what has not passed yet, the first of a module or else of all.

    Parameters
    ----------
    standings
        In the course's order.
    at
        The module at hand (`Progress.at`), which is done first; "" for none.
    """
    left = [standing for standing in standings if not standing.passed]
    here = [standing for standing in left if standing.exercise.module == at]
    return next(iter(here or left), None)


def remember_results(
    progress: Progress, folder: Path, results: Sequence[ExerciseResult], today: date | None = None
) -> Progress:
    """Return progress with what a check found out.

    Parameters
    ----------
    progress
        From before.
    folder
        The student's files.
    results
        Of any number of exercises; one that could not be graded leaves what was known. Those of
        one module alone say which is at hand.
    today
        A day on which something passes that had not, as it is now; None for this one.
    """
    files = Files(folder)
    for result in results:
        if result.status is Status.UNGRADED:
            continue
        before = progress.record(result.id)
        seal = files.seal(result.id)
        row = Record(str(result.status), result.earned, result.possible, seal, before.hints)
        is_new = (before.status, before.source) != (Status.PASSED, seal)
        if result.status is Status.PASSED and is_new:
            progress = progress.with_day(today or datetime.now(tz=UTC).astimezone().date())
        progress = progress.with_record(result.id, row)
    modules = {result.id.partition(".")[0] for result in results}
    return replace(progress, at=modules.pop()) if len(modules) == 1 else progress
