"""Values written as Python are made again to the last bit."""

from __future__ import annotations

import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from grader.course.course import find_course
from grader.course.pools import lay_out
from grader.model import Carry
from grader.model.functions import Lambda
from grader.student.holding.literals import WIDTH, as_python, count_numbers
from grader.worker.wire import unpack_case

COURSE = find_course()
DTYPES = (
    arrays.boolean_dtypes()
    | arrays.integer_dtypes(endianness="<")
    | arrays.unsigned_integer_dtypes(endianness="<")
    | arrays.floating_dtypes(endianness="<", sizes=(16, 32, 64))
    | arrays.complex_number_dtypes(endianness="<", sizes=(64, 128))
)
ARRAYS = DTYPES.flatmap(
    lambda dtype: arrays.arrays(dtype, arrays.array_shapes(max_dims=4, min_side=0, max_side=5))
)
PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
VALUES = st.recursive(
    PLAIN | ARRAYS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(st.text(max_size=3) | st.integers(), inner, max_size=3)
    ),
    max_leaves=8,
)


def made_again(value):
    return eval(as_python(value), {"np": np})  # noqa: S307 - our own text


def assert_same_bits(one, other):
    if isinstance(other, Lambda):
        assert one.__code__.co_code == other.made.__code__.co_code
        return
    assert type(one) is type(other)
    if isinstance(one, np.ndarray):
        assert (one.dtype, one.shape, one.tobytes()) == (other.dtype, other.shape, other.tobytes())
        assert one.flags.writeable
    elif isinstance(one, dict):
        assert_same_bits(list(one.items()), list(other.items()))
    elif isinstance(one, (list, tuple)):
        assert len(one) == len(other)
        for left, right in zip(one, other, strict=True):
            assert_same_bits(left, right)
    elif isinstance(one, float):
        assert repr(one) == repr(other)
    else:
        assert one == other


@given(VALUES)
def test_any_value_is_made_again_to_the_last_bit(value):
    assert_same_bits(made_again(value), value)


@pytest.mark.parametrize("exercise", COURSE.find([]), ids=lambda one: one.id)
def test_the_arguments_of_every_drawn_case_are_made_again_to_the_last_bit(exercise, engine):
    seen = 0
    for banked in engine.case_set(exercise).cases:
        for arguments in unpack_case(banked.request):
            for value in arguments:
                seen += not isinstance(value, Carry)
                isinstance(value, Carry) or assert_same_bits(made_again(value), value)
    assert seen >= 100


def test_a_nan_with_bits_of_its_own_keeps_them():
    odd = np.frombuffer(struct.pack("<2Q", 0x7FF8000000000ABC, 0x3FF0000000000000)).copy()
    assert_same_bits(made_again(odd), odd)
    assert "np.nan" in as_python(np.array([np.nan, -0.0, np.inf, -np.inf]))
    assert "-0.0" in as_python(np.array([np.nan, -0.0, np.inf, -np.inf]))


@given(arrays.arrays(np.float64, (3, 40), elements=st.floats(-1e9, 1e9)))
def test_no_line_is_wider_than_an_editor(array):
    lines = f"x = {as_python(array)}".splitlines()
    assert len(lines) > 3
    assert max(map(len, lines)) <= WIDTH + len("x = ")


def test_numbers_are_counted_wherever_they_are():
    assert count_numbers([np.zeros((2, 3)), {"a": (1, 2)}, None]) == 10


@pytest.mark.parametrize("order", range(4))
def test_an_array_is_made_again_as_it_lay_in_memory(order):
    x = lay_out(np.arange(24.0).reshape(2, 3, 4), order)
    again = made_again(x)
    assert_same_bits(again, x)
    assert again.strides == x.strides
