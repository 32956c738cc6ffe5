"""What there is to do now: the next exercise, deadlines, opened demos, and days in a row."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.course.outline import Outline
from grader.errors import CourseError, UnknownTargetError
from grader.render.shown import Review, Standing
from grader.student.demo.catalogue import find_demo
from grader.student.progress import Progress
from grader.student.tonight import (
    count_streak,
    find_tonight,
    read_assignments,
)

DAYS = st.sets(st.dates(date(2026, 1, 1), date(2026, 2, 28)), max_size=40)
TODAY = st.dates(date(2026, 1, 1), date(2026, 2, 28))
NOW = datetime(2026, 11, 5, 20, 0, tzinfo=UTC)
ONE = timedelta(days=1)


@given(TODAY, st.integers(1, 60))
def test_days_side_by_side_up_to_today_or_yesterday_are_a_row(today, length):
    days = [today - n * ONE for n in range(length)]
    assert count_streak(days, today) == length
    assert count_streak(days, today + ONE) == length
    assert count_streak(days, today + 2 * ONE) == 0


@given(DAYS, TODAY)
def test_a_row_is_no_longer_than_the_days_that_were_worked(days, today):
    assert 0 <= count_streak(days, today) <= len([day for day in days if day <= today])


@given(DAYS, TODAY, TODAY)
def test_working_on_any_day_never_makes_it_shorter(days, today, more):
    assert count_streak(days | {more}, today) >= count_streak(days, today)


@given(DAYS, TODAY)
def test_working_today_makes_it_one_longer_once(days, today):
    without = days - {today}
    assert count_streak(without | {today}, today) == count_streak(without, today) + 1


@given(DAYS, TODAY, st.dates(date(2026, 3, 1), date(2099, 1, 1)))
def test_a_day_that_has_not_come_yet_does_not_count(days, today, later):
    assert count_streak(days | {later}, today) == count_streak(days, today)


@given(st.lists(TODAY, max_size=20), TODAY, st.randoms())
def test_order_and_repeats_do_not_matter(days, today, random):
    shuffled = [*days, *days]
    random.shuffle(shuffled)
    assert count_streak(shuffled, today) == count_streak(days, today)


@given(DAYS, TODAY, st.integers(-30, 30))
def test_it_is_the_same_in_any_month(days, today, shift):
    moved = {day + shift * ONE for day in days}
    assert count_streak(moved, today + shift * ONE) == count_streak(days, today)


def test_the_ends_of_the_calendar_are_days_too():
    assert count_streak([date.min], date.min) == 1
    assert count_streak([], date.min) == 0
    assert count_streak([date.max], date.max) == 1


def outlined(*passed):
    """Return three exercises, those of these names passed."""
    names = ("a.one", "a.two", "b.one")
    return [
        Standing(
            Outline(name, 1.0, "A line.", ()), "passed" if name in passed else "not written yet"
        )
        for name in names
    ]


def small(*assignments):
    """Return a course that wants something."""
    known = {"a": ["a.one", "a.two"], "b": ["b.one"]}

    def select(targets):
        if unknown := [name for name in targets if name not in known and "." not in name]:
            raise UnknownTargetError(f"no module or exercise is called {unknown[0]!r}")
        return [one for target in targets for one in known.get(target, [target])]

    folder = type("Folder", (), {"__truediv__": lambda _, name: name})()
    return SimpleNamespace(
        settings={"assignment": list(assignments)}, exercises_dir=folder, select=select
    )


def tonight(course, *passed, now=NOW, progress=None, review=None):
    return find_tonight(course, outlined(*passed), progress or Progress(), review or Review(), now)


def test_without_assignments_the_first_that_has_not_passed_is_next():
    found = tonight(small(), "a.one")
    assert found.following.exercise.id == "a.two"
    assert found.deadline is None
    assert found.passed == {"a.one"}
    assert tonight(small(), "a.one", "a.two", "b.one").following is None


def test_what_is_due_soonest_comes_first():
    later = {"name": "2", "targets": ["a"], "due": NOW + 9 * ONE}
    sooner = {"name": "1", "targets": ["b"], "due": NOW + ONE}
    found = tonight(small(later, sooner))
    assert found.following.exercise.id == "b.one"
    assert (found.deadline.name, found.deadline.passed, found.deadline.total) == ("1", 0, 1)
    found = tonight(small(later, sooner), "b.one", "a.one")
    assert (found.deadline.name, found.deadline.passed, found.deadline.total) == ("2", 1, 2)
    assert found.following.exercise.id == "a.two"


def test_a_deadline_that_has_passed_and_work_that_is_done_are_not_spoken_of():
    entry = {"name": "1", "targets": ["b"], "due": NOW}
    assert tonight(small(entry)).deadline is None
    assert tonight(small(entry), now=NOW - ONE).deadline is not None
    assert tonight(small(entry), "b.one", now=NOW - ONE).deadline is None


def test_an_exam_is_spoken_of_until_its_moment():
    entry = {"name": "Quiz 1", "exam": "conv", "due": NOW + ONE}
    found = tonight(small(entry), "a.one", "a.two", "b.one")
    assert (found.deadline.exam, found.deadline.total) == ("conv", 0)
    assert found.following is None


def test_a_day_is_over_at_its_end_on_this_machines_clock():
    (due,) = read_assignments(small({"name": "1", "targets": ["a"], "due": date(2026, 11, 5)}))
    assert due.at.utcoffset() is not None
    assert f"{due.at:%Y-%m-%d %H:%M}" == "2026-11-05 23:59"


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({"targets": ["a"], "due": NOW}, "name and exam are texts"),
        ({"name": "1", "targets": "a", "due": NOW}, "targets is a list"),
        ({"name": "1", "due": NOW}, "it wants nothing"),
        ({"name": "1", "targets": ["a"]}, "due is a moment"),
        ({"name": "1", "targets": ["a"], "due": "tomorrow"}, "due is a moment"),
        ("a", "begins with [[assignment]]"),
    ],
)
def test_an_assignment_that_is_not_as_it_must_be_is_one_line(entry, words):
    with pytest.raises(CourseError, match=r"course\.toml") as caught:
        read_assignments(small(entry))
    assert words in str(caught.value)


def test_a_target_that_was_not_handed_out_is_left_out_of_what_is_due():
    entry = {"name": "1", "targets": ["zzz", "b"], "due": NOW + ONE}
    found = tonight(small(entry))
    assert (found.deadline.name, found.deadline.total) == ("1", 1)
    assert tonight(small(entry | {"targets": ["zzz"]})).deadline is None


def test_a_demo_is_told_until_it_was_run():
    opening = find_demo("paths").opening
    passed = [Standing(Outline(i, 1.0, "", ()), "passed") for i in opening]
    fresh = find_tonight(small(), passed, Progress(), Review(), NOW)
    assert fresh.demos == ("paths",)
    seen = Progress().with_seen("paths")
    assert find_tonight(small(), passed, seen, Review(), NOW).demos == ()


def test_days_of_the_quizzes_and_of_the_exercises_are_one_row():
    yesterday = NOW.date() - ONE
    progress = dataclasses.replace(Progress(), days=(yesterday,))
    review = Review(days=frozenset({NOW.date(), yesterday - ONE}))
    assert tonight(small(), progress=progress, review=review).streak == 3
