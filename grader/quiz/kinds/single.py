"""One choice among several."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from grader.errors import FormulaError, UnreadableAnswerError
from grader.quiz.items.bodies import require_distinct, tables
from grader.quiz.items.item import LETTERS, Mark, Option, Posed
from grader.quiz.kinds.base import LetteredKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.quiz.items.formulas import Scope
    from grader.quiz.items.item import Answer
    from grader.quiz.items.streams import Stream


class Kind(LetteredKind):
    """Ask for the one letter that is right."""

    required: ClassVar = frozenset({"choices"})
    seconds: ClassVar = 30.0

    def pose(self, body: Mapping[str, object], scope: Scope, stream: Stream) -> Posed:
        """Fill in the choices, find the right one and shuffle."""
        options, right = pose_choices(body, scope, stream)
        if len(right) != 1:
            raise FormulaError(f"a single choice has one right answer, here {len(right)} are right")
        scope.bind("answer", options[right[0]].text)
        return Posed(LETTERS[right[0]], options=options)

    def read(self, text: str, posed: Posed) -> Answer:
        """Read one letter."""
        letter = text.strip().lower().strip("().")
        if len(letter) != 1 or letter not in LETTERS[: len(posed.options)]:
            raise UnreadableAnswerError(f"expected {self.expects(posed)}")
        return letter

    def mark(self, answer: Answer, posed: Posed) -> Mark:
        """Give the feedback of the choice itself."""
        option = posed.options[LETTERS.index(str(answer))]
        right = self.is_right(answer, posed)
        slip = "" if right else option.slip
        return Mark(right, self.show(answer, posed), slip=slip, says=option.says)

    def show(self, answer: Answer, posed: Posed) -> str:  # noqa: ARG002 - a letter is a letter
        """Write the letter."""
        return str(answer)

    def expects(self, posed: Posed) -> str:
        """Give the letters there are."""
        return f"one letter, a to {LETTERS[len(posed.options) - 1]}"

    def chance(self, body: Mapping[str, object]) -> float:
        """Count the choices."""
        return 1 / len(tables(body, "choices"))

    def identity(self, body: Mapping[str, object]) -> object:
        """Return which choices are right, in the order of the file."""
        return [table.get("right", False) for table in tables(body, "choices")]


def pose_choices(
    body: Mapping[str, object], scope: Scope, stream: Stream
) -> tuple[tuple[Option, ...], list[int]]:
    """Fill in the choices of an item and shuffle them.

    Parameters
    ----------
    body
        With `choices`: tables with `text`, and `right`, `says`, `slip` where they apply.
    scope
        The names of the variant.
    stream
        Where the order comes from.

    Returns
    -------
    tuple of (tuple of Option, list of int)
        The options as shown, and the positions of the right ones.

    Raises
    ------
    FormulaError
        A choice is malformed.
    CoincidenceError
        Two choices read the same.
    """
    choices = tables(body, "choices")
    if not 2 <= len(choices) <= len(LETTERS):
        raise FormulaError(f"between 2 and {len(LETTERS)} choices, got {len(choices)}")
    built = [_option(table, scope) for table in choices]
    require_distinct([option.text for option, _ in built])
    mixed = stream.shuffled(built)
    return tuple(option for option, _ in mixed), [i for i, (_, ok) in enumerate(mixed) if ok]


def _option(table: dict[str, object], scope: Scope) -> tuple[Option, bool]:
    unknown = set(table) - {"text", "right", "says", "slip"}
    if unknown or not isinstance(table.get("text"), str):
        raise FormulaError("a choice has `text`, and `right`, `slip`, `says` where they apply")
    right = table.get("right", False)
    is_right = scope.holds(right) if isinstance(right, str) else bool(right)
    says = scope.fill(str(table.get("says", "")))
    return Option(scope.fill(str(table["text"])), str(table.get("slip", "")), says), is_right
