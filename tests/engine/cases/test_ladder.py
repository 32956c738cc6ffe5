"""The ladder of small cases: right, the same for everybody, and read for failures alone."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from grader.engine.cases import ladder as module
from grader.engine.cases.bank import Bank
from grader.engine.cases.ladder import draw_ladder, find_rungs, load_ladder
from grader.engine.compare import same_answers
from grader.engine.document import as_document
from grader.engine.engine import Engine
from grader.errors import OraclesDisagreeError
from grader.model import Case
from grader.worker.wire import unpack_case

EXERCISES = ("conv.zero_pad2d", "activations.relu", "optim.momentum_step", "recurrent.one_hot")
EVERY_AXIS = """import numpy as np


def zero_pad2d(x, padding):
    if padding < 0:
        raise ValueError
    return np.pad(x, padding)
"""


@pytest.mark.parametrize("name", EXERCISES)
def test_the_answers_of_a_ladder_are_those_of_the_oracles(engine, course, name):
    exercise = course.exercise(name)
    oracles = engine.oracles(exercise)
    levels = draw_ladder(exercise, oracles).levels
    assert [level.name for level in levels] == list(exercise.check.levels)
    for level in levels:
        assert len(level.cases) >= 10
        for rung in level.cases:
            case = Case(unpack_case(rung.request), rung.bad)
            assert same_answers(oracles.expected(case), rung.expected, exercise.check.tolerance)


@pytest.mark.parametrize("name", EXERCISES)
def test_a_strategy_has_one_ladder_whose_smallest_cases_come_first(course, name):
    for level in course.exercise(name).check.levels.values():
        rungs = find_rungs(level.strategy)
        assert repr(rungs) == repr(find_rungs(level.strategy))
        assert len({repr(rung) for rung in rungs}) >= 10
        assert max(map(module._size, rungs)) <= module.MOST_ELEMENTS
        plain = [module._size(rung) for rung in rungs if all(map(module._is_plain, rung.steps))]
        assert len(plain) > 5
        assert plain == sorted(plain)
        assert max(plain) > min(plain)


def test_a_rung_of_numbers_that_nobody_has_in_mind_comes_as_late_as_a_larger_one(course):
    for level in course.exercise("recurrent.lstm_cell").check.levels.values():
        rungs = find_rungs(level.strategy)
        plain = [all(map(module._is_plain, rung.steps)) for rung in rungs]
        least = min(map(module._size, rungs))
        assert all(plain[: sum(module._size(rung) < 2 * least for rung in rungs) // 2])
        assert not all(plain)


def test_some_rungs_have_a_first_array_far_below_zero_and_a_plain_second_one(course):
    (level, *_) = course.exercise("pool.max_pool2d_backward").check.levels.values()
    steps = [rung.steps[0] for rung in find_rungs(level.strategy)]
    below = [(grad_out, x) for grad_out, x, *_ in steps if x.max() < -900.0]
    plain = [x.size for grad_out, x in below if abs(grad_out).max() < 100.0]
    assert len(plain) > 2
    assert min(plain) == min(x.size for _, x, *_ in steps)


def test_weights_of_the_smallest_case_differ_so_that_it_shows_which_was_taken(course):
    (level, *_) = course.exercise("recurrent.lstm_cell").check.levels.values()
    weight = find_rungs(level.strategy)[0].steps[0][3]
    assert (weight[:, 0] != weight[:, 1]).all()
    assert len({tuple(row) for row in weight.tolist()}) > 2


def test_elementwise_functions_meet_what_catches_alone(course):
    alone = set()
    for level in course.exercise("activations.relu").check.levels.values():
        arrays = [case.steps[0][0] for case in find_rungs(level.strategy)]
        alone |= {array.item() for array in arrays if array.size == 1}
    assert alone >= {0.0, -1.0, 10.0, -10.0}


def test_a_ladder_has_rungs_with_a_first_an_inner_and_a_last_place(course):
    (level, *_) = course.exercise("conv.correlate2d").check.levels.values()
    shapes = [case.steps[0][0].shape for case in find_rungs(level.strategy)]
    assert any(min(shape) >= 3 for shape in shapes)


def test_what_is_kept_of_a_ladder_is_what_was_drawn(engine, course, tmp_path):
    exercise = course.exercise(EXERCISES[0])
    bank, oracles = Bank(tmp_path), engine.oracles(exercise)
    drawn = load_ladder(bank, exercise, oracles, lambda: "k")
    assert [file.name for file in tmp_path.iterdir()] == [f"{exercise.id}-k.ladder"]
    assert load_ladder(bank, exercise, None, lambda: "k") == drawn  # nobody is asked
    assert all(
        rung.number is None and rung.recipe is None for rungs in drawn.values() for rung in rungs
    )


def test_a_ladder_that_cannot_be_read_is_drawn_again(engine, course, tmp_path):
    exercise = course.exercise(EXERCISES[0])
    bank, oracles = Bank(tmp_path), engine.oracles(exercise)
    drawn = load_ladder(bank, exercise, oracles, lambda: "k")
    (file,) = tmp_path.iterdir()
    file.write_bytes(file.read_bytes()[:-1])
    assert load_ladder(bank, exercise, oracles, lambda: "k") == drawn


def test_a_case_whose_answer_nobody_knows_is_no_rung(engine, course):
    exercise = course.exercise(EXERCISES[0])
    oracles = engine.oracles(exercise)
    whole = draw_ladder(exercise, oracles)

    class Doubting:
        def expected(self, case):
            if not case.bad and case.steps[0][0].size == 1:
                raise OraclesDisagreeError("not the same")
            return oracles.expected(case)

    assert 0 < len(draw_ladder(exercise, Doubting()).cases) < len(whole.cases)


def test_a_pass_reads_no_ladder_and_draws_none(course, tmp_path, monkeypatch):
    def refuse(*_):
        raise AssertionError("a ladder was asked for")

    monkeypatch.setattr("grader.engine.naming.answers.load_ladder", refuse)
    engine = Engine(course, bank=Bank(tmp_path))
    (result,) = engine.check(course.solutions_dir, [course.exercise(EXERCISES[0])]).exercises
    assert result.status == "passed"
    assert {file.suffix for file in tmp_path.iterdir()} == {".bank"}


def told(course, folder, source, bank_folder):
    (folder / "conv.py").write_text(source)
    engine = Engine(course, bank=Bank(bank_folder))
    document = as_document(engine.check(folder, course.find(["conv.zero_pad2d"])))
    for entry in document["exercises"]:
        entry.pop("seconds", None)
    return json.dumps(document, sort_keys=True, default=str)


def test_a_document_is_the_same_with_a_fresh_bank_and_with_a_used_one(course, tmp_path):
    used, here = tmp_path / "used", tmp_path / "here"
    here.mkdir()
    sources = [
        EVERY_AXIS,
        EVERY_AXIS.replace("padding)", "[(0, 0), (0, 0), (padding,) * 2, (padding, 0)])"),
        EVERY_AXIS.replace("np.pad(x, padding)", "x"),
        EVERY_AXIS.replace("np.pad(x, padding)", "np.pad(x, padding / 1)"),
    ]
    first = [told(course, here, source, used) for source in sources]
    again = [told(course, here, source, used) for source in reversed(sources)][::-1]
    fresh = [told(course, here, s, tmp_path / f"fresh{n}") for n, s in enumerate(sources)]
    assert first == again == fresh
    assert len(set(first)) == len(sources)


WITHOUT_EITHER = """
import sys
from pathlib import Path
sys.modules["torch"] = sys.modules["hypothesis"] = None
from grader.course.course import find_course
from grader.engine.cases.bank import Bank
from grader.engine.engine import Engine
course = find_course()
engine = Engine(course, bank=Bank(Path(sys.argv[1])))
(found,) = engine.check(Path(sys.argv[2]), course.find(["conv.zero_pad2d"])).exercises
print([found.counterexample.call, found.counterexample.shrunk, found.diagnosis.id, found.faults])
"""


def test_a_mistake_that_comes_again_is_told_without_torch_and_without_hypothesis(course, tmp_path):
    (tmp_path / "here").mkdir()
    told(course, tmp_path / "here", EVERY_AXIS, tmp_path / "bank")
    line = [sys.executable, "-c", WITHOUT_EITHER, str(tmp_path / "bank"), str(tmp_path / "here")]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "['zero_pad2d(x, 1)', True, 'padded-every-axis', ()]"
