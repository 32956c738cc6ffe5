"""Answers that were worked out once are kept: a failure that comes again needs no torch."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace

import pytest

from grader.engine.cases.bank import Bank
from grader.engine.cases.oracle import mistaken_answers
from grader.engine.compare import same_answers
from grader.engine.engine import Engine
from grader.engine.naming import answers as module
from grader.engine.naming.answers import Answers
from grader.errors import OraclesDisagreeError
from grader.model import Case
from grader.worker.wire import unpack_case

EXERCISES = ("conv.zero_pad2d", "conv.conv_output_size", "optim.momentum_step", "recurrent.one_hot")


@pytest.fixture
def answers(engine, course, tmp_path):
    def make(name, **changes):
        exercise = course.exercise(name)
        there = Answers(exercise, engine.oracles(exercise), Bank(tmp_path), lambda: "k")
        return replace(there, **changes)

    return make


def cases_of(engine, exercise):
    cases = engine.case_set(exercise).cases[::5]
    return [(Case(unpack_case(banked.request), banked.bad), banked) for banked in cases]


def nobody(*_):
    raise AssertionError("an oracle was asked again")


@pytest.mark.parametrize("name", EXERCISES)
def test_a_kept_answer_is_the_one_that_is_worked_out(engine, course, answers, monkeypatch, name):
    exercise = course.exercise(name)
    first, tolerance = answers(name), exercise.check.tolerance
    mistakes = exercise.check.mistakes.values()
    found = cases_of(engine, exercise)
    assert len(found) >= 20
    assert mistakes
    for case, _ in found:
        first.right(case)
    for mistake in mistakes:
        for _, banked in found:
            first.wrong(mistake, banked)
    first.keep()
    again = answers(name)
    monkeypatch.setattr("grader.engine.cases.oracle._answers", nobody)
    monkeypatch.setattr(module, "work_out", nobody)
    for case, banked in found:
        assert again.right(case) == replace(banked, recipe=None, number=None)
    monkeypatch.undo()
    for mistake in mistakes:
        for case, banked in found:
            live = mistaken_answers(mistake, case)
            assert same_answers(again.wrong(mistake, banked), live, tolerance)


def test_answers_of_two_that_check_at_once_are_both_kept(engine, course, answers):
    exercise = course.exercise(EXERCISES[0])
    (one, _), (other, _) = cases_of(engine, exercise)[:2]
    left, right = answers(exercise.id), answers(exercise.id)
    left.right(one)
    right.right(other)
    left.keep()
    right.keep()
    again = answers(exercise.id, oracles=None)
    assert again.right(one)
    assert again.right(other)


def test_what_nobody_knows_is_not_kept(engine, course, answers):
    class Disagreeing:
        def expected(self, _):
            raise OraclesDisagreeError("not the same")

    exercise = course.exercise(EXERCISES[0])
    (case, _), *_ = cases_of(engine, exercise)
    there = answers(exercise.id, oracles=Disagreeing())
    for _ in range(2):
        with pytest.raises(OraclesDisagreeError):
            there.right(case)
        there.keep()
    assert not list(there.bank.folder.iterdir())


@pytest.mark.parametrize(("most", "most_bytes"), [(3, 1 << 20), (2_000, 500)])
def test_no_more_is_kept_than_is_said(engine, course, answers, monkeypatch, most, most_bytes):
    monkeypatch.setattr(module, "MOST_KEPT", most)
    monkeypatch.setattr(module, "MOST_BYTES", most_bytes)
    exercise = course.exercise(EXERCISES[0])
    there = answers(exercise.id)
    for case, _ in cases_of(engine, exercise):
        there.right(case)
    there.keep()
    rows, data = there.bank.find_bytes(exercise.id, "k", module.SUFFIX)
    assert 0 < len(rows) <= most
    assert len(data) + sum(len(row[1]) for row in rows) <= most_bytes
    assert len(there._found.right) == len(rows)  # nor in memory
    there.right(case)
    assert not there._found.grown
    assert answers(exercise.id).right(case)


@pytest.mark.parametrize("rows", [{"x": 3}, [[1, 2]], ["ab"], [["a", 1, 2, 3, True]], 7])
def test_a_tree_of_another_form_is_worked_out_again(engine, course, answers, rows):
    exercise = course.exercise(EXERCISES[0])
    there = answers(exercise.id)
    there.bank.record_bytes(exercise.id, "k", module.SUFFIX, rows, b"")
    case, banked = cases_of(engine, exercise)[0]
    assert there.right(case) == replace(banked, recipe=None, number=None)


WITHOUT_TORCH = """
import json, sys
from pathlib import Path
sys.modules["torch"] = None
from grader.course.course import find_course
from grader.engine.cases.bank import Bank
from grader.engine.engine import Engine
course = find_course()
engine = Engine(course, bank=Bank(Path(sys.argv[1])))
found = engine.check(Path(sys.argv[2]), course.find(["conv.zero_pad2d"])).exercises
print(json.dumps([[repr(one.counterexample), repr(one.diagnosis), one.faults] for one in found]))
"""


def test_a_failure_that_was_made_small_before_is_told_again_without_torch(course, bank, tmp_path):
    (tmp_path / "conv.py").write_text(
        "import numpy as np\ndef zero_pad2d(x, padding):\n"
        "    if padding < 0: raise ValueError\n    return np.pad(x, padding)\n"
    )
    engine = Engine(course, bank=bank)
    (first,) = engine.check(tmp_path, course.find(["conv.zero_pad2d"])).exercises
    assert first.counterexample.shrunk
    assert first.diagnosis.id == "padded-every-axis"
    line = [sys.executable, "-c", WITHOUT_TORCH, str(bank.folder), str(tmp_path)]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [
        [repr(first.counterexample), repr(first.diagnosis), list(first.faults)]
    ]
