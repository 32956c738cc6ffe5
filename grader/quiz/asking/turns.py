"""What a sitting is told by: its sum, the question that is open, and one that was broken off."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from grader.quiz.memory.schedule import AGAIN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.quiz.items.item import Item, Variant
    from grader.quiz.memory.event import Event

MAX_ROUNDS = 3
"""How often one item is asked in a sitting, when it keeps going wrong."""

RESUME_HOURS = 24
"""For how long an interrupted sitting can be taken up again."""


@dataclass(slots=True)
class Summary:
    """What a sitting came to.

    Parameters
    ----------
    total
        How many items it was to ask.
    first_right
        How many were right at the first try, and not guessed.
    asked
        How many answers were given, in all rounds.
    guessed
        How many right answers were called guesses.
    lost
        How many answers had no place in the history.
    wrong
        The items that went wrong at least once, with the slip or "", and those that were guessed.
    finished
        False when it was broken off.
    """

    total: int
    first_right: int = 0
    asked: int = 0
    guessed: int = 0
    lost: int = 0
    wrong: list[tuple[Item, str]] = field(default_factory=list)
    finished: bool = False


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A sitting that was broken off.

    Parameters
    ----------
    name
        Its name in the history.
    right, wrong
        The items whose last answer in it was right, and wrong or guessed.
    """

    name: str
    right: frozenset[str]
    wrong: frozenset[str]


def find_unfinished(events: Sequence[Event], label: str, now: datetime) -> Unfinished | None:
    """Find the sitting to take up again.

    Parameters
    ----------
    events
        The history, oldest first.
    label
        The kind of sitting, such as "conv".
    now
        To leave alone what was broken off long ago.

    Returns
    -------
    Unfinished or None
        None when the last such sitting was finished, or is too old.
    """
    last = next((e for e in reversed(events) if e.session.startswith(f"{label}@")), None)
    if last is None or last.done:
        return None
    if now - datetime.fromisoformat(last.at) > timedelta(hours=RESUME_HOURS):
        return None
    results = {e.item: e.right and e.grade > AGAIN for e in events if e.session == last.session}
    return Unfinished(
        last.session,
        right=frozenset(item for item, right in results.items() if right),
        wrong=frozenset(item for item, right in results.items() if not right),
    )


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A question that waits for its answer.

    Parameters
    ----------
    variant
        The question.
    place, total
        Its place in the sitting, from 1, and how many there are as it stands.
    again
        Whether it was wrong before.
    tries
        How often the sitting has asked it before.
    at
        When it was shown.
    seen
        Whether its answer was shown already, and then taken back.
    """

    variant: Variant
    place: int
    total: int
    again: bool
    tries: int
    at: datetime
    seen: bool = False

    @property
    def is_last_try(self) -> bool:
        """Whether a wrong answer leaves it for another day."""
        return self.tries + 1 >= MAX_ROUNDS
