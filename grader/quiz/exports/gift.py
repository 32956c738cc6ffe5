"""Moodle's GIFT text format.

References
----------
https://docs.moodle.org/en/GIFT_format
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from grader.quiz.exchange.posed import by_item, figure, html_of
from grader.quiz.exports import Exported

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.quiz.exchange.question import PlainQuestion, Reply
    from grader.quiz.items.item import Topic, Variant

SPECIAL = re.compile(r"([\\~=#{}:])")
LOST = (
    "pictures, which are files: their descriptions in words stand in their place",
    "answers typed as arithmetic: Moodle takes plain numbers only",
    "fresh numbers: every question is fixed; export again with another --seed",
    "shapes and matrices: short answers, right only in the spellings listed",
    "feedback for a wrong pair or a wrong order: only the explanation",
    "a link to the exercise to practise: the explanation names it",
)


def export(topic: Topic, variants: Sequence[Variant]) -> Exported:
    """Write a topic as GIFT.

    Parameters
    ----------
    topic
        The topic.
    variants
        Of each item one or more; several make a category of their own.

    Returns
    -------
    Exported
        UTF-8 text, questions separated by blank lines.
    """
    category = f"$CATEGORY: dlgrade/{topic.name}"
    blocks = ["\n".join(f"// GIFT cannot carry {line}" for line in LOST)]
    blocks += [f"// {topic.title}\n{category}"]
    several = len({variant.key for variant in variants}) > 1
    for name, questions in by_item(variants):
        blocks += [f"{category}/{name}"] if several else []
        blocks += [_question(question) for question in questions]
    return Exported("\n\n".join(blocks) + "\n", LOST)


def _question(question: PlainQuestion) -> str:
    lines = [f"::{_plain(question.name)}::[html]{_plain(html_of(question, None))}{{"]
    lines += _answers(question)
    lines.append(f"####{_rich(question.explanation)}")
    return "\n".join([*lines, "}"])


def _answers(question: PlainQuestion) -> list[str]:
    if question.form == "pairs":
        lines = [f"={_rich(left)} -> {_plain(right)}" for left, right in question.pairs]
        return lines + [f"= -> {_plain(text)}" for text in question.unused]
    if question.form == "number":
        return ["#", *(_number(reply) for reply in question.replies)]
    if question.form == "words":
        return [
            f"={'' if reply.right else '%0%'}{_plain(reply.text)}{_said(reply)}"
            for reply in question.replies
        ]
    rights = sum(reply.right for reply in question.replies)
    shares = {True: 100 / rights, False: -100 / max(len(question.replies) - rights, 1)}
    several = question.form == "choices"
    lines = []
    for reply in question.replies:
        sign = f"~%{percent(shares[reply.right])}%" if several else "~="[reply.right]
        inset = len(reply.text) - len(reply.text.lstrip())
        lines.append(f"{sign}{'&nbsp;' * inset}{_rich(reply.text)}{_said(reply)}")
    return lines


def _number(reply: Reply) -> str:
    share = "" if reply.right else "%0%"
    return f"={share}{reply.text}:{figure(reply.margin)}{_said(reply)}"


def _said(reply: Reply) -> str:
    return f"#{_rich(reply.says)}" if reply.says else ""


def percent(share: float) -> str:
    """Write a share with the five decimals that Moodle's list of grades has.

    Examples
    --------
    >>> percent(100 / 3), percent(-50.0)
    ('33.33333', '-50')
    """
    return f"{share:.5f}".rstrip("0").rstrip(".")


def _rich(text: str) -> str:
    return _plain(escape(text, quote=False))


def _plain(text: str) -> str:
    # a blank line would end the question, and // at the start of a line make it a comment
    return SPECIAL.sub(r"\\\1", " ".join(text.split()))
