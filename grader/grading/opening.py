"""Open a submission on its stage and close it, and say where there is nothing to run."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

from grader.course.course import find_course
from grader.errors import ChangedError, RejectedError, SandboxError
from grader.grading.facts import Blank
from grader.grading.intake.staging import clear, stage
from grader.model import Status

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from grader.course.course import Course, Exercise
    from grader.engine.document import Fact
    from grader.grading.intake.packages import Package
    from grader.grading.intake.staging import Staged
    from grader.grading.messages import Setup
    from grader.worker.seat import WorkerSeat


def find_same_course(setup: Setup) -> Course:
    """Return the course of a run, as the run itself has read it.

    Raises
    ------
    ChangedError
        It was changed since.
    """
    course = find_course(Path(setup.course) if setup.course else None)
    course.find_changed([])  # notes what it is now, before it is compared and read
    if setup.digest not in (None, course.digest):
        text = "the course was changed since this run began, and what was graded is kept"
        raise ChangedError(f"{text}: the same command goes on with what it says now")
    return course


def split(exercises: Sequence[Exercise], staged: Staged) -> tuple[list[Exercise], list[Fact]]:
    """Return the exercises whose file is there, and what is to be said of the others."""
    there, facts = [], []
    for exercise in exercises:
        if exercise.module in staged.unclear:
            blank = Blank(
                Status.UNGRADED, f"it could not be read: {staged.unclear[exercise.module]}"
            )
        elif exercise.module in staged.missing:
            blank = Blank(Status.MISSING, staged.missing[exercise.module])
        else:
            there.append(exercise)
            continue
        facts += blank.facts([exercise])
    return there, facts


def open_package(
    package: Package,
    folder: Path,
    wanted: Mapping[str, Collection[str]],
    modules: Collection[str],
    files: Collection[str] = (),
) -> Staged:
    """Stage a submission; what cannot be opened in a way that nobody foresaw is rejected, too.

    Raises
    ------
    RejectedError
    OSError
        The disk is full, or broken: that is nobody's wrong answer.
    """
    try:
        return stage(package, folder, wanted, modules, files)
    except (RejectedError, OSError):
        raise
    except Exception as error:
        text = f"its files cannot be opened ({type(error).__name__})"
        raise RejectedError(text) from error


def close_package(folder: Path, seat: WorkerSeat) -> None:
    """End the worker of a submission and remove its stage.

    Raises
    ------
    SandboxError
        Something of it stays. It was graded, and is told so; where that is noticed, another
        submission is, which a new grading process can grade.
    """
    try:
        with seat:
            pass
        clear(folder)
    except OSError as error:
        raise SandboxError(f"what a submission left cannot be cleared away ({error})") from error
    with contextlib.suppress(OSError):  # the next one has a stage of its own
        folder.rmdir()
