"""Nodes that are killed, stopped and joined at random: nothing is lost, and nothing is twice."""

from __future__ import annotations

import random
import shutil
import signal
import tempfile
import threading
import time
from pathlib import Path

import pytest
from classes import SANDBOX, without_times
from machines import Machines, grade_with
from one_machine import WORK

from grader.cluster.executor import ClusterExecutor
from grader.cluster.hosting import ElsewhereHost
from grader.gradebook.facts import Gradebook


def disturb(machines, is_over, graded, share, pause_s, every_s, times, with_scheduler):
    """Do something to the nodes now and then, as often as said or until all is graded.

    The next time comes after about `every_s`, or before it when the class is well on its way: by
    the last one most of it is graded, however fast a machine is.
    """
    machines.count = 0
    while machines.count < times:
        end = time.monotonic() + random.uniform(0.5, 1.5) * every_s
        while time.monotonic() < end and len(graded) < share * (machines.count + 1):
            if is_over.wait(0.02):
                return
        machines.count += 1
        if with_scheduler and machines.count == times // 2:
            machines.restart_scheduler()
        what = random.choice(("kill", "pause", "leave", "join"))
        if what == "pause":
            machines.pause(pause_s)
        elif what == "join" and len(machines.nodes) < 5:
            machines.join()
        else:
            machines.kill(signal.SIGTERM if what == "leave" else signal.SIGKILL)
            machines.join()


def survive(tmp_path, monkeypatch, alone, nodes, sandbox="none", **chaos):
    """Grade a class while nodes are disturbed, and compare with what one machine says of it."""
    temporary = Path(tempfile.mkdtemp())
    temporary.chmod(0o755)  # a worker may be another user
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setattr("tempfile.tempdir", None)
    shutil.copytree(alone.bank, tmp_path / "many.db.bank")
    machines, over, told, done = Machines(temporary / "machines"), threading.Event(), [], []
    count = len(list(alone.hw.iterdir()))
    share = 0.8 * count / chaos["times"]
    about = (machines, over, done, share)
    disturbing = threading.Thread(target=disturb, args=about, kwargs=chaos)
    try:
        for _ in range(nodes):
            machines.join()

        def start(setup, jobs):
            host = ElsewhereHost(machines.address, machines.certificates)
            disturbing.start()
            return ClusterExecutor(setup, jobs, host, told.append)

        grade_with(start, alone.course, alone.hw, tmp_path / "many.db", sandbox, done)
    finally:
        over.set()
        if disturbing.ident:
            disturbing.join()
        machines.end()
    assert len({one.name for one in done}) == len(done) == count
    assert without_times(tmp_path / "many.db") == without_times(alone.book)
    with Gradebook(tmp_path / "many.db", read_only=True) as book:
        facts = book.query("SELECT content, exercise, run FROM fact")
    assert len(set(facts)) == len(facts) == len(done)
    machines.require_nothing_left()
    shutil.rmtree(machines.folder)
    assert not list(temporary.iterdir())
    shutil.rmtree(temporary)
    return machines, told


def test_a_class_survives_a_node_that_is_killed_and_one_that_is_stopped(
    alone, tmp_path, monkeypatch
):
    random.seed(2)
    monkeypatch.setattr("grader.cluster.roll.SILENT_S", 2.0)
    chaos = {"pause_s": 6, "every_s": 4, "times": 2, "with_scheduler": False}
    survive(tmp_path, monkeypatch, alone, 2, **chaos)


@pytest.mark.slow
@pytest.mark.parametrize("sandbox", ["none", "bwrap"])
def test_a_class_of_200_survives_40_disturbances_and_another_scheduler(
    alone, tmp_path, monkeypatch, sandbox
):
    if sandbox != "none" and SANDBOX == "none":
        pytest.skip("needs bubblewrap")
    random.seed(1)
    large = type(alone)(tmp_path / "large")
    large.make([WORK[number % len(WORK)] for number in range(200)], sandbox)
    chaos = {"pause_s": 30, "every_s": 3, "times": 40, "with_scheduler": True}
    machines, told = survive(tmp_path, monkeypatch, large, 3, sandbox, **chaos)
    assert machines.count == 40, f"graded after {machines.count} disturbances"
    assert machines.ever > 10, told
