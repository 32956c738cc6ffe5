"""When to ask an item again: FSRS over the history of its answers.

The grade is derived from the result and the time, never asked of the student. Steps within a day
are left to the sitting itself, which asks wrong ones again, so FSRS schedules whole days; its
random fuzz is off, so that one history gives one schedule.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from fsrs import Card, Scheduler

    from grader.quiz.items.item import Event

AGAIN, HARD, GOOD, EASY = 1, 2, 3, 4
FAST = 1 / 3
SLOW = 3.0


def grade_answer(*, right: bool, seconds: float, fluent_seconds: float, again: bool = False) -> int:
    """Derive the grade of an answer.

    Parameters
    ----------
    right
        Whether it was right.
    seconds
        The time it took.
    fluent_seconds
        The time that a fluent student needs.
    again
        Whether it had been wrong before in this sitting: then it is no better than hard.

    Returns
    -------
    int
        1 again, 2 hard, 3 good, 4 easy.

    Examples
    --------
    >>> [grade_answer(right=True, seconds=s, fluent_seconds=60) for s in (10, 60, 600)]
    [4, 3, 2]
    """
    if not right:
        return AGAIN
    if again or seconds > SLOW * fluent_seconds:
        return HARD
    return EASY if seconds < FAST * fluent_seconds else GOOD


@dataclass(frozen=True, slots=True)
class ItemSchedule:
    """What the history says about one item.

    Parameters
    ----------
    item
        The item's id.
    due
        When it is to be asked again, in UTC.
    asked, right
        How many answers, and how many right ones.
    """

    item: str
    due: dt.datetime
    asked: int
    right: int


def find_schedules(events: Iterable[Event], digests: Mapping[str, str]) -> dict[str, ItemSchedule]:
    """Replay the history of every item.

    Parameters
    ----------
    events
        The history, oldest first.
    digests
        The present digest of each item: answers to another one do not count.

    Returns
    -------
    dict of str to ItemSchedule
        For the items that have been asked.
    """
    reviews: dict[str, list[Event]] = {}
    for event in events:
        if not event.done and digests.get(event.item) == event.digest:
            reviews.setdefault(event.item, []).append(event)
    return {
        item: ItemSchedule(item, find_due(answers), len(answers), sum(e.right for e in answers))
        for item, answers in reviews.items()
    }


def find_due(answers: Sequence[Event]) -> dt.datetime:
    """Compute when an item is due after its answers.

    Parameters
    ----------
    answers
        At least one, oldest first.

    Returns
    -------
    datetime
        In UTC, at least one day after the last answer.
    """
    from fsrs import Rating  # noqa: PLC0415 - paid only by whoever has a history

    card = _new_card()
    for answer in answers:
        when = dt.datetime.fromisoformat(answer.at).astimezone(dt.UTC)
        card, _ = _scheduler().review_card(card, Rating(answer.grade), when)
    return card.due


def is_due(schedule: ItemSchedule, now: dt.datetime) -> bool:
    """Tell whether an item is due today, whatever the hour.

    Parameters
    ----------
    schedule
        The item.
    now
        With the offset of the student's day.

    Returns
    -------
    bool
        Whether its day has come.
    """
    return days_until(schedule, now) <= 0


def days_until(schedule: ItemSchedule, now: dt.datetime) -> int:
    """Count the days until an item is due.

    Parameters
    ----------
    schedule
        The item.
    now
        With the offset of the student's day.

    Returns
    -------
    int
        0 for today, negative when overdue.
    """
    return (schedule.due.astimezone(now.tzinfo).date() - now.date()).days


@lru_cache(maxsize=1)
def _scheduler() -> Scheduler:
    from fsrs import Scheduler  # noqa: PLC0415 - paid only by whoever has a history

    return Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)


def _new_card() -> Card:
    from fsrs import Card  # noqa: PLC0415 - paid only by whoever has a history

    # a card without an id would take it from the wall clock, and sleep to make it unique
    return Card(card_id=0, due=dt.datetime.fromtimestamp(0, dt.UTC))
