"""Only a time by a word that may be believed costs anything, and whoever has none is named."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from books import at, begin, from_canvas, from_platform, hand_in, passed, wrong
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import UsageError
from grader.gradebook.facts import Gradebook
from grader.gradebook.people.delivery import TimeSource
from grader.gradebook.policy.lateness import LateRule, cost, read_moment, read_rule, read_rules
from grader.gradebook.students import Policy, final_points
from grader.gradebook.view import select_view

DUE = datetime(2026, 11, 1, tzinfo=UTC)
RULE = LateRule(DUE, 10.0, "day", 50.0)
BOTH = [wrong(), passed("pool.flatten")]
LATER = at("2026-11-03T12:00")


@pytest.fixture
def book(tmp_path):
    with Gradebook(tmp_path / "g.db") as made:
        yield made


def documents(book, **policy):
    return {d["submission"]: d for d in select_view(book, policy=Policy(**policy)).documents()}


def test_what_a_platform_marks_costs_what_the_rule_says_of_it_and_nothing_else():
    rule = read_rule("2026-10-31: 10%/day, at most 50%, marked 20%")
    assert rule == replace(read_rule("2026-10-31: 10%/day, at most 50%"), marked=20.0)
    assert read_rule("2026-10-31: 10%/day marked 20 %").marked == 20.0
    with pytest.raises(UsageError, match="more than 100%"):
        read_rule("2026-10-31: 10%/day, marked 120%")


@given(st.booleans(), st.floats(0, 100), st.one_of(st.none(), st.datetimes(timezones=st.just(UTC))))
def test_a_mark_never_counts_where_a_time_is_known(marked, percent, came_in):
    rule = replace(RULE, marked=percent)
    late = rule.apply(came_in, marked=marked)
    if came_in is not None:
        assert late == RULE.apply(came_in)
    else:
        assert (late.units, late.percent, late.judged) == (0, percent if marked else 0.0, False)


@pytest.mark.parametrize("source", TimeSource)
def test_a_time_costs_points_only_by_the_word_of_platform_name_or_table(book, source):
    hand_in(begin(book), "abc", [passed()], from_canvas(1, came_in=LATER, time_source=source))
    term = documents(book, late=RULE)["abc"]["term"]
    believed = source in {"platform", "name", "times"}
    assert term["late"]["percent"] == (30.0 if believed else 0.0)
    assert term["late"]["judged"] == believed
    assert term["time_source"] == (source if believed else "")


def test_a_whole_class_with_the_time_of_a_download_is_on_time_and_named(book):
    run = begin(book)
    for number in (1, 2, 3):
        one = from_platform("moodle", number, came_in=LATER, time_source=TimeSource.FILE)
        hand_in(run, f"given{number}", BOTH, one)
    marked = from_canvas(4, came_in=LATER, time_source=TimeSource.FILE, marked_late=True)
    hand_in(run, "lateone", BOTH, marked)
    run.finish()
    assert {final_points(d) for d in documents(book, late=RULE).values()} == {2.0}
    unknown, known_mark = select_view(book, policy=Policy(RULE)).remarks()
    assert unknown == (
        "hw2: nobody knows when 3 handed in, so that --late takes nothing off: "
        "given1, given2, given3; `dlgrade grade --times CSV` gives times"
    )
    assert known_mark == (
        "hw2: 1 marked late by the platform, nobody knows how late (nothing taken off, "
        "unless the rule ends in ', marked 20%'): lateone; `dlgrade grade --times CSV` gives times"
    )
    charging = replace(RULE, marked=20.0)
    charged = documents(book, late=charging)
    assert (final_points(charged["lateone"]), final_points(charged["given1"])) == (1.6, 2.0)
    late = charged["lateone"]["term"]["late"]
    assert cost(late) == "marked late by the platform: 20% taken off, 1.6 points count"
    lines = list(select_view(book, policy=Policy(charging)).remarks())
    assert "(20% taken off by the rule): lateone" in lines[1]
    assert not list(select_view(book, policy=Policy()).remarks())


def test_what_a_platform_that_marks_lateness_has_not_marked_is_not_named(book):
    run = begin(book)
    hand_in(run, "intime", BOTH, from_canvas(1, came_in=LATER, time_source=TimeSource.FILE))
    run.finish()
    assert not list(select_view(book, policy=Policy(RULE)).remarks())
    late = documents(book, late=RULE)["intime"]["term"]["late"]
    assert (late["percent"], late["judged"]) == (0.0, False)


def test_a_table_says_that_nobody_knows_how_late_something_is(book, export):
    run = begin(book)
    hand_in(run, "abc", [passed()], from_canvas(1, came_in=LATER, time_source=TimeSource.FILE))
    hand_in(run, "def", [passed()], from_canvas(2, came_in=LATER, time_source=TimeSource.NAME))
    rows = csv.DictReader(io.StringIO(export(book, "csv", policy=Policy(RULE))[0]))
    assert [(r["late"], r["time_source"]) for r in rows] == [
        ("not known", ""),
        ("3 days", "name"),
    ]


def test_of_many_the_line_names_twenty(book):
    run = begin(book)
    for number in range(25):
        hand_in(run, f"given{number:02}", [passed()], from_platform("moodle", number))
    run.finish()
    (line,) = select_view(book, policy=Policy(RULE)).remarks()
    assert "given19 and 5 more; " in line
    assert "given20" not in line


def test_each_of_several_rules_names_its_assignment():
    alone, named = read_rules(["hw1=2026-10-31: 10%/day", "a = b=2026-11-30: 5%/hour"])
    assert alone is None
    assert {name: rule.percent for name, rule in named.items()} == {"hw1": 10.0, "a = b": 5.0}
    alone, named = read_rules(["2026-10-31: 10%/day"])
    assert alone is not None
    assert not named


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        (["2026-10-31: 10%/day", "hw2=2026-10-31: 10%/day"], "each needs its name"),
        (["2026-10-31: 10%/day", "2026-11-30: 10%/day"], "each needs its name"),
        (["hw2=2026-10-31: 10%/day", "hw2=2026-11-30: 10%/day"], "'hw2' has two rules"),
        (["hw2=soon"], "'soon' is no rule"),
    ],
)
def test_rules_of_which_nobody_knows_the_assignment_are_refused(texts, message):
    with pytest.raises(UsageError, match=message):
        read_rules(texts)


def test_a_rule_for_an_assignment_that_is_not_there_is_refused(book):
    begin(book)
    with pytest.raises(UsageError, match="no assignment 'hw9'; it has 'hw2'"):
        select_view(book, policy=Policy(rules={"hw9": RULE}))


def test_a_date_is_read_as_in_a_rule():
    for text in ("2026-10-31", "2026-10-31 18:00Z", "2026-10-31T18:00:30+01:00"):
        assert read_moment(text) == read_rule(f"{text}: 10%/day").due
    for text in ("", "soon", "2026-02-31", "9999-12-31", "2026-10-31: 10%/day"):
        with pytest.raises(UsageError, match="is no date; write it as 2026-10-31"):
            read_moment(text)
