"""What the questions of an exam were for a class: how hard, what they tell, which slips."""

from __future__ import annotations

import json

import pytest
from books import begin, fact, hand_in
from classes import dlgrade
from hypothesis import given
from hypothesis import strategies as st

from grader.gradebook.facts import Gradebook
from grader.gradebook.pages.questions import QuestionTally
from grader.quiz.exams.difficulty import FILE_NAME, read_shares

ITEMS = ("conv.a", "conv.b", "conv.c")
ASKED = (("quiz.conv", 0, 2.0), ("quiz.losses", 1, 1.0))


def exam(right, wrong=(), slips=None, status=None):
    """Return the fact of an exam of which some questions are right."""
    levels = [(item, status or "passed", 1.0) for item in right]
    levels += [(item, status or "failed", 1.0) for item in wrong]
    whole = status or ("failed" if wrong else "passed")
    return fact("quiz.conv", whole, levels=levels, details={"slips": slips or {}})


@pytest.fixture
def path(tmp_path):
    """Return a gradebook in which twelve took an exam, and others did not."""
    made = tmp_path / "g.db"
    with Gradebook(made) as book:
        run = begin(book, "exam", asked=ASKED)
        for number in range(12):
            good = number < 6
            first = exam(
                ["conv.a", "conv.b"] if good else [], [] if good else ["conv.a", "conv.c"],
                None if good else {"conv.a": "forgot the + 1"},
            )  # fmt: skip
            hand_in(run, f"s{number:02}", [first])
        hand_in(run, "refused", [exam([], ["conv.a", "conv.b"], status="rejected")])
        hand_in(run, "missing", [exam([], ["conv.a", "conv.b"], status="missing")])
        run.finish()
    return made


def questions_of(path, *arguments):
    done = dlgrade("show", path, *arguments, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)["answers"]


def test_difficulty_discrimination_and_slips_are_told(path):
    """Of those whose file was marked; a question tells something where ten were asked it."""
    conv = questions_of(path, "quiz.conv")[0]["questions"]
    assert [(one["item"], one["asked"], one["share"]) for one in conv] == [
        ("conv.c", 6, 0.0), ("conv.a", 12, 50.0), ("conv.b", 6, 100.0),
    ]  # fmt: skip
    assert [one["tells"] for one in conv] == [None, pytest.approx(1.0), None]
    assert conv[1]["slips"] == [["forgot the + 1", 6]]
    assert questions_of(path, "--questions")[0]["questions"] == conv


def test_the_same_is_shown_in_the_terminal_and_on_the_class_page(path, tmp_path):
    shown = dlgrade("show", path, "--questions").stdout
    assert "conv.a" in shown
    assert "forgot the + 1: 6" in shown
    dlgrade("report", path, "-o", tmp_path / "report").check_returncode()
    page = (tmp_path / "report" / "index.html").read_text()
    assert "Questions of quiz.conv, the hardest first" in page
    assert "forgot the + 1: 6" in page
    assert "Questions of quiz.losses" not in page


def test_what_show_prints_is_the_history_by_which_the_next_exam_is_drawn(path, tmp_path):
    (tmp_path / FILE_NAME).write_text(dlgrade("show", path, "--questions", "--json").stdout)
    assert read_shares(tmp_path) == {"conv.a": 0.5, "conv.b": 1.0, "conv.c": 0.0}


def test_a_gradebook_without_an_exam_says_so(tmp_path):
    with Gradebook(tmp_path / "g.db") as book:
        run = begin(book)
        hand_in(run, "a", [fact("conv.im2col")])
        run.finish()
    done = dlgrade("show", tmp_path / "g.db", "--questions")
    assert done.returncode == 2
    assert "no exam was graded" in done.stderr


@given(st.lists(st.lists(st.booleans(), min_size=3, max_size=3), min_size=1, max_size=30))
def test_the_shares_of_all_questions_are_the_share_of_the_class(answers):
    """Whatever was right, no point is counted twice or left out."""
    tally = QuestionTally()
    for right in answers:
        levels = [
            {"name": item, "status": "passed", "earned": float(ok), "possible": 1.0}
            for item, ok in zip(ITEMS, right, strict=True)
        ]
        entry = {"id": "quiz.conv", "status": "failed", "levels": levels}
        tally.add({"exercises": [entry, {"id": "conv.im2col", "levels": []}]}, {})
    found = tally.figures("quiz.conv")
    assert sum(one.share * one.asked for one in found) == pytest.approx(
        100 * sum(map(sum, answers))
    )
    assert all(one.asked == len(answers) for one in found)
    assert tally.figures("conv.im2col") == ()
