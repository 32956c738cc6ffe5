"""Figures out of the history: accuracy, what is due, the slips made most."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.quiz.items.variants import answer_digest
from grader.quiz.memory.schedule import days_until, find_schedules

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from grader.quiz.items.item import Topic
    from grader.quiz.memory.event import Event

DAYS = 7
"""How far ahead the reviews are counted."""


@dataclass(frozen=True, slots=True)
class TopicFigures:
    """One topic's row.

    Parameters
    ----------
    topic
        Which.
    seen
        How many of its items have been asked.
    asked, right
        Answers, and right ones among them.
    due
        Items due today or overdue.
    """

    topic: Topic
    seen: int
    asked: int
    right: int
    due: int


@dataclass(frozen=True, slots=True)
class Figures:
    """What `quiz stats` and the list of topics show.

    Parameters
    ----------
    topics
        In the course's order.
    upcoming
        Items due today (and overdue), tomorrow, and so on.
    slips
        The mistakes made most, most frequent first.
    """

    topics: tuple[TopicFigures, ...]
    upcoming: tuple[int, ...]
    slips: tuple[tuple[str, int], ...]


def compute_figures(topics: Sequence[Topic], events: Sequence[Event], now: datetime) -> Figures:
    """Count what the history holds about the present items.

    Parameters
    ----------
    topics
        The course.
    events
        The history, oldest first.
    now
        With the offset of the student's day.

    Returns
    -------
    Figures
        Answers to items that are gone, or whose answer has changed, do not count.
    """
    items = [item for topic in topics for item in topic.items]
    schedules = find_schedules(events, items, now)
    days = {item: max(0, days_until(schedule, now)) for item, schedule in schedules.items()}
    rows = []
    for topic in topics:
        begun = [schedules[item.id] for item in topic.items if item.id in schedules]
        due = sum(days[schedule.item] == 0 for schedule in begun)
        asked, right = sum(s.asked for s in begun), sum(s.right for s in begun)
        rows.append(TopicFigures(topic, len(begun), asked, right, due))
    digests = {item.id: answer_digest(item) for item in items if item.id in schedules}
    slips = Counter(e.slip for e in events if e.slip and digests.get(e.item) == e.digest)
    upcoming = Counter(days.values())
    return Figures(
        tuple(rows), tuple(upcoming[day] for day in range(DAYS)), tuple(slips.most_common(8))
    )
