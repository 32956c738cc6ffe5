"""Between the folder and the gradebook: what is asked for, how much at once, what is written down.

The executor of these tests promises facts and grades nothing; the gradebook is a list.
"""

from __future__ import annotations

import dataclasses
from concurrent.futures import Future

import pytest
from classes import CRASHING, ONLY, RIGHT, WRONG, make_class

from grader.errors import GraderError, HopelessError, LostError, OverwhelmedError
from grader.gradebook.people.delivery import NOT_RECOGNISED
from grader.grading.batch import Batch
from grader.grading.exams import Exam, exam_criteria
from grader.grading.facts import Blank
from grader.grading.intake.submissions import find_submissions
from grader.model import Status


class Written:
    """The gradebook's side of a run: what was written down, in order."""

    def __init__(self, done=()):
        self.rows, self.done, self.lost = [], set(done), ()

    def has_lost(self, name):
        return name in self.lost

    def pending(self, content, exercises):
        return [exercise for exercise in exercises if (content, exercise) not in self.done]

    def told_before(self, _content):
        return ["told before"], NOT_RECOGNISED

    def record(self, name, content, facts=(), warnings=(), _recognised=None):
        self.rows.append((name, [fact["status"] for fact in facts], list(warnings)))
        self.done |= {(content, fact["id"]) for fact in facts}


class Promising:
    """Promise facts, and keep the promises when there are as many as may be under way."""

    def __init__(self, exercises, ahead):
        self.exercises, self.ahead = exercises, ahead
        self.orders, self.open, self.most = [], [], 0

    def submit(self, order):
        self.orders.append(order)
        future = Future()
        self.open.append((future, order))
        self.most = max(self.most, len(self.open))
        if len(self.open) >= self.ahead:
            self.keep()
        return future

    def keep(self):
        for future, order in self.open:
            if b"LOSE" in order.package:
                future.set_exception(LostError("the grading process was lost (exit code -9)"))
            elif b"TOO MUCH" in order.package:
                future.set_exception(OverwhelmedError("conv.x: needed more than 2048 MiB"))
            elif b"HOPELESS" in order.package:
                future.set_exception(HopelessError("3 submissions in a row"))
            elif b"NOTHING WORKS" in order.package:
                future.set_exception(GraderError("no sandbox"))
            else:
                facts = Blank(Status.PASSED, "").facts(self.exercises)
                reply = {
                    "facts": facts,
                    "warnings": ["a warning"],
                    "recognised": "name",
                    "note": "",
                    "own_count": {},
                }
                future.set_result(reply)
        self.open = []

    def close(self):
        pass


@pytest.fixture
def run(course, tmp_path):
    """Grade a class, one text for each name, and return what came of it."""

    def grade(ahead=1, written=None, exams=(), folder=None, only=(ONLY,), **texts):
        exercises = course.find(only)
        written = written or Written()
        written.criteria = exam_criteria(course.quizzes_dir, exams)
        executor = Promising(exercises, ahead)
        told = []
        batch = Batch(written, exercises, executor, told.append, exams, course.quizzes_dir)
        folder = folder or make_class(tmp_path / "hw", **texts)
        try:
            batch.grade(find_submissions(folder).submissions)
        finally:
            run.orders, run.most, run.told = executor.orders, executor.most, told
        return written

    run = grade
    return run


def test_each_submission_is_written_down_with_its_facts_and_then_told(run):
    written = run(a=RIGHT, b=WRONG)
    assert written.rows == [("a", ["passed"], ["a warning"]), ("b", ["passed"], ["a warning"])]
    assert [(one.name, list(one.warnings)) for one in run.told] == [
        ("a", ["a warning"]), ("b", ["a warning"]),
    ]  # fmt: skip
    assert [order.student for order in run.orders] == ["a", "b"]
    assert {order.exercises for order in run.orders} == {(ONLY,)}


@pytest.mark.parametrize("ahead", [1, 2, 3])
def test_no_more_are_under_way_than_may_be(run, ahead):
    run(ahead, **{f"s{n}": f"# {n}\n" for n in range(3 * ahead)})
    assert run.most == ahead
    assert len(run.told) == 3 * ahead


def test_the_same_content_is_graded_once_for_all_who_handed_it_in(run):
    written = run(ahead=3, a=RIGHT, b=RIGHT, c=WRONG, d=CRASHING)
    assert len(run.orders) == 3
    assert sorted(written.rows) == [
        ("a", ["passed"], ["a warning"]), ("b", [], ["a warning"]),
        ("c", ["passed"], ["a warning"]), ("d", ["passed"], ["a warning"]),
    ]  # fmt: skip


def test_what_is_graded_already_is_written_down_and_not_graded_again(run, tmp_path):
    written = run(a=RIGHT)
    again = run(written=Written(written.done), folder=tmp_path / "hw")
    assert again.rows == [("a", [], ["told before"])]
    assert not run.orders


def test_exams_are_marked_in_every_run(run, tmp_path):
    written = run(a=RIGHT)
    run(written=Written(written.done), folder=tmp_path / "hw", exams=[Exam("transfer", 7)])
    assert [order.exercises for order in run.orders] == [()]


def test_what_cannot_be_read_is_ungraded_and_the_rest_goes_on(run, tmp_path, monkeypatch):
    make_class(tmp_path / "hw", a=RIGHT, b=WRONG)
    found = find_submissions(tmp_path / "hw")
    gone = dataclasses.replace(found.submissions[0], path=tmp_path / "gone.zip", kind="zip")
    told = dataclasses.replace(found, submissions=(gone, *found.submissions[1:]))
    monkeypatch.setitem(globals(), "find_submissions", lambda _: told)
    written = run(folder=tmp_path / "hw", exams=[Exam("transfer", 7)])
    assert written.rows == [("a", ["ungraded", "ungraded"], []), ("b", ["passed"], ["a warning"])]
    (exercise, _) = run.told[0].facts
    assert exercise["message"].startswith("the grader could not tell: it cannot be read")


def test_one_that_is_lost_is_ungraded_and_the_rest_goes_on(run):
    written = run(a=RIGHT, b="# LOSE", c=WRONG)
    assert [(name, statuses) for name, statuses, _ in written.rows] == [
        ("a", ["passed"]), ("b", ["ungraded"]), ("c", ["passed"]),
    ]  # fmt: skip
    assert "lost (exit code -9)" in run.told[1].facts[0]["message"]


def test_losing_what_was_still_to_do_leaves_alone_what_is_graded_already(run, tmp_path):
    more = ("conv.im2col", ONLY)
    lost = run(only=more, b="# LOSE")
    assert lost.rows == [("b", ["ungraded", "ungraded"], [])]
    ((content, _), *_) = lost.done
    again = run(only=more, written=Written({(content, ONLY)}), folder=tmp_path / "hw")
    assert [order.exercises for order in run.orders] == [("conv.im2col",)]
    assert again.rows == [("b", ["ungraded"], [])]


def test_when_nothing_can_be_graded_the_run_ends_and_keeps_what_is_written_down(run):
    with pytest.raises(GraderError, match="no sandbox"):
        run(a=RIGHT, b="# NOTHING WORKS", c=WRONG)
    assert [one.name for one in run.told] == ["a"]


def test_what_was_ready_beside_the_end_of_a_run_is_written_down(run):
    written = Written()
    with pytest.raises(GraderError, match="no sandbox"):
        run(ahead=2, written=written, a="# NOTHING WORKS", b=RIGHT, c=WRONG)
    assert [name for name, *_ in written.rows] == ["b"]


def test_what_overwhelms_a_process_is_its_own_crash(run):
    assert run(a="# TOO MUCH\n", b=RIGHT).rows[0] == ("a", ["crashed"], [])
    assert "twice" in run.told[0].facts[0]["message"]


def test_a_run_that_stops_has_written_down_all_that_it_knows(run):
    written = Written()
    with pytest.raises(HopelessError):
        run(ahead=2, written=written, a="# HOPELESS\n", b=RIGHT, c=WRONG)
    assert sorted(written.rows) == [("a", ["ungraded"], []), ("b", ["passed"], ["a warning"])]
