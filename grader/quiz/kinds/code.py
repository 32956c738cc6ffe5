"""A few lines of Python, one of which is wrong."""

from __future__ import annotations

import re
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
    """Ask for the letter of the wrong line; the lines stand in their order."""

    required: ClassVar = frozenset({"lines", "wrong", "mended"})
    optional: ClassVar = frozenset({"says"})
    seconds: ClassVar = 75.0

    def pose(self, body: Mapping[str, object], scope: Scope, stream: Stream) -> Posed:  # noqa: ARG002 - lines of code keep their order
        """Look for the wrong line."""
        lines, wrong = texts(body, "lines"), body["wrong"]
        if not 2 < len(lines) <= len(LETTERS):
            raise FormulaError(f"between 3 and {len(LETTERS)} lines, got {len(lines)}")
        require_distinct(lines)
        if not isinstance(wrong, str) or wrong not in lines:
            raise FormulaError("`wrong` must be one of the `lines`")
        if not isinstance(body["mended"], str):
            raise FormulaError("`mended` must be a text: the line as it is right")
        scope.bind("answer", wrong.strip())
        says = dict.fromkeys(lines, "This line is right.")
        says[wrong] = f"The wrong one should be: {str(body['mended']).strip()}"
        slips = {line: "" if line == wrong else "another line" for line in lines}
        options = tuple(Option(line, slips[line], says[line]) for line in lines)
        return Posed(LETTERS[lines.index(wrong)], options=options)

    def read(self, text: str, posed: Posed) -> Answer:
        """Read one letter, or the number of the line."""
        plain = re.sub(r"^line\s+", "", text.strip().lower()).strip("().")
        letters = LETTERS[: len(posed.options)]
        if plain.isdecimal() and len(plain) < 3 and 1 <= int(plain) <= len(letters):
            return letters[int(plain) - 1]
        if len(plain) != 1 or plain not in letters:
            raise UnreadableAnswerError(f"expected {self.expects(posed)}")
        return plain

    def mark(self, answer: Answer, posed: Posed) -> Mark:
        """Say how the wrong line should read."""
        right = self.is_right(answer, posed)
        told = posed.options[LETTERS.index(str(answer))]
        mended = posed.options[LETTERS.index(str(posed.key))].says
        if right:
            return Mark(right, self.show(answer, posed), says=mended)
        return Mark(right, self.show(answer, posed), slip=told.slip, says=f"{told.says} {mended}")

    def show(self, answer: Answer, posed: Posed) -> str:  # noqa: ARG002 - a letter is a letter
        """Write the letter."""
        return str(answer)

    def expects(self, posed: Posed) -> str:
        """Give the letters there are."""
        return f"the letter of the wrong line, a to {LETTERS[len(posed.options) - 1]}"

    def chance(self, body: Mapping[str, object]) -> float:
        """Count the lines."""
        return 1 / len(texts(body, "lines"))

    def identity(self, body: Mapping[str, object]) -> object:
        """Return the wrong line, without its blanks."""
        return "".join(str(body["wrong"]).split())
