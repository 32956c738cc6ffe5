"""Exercises on strings and dicts, from the cases to the mistake that is named."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from grader.course.course import find_course
from grader.engine.document import entry_of
from grader.engine.engine import Engine
from grader.model import Status
from grader.render.failure import Manner, render_failure

CAPTIONS = find_course(Path(__file__).resolve().parents[2] / "examples" / "courses" / "pixels")
WORDS, LABEL = "captions.count_words", "captions.best_label"
RIGHT = """
import re
from collections import defaultdict
def count_words(caption):
    found = defaultdict(int)
    for word in re.findall("[a-z]+", caption.lower()):
        found[word] += 1
    return found
def best_label(scores):
    return sorted(scores, key=lambda label: (-scores[label], label))[0]
"""
WRONG = {
    "capitals": (WORDS, "caption.lower()", "caption", "[a-z]", "[a-zA-Z]"),
    "ends-kept": (WORDS, "[a-z]+", "[a-z.,]+"),
    "once": (WORDS, "+= 1", "= 1"),
    "first-of-dict": (LABEL, "(-scores[label], label)", "-scores[label]"),
    "lowest": (LABEL, "-scores", "scores"),
    "score-itself": (LABEL, "label))[0]", "label))[0]", "return sorted", "return scores[sorted",
                     "[0]\n", "[0]]\n"),
}  # fmt: skip
FILES = {
    "solutions/params.py": '''"""Parameters by name."""


def decay(params, rate):
    """Make parameters smaller.

    Parameters
    ----------
    params : dict of str to ndarray
        By name.
    rate : float
        How much.

    Returns
    -------
    smaller : dict of str to ndarray
        New arrays.
    """
    return {name: value * (1 - rate) for name, value in params.items()}
''',
    "checks/params/decay.py": '''"""All of them become smaller."""

from grader.vocabulary import Exercise, array, between, one_of, strategy


@strategy
def cases(draw):
    rows = draw(between(1, 3))
    return {"w": draw(array(rows, 2)), "b": draw(array(rows))}, draw(one_of(0.5, 0.25))


exercise = Exercise(points=1, decks=(), levels={"all": cases()}, hints=())


@exercise.equivalent
def decay(params, rate):
    return {name: value * (1 - rate) for name, value in params.items()}


@exercise.mistake("The biases stay as they are.")
def no_bias(params, rate):
    return {name: decay(params, rate)[name] if name == "w" else params[name] for name in params}
''',
}


@pytest.fixture(scope="module")
def captions(bank):
    return Engine(CAPTIONS, bank=bank)


@pytest.fixture(scope="module")
def params(tmp_path_factory):
    folder = tmp_path_factory.mktemp("course")
    files = FILES | {
        "exercises/params.py": FILES["solutions/params.py"].replace(
            "return {name: value * (1 - rate) for name, value in params.items()}",
            "raise NotImplementedError",
        )
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return Engine(find_course(folder))


def check(engine, tmp_path, text, exercise_id):
    (tmp_path / f"{exercise_id.partition('.')[0]}.py").write_text(text)
    (result,) = engine.check(tmp_path, engine.course.find([exercise_id])).exercises
    return result


def test_another_way_passes_a_class_of_dict_too(captions, tmp_path):
    for exercise_id in (WORDS, LABEL):
        assert check(captions, tmp_path, RIGHT, exercise_id).status is Status.PASSED


@pytest.mark.parametrize("name", WRONG)
def test_a_mistake_is_caught_and_named(captions, tmp_path, name):
    exercise_id, *changes = WRONG[name]
    text = RIGHT
    for before, after in zip(changes[::2], changes[1::2], strict=True):
        text = text.replace(before, after)
    result = check(captions, tmp_path, text, exercise_id)
    assert result.status is Status.FAILED
    assert result.diagnosis.id == name


def test_a_key_that_is_missing_and_one_too_many_are_told(captions, tmp_path):
    text = RIGHT.replace("return found", "found['?'] = 1; return found")
    assert check(captions, tmp_path, text, WORDS).message == (
        "counts has '?', which is not expected"
    )
    text = RIGHT.replace("return found", "found.pop('a', None); return found")
    assert check(captions, tmp_path, text, WORDS).message == "counts has no 'a', expected 1 (int)"
    text = RIGHT.replace("return found", "return sorted(found)")
    assert check(captions, tmp_path, text, WORDS).message.startswith("counts = ")


WEIGHTS_ALONE = """
def decay(params, rate):
    return {name: params[name] * (1 - rate * (name == 'w')) for name in params}
"""
IN_PLACE = """
def decay(params, rate):
    for name in params:
        params[name] *= 1 - rate
    return params
"""


def test_a_dict_of_arrays_goes_in_and_out_and_is_shown_by_its_keys(params, tmp_path):
    right = FILES["solutions/params.py"]
    assert check(params, tmp_path, right, "params.decay").status is Status.PASSED
    result = check(params, tmp_path, WEIGHTS_ALONE, "params.decay")
    assert result.diagnosis.id == "no-bias"
    assert result.message.startswith("smaller['b'][0] = ")
    shown = result.counterexample
    assert shown.call.startswith("decay(params, ")
    assert isinstance(shown.arguments["params"]["w"], np.ndarray)
    assert entry_of(result)["counterexample"]["expected"]["dict"][0][0] == "w"
    console = Console(width=90, record=True, file=io.StringIO())
    console.print(render_failure(result, params.course.exercise("params.decay"), manner=Manner()))
    text = console.export_text()
    assert "params a dict of 2" in text
    assert "['b'] shape (" in text


def test_an_array_that_is_changed_inside_of_a_dict_is_noticed(params, tmp_path):
    message = check(params, tmp_path, IN_PLACE, "params.decay").message
    assert message == "it changes its argument params; work on copies of what it holds"
