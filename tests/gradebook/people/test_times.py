"""A time is read where only one moment can be meant, and else told with its line."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import UsageError
from grader.gradebook.people.moments import read_moment, read_moments
from grader.gradebook.people.person import Person
from grader.gradebook.people.times import read_times

HERE = datetime.fromisoformat("2026-11-01 22:59").astimezone()  # this machine's
LOCAL = [
    "Sunday, 1 November 2026, 10:59 PM",
    "Sunday, November 1, 2026, 10:59 PM",
    "Sonntag, 1. November 2026, 22:59",
    "dimanche 1 novembre 2026, 22:59",
    "dimanche 1er novembre 2026, 22:59",
    "domingo, 1 de noviembre de 2026, 22:59",
    "domenica, 1 novembre 2026, 22:59",
    "Nov 1, 2026 10:59 PM",
    "1.11.2026 22:59",
    "01.11.2026, 22:59 Uhr",
    "2026-11-01 22:59",
    "2026/11/01 22:59",
    "2026年11月1日 星期日 22:59",
]


@pytest.mark.parametrize("text", LOCAL)
def test_what_platforms_write_is_read_in_this_machines_zone(text):
    assert read_moment(text) == HERE


@pytest.mark.parametrize(
    "text",
    ["2026-11-01T22:59:00Z", "2026-11-01 22:59:00 UTC", "2026-11-01 15:59:00 -0700",
     "2026-11-02T00:59:00.123+02:00", "Sunday, 1 November 2026, 23:59 GMT+01:00"],
)  # fmt: skip
def test_a_zone_that_is_said_counts(text):
    assert read_moment(text) == datetime(2026, 11, 1, 22, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    ["", "-", "yesterday", "2026-11-01", "1 November 2026", "22:59", "1 November 2026, 10:59 CET",
     "1 November 2026, 下午 10:59", "1 Foo 2026, 10:59", "2026-02-30 10:59", "2026-11-01 25:59",
     "1 November 2026, 13:59 PM", "1 2 November 2026, 10:59", "1 May November 2026, 10:59",
     "2026-11-01 10:59 11:59", "1/11/26 10:59", "not 2026-11-01 10:59", "9999-12-31 23:59 -2359",
     "1" * 10_000, "1 November 2026, 10:59 " * 99],
)  # fmt: skip
def test_what_means_no_moment_or_several_is_never_guessed(text):
    assert read_moment(text) is None


@given(
    st.datetimes(datetime.fromisoformat("1971-01-01"), datetime.fromisoformat("2100-01-01")),
    st.integers(-12, 12),
)
def test_every_moment_comes_back(moment, hours):
    exact = moment.replace(microsecond=0, tzinfo=timezone(timedelta(hours=hours)))
    assert read_moment(exact.isoformat()) == exact
    assert read_moment(exact.strftime("%d.%m.%Y %H:%M:%S %z")) == exact
    assert read_moment(exact.strftime("%A, %d %B %Y, %I:%M:%S %p %z")) == exact


@given(st.text(max_size=40) | st.lists(st.sampled_from(
    ["1", "11", "2026", "/", ".", "-", ":", " ", "T", "Z", "PM", "May", "h", "+01:00"]
), max_size=12).map("".join))  # fmt: skip
def test_any_text_is_a_moment_or_none(text):
    found = read_moment(text)
    assert found is None or found.tzinfo is not None


def test_day_and_month_must_be_told_apart_by_the_whole_column():
    day_first = read_moments(["2/11/2026 10:00", "13/11/2026 10:00"])
    assert [one.month for one in day_first] == [11, 11]
    month_first = read_moments(["2/11/2026 10:00", "11/13/2026 10:00", "odd"])
    assert month_first[2] is None
    assert [one.month for one in month_first[:2]] == [2, 11]
    assert read_moments(["11/11/2026 10:00"])[0].day == 11
    for texts in (["2/11/2026 10:00"], ["13/11/2026 10:00", "11/13/2026 10:00"]):
        with pytest.raises(ValueError, match="2026 10:00"):
            read_moments(texts)


def save(tmp_path, text):
    (tmp_path / "times.csv").write_text(text, encoding="utf-8")
    return tmp_path / "times.csv"


@pytest.mark.parametrize(
    ("text", "person"),
    [
        (
            (
                "Identifier,Full name,Email address,Status,Last modified (submission)\n"
                'Participant 17,Given Example,g@x,Submitted,"Sunday, 1 November 2026, 10:59 PM"\n'
                "Participant 18,Other Roe,o@x,No submission,-\n"
            ),
            Person("Given Example", ("17", "Participant 17"), "", "g@x"),
        ),
        (
            (
                "ID;Vollständiger Name;Zuletzt geändert (Abgabe)\n"
                'Teilnehmer/in17;Given Example;"Sonntag, 1. November 2026, 22:59"\n'
            ),
            Person("Given Example", ("17", "Teilnehmer/in17")),
        ),
        (
            (
                "First Name,Last Name,SID,Email,Submission ID,Submission Time,Lateness (H:M:S)\n"
                "Given,Example,17,g@x,99,2026-11-01 22:59:00,00:00:00\nOther,Roe,18,o@x,,,\n"
            ),
            Person("Given Example", ("17",), "", "g@x"),
        ),
        ("id,user_id,submitted_at\n5,17,2026-11-01 22:59\n", Person("", ("17",))),
        (
            (
                "OrgDefinedId,Username,Last Name,First Name,Date Submitted\n"
                '#17,#gex,Example,Given,"Nov 1, 2026 10:59 PM"\n'
            ),
            Person("Given Example", ("17",), "gex"),
        ),
    ],
)
def test_every_platforms_table_of_times_is_read(tmp_path, text, person):
    times = read_times(save(tmp_path, text))
    assert times.came_in == {person: HERE}
    assert not times.unread


def test_of_several_times_of_one_person_the_newest_counts(tmp_path):
    rows = "name,submitted_at\nA,2026-11-01 22:59\nA,2026-10-01 22:59\n"
    assert read_times(save(tmp_path, rows)).came_in == {Person("A"): HERE}


def test_a_time_that_cannot_be_read_is_told_with_its_line(tmp_path):
    times = read_times(save(tmp_path, "name,submitted_at\nA,2026-11-01 22:59\n\nB,x\x1b\n"))
    assert list(times.unread) == ["--times: line 4: 'x\\x1b' is no time that can be read"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("name,when\nA,2026-11-01 22:59\n", "no column of times; it needs one such as"),
        ("name,a - Submission Time,b - Submission Time\nA,x,y\n", "several columns of times"),
        ("name,submitted_at\nA,2/11/2026 22:59\n", "begin with the day or the month .* write 2026"),
        ("name,submitted_at\nA,soon\n", "no time can be read: --times: line 2"),
        ("hours,submitted_at\nA,2026-11-01 22:59\n", "who somebody is"),
    ],
)
def test_a_table_that_cannot_say_when_is_refused(tmp_path, text, why):
    with pytest.raises(UsageError, match=why):
        read_times(save(tmp_path, text))


def test_of_two_times_of_one_person_the_newest_counts_and_that_is_told(tmp_path):
    path = tmp_path / "times.csv"
    path.write_text(
        "id,submitted_at\n17,2026-11-01T10:00:00Z\n17,2026-11-03T10:00:00Z\n17,2026-11-03T10:00:00Z\n"
    )
    times = read_times(path)
    assert [moment.day for moment in times.came_in.values()] == [3]
    assert times.unread == ["--times: line 3: another time of one person: the newest counts"]
