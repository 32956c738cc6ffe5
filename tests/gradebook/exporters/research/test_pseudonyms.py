"""A pseudonym stays a student's own, says nothing without the key, and is nobody else's."""

from __future__ import annotations

import hashlib
import json
import stat

import pytest
from books import begin, from_canvas, hand_in, passed
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.errors import UsageError
from grader.gradebook.exporters.research.anonymous import hide_identity
from grader.gradebook.exporters.research.pseudonyms import _new, find_pseudonyms
from grader.gradebook.facts import Gradebook
from grader.gradebook.people.person import Person
from grader.gradebook.store.lock import names_beside
from grader.gradebook.students import Student
from grader.gradebook.view import select_view

NAMES = st.lists(st.text(min_size=1, max_size=8), min_size=1, max_size=12, unique=True)


def students(*names):
    return {"hw": [Student(name) for name in names]}


@settings(deadline=None)  # every example waits for the disk
@given(NAMES, st.data())
def test_pseudonyms_are_the_same_next_time_whoever_else_is_there(tmp_path_factory, names, data):
    book = tmp_path_factory.mktemp("book") / "g.db"
    some = data.draw(st.lists(st.sampled_from(names), unique=True))
    first = find_pseudonyms(book, students(*some))
    everybody = find_pseudonyms(book, students(*names))
    assert first.items() <= everybody.items()
    assert find_pseudonyms(book, students(*names[::-1])) == everybody
    assert len(set(everybody.values())) == len(names)


def test_a_name_alone_does_not_make_a_pseudonym(tmp_path):
    one = find_pseudonyms(tmp_path / "a.db", students("given"))["given"]
    other = find_pseudonyms(tmp_path / "b.db", students("given"))["given"]
    assert one != other
    kept = (tmp_path / "a.db.pseudonyms").read_text()
    for text in (one, kept):
        assert "given" not in text
        for made in (hashlib.sha256(b"given"), hashlib.md5(b"given"), hashlib.sha1(b"given")):  # noqa: S324
            assert made.hexdigest()[:8] not in text


def test_the_key_lies_beside_the_gradebook_itself_for_its_owner_alone(tmp_path):
    (tmp_path / "real").mkdir()
    with Gradebook(tmp_path / "real" / "g.db") as book:
        hand_in(begin(book), "given", [passed()])
    (tmp_path / "link.db").symlink_to(tmp_path / "real" / "g.db")
    before = (tmp_path / "real" / "g.db").read_bytes()
    found = []
    for path in (tmp_path / "link.db", tmp_path / "real" / "g.db"):
        with Gradebook(path, read_only=True) as book:
            found.append(hide_identity(select_view(book)).pseudonyms)
    assert found[0] == found[1]
    kept = tmp_path / "real" / "g.db.pseudonyms"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert (tmp_path / "real" / "g.db").read_bytes() == before


def test_whoever_was_absent_at_first_keeps_the_pseudonym_under_another_name(tmp_path):
    roster = [
        Person("Example, Given", ("1001",), "user01"),
        Person("Roe, Ric", ("1002",), "user02"),
    ]
    with Gradebook(tmp_path / "g.db") as book:
        run = begin(book, "hw1")
        book.note_roster(run.assignment, roster)
        before = hide_identity(select_view(book)).pseudonyms
        assert before.keys() == {"user01", "user02"}
        run = begin(book, "hw2")
        book.note_roster(run.assignment, roster)
        hand_in(run, "examplegiven", [passed()], from_canvas(1001, "examplegiven"))
        after = hide_identity(select_view(book)).pseudonyms
        assert after["examplegiven"] == before["user01"]
        assert after["user02"] == before["user02"]
        assert hide_identity(select_view(book, ["hw1"])).pseudonyms == after


def test_whose_line_of_the_roster_is_mended_keeps_the_pseudonym_by_the_number(tmp_path):
    found = []
    with Gradebook(tmp_path / "g.db") as book:
        run = begin(book)
        for person in (
            Person("Lee, Kim", ("2",)), Person("Lee, Kim B.", ("2",), "lee"),
            Person("Lee, Kim Bo", ("2",), "kim", "kim@example.org"),
        ):  # fmt: skip
            book.note_roster(run.assignment, [person])
            found.append(hide_identity(select_view(book)).pseudonyms)
        hand_in(run, "leekim", [passed()], from_canvas(2, "Lee, Kim B."))
        found.append(hide_identity(select_view(book)).pseudonyms)
    assert [list(names) for names in found] == [["Lee, Kim"], ["lee"], ["kim"], ["leekim"]]
    assert len({pseudonym for names in found for pseudonym in names.values()}) == 1


def test_a_line_that_two_students_have_does_not_make_them_one(tmp_path):
    number = Person("Same", ids=("2",))
    both = {"hw": [Student(name, on_roster=number) for name in ("first", "second")]}
    found = find_pseudonyms(tmp_path / "g.db", both)
    assert len(set(found.values())) == 2
    assert find_pseudonyms(tmp_path / "g.db", both) == found


def test_what_lies_beside_a_gradebook_among_submissions_is_no_submission(tmp_path):
    find_pseudonyms(tmp_path / "g.db", students("given"))
    (kept,) = tmp_path.iterdir()
    assert kept.name in names_beside(tmp_path / "g.db")


def test_a_number_alone_makes_nobody_of_two_assignments_one(tmp_path):
    """Moodle gives its participants other numbers in every assignment."""
    number = Person(ids=("17",))
    both = {name: [Student(name, on_roster=number)] for name in ("first", "second")}
    assert len(set(find_pseudonyms(tmp_path / "g.db", both).values())) == 2


def test_a_pseudonym_that_is_taken_is_not_given_again():
    key = b"k" * 32
    short = _new(key, "given", set())
    longer = _new(key, "given", {short})
    assert longer.startswith(short)
    assert len(longer) == len(short) + 1


@pytest.mark.parametrize(
    "text",
    ["", "{}", "[]", "null", '{"key": "00", "known": {}}', '{"key": "zz", "known": {}}',
     json.dumps({"key": "00" * 32, "known": {"a": 1}}), json.dumps({"key": "00" * 32, "known": 1}),
     "[" * 100_000],
)  # fmt: skip
def test_a_file_that_holds_something_else_is_refused_and_left_as_it_is(tmp_path, text):
    kept = tmp_path / "g.db.pseudonyms"
    kept.write_text(text)
    with pytest.raises(UsageError, match="restore it, or move it away for new pseudonyms"):
        find_pseudonyms(tmp_path / "g.db", students("given"))
    assert kept.read_text() == text


def test_where_it_cannot_be_written_nothing_is_given_out(tmp_path):
    (tmp_path / "g.db.pseudonyms").mkdir()
    with pytest.raises(UsageError, match="cannot be read"):
        find_pseudonyms(tmp_path / "g.db", students("given"))
    with pytest.raises(UsageError, match="pseudonyms would not be the same next time"):
        find_pseudonyms(tmp_path / "nowhere" / "g.db", students("given"))
