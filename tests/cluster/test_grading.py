"""A class graded by nodes on loopback: the documents are one machine's, whatever nodes do."""

from __future__ import annotations

import json
import time
from dataclasses import replace

import pytest
from classes import CRASHING, ONLY, RIGHT, WRONG, grade, make_class, without_times
from executors import PATIENCE_S, order, status
from shared import shared_folder

from grader.cluster.executor import ClusterExecutor
from grader.cluster.hosting import LocalHost
from grader.cluster.nodes.canary import try_canary
from grader.engine.cases.bank import RunBank
from grader.engine.cases.caseset import draw_case_set
from grader.engine.cases.key import fingerprint
from grader.engine.cases.oracle import Oracles
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
    work = {"a": RIGHT, "b": WRONG, "c": CRASHING, "d": "def zero_pad2d(:\n"}
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
        nodes = [json.loads(row[0])["node"] for row in book.query("SELECT details FROM fact")]
    assert len(keys) == len(set(keys)) == len(work)
    assert all(set(one) == {"host", "identity"} for one in nodes)


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
    course, tmp_path
):
    exercise = course.exercise(ONLY)
    key = fingerprint(course, exercise, 5)
    cases = draw_case_set(exercise, Oracles(exercise.check, course.reference(exercise)), 5)
    bank = RunBank(tmp_path / "bank")
    bank.record(ONLY, key, cases)
    setup = Setup(None, 5, 10.0, 1024, "none", str(bank.folder), "", asked=(ONLY,))
    assert try_canary(setup) == []
    level = next(one for one in cases.levels if not one.refuses)
    case = level.cases[0]
    data = bytes([case.expected_data[0] ^ 1]) + case.expected_data[1:]
    wrong = replace(level, cases=(replace(case, expected_data=data), *level.cases[1:]))
    levels = tuple(wrong if one is level else one for one in cases.levels)
    bank.record(ONLY, key, replace(cases, levels=levels))
    assert try_canary(setup) == [ONLY]


def test_a_node_that_answers_garbage_is_dropped_and_what_it_had_is_graded_by_another(
    begin, monkeypatch
):
    def answer_sometimes(message):
        from distributed import get_worker

        from grader.cluster.nodes.node import answer
        from grader.frames import from_frame, to_frame

        head, _ = from_frame(message)
        if head["what"] == "grade" and get_worker().name == "local-1":
            return to_frame({"number": "another"}, b"nothing that was sealed")
        return answer(message)

    answer_sometimes.__module__ = "__main__"  # so that it is sent along
    monkeypatch.setattr("grader.cluster.admission.answer", answer_sometimes)
    told = []
    executor = begin(count=2, told=told)
    executor._wait_for(executor._open())
    executor._drawn = executor._watching
    wait_until(lambda: executor.nodes == 2)
    executor._drawn = executor._loop.create_future()
    executor._loop.call_soon_threadsafe(executor._drawn.set_result, None)
    futures = [executor.submit(order(text)) for text in (RIGHT, WRONG)]
    assert [status(one) for one in futures] == ["passed", "failed"]
    assert [one for one in told if one.startswith("node local-1") and "nonsense" in one]
    nodes = {one.result()["facts"][0]["details"]["node"]["identity"] for one in futures}
    assert len(nodes) == 1
