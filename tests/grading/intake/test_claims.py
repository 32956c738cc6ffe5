"""Who is paid is who delivered: a number never wins against a name, and no row is lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from books import at, begin, passed
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.errors import UsageError
from grader.gradebook.assignment import Assignment
from grader.gradebook.facts import Gradebook
from grader.gradebook.people.delivery import Delivery, TimeSource
from grader.gradebook.people.groups import Group
from grader.gradebook.people.person import Person
from grader.gradebook.people.times import Times
from grader.gradebook.students import IN_DOUBT, NOTHING, Policy
from grader.grading.intake.claims import LACKING, Claims
from grader.grading.intake.layouts import keep_newest
from grader.grading.intake.submissions import TWINS, Found, Submission

NAMES = ("Given Example", "Eric Roe", "Samename Other", "Anna Berg", "Zoe Quist")
CLASS = [Person(name, (str(number),)) for number, name in enumerate(NAMES, 1)]
START = datetime(2026, 11, 1, tzinfo=UTC)


def entry(name, number, hour=None, **more):
    """Return what lies under a name and a number in Moodle's download."""
    told = {}
    if hour is not None:
        told = {"came_in": START + timedelta(hours=hour), "time_source": TimeSource.PLATFORM}
    file = f"{name}_{number}_{hour}"
    delivery = Delivery(Person(name, (number,)), "moodle", files=(file,), **told, **more)
    return Submission(name, Path(file), "folder", delivery=delivery)


def note(book, claims, entries):
    """Do what a run does before and after grading; return what it found."""
    claims = claims.with_book(book, "hw2")
    known = book.names_by_platform_id("hw2")
    found = claims.add_times(keep_newest(claims.settle(Found(tuple(entries), ())), known))
    run = begin(book)
    rows = [(one.student, one.noted) for one in found.skipped]
    rows += [(one.name, one.delivery) for one in found.submissions]
    book.note_deliveries(run.assignment, run.number, rows)
    book.note_roster(run.assignment, claims.people)
    for one in found.submissions:
        content = sha256(str(one.path).encode()).hexdigest()
        run.record(one.name, content, [passed(), passed("pool.flatten")])
    run.finish()
    return found


def read(book):
    return Assignment(book, "hw2", Policy())


def points(book):
    """Return what everybody on the roster has got, by name; None for nobody can tell."""
    assignment = read(book)
    return {
        one.on_roster.name: assignment.result_of(one).final
        for one in assignment.students
        if one.on_roster is not None
    }


def names_by_file(book):
    """Return the names under which each entry of the download stands, each time that it does."""
    found = {}
    for name, some in book.find_deliveries(1).items():
        for _, one in some:
            for file in one.files:
                found.setdefault(file, []).append(name)
    return found


@st.composite
def downloads(draw):
    """Return entries of persons, entries of teams, and the groups."""
    hours = iter(draw(st.permutations(range(40))))
    persons = [
        entry(one.name, one.key, next(hours))
        for one in CLASS
        for _ in range(draw(st.integers(0, 2)))
    ]
    seats = draw(st.lists(st.sampled_from(["Team A", "Red", "Team Example", ""]), min_size=5,
                          max_size=5))  # fmt: skip
    groups = []
    for name in ("Team A", "Red", "Team Example"):
        members = tuple(one for one, seat in zip(CLASS, seats, strict=True) if seat == name)
        # The number of a team may be that of somebody whose name shares no word with it.
        free = ["7", *(one.key for one in CLASS if one.name != "Given Example")]
        ids = (draw(st.sampled_from(free)),) if draw(st.booleans()) else ()
        if members:
            groups.append(Group(name, ids, members))
    teams = [
        entry(group.name, group.ids[0] if group.ids else draw(st.sampled_from(["2", "8"])),
              next(hours))
        for group in groups
        if draw(st.booleans())
    ]  # fmt: skip
    return persons, teams, groups


@settings(deadline=None, max_examples=60)  # each writes a gradebook to the disk, and again
@given(downloads(), st.lists(st.booleans(), min_size=1, max_size=3))
def test_who_is_paid_is_who_delivered_and_every_entry_stays(tmp_path_factory, download, said):
    persons, teams, groups = download
    entries = [*persons, *teams]
    delivered = {group.name: group for group in groups if group.name in {t.name for t in teams}}
    with Gradebook(tmp_path_factory.mktemp("claims") / "g.db") as book:
        for given_now in said:
            note(book, Claims(CLASS, groups if given_now else ()), entries)
        known = any(said)
        members = [p.name for group in delivered.values() for p in group.members]
        due = {one.name for one in persons} | set(members if known else ())
        unknown = [] if known else teams
        clash = [t for t in unknown if t.delivery.person.key in {p.key for p in CLASS}]
        any_teams = [t for t in unknown if t.name == "Team A"]
        doubt = bool(entries) and (bool(clash or any_teams) or not due)
        alike = {"Given Example"} if "Team Example" in {t.name for t in unknown} else set()
        got = points(book)
        assert {name for name, final in got.items() if final} == due
        for name in set(NAMES) - due:
            assert got[name] == (None if doubt or name in alike else 0.0)
        assert read(book).is_in_doubt == doubt
        assert set(read(book).strangers) == (set() if known else {t.name for t in teams})
        rows = names_by_file(book)
        assert set(rows) == {file for one in entries for file in one.delivery.files}
        for one in entries:
            team = delivered.get(one.name) if one in teams else None
            wanted = {p.name for p in team.members} if team and known else set()
            if team is None or not said[0]:
                wanted |= {one.name}  # before it was said, or of one person
            (file,) = one.delivery.files
            assert set(rows[file]) == wanted
            if len(set(said)) == 1:
                assert len(rows[file]) == len(wanted)


def test_a_teams_number_pays_no_stranger_and_a_later_run_says_who_is_in_it(tmp_path):
    team = entry("Team A", "1")
    with Gradebook(tmp_path / "g.db") as book:
        found = note(book, Claims(CLASS), [team, entry("Eric Roe", "2")])
        assert found.notes == (
            (
                "Team A (1): 1 is Given Example on the roster, and that is not Team A: "
                "say with --groups who is in the team"
            ),
        )
        assert points(book) == {**dict.fromkeys(NAMES), "Eric Roe": 3.0}
        assignment = read(book)
        assert (assignment.unclaimed, assignment.strangers) == (["Team A"], ["Team A"])
        (doubtful,) = [one for one in assignment.students if one.name == "Given Example"]
        entries = assignment.result_of(doubtful).document["exercises"]
        assert {(e["status"], e["message"]) for e in entries} == {("ungraded", IN_DOUBT)}
        groups = [Group("Team A", ("1",), (Person("Berg, Anna"), Person("", ("5",))))]
        for claims in (Claims(CLASS, groups), Claims(CLASS)):  # the gradebook knows it from now on
            assert not note(book, claims, [team, entry("Eric Roe", "2")]).notes
            paid = ("Eric Roe", "Anna Berg", "Zoe Quist")
            assert points(book) == {**dict.fromkeys(NAMES, 0.0), **dict.fromkeys(paid, 3.0)}
            assert not read(book).strangers
        (absent,) = [one for one in read(book).students if one.name == "Given Example"]
        entries = read(book).result_of(absent).document["exercises"]
        assert {(e["status"], e["message"]) for e in entries} == {("missing", NOTHING)}


def test_who_may_be_on_the_roster_under_an_alike_name_leaves_that_cell_empty_and_no_other(tmp_path):
    with Gradebook(tmp_path / "g.db") as book:
        rick = Submission("Rick Roe", Path("Rick Roe"), "folder")
        note(book, Claims(CLASS), [entry("Given Example", "1"), rick])
        got = points(book)
        assert got == {**dict.fromkeys(NAMES, 0.0), "Given Example": 3.0, "Eric Roe": None}
        assert read(book).perhaps == {"Eric Roe": ["Rick Roe"]}
        assert not read(book).is_in_doubt


@pytest.mark.parametrize("name", ["Team 7", "group b", "7", "Group 12"])
def test_what_may_be_a_teams_and_has_nobodys_number_leaves_every_cell_empty(tmp_path, name):
    with Gradebook(tmp_path / "g.db") as book:
        note(book, Claims(CLASS), [entry("Given Example", "1"), entry(name, "77")])
        assert points(book) == {**dict.fromkeys(NAMES), "Given Example": 3.0}
        assert read(book).is_in_doubt


def test_a_number_that_was_a_persons_is_not_a_teams_name_later(tmp_path):
    with Gradebook(tmp_path / "g.db") as book:
        note(book, Claims(CLASS), [entry("Given Example", "1", 1)])
        found = note(book, Claims(CLASS), [entry("Team A", "1", 2)])
        assert [one.name for one in found.submissions] == ["Team A"]


def test_a_team_of_which_the_platform_says_nothing_is_told(tmp_path):
    one = Submission("hw2-a", Path("hw2-a"), "folder", delivery=Delivery(Person("a"), team="a"))
    with Gradebook(tmp_path / "g.db") as book:
        found = note(book, Claims(CLASS), [one, entry("Eric Roe", "2")])
        assert found.notes == (
            (
                "hw2-a: nobody knows who is in this team: say with --groups who is in the team, "
                "a row 'a,NAME' for each member"
            ),
        )
        assert read(book).unclaimed == ["hw2-a"]
        rows = [Group("a", (), (CLASS[0],))]  # as the note says it
        assert not note(book, Claims(CLASS, rows), [one, entry("Eric Roe", "2")]).notes
        assert not read(book).unclaimed


def test_a_team_named_like_somebody_is_not_that_person(tmp_path):
    team = Delivery(Person("Eric Roe"), team="Eric Roe", files=("x",))
    with Gradebook(tmp_path / "g.db") as book:
        note(book, Claims(CLASS), [Submission("Eric Roe", Path("x"), "folder", delivery=team)])
        assert points(book) == dict.fromkeys(NAMES)


def test_where_nobody_on_the_roster_delivered_nobody_gets_a_zero(tmp_path):
    with Gradebook(tmp_path / "g.db") as book:
        note(book, Claims(CLASS), [entry("Team A", "4711"), entry("Team B", "4712")])
        assert points(book) == dict.fromkeys(NAMES)


def test_of_a_teams_work_and_ones_own_of_unknown_order_neither_is_graded(tmp_path):
    groups = [Group("Team A", (), (CLASS[0], CLASS[1]))]
    with Gradebook(tmp_path / "g.db") as book:
        found = note(book, Claims(CLASS, groups), [entry("Team A", "9"), entry("Eric Roe", "2")])
    kinds = {one.name: one.kind for one in found.submissions}
    assert kinds == {"Given Example": "folder", "Eric Roe": TWINS}
    assert {(one.student, one.is_work) for one in found.skipped} == {("Eric Roe", True)}
    assert {one.name for one in found.skipped} == {"Team A_9_None", "Eric Roe_2_None"}


def test_who_is_not_in_a_team_any_more_is_told(tmp_path):
    team = entry("Team A", "9")
    before, after = ([Group("Team A", (), (CLASS[0], one))] for one in (CLASS[1], CLASS[2]))
    with Gradebook(tmp_path / "g.db") as book:
        note(book, Claims(CLASS, before), [team])
        assert note(book, Claims(CLASS, after), [team]).notes == (
            (
                "Eric Roe was in Team A before and is not now: what they got stays until "
                "`dlgrade override`"
            ),
        )


def test_a_member_keeps_the_name_that_they_have_elsewhere(tmp_path):
    person = Person("Example, Given", ("101",))
    own = Submission("examplegiven", Path("x"), "folder", delivery=Delivery(
        Person("examplegiven", ("101",)), "canvas", files=("x",)
    ))  # fmt: skip
    team = Submission("teama", Path("y"), "folder", delivery=Delivery(
        Person("teama", ("101",)), "canvas", files=("y",)
    ))  # fmt: skip
    for table in (Person("Given Example", ("101", "S1")), Person("Given Example")):
        with Gradebook(tmp_path / f"{table.key}.db") as book:
            note(book, Claims([person]), [own])
            found = note(book, Claims([person], [Group("Team A", (), (table,))]), [team])
            assert [one.name for one in found.submissions] == ["examplegiven"]


@pytest.mark.parametrize("layout", ["moodle", "canvas", "gradescope", "folders"])
def test_times_of_a_table_count_in_every_layout(tmp_path, layout):
    when = at("2026-11-02T12:00")
    ids = () if layout == "folders" else ("1",)
    told = Delivery(Person("" if layout == "folders" else "examplegiven", ids), layout)
    one = Submission("examplegiven", Path("x"), "folder", delivery=told)
    other = entry("Eric Roe", "2")
    table = {Person("Given Example", ("1",)): when, Person("Zoe Quist"): when}
    with Gradebook(tmp_path / "g.db") as book:
        found = note(book, Claims(CLASS, times=Times(table, unread=("line 5",))), [one, other])
        known = {name: some[-1][1] for name, some in book.find_deliveries(1).items()}
    assert (known["examplegiven"].judged_at, known["Eric Roe"].judged_at) == (when, None)
    assert known["examplegiven"].time_source == TimeSource.TIMES
    assert found.notes == (
        "line 5",
        "--times: no time for what came in of: Eric Roe",
        "handed in by --times, and not in this folder: Zoe Quist",
    )
    (lacking,) = found.skipped
    assert (lacking.student, lacking.reason, lacking.is_work) == ("Zoe Quist", LACKING, True)


def test_whoever_the_table_of_times_has_and_the_folder_lacks_is_no_zero_until_it_is_there(tmp_path):
    when = at("2026-11-02T12:00")
    table = Times({Person("Eric Roe", ("2",)): when, Person("", ("5",)): when})
    with Gradebook(tmp_path / "g.db") as book:
        found = note(book, Claims(CLASS, times=table), [entry("Eric Roe", "2")])
        assert found.notes == ("handed in by --times, and not in this folder: Zoe Quist",)
        assert points(book) == {
            **dict.fromkeys(NAMES, 0.0), "Eric Roe": 3.0, "Zoe Quist": None,
        }  # fmt: skip
        whole = [entry("Eric Roe", "2"), entry("Zoe Quist", "5")]
        found = note(book, Claims(CLASS, times=table), whole)
        assert (found.notes, found.skipped) == ((), ())
        paid = {**dict.fromkeys(NAMES, 0.0), "Eric Roe": 3.0, "Zoe Quist": 3.0}
        assert points(book) == paid
        assert [one.name for one in read(book).students if one.handed_in] == [
            "Eric Roe", "Zoe Quist",
        ]  # fmt: skip
        found = note(book, Claims(CLASS, times=table), whole[:1])  # the gradebook has the other
        assert (found.notes, found.skipped) == ((), ())
        assert points(book) == paid


def test_a_member_who_is_not_on_the_roster_is_refused_and_somebody_near_is_named():
    strangers = (CLASS[0], Person("Erik Roe"), Person("\u4e2d"))
    groups = [Group("Team A", (), strangers), Group("Absent", (), (Person("Nobody"),))]
    found = Found((entry("Team A", "9"),), ())
    with pytest.raises(UsageError) as refused:
        Claims(CLASS, groups).settle(found)
    assert str(refused.value) == (
        "--groups: not on the roster: Erik Roe of Team A: did you mean 'Eric Roe'?; "
        "\u4e2d of Team A: nobody there has such a name"
    )
    many = [Group("Team A", (), tuple(Person(f"{n}{n}{n}") for n in range(7)))]
    with pytest.raises(UsageError, match=r"444 of Team A: nobody there .*; and 2 more$"):
        Claims(CLASS, many).settle(found)
    assert len(Claims(None, groups).settle(found).submissions) == len(strangers)  # no roster
