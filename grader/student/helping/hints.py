"""What helps: hints, one at a time, which are remembered; afterwards the course's own solution."""

from __future__ import annotations

import ast
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from grader.engine.reading.bindings import NAMED_SCOPES
from grader.errors import UsageError
from grader.parsing import parse_python, split_lines
from grader.render.shown import HintPage
from grader.student.notebook.cells import gather, read_cells

if TYPE_CHECKING:
    from pathlib import Path

    from grader.course.course import Course, Exercise
    from grader.student.progress import Progress, ProgressFile


def read_hint(exercise: Exercise, store: ProgressFile, *, again: bool = False) -> HintPage:
    """Open one more hint and return all that are open; when all are, return them once more.

    Parameters
    ----------
    exercise
        Whose hints.
    store
        Remembers how many are open.
    again
        Only those that are open already, the first at least.
    """
    total = len(exercise.check.hints)
    opened = 0

    def edit(progress: Progress) -> Progress:
        nonlocal opened
        record = progress.record(exercise.id)
        opened = min(total, max(1, record.hints) if again else record.hints + 1)
        return progress.with_record(exercise.id, replace(record, hints=opened))

    store.change(edit)
    return HintPage(exercise.id, tuple(exercise.check.hints[:opened]), total)


def find_solutions(course: Course) -> Path:
    """Return the folder of a course's solutions.

    Raises
    ------
    UsageError
        It was handed out without.
    """
    if course.solutions_dir is None:
        raise UsageError("this course was handed out without solutions")
    return course.solutions_dir


def read_reference(course: Course, exercise: Exercise) -> str:
    """Return the text of a solution, ready to be read or run, with blank lines as PEP 8 has them.

    Parameters
    ----------
    course
        Has solutions, or was handed out without.
    exercise
        Whose.

    Raises
    ------
    UsageError
        The course has none to show.
    """
    source = (find_solutions(course) / f"{exercise.module}.py").read_text(encoding="utf-8")
    return spaced(gather(read_cells({1: source}), [exercise.name]).text)


def spaced(text: str) -> str:
    r"""Return statements, one right below the other, with the blank lines of PEP 8 between them.

    Parameters
    ----------
    text
        Python.

    Examples
    --------
    >>> spaced("import math\nA = 1\nB = 2\ndef f(): ...\n")
    'import math\n\nA = 1\nB = 2\n\n\ndef f(): ...\n'
    """
    lines, before = split_lines(text), None
    for node in parse_python(text).body:
        first = min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", []))])
        if before is not None:
            lines[first - 1] = "\n" * _blank_lines(before, node) + lines[first - 1]
        before = node
    return "".join(lines)


def _blank_lines(before: ast.stmt, node: ast.stmt) -> int:
    """Return how many blank lines part two statements."""
    if isinstance(before, NAMED_SCOPES) or isinstance(node, NAMED_SCOPES):
        return 2
    return int(_group(before) != _group(node))


def _group(node: ast.stmt) -> str:
    """Return what stands together: imports of a kind, and all that is none."""
    if not isinstance(node, (ast.Import, ast.ImportFrom)):
        return ""
    name = (node.module or "") if isinstance(node, ast.ImportFrom) else node.names[0].name
    top = name.partition(".")[0]
    if top == "__future__":
        return top
    return "standard" if top in sys.stdlib_module_names else "others"
