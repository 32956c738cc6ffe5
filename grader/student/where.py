"""Find where in the student's files a message should send them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from grader.engine.source import read_source
from grader.model import Status

if TYPE_CHECKING:
    from grader.course.course import Task
    from grader.model import ExerciseResult


@dataclass(frozen=True)
class Place:
    """A line of a file that exists.

    Parameters
    ----------
    path, line
        The file, and the line from 1.
    code
        What stands there, when that line itself is what went wrong.
    label
        What to show in place of the path: a notebook's cell is no file.
    """

    path: Path
    line: int
    code: str = ""
    label: str = ""

    @property
    def text(self) -> str:
        """The place as editors and terminals understand it: `exercises/conv.py:9`."""
        if self.label:
            return self.label
        try:
            shown = self.path.relative_to(Path.cwd())
        except ValueError:
            shown = self.path
        return f"{shown}:{self.line}"

    @property
    def link(self) -> str:
        """The place as a URL that a terminal can open; empty for a notebook's cell."""
        return "" if self.label else f"{self.path.absolute().as_uri()}#{self.line}"


def find_place(folder: Path, task: Task, result: ExerciseResult) -> Place | None:
    """Return the line that raised, or else the line at which the function begins.

    Parameters
    ----------
    folder
        The student's files.
    task, result
        The exercise, and what became of it.
    """
    where = result.location
    if where is not None:
        path = folder / where.file
        told = result.status is not Status.UNIMPLEMENTED
        return Place(path, where.line, _line_of(path, where.line) if told else "")
    path = folder / f"{task.module}.py"
    node = read_source(path).functions.get(task.name)
    return Place(path, node.lineno) if node is not None else None


def _line_of(path: Path, number: int) -> str:
    """Return one line of a file without its indentation; nothing when there is none."""
    try:
        lines = path.read_bytes().decode("utf-8", "replace").splitlines()
    except OSError:
        return ""
    line = lines[number - 1].strip() if 0 < number <= len(lines) else ""
    return "".join(c if c.isprintable() else "�" for c in line)[:200]
