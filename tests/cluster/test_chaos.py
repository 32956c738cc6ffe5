"""Nodes that are killed, stopped and joined at random: nothing is lost, and nothing is twice."""

from __future__ import annotations

import random
import shutil
import signal
import tempfile
import threading
from pathlib import Path

import pytest
from classes import without_times
from machines import Machines, grade_with
from small_course import write_course

from grader.cluster.executor import ClusterExecutor
from grader.cluster.hosting import ElsewhereHost
from grader.gradebook.facts import Gradebook
from grader.grading.executor import LocalExecutor

SUBMISSIONS = (
    "def double(x):\n    return 2 * x\n",
    "def double(x):\n    return 3 * x\n",
    "import os\ndef double(x):\n    os._exit(3)\n",
    "import time\ndef double(x):\n    time.sleep(0.02)\n    return x + x\n",
)


def disturb(machines, is_over, pause_s, every_s, times, with_scheduler):
    """Do something to the nodes now and then, as often as said or until all is graded."""
    count = 0
    while count < times and not is_over.wait(random.uniform(0.5, 1.5) * every_s):
        count += 1
        if with_scheduler and count == times // 2:
            machines.restart_scheduler()
        what = random.choice(("kill", "pause", "leave", "join"))
        if what == "pause":
            machines.pause(pause_s)
        elif what == "join" and len(machines.nodes) < 5:
            machines.join()
        else:
            machines.kill(signal.SIGTERM if what == "leave" else signal.SIGKILL)
            machines.join()
    machines.count = count


def survive(tmp_path, monkeypatch, submissions, nodes, **chaos):
    temporary = Path(tempfile.mkdtemp())
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setattr("tempfile.tempdir", None)
    course, hw = write_course(tmp_path / "course"), tmp_path / "hw"
    for number in range(submissions):
        (hw / f"s{number:03}").mkdir(parents=True)
        text = SUBMISSIONS[number % len(SUBMISSIONS)] + f"# {number}\n"
        (hw / f"s{number:03}" / "own.py").write_text(text)
    grade_with(LocalExecutor, course, hw, tmp_path / "alone.db")
    machines, over, told = Machines(tmp_path / "machines"), threading.Event(), []
    disturbing = threading.Thread(target=disturb, args=(machines, over), kwargs=chaos)
    try:
        for _ in range(nodes):
            machines.join()

        def start(setup, jobs):
            host = ElsewhereHost(machines.address, machines.certificates)
            disturbing.start()
            return ClusterExecutor(setup, jobs, host, told.append)

        done = grade_with(start, course, hw, tmp_path / "many.db")
    finally:
        over.set()
        if disturbing.ident:
            disturbing.join()
        machines.end()
    assert len({one.name for one in done}) == len(done) == submissions
    assert without_times(tmp_path / "many.db") == without_times(tmp_path / "alone.db")
    with Gradebook(tmp_path / "many.db", read_only=True) as book:
        facts = book.query("SELECT content, exercise, run FROM fact")
    assert len(set(facts)) == len(facts) == submissions
    machines.require_nothing_left()
    assert not list(temporary.iterdir())
    shutil.rmtree(temporary)
    return machines, told


def test_a_class_survives_a_node_that_is_killed_and_one_that_is_stopped(tmp_path, monkeypatch):
    random.seed(2)
    monkeypatch.setattr("grader.cluster.roll.SILENT_S", 2.0)
    chaos = {"pause_s": 6, "every_s": 4, "times": 2, "with_scheduler": False}
    survive(tmp_path, monkeypatch, 4, 2, **chaos)


@pytest.mark.slow
def test_a_class_of_200_survives_40_disturbances_and_another_scheduler(tmp_path, monkeypatch):
    random.seed(1)
    chaos = {"pause_s": 30, "every_s": 4, "times": 40, "with_scheduler": True}
    machines, told = survive(tmp_path, monkeypatch, 200, 3, **chaos)
    assert machines.count == 40, f"graded after {machines.count} disturbances: add submissions"
    assert machines.ever > 10, told
