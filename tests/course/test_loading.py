"""The Python files of a course are imported, and what they define takes what cases hold."""

from __future__ import annotations

import functools
import inspect

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.course.loading import lacks

PARTS = ("a", "b, /", "c, d", "e=1", "*rest", "*, f=1", "*, g", "**named")


def make(parameters):
    """Return a function of these parameters."""
    return eval(f"lambda {parameters}: None")  # noqa: S307 - the text is a test's own


def binds(function, count):
    """Tell whether `inspect` can bind so many arguments to a function."""
    try:
        inspect.signature(function).bind(*[None] * count)
    except TypeError:
        return False
    return True


@given(st.lists(st.sampled_from(PARTS), unique=True), st.integers(0, 5))
def test_a_function_lacks_something_where_its_arguments_cannot_be_bound(parts, count):
    try:
        function = make(", ".join(sorted(parts, key=PARTS.index)))
    except SyntaxError:  # *rest and a bare * do not go together
        return
    assert (lacks(function, count) == "") is binds(function, count)


@pytest.mark.parametrize("count", range(4))
def test_what_a_function_wraps_says_what_it_takes(count):
    wrapped = functools.wraps(make("a, b"))(make("*rest"))
    assert (lacks(wrapped, count) == "") is binds(wrapped, count) is (count == 2)


@pytest.mark.parametrize("count", range(3))
def test_a_signature_that_a_function_gives_itself_counts(count):
    function = make("*rest")
    function.__signature__ = inspect.signature(make("a"))
    assert (lacks(function, count) == "") is binds(function, count) is (count == 1)


@pytest.mark.parametrize("count", range(3))
def test_a_class_and_a_part_of_a_function_are_looked_at_too(count):
    part = functools.partial(make("a, b"), 1)
    assert (lacks(part, count) == "") is binds(part, count) is (count == 1)
