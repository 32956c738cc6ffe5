"""A day's questions: what is due, a few new ones, mixed, and what is told of the next days."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from quiz_helpers import ITEMS, TOPICS, Clock, Script

from grader.quiz.asking.daily import NEW_A_DAY, OPEN_TOPICS, interleave, plan_day, tell_plan
from grader.quiz.asking.overview import find_due_items, tell_days
from grader.quiz.asking.sitting import Sitting
from grader.quiz.asking.terminal.dialogue import hold
from grader.quiz.asking.turns import find_unfinished
from grader.quiz.marking import right_answer
from grader.quiz.memory.history import History
from grader.quiz.memory.schedule import days_until, find_schedules

NAMES = [topic.name for topic in TOPICS]


def load(names):
    return [topic for topic in TOPICS if topic.name in names]


def plan(history, clock, new=None, limit=30):
    return plan_day(NAMES, load, history.events, clock(), new=new, limit=limit)


def sit(items, script, history, clock, label="today"):
    script.clock = clock
    unfinished = find_unfinished(history.events, label, clock())
    return hold(
        Sitting(
            items, history=history, clock=clock, warn=script.warn, label=label,
            unfinished=unfinished,
        ),
        script,
    )  # fmt: skip


def neighbours(items):
    return sum(a.topic == b.topic for a, b in pairwise(items))


@given(st.lists(st.sampled_from(ITEMS), max_size=40))
def test_mixing_drops_and_repeats_nothing_and_parts_topics_where_it_can(items):
    """As many neighbours of one topic as no order could avoid; within a topic the order stays."""
    mixed = interleave(items)
    assert Counter(item.id for item in mixed) == Counter(item.id for item in items)
    most = max(Counter(item.topic for item in items).values(), default=0)
    assert neighbours(mixed) == max(0, 2 * most - len(items) - 1)
    for topic in NAMES:
        assert [i for i in mixed if i.topic == topic] == [i for i in items if i.topic == topic]
    assert mixed[:1] == items[:1] or 2 * most > len(items)


def test_the_first_day_has_eight_new_questions_of_the_first_topics(history, clock):
    """Nothing of the course's end is asked of whoever begins, and no two neighbours are alike."""
    found = plan(history, clock)
    assert (len(found.items), found.due, found.new) == (NEW_A_DAY, 0, NEW_A_DAY)
    assert {item.topic for item in found.items} == {*NAMES[:OPEN_TOPICS]}
    assert neighbours(found.items) == 0
    assert tell_plan(found).startswith("Today: 8 new questions, about ")


def test_new_questions_come_from_what_is_begun(history, clock):
    """Whoever has begun other topics gets theirs, in the order of their files."""
    begun = [topic for topic in TOPICS if topic.name in ("recurrent", "losses", "generative")]
    sit([topic.items[0] for topic in begun], Script(*[right_answer] * 3), history, clock, "x")
    found = plan(history, clock)
    assert {item.topic for item in found.items} == {topic.name for topic in begun}
    for topic in begun:
        mine = [item for item in found.items if item.topic == topic.name]
        assert mine == list(topic.items[1 : 1 + len(mine)])


def test_a_day_has_eight_new_questions_and_more_where_they_are_asked_for(history, clock):
    """The second sitting of a day has none left, `--new` has as many as it says; so a new day."""
    sit(plan(history, clock).items[:5], Script(*[right_answer] * 5), history, clock)
    assert plan(history, clock).new == NEW_A_DAY - 5
    sit(plan(history, clock).items, Script(*[right_answer] * 3), history, clock)
    assert plan(history, clock).items == ()
    assert plan(history, clock, new=4).new == 4
    clock.pass_(days=1)
    assert plan(history, clock).new == NEW_A_DAY
    assert plan(history, clock, new=0).new == 0


def test_a_broken_off_day_goes_on(history, clock):
    """Right ones are done, wrong ones come again, and the new ones are eight all in all."""
    first = plan(history, clock).items
    sit(first, Script(right_answer, "skip", right_answer), history, clock)
    found = plan(history, clock)
    assert {item.id for item in found.items} == {item.id for item in (first[1], *first[3:])}
    script = Script(*[right_answer] * 6)
    assert sit(found.items, script, history, clock).finished
    assert script.asked[0][1:3] == (3, 8)
    assert plan(history, clock).items == ()


def test_more_than_one_sitting_can_hold_is_told(history, clock):
    """What is beyond the limit is counted, and nobody waits for what was not named."""
    sit(ITEMS[:20], Script(*[right_answer] * 20), history, clock, "x")
    clock.pass_(days=60)
    found = plan(history, clock, new=2, limit=5)
    assert (found.due, found.new, found.waiting) == (5, 2, 15)
    assert tell_plan(found).startswith("Today: 5 due and 2 new questions, about ")
    assert tell_plan(found).endswith("; 15 more are due.")


@settings(max_examples=15)
@given(st.randoms(use_true_random=True), st.lists(st.integers(0, 9), min_size=3, max_size=8))
def test_days_of_practice(tmp_path_factory, chance, gaps):
    """What is told of the next days is what they bring, and every day ends with nothing due."""
    history, clock = History(tmp_path_factory.mktemp("h")), Clock()

    def answer(variant):
        return right_answer(variant) if chance.random() < 0.7 else "skip"

    for gap in gaps:
        found = plan(history, clock, limit=1000)
        assert len({item.id for item in found.items}) == len(found.items)
        assert found.new <= NEW_A_DAY
        assert sit(found.items, Script(*[answer] * 200, seconds=20), history, clock).finished
        assert find_due_items(TOPICS, history.events, clock(), "today") == []
        schedules = find_schedules(history.events, ITEMS).values()
        days = Counter(days_until(one, clock()) for one in schedules)
        assert min(days) >= 1
        clock.pass_(days=gap)
        assert plan(history, clock, limit=1000).due == sum(n for d, n in days.items() if d <= gap)


@given(
    st.dictionaries(st.integers(1, 800), st.integers(1, 50), min_size=1, max_size=6),
    st.dates(date(2020, 1, 1), date(2040, 1, 1)),
)
def test_the_days_that_are_told_add_up(days, today):
    """Every question is in it, and a weekday is one of the next seven."""
    told = tell_days(days, today)
    numbers = [int(part.split()[0]) for part in told.split(", ")]
    assert sum(numbers) == sum(days.values())
    assert numbers[0] == days[min(days)]
    if 1 < min(days) < 7:
        assert f"on {today + timedelta(days=min(days)):%A}" in told


@pytest.mark.parametrize(
    ("days", "told"),
    [
        ({1: 5, 3: 3}, "5 questions tomorrow, 3 on Monday"),
        ({2: 1}, "1 question on Sunday"),
        ({7: 1, 8: 2}, "1 question on 13 March, 2 on 14 March"),
        ({1: 1, 2: 1, 3: 1, 400: 2}, "1 question tomorrow, 1 on Sunday, 3 later"),
        ({400: 2}, "2 questions on 10 April 2027"),
    ],
)
def test_days_are_told_in_plain_words(days, told):
    """As one would say them on a Friday."""
    assert tell_days(days, date(2026, 3, 6)) == told
