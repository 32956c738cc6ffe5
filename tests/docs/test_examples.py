"""The examples in the docstrings of the package run, and give what they show."""

from __future__ import annotations

import doctest
import importlib
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "grader"


def modules_with_examples():
    """Return the dotted name of every module of the package that shows an example."""
    files = [f for f in PACKAGE.rglob("*.py") if ">>> " in f.read_text(encoding="utf-8")]
    names = [".".join(f.relative_to(PACKAGE.parent).with_suffix("").parts) for f in files]
    return sorted(name.removesuffix(".__init__") for name in names)


MODULES = modules_with_examples()


def test_modules_of_most_wings_show_examples():
    assert len(MODULES) >= 20
    assert len({name.split(".")[1] for name in MODULES}) >= 6


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_come_true(name):
    done = doctest.testmod(importlib.import_module(name))
    assert done.attempted > 0
    assert done.failed == 0
