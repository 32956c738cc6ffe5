"""Read lines until one is an answer: what can be typed instead of one, and what is asked back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from grader.errors import AmbiguousAnswerError, UnreadableAnswerError
from grader.quiz.asking.telling import tell_unreadable
from grader.quiz.items.item import LETTERS
from grader.quiz.marking import mark_answer, read_as

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.quiz.items.item import Mark, Variant

QUIT = frozenset({"q", "quit", "exit"})
HELP = frozenset({"?", "h", "help"})


class Screen(Protocol):
    """What a sitting needs from whoever shows it."""

    def ask(self, variant: Variant, place: int, total: int, *, again: bool) -> None:
        """Show a question."""

    def read(self) -> str:
        """Read one line; raises EOFError at the end of the input."""

    def unreadable(self, message: str) -> None:
        """Say why a line is no answer, and that it cost nothing."""

    def say(self, text: str) -> None:
        """Say what became of a word that was typed."""

    def warn(self, text: str) -> None:
        """Say what the student should know before going on."""

    def read_as(self, shown: str) -> None:
        """Say how an answer was read that was not typed as it is counted."""

    def help(self, variant: Variant, words: str) -> None:
        """Say what may be typed: an answer, and the words that this mode knows."""

    def verdict(self, variant: Variant, mark: Mark) -> None:
        """Show whether the answer was right, and the explanation."""


def listen(
    variant: Variant, screen: Screen, words: str, orders: Mapping[str, str]
) -> tuple[str, Mark] | str:
    """Read until a line is an answer, or an order.

    Parameters
    ----------
    variant
        The question.
    screen
        Where.
    words
        What the orders and `quit` do here, for whoever asks.
    orders
        Words that are no answers, and what each stands for; one that is the letter of an option
        is an answer all the same.

    Returns
    -------
    tuple or str
        What was typed, and its mark; or what an order stands for.

    Raises
    ------
    EOFError
        It is enough for now.
    """
    while True:
        text = screen.read().strip()
        word = word_of(variant, text)
        if word in QUIT:
            raise EOFError
        if word in orders:
            return orders[word]
        if word in HELP or not text:
            screen.help(variant, words)
            continue
        try:
            mark = mark_answer(variant, text)
        except AmbiguousAnswerError as error:
            screen.unreadable(tell_unreadable(error, asks=True))
        except UnreadableAnswerError as error:
            screen.unreadable(tell_unreadable(error, asks=False))
        else:
            if shown := read_as(variant, text, mark):
                screen.read_as(shown)
            return text, mark


def word_of(variant: Variant, text: str) -> str:
    """Return what was typed as a word that may be an order; "" where it is an option's letter."""
    word = text.strip().lower()
    return "" if word in [*LETTERS[: len(variant.posed.options)]] else word
