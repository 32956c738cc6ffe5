"""A goal that an answer has to reach, such as a loss: worked out here, from what was returned."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from grader.course.strategies import asked_of
from grader.course.words.rules import AnswerRule, BrokenRule, given_to
from grader.errors import CourseError
from grader.model import Mismatch

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


@dataclass(frozen=True)
class Goal(AnswerRule):
    """Holds an answer to a loss that is worked out from it.

    Parameters
    ----------
    name
        What the loss is called.
    loss
        A function of the result, plain arrays, and of the arguments that it asks for by name.
    at_most
        The largest that is enough, or a function of the arguments that it asks for.
    """

    name: str
    loss: Callable[..., float]
    at_most: float | Callable[..., float]

    def measure(
        self, right: Sequence[Any], named: Sequence[Mapping[str, Any]]
    ) -> tuple[float, ...]:
        """Return the loss of the right answer and the one asked for, if that is reached."""
        fault = self.find_fault(right, right, named)
        if fault is not None:
            raise CourseError(f"the course's own answer is not enough: {fault.mismatch.message}")
        return (self._loss(right[-1], named[-1]), self._limit(named[-1]))

    def find_fault(
        self,
        right: Sequence[Any],  # noqa: ARG002 - the goal is what counts, whoever reaches it
        answer: Sequence[Any],
        named: Sequence[Mapping[str, Any]],
    ) -> BrokenRule | None:
        """Return that the loss is not small enough."""
        reached, limit = self._loss(answer[-1], named[-1]), self._limit(named[-1])
        if reached <= limit:
            return None
        kind = "values" if math.isfinite(reached) else "finite"
        text = f"{self.name} = {reached:.4g}, expected at most {limit:.4g}"
        return BrokenRule(Mismatch(kind, text, wrong=1, total=1), self.name, limit, reached)

    def _loss(self, result: Any, named: Mapping[str, Any]) -> float:
        return float(given_to(self.loss, result, named, asked_of(self.loss)[1:]))

    def _limit(self, named: Mapping[str, Any]) -> float:
        if not callable(self.at_most):
            return float(self.at_most)
        return float(self.at_most(*(named[name] for name in asked_of(self.at_most))))


def goal(name: str, loss: Callable[..., float], *, at_most: float | Callable[..., float]) -> Goal:
    """Hold an answer to a loss that is worked out from it; see `Goal`.

    Parameters
    ----------
    name, loss, at_most
        Of `Goal`.

    Examples
    --------
    >>> goal("mean squared error", lambda w, x, y: ((x @ w - y) ** 2).mean(), at_most=0.1).name
    'mean squared error'
    """
    if not callable(loss):
        raise CourseError("goal: the loss is a function: lambda w, x, y: ((x @ w - y) ** 2).mean()")
    if not callable(at_most) and not isinstance(at_most, (int, float)):
        raise CourseError(f"goal: at_most={at_most!r} is no number: at_most=0.3")
    return Goal(name, loss, at_most)
