"""A number: exact, or within a tolerance that the question shows."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from grader.errors import FormulaError
from grader.quiz.items.arithmetic import evaluate_number
from grader.quiz.items.bodies import build_slips, number_of
from grader.quiz.items.item import Posed
from grader.quiz.kinds.base import QuestionKind, unreadable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.quiz.items.formulas import Scope, Value
    from grader.quiz.items.item import Answer
    from grader.quiz.items.streams import Stream


class Kind(QuestionKind):
    """Ask for one number, typed as digits or as a sum."""

    required: ClassVar = frozenset({"answer"})
    optional: ClassVar = frozenset({"tolerance", "relative", "signed", "slips"})
    seconds: ClassVar = 60.0

    def pose(self, body: Mapping[str, object], scope: Scope, stream: Stream) -> Posed:  # noqa: ARG002 - nothing is shuffled
        """Evaluate the answer and the slips."""
        margin, share = _margin(body, "tolerance"), _margin(body, "relative")
        if margin and share:
            raise FormulaError("`tolerance` or `relative`, not both")
        if not isinstance(body.get("signed", False), bool):
            raise FormulaError("`signed` must be true or false")
        key = self.coerce(scope.evaluate(str(body["answer"])))
        scope.bind("answer", number_of(key))
        posed = Posed(key, tolerance=margin or share * abs(key), relative=share)
        return replace(posed, slips=build_slips(self, body, scope, posed))

    def coerce(self, value: Value) -> int | float:
        """Insist on a number."""
        return number_of(value)

    def read(self, text: str, posed: Posed) -> Answer:
        """Evaluate the typed arithmetic."""
        try:
            return evaluate_number(text, whole=not posed.tolerance)
        except FormulaError as error:
            raise unreadable(error, self.expects(posed)) from None

    def is_right(self, answer: Answer, posed: Posed) -> bool:
        """Compare whole numbers exactly, others within the tolerance (at least rounding error)."""
        if isinstance(answer, int) and isinstance(posed.key, int) and not posed.tolerance:
            return answer == posed.key
        if isinstance(answer, int | float) and isinstance(posed.key, int | float):
            return _near(answer, posed.key, posed.tolerance)
        return False

    def same(self, answer: Answer, other: Answer) -> bool:
        """Allow half a percent, so that a rounded wrong answer is still recognised."""
        if isinstance(answer, int) and isinstance(other, int):
            return answer == other
        if isinstance(answer, int | float) and isinstance(other, int | float):
            return _near(answer, other, 0.005 * abs(other))
        return False

    def show(self, answer: Answer, posed: Posed) -> str:
        """Write whole numbers in full, others to ten digits, the key as far as it is asked for."""
        if not isinstance(answer, float):
            return str(answer)
        if posed.tolerance and answer == posed.key:
            digits = max(0, math.ceil(-math.log10(posed.tolerance))) + 1
            shown = f"{answer:.{digits}f}"
            return shown.rstrip("0").rstrip(".") if "." in shown else shown
        return f"{answer:.10g}"

    def expects(self, posed: Posed) -> str:
        """Say what may be typed."""
        margin = f", to within {posed.tolerance:g}" if posed.tolerance else ""
        if posed.relative:
            margin = f", to within {100 * posed.relative:g} % of it"
        return f"a number{margin}; a sum such as 5*5*3 + 1 will do"

    def identity(self, body: Mapping[str, object]) -> object:
        """Return the formula and the tolerance."""
        share = [body["relative"]] if body.get("relative") else []
        return [body["answer"], body.get("tolerance", 0.0), *share]


def _margin(body: Mapping[str, object], key: str) -> float:
    found = body.get(key, 0.0)
    if isinstance(found, bool) or not isinstance(found, int | float) or found < 0:
        raise FormulaError(f"`{key}` must be a number, 0 or more")
    return float(found)


def _near(left: float, right: float, margin: float) -> bool:
    try:
        return abs(left - right) <= margin + 1e-12 * max(abs(left), abs(right))
    except OverflowError:  # an int of thousands of bits is near no float
        return False
