"""Read a student's own folder as `grade` reads what was handed in.

A file of another name, in a folder below, or in an encoding that Python cannot read is checked all
the same, and the student is told what was taken for what: so `check` shows what grading will do.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from grader.engine.source import is_unwritten, read_source
from grader.errors import RejectedError, UnreadableError, UsageError
from grader.grading.intake.wanted import wanted_files, wanted_functions
from grader.model import Status, SubmissionResult
from grader.model.sourcemap import AS_IT_IS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from grader.course.course import Exercise
    from grader.engine.engine import Engine
    from grader.grading.intake.staging import Staged
    from grader.model import ExerciseResult
    from grader.model.sourcemap import SourceMap
    from grader.worker.seat import WorkerSeat

CODE = ".py"


@dataclass(frozen=True)
class Own:
    """Where the files of a student's own folder are to be checked.

    Parameters
    ----------
    folder
        That folder; or one beside it, where files lie under the names that they should have.
    sources
        What the student calls the files.
    notes
        What was taken for what.
    refused
        Why grading takes nothing of it, where there is nothing to be checked as it is.
    unread
        Modules that may be in what cannot be opened, and why grading could not read them.
    is_made
        Whether the folder is one beside the student's, which is gone afterwards.
    """

    folder: Path
    sources: SourceMap = AS_IT_IS
    notes: tuple[str, ...] = ()
    refused: str = ""
    unread: Mapping[str, str] = field(default_factory=dict)
    is_made: bool = False

    def check(  # noqa: PLR0913 - each is named by the caller
        self,
        engine: Engine,
        exercises: Sequence[Exercise],
        on_result: Callable[[ExerciseResult], None] = lambda _: None,
        on_start: Callable[[Exercise], str] = lambda _: "",
        *,
        on_verdict: Callable[[ExerciseResult], None] = lambda _: None,
        seat: WorkerSeat | None = None,
    ) -> SubmissionResult:
        """Return what became of the exercises: of what grading would refuse, what it would say.

        Parameters
        ----------
        engine
            What checks.
        exercises
            What is asked.
        on_result, on_start, on_verdict
            Told about every exercise as soon as it is done, before, and as soon as its points are
            known; see `Engine.check`.
        seat
            Where the worker is, if one was started.
        """
        blank = [found for one in exercises if (found := self._blank(one)) is not None]
        results = {found.id: found for found in blank}
        for found in blank:
            on_result(found)
        there = [one for one in exercises if one.id not in results]
        if not there:
            oracles = engine.course.oracles
            return SubmissionResult(
                tuple(blank), engine.seed, engine.versions, oracles, engine.sandbox
            )
        checked = engine.check(
            self.folder, there, sources=self.sources, on_result=on_result, on_start=on_start,
            on_verdict=on_verdict, seat=seat,
        )  # fmt: skip
        results |= {found.id: found for found in checked.exercises}
        return replace(checked, exercises=tuple(results[one.id] for one in exercises))

    def _blank(self, exercise: Exercise) -> ExerciseResult | None:
        """Return what grading would say of an exercise of which it runs nothing."""
        if not self.refused and exercise.module not in self.unread:
            return None
        from grader.engine.examiner import blank_result  # noqa: PLC0415 - a worker starts meanwhile

        if self.refused:
            return blank_result(exercise, Status.REJECTED, self.refused)
        text = f"it could not be read: {self.unread[exercise.module]}"
        return blank_result(exercise, Status.UNGRADED, text)


@contextlib.contextmanager
def read_own(
    folder: Path, exercises: Sequence[Exercise], modules: Collection[str]
) -> Iterator[Own]:
    """Yield where the files of a folder are to be checked: in place, unless one is not in place.

    Parameters
    ----------
    folder
        The student's; or an archive or a notebook, as it was handed in.
    exercises
        What is checked.
    modules
        Names of all modules of the course.

    Raises
    ------
    UsageError
        An archive cannot be opened safely.
    """
    wanted, named = wanted_functions(exercises), wanted_files(exercises)
    with contextlib.ExitStack() as stack:
        own = None
        if folder.is_file():
            made = stack.enter_context(TemporaryDirectory(prefix="dlgrade-"))
            own = _open(folder, Path(made), wanted, modules, named)
        elif not all(_is_in_place(folder / f"{module}{CODE}", wanted[module]) for module in wanted):
            made = stack.enter_context(TemporaryDirectory(prefix="dlgrade-"))
            own = _lay_out(folder, Path(made), wanted, modules, named)
        yield own or Own(folder)


def _open(
    file: Path, made: Path, wanted: Mapping[str, Collection[str]], modules: Collection[str],
    named: Collection[str],
) -> Own:  # fmt: skip
    from grader.grading.intake.packages import read_package  # noqa: PLC0415 - hardly ever needed
    from grader.grading.intake.staging import stage  # noqa: PLC0415
    from grader.grading.intake.submissions import Submission, kind_of  # noqa: PLC0415

    kind, path, files = kind_of([(file.name, file)], file.parent)
    try:
        package = read_package(Submission("", path, kind, files))
        staged = stage(package, made, wanted, modules, named)
    except (RejectedError, UnreadableError, OSError) as error:
        raise UsageError(f"--dir: {file} cannot be opened: {error}") from error
    notes = dict.fromkeys(filter(None, (staged.recognised.note, *staged.warnings)))
    return Own(made, staged.sources, tuple(notes), unread=_unread(staged), is_made=True)


def _is_in_place(path: Path, functions: Collection[str]) -> bool:
    """Tell whether a module is there, in an encoding of Python's, and begun.

    So it is nearly always: only where it is not, all that reads submissions is imported.
    """
    if not path.exists():
        return False
    source = read_source(path)
    if source.problem:
        return not source.mark  # the check says what is wrong with it
    written = {name for name, node in source.functions.items() if not is_unwritten(node)}
    return bool((source.contents.names - source.functions.keys() | written) & set(functions))


def _lay_out(
    folder: Path, made: Path, wanted: Mapping[str, Collection[str]], modules: Collection[str],
    named: Collection[str],
) -> Own | None:  # fmt: skip
    """Return the files under the names that they should have; None where they have them.

    A folder that grading would reject is checked as it is, if there is something to be checked.
    """
    from grader.grading.intake.packages import read_package  # noqa: PLC0415 - hardly ever needed
    from grader.grading.intake.staging import stage  # noqa: PLC0415
    from grader.grading.intake.submissions import Submission  # noqa: PLC0415

    try:
        package = read_package(Submission("", folder, "folder"))
        staged = stage(package, made, wanted, modules, named)
        unread = _unread(staged)
        if all(_is_the_same(module, folder, made) for module in wanted):
            begun = [module for module in unread if (folder / f"{module}{CODE}").exists()]
            told = {f"grading could not read this folder: {unread.pop(one)}" for one in begun}
            return Own(folder, notes=tuple(told), unread=unread) if begun or unread else None
    except RejectedError as error:
        if not any((folder / f"{module}{CODE}").exists() for module in wanted):
            return Own(folder, refused=str(error))
        return Own(folder, notes=(f"grading would reject this folder as a whole: {error}",))
    except UnreadableError as error:
        return Own(folder, notes=(f"grading could not read this folder: {error}",))
    except OSError:
        return None
    notes = list(dict.fromkeys(filter(None, (staged.recognised.note, *staged.warnings))))
    if not notes:
        names = [f"{module}{CODE}" for module in wanted if (made / f"{module}{CODE}").exists()]
        notes = [f"in a folder below: {', '.join(names)}"]
    return Own(made, staged.sources, tuple(notes), unread=unread, is_made=True)


def _unread(staged: Staged) -> dict[str, str]:
    return {module: why for module, why in staged.unclear.items() if module in staged.unopened}


def _is_the_same(module: str, folder: Path, made: Path) -> bool:
    """Tell whether nothing else was laid out as a module than what lies there."""
    here, there = made / f"{module}{CODE}", folder / f"{module}{CODE}"
    return not here.exists() or (there.is_file() and here.read_bytes() == there.read_bytes())
