"""Comparing has laws: equal is equal, and every message says what, got and expected."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from grader.engine.compare import allowed_error, first_mismatch, same_answers
from grader.engine.wording import describe
from grader.model import NarrowFloat, Opaque, Raised, Unsupported

finite = npst.arrays(
    np.float64,
    npst.array_shapes(max_dims=3, max_side=4),
    elements=st.floats(-1e6, 1e6, allow_subnormal=False),
)
TOLERANCE = 1e-8


def mismatch(expected, actual, names=()):
    return first_mismatch([expected], [actual], TOLERANCE, names)


@given(finite)
def test_an_array_equals_itself_in_any_layout(array):
    assert mismatch(array, array.copy(order="F")) is None
    assert mismatch(array, np.flip(np.flip(array))) is None
    assert same_answers([array], [array], TOLERANCE)


@given(finite, st.data())
def test_one_wrong_element_is_found_at_its_index(array, data):
    index = tuple(data.draw(st.integers(0, n - 1)) for n in array.shape)
    wrong = array.copy()
    wrong[index] += 4 * allowed_error(array, TOLERANCE)
    found = mismatch(array, wrong)
    assert found.kind == "values"
    assert found.index == index
    assert (found.wrong, found.total) == (1, array.size)


@given(finite)
def test_an_error_within_the_tolerance_is_no_error(array):
    assert mismatch(array, array + 0.9 * allowed_error(array, TOLERANCE)) is None


@pytest.mark.parametrize(
    ("expected", "actual", "kind", "message"),
    [
        (np.zeros(2), [0.0, 0.0], "type",
         "result = a list of 2: 0.0 (float), 0.0 (float), expected a float64 array of shape (2,)"),
        (np.zeros(2), np.zeros(2, int), "dtype", "result.dtype = int64, expected float64"),
        (np.zeros(2), np.zeros(2, np.float32), "dtype", "result.dtype = float32, expected float64"),
        (np.zeros(2), np.zeros((2, 1)), "shape", "result.shape = (2, 1), expected (2,)"),
        (np.zeros(2), np.array([0.0, np.nan]), "finite", "result[1] = nan, expected 0"),
        (np.zeros(2), np.array([0.0, 1.0]), "values", "result[1] = 1, expected 0"),
        (np.zeros(2), Opaque("object", (2,)), "dtype", "result.dtype = object, expected float64"),
        (np.zeros(2), Opaque("float64", (9, 9)), "shape", "result.shape = (9, 9), expected (2,)"),
        (np.zeros(2), Opaque("float64", (2,)), "shape", "result is too large to be the answer"),
        (5, 5.0, "type", "result = 5.0 (float), expected 5 (int)"),
        (5, True, "type", "result = True (bool), expected 5 (int)"),
        (5, 6, "values", "result = 6, expected 5"),
        (0.5, float("inf"), "finite", "result = inf, expected 0.5"),
        (0.5, "a", "type", "result = 'a' (str), expected a number"),
        (0.5, None, "type", "result = None, expected a number"),
        (1 / 3, 1 / 3 + 1e-7, "values", "result = 0.3333334333, expected 0.3333333333"),
        ([1, 2], [1], "shape", "result has 1 item, expected 2"),
        ([1, 2], [1, 3], "values", "result[1] = 3, expected 2"),
        ([1, 2], 1, "type", "result = 1 (int), expected a list of 2: 1 (int), 2 (int)"),
        ({"a": 0}, {}, "values", "result has no 'a', expected 0 (int)"),
        ({"a": 0}, {"a": 1}, "values", "result['a'] = 1, expected 0"),
        ({"a": 0}, {"a": np.zeros(2)}, "type",
         "result['a'] = a float64 array of shape (2,), expected 0 (int)"),
        ({"a": 0}, [0], "type", "result = a list of 1: 0 (int), expected a dict of 1"),
        (np.array([True, False]), np.array([True, True]), "values", "result[1] = 1, expected 0"),
        (np.array([2**60]), np.array([2**60 + 1]), "values",
         "result[0] = 1152921504606846977, expected 1152921504606846976"),
        ({}, {"a": 1}, "values", "result has 'a', which is not expected"),
        (Raised("ValueError", value_error=True), 3, "values",
         "result = 3 (int), expected ValueError"),
        (Raised("ValueError", value_error=True), Raised("KeyError"), "raises",
         "it raised KeyError, expected ValueError"),
        (1.0, Raised("KeyError", "no"), "raises", "it raised KeyError: no"),
    ],
)  # fmt: skip
def test_every_difference_has_its_kind_and_one_form_of_message(expected, actual, kind, message):
    found = mismatch(expected, actual)
    assert (found.kind, found.message) == (kind, message)


@pytest.mark.parametrize(
    ("expected", "actual"),
    [
        (0.5, np.float64(0.5)),
        (2.0, 2),
        (np.array([1, 2]), np.array([1, 2], np.int32)),
        ([1, np.zeros(2)], (1, np.zeros(2))),
        ({"a": 0, "b": 1}, {"b": 1, "a": 0}),
        (Raised("ValueError", value_error=True), Raised("UnicodeError", value_error=True)),
        (float("inf"), float("inf")),
    ],
)
def test_what_the_course_allows_is_right(expected, actual):
    assert mismatch(expected, actual) is None


def test_a_narrow_float_is_a_wrong_dtype():
    narrow = NarrowFloat(0.5)
    narrow.dtype = "float32"
    assert mismatch(0.5, narrow).message == "result is float32, expected float64"


def test_parts_of_a_result_are_called_by_their_names():
    expected = [np.zeros(2), np.zeros(3)]
    found = mismatch(expected, [np.zeros(2), np.ones(3)], ("grad_x", "grad_bias"))
    assert found.message == "grad_bias[0] = 1, expected 0"


def test_the_first_wrong_step_of_a_sequence_is_shown():
    found = first_mismatch([1.0, 2.0, 3.0], [1.0, 9.0, 9.0], TOLERANCE)
    assert found.step == 1


def test_nan_in_the_same_places_agrees_with_itself_only_between_mistakes():
    array = np.array([1.0, np.nan])
    assert same_answers([array], [array], TOLERANCE)
    assert not same_answers([array], [np.array([1.0, 2.0])], TOLERANCE)


def test_exceptions_agree_by_type():
    assert same_answers([Raised("IndexError")], [Raised("IndexError", "other words")], TOLERANCE)
    assert not same_answers([Raised("IndexError")], [Raised("NameError")], TOLERANCE)
    assert not same_answers([Raised("IndexError")], [1.0], TOLERANCE)


def test_a_foreign_object_is_called_by_its_type():
    assert describe(Unsupported("set")) == "an object of type set"
    assert repr({"a": [Unsupported("set")]}) == "{'a': [<set>]}"


@given(finite, st.floats(1.0, 1e4))
def test_the_error_that_terms_allow_is_that_of_rounding_them_and_no_more(array, terms):
    more = allowed_error(array, TOLERANCE, terms) - allowed_error(array, TOLERANCE)
    assert more == pytest.approx(1e-12 * (terms - 1.0), abs=1e-15)


def test_what_large_terms_leave_is_right_within_their_rounding_alone():
    want, off = np.array([0.0, 0.0]), np.array([0.0, 5e-11])
    assert first_mismatch([want], [off], TOLERANCE) is not None
    assert first_mismatch([want], [off], TOLERANCE, terms=1000.0) is None
    assert first_mismatch([0.0], [5e-11], TOLERANCE, terms=1000.0) is None
    assert first_mismatch([[want]], [[off * 100]], TOLERANCE, terms=1000.0) is not None
