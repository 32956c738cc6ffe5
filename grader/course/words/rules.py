"""What an answer is held to where it need not be the right one number by number.

A rule is handed plain arrays and numbers of the form that the right answer has, never an object of
the student's, and works out by itself what it holds them to.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from grader.course.words.places import place_of_function
from grader.errors import CourseError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from grader.model import Case, Mismatch

RULED_CASES = 5


@dataclass(frozen=True)
class BrokenRule:
    """How an answer breaks a rule.

    Parameters
    ----------
    mismatch
        What is said.
    measured
        What was worked out of the answer, in the author's words.
    expected, actual
        That of the right answer, or how much is allowed, and that of the student's.
    allowed
        How far off it may be.
    """

    mismatch: Mismatch
    measured: str
    expected: Any
    actual: Any
    allowed: float = 0.0


@dataclass(frozen=True)
class AnswerRule:
    """Holds nothing but the form of an answer: its types, dtypes and shapes.

    Where a course is handed out without its checks nobody knows more.
    """

    @property
    def is_random(self) -> bool:
        """Whether two right answers differ in every number."""
        return False

    def spread(self, case: Case, names: Sequence[str]) -> Case:  # noqa: ARG002 - of a rule that does
        """Return a case with as many calls as the rule needs.

        Parameters
        ----------
        case
            As it was drawn.
        names
            Of the exercise's parameters.

        Raises
        ------
        CourseError
            The exercise has no such parameter.
        """
        return case

    def measure(
        self,
        right: Sequence[Any],  # noqa: ARG002 - as above
        named: Sequence[Mapping[str, Any]],  # noqa: ARG002
    ) -> tuple[float, ...]:
        """Return the numbers of a right answer that decide about another one.

        Parameters
        ----------
        right
            The result of each call.
        named
            Its arguments by their names.

        Raises
        ------
        CourseError
            The right answer itself breaks the rule, or tells too little.
        """
        return ()

    def find_fault(
        self,
        right: Sequence[Any],  # noqa: ARG002 - as above
        answer: Sequence[Any],  # noqa: ARG002
        named: Sequence[Mapping[str, Any]],  # noqa: ARG002
    ) -> BrokenRule | None:
        """Return how an answer breaks the rule, or None.

        Parameters
        ----------
        right, answer
            The results of each call, of one form.
        named
            Its arguments by their names.
        """
        return None


def given_to(
    function: Callable[..., Any], first: Any, named: Mapping[str, Any], asked: Sequence[str]
) -> Any:
    """Return what an author's function makes of something and of the arguments it asks for."""
    import numpy as np  # noqa: PLC0415 - a check is read without it

    strange = [name for name in asked if name not in named]
    if strange:
        text = f"a function of averages or goal asks for {', '.join(strange)}"
        place = place_of_function(function)
        raise CourseError(f"{place}: {text}; the arguments are {', '.join(named)}")
    with np.errstate(all="ignore"):
        return function(first, *(named[name] for name in asked))
