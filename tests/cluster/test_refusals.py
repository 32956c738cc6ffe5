"""Nodes as processes of their own that may not grade, or lie; and a run that is interrupted.

The tests share one scheduler, and later ones the node that an earlier one has left.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time
from pathlib import Path

import pytest
from classes import (
    ROOT,
    SANDBOX,
    children_of,
    command,
    dlgrade,
    environment,
    graded,
    is_alive,
    without_times,
)
from machines import Machines, grade_with
from small_course import OWN, SOL, write_course

from grader.cluster.certificates import make_certificates
from grader.cluster.executor import ClusterExecutor
from grader.cluster.hosting import ElsewhereHost
from grader.gradebook.facts import Gradebook
from grader.grading.executor import LocalExecutor

PATIENCE_S = 90
LIAR = {"module": "lyingnode", "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"}
WINDOW = '#!/bin/sh\nexec {bwrap} --ro-bind /etc /etc "$@"\n'
RIGHT = "def double(x):\n    return 2 * x\n"
WRONG = "def double(x):\n    return 3 * x\n"
CRASHING = "import os\ndef double(x):\n    os._exit(3)\n"
SLOW = "import time\ntime.sleep(0.7)\n" + RIGHT
DETAILS = "SELECT details FROM fact"

pytestmark = pytest.mark.skipif(SANDBOX == "none", reason="needs bubblewrap")


@pytest.fixture(scope="module")
def machines():
    folder = Path(tempfile.mkdtemp(prefix="dlgrade-machines-"))
    folder.chmod(0o755)  # a worker may be another user
    machines = Machines(folder)
    yield machines
    machines.end()
    machines.require_nothing_left()
    shutil.rmtree(folder)


@pytest.fixture
def course(tmp_path):
    return write_course(tmp_path / "course")


def make_class(folder, *texts):
    for number, text in enumerate(texts):
        (folder / f"s{number}").mkdir(parents=True)
        (folder / f"s{number}" / "own.py").write_text(f"{text}# {number}\n")
    return folder


def words_of(course, hw, book, *more):
    return ("--course", course, "grade", hw, "--gradebook", book, "--seed", 5, "--plain", *more)


def wait_until(holds):
    end = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.1)


def test_each_node_that_may_not_grade_is_refused_by_name_and_with_nobody_left_the_run_ends_with_3(
    machines, course, tmp_path
):
    (tmp_path / "numpy-0.9.dist-info").mkdir()
    text = "Metadata-Version: 2.1\nName: numpy\nVersion: 0.9\n"
    (tmp_path / "numpy-0.9.dist-info" / "METADATA").write_text(text)
    bwrap = machines.folder / "bin" / "bwrap"
    bwrap.parent.mkdir()
    bwrap.write_text(WINDOW.format(bwrap=shutil.which("bwrap")))
    bwrap.chmod(0o755)
    make_certificates(tmp_path / "other")
    machines.join("other-reference", changes=[(SOL, "FACTOR[0] *", "FACTOR[0] *  1 *")])
    machines.join("other-course", changes=[(OWN, "points=2", "points=3")])
    machines.join("other-numpy", PYTHONPATH=f"{ROOT}:{tmp_path}")
    machines.join("window", PATH=f"{bwrap.parent}:{os.environ['PATH']}")
    machines.join("nonsense", LIE="garbage to hello", **LIAR)
    stranger = machines.join("stranger", "--death-timeout", 1, certificates=tmp_path / "other")
    at = ("--cluster", machines.address, "--certificates", machines.certificates)
    told = dlgrade("--course", course, "doctor", *at, "--plain")
    assert told.returncode == 3
    hw = make_class(tmp_path / "hw", RIGHT)
    done = dlgrade(*words_of(course, hw, tmp_path / "g.db", *at))
    assert done.returncode == 3, done.stderr
    for name, why in {
        "other-reference": "the course is another one",
        "other-course": "the course is another one",
        "other-numpy": "numpy 0.9, not",
        "window": "its sandbox does not hold: home, solutions, /etc and /proc cannot be read",
        "nonsense": "it answers nonsense",
    }.items():
        (line,) = [
            one for one in done.stderr.splitlines() if one.startswith(f"dlgrade: node {name} ")
        ]
        assert f"is refused: {why}" in line
        assert name in told.stdout
    assert "Mismatched" not in done.stderr + told.stderr  # as Dask would put it
    assert "no node is left that may grade" in done.stderr
    assert "stranger" not in done.stderr + told.stdout
    assert stranger.wait(PATIENCE_S) == 0  # it reached nobody, and gave up
    assert not graded(tmp_path / "g.db")
    machines.end_nodes()


def test_who_answers_garbage_or_for_somebody_elses_order_is_dropped_and_another_grades_all(
    machines, course, tmp_path, monkeypatch
):
    monkeypatch.setattr("grader.cluster.roll.GRACE_S", PATIENCE_S)
    hw, told = make_class(tmp_path / "hw", RIGHT, WRONG, CRASHING), []
    grade_with(LocalExecutor, course, hw, tmp_path / "alone.db")
    machines.join("garbled", LIE="garbage to grade", **LIAR)
    machines.join("mistaken", LIE="somebody else's order", **LIAR)

    def tell(line):
        told.append(line)
        if "is refused" in line and len([one for one in told if "is refused" in one]) == 2:
            machines.join("honest")

    def start(setup, jobs):
        host = ElsewhereHost(machines.address, machines.certificates)
        return ClusterExecutor(setup, jobs, host, tell)

    done = grade_with(start, course, hw, tmp_path / "many.db")
    assert len(done) == 3
    for name, why in {"garbled": "a frame", "mistaken": "sealed by somebody else"}.items():
        assert [one for one in told if one.startswith(f"node {name} (") and one.endswith("1 slot")]
        (line,) = [one for one in told if one.startswith(f"node {name} (") and "refused" in one]
        assert "is refused: it answers nonsense" in line
        assert why in line
    assert without_times(tmp_path / "many.db") == without_times(tmp_path / "alone.db")
    with Gradebook(tmp_path / "many.db", read_only=True) as book:
        nodes = {json.loads(row[0])["node"]["identity"] for row in book.query(DETAILS)}
    assert len(nodes) == 1  # the honest one's


def test_an_interrupt_ends_what_nodes_do_keeps_what_is_graded_and_the_same_command_goes_on(
    machines, course, tmp_path
):
    node = machines.nodes[-1] if machines.nodes else machines.join("honest")
    hw = make_class(tmp_path / "hw", RIGHT, *[SLOW] * 5)
    at = ("--cluster", machines.address, "--certificates", machines.certificates)
    book = tmp_path / "g.db"
    words = words_of(course, hw, book, *at)
    run = subprocess.Popen(
        command(*words), env=environment(PYTHONUNBUFFERED="1"), text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    for line in run.stdout:
        if line.startswith("[1/"):
            break
    run.send_signal(signal.SIGINT)
    _, said = run.communicate(timeout=PATIENCE_S)
    assert run.returncode == 130, said
    assert "the same command goes on" in said
    wait_until(lambda: len(children_of(node.pid)) == 1)  # its janitor
    assert is_alive(node.pid)
    assert not list((machines.folder / "honest" / "tmp").rglob("run-*"))
    kept = graded(book)
    assert 1 <= len(kept) < 6
    with sqlite3.connect(book) as opened:
        assert opened.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    opened.close()
    done = dlgrade(*words)
    assert done.returncode == 0, done.stderr
    after = graded(book)
    assert len(after) == 6
    assert {name: after[name] for name in kept} == kept
