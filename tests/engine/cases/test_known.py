"""Known mistakes' answers are kept with a run's cases: naming a mistake then needs no torch."""

from __future__ import annotations

import os

import numpy as np
import pytest

from grader.engine.cases.bank import RunBank
from grader.engine.cases.caseset import bank_case
from grader.engine.cases.key import fingerprint
from grader.engine.cases.known import agree, are_floats, find_known
from grader.engine.cases.oracle import mistaken_answers
from grader.engine.compare import first_mismatch, same_answers
from grader.engine.engine import Engine
from grader.engine.judge import judge_level
from grader.model import Case, Status
from grader.worker.wire import pack_case, pack_reply, unpack_case

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


# ----------------------------------------------------------------------------- many at once

PIECES = (
    lambda rng: rng.normal(size=rng.integers(0, 4, 2)),
    lambda rng: float(rng.normal()),
    lambda rng: [rng.normal(size=3) * 1e9, (int(rng.integers(3)), "a")],
    lambda rng: {"w": rng.normal(size=(2, 1)), "b": np.zeros(2)},
    lambda rng: rng.choice([np.nan, np.inf, -np.inf, 1.0], 4),
    lambda _: None,
)


def moved(value, rng):
    """Return a value with other floats in it: near ones, far ones, and nan."""
    if isinstance(value, (list, tuple)):
        return type(value)(moved(item, rng) for item in value)
    if isinstance(value, dict):
        return {key: moved(item, rng) for key, item in value.items()}
    if not isinstance(value, (float, np.ndarray)):
        return value
    other = np.array(value) + rng.choice([0, 0, 1e-13, 1.001e-12, 5e-9, 2e-8]) * rng.normal()
    if other.size and rng.random() < 0.1:
        other.flat[0] = rng.choice([np.nan, np.inf, 0.0])
    return other if isinstance(value, np.ndarray) else float(other)


def test_answers_that_are_compared_as_bytes_are_as_like_as_one_by_one():
    rng, told = np.random.default_rng(0), set()
    request = pack_case(Case(((1,),), bad=False))
    for _ in range(200):
        pairs, rows = [], []
        for _ in range(8):
            one = PIECES[rng.integers(len(PIECES))](rng)
            other = moved(one, rng)
            (text, data), (form, others) = (pack_reply([part], request) for part in (one, other))
            assert text == form
            assert are_floats(text, data)
            pairs.append(([one], [other]))
            rows.append((text, data, others))
        assert agree(rows, 1e-8) == [same_answers(*pair, 1e-8) for pair in pairs]
        right = [first_mismatch(*pair, 1e-8) is None for pair in pairs]
        assert agree(rows, 1e-8, as_right=True) == right
        told |= {*right}
    assert told == {True, False}


@pytest.mark.parametrize(
    "value", [np.arange(3), np.ones(2, np.float32), [np.ones(2), np.array([True])], np.float32(1)]
)
def test_bytes_that_are_no_float64_are_not_compared_as_such(value):
    assert not are_floats(*pack_reply([value], pack_case(Case(((1,),), bad=False))))


def replies_of(known, mistake, cases):
    """Return the cases to which a mistake returns something, and the replies of who has made it."""
    found = []
    for banked, answer in zip(cases, known.answers[mistake.id], strict=True):
        if answer is None:
            found.append((banked, (banked.expected_text, banked.expected_data)))
        elif not answer.raised:
            found.append((banked, (answer.text, answer.data)))
    return zip(*found, strict=True)


@pytest.mark.parametrize("name", ["conv.zero_pad2d", "optim.momentum_step", "conv.col2im"])
def test_what_bytes_tell_of_a_mistake_is_what_its_answers_tell(run_engine, course, name):
    exercise = course.exercise(name)
    cases, known = run_engine.case_set(exercise).cases, run_engine.known_answers(exercise)
    tolerance, told, others = exercise.check.tolerance, 0, 0
    mistakes = exercise.check.mistakes.values()
    answers = {m.id: {id(one): known.find(m, one) for one in cases} for m in mistakes}
    for student in mistakes:
        trials = judge_level(exercise, *replies_of(known, student, cases))
        failing = [trial.verdict.status is not Status.PASSED for trial in trials]
        for mistake in mistakes:
            explained = []
            for trial, fails in zip(trials, failing, strict=True):
                steps = answers[mistake.id][id(trial.banked)]
                alike = same_answers(steps, trial.answer.steps, tolerance)
                right = fails and first_mismatch(trial.expected, steps, tolerance) is None
                explained.append(alike and not right)
            untold = known.find_untold(mistake, trials)
            if untold is None:
                others += 1
                assert not all(explained)
            else:
                told += len(trials) - len(untold)
                left = {id(trial) for trial in untold}
                assert len(left) == len(untold)
                pairs = zip(trials, explained, strict=True)
                assert all(is_so for trial, is_so in pairs if id(trial) not in left)
    assert told
    assert others
