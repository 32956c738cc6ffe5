"""A shape: `28x28x6`, `28, 28, 6` and `(28, 28, 6)` are one answer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from grader.errors import FormulaError, UnreadableAnswerError
from grader.quiz.items.arithmetic import evaluate_number
from grader.quiz.items.bodies import build_slips, number_of
from grader.quiz.items.item import Posed
from grader.quiz.kinds.base import QuestionKind, unreadable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.quiz.items.formulas import Scope, Value
    from grader.quiz.items.item import Answer
    from grader.quiz.items.streams import Stream

DOTS = re.compile("[\N{MIDDLE DOT}\N{DOT OPERATOR}\N{BULLET OPERATOR}]")
AROUND = re.compile(
    r"^(?:(?:torch|np|numpy)\.)?(?:size|shape)\s*(?=[(=\[])=?\s*|\s*(?:px|pixels?)$"
)
"""What may stand around a shape, and says nothing of it."""
EXAMPLE = (9, 8, 7, 6, 5)


class Kind(QuestionKind):
    """Ask for the sizes of an array."""

    required: ClassVar = frozenset({"answer"})
    optional: ClassVar = frozenset({"slips"})
    seconds: ClassVar = 60.0

    def pose(self, body: Mapping[str, object], scope: Scope, stream: Stream) -> Posed:  # noqa: ARG002 - nothing is shuffled
        """Evaluate the answer and the slips."""
        key = self.coerce(scope.evaluate(str(body["answer"])))
        scope.bind("answer", "x".join(str(size) for size in key))
        return Posed(key, slips=build_slips(self, body, scope, Posed(key)))

    def coerce(self, value: Value) -> tuple[int, ...]:
        """Insist on a list of whole numbers."""
        if not isinstance(value, list) or not value:
            raise FormulaError(f"a shape is a list of whole numbers, got {value!r}")
        sizes = tuple(number_of(size) for size in value)
        if not all(isinstance(size, int) for size in sizes):
            raise FormulaError(f"a shape is a list of whole numbers, got {value!r}")
        return tuple(int(size) for size in sizes)

    def read(self, text: str, posed: Posed) -> Answer:
        """Split at x, commas, stars or blanks, and evaluate each size."""
        rank = len(posed.key) if isinstance(posed.key, tuple) else 1
        parts = split_sizes(text, rank)
        if len(parts) != rank:
            raise UnreadableAnswerError(f"expected {self.expects(posed)}")
        try:
            sizes = tuple(evaluate_number(part) for part in parts)
        except FormulaError as error:
            raise unreadable(error, self.expects(posed)) from None
        if not all(isinstance(size, int) for size in sizes):
            raise UnreadableAnswerError(f"a size is whole; expected {self.expects(posed)}")
        return sizes

    def show(self, answer: Answer, posed: Posed) -> str:  # noqa: ARG002 - the same for all
        """Join the sizes with x."""
        return "x".join(str(size) for size in answer) if isinstance(answer, tuple) else str(answer)

    def expects(self, posed: Posed) -> str:
        """Give the number of sizes, with an example of that length."""
        rank = len(posed.key) if isinstance(posed.key, tuple) else 1
        example = [str(size) for size in EXAMPLE[:rank]]
        return f"{rank} sizes, such as {'x'.join(example)} or ({', '.join(example)})"

    def identity(self, body: Mapping[str, object]) -> object:
        """Return the formula."""
        return body["answer"]


def split_sizes(text: str, rank: int) -> list[str]:
    """Cut a typed shape into its sizes.

    Parameters
    ----------
    text
        As typed.
    rank
        How many sizes the question has: blanks separate only when nothing else does.

    Returns
    -------
    list of str
        The parts, not yet evaluated.

    Examples
    --------
    >>> split_sizes("28 x 28 x 6", 3), split_sizes("(28, 28, 6)", 3), split_sizes("28 28 6", 3)
    (['28', '28', '6'], ['28', '28', '6'], ['28', '28', '6'])
    >>> split_sizes("(32 - 5 + 1) x 28 x 6", 3), split_sizes("28*28*6", 3)
    (['(32 - 5 + 1)', '28', '6'], ['28', '28', '6'])
    >>> split_sizes("torch.Size([28, 28, 6])", 3)
    ['28', '28', '6']
    """
    plain = text.strip().lower().replace("\N{MULTIPLICATION SIGN}", "x")
    plain = AROUND.sub("", DOTS.sub("*", plain))
    while re.fullmatch(r"\(\s*[(\[].*[)\]]\s*\)|[(\[][^()\[\]]*[)\]]", plain):
        plain = plain[1:-1].strip().rstrip(",")
    parts = re.split(r"\s*(?:[x,;]|\bby\b)\s*", plain)
    if len(parts) == 1 and rank > 1:
        stars = re.split(r"\s*\*\s*(?![^()]*\))", plain)
        parts = stars if len(stars) == rank else parts
    if len(parts) == 1 and rank > 1 and re.fullmatch(r"[\d\s]+", plain):
        parts = plain.split()
    return parts
