"""Rules for questions with a picture: it must be needed, and it must be said in words."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from grader.quiz.items.item import LETTERS
from grader.quiz.marking import right_answer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.quiz.items.item import Variant

WITHOUT = 0.6
"""The share of variants that may be right by the question alone, without its picture."""


def find_in_pictures(drawn: Sequence[Variant]) -> Iterator[str]:
    """Say what is wrong with the pictures of an item's variants.

    Parameters
    ----------
    drawn
        Variants of one item.

    Yields
    ------
    str
        One line each; nothing for an item without a picture.
    """
    for variant in drawn:
        picture = variant.picture
        if picture is None:
            return
        names = " ".join((picture.title, *(meaning for _, meaning in picture.legend))).casefold()
        if any(f" {text.casefold()} " in f" {names} " for text in _right_texts(variant)):
            yield f"its picture is called by its answer: {picture.title}"
            return
    asked: dict[object, Counter[object]] = {}
    for variant in drawn:
        answer = tuple(_right_texts(variant)) or right_answer(variant)
        asked.setdefault(_read_alone(variant), Counter())[answer] += 1
    several = [answers for answers in asked.values() if answers.total() > 1]
    total = sum(answers.total() for answers in several)
    known = sum(max(answers.values()) for answers in several)
    if not several:
        yield "no two variants ask the same, so that nobody can tell whether its picture is needed"
    elif known > WITHOUT * total:
        yield f"its answer needs no picture: by the question alone {known} of {total} are right"


def _read_alone(variant: Variant) -> tuple[object, ...]:
    """Return what is read of a question where its picture is not seen, in any order of choices."""
    posed = variant.posed
    options = tuple(sorted(option.text for option in posed.options))
    return variant.question, variant.tables, options, posed.lefts


def _right_texts(variant: Variant) -> list[str]:
    """Return the choices that are right; none where the answer is typed."""
    posed, key = variant.posed, variant.posed.key
    letters = key if isinstance(key, tuple) else (key,)
    if not posed.options:
        return []
    return [
        posed.options[LETTERS.index(letter)].text
        for letter in letters
        if isinstance(letter, str) and letter in LETTERS[: len(posed.options)]
    ]
