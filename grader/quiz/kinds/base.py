"""What every kind of question does."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar

from grader.errors import (
    AmbiguousAnswerError,
    AmbiguousNumberError,
    FormulaError,
    UnreadableAnswerError,
)
from grader.quiz.items.item import Mark

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.quiz.items.formulas import Scope, Value
    from grader.quiz.items.item import Answer, Posed
    from grader.quiz.items.streams import Stream


class QuestionKind(ABC):
    """Build, read and mark the questions of one kind.

    Attributes
    ----------
    required, optional
        The keys that an item of this kind must have, and may have, beside those of every item.
    seconds
        What a fluent student needs, unless the item says otherwise.
    rule
        What counts as right, for whoever asks what may be typed; "" where nothing needs saying.
    """

    required: ClassVar[frozenset[str]]
    optional: ClassVar[frozenset[str]] = frozenset()
    seconds: ClassVar[float] = 45.0
    rule: ClassVar[str] = ""

    @abstractmethod
    def pose(self, body: Mapping[str, object], scope: Scope, stream: Stream) -> Posed:
        """Compute the right answer, the options and the slips of one variant.

        Parameters
        ----------
        body
            The keys of the item that belong to this kind.
        scope
            The names of the variant.
        stream
            Where the order of the options comes from.

        Returns
        -------
        Posed
            The part of the variant that this kind knows.

        Raises
        ------
        FormulaError
            A formula fails, or the key has a wrong type.
        CoincidenceError
            Two options are the same in this variant, which is then drawn again.
        """

    @abstractmethod
    def read(self, text: str, posed: Posed) -> Answer:
        """Read what was typed.

        Parameters
        ----------
        text
            One line.
        posed
            The question it answers.

        Returns
        -------
        Answer
            To be compared with the key.

        Raises
        ------
        UnreadableAnswerError
            It cannot be read as an answer of this kind.
        """

    @abstractmethod
    def show(self, answer: Answer, posed: Posed) -> str:
        """Write an answer so that `read` reads it back.

        Parameters
        ----------
        answer
            An answer to this question.
        posed
            The question.

        Returns
        -------
        str
            One line.
        """

    @abstractmethod
    def expects(self, posed: Posed) -> str:
        """Say how an answer is typed.

        Parameters
        ----------
        posed
            The question.

        Returns
        -------
        str
            A few words with an example, which never gives the key away.
        """

    @abstractmethod
    def identity(self, body: Mapping[str, object]) -> object:
        """Collect what decides the answer, and no wording.

        Parameters
        ----------
        body
            The keys of the item that belong to this kind.

        Returns
        -------
        object
            JSON-able; when it changes, the item's history starts anew.
        """

    def is_right(self, answer: Answer, posed: Posed) -> bool:
        """Compare an answer with the key.

        Parameters
        ----------
        answer
            As read.
        posed
            The question.

        Returns
        -------
        bool
            Whether it is right.
        """
        return answer == posed.key

    def mark(self, answer: Answer, posed: Posed) -> Mark:
        """Say whether an answer is right, and which slip made a wrong one.

        Parameters
        ----------
        answer
            As read.
        posed
            The question.

        Returns
        -------
        Mark
            With the feedback of the first slip that gives this answer.
        """
        shown = self.show(answer, posed)
        if self.is_right(answer, posed):
            return Mark(right=True, shown=shown)
        for slip in posed.slips:
            if self.same(answer, slip.value):
                return Mark(right=False, shown=shown, slip=slip.name, says=slip.says)
        return Mark(right=False, shown=shown)

    def bare(self, text: str) -> str:
        """Reduce a text to what tells whether an answer was typed as it is counted.

        Parameters
        ----------
        text
            What was typed, or what `show` writes of it.

        Returns
        -------
        str
            Without blanks and capitals, and whatever else never changes how it is read.
        """
        return "".join(text.casefold().split())

    def chance(self, body: Mapping[str, object]) -> float:  # noqa: ARG002 - where one is typed
        """Return how often a guess that has the right form is right.

        Parameters
        ----------
        body
            The keys of the item that belong to this kind.

        Returns
        -------
        float
            1 over the number of answers that there are to choose from; 0 where one is typed.
        """
        return 0.0

    def coerce(self, value: Value) -> Answer:
        """Bring what a formula gave into the form of an answer.

        Parameters
        ----------
        value
            What the formula of the key, or of a slip, gave.

        Returns
        -------
        Answer
            In the form that `read` returns.

        Raises
        ------
        FormulaError
            It cannot be an answer of this kind.
        """
        raise FormulaError(f"{type(self).__module__} computes no answer, but got {value!r}")

    def same(self, answer: Answer, other: Answer) -> bool:
        """Tell whether two answers are the same one.

        Parameters
        ----------
        answer, other
            Two answers to one question.

        Returns
        -------
        bool
            Whether nobody would tell them apart.
        """
        return answer == other


class LetteredKind(QuestionKind):
    """A kind whose answers are letters: what stands between them says nothing."""

    def bare(self, text: str) -> str:
        """Keep letters and digits alone."""
        words = text.casefold().replace("and", " ")
        return "".join(letter for letter in words if letter.isalnum())


def unreadable(error: FormulaError, expects: str) -> UnreadableAnswerError:
    """Say why a typed number cannot be read, and what was expected.

    Parameters
    ----------
    error
        What `evaluate_number` raised.
    expects
        How an answer is typed.

    Returns
    -------
    UnreadableAnswerError
        To be raised; an `AmbiguousAnswerError`, which asks, where it can mean two numbers.
    """
    if isinstance(error, AmbiguousNumberError):
        return AmbiguousAnswerError(str(error))
    return UnreadableAnswerError(f"{error}; expected {expects}")
