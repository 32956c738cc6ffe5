"""Late days that are free: never more than there are, and never anybody's loss."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from books import at, begin, fact, from_canvas, hand_in, passed, wrong
from hypothesis import given
from hypothesis import strategies as st

from grader.gradebook.facts import Gradebook
from grader.gradebook.people.delivery import TimeSource
from grader.gradebook.people.person import Person
from grader.gradebook.policy.budget import forgive, share_out, spend
from grader.gradebook.policy.decisions import Excuse, Extension, note_excuses, note_extensions
from grader.gradebook.policy.lateness import LateRule, cost
from grader.gradebook.students import Policy, final_points
from grader.gradebook.view import select_view

DUE = datetime(2026, 11, 1, tzinfo=UTC)
RULES = st.builds(
    LateRule,
    st.integers(0, 40).map(lambda days: DUE + timedelta(days=days)),
    st.floats(0, 100),
    st.sampled_from(["day", "hour"]),
    st.floats(0, 100),
    st.floats(0, 100),
)
TIMES = st.one_of(st.none(), st.integers(-50, 2000).map(lambda hours: DUE + timedelta(hours=hours)))
WORKS = st.lists(st.tuples(RULES, TIMES, st.booleans(), st.integers(0, 20)), max_size=6)
DAYS = st.integers(0, 60)


def plain(works):
    """Return what the plain rules say, by names of assignments."""
    return {
        f"hw{number}": rule.as_document(came_in, earned, marked=marked)
        for number, (rule, came_in, marked, earned) in enumerate(works)
    }


def settled(works, days):
    """Return the same with some late days."""
    lates = plain(works)
    free = share_out(days, lates)
    return {
        name: forgive(late, works[int(name[2:])][0], free[name], works[int(name[2:])][3])
        for name, late in lates.items()
    }


@given(DAYS, st.lists(st.integers(0, 30)))
def test_no_more_days_are_used_than_there_are_and_none_that_is_not_needed(days, needs):
    used = spend(days, needs)
    assert all(0 <= one <= need for one, need in zip(used, needs, strict=True))
    assert sum(used) == min(days, sum(needs))


@given(WORKS, DAYS)
def test_what_is_left_never_goes_below_nothing(works, days):
    left = [late["days"] for late in settled(works, days).values()]
    assert all(one["left"] >= 0 for one in left)
    assert all(sum(one["used"] for one in left) <= one["of"] == days for one in left)
    if left:
        assert min(one["left"] for one in left) == days - sum(one["used"] for one in left)


@given(WORKS, DAYS, st.integers(0, 10))
def test_more_days_never_cost_anybody_points(works, days, more):
    before, after = settled(works, days), settled(works, days + more)
    assert all(after[name]["earned"] >= before[name]["earned"] for name in before)


@given(WORKS)
def test_without_a_day_the_result_is_that_of_the_plain_rule(works):
    for name, late in settled(works, 0).items():
        assert late.pop("days") == {"of": 0, "used": 0, "left": 0}
        assert late == plain(works)[name]


@given(WORKS, DAYS)
def test_days_go_to_assignments_in_the_order_of_deadlines_then_names(works, days):
    lates = plain(works)
    free = share_out(days, dict(sorted(lates.items(), reverse=True)))
    assert free == share_out(days, lates)
    order = sorted(free, key=lambda name: (works[int(name[2:])][0].due, name))
    for earlier, later in itertools.pairwise(order):
        if free[later]["used"]:  # whoever was before has all that was needed
            late = lates[earlier]
            needed = late["units"] / (24 if late["unit"] == "hour" else 1)
            assert free[earlier]["used"] >= needed


@pytest.fixture
def book(tmp_path):
    """Return two assignments: the first two days late, the second four."""
    with Gradebook(tmp_path / "g.db") as made:
        for name, day in (("hw1", "2026-11-02T12:00"), ("hw2", "2026-12-04T12:00")):
            run = begin(made, name)
            came = from_canvas(1, came_in=at(day), time_source=TimeSource.PLATFORM)
            hand_in(run, "abc", [passed(), passed("pool.flatten")], came)
            made.note_roster(run.assignment, [Person("Abc", ("1",)), Person("Def", ("2",), "def")])
        yield made


TERM = {"hw1": LateRule(DUE, 10.0), "hw2": LateRule(DUE + timedelta(days=30), 10.0)}


def lates(book, days, assignments=(), **more):
    view = select_view(book, assignments, "abc", Policy(rules=TERM, late_days=days, **more))
    return {one["assignment"]: one["term"]["late"] for one in view.documents()}


def test_a_term_shares_its_late_days(book):
    found = lates(book, 5)
    assert found["hw1"]["days"] == {"of": 5, "used": 2, "left": 3}
    assert found["hw2"]["days"] == {"of": 5, "used": 3, "left": 0}
    assert (found["hw1"]["percent"], found["hw2"]["percent"]) == (0.0, 10.0)
    assert found["hw2"]["units"] == 4
    assert cost(found["hw2"]) == (
        "4 days late: 3 late days used, 0 of 5 left, 10% taken off, 2.7 points count"
    )


def test_an_assignment_that_is_not_looked_at_uses_its_days_all_the_same(book):
    assert lates(book, 5, ["hw2"])["hw2"] == lates(book, 5)["hw2"]
    ((_, works),) = select_view(book, ["hw2"], "abc", Policy(rules=TERM, late_days=5)).by_student()
    assert works[0].final == 2.7


def test_whoever_handed_in_nothing_uses_none(book):
    view = select_view(book, student="def", policy=Policy(rules=TERM, late_days=5))
    assert [d["term"]["late"]["days"]["left"] for d in view.documents()] == [5, 5]


def test_what_is_excused_or_extended_leaves_its_days_to_others(book):
    note_excuses(book, 1, [("abc", Excuse(True, "ill"))])
    assert lates_of_second(book)["days"] == {"of": 5, "used": 4, "left": 1}
    note_excuses(book, 1, [("abc", Excuse(False, "a mistake"))])
    note_extensions(book, 1, [("abc", Extension(at("2026-11-03T00:00"), "ill"))])
    assert lates_of_second(book)["days"] == {"of": 5, "used": 4, "left": 1}


def lates_of_second(book):
    return lates(book, 5, ["hw2"])["hw2"]


def test_the_best_attempt_is_chosen_by_the_rule_alone_so_that_days_never_cost_points(tmp_path):
    with Gradebook(tmp_path / "best.db") as book:
        both = fact("pool.flatten")
        for name, facts, day in (
            ("hw1", [wrong(), both], "2026-10-30T00:00"),
            ("hw1", [passed(), both], "2026-11-06T00:00"),
            ("hw2", [passed(), both], "2026-12-04T12:00"),
        ):
            came = from_canvas(1, came_in=at(day), time_source=TimeSource.PLATFORM)
            hand_in(begin(book, name), "abc", facts, came, f"{name}{day}")
        totals = []
        for days in range(12):
            policy = Policy(rules=TERM, late_days=days, best=True)
            found = select_view(book, policy=policy).documents()
            totals.append([final_points(one) for one in found])
    for before, after in itertools.pairwise(totals):
        assert all(a >= b for a, b in zip(after, before, strict=True))
    assert totals[0] != totals[-1]
