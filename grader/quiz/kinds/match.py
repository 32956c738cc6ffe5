"""Pairs to match: numbers on the left, letters on the right."""

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
    """Ask for the letter that belongs to each number; a letter may serve twice."""

    required: ClassVar = frozenset({"pairs"})
    optional: ClassVar = frozenset({"extra"})
    seconds: ClassVar = 60.0

    def pose(self, body: Mapping[str, object], scope: Scope, stream: Stream) -> Posed:
        """Fill in both sides and shuffle each."""
        pairs = [(scope.fill(left), scope.fill(right)) for left, right in pairs_of(body)]
        require_distinct([left for left, _ in pairs])
        extra = [scope.fill(right) for right in texts(body, "extra")]
        rights = list(dict.fromkeys(right for _, right in pairs)) + extra
        require_distinct(rights)
        if not 2 <= len(rights) <= len(LETTERS):
            raise FormulaError(f"between 2 and {len(LETTERS)} right sides, got {len(rights)}")
        pairs, rights = stream.shuffled(pairs), stream.shuffled(rights)
        key = tuple(LETTERS[rights.index(right)] for _, right in pairs)
        scope.bind("answer", self.show(key, Posed(key)))
        options = tuple(Option(right) for right in rights)
        return Posed(key, options=options, lefts=tuple(left for left, _ in pairs))

    def read(self, text: str, posed: Posed) -> Answer:
        """Read `1c 2a 3b`, or the letters alone in the order of the numbers."""
        plain = re.sub(r"[\s,;:.)=>-]+", "", text.lower())
        count = len(posed.lefts)
        numbered = re.fullmatch(r"(?:\d+[a-z])+", plain)
        if numbered:
            found = [(int(n), letter) for n, letter in re.findall(r"(\d{1,3})([a-z])", plain)]
            if sorted(n for n, _ in found) != list(range(1, count + 1)):
                raise UnreadableAnswerError(f"expected {self.expects(posed)}")
            plain = "".join(letter for _, letter in sorted(found))
        if len(plain) != count or not set(plain) <= set(LETTERS[: len(posed.options)]):
            raise UnreadableAnswerError(f"expected {self.expects(posed)}")
        return tuple(plain)

    def mark(self, answer: Answer, posed: Posed) -> Mark:
        """List the pairs that are wrong."""
        assert isinstance(answer, tuple)  # noqa: S101 - by construction; this tells mypy
        assert isinstance(posed.key, tuple)  # noqa: S101 - by construction; this tells mypy
        shown = self.show(answer, posed)
        triples = enumerate(zip(answer, posed.key, strict=True), start=1)
        wrong = [f"{number} goes with {want})" for number, (got, want) in triples if got != want]
        if not wrong:
            return Mark(right=True, shown=shown)
        return Mark(right=False, shown=shown, slip="pairs mixed up", says=", ".join(wrong) + ".")

    def show(self, answer: Answer, posed: Posed) -> str:  # noqa: ARG002 - letters are letters
        """Write number and letter of each pair."""
        assert isinstance(answer, tuple)  # noqa: S101 - by construction; this tells mypy
        return " ".join(f"{number}{letter}" for number, letter in enumerate(answer, start=1))

    def expects(self, posed: Posed) -> str:
        """Give the numbers and the letters there are."""
        last = LETTERS[len(posed.options) - 1]
        return f"a letter (a to {last}) for each number 1 to {len(posed.lefts)}, such as 1b 2a ..."

    def chance(self, body: Mapping[str, object]) -> float:
        """Count the ways to give every left side one of the right ones."""
        pairs = pairs_of(body)
        rights = {right for _, right in pairs} | {*texts(body, "extra")}
        return float(len(rights)) ** -len(pairs)

    def identity(self, body: Mapping[str, object]) -> object:
        """Return the pairs, without capitals and blanks."""
        return [[" ".join(side.casefold().split()) for side in pair] for pair in pairs_of(body)]


def pairs_of(body: Mapping[str, object]) -> list[tuple[str, str]]:
    """Read the pairs of an item.

    Parameters
    ----------
    body
        With `pairs`: a list of lists of two texts.

    Returns
    -------
    list of (str, str)
        Left and right templates.

    Raises
    ------
    FormulaError
        It is anything else.
    """
    pairs = body.get("pairs")
    if not isinstance(pairs, list) or len(pairs) < 2:
        raise FormulaError("`pairs` must be a list of at least two [left, right]")
    for pair in pairs:
        is_pair = isinstance(pair, list) and len(pair) == 2
        if not is_pair or not all(isinstance(side, str) for side in pair):
            raise FormulaError("`pairs` must be a list of [left, right]")
    return [(left, right) for left, right in pairs]
