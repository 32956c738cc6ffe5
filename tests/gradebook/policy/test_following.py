"""Points by hand stay whose they are, whatever the work is called that comes in later."""

from __future__ import annotations

import pytest
from books import begin, from_canvas, hand_in, passed, wrong
from classes import dlgrade
from small_course import write_course

from grader.gradebook.facts import Gradebook
from grader.gradebook.people.person import Person
from grader.gradebook.policy.following import follow_names
from grader.gradebook.students import final_points
from grader.gradebook.view import select_view

CLASS = [Person("Example, Given", ("101",), "given"), Person("Other, One", ("102",), "other")]


@pytest.fixture
def book(tmp_path):
    """Write a class in which one student handed in, and the other one got points by hand."""
    with Gradebook(tmp_path / "g.db") as book:
        hand_in(begin(book), "otherone", [passed(), wrong()], from_canvas(102))
        book.note_roster(1, CLASS)
        book.note_overrides(1, [("given", "conv.im2col", 1.5, "seen on paper")])
        yield book


def points(book):
    """Return everybody's points as an export has them; those of the view are the same."""
    found = {one["submission"]: one for one in select_view(book).documents()}
    rows = book.query("SELECT submission, earned FROM submission_score")
    assert dict(rows) == {name: found[name]["earned"] for name in found}
    return {name: final_points(one) for name, one in found.items()}


def come_in(book):
    """Let the work of the other one come in, under the platform's name."""
    hand_in(begin(book), "examplegiven", [wrong(), passed("pool.flatten")], from_canvas(101))


def test_points_by_hand_are_of_whoever_hands_in_later_under_another_name(book):
    assert points(book)["given"] == 1.5
    come_in(book)
    follow_names(book, 1)
    follow_names(book, 1)
    assert points(book)["examplegiven"] == 2.5
    rows = book.query("SELECT submission, points, why FROM override ORDER BY id")
    assert rows == [
        ("given", 1.5, "seen on paper"),
        ("examplegiven", 1.5, "seen on paper"),
        ("given", None, "handed in as examplegiven"),
    ]
    first, second, _ = book.query("SELECT decided_at FROM override ORDER BY id")
    assert first == second


def test_what_was_decided_under_the_newer_name_stays(book):
    come_in(book)
    book.note_overrides(1, [("examplegiven", "conv.im2col", 0.25, "read again")])
    follow_names(book, 1)
    assert points(book)["examplegiven"] == 1.25


def test_a_run_gives_points_by_hand_to_the_work_that_comes_in_under_another_name(tmp_path):
    small, folder, book = (tmp_path / name for name in ("small", "hw", "g.db"))
    write_course(small)

    def run(*words):
        sandbox = ("--sandbox", "none", "--jobs", 1, "--gradebook", book)
        done = dlgrade("--course", small, "grade", folder, *sandbox, *words)
        assert done.returncode == 0, done.stderr

    def come(name):
        (folder / name).mkdir(parents=True)
        (folder / name / "own.py").write_text("def double(x):\n    return 3.0 * x\n")

    come("other")
    (tmp_path / "roster.csv").write_text("name,login\nGiven Example,given\nOne Other,other\n")
    run("--roster", tmp_path / "roster.csv")
    assert dlgrade("override", book, "given", "own.double", 1.5, "--why", "paper").returncode == 0
    come("Given Example")
    run()
    with Gradebook(book, read_only=True) as made:
        assert points(made) == {"Given Example": 1.5, "other": 0.0}
