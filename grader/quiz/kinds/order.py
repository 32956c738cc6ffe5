"""Steps to put in order."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar

from grader.errors import FormulaError, UnreadableAnswerError
from grader.quiz.items.bodies import require_distinct, texts
from grader.quiz.items.item import LETTERS, Mark, Option, Posed
from grader.quiz.kinds.base import LetteredKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.quiz.items.formulas import Scope
    from grader.quiz.items.item import Answer
    from grader.quiz.items.streams import Stream


class Kind(LetteredKind):
    """Ask for the letters in the right order."""

    required: ClassVar = frozenset({"sequence"})
    seconds: ClassVar = 60.0

    def pose(self, body: Mapping[str, object], scope: Scope, stream: Stream) -> Posed:
        """Fill in the steps and shuffle them until they are out of order."""
        steps = [scope.fill(step) for step in texts(body, "sequence")]
        if not 2 < len(steps) <= len(LETTERS):
            raise FormulaError(f"between 3 and {len(LETTERS)} steps, got {len(steps)}")
        require_distinct(steps)
        mixed = stream.shuffled(range(len(steps)))
        while mixed == list(range(len(steps))):
            mixed = stream.shuffled(range(len(steps)))
        key = tuple(LETTERS[mixed.index(step)] for step in range(len(steps)))
        scope.bind("answer", " ".join(key))
        return Posed(key, options=tuple(Option(steps[step]) for step in mixed))

    def read(self, text: str, posed: Posed) -> Answer:
        """Read every letter once."""
        letters = tuple("".join(text.lower().replace(",", " ").replace(">", " ").split()))
        if sorted(letters) != list(LETTERS[: len(posed.options)]):
            raise UnreadableAnswerError(f"expected {self.expects(posed)}")
        return letters

    def mark(self, answer: Answer, posed: Posed) -> Mark:
        """Say which step is the first at a wrong place."""
        assert isinstance(answer, tuple)  # noqa: S101 - by construction; this tells mypy
        assert isinstance(posed.key, tuple)  # noqa: S101 - by construction; this tells mypy
        if answer == posed.key:
            return Mark(right=True, shown=self.show(answer, posed))
        place = next(i for i, letter in enumerate(posed.key) if answer[i] != letter)
        says = f"Step {place + 1} is {posed.key[place]}), you have {answer[place]}) there."
        return Mark(right=False, shown=self.show(answer, posed), slip="steps swapped", says=says)

    def show(self, answer: Answer, posed: Posed) -> str:  # noqa: ARG002 - letters are letters
        """Write the letters one after the other."""
        assert isinstance(answer, tuple)  # noqa: S101 - by construction; this tells mypy
        return " ".join(str(letter) for letter in answer)

    def expects(self, posed: Posed) -> str:
        """Give the letters there are."""
        last = LETTERS[len(posed.options) - 1]
        return f"every letter from a to {last} once, first step first, such as b a c"

    def chance(self, body: Mapping[str, object]) -> float:
        """Count the orders there are."""
        return 1 / math.factorial(len(texts(body, "sequence")))

    def identity(self, body: Mapping[str, object]) -> object:
        """Return the steps, without capitals and blanks."""
        return [" ".join(step.casefold().split()) for step in texts(body, "sequence")]
