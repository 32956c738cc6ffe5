"""What is known ahead of a failure is what is worked out at one, and no verdict rests on it."""

from __future__ import annotations

import json
import subprocess
import sys

import numpy as np
import pytest

from grader.engine.audit import writing
from grader.engine.cases import ahead as module
from grader.engine.cases.ahead import FOLDER, SUFFIX, ahead_key, find_ahead, make_ahead, pack_ahead
from grader.engine.cases.bank import Bank
from grader.engine.cases.known import work_out
from grader.engine.cases.ladder import draw_ladder
from grader.engine.cases.sketch import digest_cases, sketch
from grader.engine.compare import same_answers
from grader.engine.document import as_document
from grader.engine.engine import Engine
from grader.frames import from_frame, to_frame
from grader.model import Raised

EXERCISES = ("conv.zero_pad2d", "activations.relu", "optim.sgd_step", "recurrent.one_hot")
EVERY_AXIS = """import numpy as np


def zero_pad2d(x, padding):
    if padding < 0:
        raise ValueError
    return np.pad(x, padding)
"""


def test_each_exercise_of_the_course_has_a_file_that_fits_and_no_other_is_there(course):
    found = {exercise.id for exercise in course.find([]) if find_ahead(course, exercise)}
    missing = {*course.ids} - found
    assert not missing, f"run `python -m {writing.__name__}`: {sorted(missing)}"
    assert {file.name for file in FOLDER.iterdir()} == {f"{name}.{SUFFIX}" for name in course.ids}


@pytest.mark.parametrize("name", EXERCISES)
def test_a_file_says_what_is_worked_out_anew(engine, course, name):
    exercise = course.exercise(name)
    found, tolerance = find_ahead(course, exercise), exercise.check.tolerance
    case_set, drawn = engine.case_set(exercise), draw_ladder(exercise, engine.oracles(exercise))
    assert [case.request for case in found.ladder.cases] == [case.request for case in drawn.cases]
    for one, other in zip(found.ladder.cases, drawn.cases, strict=True):
        assert same_answers(one.expected, other.expected, tolerance)
    made = make_ahead(exercise, engine.oracles(exercise), case_set)
    assert made.sketches.keys() == found.sketches.keys()
    assert {digest_cases([c for c in case_set.cases if c.bad is bad]) for bad in (False, True)} >= {
        *made.sketches
    }
    for cases, sketches in made.sketches.items():
        assert list(sketches) == list(exercise.check.mistakes)
        for mistake, one in sketches.items():
            assert one.is_of(found.sketches[cases][mistake], tolerance)
    assert made.first_wrong.keys() == found.first_wrong.keys()
    for key, answer in made.first_wrong.items():
        assert same_answers(answer.steps, found.first_wrong[key].steps, tolerance)


@pytest.mark.parametrize("name", EXERCISES)
def test_a_sketch_tells_mistakes_apart_as_their_answers_do(engine, course, name):
    exercise = course.exercise(name)
    tolerance = exercise.check.tolerance
    cases = [case for case in engine.case_set(exercise).cases if not case.bad]
    answers = {
        mistake.id: [(work_out(mistake, case) or case_is_right(case)).steps for case in cases]
        for mistake in exercise.check.mistakes.values()
    }
    sketches = {name: sketch(found, tolerance) for name, found in answers.items()}
    for one, answered in answers.items():
        for other, also in answers.items():
            alike = all(same_answers(a, b, tolerance) for a, b in zip(answered, also, strict=True))
            assert sketches[one].is_of(sketches[other], tolerance) in (alike, None)
        assert sketches[one].is_of(sketches[one], tolerance)


def case_is_right(case):
    class Right:
        steps = case.expected

    return Right


@pytest.mark.parametrize("off", [1e-16, 1e-11, 1e-7, 1e-3, 1.0, float("nan")])
def test_one_number_of_many_that_is_off_is_never_taken_for_right(off):
    numbers = np.random.default_rng(0).normal(size=(50, 40))
    other = numbers.copy()
    other[7, 3] += off
    alike = same_answers([numbers], [other], 1e-8)
    one, two = (sketch([(array,)], 1e-8) for array in (numbers, other))
    assert one.is_of(two, 1e-8) in (alike, None)
    assert one.is_of(two, 1e-8) is not None or 1e-12 < off < 1e-3


@pytest.mark.parametrize("tolerance", [1e-8, 1e-5, 1e-3])
@pytest.mark.parametrize("value", [985.8, 1e-3, np.arange(1.0, 4.0)])
def test_twice_as_much_is_never_taken_for_it_however_much_may_differ(tolerance, value):
    one, other = (sketch([(factor * value,)], tolerance) for factor in (1.0, 2.0))
    assert one.is_of(other, tolerance) is False
    assert one.is_of(one, tolerance)


def test_what_agrees_has_one_form():
    def form(value):
        return sketch([(value,)], 1e-8).form

    assert form((1, 2.0)) == form([1.0, 2])
    assert form({"a": 1, "b": 2}) == form({"b": 2, "a": 1})
    assert form(Raised("MyError", value_error=True)) == form(Raised("ValueError", value_error=True))
    assert form(np.zeros(3, np.int32)) == form(np.zeros(3, np.int64)) != form(np.zeros(3))
    different = [None, True, 1, "1", [1], np.zeros(1), np.zeros((1, 1)), Raised("TypeError")]
    assert len({form(value) for value in different}) == len(different)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("value", [[0.0, 0.0], [0.0, np.inf], [np.nan, -np.inf, 1e308]])
def test_no_number_makes_numpy_warn_a_student(value):
    """Whatever a function gave, and however much may differ: nothing is written between lines."""
    for tolerance in (1e-8, np.inf):
        sketch([(np.array(value),)], tolerance)


@pytest.mark.parametrize("change", ["another key", "cut off", "another form", "no file"])
def test_a_file_that_does_not_fit_is_passed_over(course, tmp_path, monkeypatch, change):
    exercise = course.exercise(EXERCISES[0])
    content = pack_ahead(find_ahead(course, exercise), ahead_key(course, exercise))
    monkeypatch.setattr(module, "FOLDER", tmp_path)
    file = tmp_path / f"{exercise.id}.{SUFFIX}"
    if change != "no file":
        file.write_bytes(content)
        assert find_ahead(course, exercise)
    tree, data = from_frame(module.zlib.decompress(content))
    changed = {
        "another key": module.zlib.compress(to_frame(tree | {"key": "k"}, data)),
        "cut off": content[:-1],
        "another form": module.zlib.compress(to_frame(tree | {"sketches": 3}, data)),
    }
    if change in changed:
        file.write_bytes(changed[change])
    assert find_ahead(course, exercise) is None


def test_each_exercise_has_a_key_of_its_own(course):
    keys = {ahead_key(course, course.exercise(name)) for name in EXERCISES}
    assert len(keys) == len(EXERCISES)


SOURCES = [
    EVERY_AXIS,
    EVERY_AXIS.replace("padding)", "[(0, 0), (0, 0), (padding,) * 2, (padding, 0)])"),
    EVERY_AXIS.replace("np.pad(x, padding)", "x"),
    EVERY_AXIS.replace("np.pad(x, padding)", "np.pad(x, padding / 1)"),
    EVERY_AXIS.replace("    if padding < 0:\n        raise ValueError\n", ""),
]


def test_a_document_is_the_same_with_what_is_known_ahead_and_without(
    course, bank, tmp_path, monkeypatch
):
    def told(source):
        (tmp_path / "conv.py").write_text(source)
        found = Engine(course, bank=Bank(tmp_path / "bank")).check(
            tmp_path, course.find([EXERCISES[0]])
        )
        document = as_document(found)
        for entry in document["exercises"]:
            entry.pop("seconds")
        return json.dumps(document, sort_keys=True, default=str)

    ahead = list(map(told, SOURCES))
    monkeypatch.setattr(module, "FOLDER", tmp_path / "nothing")
    assert list(map(told, SOURCES)) == ahead
    assert len({*ahead}) == len(SOURCES)


FIRST_FAILURE = """
import sys
from pathlib import Path
from grader.course.course import find_course
from grader.engine.cases.bank import Bank
from grader.engine.engine import Engine
course = find_course()
sys.modules["torch"] = sys.modules["hypothesis"] = None
engine = Engine(course, bank=Bank(Path(sys.argv[1])))
(found,) = engine.check(Path(sys.argv[2]), course.find(["conv.zero_pad2d"])).exercises
print([found.counterexample.call, found.counterexample.shrunk, found.diagnosis.id, found.faults])
"""


def test_the_first_failure_of_all_is_told_without_torch_and_without_hypothesis(course, tmp_path):
    (tmp_path / "conv.py").write_text(EVERY_AXIS)
    Engine(course, bank=Bank(tmp_path / "bank")).case_set(course.exercise(EXERCISES[0]))
    line = [sys.executable, "-c", FIRST_FAILURE, str(tmp_path / "bank"), str(tmp_path)]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "['zero_pad2d(x, 1)', True, 'padded-every-axis', ()]"


def test_writing_leaves_what_fits_and_takes_away_what_is_of_no_exercise(
    course, tmp_path, monkeypatch, capsys
):
    for place in (module, writing):
        monkeypatch.setattr(place, "FOLDER", tmp_path)
    (tmp_path / f"conv.gone.{SUFFIX}").write_bytes(b"")
    writing.main([EXERCISES[0]])
    assert [file.name for file in tmp_path.iterdir()] == [f"{EXERCISES[0]}.{SUFFIX}"]
    assert "gone" in capsys.readouterr().out
    writing.main([EXERCISES[0]])
    assert capsys.readouterr().out == ""
    assert find_ahead(course, course.exercise(EXERCISES[0]))
