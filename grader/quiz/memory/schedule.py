"""When to ask an item again: FSRS over the history of its answers.

The grade is derived from the result and the time; of a student it is only asked whether a right
answer was a guess. Steps within a day are left to the sitting itself, which asks wrong ones again,
so FSRS schedules whole days; its random fuzz is off, so that one history gives one schedule.

A choice that is right may be luck: it is never easy, and its step is one between those of a right
and of a wrong answer (`find_due`).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from grader.quiz.items.variants import answer_digest
from grader.quiz.marking import item_chance

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fsrs import Card, Scheduler

    from grader.quiz.items.item import Item
    from grader.quiz.memory.event import Event

AGAIN, HARD, GOOD, EASY = 1, 2, 3, 4
FAST = 1 / 3
SLOW = 3.0


NEW = 0.5
"""How likely a question is known that was not asked before: nobody has said anything of it."""


def grade_answer(
    *,
    right: bool,
    seconds: float,
    fluent_seconds: float,
    again: bool = False,
    by_chance: bool = False,
) -> int:
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
    by_chance
        Whether it is fast without being known: among choices, or after its answer was shown. Then
        it is no better than good, however fast.

    Returns
    -------
    int
        1 again, 2 hard, 3 good, 4 easy.

    Examples
    --------
    >>> [grade_answer(right=True, seconds=s, fluent_seconds=60) for s in (10, 60, 600)]
    [4, 3, 2]
    >>> grade_answer(right=True, seconds=2, fluent_seconds=60, by_chance=True)
    3
    """
    if not right:
        return AGAIN
    if again or seconds > SLOW * fluent_seconds:
        return HARD
    return EASY if seconds < FAST * fluent_seconds and not by_chance else GOOD


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


def find_schedules(
    events: Iterable[Event], items: Iterable[Item], now: dt.datetime | None = None
) -> dict[str, ItemSchedule]:
    """Replay the history of every item.

    Parameters
    ----------
    events
        The history, oldest first.
    items
        As they are now: answers to another question under the same id do not count.
    now
        An answer of a later time, as after a clock that was wrong, counts as one of now; None for
        whenever it was.

    Returns
    -------
    dict of str to ItemSchedule
        By id, for the items that have been asked.
    """
    reviews: dict[str, list[Event]] = {}
    for event in events:
        if not event.done:
            reviews.setdefault(event.item, []).append(event)
    found = {}
    for item in items:
        digest = answer_digest(item) if item.id in reviews else ""
        if answers := [one for one in reviews.get(item.id, ()) if one.digest == digest]:
            due, right = (
                find_due(answers, item_chance(item), now),
                sum(one.right for one in answers),
            )
            found[item.id] = ItemSchedule(item.id, due, len(answers), right)
    return found


def find_due(
    answers: Sequence[Event], chance: float = 0.0, now: dt.datetime | None = None
) -> dt.datetime:
    """Compute when an item is due after its answers.

    Parameters
    ----------
    answers
        At least one, oldest first.
    chance
        How often a guess is right.
    now
        No answer counts as later than this; None for whenever it was.

    Returns
    -------
    datetime
        In UTC, at least one day after the last answer.

    Notes
    -----
    Of a student who recalls the answer with probability `R`, as the scheduler says (of a new
    question, 1/2), a right answer was luck with probability `(1 - R) c / (R + (1 - R) c)`, by
    Bayes' rule. Stability and difficulty are the means, with these weights, of what the scheduler
    makes of a right and of a wrong answer. So a right choice never waits longer than a right answer
    that was typed, nor shorter than a wrong one; long after its day, where it tells least, it
    counts least.
    """
    from fsrs import Rating  # noqa: PLC0415 - paid only by whoever has a history

    scheduler, card = _scheduler(), _new_card()
    for answer in answers:
        when = dt.datetime.fromisoformat(answer.at).astimezone(dt.UTC)
        when = min(when, now.astimezone(dt.UTC)) if now else when
        grade = min(answer.grade, GOOD) if chance else answer.grade
        after, _ = scheduler.review_card(card, Rating(grade), when)
        if chance and grade > AGAIN:
            known = scheduler.get_card_retrievability(card, when) if card.last_review else NEW
            luck = (1 - known) * chance / (known + (1 - known) * chance)
            wrong, _ = scheduler.review_card(card, Rating(AGAIN), when)
            _mix(after, wrong, luck)
        card = after
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


def _mix(card: Card, other: Card, share: float) -> None:
    """Move a card that was just reviewed towards another outcome of the same review."""
    # both were reviewed, so that they have each of these; this tells mypy
    assert card.stability is not None and card.difficulty is not None  # noqa: S101, PT018
    assert other.stability is not None and other.difficulty is not None  # noqa: S101, PT018
    assert card.last_review is not None  # noqa: S101
    card.stability += share * (other.stability - card.stability)
    card.difficulty += share * (other.difficulty - card.difficulty)
    # stability is, by its definition, the days until 9 of 10 are recalled, as the scheduler wants
    card.due = card.last_review + dt.timedelta(days=max(1, round(card.stability)))


def _new_card() -> Card:
    from fsrs import Card  # noqa: PLC0415 - paid only by whoever has a history

    # a card without an id would take it from the wall clock, and sleep to make it unique
    return Card(card_id=0, due=dt.datetime.fromtimestamp(0, dt.UTC))
