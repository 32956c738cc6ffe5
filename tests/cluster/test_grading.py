"""A class graded by nodes on loopback: the documents are one machine's, whatever nodes do."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import replace
from pathlib import Path

import pytest
from classes import (
    CRASHING,
    HALF,
    ONLY,
    RIGHT,
    WRONG,
    children_of,
    grade,
    make_class,
    without_times,
)
from executors import PATIENCE_S, order, status
from shared import shared_folder

from grader.cluster.executor import ClusterExecutor
from grader.cluster.hosting import LocalHost
from grader.errors import GraderError
from grader.gradebook.facts import Gradebook
from grader.grading.messages import Setup


@pytest.fixture
def setup(tmp_path, tmp_path_factory):
    bank = shared_folder(tmp_path_factory, "bank of a run")
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    return Setup(None, 5, 10.0, 1024, "none", str(bank), str(scratch), asked=(ONLY,))


@pytest.fixture
def begin(setup, monkeypatch, tmp_path):
    """Start executors that end with the test, in a temporary folder that is empty then."""
    monkeypatch.setattr("tempfile.tempdir", None)
    (tmp_path / "tmp").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    started = []

    def start(count=1, told=None, **changes):
        host = LocalHost(count, None)
        tell = (lambda _: None) if told is None else told.append
        started.append(ClusterExecutor(replace(setup, **changes), 1, host, tell))
        started[-1].host = host
        return started[-1]

    yield start
    for executor in started:
        executor.close()


def wait_until(holds):
    end = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_the_documents_of_a_cluster_are_those_of_one_machine(tmp_path):
    work = {"a": RIGHT, "b": WRONG, "c": HALF, "d": CRASHING, "e": "def zero_pad2d(:\n"}
    hw = make_class(tmp_path / "hw", **work)
    alone, many = tmp_path / "alone.db", tmp_path / "many.db"
    assert grade(hw, alone, "--seed", 5).returncode == 0
    done = grade(hw, many, "--seed", 5, "--cluster", "local:2")
    assert done.returncode == 0, done.stderr
    assert "node local-1" in done.stderr
    assert "node local-2" in done.stderr
    assert without_times(many) == without_times(alone)
    with Gradebook(many, read_only=True) as book:
        keys = book.query("SELECT content, exercise, run FROM fact")
    assert len(keys) == len(set(keys)) == len(work)


def test_an_order_whose_node_is_killed_is_graded_by_another_and_nothing_is_left(begin, tmp_path):
    told = []
    executor = begin(count=2, told=told)
    slow = "import time\n" + RIGHT.replace("return", "time.sleep(0.005); return")
    futures = [executor.submit(order(text)) for text in (slow, slow + "#", slow + "##", WRONG)]
    wait_until(lambda: executor.nodes == 2)
    os.kill(executor.host.pids[0], signal.SIGKILL)
    assert [status(one) for one in futures] == ["passed", "passed", "passed", "failed"]
    assert any("it has left" in one or "lost" in one for one in told)
    executor.close()
    assert not children_of(os.getpid())
    wait_until(lambda: not list((tmp_path / "tmp").iterdir()))


def test_a_fact_says_which_node_has_found_it_out(begin):
    (fact,) = begin().submit(order()).result(PATIENCE_S)["facts"]
    assert set(fact["details"]["node"]) == {"host", "identity"}


def test_a_node_that_decides_otherwise_is_refused_by_name_and_without_another_the_run_ends(
    begin, monkeypatch
):
    monkeypatch.setattr("grader.cluster.roll.GRACE_S", 0.1)
    executor = begin()
    executor._terms.mine = {**executor._terms.mine, "versions": {"numpy": "0.9"}}
    with pytest.raises(
        GraderError, match=r"no node is left .* local-1.*numpy .*, not 0\.9"
    ) as info:
        executor.submit(order()).result(PATIENCE_S)
    assert info.value.exit_code == 3


def test_a_bank_that_the_references_do_not_answer_to_the_last_bit_refuses_the_node(
    begin, setup, tmp_path, monkeypatch
):
    from grader.course.course import find_course
    from grader.engine.cases.bank import RunBank
    from grader.engine.cases.key import fingerprint

    monkeypatch.setattr("grader.cluster.roll.GRACE_S", 0.1)
    begin().submit(order()).result(PATIENCE_S)  # draws the cases where nobody has
    course = find_course()
    key = fingerprint(course, course.exercise(ONLY), 5)
    cases = RunBank(Path(setup.bank)).find(ONLY, key)
    level = cases.levels[0]
    case = next(one for one in level.cases if one.expected_data)
    data = bytes([case.expected_data[0] ^ 1]) + case.expected_data[1:]
    changed = tuple(replace(one, expected_data=data) if one is case else one for one in level.cases)
    other = RunBank(tmp_path / "other")
    other.record(
        ONLY, key, replace(cases, levels=(replace(level, cases=changed), *cases.levels[1:]))
    )
    executor = begin(bank=str(tmp_path / "other"))
    with pytest.raises(GraderError, match=r"reference of conv.zero_pad2d gives other bytes"):
        executor.submit(order()).result(PATIENCE_S)
