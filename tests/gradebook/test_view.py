"""Who is missing, who was late, which attempt counts, what was decided by hand: views of facts."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta

import pytest
from books import ASKED, at, begin, from_canvas, from_platform, hand_in, passed, wrong
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from grader.cli import app
from grader.errors import DlgradeError, UsageError
from grader.gradebook.facts import Gradebook
from grader.gradebook.people.delivery import Delivery
from grader.gradebook.people.person import Person, compact, match, name_keys
from grader.gradebook.people.roster import read_roster
from grader.gradebook.policy.lateness import LateRule, read_rule
from grader.gradebook.students import Policy, final_points
from grader.gradebook.view import select_view

DUE = datetime(2026, 11, 1, tzinfo=UTC)
RULE = LateRule(DUE, 10.0, "day", 50.0)


def documents(book, **policy):
    return {d["submission"]: d for d in select_view(book, policy=Policy(**policy)).documents()}


@pytest.fixture
def book(tmp_path):
    with Gradebook(tmp_path / "g.db") as made:
        yield made


# ---------------------------------------------------------------------- lateness


@given(st.timedeltas(timedelta(days=-9), timedelta(days=30)), st.floats(0, 100))
def test_being_later_never_costs_less_and_never_more_than_the_most(late_by, earned):
    now, later = RULE.apply(DUE + late_by), RULE.apply(DUE + late_by + timedelta(hours=7))
    assert earned / 2 - 1e-5 <= later.after(earned) <= now.after(earned) + 1e-5 <= earned + 2e-5


@pytest.mark.parametrize(
    ("text", "due", "percent", "unit", "most"),
    [
        ("2026-10-31 18:00Z: 10%/day, at most 50%", "2026-10-31T18:00+00:00", 10, "day", 50),
        ("2026-10-31T18:00+01:00:5%/hour", "2026-10-31T17:00+00:00", 5, "hour", 100),
        ("2026-10-31 18:00:30Z: 2.5 % a day at most 20 %", "2026-10-31T18:00:30Z", 2.5, "day", 20),
    ],
)  # fmt: skip
def test_a_rule_is_read_as_it_is_written(text, due, percent, unit, most):
    rule = read_rule(text)
    assert rule.due == datetime.fromisoformat(due)
    assert (rule.percent, rule.unit, rule.most) == (percent, unit, most)


def test_a_date_alone_means_the_end_of_that_day():
    assert read_rule("2026-10-31: 10%/day").due.isoformat()[:16] == "2026-11-01T00:00"


@pytest.mark.parametrize(
    "text", ["", "tomorrow: 10%/day", "2026-02-31: 10%/day", "2026-10-31: 110%/day", "2026-10-31"]
)
def test_what_is_no_rule_is_refused_with_one_that_is(text):
    with pytest.raises(UsageError, match="10%/day, at most 50%"):
        read_rule(text)


def test_work_that_came_in_at_an_unknown_time_is_not_late(book):
    hand_in(begin(book), "abc", [passed()], from_canvas(1, marked_late=True))
    found = documents(book, late=RULE)["abc"]
    assert found["term"]["late"]["earned"] == found["earned"] == 2.0
    assert found["term"]["marked_late"]


def test_a_late_rule_for_several_assignments_asks_which(book):
    begin(book)
    begin(book, "hw3")
    with pytest.raises(UsageError, match="--assignment: 'hw2', 'hw3'"):
        select_view(book, policy=Policy(RULE))


# ---------------------------------------------------------------------- attempts


def test_the_newest_attempt_counts_and_the_best_on_request(book):
    run = begin(book)
    both = [passed("pool.flatten")]
    hand_in(run, "abc", [passed(), *both], from_canvas(1, came_in=at("2026-11-04T00:00")), "one")
    again = begin(book)
    hand_in(again, "abc", [wrong(), *both], from_canvas(1, came_in=at("2026-11-09T00:00")), "two")
    assert documents(book)["abc"]["earned"] == 2.0
    best = documents(book, best=True)["abc"]
    assert best["earned"] == 3.0
    assert (best["term"]["attempt"], best["term"]["attempts"]) == (1, 2)
    assert documents(book, late=RULE)["abc"]["term"]["late"]["units"] == 8
    assert documents(book, late=RULE, best=True)["abc"]["term"]["late"]["units"] == 3


def test_best_means_after_lateness(book):
    early = from_canvas(1, came_in=at("2026-10-30T00:00"))
    late = from_canvas(1, came_in=at("2026-11-30T00:00"))
    hand_in(begin(book), "abc", [wrong(), passed("pool.flatten")], early, "one")
    hand_in(begin(book), "abc", [passed(), passed("pool.flatten")], late, "two")
    found = documents(book, late=RULE, best=True)["abc"]
    assert (found["term"]["attempt"], final_points(found)) == (1, 2.0)


def test_the_same_work_unpacked_again_keeps_the_time_it_first_came_in(book):
    first = from_canvas(1, came_in=at("2026-10-30T00:00"))
    touched = from_canvas(1, came_in=at("2026-11-30T00:00"))
    hand_in(begin(book), "abc", [passed()], first, "same")
    hand_in(begin(book), "abc", [], touched, "same")
    assert documents(book, late=RULE)["abc"]["term"]["late"]["units"] == 0


def test_work_that_was_handed_in_before_keeps_the_time_of_the_first_time(book):
    days = ("2026-10-30T00:00", "2026-11-05T00:00", "2026-11-30T00:00")
    for day, content in zip(days, ("old", "new", "old"), strict=True):
        hand_in(begin(book), "abc", [passed()], from_canvas(1, came_in=at(day)), content)
    term = documents(book, late=RULE)["abc"]["term"]
    assert (term["attempt"], term["attempts"], term["late"]["units"]) == (2, 2, 0)


# ---------------------------------------------------------------------- roster


def test_who_handed_in_nothing_is_in_every_export_as_zero_and_marked(book):
    run = begin(book)
    hand_in(run, "examplegiven", [passed(), passed("pool.flatten")], from_canvas(101))
    hand_in(run, "stranger", [passed()], from_canvas(999))
    people = [
        Person("Example, Given", ("101",)),
        Person("Samename, Another", ("102",), "samename", "r@example.org"),
    ]
    book.note_roster(run.assignment, people)
    found = documents(book)
    assert list(found) == ["examplegiven", "samename", "stranger"]
    assert found["examplegiven"]["term"]["name"] == "Example, Given"
    missing = found["samename"]
    assert (missing["earned"], missing["possible"], missing["complete"]) == (0.0, 3.0, True)
    assert {e["status"] for e in missing["exercises"]} == {"missing"}
    assert not missing["term"]["handed_in"]
    (assignment,) = select_view(book).assignments
    assert (assignment.strangers, assignment.absent) == (["stranger"], ["samename"])


@pytest.mark.parametrize(
    "wanted", ["octocat", "given01", "Example, Given", "given@x.org", "g@home.org", "S7", "5"]
)
def test_somebody_answers_to_every_word_of_platform_and_roster(book, wanted):
    run = begin(book)
    delivery = from_platform("classroom", 5, "Given", "octocat", "given@x.org")
    hand_in(run, "octocat", [passed()], delivery)
    hand_in(run, "other", [passed()], from_platform("classroom", 6, "Other", "other"))
    person = Person("Example, Given", ("S7", "5"), "given01", "g@home.org")
    book.note_roster(run.assignment, [person])
    view = select_view(book, student=wanted)
    assert view.student == "octocat"
    (document,) = view.documents()
    term = document["term"]
    assert (term["name"], term["id"]) == ("Example, Given", "S7")  # as the roster calls them
    assert (term["login"], term["email"]) == ("octocat", "given@x.org")


def test_a_newer_roster_counts_and_the_same_one_is_not_written_twice(book):
    run = begin(book)
    for people in ([Person("A")], [Person("A")], [Person("A"), Person("B")]):
        book.note_roster(run.assignment, people)
    assert book.query("SELECT count(*) FROM roster") == [(2,)]
    assert list(documents(book)) == ["A", "B"]


def test_somebody_who_misses_one_assignment_keeps_the_name_of_another(book):
    hand_in(begin(book, "hw1"), "examplegiven", [passed()], from_canvas(101))
    run = begin(book, "hw2")
    book.note_roster(run.assignment, [Person("Example, Given", ("101",), "given")])
    (assignment,) = select_view(book, ["hw2"]).assignments
    assert [one.name for one in assignment.students] == ["examplegiven"]


def test_a_participants_number_in_moodle_belongs_to_one_assignment(book):
    hand_in(begin(book, "hw1"), "Given Example", [passed()], from_platform("moodle", 17))
    hand_in(begin(book, "hw1"), "examplegiven", [passed()], from_canvas(101))
    assert book.names_by_platform_id("hw1") == {"17": "Given Example", "101": "examplegiven"}
    assert book.names_by_platform_id("hw2") == {"101": "examplegiven"}


@pytest.mark.parametrize(
    ("text", "people"),
    [
        (
            (
                "Student,ID,SIS User ID,SIS Login ID,Section\n    Points Possible,,,,\n"
                '"Example, Given",101,S7,given,A\n"Student, Test",5,,a1b2,A\n'
            ),
            [Person("Example, Given", ("101", "S7"), "given")],
        ),
        (
            "ID;Vollständiger Name;E-Mail-Adresse\nTeilnehmer/in17;Given Example;j@example.org\n",
            [Person("Given Example", ("17", "Teilnehmer/in17"), "", "j@example.org")],
        ),
        (
            "\ufeffFirst Name,Last Name,SID,Email\r\nGiven,Example,3031,j@example.org\r\n",
            [Person("Given Example", ("3031",), "", "j@example.org")],
        ),
        (
            "identifier,github_username,github_id,name\ngiven@x.org,octocat,5,Given\n",
            [Person("Given", ("given@x.org", "5"), "octocat")],
        ),
        ("e-mail\tlogin\na@b.c\tab\n\n", [Person("", (), "ab", "a@b.c")]),
    ],
)
def test_a_roster_is_read_by_its_header_whoever_wrote_it(tmp_path, text, people):
    file = tmp_path / "roster.csv"
    file.write_bytes(text.encode())
    assert read_roster(file).people == people


def test_a_roster_without_a_header_is_refused(tmp_path):
    file = tmp_path / "roster.csv"
    file.write_text("Given,101\n")
    with pytest.raises(UsageError, match="it needs a header with some of: name"):
        read_roster(file)
    with pytest.raises(UsageError, match="cannot be read"):
        read_roster(tmp_path)


# ---------------------------------------------------------------------- who is who

NAMES = st.text(st.sampled_from("abé ,_-"), max_size=6)
PEOPLE = st.builds(
    Person,
    NAMES,
    st.lists(st.sampled_from(["1", "2", "3", "x", "y@z"]), max_size=2).map(tuple),
    st.sampled_from(["", "x", "2"]),
    st.sampled_from(["", "y@z", "a@b"]),
    st.lists(st.one_of(NAMES, st.sampled_from(["1", "y@z"])), max_size=2).map(tuple),
)


def words_of(one):
    """Return every key of a person, every mailbox, and every form of every name."""
    keys = {key.strip().casefold() for key in (*one.ids, one.login, one.email, *one.also_called)}
    return keys.union(
        {compact(key.partition("@")[0]) for key in keys}, *map(name_keys, (one.name, *keys))
    )


@given(st.lists(PEOPLE, max_size=5), st.lists(PEOPLE, max_size=5))
def test_nobody_is_matched_twice_and_only_over_something_shared(left, right):
    pairs = match(left, right)
    assert len(set(pairs.values())) == len(pairs)
    for a, b in pairs.items():
        shared = words_of(left[a]) & words_of(right[b])
        assert shared - {""}


def test_two_who_share_a_name_are_not_guessed_apart():
    twins = [Person("Given Example", ("1",)), Person("Given Example", ("2",))]
    assert match(twins, [Person("Example, Given")]) == {}
    assert match(twins, [Person("Example, Given", ("2",))]) == {1: 0}


def test_the_platforms_own_key_is_believed_before_any_other_word():
    impostor, owner = Person("", (), "17"), Person("", ("17",))
    assert match([impostor, owner], [Person("", ("17",))]) == {1: 0}


def test_an_address_is_no_name_but_its_mailbox_is():
    assert match([Person("", (), "", "given.example@x.org")], [Person("Given Example")]) == {0: 0}
    assert match([Person(also_called=("ab@c.de",))], [Person("abcde")]) == {}


# ---------------------------------------------------------------------- by hand


def invoke(*words):
    """Run a command in this process; return exit code and text."""
    done = CliRunner().invoke(app, [str(word) for word in words])
    if isinstance(done.exception, DlgradeError):
        return done.exception.exit_code, str(done.exception)
    return done.exit_code, done.output


@pytest.fixture
def path(tmp_path):
    with Gradebook(tmp_path / "g.db") as made:
        hand_in(begin(made), "roeeric", [wrong()], from_canvas(102, email="another@example.org"))
    return tmp_path / "g.db"


def earned(path):
    with Gradebook(path, read_only=True) as made:
        return documents(made)["roeeric"]["exercises"][0]["earned"]


def test_points_by_hand_count_until_they_are_taken_back(path):
    code, text = invoke("override", path, "102", "conv.im2col", 1.5, "--why", "a typo of mine")
    assert (code, text) == (0, "roeeric: conv.im2col: 1.5 of 2 points (a typo of mine)\n")
    assert earned(path) == 1.5
    assert invoke("override", path, "another@example.org", "conv.im2col", 2, "--why", "b")[0] == 0
    assert earned(path) == 2.0
    assert invoke("override", path, "roeeric", "conv.im2col", "graded", "--why", "c")[0] == 0
    assert earned(path) == 1.0
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT count(*) FROM override").fetchone() == (3,)
    connection.close()


def test_a_decision_outlives_a_regrade(path):
    invoke("override", path, "roeeric", "conv.im2col", 2, "--why", "seen by hand")
    with Gradebook(path) as made:
        from books import run_conditions

        run = made.begin_run("hw2", run_conditions(5), list(ASKED), regrade=True)
        hand_in(run, "roeeric", [wrong()])
    assert earned(path) == 2.0


def test_a_decision_settles_what_could_not_be_graded(book):
    run = begin(book, asked=ASKED[:1])
    hand_in(run, "abc", [{**wrong(), "status": "ungraded"}])
    assert not documents(book)["abc"]["complete"]
    book.note_overrides(run.assignment, [("abc", "conv.im2col", 2.0, "read by hand")])
    assert documents(book)["abc"]["complete"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ("nobody", "conv.im2col", 1, "--why", "x"),
            "nobody, or more than one, in 'hw2' is called 'nobody': name the one that you mean",
        ),
        (("102", "conv.im", 1, "--why", "x"), "has no exercise 'conv.im'; it has conv.im2col"),
        (("102", "conv.im2col", 3, "--why", "x"), "worth 0 to 2"),
        (("102", "conv.im2col", "nan", "--why", "x"), "worth 0 to 2"),
        (("102", "conv.im2col", "many", "--why", "x"), "neither a number of points"),
        (("102", "conv.im2col", "1_0", "--why", "x"), "neither a number of points"),
        (("102", "conv.im2col", 1, "--why", " "), "needs its reason"),
        (("102", "conv.im2col", 1), "why"),
    ],
)
def test_a_decision_that_makes_no_sense_ends_with_2_and_writes_nothing(path, words, message):
    code, text = invoke("override", path, *words)
    assert code == 2
    assert message in text
    assert earned(path) == 1.0


def test_a_delivery_without_a_platform_adds_nothing_to_a_plain_document(book):
    hand_in(begin(book), "abc", [passed()], Delivery(came_in=DUE))
    assert "term" not in documents(book)["abc"]
