"""A parcel about one verdict: the function alone, the case, what was said, and versions.

Nothing else of a student's leaves their folder: of the file, only what the function needs to run.
"""

from __future__ import annotations

import io
import os
import platform
from pathlib import Path
from typing import TYPE_CHECKING

from grader.engine.source import parse, read_lines
from grader.errors import UsageError
from grader.model import Status
from grader.render.failure import Manner, render_failure
from grader.student.holding.home import Home
from grader.student.holding.script import write_script
from grader.student.notebook.cells import gather, read_cells
from grader.student.where import find_source_line
from grader.text import safe_text

if TYPE_CHECKING:
    from rich.console import RenderableType

    from grader.course.course import Course, Exercise
    from grader.model import SubmissionResult

CASE, SAID, VERSIONS = "case.py", "said.txt", "versions.txt"
COLUMNS = 80


def function_alone(file: Path, name: str) -> bytes:
    """Return the part of a file that one function, or class, needs to run.

    Parameters
    ----------
    file
        The student's.
    name
        The function's.

    Raises
    ------
    UsageError
        There is nothing of it: no file, or nothing of that name in it.
    """
    if not file.is_file():
        raise UsageError(f"there is no {file.name} with {name} in it: nothing was written")
    if parse(file)[0] is None:  # Python reads none of it: there is no part that could be taken
        return file.read_bytes()
    alone = gather(read_cells({1: "".join(read_lines(file))}), [name]).text
    if not alone.strip():
        raise UsageError(f"{file.name} has no {name}: nothing was written")
    return alone.encode()


def write_parcel(folder: Path, course: Course, exercise: Exercise, result: SubmissionResult) -> str:
    """Write what became of a function beside it.

    Parameters
    ----------
    folder
        Where the function lies alone, in a file of its module's name.
    course, exercise
        Whose verdict it is.
    result
        Of that function alone.

    Returns
    -------
    str
        What was left out, in one line; empty when nothing was.
    """
    (one,) = result.exercises
    file = Path(f"{exercise.module}.py")
    left_out = ""
    if one.counterexample is not None:
        made_by = f"dlgrade report-bug {exercise.id}"
        try:
            script = write_script(exercise, one, Home(Path(), file), made_by)
            (folder / CASE).write_text(script.text, encoding="utf-8")
        except UsageError as error:
            left_out = f"{error}: there is no {CASE}"
    manner = Manner(plain=True, decks=course.settings.get("decks", {}))
    said = f"{exercise.id}: passed, {one.earned:g} of {one.possible:g} points\n"
    if one.status is not Status.PASSED:
        line = find_source_line(folder, exercise, one)
        said = _as_text(render_failure(one, exercise, line, manner)).replace(
            f"{folder}{os.sep}", ""
        )
    (folder / SAID).write_text(said, encoding="utf-8")
    (folder / VERSIONS).write_text(_versions(course, result), encoding="utf-8")
    return left_out


def _as_text(shown: RenderableType) -> str:
    from rich.console import Console  # noqa: PLC0415 - of all this, only a failure needs it

    text = io.StringIO()
    console = Console(file=text, width=COLUMNS, color_system=None, highlight=False, markup=False)
    console.print(shown)
    return "\n".join(safe_text(line).rstrip() for line in text.getvalue().splitlines()) + "\n"


def _versions(course: Course, result: SubmissionResult) -> str:
    lines = [f"{name} {number}" for name, number in result.versions.items()]
    lines += [
        f"system {platform.system()} {platform.machine()}",
        f"course {course.digest}",
        f"seed {result.seed}",
        f"checked against {' and '.join(result.oracles)}",
        f"sandbox {result.sandbox}",
    ]
    return "".join(f"{line}\n" for line in lines)
