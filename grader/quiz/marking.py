"""Read and mark an answer to a variant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.quiz.kinds import load_kind

if TYPE_CHECKING:
    from grader.quiz.items.item import Item, Mark, Variant


def mark_answer(variant: Variant, text: str) -> Mark:
    """Mark one typed answer.

    Parameters
    ----------
    variant
        The question that was asked.
    text
        What was typed.

    Returns
    -------
    Mark
        Right or wrong, with the feedback.

    Raises
    ------
    UnreadableAnswerError
        It cannot be read as an answer; it costs no attempt.
    """
    kind = load_kind(variant.item.kind)
    return kind.mark(kind.read(text, variant.posed), variant.posed)


def read_as(variant: Variant, text: str, mark: Mark) -> str:
    """Say how an answer was read, where it was not typed as it is counted.

    Parameters
    ----------
    variant
        The question.
    text
        What was typed.
    mark
        Its mark.

    Returns
    -------
    str
        "" where what was typed and what is counted are the same.
    """
    kind = load_kind(variant.item.kind)
    return mark.shown if kind.bare(text) != kind.bare(mark.shown) else ""


def right_answer(variant: Variant) -> str:
    """Write the right answer of a variant as it could be typed.

    Parameters
    ----------
    variant
        The question.

    Returns
    -------
    str
        One line; `mark_answer` finds it right.
    """
    return load_kind(variant.item.kind).show(variant.posed.key, variant.posed)


def expected_form(variant: Variant) -> str:
    """Say how an answer to a variant is typed.

    Parameters
    ----------
    variant
        The question.

    Returns
    -------
    str
        A few words, which do not give the answer away.
    """
    return load_kind(variant.item.kind).expects(variant.posed)


def counting_rule(variant: Variant) -> str:
    """Say what counts as right where an answer can be right in part.

    Parameters
    ----------
    variant
        The question.

    Returns
    -------
    str
        A sentence without its stop; "" where nothing needs saying.
    """
    return load_kind(variant.item.kind).rule


def item_chance(item: Item) -> float:
    """Return how often a guess that has the right form is right.

    Parameters
    ----------
    item
        A question.

    Returns
    -------
    float
        1 over the number of answers that there are to choose from; 0 where one is typed.
    """
    return load_kind(item.kind).chance(item.body)
