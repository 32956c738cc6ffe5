"""The list of topics, the figures of `quiz stats`, and what is due."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

from rich.console import Group
from rich.text import Text

from grader.quiz.asking.terminal.fitting import Fitting
from grader.quiz.asking.terminal.render import render_bars, render_table
from grader.quiz.asking.turns import find_unfinished
from grader.quiz.memory.schedule import days_until, find_schedules, is_due
from grader.text import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime

    from rich.console import RenderableType

    from grader.quiz.items.item import Item, Topic
    from grader.quiz.items.loading import Heading
    from grader.quiz.memory.event import Event
    from grader.quiz.memory.stats import Figures


DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def render_overview(
    headings: Sequence[Heading], figures: Figures, *, plain: bool
) -> RenderableType:
    """List the topics, with what has been done and what is due.

    Parameters
    ----------
    headings
        Every topic of the course.
    figures
        Computed from the history, of the topics that occur in it.
    plain
        ASCII only.

    Returns
    -------
    RenderableType
        A table and the next command.
    """
    by_name = {row.topic.name: row for row in figures.topics}
    rows = []
    for heading in headings:
        row = by_name.get(heading.name)
        accuracy = f"{row.right / row.asked:.0%}" if row and row.asked else "-"
        seen = f"{row.seen if row else 0} of {heading.count}"
        waiting = str(row.due) if row and row.due else "-"
        rows.append((heading.name, heading.title, seen, accuracy, waiting))
    short = [(name, *told) for name, _, *told in rows]
    table = Fitting(
        (60, render_table(("topic", "", "asked", "right", "due"), rows, plain=plain)),
        (0, render_table(("topic", "asked", "right", "due"), short, plain=plain)),
    )
    due = sum(row.due for row in figures.topics)
    first = f"{due} due today. " if due else ""
    line = f"{first}Every day: dlgrade quiz today. One topic: dlgrade quiz TOPIC"
    return Group(table, Text(line))


def render_figures(figures: Figures, *, plain: bool) -> RenderableType:
    """Draw accuracy by topic, what is due, and the slips made most.

    Parameters
    ----------
    figures
        Computed from the history.
    plain
        ASCII only.

    Returns
    -------
    RenderableType
        Three bar charts, or one line when there is no history.
    """
    asked = [row for row in figures.topics if row.asked]
    if not asked:
        return Text("Nothing has been asked yet. Start with: dlgrade quiz today")
    accuracy = [
        (row.topic.name, row.right / row.asked, f"{row.right / row.asked:.0%} of {row.asked}")
        for row in asked
    ]
    days = ["today", "tomorrow", *(f"in {day} days" for day in range(2, len(figures.upcoming)))]
    due = [(day, float(n), str(n)) for day, n in zip(days, figures.upcoming, strict=True)]
    charts = [
        render_bars("Right answers by topic", accuracy, plain=plain, full=1.0),
        render_bars("Due in the next days", due, plain=plain),
    ]
    if figures.slips:
        slips = [(name, float(n), str(n)) for name, n in figures.slips]
        charts.append(render_bars("Slips made most", slips, plain=plain))
    return Group(*charts)


def find_due_items(
    topics: Sequence[Topic], events: Sequence[Event], now: datetime, label: str = "review"
) -> list[Item]:
    """Collect what a review asks.

    Parameters
    ----------
    topics
        The course.
    events
        The history, oldest first.
    now
        With the offset of the student's day.
    label
        The kind of sitting that is taken up again, where one was broken off.

    Returns
    -------
    list of Item
        What is due today, longest overdue first, and what the broken-off sitting left.
    """
    items = {item.id: item for topic in topics for item in topic.items}
    schedules = find_schedules(events, items.values(), now)
    due = sorted((s for s in schedules.values() if is_due(s, now)), key=lambda s: s.due)
    unfinished = find_unfinished(events, label, now)
    left = sorted(unfinished.wrong) if unfinished else []
    wanted = dict.fromkeys([*left, *(schedule.item for schedule in due)])
    return [items[key] for key in wanted if key in items]


def topics_about(topics: Sequence[Topic], name: str) -> list[str]:
    """Return the topics, by name, with questions about an exercise, a function or a module."""
    about = {topic.name: {item.practise for item in topic.items} for topic in topics}
    return [
        topic for topic, ids in about.items() if any(name in (i, *i.split(".")) for i in ids if i)
    ]


def render_when_again(
    topics: Sequence[Topic], events: Sequence[Event], now: datetime
) -> RenderableType:
    """Say at the end of a sitting what is due still, and how long that takes, or what is next.

    Parameters
    ----------
    topics
        Those that the history knows.
    events
        The history, oldest first.
    now
        With the offset of the student's day.

    Returns
    -------
    RenderableType
        One line.
    """
    due = find_due_items(topics, events, now)
    if not due:
        return render_nothing_due(topics, events, now)
    many = f"{counted(len(due), 'question')} {'is' if len(due) == 1 else 'are'}"
    return Text(f"{many} due today: dlgrade quiz review ({about_minutes(due)})")


def about_minutes(items: Iterable[Item]) -> str:
    """Say how long questions take a fluent student: `about 12 minutes`."""
    minutes = max(1, round(sum(item.seconds for item in items) / 60))
    return f"about {counted(minutes, 'minute')}"


def render_nothing_due(
    topics: Sequence[Topic], events: Sequence[Event], now: datetime
) -> RenderableType:
    """Say that nothing is due, and when something will be.

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
    RenderableType
        One line.
    """
    items = [item for topic in topics for item in topic.items]
    schedules = find_schedules(events, items, now)
    days = Counter(days_until(one, now) for one in schedules.values())
    if not days:
        return Text("Nothing has been asked yet, so nothing is due. Start: dlgrade quiz today")
    return Text(f"Nothing is due today; next: {tell_days(days, now.date())}.")


def tell_days(days: Mapping[int, int], today: date) -> str:
    """Say when how many questions come back.

    Parameters
    ----------
    days
        How many by the number of days until then, at least one.
    today
        The student's day.

    Returns
    -------
    str
        The two next days by name, and how many come after those.

    Examples
    --------
    >>> from datetime import date
    >>> friday = date(2026, 3, 6)
    >>> tell_days({1: 5, 3: 3}, friday), tell_days({1: 1, 9: 2, 20: 3, 21: 4}, friday)
    ('5 questions tomorrow, 3 on Monday', '1 question tomorrow, 2 on 15 March, 7 later')
    """
    first, *others = sorted(days)
    told = [f"{counted(days[first], 'question')} {_day(first, today)}"]
    told += [f"{days[day]} {_day(day, today)}" for day in others[:1]]
    if later := sum(days[day] for day in others[1:]):
        told.append(f"{later} later")
    return ", ".join(told)


def _day(days: int, today: date) -> str:
    when = today + timedelta(days=days)
    if days < 2:
        return "tomorrow" if days else "today"
    year = "" if when.year == today.year else f" {when.year}"
    return (
        f"on {DAYS[when.weekday()]}"
        if days < 7
        else f"on {when.day} {MONTHS[when.month - 1]}{year}"
    )
