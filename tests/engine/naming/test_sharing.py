"""Two objects of a class that share what each should have for itself."""

from __future__ import annotations

import pytest

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
