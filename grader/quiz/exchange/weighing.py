"""Which answers of another program's question are right, from the shares that it gives them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from grader.errors import UnheldError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.quiz.exchange.question import Form, Reply

FULL = 99.9
NUMBER = re.compile(r"[-+]?(?:\d{1,30}(?:\.\d{0,30})?|\.\d{1,30})(?:[eE][-+]?\d{1,2})?")


def weigh(form: Form, answers: Sequence[tuple[float, Reply]]) -> tuple[Reply, ...]:
    """Keep the answers of a question when each is wholly right or wholly wrong.

    Parameters
    ----------
    form
        How it is answered.
    answers
        The share in percent of each, and the answer.

    Returns
    -------
    tuple of Reply
        Right ones first, but for choices, which keep their order.

    Raises
    ------
    UnheldError
        An answer is half right or a choice empty, none is right, or several numbers are.
    """
    replies = tuple(reply for _, reply in answers)
    rights = [reply for reply in replies if reply.right]
    if not rights:
        raise UnheldError("none of its answers is right")
    if form in ("choice", "choices") and not all(reply.text.strip() for reply in replies):
        raise UnheldError("one of its choices has no text")
    if form == "choices":
        return replies
    if any(0 < share < FULL for share, _ in answers):
        raise UnheldError("an answer of it is half right, and an item's is right or wrong")
    if form == "choice":
        if len(rights) > 1:
            raise UnheldError("several of its choices are right, and one may be chosen")
        return replies
    if form == "number":
        if len(rights) > 1:
            raise UnheldError("several numbers are right, and an item has one with its tolerance")
        bad = [reply.text for reply in replies if not NUMBER.fullmatch(reply.text)]
        if bad:
            raise UnheldError(f"{bad[0][:40]!r} is no number")
    return (*rights, *(reply for reply in replies if not reply.right))
