"""Which part of an input makes an element of a result: as the convolution itself has it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from grader.course.windows import find_window

SIZES = st.integers(1, 6)


@pytest.fixture(scope="module")
def page(course):
    """Return the docstring of an exercise."""
    return lambda exercise_id: course.exercise(exercise_id).stub.docstring


@given(data=st.data())
def test_what_lies_outside_of_the_window_does_not_change_the_element(data, page, course):
    height, width, kh, kw = (data.draw(SIZES) for _ in range(4))
    stride, padding = data.draw(st.integers(1, 3)), data.draw(st.integers(0, 2))
    assume(height + 2 * padding >= kh and width + 2 * padding >= kw)
    x, weight = np.ones((2, 3, height, width)), np.ones((2, 3, kh, kw))
    call = {
        "x": x, "weight": weight, "bias": np.zeros(2), "stride": stride, "padding": padding,
    }  # fmt: skip
    forward = course.reference(course.exercise("conv.conv2d_forward"))
    if forward is None:
        pytest.skip("this copy of the course has no solutions")
    out = forward(*call.values())
    index = tuple(data.draw(st.integers(0, length - 1)) for length in out.shape)
    window = find_window(page("conv.conv2d_forward"), call, "out", index)
    inside = np.zeros_like(x)
    inside[window.index] = x[window.index]
    assert window.argument == "x"
    assert forward(inside, *list(call.values())[1:])[index] == out[index]
    assert forward(x - inside, *list(call.values())[1:])[index] == 0


def test_a_pool_reads_one_channel_and_moves_by_its_own_size(page):
    call = {"x": np.zeros((2, 3, 4, 6)), "kernel_size": (2, 3), "stride": None}
    window = find_window(page("pool.max_pool2d_forward"), call, "out", (1, 2, 1, 0))
    assert window.index == (1, 2, slice(2, 4), slice(0, 3))


@pytest.mark.parametrize(
    ("exercise_id", "result"),
    [("conv.im2col", "cols"), ("conv.conv2d_backward", "grad_x"), ("augment.mirror", "mirrored")],
)
def test_where_no_window_makes_an_element_none_is_made_up(page, exercise_id, result):
    call = {"x": np.zeros((1, 1, 3, 3)), "kernel_size": (2, 2), "grad_out": np.zeros((1, 1, 2, 2))}
    call["weight"] = np.zeros((1, 1, 2, 2))
    index = (0,) * (3 if result == "cols" else 4)
    assert find_window(page(exercise_id), call, result, index) is None
