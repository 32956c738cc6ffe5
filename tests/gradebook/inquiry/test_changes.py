"""What decides otherwise is graded again, and it is told whose grade that changed, and why."""

from __future__ import annotations

import pytest
from books import begin_under, fact, hand_in, passed, wrong

from grader.gradebook.facts import Gradebook
from grader.gradebook.inquiry.changes import find_changes
from grader.gradebook.inquiry.story import tell_story
from grader.gradebook.inquiry.summary import summarise
from grader.gradebook.presence import find_outdated
from grader.gradebook.students import final_points
from grader.gradebook.view import select_view


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"criteria": {"conv.im2col": "new"}}, "check changed"),
        ({"criteria": {"conv.im2col": "old", "": "newer"}}, "another dlgrade"),
        ({"criteria": {"conv.im2col": "old"}, "course": "other"}, "graded again"),
        ({"seed": 5, "criteria": {"conv.im2col": "new"}}, "other cases"),
        ({"criteria": {"conv.im2col": "old"}, "sandbox": "bwrap"}, "other sandbox"),
        ({"course": "other"}, "check changed"),
        ({"criteria": {"conv.im2col": "new", "*": "newer"}}, "another dlgrade"),
        ({"criteria": {"conv.im2col": "new", "*": "newer"}, "course": "other"}, "check changed"),
        ({"criteria": {"*": "newer"}}, "another dlgrade"),
        ({"criteria": {"conv.im2col": "old", "": "this padlib=2"}}, "another library"),
        ({"criteria": {"conv.im2col": "old", "": "newer padlib=2"}}, "another dlgrade"),
    ],
)
def test_each_reason_for_another_verdict_has_its_words(tmp_path, more, why):
    with Gradebook(tmp_path / "g.db") as book:
        hand_in(
            begin_under(book, {"conv.im2col": "old", "": "this"}), "abc", [wrong()], content="a"
        )
        hand_in(begin_under(book, **more), "abc", [passed()], content="a")
        (change,) = find_changes(book, 1)
        assert (change.before.earned, change.after.earned, change.why) == (1.0, 2.0, why)


def test_points_by_hand_and_a_first_submission_are_no_change(tmp_path):
    with Gradebook(tmp_path / "g.db") as book:
        first = begin_under(book)
        hand_in(first, "abc", [wrong()], content="a")
        book.note_overrides(1, [("abc", "conv.im2col", 1.5, "by hand")])
        second = begin_under(book)
        hand_in(second, "abc", [passed()], content="a")
        hand_in(second, "new", [passed()], content="n")
        assert find_changes(book, 1) == []
        assert find_changes(book, 1, first.number) == []


@pytest.mark.parametrize(
    ("digest", "course", "again"),
    [("old", "other", False), ("new", "other", True), (None, "course", False),
     (None, "other", True), ("new", "course", True)],
)  # fmt: skip
def test_only_what_decides_otherwise_is_graded_again(tmp_path, digest, course, again):
    criteria = {} if digest is None else {"conv.im2col": digest}
    with Gradebook(tmp_path / "g.db") as book:
        before = begin_under(book, {} if digest is None else {"conv.im2col": "old"})
        before.record("abc", "content", [passed()])
        after = begin_under(book, criteria, course=course)
        assert after.pending("content", ["conv.im2col"]) == ["conv.im2col"] * again


@pytest.mark.parametrize("known", [{}, {"conv.im2col": "old"}])
@pytest.mark.parametrize(
    ("draws", "digest", "again"),
    [("this", None, False), ("other", None, True), ("other", "old", False), ("other", "new", True)],
)
def test_what_draws_by_other_means_is_believed_by_its_cases_alone(
    tmp_path, known, draws, digest, again
):
    with Gradebook(tmp_path / "g.db") as book:
        begin_under(book, {"": "j", "*": "this"} | known).record("abc", "content", [passed()])
        after = begin_under(book, {"": "j", "*": draws})
        assert after.may_decide_otherwise == (draws != "this")
        after.note_criteria({} if digest is None else {"conv.im2col": digest})
        again = again or (draws == "other" and not known)
        assert after.pending("content", ["conv.im2col"]) == ["conv.im2col"] * again


def test_who_says_nothing_of_what_judges_is_graded_again(tmp_path):
    with Gradebook(tmp_path / "g.db") as book:
        begin_under(book, {"conv.im2col": "old"}).record("abc", "content", [passed()])
        after = begin_under(book, {"": "j", "conv.im2col": "old"})
        assert after.pending("content", ["conv.im2col"]) == ["conv.im2col"]


def test_what_runs_changed_that_were_cut_short_is_told_with_the_next_that_comes_to_its_end(
    tmp_path,
):
    with Gradebook(tmp_path / "g.db") as book:
        for end, names in ((True, "ab"), (False, "a"), (True, "b"), (True, "")):
            one = begin_under(book)
            for name in names:
                grade = wrong() if one.number == 1 else passed()
                hand_in(one, name, [grade, fact("pool.flatten", "failed")], content=name)
            if end:
                one.finish()
        told = [
            [(c.name, c.grade) for c in find_changes(book, 1, number)] for number in (1, 2, 3, 4)
        ]
    a, b = ("a", (1.0, 2.0)), ("b", (1.0, 2.0))
    assert told == [[], [a], [a, b], []]


def test_an_exercise_that_was_not_asked_for_leaves_no_grade_open_and_one_without_a_fact_does(
    tmp_path,
):
    with Gradebook(tmp_path / "g.db") as book:
        for facts in ([wrong()], [passed(), passed("pool.flatten")]):
            run = begin_under(book)
            hand_in(run, "here", facts, content="h")
            hand_in(run, "away", facts[:1], content="a")
            run.finish()
        grades = {one.name: one.grade for one in find_changes(book, 1)}
        finals = {one["submission"]: final_points(one) for one in select_view(book).documents()}
    assert grades == {"away": (1.0, None), "here": (1.0, 3.0)}
    assert finals == {"away": None, "here": 3.0}


def test_where_no_run_came_to_its_end_changes_are_those_since_the_first(tmp_path):
    with Gradebook(tmp_path / "g.db") as book:
        for grade in (wrong(), passed()):
            both = [grade, fact("pool.flatten", "failed")]
            hand_in(begin_under(book), "abc", both, content="a")
        begin_under(book)
        assert [one.grade for one in find_changes(book, 1)] == [(1.0, 2.0)]


def test_another_dlgrade_grades_again(tmp_path):
    with Gradebook(tmp_path / "g.db") as book:
        begin_under(book, {"": "before"}).record("abc", "content", [passed()])
        assert begin_under(book, {"": "before"}).pending("content", ["conv.im2col"]) == []
        assert begin_under(book, {"": "after"}).pending("content", ["conv.im2col"]) == [
            "conv.im2col"
        ]


def test_who_was_not_in_the_folder_when_a_dlgrade_judged_otherwise_is_named(tmp_path):
    with Gradebook(tmp_path / "g.db") as book:
        begin_under(book).record("unsaid", "0", [passed()])
        for judges, names in (("old", ("one", "two", "three")), ("new", ("one",))):
            again = begin_under(book, {"": judges})
            for name in names:
                quiz = fact("quiz.conv") if name == "three" else wrong()
                again.record(name, name, [quiz])
        assert find_outdated(book, 1) == ["two", "unsaid"]
        begin_under(book, {"": "new"}).record("two", "two", [passed()])
        assert find_outdated(book, 1) == ["unsaid"]


def test_who_was_not_there_when_an_exercise_became_worth_less_has_no_more_than_that(tmp_path):
    with Gradebook(tmp_path / "g.db") as book:
        first = begin_under(book, {"": "j", "conv.im2col": "worth two"})
        for name in ("here", "away"):
            hand_in(first, name, [passed(), passed("pool.flatten")], content=name)
        first.finish()
        conditions, less = first.conditions, [("conv.im2col", 0, 1.0), ("pool.flatten", 1, 1.0)]
        second = book.begin_run("hw2", conditions, less)
        second.note_criteria({"": "j", "conv.im2col": "worth one"})
        worth_one = fact("conv.im2col", levels=[("all", "passed", 1.0)])
        hand_in(second, "here", [worth_one, passed("pool.flatten")], content="here")
        second.finish()
        (change,) = find_changes(book, 1)
        assert (change.name, change.before.earned, change.after.earned) == ("here", 2.0, 1.0)
        assert change.grade == (3.0, 2.0)
        assert find_outdated(book, 1) == ["away"]
        assert summarise(book, "hw2", ["conv.im2col"]).scores.most == 2.0
        third = book.begin_run("hw2", conditions, less)
        third.note_criteria({"": "j", "pool.flatten": "other"})
        hand_in(third, "away", [fact("pool.flatten", "failed")], content="away")
        (change,) = find_changes(book, 1)
        assert (change.name, change.exercise, change.grade) == ("away", "pool.flatten", (2.0, 1.0))
        assert find_outdated(book, 1) == ["away"]
        for name in ("here", "away"):
            (story,) = tell_story(select_view(book, student=name))
            (_, im2col), *_ = [(one.earned, one.marks[-1][1].earned) for one in story.exercises]
            assert im2col == story.exercises[0].earned == 1.0
