"""A function among the arguments of a case is arithmetic, and nothing else, whatever it is for."""

from __future__ import annotations

import copy

import numpy as np
import pytest

from grader.errors import CourseError
from grader.model.functions import Lambda


@pytest.mark.parametrize(
    "text", ["lambda x: (x * x).sum()", "lambda x, y: 2 ** -x / (1 + y.prod())"]
)
def test_its_text_makes_it_again(text):
    made = Lambda(text)
    numbers = [np.array([0.5, -1.5]), np.array([2.0, 3.0])][: text.count(",") + 1]
    assert repr(made) == text
    np.testing.assert_array_equal(made(*numbers), eval(text, {})(*numbers))  # noqa: S307 - above


@pytest.mark.parametrize(
    "text",
    [
        "lambda x: open(x)",
        "lambda x: x.__class__",
        "lambda x: x.sum(axis=0)",
        "lambda x: x.tofile()",
        "lambda x: x.sum",
        "lambda x: y",
        "lambda x=1: x",
        "lambda x: [n for n in x]",
        "lambda x: x[0]",
        "lambda x: 'text' * x",
        "lambda x: (y := x)",
        "lambda x: lambda y: z",
        "lambda x: x; x",
        "x",
        "lambda x",
        "",
    ],
)
def test_what_is_more_than_arithmetic_is_refused_in_one_line(text):
    with pytest.raises(CourseError, match="is no function of a case: write arithmetic"):
        Lambda(text)


def test_two_of_one_text_are_equal_and_a_copy_is_one():
    one, other = Lambda("lambda x: x + 1"), Lambda("lambda x: x + 1")
    assert one == other == copy.deepcopy(one)
    assert hash(one) == hash(other)
