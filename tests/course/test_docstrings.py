"""Axes have the names that the docstrings give them."""

from __future__ import annotations

import re

import numpy as np
import pytest

from grader.course.docstrings import (
    Described,
    axis_names,
    axis_sizes,
    described,
    labels,
    sections,
)


def test_every_shape_that_a_docstring_gives_is_understood(course):
    stubs = [stub for module in course.modules for stub in course.stubs(module)]
    given = {
        stub.name: re.findall(r"^(\w+) : .*shapes? \([^()]*\)$", stub.docstring, re.MULTILINE)
        for stub in stubs
    }
    assert sum(map(len, given.values())) > 100
    for stub in stubs:
        assert set(given[stub.name]) <= set(axis_names(stub.docstring)), stub.name


def test_what_a_page_describes_is_what_the_function_takes_and_returns(course):
    for exercise_id in course.ids:
        stub = course.exercise(exercise_id).stub
        taken = [one.name for one in described(stub.docstring, "Parameters")]
        documented = set(re.findall(r"\w+", " ".join(sections(stub.docstring)["Parameters"])))
        made = next((one for one in stub.methods if one.name == "__init__"), stub)
        assert {parameter.name for parameter in made.parameters} <= documented
        assert set(taken) <= {parameter.name for parameter in made.parameters}
        assert stub.returns == tuple(one.name for one in described(stub.docstring, "Returns"))


def test_what_is_described_has_its_lines_joined_and_a_section_ends_at_the_next():
    text = "Do.\n\nParameters\n----------\nx : int\n    One\n    number.\n\n"
    text += "Returns\n-------\ny : int\n"
    assert described(text, "Parameters") == (Described("x", "int", "One number."),)
    assert described(text, "Returns") == (Described("y", "int", ""),)
    assert described(text, "Raises") == ()


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
