"""Nothing that a student's process does gains a point or stops the rest."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
import time

import psutil
import pytest
from hostile import ATTACKS, RIGHT, SOLUTION, attack

from grader.model import Limits, Status


@pytest.fixture
def quick(engine):
    return dataclasses.replace(engine, limits=Limits(timeout_s=0.6, output_mib=4))


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_gains_nothing_and_costs_its_own_exercise_alone(name, tmp_path, course, quick):
    attack(tmp_path, name)
    (tmp_path / "optim.py").write_text(SOLUTION.with_name("optim.py").read_text())
    # the attack first, whichever of the two the course has first
    exercises = [course.exercise(name) for name in ("conv.conv2d_forward", "optim.sgd_step")]
    attacked, neighbour = quick.check(tmp_path, exercises).exercises
    assert attacked.status in ATTACKS[name][1], attacked.message
    assert not attacked.earned
    assert neighbour.status is Status.PASSED


def test_the_right_answer_that_attacks_build_on_passes(tmp_path, course, quick):
    (tmp_path / "conv.py").write_text(RIGHT)
    (result,) = quick.check(tmp_path, course.find(["conv.conv2d_forward"])).exercises
    assert result.status is Status.PASSED


def test_a_result_that_looks_right_but_changes_an_argument_fails(tmp_path, course, quick):
    body = RIGHT.replace("    return out", "    x += 1.0\n    return out")
    (tmp_path / "conv.py").write_text(body)
    (result,) = quick.check(tmp_path, course.find(["conv.conv2d_forward"])).exercises
    assert result.status is Status.FAILED
    assert result.diagnosis.id == "changed-argument"
    assert "argument x" in result.message


def test_an_answer_that_depends_on_earlier_calls_fails(tmp_path, course, quick):
    body = RIGHT.replace("    return out", "    seen.append(1)\n    return out + (len(seen) > 40)")
    (tmp_path / "conv.py").write_text(body + "\nseen = []\n")
    (result,) = quick.check(tmp_path, course.find(["conv.conv2d_forward"])).exercises
    assert result.status is Status.FAILED
    assert result.diagnosis.id == "not-the-same-again"


def test_a_crash_in_one_level_leaves_the_points_of_the_others(tmp_path, course, quick):
    body = RIGHT.replace(
        "    n, c, h", "    import os\n    stride == 1 or os._exit(1)\n    n, c, h"
    )
    (tmp_path / "conv.py").write_text(body)
    (result,) = quick.check(tmp_path, course.find(["conv.conv2d_forward"])).exercises
    assert [str(level.status) for level in result.levels] == ["passed", "passed", "crashed"]
    assert result.status is Status.CRASHED
    assert result.earned == 2


def test_a_lost_worker_shows_the_call_that_lost_it(tmp_path, course, quick):
    body = RIGHT.replace(
        "    n, c, h", "    import os\n    stride == 1 or os._exit(1)\n    n, c, h"
    )
    (tmp_path / "conv.py").write_text(body)
    (result,) = quick.check(tmp_path, course.find(["conv.conv2d_forward"])).exercises
    assert result.message == "the process ended itself with exit code 1"
    assert "stride=1" not in result.counterexample.call
    assert result.counterexample.actual is None
    assert not result.counterexample.shrunk


def test_levels_after_two_deaths_are_not_run(tmp_path, course, quick):
    (tmp_path / "conv.py").write_text(ATTACKS["os._exit in a call"][0])
    (result,) = quick.check(tmp_path, course.find(["conv.conv2d_forward"])).exercises
    assert [str(level.status) for level in result.levels] == ["crashed", "crashed", "not_run"]


def test_printing_and_warning_cost_nothing_and_are_kept(tmp_path, course, quick):
    noisy = "import sys, warnings\nwarnings.warn('at import')\n" + RIGHT.replace(
        "    n, c, h", "    print('hello', x.shape); print('oops', file=sys.stderr)\n    n, c, h"
    )
    (tmp_path / "conv.py").write_text(noisy)
    (result,) = quick.check(tmp_path, course.find(["conv.conv2d_forward"])).exercises
    assert result.status is Status.PASSED
    assert "hello" in result.output
    assert "oops" in result.output


@pytest.mark.skipif(os.name == "nt", reason="needs POSIX process groups")
def test_the_worker_dies_with_a_parent_that_is_killed(tmp_path):
    (tmp_path / "conv.py").write_text("import os\nprint(os.getpid(), flush=True)\nwhile 1: pass\n")
    code = (
        "import sys; from pathlib import Path\n"
        "from grader.worker.client import Worker; from grader.model import Limits\n"
        "worker = Worker(Path(sys.argv[1]), Limits())\n"
        "print(worker._process.pid, flush=True)\n"
        "worker.load('conv', 'f')\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    worker = psutil.Process(int(parent.stdout.readline()))
    parent.kill()
    parent.communicate()
    deadline = time.monotonic() + 20
    while worker.is_running() and worker.status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline, "the worker outlived its parent"
        time.sleep(0.05)


def test_a_function_that_fails_by_chance_is_wrong_and_never_ungraded(engine, course, tmp_path):
    (tmp_path / "conv.py").write_text(
        "import random\ndef zero_pad2d(x, padding):\n"
        "    return 0.0 if random.random() < 0.5 else x\n"
    )
    for _ in range(3):
        (result,) = engine.check(tmp_path, [course.exercise("conv.zero_pad2d")]).exercises
        assert result.status is Status.FAILED
