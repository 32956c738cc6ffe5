"""What a wrong result was multiplied by, in the words of the exercise's own page."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from grader.course.course import find_course
from grader.engine.naming.symptoms.factors import find_ratio, is_factor, possible_factors
from grader.worker.wire import unpack_case

WORDS = re.compile(r"(\w+)\.shape\[(\d)\](?: \((.+)\))?")
SHAPE_WRITTEN = r"^{name} : .*shapes? (?:\(([^()]*)\)|of (\w+))$"
COURSE = find_course()
LINEAR = COURSE.exercise("linear.linear_forward")
RELU = COURSE.exercise("activations.relu")


def written_axes(docstring, name):
    """Return the axes of a parameter as its line has them, or nothing."""
    taken = docstring.partition("\nReturns\n")[0]
    line = re.search(SHAPE_WRITTEN.format(name=name), taken, re.MULTILINE)
    if line is None:
        return []
    if line[2]:
        return written_axes(docstring, line[2])
    return [axis.strip() for axis in line[1].split(",") if axis.strip()]


def array_parameters():
    """Return the arrays that the course's exercises take and whose axes have names."""
    found = []
    for exercise in COURSE.find(()):
        docstring = exercise.stub.docstring
        names = [parameter.name for parameter in exercise.stub.parameters]
        found += [(exercise, name) for name in names if written_axes(docstring, name)]
    return found


ARRAYS = array_parameters()


@pytest.mark.parametrize(
    ("exercise", "name"), ARRAYS, ids=[f"{exercise.id}-{name}" for exercise, name in ARRAYS]
)
def test_a_factor_names_an_axis_as_the_page_of_the_exercise_does(exercise, name, engine):
    axes = written_axes(exercise.stub.docstring, name)
    names = [parameter.name for parameter in exercise.stub.parameters]
    calls = [
        dict(zip(names, unpack_case(case.request)[0], strict=False))
        for case in engine.case_set(exercise).cases
        if not case.bad
    ]
    assert any(isinstance(call.get(name), np.ndarray) for call in calls), "no case has the array"
    told = [WORDS.fullmatch(words) for words, _ in possible_factors(exercise, calls)]
    letters = [found[3] for found in told if found and found[1] == name]
    assert letters == axes


def test_every_module_but_those_of_any_shape_and_of_plain_numbers_has_such_arrays():
    assert len(ARRAYS) >= 100
    assert {exercise.module for exercise, _ in ARRAYS} >= {"linear", "conv", "pool", "recurrent"}


def test_an_axis_without_a_name_is_told_by_its_number():
    words = [words for words, _ in possible_factors(RELU, [{"x": np.zeros((2, 3))}])]
    assert words == ["-1", "2", "x.shape[0]", "x.shape[1]", "x.size"]


def test_the_length_of_one_axis_may_stand_for_another_s():
    exercise = COURSE.exercise("losses.cross_entropy_backward")
    calls = [{"logits": np.zeros((2, 8)), "targets": np.zeros(2, int)}]
    found = dict(possible_factors(exercise, calls))
    assert found["logits.shape[0] / logits.shape[1] (N / K)"] == [0.25]
    assert found["logits.shape[1] / logits.shape[0] (K / N)"] == [4.0]


@given(st.lists(npst.array_shapes(min_dims=1, max_dims=4, max_side=3), min_size=1, max_size=4))
def test_arrays_of_any_rank_have_a_value_in_every_call(shapes):
    calls = [{"x": np.zeros(shape)} for shape in shapes]
    found = list(possible_factors(RELU, calls))
    assert {len(values) for _, values in found} == {len(calls)}
    assert len(found) == 3 + min(map(len, shapes))


def test_an_argument_that_is_a_number_here_and_a_pair_there_is_no_factor():
    calls = [{"kernel_size": (2, 3)}, {"kernel_size": 2}]
    assert [words for words, _ in possible_factors(RELU, calls)] == ["-1", "2"]
    assert [words for words, _ in possible_factors(RELU, calls[:1])][2:] == [
        "kernel_size[0] * kernel_size[1]", "kernel_size[0]",
    ]  # fmt: skip


@given(
    npst.arrays(float, npst.array_shapes(max_dims=2), elements=st.floats(-100, 100, width=32)),
    st.floats(0.1, 50),
    st.sampled_from([1.0, -1.0]),
)
def test_the_ratio_of_a_multiple_is_its_factor(array, size, sign):
    found = find_ratio(array, array * size * sign)
    assert is_factor(found, size * sign) if np.any(array) else found is None


@pytest.mark.parametrize(
    ("expected", "actual"),
    [
        (np.ones(2), np.ones(3)),
        (np.zeros(2), np.zeros(2)),
        (np.ones(2), np.zeros(2)),
        (np.ones(2), np.array([2.0, np.nan])),
        (np.ones(2), np.array([2.0, 3.0])),
        (np.ones(2), "text"),
        (1, 2),
        (1.0, None),
    ],
)
def test_what_is_no_multiple_has_no_ratio(expected, actual):
    assert find_ratio(expected, actual) is None


@pytest.mark.parametrize("given", [(1, [2.0, 3.0]), [np.zeros(0), np.zeros(2)], [[1], [1, 2]]])
def test_what_is_no_array_has_no_ratio(given):
    assert find_ratio(np.array([1.0, 2.0]), given) is None
