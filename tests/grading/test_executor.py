"""Grading processes of this machine: one may die at any moment, and only its own order notices."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from classes import ONLY, RIGHT, WRONG, children_of, kill
from executors import PATIENCE_S, imitation, order, status

from grader.errors import GraderError, LostError, SandboxError
from grader.grading.executor import LocalExecutor, Order
from grader.grading.process import JobLostError, JobProcess, started_ahead

LEAVING = "import sys; sys.stdin.buffer.read(4); sys.exit(3)"
SILENT = "import time; time.sleep(600)"


def test_orders_are_answered_with_facts_whichever_process_takes_them(start):
    executor = start(jobs=2)
    futures = [executor.submit(order(text)) for text in (RIGHT, WRONG, RIGHT + "#")]
    assert [status(future) for future in futures] == ["passed", "failed", "passed"]


@pytest.mark.usefixtures("forked")
def test_an_order_whose_process_dies_is_tried_on_a_new_one(start):
    executor = start()
    assert status(executor.submit(order())) == "passed"
    before = children_of(os.getpid())
    assert before
    assert kill(before[0])
    assert status(executor.submit(order(WRONG))) == "failed"
    assert children_of(os.getpid())[0] not in before


@pytest.mark.usefixtures("forked")
def test_an_order_that_is_lost_twice_is_lost_and_the_next_one_is_answered(start):
    executor = start()
    lost = executor.submit(Order(b"no package", (ONLY,)))
    after = executor.submit(order())
    with pytest.raises(LostError, match="a fault of dlgrade itself"):
        lost.result(PATIENCE_S)
    assert status(after) == "passed"


@pytest.mark.usefixtures("forked")
def test_what_no_process_could_grade_ends_with_the_code_of_its_error(start):
    with pytest.raises(GraderError, match="nosuch") as caught:
        start().submit(order(exercises=("conv.nosuch",))).result(PATIENCE_S)
    assert caught.value.exit_code == 2


@pytest.mark.usefixtures("forked")
def test_a_process_that_finds_another_course_than_its_run_has_read_grades_nobody(start, course):
    assert status(start(digest=course.digest).submit(order())) == "passed"
    with pytest.raises(GraderError, match="changed since this run began") as caught:
        start(digest="another").submit(order()).result(PATIENCE_S)
    assert caught.value.exit_code == 3


@pytest.mark.usefixtures("forked")
def test_without_its_sandbox_nothing_is_graded(start, monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(SandboxError, match="bubblewrap"):
        start(sandbox="bwrap").submit(order()).result(PATIENCE_S)


@pytest.mark.skipif(os.name == "nt", reason="the imitation is a shell's")
def test_a_process_that_never_answers_is_lost_with_its_exit_code(start, tmp_path, monkeypatch):
    imitation(tmp_path, monkeypatch, LEAVING)
    with pytest.raises(LostError, match=r"starting: the grading process was lost \(exit code 3\)"):
        start().submit(order()).result(PATIENCE_S)


@pytest.mark.skipif(os.name == "nt", reason="the imitation is a shell's")
def test_closing_ends_a_process_that_does_not_end_itself(start, tmp_path, monkeypatch):
    imitation(tmp_path, monkeypatch, SILENT)
    monkeypatch.setattr("grader.grading.process.END_S", 0.5)
    executor = start()
    executor.submit(order())
    end = time.monotonic() + PATIENCE_S
    while not children_of(os.getpid()):
        assert time.monotonic() < end
        time.sleep(0.02)
    (pid,) = children_of(os.getpid())[:1]
    kill(pid)  # its first message is lost, and the order is not tried again once all is closed
    executor.close()


@pytest.mark.usefixtures("forked")
def test_closing_leaves_neither_process_nor_stage(start, setup):
    executor = start()
    future = executor.submit(order())
    assert status(future) == "passed"
    assert children_of(os.getpid())
    executor.close()
    assert not children_of(os.getpid())
    assert not list(Path(setup.scratch).iterdir())


def test_a_process_that_has_ended_is_lost_to_whoever_asks_again(setup):
    job = JobProcess(setup)
    job.end()
    with pytest.raises(JobLostError):
        job.ask({})


@pytest.mark.parametrize("is_there", [True, False])
def test_the_first_order_is_for_the_process_that_was_started_ahead(setup, is_there):
    with started_ahead() as ahead:
        if not is_there:  # it was ended meanwhile, from outside
            ahead.kill()
            ahead.wait()
        executor = LocalExecutor(setup, 1, ahead)
        try:
            assert status(executor.submit(order())) == "passed"
            assert (executor._jobs[0]._process is ahead) is is_there
        finally:
            executor.close()
    assert not children_of(os.getpid())


def test_a_process_that_nobody_has_an_order_for_is_ended():
    with started_ahead() as ahead:
        assert children_of(os.getpid()) == [ahead.pid]
    assert not children_of(os.getpid())


def test_where_no_process_can_be_started_ahead_there_is_none(monkeypatch):
    monkeypatch.setattr("grader.grading.process.sys.executable", "/no/such/python")
    with started_ahead() as ahead:
        assert ahead is None
