"""The result document is JSON whatever a student returns, and its numbers follow from facts."""

from __future__ import annotations

import json
import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from grader.engine.document import as_document, to_text
from grader.engine.values import MAX_FIRST_WRONG, as_json
from grader.model import (
    ExerciseResult,
    LevelResult,
    Opaque,
    Raised,
    Status,
    SubmissionResult,
    Unsupported,
)
from grader.render.grids import MAX_WIDTH, Frame, render_array

values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.tuples(inner), st.dictionaries(st.text(), inner, max_size=2)
    ),
)
arrays = npst.arrays(
    st.sampled_from([float, int, bool, np.float32]), npst.array_shapes(max_dims=5, max_side=12)
)


@given(st.one_of(values, arrays))
def test_any_value_becomes_json_that_reads_back(value):
    assert json.loads(to_text(as_json(value))) == as_json(value)


def test_values_take_the_forms_of_the_contract():
    assert as_json([1, 2.5, None, True, "a", (3,)]) == [1, 2.5, None, True, "a", [3]]
    assert as_json([math.nan, math.inf, -math.inf]) == ["nan", "inf", "-inf"]
    assert as_json({"a": 0}) == {"dict": [["a", 0]]}
    assert as_json(Raised("ValueError", "no")) == {"raises": "ValueError", "message": "no"}
    assert as_json(np.zeros((1, 2))) == {"shape": [1, 2], "dtype": "float64", "data": [[0.0, 0.0]]}
    assert as_json(np.array([1, 2]))["dtype"] == "int64"
    assert as_json(Unsupported("set")) == "an object of type set"
    assert as_json(Opaque("object", (3,)))["data"] is None


@given(st.integers(1001, 3000), st.integers(0, 40))
def test_a_large_array_shows_its_first_wrong_elements_only(size, wrong):
    expected, actual = np.zeros(size), np.zeros(size)
    actual[-wrong or size :] = math.nan
    shown = as_json(actual, expected)
    assert shown["data"] is None
    assert len(shown["first_wrong"]) == min(wrong, MAX_FIRST_WRONG)
    for item in shown["first_wrong"]:
        assert item == {"index": item["index"], "expected": 0.0, "actual": "nan"}


levels = st.lists(
    st.builds(
        LevelResult,
        st.text(max_size=5),
        st.sampled_from(Status),
        st.sampled_from([0.5, 1.0, 2.0]),
    ),
    min_size=1,
    max_size=4,
)


@given(st.lists(levels, max_size=4))
def test_points_are_never_negative_and_never_more_than_possible(all_levels):
    exercises = [ExerciseResult(f"m.e{i}", tuple(found)) for i, found in enumerate(all_levels)]
    result = SubmissionResult(tuple(exercises), 0, {}, ("torch",), "none")
    document = as_document(result)
    assert 0 <= document["earned"] <= document["possible"]
    assert len(document["exercises"]) == len(exercises)
    for entry in document["exercises"]:
        first = [s for s in (lv["status"] for lv in entry["levels"]) if s != "passed"]
        assert entry["status"] == (first[0] if first else "passed")
        if entry["earned"] is None:
            assert "ungraded" in [level["status"] for level in entry["levels"]]
            assert not document["complete"]
        else:
            assert 0 <= entry["earned"] <= entry["possible"]


shown = npst.arrays(
    st.sampled_from([float, int, bool, np.float32]),
    npst.array_shapes(min_dims=0, min_side=0, max_dims=4, max_side=9),
)


@given(shown, shown)
def test_any_two_arrays_can_be_shown_beside_each_other(array, other):
    text = render_array(array, Frame(), other, got=True).plain
    assert text
    assert max(map(len, text.splitlines())) <= MAX_WIDTH


def test_wrong_entries_of_the_answer_carry_a_sign_and_those_expected_do_not():
    got, expected = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[1.0, 0.0], [3.0, 4.0]])
    assert render_array(got, Frame(), expected, got=True).plain.count("*") == 1
    assert "*" not in render_array(expected, Frame(), got, got=False).plain
