"""The table beside pages has what a mail merge needs, and nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
import os

import pytest
from books import at, begin, fact, from_canvas, from_platform, hand_in, passed, wrong

from grader.errors import UsageError
from grader.gradebook.exporters.back.index import write_index
from grader.gradebook.facts import Gradebook
from grader.gradebook.pages.feedback import file_name
from grader.gradebook.people.person import Person
from grader.gradebook.policy.decisions import Excuse, note_excuses
from grader.gradebook.policy.lateness import read_rule
from grader.gradebook.students import Policy
from grader.gradebook.view import select_view

BOTH = [wrong(), passed("pool.flatten")]
INDEX = """\
name,email,login,id,assignments,points,possible,page
'=HYPERLINK(1),evil@example.org,'@evil,103,hw2,2,3,evil.html
Given Example,given@example.org,given,101,hw2,3,3,given.html
"Öz, Zé",,,102,hw2,,3,zoe.html
"""


def write(book, folder, **how):
    view = select_view(book, **how)
    pages = {name: file_name(name) for name, _ in view.by_student()}
    return write_index(view, pages, folder), (folder / "index.csv").read_text(encoding="utf-8")


def test_a_row_says_whose_page_it_is_where_it_is_and_the_points(tmp_path):
    with Gradebook(tmp_path / "g.db") as book:
        run = begin(book)
        facts = [passed(), passed("pool.flatten")]
        whole = from_platform("canvas", 101, "Given Example", "given", "given@example.org")
        hand_in(run, "given", facts, whole)
        evil = from_platform("canvas", 103, "=HYPERLINK(1)", "@evil", "evil@example.org")
        hand_in(run, "evil", BOTH, evil)
        lost = fact("conv.im2col", "ungraded", message="the grader could not tell")
        hand_in(run, "zoe", [lost, passed("pool.flatten")], from_canvas(102, "Öz, Zé"))
        assert write(book, tmp_path) == (1, INDEX)


def test_points_are_those_that_go_out_over_all_assignments_that_count(tmp_path):
    with Gradebook(tmp_path / "g.db") as book:
        for name in ("hw1", "hw2", "hw3"):
            run = begin(book, name)
            late = from_canvas(101, came_in=at("2026-11-01T12:00"))
            hand_in(run, "given", BOTH, late)
            if name != "hw3":
                hand_in(run, "ill", BOTH, from_canvas(102))
                note_excuses(book, run.assignment, [("ill", Excuse(True, "ill"))])
        rules = {"hw2": read_rule("2026-11-01 00:00Z: 10%/day")}
        _, text = write(book, tmp_path, policy=Policy(rules=rules))
        given, ill = csv.DictReader(text.splitlines())
        assert (given["assignments"], given["points"], given["possible"]) == (
            "hw1; hw2; hw3", "5.8", "9",
        )  # fmt: skip
        assert (ill["assignments"], ill["points"], ill["possible"]) == ("hw1; hw2", "", "")


def test_whoever_is_on_the_roster_alone_has_a_row_with_nought_points(tmp_path):
    with Gradebook(tmp_path / "g.db") as book:
        run = begin(book)
        book.note_roster(run.assignment, [Person("Not Here", ("9",), "nothere", "n@example.org")])
        _, text = write(book, tmp_path)
        assert text.splitlines()[1:] == ["Not Here,n@example.org,nothere,9,hw2,0,3,nothere.html"]


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="needs POSIX")
def test_a_folder_that_is_none_is_one_line(tmp_path):
    (tmp_path / "file").write_text("")
    with Gradebook(tmp_path / "g.db") as book:
        hand_in(begin(book), "given", BOTH)
        view = select_view(book)
        with pytest.raises(UsageError, match="cannot be written"):
            write_index(view, {"given": "given.html"}, tmp_path / "file")
