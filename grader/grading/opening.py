"""Open a submission on its stage, and say of which exercises there is nothing to run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.errors import RejectedError
from grader.grading.facts import Blank
from grader.grading.intake.staging import stage
from grader.model import Status

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from grader.course.course import Exercise
    from grader.engine.document import Fact
    from grader.grading.intake.packages import Package
    from grader.grading.intake.staging import Staged


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
) -> Staged:
    """Stage a submission; what cannot be opened in a way that nobody foresaw is rejected, too.

    Raises
    ------
    RejectedError
    OSError
        The disk is full, or broken: that is nobody's wrong answer.
    """
    try:
        return stage(package, folder, wanted, modules)
    except (RejectedError, OSError):
        raise
    except Exception as error:
        text = f"its files cannot be opened ({type(error).__name__})"
        raise RejectedError(text) from error
