"""The examples in the docstrings of a term's modules run, and give what they say."""

from __future__ import annotations

import doctest
import importlib

import pytest

MODULES = (
    "case_text", "lateness", "matching", "layouts.canvas", "layouts.classroom",
    "exporters.csv", "exporters._sheet", "feedback",
)  # fmt: skip


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_come_true(name):
    done = doctest.testmod(importlib.import_module(f"grader.{name}"))
    assert done.attempted
    assert not done.failed
