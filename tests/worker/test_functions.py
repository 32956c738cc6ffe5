"""A function among the arguments is made for one call, and what is done with it ends there."""

from __future__ import annotations

import pytest

from grader.course.course import find_course
from grader.model import Status

EXERCISE = find_course().exercise("train.numerical_gradient")
RIGHT = """\
import numpy as np


def numerical_gradient(f, x, eps=1e-6):
    {before}
    slopes = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[index] = eps
        slopes[index] = (f(x + step) - f(x - step)) / (2 * eps)
    {after}
    return slopes
"""


def checked(engine, folder, before="pass", after="pass"):
    source = RIGHT.format(before=before, after=after)
    (folder / "train.py").write_text(source, encoding="utf-8")
    return engine.check(folder, [EXERCISE]).exercises[0]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("assert not hasattr(f, 'calls')", "f.calls = 2 * x.size"),
        ("assert f(x) == f(x)", "f.__code__ = (lambda x: 0.0).__code__"),
        ("assert f.__globals__.get('seen') is None", "f.__globals__['seen'] = x"),
        ("assert callable(f) and f.__name__ == '<lambda>'", "pass"),
    ],
)
def test_each_call_has_a_function_of_its_own(engine, tmp_path, before, after):
    assert checked(engine, tmp_path, before, after).status is Status.PASSED


def test_what_a_function_raises_is_told_at_the_line_that_calls_it(engine, tmp_path):
    result = checked(engine, tmp_path, before="f('text')")
    assert result.status is Status.ERROR
    assert result.location.line == 5
    assert result.counterexample.call == "numerical_gradient(lambda x: (x * x).sum(), x)"


def test_a_function_in_place_of_an_answer_is_none(engine, tmp_path):
    result = checked(engine, tmp_path, after="return f")
    assert result.status is Status.REJECTED
    assert "function" in result.message
