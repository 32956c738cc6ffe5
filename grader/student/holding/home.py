"""Say where the student's code is that a script runs: in place, or laid out under its names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.worker.child.agreed import NOTEBOOK_MARK

if TYPE_CHECKING:
    from pathlib import Path

    from grader.course.course import Exercise
    from grader.model import SubmissionResult
    from grader.model.sourcemap import SourceMap

EXERCISES = "exercises"


@dataclass(frozen=True)
class Home:
    """Where the code lies.

    Parameters
    ----------
    folder
        Where the file finds the student's other files.
    file
        The one with the function.
    in_parts
        Whether some of it cannot be run here: a notebook's cell that raises, an import that
        nothing asked for needs.
    """

    folder: Path
    file: Path
    in_parts: bool = False


def find_home(
    exercise: Exercise, given: Path, laid_out: Path, sources: SourceMap, result: SubmissionResult
) -> Home | None:
    """Return where the code of an exercise lies for good; None where it was laid out for a while.

    Parameters
    ----------
    exercise
        Which.
    given
        The student's folder; or an archive or a notebook.
    laid_out
        Where its files were checked, perhaps the same folder.
    sources
        What the student calls the files.
    result
        Of the check: it says whether something was left out.
    """
    name = f"{exercise.module}.py"
    in_parts = bool(result.warnings)
    if given == laid_out:
        return Home(given, given / name, in_parts)
    for called in (sources.names.get(name, name), f"{EXERCISES}/{name}"):
        file = given / called
        if file.is_file() and file.read_bytes() == (laid_out / name).read_bytes():
            return Home(file.parent, file, in_parts)
    return None


def home_in(exercise: Exercise, folder: Path, result: SubmissionResult) -> Home:
    """Return where the code of an exercise lies in a folder in which it was laid out."""
    file = folder / f"{exercise.module}.py"
    is_made = file.read_bytes().startswith(NOTEBOOK_MARK)
    return Home(folder, file, is_made or bool(result.warnings))
