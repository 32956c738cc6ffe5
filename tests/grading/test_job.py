"""One grading process: what it answers, and what it leaves behind."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import asdict, replace
from pathlib import Path

import nbformat
import pytest
from classes import ONLY, RIGHT, TORCH, WRONG, children_of, environment, is_alive, kill

from grader.errors import CourseError, SandboxError, WorkerError
from grader.grading.exams import Exam
from grader.grading.intake.packages import Package
from grader.grading.job import Grader, answer, make_engine
from grader.grading.messages import Setup
from grader.grading.opening import close_package

PATIENCE_S = 60
CRASHING_ONCE = """
import os
from pathlib import Path
def zero_pad2d(x, padding):
    if not Path({mark!r}).exists():
        Path({mark!r}).touch()
        os._exit(7)
"""


@pytest.fixture
def grader(setup):
    made = Grader(make_engine(setup), Path(setup.scratch), [Exam("transfer", 7)])
    yield made
    made.close()


def folder(text):
    return Package("folder", {"conv.py": text.encode()})


def test_a_setup_is_the_same_after_a_walk_through_json(setup):
    sent = asdict(setup)
    assert asdict(Setup(**json.loads(json.dumps(sent)))) == {**sent, "exams": [], "asked": []}


def test_one_submission_after_another_gets_its_own_facts(grader):
    found = [grader.grade(folder(text), [ONLY], "a")["facts"] for text in (RIGHT, WRONG, RIGHT)]
    assert [[fact["status"] for fact in facts] for facts in found] == [
        ["passed", "missing"], ["failed", "missing"], ["passed", "missing"],
    ]  # fmt: skip
    assert [fact["id"] for fact in found[0]] == [ONLY, "quiz.transfer"]


def test_a_worker_waits_for_the_next_submission_unless_there_is_none(setup):
    for alone in (False, True):
        made = Grader(make_engine(setup), Path(setup.scratch), alone=alone)
        for _ in range(2):  # what is lost is asked for once more
            (fact,) = made.grade(folder(RIGHT), [ONLY], "a")["facts"]
            assert fact["status"] == "passed"
            assert (made._next is None) is alone
        made.close()


def test_nothing_of_a_submission_is_left_when_the_last_one_is_closed(setup):
    made = Grader(make_engine(setup), Path(setup.scratch))
    stages = []
    for text in (RIGHT, WRONG):
        made.grade(folder(text), [ONLY], "a")
        stages += [path.name for path in Path(setup.scratch).glob("stage-*")]
    made.close()
    assert stages
    assert not list(Path(setup.scratch).glob("stage-*"))


def test_what_closing_a_submission_raises_is_told_with_the_next_one_which_is_closed_all_the_same(
    setup, monkeypatch
):
    closed = []
    grader = Grader(make_engine(setup), Path(setup.scratch))

    def fail(folder, seat):
        close_package(folder, seat)
        closed.append(folder)
        if len(closed) == 1:
            raise OSError("a broken disk")

    monkeypatch.setattr("grader.grading.job.close_package", fail)
    assert grader.grade(folder(RIGHT), [ONLY], "a")["facts"][0]["status"] == "passed"
    with pytest.raises(OSError, match="a broken disk"):
        grader.grade(folder(RIGHT), [ONLY], "a")
    assert grader.grade(folder(RIGHT), [ONLY], "a")["facts"][0]["status"] == "passed"
    grader.close()
    assert len(set(closed)) == 4  # that of the worker which still waited is one of them


def test_what_a_submission_leaves_is_no_fault_of_the_next_one_which_another_process_can_grade(
    grader, monkeypatch
):
    def fail(_):
        raise OSError("a broken disk")

    monkeypatch.setattr("grader.grading.opening.clear", fail)
    request = {"exercises": [ONLY], "student": "a"}
    replies = [answer(grader, request, folder(RIGHT).to_bytes()) for _ in range(2)]
    assert replies[0]["facts"][0]["status"] == "passed"
    assert replies[1]["fault"] == "machine"
    assert "a broken disk" in replies[1]["error"]
    monkeypatch.undo()
    grader._left = None


def test_what_is_rejected_as_a_whole_is_rejected_in_every_entry_and_the_next_is_graded(grader):
    facts = grader.grade(Package("zip", {"": b"no archive"}), [ONLY], "a")["facts"]
    assert [fact["status"] for fact in facts] == ["rejected", "rejected"]
    assert grader.grade(folder(RIGHT), [ONLY], "a")["facts"][0]["status"] == "passed"


def test_what_cannot_be_opened_in_any_unforeseen_way_is_rejected_and_a_full_disk_is_not(
    grader, monkeypatch
):
    def fail(*_):
        raise error

    monkeypatch.setattr("grader.grading.opening.stage", fail)
    for error in (RecursionError(), MemoryError(), KeyError("x")):
        facts = grader.grade(folder(RIGHT), [ONLY], "a")["facts"]
        assert [fact["status"] for fact in facts] == ["rejected", "rejected"]
        assert type(error).__name__ in facts[0]["message"]
    error = OSError(28, "No space left on device")
    with pytest.raises(OSError, match="No space"):
        grader.grade(folder(RIGHT), [ONLY], "a")


def test_warnings_are_for_the_instructor(grader):
    both = Package("folder", {"conv.py": WRONG.encode(), "exercises/conv.py": RIGHT.encode()})
    done = grader.grade(both, [ONLY], "a")
    assert done["facts"][0]["status"] == "passed"
    assert done["warnings"]


def test_a_message_about_a_notebook_names_its_cells(grader):
    cells = [nbformat.v4.new_code_cell(text) for text in ("a = 1", TORCH)]
    text = nbformat.writes(nbformat.v4.new_notebook(cells=cells))
    facts = grader.grade(Package("notebook", {"": text.encode()}), [ONLY], "a")["facts"]
    assert facts[0]["status"] == "rejected"
    assert "cell 2" in facts[0]["message"]


def test_a_crash_that_does_not_come_again_is_no_crash(grader, tmp_path):
    text = CRASHING_ONCE.format(mark=str(tmp_path / "mark")) + RIGHT.partition("padding):\n")[2]
    done = grader.grade(folder("import numpy as np\n" + text), [ONLY], "a")
    assert (tmp_path / "mark").exists()
    assert done["facts"][0]["status"] == "passed"


@pytest.mark.parametrize(
    ("error", "said", "fault", "code"),
    [
        (WorkerError("no worker"), "no worker", "machine", 3),
        (SandboxError("no sandbox"), "no sandbox", "machine", 3),
        (CourseError("no such exercise"), "no such exercise", None, 2),
        (ZeroDivisionError("x"), "a fault of dlgrade itself: ZeroDivisionError: x", "ours", 3),
    ],
)
def test_an_error_is_told_with_whether_another_process_could_do_better(error, said, fault, code):
    class Failing:
        def grade(self, *_):
            raise error

    request = {"exercises": [ONLY], "student": "a"}
    reply = answer(Failing(), request, folder(RIGHT).to_bytes())
    assert reply == {"error": said, "fault": fault, "code": code}


CRASHING_OTHERWISE_ONCE = """
import os, signal
from pathlib import Path
def zero_pad2d(x, padding):
    times = Path({mark!r})
    times.write_text(times.read_text() + "x" if times.exists() else "x")
    if len(times.read_text()) == {killed}:
        os.kill(os.getpid(), signal.SIGKILL)
    os._exit(7)
"""


@pytest.mark.parametrize("killed", [1, 2, 3, 4])
def test_a_kill_beside_a_crash_of_its_own_does_not_change_what_is_said(grader, tmp_path, killed):
    text = CRASHING_OTHERWISE_ONCE.format(mark=str(tmp_path / "mark"), killed=killed)
    (fact, _) = grader.grade(folder(text), [ONLY], "a")["facts"]
    assert fact["status"] == "crashed"
    assert "exit code 7" in fact["message"]


def test_a_function_that_was_not_let_run_once_is_no_timeout(setup, tmp_path):
    text = CRASHING_ONCE.format(mark=str(tmp_path / "mark")).replace(
        "os._exit(7)", "import time; time.sleep(60)"
    )
    grader = Grader(make_engine(replace(setup, timeout_s=0.5)), Path(setup.scratch))
    source = "import numpy as np\n" + text + RIGHT.partition("padding):\n")[2]
    try:
        assert grader.grade(folder(source), [ONLY], "a")["facts"][0]["status"] == "passed"
    finally:
        grader.close()
    assert (tmp_path / "mark").exists()


def test_each_step_is_told_before_it_is_done(setup):
    steps = []
    grader = Grader(make_engine(setup), Path(setup.scratch), on_step=steps.append)
    try:
        grader.grade(folder(RIGHT), [ONLY, "conv.im2col"], "a")
    finally:
        grader.close()
    assert steps == ["opening the submission", ONLY, "conv.im2col"]


SLEEPING = "import time\ndef {name}(*_, **__):\n    time.sleep(60)\n"


def test_a_submission_that_only_sleeps_has_the_time_of_its_exercises_in_all(setup, monkeypatch):
    monkeypatch.setattr("grader.grading.job.FEW", 2)
    names = ["conv.im2col", "conv.col2im", "conv.correlate2d", ONLY]
    text = "".join(SLEEPING.format(name=name.partition(".")[2]) for name in names)
    grader = Grader(make_engine(replace(setup, timeout_s=0.5)), Path(setup.scratch))
    start = time.monotonic()
    try:
        facts = grader.grade(folder(text), names, "a")["facts"]
    finally:
        grader.close()
    assert [fact["status"] for fact in facts] == ["timeout"] * 4
    assert "as a whole" in facts[-1]["message"]
    assert "as a whole" not in facts[0]["message"]
    assert time.monotonic() - start > 4 * 1.5


def test_facts_that_cannot_be_written_are_a_fault_that_is_told():
    class Odd:
        def grade(self, *_):
            return {"facts": [{"cases": object()}], "warnings": []}

    reply = answer(Odd(), {"exercises": [ONLY], "student": "a"}, folder(RIGHT).to_bytes())
    assert reply["fault"] == "ours"
    assert "TypeError" in reply["error"]


def test_a_process_whose_input_ends_at_once_ends_too():
    line = [sys.executable, "-P", "-m", "grader.grading.job"]
    done = subprocess.run(
        line, input=b"", env=environment(), capture_output=True, timeout=PATIENCE_S, check=False
    )
    assert done.returncode == 0, done.stderr
    assert not done.stdout


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="/proc is missing")
def test_a_process_whose_parent_is_killed_ends_with_its_worker(setup):
    code = (
        "import json, sys, time\n"
        "from grader.grading.process import JobProcess\n"
        "from grader.grading.messages import Setup\n"
        "job = JobProcess(Setup(**json.loads(sys.argv[1])))\n"
        "print('started', flush=True)\n"
        "time.sleep(600)\n"
    )
    line = [sys.executable, "-c", code, json.dumps(asdict(setup))]
    with subprocess.Popen(line, env=environment(), stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout.readline() == "started\n"
        family = children_of(parent.pid)
        assert len(family) >= 2  # the grading process, and the worker of the next submission
        kill(parent.pid)
    end = time.monotonic() + PATIENCE_S
    while any(is_alive(pid) for pid in family):
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_wrong_answer_keeps_the_lines_that_gave_it_and_a_right_one_none(grader):
    (wrong, *_), (right, *_) = (
        grader.grade(folder(text), [ONLY], "a")["facts"] for text in (WRONG, RIGHT)
    )
    assert "return np.pad(x, padding)" in wrong["details"]["code"]["text"]
    assert "code" not in right["details"]
