"""Known mistakes' answers are kept with a run's cases: naming a mistake then needs no torch."""

from __future__ import annotations

import os

import pytest

from grader.engine.cases.bank import RunBank
from grader.engine.cases.caseset import bank_case
from grader.engine.cases.key import fingerprint
from grader.engine.cases.known import find_known
from grader.engine.cases.oracle import mistaken_answers
from grader.engine.compare import same_answers
from grader.engine.engine import Engine
from grader.model import Case
from grader.worker.wire import unpack_case

EXERCISES = ("conv.zero_pad2d", "conv.conv_output_size", "optim.momentum_step")
SEED = 5


@pytest.fixture(scope="module")
def run_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("run") / "g.db.bank"
    folder.mkdir()
    return folder


@pytest.fixture(scope="module")
def run_engine(course, run_folder):
    return Engine(course, SEED, bank=RunBank(run_folder))


@pytest.fixture
def exercise(run_engine, course):
    """Return an exercise whose cases are drawn."""
    drawn = course.exercise("conv.zero_pad2d")
    run_engine.case_set(drawn)
    return drawn


@pytest.mark.parametrize("name", EXERCISES)
def test_what_was_kept_is_what_the_mistake_answers(run_engine, course, name):
    exercise = course.exercise(name)
    cases = run_engine.case_set(exercise).cases
    known = run_engine.known_answers(exercise)
    assert len(cases) >= 100
    assert exercise.check.mistakes
    for mistake in exercise.check.mistakes.values():
        for banked in cases:
            case = Case(unpack_case(banked.request), banked.bad)
            kept = known.find(mistake, banked)
            assert same_answers(mistaken_answers(mistake, case), kept, exercise.check.tolerance)


def test_right_answers_take_no_space_and_wrong_ones_are_kept_in_every_form(run_engine, course):
    forms = set()
    for name in EXERCISES:
        exercise = course.exercise(name)
        run_engine.case_set(exercise)
        for answers in run_engine.known_answers(exercise).answers.values():
            forms |= {a and (bool(a.text), bool(a.data), bool(a.raised)) for a in answers}
    assert forms >= {None, (True, True, False), (False, False, True)}


def test_a_case_that_was_made_since_is_not_known(run_engine, exercise):
    mistake = next(iter(exercise.check.mistakes.values()))
    known = run_engine.known_answers(exercise)
    banked = run_engine.case_set(exercise).cases[0]
    assert known.find(mistake, banked) is not None
    case = Case(unpack_case(banked.request), banked.bad)
    again = bank_case(exercise.check, case, banked.expected)
    assert known.find(mistake, again) is None


@pytest.mark.skipif(os.name == "nt", reason="needs POSIX permissions")
def test_the_files_are_for_their_owner_alone(run_folder, exercise):
    files = sorted(run_folder.iterdir())
    assert {file.suffix for file in files} >= {".bank", ".known"}
    for file in files:
        assert file.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("rows", [{"x": 3}, {"x": [[1, 2]]}, {"x": ["ab"]}, [1], 7])
def test_a_tree_of_another_form_is_no_answer(run_engine, exercise, rows):
    bank = run_engine.bank
    bank.record_bytes(exercise.id, "other", "known", rows, b"")
    assert bank.find_bytes(exercise.id, "other", "known") == (rows, b"")
    assert find_known(bank, exercise, "other") is None


def test_a_file_that_is_missing_or_damaged_is_no_answer(run_engine, run_folder, course, exercise):
    bank = run_engine.bank
    key = fingerprint(course, exercise, SEED)
    assert find_known(bank, exercise, "nothing") is None
    assert find_known(bank, exercise, key).answers
    whole = (run_folder / f"{exercise.id}-{key}.known").read_bytes()
    (run_folder / f"{exercise.id}-cut.known").write_bytes(whole[:-1])
    assert find_known(bank, exercise, "cut") is None


def test_a_mistake_is_named_from_what_was_kept_without_a_call_to_torch(
    run_engine, exercise, tmp_path, monkeypatch
):
    (tmp_path / "conv.py").write_text(
        "import numpy as np\ndef zero_pad2d(x, padding):\n"
        "    if padding < 0: raise ValueError\n    return np.pad(x, padding)\n"
    )

    def refuse(*_):
        raise AssertionError("torch was asked about a banked case")

    # without shrinking, all cases are banked ones
    monkeypatch.setattr("grader.engine.examiner.Examiner._shrink", lambda *_: None)
    monkeypatch.setattr("grader.engine.naming.answers.work_out", refuse)
    (result,) = run_engine.check(tmp_path, [exercise]).exercises
    assert result.diagnosis.id == "padded-every-axis"
