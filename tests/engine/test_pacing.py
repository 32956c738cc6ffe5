"""A level that asks for a quick answer: a loop over pixels fails it, whatever it says of itself."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
import time
from pathlib import Path

import pytest

from grader.course.course import find_course
from grader.engine.cases import key as key_module
from grader.engine.engine import Engine
from grader.errors import CourseError
from grader.model import Limits, Status
from grader.vocabulary import array, level, strategy
from grader.worker.family import cpu_seconds, find_family

COURSE = find_course(Path(__file__).resolve().parents[2] / "examples" / "courses" / "pixels")
GREY, QUICK = "pixels.to_grey", "no loop over pixels"
WEIGHTS = "0.299 * image[{0}, 0] + 0.587 * image[{0}, 1] + 0.114 * image[{0}, 2]"
ARRAYS = f"""
def to_grey(image):
    return {WEIGHTS.format(":, :")}
"""
LOOP = f"""
import numpy as np
def to_grey(image):
    grey = np.zeros(image.shape[:2])
    for h in range(image.shape[0]):
        for w in range(image.shape[1]):
            grey[h, w] = {WEIGHTS.format("h, w")}
    return grey
"""
IN_A_CHILD = (
    LOOP.replace("def to_grey", "def slowly")
    + """
import os
def to_grey(image):
    out, into = os.pipe()
    child = os.fork()
    if child == 0:
        with os.fdopen(into, "wb") as stream:
            stream.write(slowly(image).tobytes())
        os._exit(0)
    os.close(into)
    with os.fdopen(out, "rb") as stream:
        found = np.frombuffer(stream.read()).reshape(image.shape[:2])
    os.waitpid(child, 0)
    return found
"""
)
LYING = (
    LOOP
    + """
import resource, time
for clock in ("time", "process_time", "perf_counter", "thread_time", "monotonic"):
    setattr(time, clock, lambda: 0.0)
resource.getrusage = lambda who: None
"""
)
SLOW_AT_FIRST = (
    ARRAYS
    + """
import time
fast, calls = to_grey, []
def to_grey(image):
    if len(image) == 300 and not calls:
        calls.append(1)
        end = time.process_time() + 0.5
        while time.process_time() < end:
            pass
    return fast(image)
"""
)
WRONG_IF_LARGE = (
    ARRAYS
    + """
small = to_grey
def to_grey(image):
    return small(image) if len(image) < 100 else image.mean(2)
"""
)
WRONG_IF_SMALL = """
slow = to_grey
def to_grey(image):
    return slow(image) + (len(image) < 100)
"""
ENDLESS_IF_LARGE = (
    ARRAYS
    + """
small = to_grey
def to_grey(image):
    while len(image) > 100:
        pass
    return small(image)
"""
)


ENGINE = Engine(COURSE)


@pytest.fixture(autouse=True, scope="module")
def _drawn_once(bank):
    """Keep the cases where all workers of a session look for them."""
    ENGINE.bank = bank


def check(tmp_path, text, **limits):
    (tmp_path / "pixels.py").write_text(text)
    engine = dataclasses.replace(ENGINE, limits=Limits(**limits))
    (result,) = engine.check(tmp_path, COURSE.find([GREY])).exercises
    return result


def statuses(result):
    return [level.status for level in result.levels]


@pytest.mark.parametrize("text", [ARRAYS, SLOW_AT_FIRST])
def test_whole_arrays_pass_even_where_the_machine_was_busy_once(tmp_path, text):
    assert statuses(check(tmp_path, text)) == [Status.PASSED, Status.PASSED]


@pytest.mark.parametrize("text", [LOOP, IN_A_CHILD, LYING])
def test_a_loop_over_pixels_earns_the_other_level_alone_whatever_it_says(tmp_path, text):
    result = check(tmp_path, text)
    assert statuses(result) == [Status.PASSED, Status.TIMEOUT]
    assert result.earned == 1.5
    assert "times as slow as the course's own, and at most 10 times are allowed" in result.message


def test_a_wrong_answer_to_a_large_case_is_wrong_and_not_slow(tmp_path):
    result = check(tmp_path, WRONG_IF_LARGE)
    assert statuses(result) == [Status.PASSED, Status.FAILED]
    assert result.message.startswith("grey[0, 0] = ")


def test_what_never_comes_back_is_told_as_ever(tmp_path):
    result = check(tmp_path, ENDLESS_IF_LARGE, timeout_s=1.0)
    assert statuses(result) == [Status.PASSED, Status.TIMEOUT]
    assert result.message.startswith("no answer after 1 s of computing")


def test_what_is_slow_beside_a_wrong_answer_is_told_too(tmp_path):
    result = check(tmp_path, LOOP + WRONG_IF_SMALL)
    assert statuses(result) == [Status.FAILED, Status.TIMEOUT]
    assert any(note.startswith(f"{QUICK}: it is ") for note in result.notes)


def test_so_little_time_that_chance_would_decide_is_refused():
    @strategy
    def rows(draw):
        return (draw(array(2)),)

    with pytest.raises(CourseError, match="times=2: a right answer may take 5 times as long"):
        level(rows(), times=2)


def test_another_time_is_another_criterion_and_a_plain_exercise_keeps_its_own(monkeypatch):
    class OneBank:
        def find_seal(self, *_):
            return "seal"

    def criterion(exercise):
        return key_module.criteria(COURSE, [exercise], 0, OneBank())[GREY]

    exercise = COURSE.exercise(GREY)
    before = criterion(exercise)
    levels = dict(exercise.check.levels)
    for times in (11.0, None):
        changed = levels | {QUICK: dataclasses.replace(levels[QUICK], times=times)}
        monkeypatch.setattr(exercise.check, "levels", changed)
        assert criterion(exercise) != before


def test_cpu_time_of_another_process_is_read_from_outside_to_less_than_a_tick():
    code = "import time\nend = time.process_time() + 0.3\nwhile time.process_time() < end: pass\n"
    with subprocess.Popen(
        [sys.executable, "-c", code + "print(flush=True)\ninput()"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as process:  # fmt: skip
        process.stdout.read(1)
        time.sleep(0.05)
        used_s = cpu_seconds(find_family(process.pid))
        assert cpu_seconds(find_family(process.pid)) == pytest.approx(used_s, abs=1e-3)
        assert used_s >= 0.29
        process.communicate(b"\n")
