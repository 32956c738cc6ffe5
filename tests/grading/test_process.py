"""A grading process is held to its limits, and what it was doing says whose fault a loss is."""

from __future__ import annotations

import os
import shutil
import signal
import threading
import time

import pytest
from classes import ONLY, RIGHT, ROOT, WRONG, children_of
from executors import PATIENCE_S, imitation, order, status

from grader.errors import HopelessError, LostError, OverwhelmedError
from grader.grading import process
from grader.grading.messages import Fault
from grader.grading.process import JobLostError, JobProcess
from grader.worker.family import find_family

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals are POSIX's")

ASLEEP = "import time; time.sleep(600)"
BUSY = "import time\nend = time.monotonic() + 300\nwhile time.monotonic() < end: pass"
HUNGRY = "import time; kept = bytearray(300 << 20); kept[:] = b'x' * len(kept); time.sleep(600)"


def impatient(monkeypatch, seconds):
    """Let a process have so many seconds for each step."""
    monkeypatch.setattr(process, "BUDGETS", 0)
    monkeypatch.setattr(process, "OWN_S", seconds)


@pytest.mark.parametrize(
    ("code", "fault", "words"),
    [
        (ASLEEP, Fault.MACHINE, "did not end within 5 s, and hardly computed"),
        (BUSY, Fault.CONTENT, "did not end within 5 s"),
        (HUNGRY, Fault.CONTENT, "needed more than 200 MiB of memory"),
    ],
)
def test_a_process_beyond_a_limit_is_ended(setup, tmp_path, monkeypatch, code, fault, words):
    imitation(tmp_path, monkeypatch, code)
    impatient(monkeypatch, 60.0 if code == HUNGRY else 5.0)
    monkeypatch.setattr(process, "COMPUTING", 0.03)  # however busy the machine is
    monkeypatch.setattr(process, "MEMORY_MIB", 200)
    with pytest.raises(JobLostError, match=words) as caught:
        JobProcess(setup)
    assert caught.value.fault is fault
    assert not children_of(os.getpid())


@pytest.mark.usefixtures("forked")
def test_an_order_whose_process_is_stopped_is_graded_by_another(start):
    executor = start()
    assert status(executor.submit(order())) == "passed"
    (job, *_) = children_of(os.getpid())
    os.kill(job, signal.SIGSTOP)
    executor._jobs[0]._lease_s = 2.0
    assert status(executor.submit(order(WRONG))) == "failed"
    assert job not in children_of(os.getpid())


@pytest.mark.usefixtures("forked")
def test_a_large_package_does_not_wait_for_a_stopped_process_for_ever(start):
    executor = start()
    assert status(executor.submit(order())) == "passed"
    (job, *_) = children_of(os.getpid())
    os.kill(job, signal.SIGSTOP)
    executor._jobs[0]._lease_s = 2.0
    large = RIGHT + "#" * 800_000  # more than a pipe holds
    assert status(executor.submit(order(large))) == "passed"


@pytest.mark.usefixtures("forked")
def test_closing_does_not_wait_for_a_stopped_process(start, monkeypatch):
    monkeypatch.setattr(process, "END_S", 0.5)
    executor = start()
    executor.submit(order()).result(PATIENCE_S)
    family = [pid for child in children_of(os.getpid()) for pid in find_family(child)]
    os.kill(children_of(os.getpid())[0], signal.SIGSTOP)
    executor.close()
    end = time.monotonic() + 10
    while any(find_family(pid) for pid in family):
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.usefixtures("forked")
def test_a_process_paused_for_longer_than_the_limits_gives_the_same_answer(start):
    executor = start(timeout_s=0.5)
    executor.submit(order()).result(PATIENCE_S)
    (job, *_) = children_of(os.getpid())
    slow = WRONG.replace("if padding", "import time; time.sleep(0.02)\n    if padding", 1)
    future = executor.submit(order(slow))
    time.sleep(0.5)
    os.kill(job, signal.SIGSTOP)
    threading.Timer(4.0, os.kill, (job, signal.SIGCONT)).start()
    assert status(future) == "failed"
    assert children_of(os.getpid())[0] == job


# ----------------------------------------------------------------------------- whose fault


@pytest.fixture
def course(tmp_path):
    """Return what makes a course with a check of its own, whose torch equivalent is given."""

    def make(body):
        folder = tmp_path / "course"
        for name in ("exercises", "solutions"):
            shutil.copytree(ROOT / name, folder / name)
        shutil.copytree(ROOT / "grader" / "checks", folder / "checks")
        file = folder / "checks" / "conv" / "zero_pad2d.py"
        text = file.read_text()
        head, _, rest = text.partition("@exercise.equivalent\n")
        signature, _, _ = rest.partition("\n")
        tail = rest[rest.index("\n\n\n") :]
        file.write_text(f"{head}@exercise.equivalent\n{signature}\n    {body}{tail}")
        return str(folder)

    return make


def ask(start, course, tmp_path, monkeypatch, seconds):
    (tmp_path / "bank of its own").mkdir()
    executor = start(course=course, bank=str(tmp_path / "bank of its own"))
    impatient(monkeypatch, seconds)
    return executor


@pytest.mark.usefixtures("forked")
def test_a_check_that_does_not_end_is_named_with_its_line_and_not_tried_again(
    start, course, tmp_path, monkeypatch
):
    executor = ask(start, course("import time; time.sleep(600)"), tmp_path, monkeypatch, 20.0)
    with pytest.raises(LostError, match=rf"{ONLY}: .* in the course's own code \(zero_pad2d.py"):
        executor.submit(order()).result(PATIENCE_S)


@pytest.mark.usefixtures("forked")
def test_a_check_that_ends_its_process_stops_the_run_at_the_third_submission(
    start, course, tmp_path, monkeypatch
):
    executor = ask(start, course("import os; os._exit(9)"), tmp_path, monkeypatch, 60.0)
    futures = [executor.submit(order(RIGHT + f"# {n}\n")) for n in range(3)]
    for future in futures[:2]:
        with pytest.raises(LostError, match=rf"{ONLY}: .*exit code 9"):
            future.result(PATIENCE_S)
    with pytest.raises(
        HopelessError, match=f"3 submissions in a row .* last one a: {ONLY}.*exit code 9"
    ):
        futures[2].result(PATIENCE_S)


@pytest.mark.usefixtures("forked")
def test_a_submission_that_is_answered_ends_the_row(start, course, tmp_path, monkeypatch):
    executor = ask(start, course("import os; os._exit(9)"), tmp_path, monkeypatch, 60.0)
    for _ in range(2):
        with pytest.raises(LostError):
            executor.submit(order()).result(PATIENCE_S)
    assert status(executor.submit(order("x = 1\n"))) == "missing"
    with pytest.raises(LostError):
        executor.submit(order()).result(PATIENCE_S)


@pytest.mark.usefixtures("forked")
def test_what_overwhelms_a_process_twice_is_the_submissions_own(start, monkeypatch):
    executor = start()
    assert status(executor.submit(order())) == "passed"
    asked = []

    def overwhelmed(*_):
        asked.append(1)
        raise JobLostError("opening the submission: too much", Fault.CONTENT)

    with monkeypatch.context() as patch:
        patch.setattr(JobProcess, "ask", overwhelmed)
        for _ in range(4):  # however many cheats lie side by side
            with pytest.raises(OverwhelmedError, match="too much"):
                executor.submit(order()).result(PATIENCE_S)
    assert len(asked) == 8
    assert status(executor.submit(order())) == "passed"
