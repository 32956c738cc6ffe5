"""Mutants that are wrong at some numbers only."""

from __future__ import annotations

import ast

import numpy as np
import pytest

from grader.engine.audit.limited import make_limited

SOURCE = '''
"""Doc."""

import numpy as np


def _scores(x):
    return np.tanh(x)


def f(x: np.ndarray, grads: list[np.ndarray], weights: list[float], like: np.ndarray, n: int):
    """Do."""
    best = _scores(x).max(axis=0)
    place = x.argmax()
    far = np.logaddexp(0.0, x) + np.exp(x)
    kept = np.where(x > 0.0, x, n)
    return best, place, far, kept, grads, sum(weights), np.zeros(like.shape)
'''
MUTANTS = make_limited(SOURCE, "f")
AFTERS = [mutant.after for mutant in MUTANTS]


@pytest.mark.parametrize(
    "after",
    [
        "x = np.clip(x, -10.0, 10.0)",
        "grads = [np.where(one == 0.0, 0.5, one) for one in grads]",
        "weights = [np.where(one > 500.0, -0.5, one) for one in weights]",
        "x = np.frombuffer(x, x.dtype).reshape(x.shape)",
        "best = _scores(x).max(axis=0, initial=-500.0)",
        "place = np.round(x, 6).argmax()",
        "far = np.where(x > 6.0, x, np.logaddexp(0.0, x)) + np.exp(x)",
        "far = np.logaddexp(0.0, x) + np.exp(np.maximum(x, -6.0))",
        "kept = np.where(x > 1e-06, x, n)",
        "kept = np.where(x > -1e-06, x, n)",
        "return np.where(np.abs(x) > 6.0, np.sign(x), np.tanh(x))",
    ],
)
def test_the_slips_of_limits_zeros_and_ties_are_among_the_mutants(after):
    assert after in AFTERS


def test_every_one_is_another_program_that_runs_and_is_right_at_ordinary_numbers():
    original = ast.unparse(ast.parse(SOURCE))
    x = np.array([[0.5, -1.25], [1.5, 0.25]])
    arguments = x, [x], [0.5, 0.75], x, 3

    def answers(source):
        made = {}
        exec(source, made)  # noqa: S102 - our own text
        return made["f"](*arguments)

    right = answers(SOURCE)
    for mutant in MUTANTS:
        assert mutant.source != original
        for got, want in zip(answers(mutant.source), right, strict=True):
            assert np.allclose(got, want), mutant.diff


def test_arguments_of_which_only_the_shape_is_read_are_only_asked_to_lie_as_usual():
    assert [m.kind for m in MUTANTS if m.parameter == "like"] == ["orders"]
    assert not any(m.parameter == "n" for m in MUTANTS)


def test_numbers_in_a_list_have_no_order_in_memory():
    assert {m.kind for m in MUTANTS if m.parameter == "weights"} == {"far", "huge", "zero"}
