"""How files were read, and what was decided about somebody, stands where points are shown."""

from __future__ import annotations

import json
import re

import pytest
from books import at, begin, fact, from_canvas, hand_in, passed

from grader.gradebook.facts import Gradebook
from grader.gradebook.pages.feedback import write_feedback
from grader.gradebook.pages.report import write_report
from grader.gradebook.pages.tally import ClassTally
from grader.gradebook.people.delivery import Recognised, Recognition
from grader.gradebook.policy.decisions import Excuse, Extension, note_excuses, note_extensions
from grader.gradebook.policy.lateness import deadline, read_moment, read_rule
from grader.gradebook.students import Policy
from grader.gradebook.view import select_view

RULE = read_rule("2026-11-01 00:00Z: 10%/day")
BOTH = [passed(), passed("pool.flatten")]


@pytest.fixture
def pages(tmp_path, course):
    """Return each student's page, and the notes of the class's page."""

    def make(book, policy=None):
        view = select_view(book, policy=policy)
        written = write_feedback(view, course, tmp_path / "pages")
        tally = ClassTally("hw2")
        for name, works in view.by_student():
            tally.add(works[0], name)
        texts = {name: (tmp_path / "pages" / file).read_text() for name, file in written.items()}
        return texts, {row.file: row.notes for row in tally.rows}

    with Gradebook(tmp_path / "g.db") as book:
        yield book, make


def test_a_guess_and_what_could_not_be_read_are_told_to_student_and_instructor(pages):
    book, make = pages
    run = begin(book)
    guess = Recognised(Recognition.CONTENT, "graded conv (1).py as conv.py")
    run.record("guessed", "a" * 64, BOTH, (), guess)
    unread = Recognised(Recognition.UNREADABLE, "answers.pdf is a PDF")
    run.record("unread", "b" * 64, [fact("conv.im2col", "ungraded", message="x")], (), unread)
    run.record("named", "c" * 64, BOTH, (), Recognised(Recognition.NAME, ""))
    texts, notes = make(book)
    assert "A file had another name: graded conv (1).py as conv.py." in texts["guessed"]
    assert "What came in could not be read: answers.pdf is a PDF." in texts["unread"]
    assert "graded conv (1).py as conv.py" in notes["guessed"]
    assert "could not be read: answers.pdf is a PDF" in notes["unread"]
    assert "another name" not in texts["named"]
    assert not notes["named"]


def test_decisions_and_late_days_are_told_to_student_and_instructor(pages):
    book, make = pages
    run = begin(book)
    came = at("2026-11-02T12:00")
    for number, name in enumerate(("excused", "extended", "late"), 1):
        hand_in(run, name, BOTH, from_canvas(number, came_in=came))
    note_excuses(book, run.assignment, [("excused", Excuse(True, "ill"))])
    due = Extension(at("2026-11-02T00:00"), "moved house")
    note_extensions(book, run.assignment, [("extended", due)])
    texts, notes = make(book, Policy(RULE, late_days=1))
    assert "Excused, so these points do not count: ill" in texts["excused"]
    assert f"Your deadline is {deadline(due.due)}: moved house" in texts["extended"]
    assert notes["extended"][0] == f"due {deadline(due.due)}"
    assert "1 day late: 1 late day used, 0 of 1 left, 0% taken off" in texts["extended"]
    assert "2 days late: 1 late day used, 0 of 1 left, 10% taken off" in texts["late"]
    assert notes["excused"] == ("excused, though they handed in",)
    assert notes["late"] == ("2 days late", "1 late day used, 0 of 1 left")


def test_what_is_not_all_graded_has_no_total_and_no_percent(pages, course, tmp_path):
    book, make = pages
    run = begin(book)
    hand_in(run, "whole", BOTH, from_canvas(1))
    hand_in(run, "part", [passed(), fact("pool.flatten", "ungraded", message="x")], from_canvas(2))
    note_extensions(book, run.assignment, [("part", Extension(read_moment("2026-11-04"), "ill"))])
    texts, notes = make(book)
    assert ">hw2: 3 of 3 points</h2>" in texts["whole"]
    assert ">hw2: not all graded yet</h2>" in texts["part"]
    assert "Something could not be graded yet, so these points are not final." in texts["part"]
    assert "Your deadline is the end of 2026-11-04: ill" in texts["part"]
    assert "due the end of 2026-11-04" in notes["part"]
    write_report(select_view(book), course, tmp_path / "report")
    report = (tmp_path / "report" / "index.html").read_text(encoding="utf-8")
    (data,) = re.findall(r'id="data">(.*?)</script>', report)
    rows = {row[0]: row[2:5] for row in json.loads(data)["works"][0]["students"]}
    assert rows == {"whole": [3, 3, 3], "part": [2, None, 3]}
