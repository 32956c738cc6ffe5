"""Where an author's slip is: the file and the line of the course, in an exception or a function."""

from __future__ import annotations

import contextlib
import traceback
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from grader.errors import CourseError, DlgradeError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MADE_FROM = {"_dlgrade_check_": 3, "_dlgrade_solution_": 2}
"""What the modules of a course are called here, and how much of a path tells which file it is."""


def place_of(error: BaseException) -> str:
    """Return the last line of a course's own that an exception came from; empty for none."""
    for frame, line in reversed(list(traceback.walk_tb(error.__traceback__))):
        shown = _shown(frame.f_globals.get("__name__", ""), frame.f_code.co_filename)
        if shown:
            return f"{shown}, line {line}"
    return ""


def place_of_function(function: Callable[..., Any]) -> str:
    """Return where a function of a course's own begins; empty for one that is none."""
    code = getattr(function, "__code__", None)
    if code is None:
        return ""
    shown = _shown(getattr(function, "__module__", "") or "", code.co_filename)
    return f"{shown}, line {code.co_firstlineno}" if shown else ""


def _shown(module: str, file: str) -> str:
    """Return the end of a file's path, which says nothing of the machine."""
    for begin, parts in MADE_FROM.items():
        if module.startswith(begin):
            return "/".join(PurePath(file).parts[-parts:])
    return ""


@contextlib.contextmanager
def told_with_place() -> Iterator[None]:
    """Let an exception in what an author wrote be one line that says where.

    Raises
    ------
    CourseError
        Something of the course's own raised. What is ours stays as it is.
    """
    try:
        yield
    except DlgradeError as error:
        place = place_of(error)
        if type(error) is not CourseError or not place or ".py" in str(error):
            raise
        raise CourseError(f"{place}: {error}") from error
    except Exception as error:
        place = place_of(error)
        if not place:
            raise
        raise CourseError(f"{place}: {type(error).__name__}: {one_line(error)}") from error


def one_line(error: BaseException) -> str:
    """Return what an exception says, in one line."""
    return " ".join(str(error).split())
