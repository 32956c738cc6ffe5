"""What decides what is answered is found, and what only tells of an earlier fault is not."""

from __future__ import annotations

import ast

import pytest

from grader.engine.reading.conditions import find_refusals, find_unbound, unset_attribute

SUM = """\
def f(x):
    for n in x:
        if n > 0:
            total += n
    return total
"""
BEST = """\
def f(x):
    for n in x:
        if n > 0:
            best = n
        else:
            waited = n
    return best
"""
BRANCH = """\
def f(x):
    if x > 0:
        y = x
    else:
        z = x
    return y
"""


@pytest.mark.parametrize(
    ("source", "name", "line", "lines"),
    [(SUM, "total", 5, set()), (BEST, "best", 7, set()), (BRANCH, "y", 6, {5})],
)
def test_a_branch_gives_no_value_only_where_none_was_to_be_given_before_it(
    source, name, line, lines
):
    assert find_unbound(ast.parse(source).body[0], name, line) == lines


@pytest.mark.parametrize(
    ("condition", "name"),
    [
        ("self.x is None", "x"),
        ("self.x == None", "x"),
        ("not self.x", "x"),
        ("self.x is not None", ""),
        ("self.x < 0", ""),
        ("x is None", ""),
        ("None is None", ""),
        ("not self", ""),
    ],
)
def test_what_is_not_kept_yet_is_asked_of_an_attribute(condition, name):
    assert unset_attribute(ast.parse(condition, mode="eval").body) == name
    source = f"def f(self, x):\n    if {condition}:\n        raise ValueError\n"
    assert bool(find_refusals(ast.parse(source).body)) is not bool(name)
