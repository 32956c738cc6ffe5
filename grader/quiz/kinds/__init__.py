"""The kinds of questions: one file each, found by name.

A new kind is one new module here with a class named `Kind` that derives from `QuestionKind`.
"""

from __future__ import annotations

import importlib
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, cast

from grader.errors import CourseError

if TYPE_CHECKING:
    from grader.quiz.kinds.base import QuestionKind


def kind_names() -> tuple[str, ...]:
    """List the kinds there are.

    Returns
    -------
    tuple of str
        The names of the modules beside this one, in alphabetical order.

    Examples
    --------
    >>> kind_names()
    ('claim', 'code', 'match', 'matrix', 'multiple', 'number', 'order', 'shape', 'single', 'text')
    """
    files = Path(__file__).parent.glob("*.py")
    return tuple(sorted(file.stem for file in files if file.stem not in ("__init__", "base")))


@cache
def load_kind(name: str) -> QuestionKind:
    """Load a kind of question by its name.

    Parameters
    ----------
    name
        As in an item's `kind`.

    Returns
    -------
    QuestionKind
        The object that builds, reads and marks such questions.

    Raises
    ------
    CourseError
        There is no such kind.
    """
    if not re.fullmatch(r"[a-z]+", name) or name == "base":
        raise CourseError(f"no kind of question is called '{name}'")
    try:
        module = importlib.import_module(f"{__name__}.{name}")
    except ModuleNotFoundError:
        names = ", ".join(kind_names())
        raise CourseError(f"no kind of question is called '{name}' (there are {names})") from None
    return cast("QuestionKind", module.Kind())
