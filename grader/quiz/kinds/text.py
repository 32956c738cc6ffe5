"""A short text, with stated alternatives."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from grader.errors import FormulaError, UnreadableAnswerError
from grader.quiz.items.bodies import tables, texts
from grader.quiz.items.item import Posed, Slip
from grader.quiz.kinds.base import QuestionKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.quiz.items.formulas import Scope
    from grader.quiz.items.item import Answer, Mark
    from grader.quiz.items.streams import Stream

MAX_CHARACTERS = 200
MOST_WORDS = 6
HEDGES = frozenset({"or", "and", "not", "no"})
"""Whoever names several things, or denies one, has not answered with what is contained."""


class Kind(QuestionKind):
    """Ask for a word or a few."""

    required: ClassVar = frozenset({"accepted"})
    optional: ClassVar = frozenset({"contains", "slips"})
    seconds: ClassVar = 30.0

    def pose(self, body: Mapping[str, object], scope: Scope, stream: Stream) -> Posed:  # noqa: ARG002 - nothing is shuffled
        """Fill in the alternatives; the first is the one that is shown."""
        accepted = tuple(scope.fill(text) for text in texts(body, "accepted"))
        if not accepted or not all(normal(text) for text in accepted):
            raise FormulaError("`accepted` must list at least one text, with letters or digits")
        scope.bind("answer", accepted[0])
        slips = [slip for table in tables(body, "slips") for slip in _slips(table, scope)]
        right = {normal(text) for text in accepted}
        wrong = tuple(slip for slip in slips if normal(str(slip.value)) not in right)
        contained = tuple(normal(scope.fill(text)) for text in texts(body, "contains"))
        return Posed(accepted, slips=wrong, contained=contained)

    def read(self, text: str, posed: Posed) -> Answer:
        """Keep the words as they are; only an empty answer cannot be read."""
        if len(text) > MAX_CHARACTERS or not normal(text):
            raise UnreadableAnswerError(f"expected {self.expects(posed)}")
        return " ".join(text.split())

    def is_right(self, answer: Answer, posed: Posed) -> bool:
        """Compare with each alternative, then look for the words that will do."""
        assert isinstance(posed.key, tuple)  # noqa: S101 - by construction; this tells mypy
        if any(self.same(answer, text) for text in posed.key):
            return True
        is_slip = any(self.same(answer, slip.value) for slip in posed.slips)
        return not is_slip and _contains(normal(str(answer)), posed.contained)

    def mark(self, answer: Answer, posed: Posed) -> Mark:
        """Show what an answer with more words was taken for."""
        mark = super().mark(answer, posed)
        assert isinstance(posed.key, tuple)  # noqa: S101 - by construction; this tells mypy
        if mark.right and not any(self.same(answer, text) for text in posed.key):
            return replace(mark, shown=self.show(posed.key, posed))
        return mark

    def same(self, answer: Answer, other: Answer) -> bool:
        """Ignore capitals, accents, punctuation and a leading article."""
        return normal(str(answer)) == normal(str(other))

    def show(self, answer: Answer, posed: Posed) -> str:  # noqa: ARG002 - a text is a text
        """Write the text; of the key, its first alternative."""
        return str(answer[0]) if isinstance(answer, tuple) else str(answer)

    def expects(self, posed: Posed) -> str:  # noqa: ARG002 - the same for all
        """Say that it is short."""
        return "a word or a few"

    def identity(self, body: Mapping[str, object]) -> object:
        """Return the first alternative: adding another spelling mends, and changes no answer."""
        return normal(texts(body, "accepted")[0])


def normal(text: str) -> str:
    """Reduce a text to what counts.

    Parameters
    ----------
    text
        As typed.

    Returns
    -------
    str
        Lower case, without accents, punctuation and a leading article.

    Examples
    --------
    >>> normal("The  Long Short-Term Memory.") == normal("long short term memory")
    True
    """
    plain = unicodedata.normalize("NFKD", text).casefold()
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    words = re.sub(r"[^\w]+|_", " ", plain).split()
    return " ".join(words[1:] if len(words) > 1 and words[0] in ("a", "an", "the") else words)


def _contains(answer: str, contained: tuple[str, ...]) -> bool:
    words = answer.split()
    if len(words) > MOST_WORDS or HEDGES & set(words):
        return False
    return any(re.search(rf"\b{re.escape(text)}s?\b", answer) for text in contained)


def _slips(table: dict[str, object], scope: Scope) -> list[Slip]:
    if set(table) != {"name", "texts", "says"}:
        raise FormulaError("a slip of a text needs `name`, `texts` and `says`, and nothing else")
    says = scope.fill(str(table["says"]))
    return [Slip(str(table["name"]), text, says) for text in texts(table, "texts")]
