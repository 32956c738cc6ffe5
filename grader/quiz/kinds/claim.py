"""A claim that holds or does not, and the reason why."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from grader.errors import FormulaError, UnreadableAnswerError
from grader.quiz.items.bodies import tables
from grader.quiz.items.item import LETTERS, Mark, Posed
from grader.quiz.kinds.base import LetteredKind
from grader.quiz.kinds.single import pose_choices

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.quiz.items.formulas import Scope
    from grader.quiz.items.item import Answer
    from grader.quiz.items.streams import Stream

WORDS = {"true": "true", "t": "true", "yes": "true", "false": "false", "f": "false", "no": "false"}
TYPED = re.compile(rf"({'|'.join(WORDS)})[\s,;:.)-]*([a-z])[).]?")


class Kind(LetteredKind):
    """Ask whether a claim is true, and for the one reason: only both together are right."""

    required: ClassVar = frozenset({"holds", "choices"})
    seconds: ClassVar = 45.0

    def pose(self, body: Mapping[str, object], scope: Scope, stream: Stream) -> Posed:
        """Fill in the reasons, find the right one and shuffle."""
        holds = body["holds"]
        if not isinstance(holds, bool | str):
            raise FormulaError("`holds` must be true, false or a condition")
        is_true = scope.holds(holds) if isinstance(holds, str) else holds
        options, right = pose_choices(body, scope, stream)
        if len(right) != 1:
            raise FormulaError(f"a claim has one right reason, here {len(right)} are right")
        word = "true" if is_true else "false"
        scope.bind("answer", f"{word}: {options[right[0]].text}")
        return Posed((word, LETTERS[right[0]]), options=options)

    def read(self, text: str, posed: Posed) -> Answer:
        """Read `true b`, `t b`, `false, c`."""
        found = TYPED.fullmatch(" ".join(text.lower().split()))
        if not found or found[2] not in LETTERS[: len(posed.options)]:
            raise UnreadableAnswerError(f"expected {self.expects(posed)}")
        return WORDS[found[1]], found[2]

    def mark(self, answer: Answer, posed: Posed) -> Mark:
        """Give the feedback of the reason, and say which half is wrong."""
        assert isinstance(answer, tuple)  # noqa: S101 - by construction; this tells mypy
        assert isinstance(posed.key, tuple)  # noqa: S101 - by construction; this tells mypy
        word, letter = answer
        option = posed.options[LETTERS.index(str(letter))]
        shown = self.show(answer, posed)
        if answer == posed.key:
            return Mark(right=True, shown=shown, says=option.says)
        if letter == posed.key[1]:
            says = f"The reason is right, and it says the opposite: the claim is {posed.key[0]}."
            return Mark(right=False, shown=shown, slip="reason and verdict at odds", says=says)
        told = "" if word == posed.key[0] else f"The claim is {posed.key[0]}."
        says = f"{told} {option.says}".strip()
        return Mark(right=False, shown=shown, slip=option.slip, says=says)

    def show(self, answer: Answer, posed: Posed) -> str:  # noqa: ARG002 - words are words
        """Write the word and the letter."""
        assert isinstance(answer, tuple)  # noqa: S101 - by construction; this tells mypy
        return " ".join(str(part) for part in answer)

    def expects(self, posed: Posed) -> str:
        """Give both words, and the letters there are."""
        last = LETTERS[len(posed.options) - 1]
        return f"true or false, and the letter of the reason (a to {last}), such as true b"

    def chance(self, body: Mapping[str, object]) -> float:
        """Count the reasons, each with both words."""
        return 1 / (2 * len(tables(body, "choices")))

    def identity(self, body: Mapping[str, object]) -> object:
        """Return the verdict and which reason is right, in the order of the file."""
        return [body["holds"], [table.get("right", False) for table in tables(body, "choices")]]
