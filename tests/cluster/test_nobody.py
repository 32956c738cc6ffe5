"""Nobody is there to grade: it is said at once what is waited for, and what starts it."""

from __future__ import annotations

import asyncio
import socket
from types import SimpleNamespace

import pytest
from classes import dlgrade

from grader.cluster.certificates import make_certificates
from grader.cluster.roll import PATIENCE_S, SAY_S, Roll, _cause

STARTS = "`dlgrade node --scheduler`, with these certificates, starts one"
AT = "tls://127.0.0.1:8786"
OUT = f"the scheduler at {AT} is out of reach"


def roll(told, *, remote=True, patience_s=120.0):
    return Roll(AT, None, SimpleNamespace(probes=remote), told.append, patience_s)


@pytest.mark.parametrize(("why", "said"), [
    (OUT, f"{OUT}, waiting for 120 s: {STARTS}"),
    ("", f"no node is at {AT} yet, waiting for 120 s: `dlgrade node` starts one"),
])  # fmt: skip
def test_who_is_waited_for_is_told_once_until_somebody_comes(why, said):
    told = []
    ours = roll(told)
    ours._alone_since -= SAY_S + 1
    ours._consider(why)
    ours._consider(why)
    assert told == [said]
    ours.members["one"] = SimpleNamespace(slots=1, silent=False)
    ours._consider()
    ours.members.clear()
    ours._consider(why)
    assert len(told) == (2 if why else 1)  # of a node that has just gone it was told


@pytest.mark.parametrize(("why", "starts"), [(OUT, "node --scheduler`"), ("", "node` starts one")])
def test_after_the_patience_the_run_ends_with_what_starts_it(why, starts):
    ours = roll([])
    ours._alone_since -= PATIENCE_S + 1
    ours._consider(why)
    assert starts in str(ours.fatal)
    assert "what was graded is kept" in str(ours.fatal)


def test_why_a_scheduler_is_not_reached_is_what_lies_beneath_dasks_error():
    at_last = OSError("in a connection")
    at_last.__cause__ = ConnectionRefusedError(111, "Connection refused")
    assert _cause(at_last) == " ([Errno 111] Connection refused)"
    assert _cause(TimeoutError()) == ""


def test_of_a_node_that_is_refused_it_was_told_already():
    told = []
    ours = roll(told)
    ours.refused["one"] = "one: another course"
    ours._alone_since -= SAY_S + 1
    ours._consider()
    assert told == []


def test_a_queue_may_take_its_time_and_own_nodes_are_on_their_way():
    queue, own = [], []
    for told, options in ((queue, {"patience_s": None}), (own, {"remote": False})):
        ours = roll(told, **options)
        ours._alone_since -= SAY_S + 1
        ours._consider()
    assert queue == [f"no node is at {AT} yet, waiting: `dlgrade node` starts one"]
    assert own == []


def test_a_scheduler_that_is_there_again_is_not_cut_off():
    async def identity():
        await asyncio.sleep(0)
        return {"workers": {}}

    ours = roll([])
    ours.is_cut_off = True
    ours.client = SimpleNamespace(scheduler=SimpleNamespace(identity=identity))
    assert asyncio.run(ours._look()) == {}
    assert not ours.is_cut_off


def test_doctor_does_not_wait_for_a_scheduler_that_does_not_answer(tmp_path):
    make_certificates(tmp_path / "certificates")
    with socket.socket() as one:  # bound, and nobody listens
        one.bind(("127.0.0.1", 0))
        at = f"tls://127.0.0.1:{one.getsockname()[1]}"
        words = ("--cluster", at, "--certificates", tmp_path / "certificates", "--plain")
        done = dlgrade("doctor", *words)
    assert done.returncode == 3
    said = " ".join(done.stdout.split())
    assert f"nobody who has these certificates answers at {at}" in said
    assert "start a scheduler there with `dlgrade node --scheduler`" in said
