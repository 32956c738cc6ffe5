"""What stands in a line: the innermost statement, and of a compound one its head."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.engine.reading.sites import code_of, find_site

SOURCE = """\
import os
def f(x, y=1):
    if x:
        for i in range(
            y / 2
        ):
            z = i; w = z
    else:
        z = 3
    def inner(z):
        z = 4
    try:
        v = 1
    except ValueError:
        v = 2
    return z

@decorated(
    1
)
class A:
    def g(self): return 1
"""
TREE = ast.parse(SOURCE)


@pytest.mark.parametrize(
    ("line", "statement", "function", "blocks"),
    [
        (1, "Import", None, []),
        (2, "FunctionDef", None, []),
        (3, "If", "f", []),
        (5, "For", "f", ["If"]),
        (7, "Assign", "f", ["If", "For"]),
        (9, "Assign", "f", ["If"]),
        (11, "Assign", "inner", []),
        (15, "Assign", "f", ["Try"]),
        (16, "Return", "f", []),
        (19, "ClassDef", None, []),
        (22, "Return", "g", []),
    ],
)
def test_a_line_has_its_innermost_statement_and_what_that_is_in(line, statement, function, blocks):
    site = find_site(TREE, line)
    assert type(site.statement).__name__ == statement
    assert (site.function.name if site.function else None) == function
    assert [type(one).__name__ for one in site.blocks] == blocks


def test_the_parts_of_a_compound_statement_are_those_of_its_head():
    assert find_site(TREE, 5).names() == {"i", "range", "y"}
    assert find_site(TREE, 2).names() == set()


def test_bindings_are_those_of_the_function_and_of_no_other():
    assert [one.number for one in find_site(TREE, 16).bindings("z")] == [7, 9]
    assert [one.number for one in find_site(TREE, 16).bindings("i")] == [4]
    assert [one.number for one in find_site(TREE, 16).bindings("inner")] == [10]


@pytest.mark.parametrize("line", [0, -1, 17, 99])
def test_a_line_with_nothing_in_it_has_no_statement(line):
    assert find_site(TREE, line) is None


@given(st.text(max_size=80))
def test_code_is_quoted_on_one_line_and_harmlessly(text):
    node = ast.parse(repr(text)).body[0].value
    assert code_of(node).isprintable()


def test_code_that_is_long_or_on_several_lines_is_not_quoted():
    assert code_of(ast.parse("f(\n1)").body[0].value) == ""
    assert code_of(ast.parse("f(" + "1," * 50 + ")").body[0].value) == ""
    assert code_of(None) == ""
