"""Axes have the names that the docstrings give them."""

from __future__ import annotations

import re

import numpy as np
import pytest

from grader.course.docstrings import axis_names, axis_sizes, labels


def test_every_shape_that_a_docstring_gives_is_understood(course):
    count = 0
    for module in course.modules:
        for stub in course.stubs(module):
            given = re.findall(r"^(\w+) : .*shapes? \([^()]*\)$", stub.docstring, re.MULTILINE)
            count += len(given)
            assert set(given) <= set(axis_names(stub.docstring)), stub.name
    assert count > 100


def test_products_are_taken_apart_by_the_sizes_that_the_call_shows(course):
    stub = course.exercise("conv.im2col").stub
    x = np.zeros((2, 3, 5, 4))
    sizes = axis_sizes(stub.docstring, {"x": x, "kernel_size": (2, 3), "stride": 2, "padding": 1})
    assert sizes == {
        "N": 2, "C": 3, "H": 5, "W": 4, "KH": 2, "KW": 3, "OH": 3, "OW": 2,
    }  # fmt: skip
    assert len(labels("C * KH * KW", 18, sizes)) == 18
    assert labels("OH * OW", 6, sizes) == ["0,0", "0,1", "1,0", "1,1", "2,0", "2,1"]


def test_a_shape_given_as_a_tuple_names_sizes_too(course):
    stub = course.exercise("conv.col2im").stub
    sizes = axis_sizes(stub.docstring, {"x_shape": (1, 2, 4, 4), "kernel_size": (2, 2)})
    assert (sizes["C"], sizes["H"], sizes["OH"]) == (2, 4, 3)


@pytest.mark.parametrize(
    ("axis", "length"), [("C * KH", 5), ("OH", 4), ("H + 2P", 4), ("A * B", 4)]
)
def test_no_label_is_better_than_a_wrong_one(axis, length):
    assert labels(axis, length, {"C": 2, "KH": 2, "OH": 4}) == []


def test_a_stride_of_zero_or_of_nonsense_is_no_trouble(course):
    stub = course.exercise("conv.im2col").stub
    for stride in (0, -1, 1.5, None):
        axis_sizes(
            stub.docstring, {"x": np.zeros((1, 1, 2, 2)), "kernel_size": (1, 1), "stride": stride}
        )
