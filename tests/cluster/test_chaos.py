"""Nodes that are killed, stopped and joined at random: nothing is lost, and nothing is twice."""

from __future__ import annotations

import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil
import pytest
from classes import ROOT, without_times
from small_course import FILES

from grader.cluster.certificates import AUTHORITY, CERTIFICATE, KEY, make_certificates
from grader.cluster.executor import ClusterExecutor
from grader.cluster.hosting import ElsewhereHost
from grader.course.course import find_course
from grader.gradebook.facts import Gradebook
from grader.grading.executor import LocalExecutor
from grader.grading.run import Plan, grade_class

SUBMISSIONS = (
    "def double(x):\n    return 2 * x\n",
    "def double(x):\n    return 3 * x\n",
    "import os\ndef double(x):\n    os._exit(3)\n",
    "import time\ndef double(x):\n    time.sleep(0.02)\n    return x + x\n",
)


def write_course(folder):
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


class Machines:
    """A scheduler, and nodes of which each has a TMPDIR, a HOME and a copy of the course."""

    def __init__(self, folder):
        self.folder, self.nodes, self.ever = folder, [], 0
        self.certificates = folder / "certificates"
        make_certificates(self.certificates)
        with socket.socket() as one:
            one.bind(("127.0.0.1", 0))
            self.address = f"tls://127.0.0.1:{one.getsockname()[1]}"
        self.scheduler = self.start_scheduler()

    def start(self, name, *words):
        own = self.folder / name
        for part in ("tmp", "home"):
            (own / part).mkdir(parents=True, exist_ok=True)
        variables = {**os.environ, "PYTHONPATH": str(ROOT), "HOME": str(own / "home"),
                     "TMPDIR": str(own / "tmp"), "DLGRADE_CHAOS": str(self.folder)}  # fmt: skip
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": own}
        return subprocess.Popen([sys.executable, "-P", "-m", *words], env=variables, **quiet)

    def start_scheduler(self):
        words = ("node", "--scheduler", self.address, "--certificates", str(self.certificates))
        return self.start("scheduler", "grader", *words)

    def join(self):
        self.ever += 1
        name, at = f"node-{self.ever}", self.certificates
        course = write_course(self.folder / name / "course")
        files = {"ca-file": AUTHORITY, "cert": CERTIFICATE, "key": KEY}
        tls = [word for one, file in files.items() for word in (f"--tls-{one}", str(at / file))]
        words = (self.address, "--name", name, "--slots", "1", "--course", str(course), *tls)
        self.nodes.append(self.start(name, "grader.cluster.nodes.node", *words))

    def kill(self, number=signal.SIGKILL):
        node = self.nodes.pop(random.randrange(len(self.nodes)))
        node.send_signal(number)
        node.wait(60)

    def pause(self, seconds):
        node = random.choice(self.nodes)
        node.send_signal(signal.SIGSTOP)

        def go_on():
            time.sleep(seconds)
            node.send_signal(signal.SIGCONT)

        threading.Thread(target=go_on).start()

    def restart_scheduler(self):
        self.scheduler.kill()
        self.scheduler.wait()
        self.scheduler = self.start_scheduler()

    def end(self):
        for one in [*self.nodes, self.scheduler]:
            one.send_signal(signal.SIGCONT)
            one.send_signal(signal.SIGTERM)
        for one in [*self.nodes, self.scheduler]:
            one.wait(60)


def processes_of(folder):
    """Return every process that was started for some machines, by its environment."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get("DLGRADE_CHAOS") == str(folder):
                found.append(process.pid)
        except psutil.Error:
            continue
    return found


def grade_with(start, course, hw, book):
    plan = Plan(
        find_course(course), course, hw, book, find_course(course).find([]), "hw", seed=5,
        sandbox="none", jobs=2,
    )  # fmt: skip
    done = []
    grade_class(plan, plan.find(), done.append, start)
    return done


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
    machines, over, told = Machines(tmp_path), threading.Event(), []
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
    end = time.monotonic() + 60
    left = list(tmp_path.glob("*/tmp"))
    while processes_of(tmp_path) or [one for folder in left for one in folder.iterdir()]:
        there = [one for folder in left for one in folder.rglob("*")]
        assert time.monotonic() < end, (processes_of(tmp_path), there, told)
        time.sleep(0.2)
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
