"""Names that code binds and needs, read without running it."""

from __future__ import annotations

import ast

import pytest

from grader.engine.reading.bindings import bound_names, changed_names, needed_names


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("def f(x): y = 1", ["f"]),
        ("for i in a:\n    b = i", ["i", "b"]),
        ("with a as b: c = 1", ["b", "c"]),
        ("x += 1", ["x"]),
        ("a[0] = 1", []),
        ("(n := 3)", ["n"]),
        ("[y for y in z]", []),
        ("from a import b as c, d", ["c", "d"]),
        ("try:\n    import x\nexcept ImportError:\n    x = None", ["x"]),
    ],
)
def test_what_a_statement_binds(code, names):
    assert bound_names(ast.parse(code).body[0]) == names


def test_what_a_statement_changes_a_part_of():
    assert changed_names(ast.parse("a.b[0], c[1] = 1, 2").body[0]) == ["a", "c"]


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("def f(x):\n    x = x + y\n    return [z for z in x]", {"y"}),
        ("def f(x, k=K): return g(x)", {"K", "g"}),
        ("@memo\ndef f(): return lambda a: a + b", {"memo", "b"}),
        (
            "class C(Base):\n    n = N\n    def m(self): return helper(self)",
            {"Base", "N", "helper"},
        ),
        ("def f():\n    def g(): return h()\n    return g()", {"h"}),
        ("def f():\n    global CACHE\n    CACHE = 1", {"CACHE"}),
    ],
)
def test_what_code_needs_from_around_it(code, names):
    assert needed_names(code) >= names
    assert not needed_names(code) & {"x", "z", "a", "self"}


def test_names_are_told_of_a_tree_that_is_deeper_than_functions_may_call_one_another():
    code = "x = " + "+".join(["y"] * 2_500)
    assert bound_names(ast.parse(code).body[0]) == ["x"]


def test_what_parses_and_does_not_compile_needs_nothing():
    assert needed_names("def f():\n    x = 1\n    global x\n") == set()
