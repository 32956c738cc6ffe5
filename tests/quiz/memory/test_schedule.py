"""The schedule: better answers come back later, and one history gives one schedule."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from quiz_helpers import ITEMS, item_called

from grader.quiz.items.variants import answer_digest
from grader.quiz.marking import item_chance
from grader.quiz.memory.event import Event
from grader.quiz.memory.schedule import (
    AGAIN,
    EASY,
    GOOD,
    HARD,
    ItemSchedule,
    days_until,
    find_due,
    find_schedules,
    grade_answer,
    is_due,
)

START = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
grades = st.sampled_from([AGAIN, HARD, GOOD, EASY])
pasts = st.lists(st.tuples(grades, st.integers(0, 60)), max_size=8)


def answers(past):
    """Turn (grade, days until the next) into events."""
    events, now = [], START
    for grade, days in past:
        events.append(Event(now.isoformat(), "t.a", "d", "s", right=grade > 1, grade=grade))
        now += dt.timedelta(days=days)
    return events, now


@given(pasts)
def test_a_better_answer_comes_back_no_sooner(past):
    """Again, hard, good, easy: the day does not move to the front."""
    events, now = answers(past)
    due = [
        find_due([*events, Event(now.isoformat(), "t.a", "d", "s", grade=g)]) for g in range(1, 5)
    ]
    assert due == sorted(due)


@given(pasts, grades)
def test_an_item_never_comes_back_the_same_day(past, grade):
    """What was wrong is asked again by the session itself; the schedule counts whole days."""
    events, now = answers([*past, (grade, 0)])
    wait = find_due(events) - now
    assert wait >= dt.timedelta(days=1)
    assert wait.seconds == 0


@given(pasts, grades)
def test_one_history_gives_one_schedule(past, grade):
    """There is no fuzz and no wall clock in it."""
    events, _ = answers([*past, (grade, 0)])
    assert find_due(events) == find_due(events)


def test_right_answers_in_time_are_asked_ever_more_rarely():
    """Answered when due, each interval is longer than the one before."""
    events, now, waits = [], START, []
    for _ in range(6):
        events.append(Event(now.isoformat(), "t.a", "d", "s", right=True, grade=GOOD))
        waits.append(find_due(events) - now)
        now = find_due(events)
    assert waits == sorted(waits)
    assert waits[-1] > 10 * waits[0]


def test_a_lapse_brings_an_item_back_soon():
    """After a wrong answer the item comes back tomorrow or the day after."""
    events, now = answers([(GOOD, 3), (GOOD, 10), (AGAIN, 0)])
    assert find_due(events) - now <= dt.timedelta(days=3)


@given(st.booleans(), st.floats(0, 1e5), st.floats(1, 500), st.booleans())
def test_the_grade_follows_from_result_and_time(right, seconds, fluent, again):
    """Wrong is again; right is never again, and never easy when it was wrong before."""
    grade = grade_answer(right=right, seconds=seconds, fluent_seconds=fluent, again=again)
    assert (grade == AGAIN) == (not right)
    assert not (again and grade > HARD)
    faster = grade_answer(right=right, seconds=seconds / 2, fluent_seconds=fluent, again=again)
    assert faster >= grade


def test_answers_to_a_changed_question_do_not_count():
    """Another digest starts the item anew; a gone item has no standing."""
    item = item_called("conv.stride-1")
    events, _ = answers([(GOOD, 1), (AGAIN, 1)])
    events = [replace(one, item=item.id, digest=answer_digest(item)) for one in events]
    assert find_schedules(events, [item])[item.id].asked == 2
    assert find_schedules([replace(one, digest="other") for one in events], [item]) == {}
    assert find_schedules(events, []) == {}


def test_due_means_todays_date_where_the_student_is():
    """An item of yesterday evening is due this morning, whatever the hour."""
    east = dt.timezone(dt.timedelta(hours=9))
    standing = ItemSchedule("t.a", dt.datetime(2026, 3, 3, 22, tzinfo=dt.UTC), 1, 1)
    assert is_due(standing, dt.datetime(2026, 3, 3, 7, tzinfo=dt.UTC))
    assert not is_due(standing, dt.datetime(2026, 3, 2, 23, 59, tzinfo=dt.UTC))
    assert not is_due(standing, dt.datetime(2026, 3, 3, 20, tzinfo=east))
    assert days_until(standing, dt.datetime(2026, 3, 1, 23, tzinfo=dt.UTC)) == 2


chances = st.sampled_from([item_chance(item) for item in ITEMS if item_chance(item)] + [0.5, 1.0])


@given(pasts, grades, chances)
def test_a_right_choice_waits_no_longer_than_a_typed_answer_and_no_shorter_than_a_wrong(
    past, grade, chance
):
    """After the same history; and the more a guess would pay, the less it counts."""
    events, now = answers(past)
    last = Event(now.isoformat(), "t.a", "d", "s", right=True, grade=grade)
    right = find_due([*events, last], chance)
    assert find_due([*events, replace(last, grade=AGAIN)], chance) <= right
    if not events:
        assert right <= find_due([last])
        assert right <= find_due([last], chance / 2)


@given(pasts, chances)
def test_a_better_choice_comes_back_no_sooner(past, chance):
    """Again, hard, good, easy, among choices, too."""
    events, now = answers(past)
    due = [
        find_due([*events, Event(now.isoformat(), "t.a", "d", "s", grade=g)], chance)
        for g in range(1, 5)
    ]
    assert due == sorted(due)


@given(pasts, grades, chances)
def test_choices_do_not_wait_longer_for_being_fast(past, grade, chance):
    """What an older history calls easy counts as good."""
    events, _ = answers([*past, (grade, 0)])
    slower = [replace(one, grade=min(one.grade, GOOD)) for one in events]
    assert find_due(events, chance) == find_due(slower, chance)


@given(st.floats(0, 500), st.floats(1, 500))
def test_no_choice_is_easy(seconds, fluent):
    """However fast the click."""
    facts = {"right": True, "fluent_seconds": fluent, "by_chance": True}
    assert HARD <= grade_answer(seconds=seconds, **facts) <= GOOD


def test_a_right_choice_long_after_its_day_counts_least():
    """On its day it is nearly a typed answer; a year later luck is the likelier reason."""
    shares = []
    for days in (2, 30, 365):
        events, now = answers([(GOOD, days)])
        last = Event(now.isoformat(), "t.a", "d", "s", right=True, grade=GOOD)
        shares.append((find_due([*events, last], 0.5) - now) / (find_due([*events, last]) - now))
    assert shares == sorted(shares, reverse=True)
    assert shares[0] > 0.7
    assert shares[-1] < 0.7


def test_without_luck_the_interval_is_the_schedulers_own():
    """A chance that is next to nothing changes no day."""
    for past in ([(GOOD, 3)], [(GOOD, 2), (HARD, 3), (GOOD, 10)], [(AGAIN, 1), (GOOD, 30)]):
        events, _ = answers(past)
        assert find_due(events, 1e-12) == find_due(events)


def test_the_chance_of_a_guess_is_one_over_the_answers_there_are():
    """Typed answers have none; every kind with letters has one below a half."""
    for item in ITEMS:
        typed = item.kind in ("number", "shape", "matrix", "text")
        assert (item_chance(item) == 0) == typed, item.id
        assert item_chance(item) <= 0.5
    count = len(item_called("transfer.trainable").body.get("choices", ()))
    claims = [item for item in ITEMS if item.kind == "claim"]
    assert all(item_chance(i) == 1 / (2 * len(i.body["choices"])) for i in claims)
    assert count == 0 or item_chance(item_called("transfer.trainable")) <= 1 / count


def test_what_was_answered_by_a_clock_that_ran_ahead_is_not_put_off():
    """Whose clock was a year ahead for a day comes back to a question in days, not in a year."""
    now = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
    ahead = [
        Event((now + dt.timedelta(days=days)).isoformat(), "t.a", "d", "s", grade=AGAIN)
        for days in (-3, 365)
    ]
    assert find_due(ahead) - now > dt.timedelta(days=365)
    assert dt.timedelta(0) < find_due(ahead, now=now) - now <= dt.timedelta(days=3)
    assert find_due(ahead[:1], now=now) == find_due(ahead[:1])
