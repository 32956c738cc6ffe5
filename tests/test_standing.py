"""Where a student stands: what is written now, beside what the last check found."""

from __future__ import annotations

import subprocess
import sys
from types import SimpleNamespace

import pytest

from grader.hints import read_hint
from grader.model import ExerciseResult, LevelResult, Status
from grader.progress import Progress, ProgressFile, Record
from grader.standing import next_standing, read_standings, remember_results

WRITTEN = "def im2col(x, kernel_size, stride=1, padding=0):\n    return x\n"


@pytest.fixture
def task(course):
    return course.task("conv.im2col")


def checked(status, earned=1.0):
    """Return a result of two levels, the first passed."""
    levels = (LevelResult("a", Status.PASSED, earned), LevelResult("b", status, 1.0))
    return ExerciseResult("conv.im2col", levels)


def state(folder, task, progress):
    return read_standings(folder, [task], progress)[0]


def test_what_is_not_there_is_said(tmp_path, task):
    assert state(None, task, Progress()).state == "no file"
    assert state(tmp_path, task, Progress()).state == "no file"
    (tmp_path / "conv.py").write_text("def im2col(x:\n")
    assert state(tmp_path, task, Progress()).state == "broken file"
    (tmp_path / "conv.py").write_text("x = 1\n")
    assert state(tmp_path, task, Progress()).state == "to do"


def test_a_check_is_remembered_until_the_function_changes(tmp_path, task):
    (tmp_path / "conv.py").write_text(WRITTEN)
    assert state(tmp_path, task, Progress()).state == "written, not checked"
    progress = remember_results(Progress(), tmp_path, [checked(Status.FAILED)])
    found = state(tmp_path, task, progress)
    assert (found.state, found.earned) == ("failed", 1.0)
    (tmp_path / "conv.py").write_text("# a comment and another function\n" + WRITTEN + "y = 1\n")
    assert state(tmp_path, task, progress).state == "failed"
    (tmp_path / "conv.py").write_text(WRITTEN.replace("return x", "return x + 1"))
    assert state(tmp_path, task, progress).state == "failed, edited since"


def test_an_edited_answer_that_passed_has_not_passed_now(tmp_path, task):
    (tmp_path / "conv.py").write_text(WRITTEN)
    progress = remember_results(Progress(), tmp_path, [checked(Status.PASSED)])
    assert state(tmp_path, task, progress).passed
    (tmp_path / "conv.py").write_text(WRITTEN.replace("return x", "return 0"))
    assert not state(tmp_path, task, progress).passed


def test_a_stub_again_earns_nothing_now(tmp_path, task):
    (tmp_path / "conv.py").write_text(WRITTEN)
    progress = remember_results(Progress(), tmp_path, [checked(Status.PASSED)])
    (tmp_path / "conv.py").write_text("def im2col(x):\n    raise NotImplementedError\n")
    found = state(tmp_path, task, progress)
    assert (found.state, found.earned) == ("to do", 0.0)


def test_what_could_not_be_graded_leaves_what_was_known(tmp_path, task):
    (tmp_path / "conv.py").write_text(WRITTEN)
    known = remember_results(Progress(), tmp_path, [checked(Status.PASSED)])
    assert remember_results(known, tmp_path, [checked(Status.UNGRADED)]) == known


def test_a_check_does_not_forget_the_hints(tmp_path):
    progress = Progress({"conv.im2col": Record(hints=2)})
    after = remember_results(progress, tmp_path, [checked(Status.FAILED)])
    assert after.record("conv.im2col").hints == 2


def test_next_is_the_first_that_has_not_passed(tmp_path, course):
    tasks = course.find(["conv"])
    standings = read_standings(tmp_path, tasks, Progress())
    assert next_standing(standings).task is tasks[0]
    passed = [SimpleNamespace(passed=True), SimpleNamespace(passed=True)]
    assert next_standing(passed) is None


def test_hints_come_one_by_one_and_stay_readable(tmp_path, task):
    store = ProgressFile(tmp_path)
    pages = [read_hint(task, store) for _ in range(5)]
    assert [len(page.shown) for page in pages] == [1, 2, 3, 3, 3]
    assert pages[2].shown == tuple(task.check.hints)
    assert pages[0].total == 3


def test_reading_hints_again_opens_no_further_one(tmp_path, task):
    store = ProgressFile(tmp_path)
    assert len(read_hint(task, store, again=True).shown) == 1
    read_hint(task, store)
    assert len(read_hint(task, store, again=True).shown) == 2
    assert len(read_hint(task, store, again=True).shown) == 2


def test_standing_and_lists_need_no_numpy():
    code = "import sys, grader.render.lists; print('numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
