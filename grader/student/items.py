"""The exercises of a folder as tests of pytest: one for each level, failing with the same words.

`grader.pytest` is the plugin that shows this. Under a debugger, and with `--pdb` or `--trace`, a
level that fails calls the student's function on the failing case in this process, and stops in it.
"""

from __future__ import annotations

import contextlib
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from grader.course.course import find_course
from grader.engine.source import read_source
from grader.errors import Signal
from grader.model import Status
from grader.render.failure import Manner, render_failure
from grader.render.signs import word_for, worth
from grader.render.web import to_plain
from grader.student.checking import make_engine
from grader.student.folder import is_part_of
from grader.student.holding.home import Home
from grader.student.holding.replaying import replay
from grader.student.where import find_source_line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from grader.course.course import Course, Exercise
    from grader.model import ExerciseResult, SubmissionResult

WIDTH = 80
DEBUGGERS = ("debugpy", "pydevd", "_pydevd_bundle")  # VS Code's, PyCharm's and the one inside both


class NotPassedError(Signal):
    """A level did not pass; the words are made when they are wanted."""


@dataclass
class Checked:
    """What a run of pytest has checked so far.

    Parameters
    ----------
    course
        Of the exercises.
    """

    course: Course = field(default_factory=find_course)
    _results: dict[tuple[Path, str], SubmissionResult] = field(default_factory=dict)

    def check(self, folder: Path, exercise: Exercise) -> SubmissionResult:
        """Return what became of an exercise, which is checked when the first level asks."""
        key = (folder, exercise.id)
        if key not in self._results:
            engine = make_engine(self.course)
            with _undebugged():
                self._results[key] = engine.check(folder, [exercise])
        return self._results[key]


CHECKED = pytest.StashKey[Checked]()


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect the modules of the course, in a folder of the student's."""
    if file_path.suffix != ".py":
        return None
    stash = parent.config.stash
    if CHECKED not in stash:
        stash[CHECKED] = Checked()
    course = stash[CHECKED].course
    if file_path.stem not in course.modules or is_part_of(course, file_path.parent):
        return None
    found: ExerciseFile = ExerciseFile.from_parent(parent, path=file_path)
    return found


class ExerciseFile(pytest.File):
    """A file with exercises."""

    def collect(self) -> Iterator[pytest.Item]:
        """Yield a test for each level of each exercise."""
        for exercise in self.config.stash[CHECKED].course.find([self.path.stem]):
            for number, (name, share) in enumerate(exercise.check.shares.items()):
                title = f"{exercise.name}, {name} ({worth(share)})"
                yield LevelItem.from_parent(self, name=title, exercise=exercise, number=number)


class LevelItem(pytest.Item):
    """One level of an exercise.

    Parameters
    ----------
    exercise, number
        Which exercise, and the place of the level in it.
    """

    def __init__(self, *, exercise: Exercise, number: int, **known: Any) -> None:
        super().__init__(**known)
        self._exercise, self._number = exercise, number

    def runtest(self) -> None:
        """Check the exercise, once for all its levels; stop in a failing case where that is wanted.

        Raises
        ------
        NotPassedError
            The level did not pass.
        """
        checked = self.config.stash[CHECKED].check(self.path.parent, self._exercise)
        (result,) = checked.exercises
        level = result.levels[self._number]
        earned = None if level.status is Status.UNGRADED else level.earned
        self.user_properties += [("earned", earned), ("possible", level.possible)]
        if level.status is Status.PASSED:
            return
        if result.held is not None and self._is_debugged():
            home = Home(self.path.parent, self.path, bool(checked.warnings))
            replay(self._exercise, result.held, home)
        raise NotPassedError(self._words(result))

    def _is_debugged(self) -> bool:
        asked = self.config.getoption("usepdb", False) or self.config.getoption("trace", False)
        return bool(asked) or any(name in sys.modules for name in DEBUGGERS)

    def _words(self, result: ExerciseResult) -> str:
        """Return the message about an exercise; of another level than its first, where to look."""
        wrong = [one for one in result.levels if one.status is not Status.PASSED]
        level = result.levels[self._number]
        if level is not wrong[0]:
            return f"{word_for(level.status)}; what to mend is told with {wrong[0].name!r}"
        line = find_source_line(self.path.parent, self._exercise, result)
        decks = self.config.stash[CHECKED].course.settings.get("decks", {})
        told = render_failure(result, self._exercise, line, Manner(decks=decks))
        return to_plain([told], width=WIDTH)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Return the words alone; a traceback only for what is no verdict."""
        if isinstance(excinfo.value, NotPassedError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Return where the function is, so that an editor can open it."""
        node = read_source(self.path).functions.get(self._exercise.name)
        return self.path, node.lineno - 1 if node is not None else None, self.name


@contextlib.contextmanager
def _undebugged() -> Iterator[None]:
    """Keep a debugger from following into workers, which have limits of time."""
    monkey = sys.modules.get("_pydev_bundle.pydev_monkey")
    skip = getattr(monkey, "skip_subprocess_arg_patch", contextlib.nullcontext)
    with skip():
        yield
