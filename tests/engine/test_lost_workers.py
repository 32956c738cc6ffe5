"""What a lost worker costs: asked again where the machine may have taken it, never passed over."""

from __future__ import annotations

import copy
from dataclasses import replace

import pytest
from classes import ONLY, ROOT, WRONG

from grader.course.course import find_course
from grader.engine.engine import Engine
from grader.model import Limits, Status
from grader.worker.client import Worker
from grader.worker.seat import WorkerSeat

FLIPPED = (ROOT / "examples" / "class" / "flipped-kernel" / "conv.py").read_text()
DYING_WHEN_SMALL = (
    WRONG.replace("import numpy as np", "import os\nimport numpy as np")
    + """
_wrong = zero_pad2d
def zero_pad2d(x, padding):
    if x.size < 6:
        os._exit(7)
    return _wrong(x, padding)
"""
)


@pytest.fixture(scope="module")
def engine(bank):
    return Engine(find_course(), 5, Limits(timeout_s=10.0), bank)


def check(engine, folder, source, exercise_id=ONLY):
    (folder / "conv.py").write_text(source)
    exercise = engine.course.exercise(exercise_id)
    (result,) = engine.check(folder, [exercise]).exercises
    return result


def told(result):
    """Return all that is told about a result, but for the time it took."""
    return repr(replace(result, seconds=0.0))


@pytest.fixture
def killing(monkeypatch):
    """Let the worker be killed before the n-th case that is asked alone, as shrinking asks."""

    def arrange(number):
        calls = []
        ask = Worker.call

        def call(worker, module, function, cases, *more, **script):
            if len(cases) == 1:
                calls.append(worker)
                if len(calls) == number:
                    worker.kill()
            return ask(worker, module, function, cases, *more, **script)

        monkeypatch.setattr(Worker, "call", call)
        return calls

    return arrange


@pytest.fixture(scope="module")
def undisturbed(engine, tmp_path_factory):
    return check(engine, tmp_path_factory.mktemp("undisturbed"), FLIPPED, "conv.correlate2d")


@pytest.mark.parametrize("number", range(1, 21))
def test_a_worker_that_is_killed_during_shrinking_changes_nothing(
    engine, undisturbed, tmp_path, killing, number
):
    assert undisturbed.counterexample.shrunk
    calls = killing(number)
    assert told(check(engine, tmp_path, FLIPPED, "conv.correlate2d")) == told(undisturbed)
    assert len(calls) > number


def test_a_function_that_dies_on_smaller_cases_is_not_said_to_be_shrunk(engine, tmp_path):
    result = check(engine, tmp_path, DYING_WHEN_SMALL)
    assert result.status in (Status.FAILED, Status.CRASHED)
    assert result.counterexample is not None
    assert not result.counterexample.shrunk


ENDS = {
    "while True: pass": (Status.TIMEOUT, False),
    "import time; time.sleep(60)": (Status.TIMEOUT, True),
    "import os; os._exit(7)": (Status.CRASHED, True),
}


@pytest.mark.parametrize(
    ("body", "status", "doubtful", "place"),
    [
        *((body, *end, place) for body, end in ENDS.items() for place in ("inside", "at the top")),
        ("return x + 1", Status.FAILED, False, "inside"),
    ],
)
def test_only_what_the_machine_can_do_as_well_is_in_doubt(
    bank, tmp_path, monkeypatch, body, status, doubtful, place
):
    if (
        "while" in body
    ):  # however little of a busy machine it gets, it is its computing that ends it
        monkeypatch.setattr("grader.worker.client.WALL_FACTOR", 1000)
    engine = Engine(find_course(), 5, Limits(timeout_s=0.5), bank)
    source = f"def zero_pad2d(x, padding):\n    {body}\n"
    if place == "at the top":
        source = body + "\n" + source
    result = check(engine, tmp_path, source)
    assert (result.status, result.doubtful) == (status, doubtful)


def test_a_check_that_ends_the_process_is_named_and_the_others_are_graded(engine, tmp_path):
    def leave(*_):
        raise SystemExit(3)

    exercise = engine.course.exercise("conv.im2col")
    check = copy.copy(exercise.check)
    check.equivalent(leave)
    source = "\ndef im2col(x, kernel_size, stride=1, padding=0):\n    return x\n"
    (tmp_path / "conv.py").write_text(WRONG + source)
    asked = [replace(exercise, check=check), engine.course.exercise(ONLY)]
    broken, other = Engine(engine.course, 5).check(tmp_path, asked).exercises
    assert broken.status is Status.UNGRADED
    assert "SystemExit: 3" in broken.message
    assert other.status is Status.FAILED


SLEEPING_WHEN_SMALL = (
    WRONG
    + """
import time
_wrong = zero_pad2d
def zero_pad2d(x, padding):
    if x.size < 6:
        time.sleep(0.5)
        os._exit(7)
    return _wrong(x, padding)
""".replace("import time", "import os, time")
)


def test_smaller_cases_have_what_is_left_of_the_time_together(bank, tmp_path, monkeypatch):
    monkeypatch.setattr("grader.engine.naming.smaller.MAX_LETHAL", 100)
    engine = Engine(find_course(), 5, Limits(timeout_s=0.5), bank)
    seats = []

    class Seat(WorkerSeat):
        def __init__(self, *arguments):
            super().__init__(*arguments)
            seats.append(self)

    monkeypatch.setattr("grader.engine.engine.WorkerSeat", Seat)
    result = check(engine, tmp_path, SLEEPING_WHEN_SMALL)
    assert not result.counterexample.shrunk
    levels = 2
    assert seats[0].waited_s < (levels + 1) * 1.5 + 2.0
