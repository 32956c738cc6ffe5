"""What a day asks: what is due and a few new questions, mixed over the topics."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice, zip_longest
from typing import TYPE_CHECKING

from grader.quiz.asking.overview import about_minutes, find_due_items
from grader.quiz.items.variants import answer_digest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from grader.quiz.items.item import Item, Topic
    from grader.quiz.memory.event import Event

TODAY = "today"
"""The label of a day's sitting."""

NEW_A_DAY = 8

OPEN_TOPICS = 3
"""New questions come from so many topics at least, for as long as there are so many."""


@dataclass(frozen=True, slots=True)
class DayPlan:
    """What a day asks.

    Parameters
    ----------
    items
        In the order in which they are asked.
    due
        How many of them were asked before.
    waiting
        How many more are due, beyond what one sitting asks.
    """

    items: tuple[Item, ...]
    due: int
    waiting: int

    @property
    def new(self) -> int:
        """How many of them were never asked."""
        return len(self.items) - self.due


def plan_day(  # noqa: PLR0913 - what a plan depends on
    names: Sequence[str],
    load: Callable[[set[str]], Sequence[Topic]],
    events: Sequence[Event],
    now: datetime,
    *,
    new: int | None,
    limit: int,
) -> DayPlan:
    """Choose what a day asks.

    Parameters
    ----------
    names
        The topics, in the course's order.
    load
        Gives those of these names; to load all of them would cost as much as the rest.
    events
        The history, oldest first.
    now
        With the offset of the student's day.
    new
        How many new questions; None for `NEW_A_DAY`, less those that this day has met already.
    limit
        How many due ones at most.

    Returns
    -------
    DayPlan
        What is due, longest overdue first, and new questions of the topics that are begun; where
        those are fewer than `OPEN_TOPICS`, of the next ones in the course, too.
    """
    begun = {event.item.partition(".")[0] for event in events}
    topics = load(begun)
    due = find_due_items(topics, events, now, TODAY)
    many = max(0, NEW_A_DAY - _met_today(events, now)) if new is None else new
    fresh = list(islice(_find_new(names, topics, load, events), many)) if many else []
    items = interleave([*due[:limit], *fresh])
    return DayPlan(tuple(items), min(limit, len(due)), max(0, len(due) - limit))


def tell_plan(plan: DayPlan) -> str:
    """Say what a day asks and how long that takes.

    Parameters
    ----------
    plan
        Not empty.

    Returns
    -------
    str
        One line, such as "Today: 5 due and 8 new questions, about 9 minutes."
    """
    due = f"{plan.due} due" if plan.due else ""
    new = f"{plan.new} new" if plan.new else ""
    noun = "question" if len(plan.items) == 1 else "questions"
    line = f"Today: {' and '.join(filter(None, (due, new)))} {noun}, {about_minutes(plan.items)}"
    return f"{line}; {plan.waiting} more are due." if plan.waiting else f"{line}."


def interleave(items: Iterable[Item]) -> list[Item]:
    """Order items so that as few neighbours as can be are of one topic.

    Parameters
    ----------
    items
        The more urgent ones first.

    Returns
    -------
    list of Item
        The same items. Each place has the first that is left of another topic than the one before,
        unless a topic has so many left that it must come now.
    """
    left, mixed, last = list(items), [], ""
    counts = Counter(item.topic for item in left)
    while left:
        crowded = [topic for topic, n in counts.items() if 2 * n > len(left) and topic != last]
        wanted = [item for item in left if item.topic in (crowded or counts.keys() - {last})]
        item = (wanted or left)[0]
        left.remove(item)
        mixed.append(item)
        last = item.topic
        counts[last] -= 1
    return mixed


def _met_today(events: Sequence[Event], now: datetime) -> int:
    """Count the questions that a day's sitting has asked for the first time, today."""
    first: dict[str, Event] = {}
    for event in events:
        if event.item:
            first.setdefault(event.item, event)
    days = [one.at for one in first.values() if one.session.startswith(f"{TODAY}@")]
    return sum(
        datetime.fromisoformat(at).astimezone(now.tzinfo).date() == now.date() for at in days
    )


def _find_new(
    names: Sequence[str],
    begun: Sequence[Topic],
    load: Callable[[set[str]], Sequence[Topic]],
    events: Sequence[Event],
) -> Iterator[Item]:
    """Find the questions that were never asked: one of each open topic, then the next of each."""
    asked = {(event.item, event.digest) for event in events}
    known = {topic.name: topic for topic in begun}
    unseen = [_unseen(topic, asked) for topic in begun]
    rows = [row for row in unseen if row]
    for name in names:
        if len(rows) >= OPEN_TOPICS:
            break
        if name not in known:
            rows += [_unseen(topic, asked) for topic in load({name})]
    columns = zip_longest(*rows)
    return (item for item in chain.from_iterable(columns) if item is not None)


def _unseen(topic: Topic, asked: set[tuple[str, str]]) -> list[Item]:
    ids = {item for item, _ in asked}
    return [
        item for item in topic.items
        if item.id not in ids or (item.id, answer_digest(item)) not in asked
    ]  # fmt: skip
