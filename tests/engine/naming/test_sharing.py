"""Two objects of a class that share what each should have for itself; how else scripts end."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.course.course import find_course
from grader.engine.engine import Engine

STREAMS = Engine(
    find_course(Path(__file__).resolve().parents[3] / "examples" / "courses" / "streams")
)

RIGHT = """import numpy as np


class Linear:
    def __init__(self, weight, bias):
        self.weight, self.bias, self.x = weight.copy(), bias.copy(), None
        self.zero_grad()

    def forward(self, x):
        self.x = x
        return x @ self.weight.T + self.bias

    def backward(self, grad_out):
        if self.x is None:
            raise RuntimeError("there was no forward")
        self.grad_weight += grad_out.T @ self.x
        self.grad_bias += grad_out.sum(axis=0)
        return grad_out @ self.weight

    def zero_grad(self):
        self.grad_weight, self.grad_bias = np.zeros_like(self.weight), np.zeros_like(self.bias)

    def parameters(self):
        return [self.weight, self.bias]

    def gradients(self):
        return [self.grad_weight, self.grad_bias]


class SGD:
    def __init__(self, params, lr, weight_decay=0.0):
        self.params, self.lr, self.weight_decay = params, lr, weight_decay

    def step(self, grads):
        for p, g in zip(self.params, grads):
            if g is not None:
                p -= self.lr * (g + self.weight_decay * p)


class Momentum:
    def __init__(self, params, lr, momentum=0.9, nesterov=False):
        self.params, self.lr, self.momentum, self.nesterov = params, lr, momentum, nesterov
        self.v = [np.zeros_like(p) for p in params]

    def step(self, grads):
        for i, (p, g) in enumerate(zip(self.params, grads)):
            if g is not None:
                self.v[i] = self.momentum * self.v[i] + g
                p -= self.lr * (g + self.momentum * self.v[i] if self.nesterov else self.v[i])
"""


def name_of(engine, course, folder, name, *changes):
    """Return what is named in a class in which pieces of the right answer are exchanged."""
    text = RIGHT
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    (folder / "layers.py").write_text(text, encoding="utf-8")
    (result,) = engine.check(folder, [course.exercise(f"layers.{name}")]).exercises
    assert not result.faults
    return result.diagnosis.id if result.diagnosis else result.status


@pytest.mark.parametrize("name", ["Linear", "SGD", "Momentum"])
def test_what_is_right_has_no_name(name, engine, course, tmp_path):
    assert name_of(engine, course, tmp_path, name) == "passed"


SHARED = {
    "inputs": [
        ("self.x = x", "Linear.x = x"),
        (", self.x = ", ", _ = "),
        ("Linear:", "Linear:\n    x = None\n"),
    ],
    "gradients": [
        ("self.grad_weight, self.grad_bias = np", "Linear.grad_weight, Linear.grad_bias = np"),
        ("self.grad_weight +=", "Linear.grad_weight +="),
        ("self.grad_bias +=", "Linear.grad_bias +="),
    ],
    "a default": [
        ("weight, bias):", "weight, bias, kept=[]):"),
        (", self.x = ", ", self.kept = "),
        (", None\n", ", kept\n"),
        ("self.x = x", "self.kept.append(x)"),
        ("self.x is None", "not self.kept"),
        ("@ self.x", "@ self.kept[-1]"),
    ],
}  # fmt: skip


@pytest.mark.parametrize("what", SHARED)
def test_what_two_layers_share_is_told_as_that(what, engine, course, tmp_path):
    assert name_of(engine, course, tmp_path, "Linear", *SHARED[what]) == "state-shared"


def test_a_slip_about_none_is_not_taken_for_something_shared(engine, course, tmp_path):
    """Every script in which a gradient of SGD is None has two optimisers."""
    before, after = (
        "            if g is not None:\n",
        "            if g is None:\n                p += 1\n",
    )
    change = (before, f"{after}            else:\n")
    assert name_of(engine, course, tmp_path, "SGD", change) != "state-shared"


def test_what_lasts_from_one_object_to_the_next_is_told_in_words_about_objects(
    engine, course, tmp_path
):
    made = ("        self.v = [np.zeros_like(p) for p in params]\n", "")
    kept = ("self.momentum * self.v[i] + g\n", "self.momentum * self.v.get(i, 0.0) + g\n")
    (tmp_path / "layers.py").write_text(
        RIGHT.replace(*made).replace(*kept).replace("Momentum:", "Momentum:\n    v = {}\n")
    )
    (result,) = engine.check(tmp_path, [course.exercise("layers.Momentum")]).exercises
    assert result.diagnosis.id == "not-the-same-again"
    assert result.diagnosis.message.endswith("Write it to `self`.")


MOMENTS = """import numpy as np


class RunningMoments:
    def __init__(self, size):
        self.count, self.m, self.s = 0, np.zeros(size), np.zeros(size)

    def push(self, x):
        self.count += 1
        d = x - self.m
        self.m = self.m + d / self.count
        self.s = self.s + d * (x - self.m)

    def mean(self):
        if self.count == 0:
            raise ValueError
        return self.m

    def variance(self):
        if self.count == 0:
            raise ValueError
        return self.s / self.count
"""
NONE_YET = "        if self.count == 0:\n            raise ValueError\n"


def told_of(folder, *changes):
    """Return the result of the class above, in which pieces are exchanged."""
    text = MOMENTS
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    (folder / "streams.py").write_text(text, encoding="utf-8")
    (result,) = STREAMS.check(folder, STREAMS.course.find(["RunningMoments"])).exercises
    return result


def test_a_call_that_raises_nothing_is_told_by_its_method_and_not_by_its_scripts(tmp_path):
    assert told_of(tmp_path).status == "passed"
    result = told_of(tmp_path, (NONE_YET, ""), ("/ self.count\n", "/ (self.count or np.nan)\n"))
    assert result.diagnosis.message == (
        "Each of mean, variance has to raise ValueError where the docstring says so, and does not."
    )
    assert result.separation == ""  # that one row has come by then is no reason


def test_an_assertion_in_place_of_what_is_asked_for_is_told_with_its_line(tmp_path):
    result = told_of(tmp_path, (NONE_YET, "        assert self.count\n"))
    assert "has to raise ValueError: line 15 raises AssertionError" in result.diagnosis.message


def test_what_a_method_returned_and_a_later_call_changes_is_to_be_copied(tmp_path):
    result = told_of(tmp_path, ("self.m = self.m + d", "self.m += d"))
    assert result.diagnosis.id == "returned-itself"
    assert "return a copy" in result.diagnosis.message


def test_an_object_of_a_foreign_type_is_told_with_the_step_that_returned_it(tmp_path):
    result = told_of(tmp_path, ("return self.m\n", "return {1: (n for n in self.m)}\n"))
    assert result.status == "rejected"
    assert result.counterexample.call == "a.mean()"
    assert result.message.startswith("a.mean() returns an object of type generator, which ")


def test_a_method_that_is_read_as_an_attribute_is_told_as_that(tmp_path):
    counting = ("    def mean", "    def count(self):\n        return self.n\n\n    def mean")
    result = told_of(
        tmp_path, counting, ("self.count,", "self.n,"), ("self.count +=", "self.n +="),
        ("/ self.count", "/ self.n"), ("self.count ==", "self.n =="),
    )  # fmt: skip
    assert result.message.startswith("a.count is a method, and is read here: write @property")


def test_one_gradient_of_zero_is_not_called_zero_everywhere(engine, course, tmp_path):
    wrong = Path(__file__).parents[2] / "realistic" / "layers" / "Value"
    text = (wrong / "equal-leaves-are-one.py.txt").read_text(encoding="utf-8")
    (tmp_path / "layers.py").write_text(text, encoding="utf-8")
    (result,) = engine.check(tmp_path, [course.exercise("layers.Value")]).exercises
    assert result.status == "failed"
    assert result.diagnosis is None or result.diagnosis.id != "zeros"
