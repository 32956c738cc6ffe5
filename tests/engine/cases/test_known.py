"""Known mistakes' answers are kept with a run's cases: naming a mistake then needs no torch."""

from __future__ import annotations

import sys

import pytest

from grader.engine.cases.bank import fingerprint
from grader.engine.cases.known import KnownAnswers, find_known
from grader.engine.cases.oracle import mistaken_answers
from grader.engine.cases.runbank import RunBank
from grader.engine.compare import same_answers
from grader.engine.engine import Engine
from grader.model import Case
from grader.worker.wire import unpack_case

TASKS = ("conv.zero_pad2d", "conv.conv_output_size", "optim.momentum_step")


@pytest.fixture(scope="module")
def run_engine(course, tmp_path_factory):
    folder = tmp_path_factory.mktemp("run") / "g.db.bank"
    folder.mkdir()
    return Engine(course, 5, bank=RunBank(folder))


@pytest.mark.parametrize("name", TASKS)
def test_what_was_kept_is_what_the_mistake_answers(run_engine, course, name):
    exercise = course.exercise(name)
    entry = run_engine.entry(exercise)
    known = run_engine.known(exercise)
    for mistake in exercise.check.mistakes.values():
        for banked in (case for level in entry.levels for case in level.cases):
            case = Case(unpack_case(banked.request), banked.bad)
            kept = known.find(mistake, banked)
            assert same_answers(mistaken_answers(mistake, case), kept, exercise.check.tolerance)


def test_a_case_that_is_not_banked_is_not_known(run_engine, course):
    exercise = course.exercise("conv.zero_pad2d")
    other = Engine(course, 6).entry(exercise).levels[0].cases[0]
    mistake = next(iter(exercise.check.mistakes.values()))
    assert run_engine.known(exercise).find(mistake, other) is None


def test_the_files_are_for_their_owner_alone(run_engine, course):
    run_engine.entry(course.exercise("conv.zero_pad2d"))
    files = list(run_engine.bank._place.glob("*-*"))
    assert files
    for file in files:
        assert file.stat().st_mode & 0o077 == 0


def test_a_damaged_file_is_not_found_and_a_damaged_tree_no_answer(run_engine, course):
    exercise = course.exercise("conv.zero_pad2d")
    entry = run_engine.entry(exercise)
    key = fingerprint(course, exercise, 5)
    bank = run_engine.bank
    rows, data = bank.find_bytes(exercise.id, key, "known")
    bank.record_bytes(exercise.id, "other", "known", {"x": 3}, b"")
    assert find_known(bank, exercise, "other", entry) is None
    assert find_known(bank, exercise, "nothing", entry) is None
    assert isinstance(KnownAnswers(rows, data, entry).entry, type(entry))


def test_a_mistake_is_named_from_what_was_kept_without_a_call_to_torch(
    run_engine, course, tmp_path, monkeypatch
):
    exercise = course.exercise("conv.zero_pad2d")
    known = run_engine.known(exercise)
    (tmp_path / "conv.py").write_text(
        "import numpy as np\ndef zero_pad2d(x, padding):\n"
        "    if padding < 0: raise ValueError\n    return np.pad(x, padding)\n"
    )

    def refuse(*_):
        raise AssertionError("torch was asked about a banked case")

    # without shrinking, all cases are banked ones
    monkeypatch.setattr("grader.engine.attempt.ExerciseRun._shrink", lambda *_: (None, ""))
    monkeypatch.setattr(sys.modules["grader.engine.naming.diagnosis"], "mistaken_answers", refuse)
    assert known is not None
    (result,) = run_engine.check(tmp_path, [exercise]).exercises
    assert result.diagnosis.id == "padded-every-axis"
