"""A level: a family of cases with points of its own, and how an answer to one is judged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from grader.course.words.rules import RULED_CASES
from grader.errors import CourseError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from grader.course.strategies import Strategy
    from grader.course.words.rules import AnswerRule

FEWEST_TIMES = 5.0  # two runs of one program may differ by 2 or 3
TIMED_CASES = 3  # how often a function is timed before it is too slow


@dataclass(frozen=True)
class Level:
    """A harder family of cases with points of its own.

    Parameters
    ----------
    strategy
        Draws its cases.
    fixed
        Returns the cases that come first: the decks' own numbers.
    times
        How many times the CPU time of the course's own answer one may take; None for any time.
    judged
        What an answer is held to where it need not be the right one number by number.
    reach
        The score that is enough, where the exercise asks for predictions in a file.
    """

    strategy: Strategy
    fixed: Callable[[], Sequence[Any]] | None = None
    times: float | None = None
    judged: AnswerRule | None = None
    reach: float | None = None

    @property
    def is_plain(self) -> bool:
        """Whether a right answer is all that is asked, so that any smaller case tells as much."""
        return self.times is None and self.judged is None and self.reach is None

    @property
    def is_formal(self) -> bool:
        """Whether a file of the right form is enough."""
        return self.reach == float("-inf")

    @property
    def own_cases(self) -> int | None:
        """How many cases it draws; None for as many as any."""
        if self.judged is not None:
            return RULED_CASES
        return None if self.times is None else TIMED_CASES

    @property
    def criteria(self) -> list[Any]:
        """What decides a verdict here beside the cases; nothing for a plain one."""
        return [] if self.times is None else [self.times]


def level(
    strategy: Strategy,
    *,
    fixed: Callable[[], Sequence[Any]] | None = None,
    times: float | None = None,
    judged: AnswerRule | None = None,
) -> Level:
    """Describe a level that begins with fixed cases, or asks for more than a right answer.

    Parameters
    ----------
    strategy
        Draws the other cases.
    fixed
        Returns tuples of arguments, or cases made by `bad` and `steps`; imports numpy inside.
    times
        The most that an answer may cost, as a multiple of the CPU time of the course's own; with
        large arguments, on which a Python loop costs a hundred times as much as NumPy.
    judged
        What answers are held to where they need not be the right ones number by number:
        `averages(...)` or `goal(...)`.

    Raises
    ------
    CourseError
        `times` is so small that chance would decide, or both are asked for.
    """
    if not hasattr(strategy, "build"):
        called = getattr(strategy, "__name__", repr(strategy))
        raise CourseError(f"level: {called} is no strategy; call it: {called}()")
    if fixed is not None and not callable(fixed):
        raise CourseError("level: fixed is a function that returns a list of cases")
    if times is not None and not isinstance(times, (int, float)):
        raise CourseError(f"level: times={times!r} is no number: times=10")
    if judged is not None and not hasattr(judged, "find_fault"):
        raise CourseError("level: judged is averages(…) or goal(…)")
    if times is not None and judged is not None:
        raise CourseError("a level asks for times=... or judged=...: make two levels of it")
    if times is not None and times < FEWEST_TIMES:
        text = f"times={times:g}: a right answer may take {FEWEST_TIMES:g} times as long by chance"
        raise CourseError(f"{text}; leave more, and take arguments so large that a loop shows")
    return Level(strategy, fixed, times, judged)
