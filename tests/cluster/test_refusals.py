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
from machines import PATIENCE_S, Machines, grade_with, wait_until
from one_machine import RIGHT
from small_course import SOL

from grader.cluster.certificates import make_certificates
from grader.cluster.checking import examine_cluster
from grader.cluster.executor import ClusterExecutor
from grader.cluster.hosting import ElsewhereHost
from grader.course.course import find_course
from grader.gradebook.facts import Gradebook

LIAR = {"module": "lyingnode", "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"}
WINDOW = '#!/bin/sh\nexec {bwrap} --ro-bind /etc /etc "$@"\n'
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
def book(alone, tmp_path):
    """Return where a gradebook may be, with the cases that one machine has drawn."""
    shutil.copytree(alone.bank, tmp_path / "g.db.bank")
    return tmp_path / "g.db"


def test_each_node_that_may_not_grade_is_refused_by_name_and_with_nobody_left_the_run_ends_with_3(
    machines, alone, book, tmp_path
):
    (tmp_path / "numpy-0.9.dist-info").mkdir()
    text = "Metadata-Version: 2.1\nName: numpy\nVersion: 0.9\n"
    (tmp_path / "numpy-0.9.dist-info" / "METADATA").write_text(text)
    bwrap = machines.folder / "bin" / "bwrap"
    bwrap.parent.mkdir()
    bwrap.write_text(WINDOW.format(bwrap=shutil.which("bwrap")))
    bwrap.chmod(0o755)
    make_certificates(tmp_path / "other")
    machines.join("reference", changes=[(SOL, "FACTOR[0] *", "FACTOR[0] * 1 *")])
    machines.join("numpy", PYTHONPATH=f"{ROOT}:{tmp_path}")
    machines.join("window", PATH=f"{bwrap.parent}:{os.environ['PATH']}")
    stranger = machines.join("stranger", "--death-timeout", 1, certificates=tmp_path / "other")
    at = ("--cluster", machines.address, "--certificates", machines.certificates)
    done = dlgrade(*alone.words(alone.hw, book, *at))
    assert done.returncode == 3, done.stderr
    reasons = {
        "reference": "the course is another one",
        "numpy": "numpy 0.9, not",
        "window": "its sandbox does not hold: home, solutions, /etc and /proc cannot be read",
    }
    for name, why in reasons.items():
        begun = f"dlgrade: node {name} "
        (line,) = [one for one in done.stderr.splitlines() if one.startswith(begun)]
        assert f"is refused: {why}" in line
    assert "Mismatched" not in done.stderr  # as Dask would put it
    assert "no node is left that may grade" in done.stderr
    assert "stranger" not in done.stderr
    assert not graded(book)
    (tmp_path / "scratch").mkdir()
    host = ElsewhereHost(machines.address, machines.certificates)
    probes = examine_cluster(host, find_course(alone.course), "none", tmp_path / "scratch")
    told = {one.name.split()[0]: one for one in probes}
    assert set(told) == set(reasons)
    for name in ("reference", "numpy"):
        assert not told[name].held
        assert reasons[name] in told[name].detail
    assert told["window"].held  # where nobody asks for a sandbox
    assert stranger.wait(PATIENCE_S) == 0  # it reached nobody, and gave up
    machines.end_nodes()


def test_who_answers_garbage_or_for_somebody_elses_order_is_dropped_and_another_grades_all(
    machines, alone, book, monkeypatch
):
    monkeypatch.setattr("grader.cluster.roll.GRACE_S", PATIENCE_S)
    told = []
    machines.join("garbled", LIE="garbage to grade", **LIAR)
    machines.join("mistaken", LIE="somebody else's order", **LIAR)

    def tell(line):
        told.append(line)
        if "is refused" in line and len([one for one in told if "is refused" in one]) == 2:
            machines.join("honest")

    def start(setup, jobs):
        host = ElsewhereHost(machines.address, machines.certificates)
        return ClusterExecutor(setup, jobs, host, tell)

    done = grade_with(start, alone.course, alone.hw, book)
    assert len(done) == len(list(alone.hw.iterdir()))
    for name, why in {"garbled": "a frame", "mistaken": "sealed by somebody else"}.items():
        assert [one for one in told if one.startswith(f"node {name} (") and one.endswith("1 slot")]
        (line,) = [one for one in told if one.startswith(f"node {name} (") and "refused" in one]
        assert "is refused: it answers nonsense" in line
        assert why in line
    assert without_times(book) == without_times(alone.book)
    with Gradebook(book, read_only=True) as opened:
        nodes = {json.loads(row[0])["node"]["identity"] for row in opened.query(DETAILS)}
    assert len(nodes) == 1  # the honest one's


def test_an_interrupt_ends_what_nodes_do_keeps_what_is_graded_and_the_same_command_goes_on(
    machines, alone, book, tmp_path
):
    node = machines.nodes[-1] if machines.nodes else machines.join("honest")
    hw = alone.make_class(tmp_path / "hw", [RIGHT, *[SLOW] * 5])
    at = ("--cluster", machines.address, "--certificates", machines.certificates)
    words = alone.words(hw, book, *at)
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
