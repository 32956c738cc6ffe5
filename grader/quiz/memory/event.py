"""One line of the history."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the history.

    Parameters
    ----------
    at
        When, in ISO 8601 with the offset.
    item
        The item's id.
    digest
        What decides the item's answer; another digest starts the history anew.
    session
        Which sitting the answer belongs to.
    variant
        The key of the variant's stream.
    answer
        What was typed.
    right
        Whether it was right.
    slip
        The recognised mistake, or "".
    seconds
        The time the answer took.
    grade
        1 again, 2 hard, 3 good, 4 easy.
    done
        True for the line that closes a sitting; it belongs to no item.
    replaces
        The `at` of the answer, the last one of its sitting, that this one stands in place of: it
        was guessed, or, where this one belongs to no item, taken back. "" for none.
    """

    at: str
    item: str
    digest: str
    session: str
    variant: str = ""
    answer: str = ""
    right: bool = False
    slip: str = ""
    seconds: float = 0.0
    grade: int = 0
    done: bool = False
    replaces: str = ""
