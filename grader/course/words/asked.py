"""What the words of a check may be: a slip is told where it is written, not where it hurts."""

from __future__ import annotations

import math
import numbers
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from grader.course.pools import Undrawn
from grader.course.words.levels import Level
from grader.course.words.places import place_of_function
from grader.errors import CourseError
from grader.model import Case

if TYPE_CHECKING:
    from grader.course.stubs import Stub


def require_sound(check: Any) -> None:
    """Make sure that what an `Exercise(...)` was made of can be asked for.

    Parameters
    ----------
    check
        A `grader.course.vocabulary.Check`, whose parts may still be of any kind.

    Raises
    ------
    CourseError
        Something is of another kind; the message says how it is written.
    """
    if not _is_number(check.points) or not check.points > 0:
        raise CourseError(f"points={check.points!r}: a number above 0, like points=2")
    if not _is_number(check.tolerance) or not check.tolerance >= 0:
        raise CourseError(f"tolerance={check.tolerance!r}: a number, like tolerance=1e-8")
    _require_texts("decks", check.decks, '("002",)')
    _require_texts("requires", check.requires, '("im2col",)')
    _require_texts("hints", check.hints, '("Which numbers change?", …)')
    if not isinstance(check.features, Mapping):
        raise CourseError('features is a dict of functions: {"several rows": lambda x: len(x) > 1}')
    for words, feature in check.features.items():
        if not callable(feature):
            raise CourseError(f"the feature {words!r} is a function: lambda x: len(x) > 1")
    if check.terms is not None and not callable(check.terms):
        raise CourseError(f"terms={check.terms!r}: a function: lambda x: abs(x).sum()")
    if not all(isinstance(one, Undrawn) for one in check.never):
        raise CourseError('never is a list of undrawn: [undrawn("huge", "why", of="x")]')


def require_levels(levels: Any) -> None:
    """Make sure that levels can be made of what was given.

    Raises
    ------
    CourseError
        They are no dict of strategies and levels.
    """
    if not isinstance(levels, Mapping):
        raise CourseError('levels is a dict: {"any table": tables()}')
    for name, described in levels.items():
        if not isinstance(name, str) or not name.strip():
            raise CourseError(f"a level has a name that students read, not {name!r}")
        if isinstance(described, Level) or hasattr(described, "build"):
            continue
        called = getattr(described, "__name__", "")
        help_ = f"call it: {called}()" if called else "it is a strategy, tables(), or level(…)"
        raise CourseError(f"the level {name!r}: {help_}")


def _require_texts(word: str, given: Any, how: str) -> None:
    fine = isinstance(given, Sequence) and not isinstance(given, str)
    if not fine or not all(isinstance(one, str) and one.strip() for one in given):
        raise CourseError(f"{word}={given!r}: texts in brackets, like {word}={how}")


def _is_number(value: Any) -> bool:
    real = isinstance(value, numbers.Real) and not isinstance(value, bool)
    return real and math.isfinite(value)


def fixed_cases(level: Level) -> list[Any]:
    """Return what a level begins with, once it is clear that these are cases.

    Raises
    ------
    CourseError
        They are none.
    """
    cases = level.fixed() if level.fixed else []
    kinds = (Case, list, tuple)
    if isinstance(cases, (list, tuple)) and all(isinstance(one, kinds) for one in cases):
        return list(cases)
    where = place_of_function(level.fixed) if level.fixed else ""
    raise CourseError(f"{where}: fixed cases are a list of tuples of arguments: [(x,)]")


def require_arguments(stub: Stub, case: Case) -> None:
    """Make sure that a function can be called with a case.

    Raises
    ------
    CourseError
        It has another number of arguments.
    """
    for given in case.steps if not case.bad else ():
        if not stub.required <= len(given) <= len(stub.parameters):
            text = f"a case holds {len(given)} arguments, which do not fit"
            raise CourseError(f"{text} {stub}")
