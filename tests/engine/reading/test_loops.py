"""What the end of a `while` hangs on: the names that it asks about, and what may change them."""

from __future__ import annotations

import ast

import pytest

from grader.engine.reading.loops import Loop, find_loop, read_loop


def read(text):
    (loop,) = ast.parse(text).body
    return read_loop(loop)


@pytest.mark.parametrize(
    ("body", "changing"),
    [
        ("i = i + 1", (2,)),
        ("i += 1", (2,)),
        ("x[0] = 1", (2,)),
        ("x.pop()", (2,)),
        ("np.put(x, 0, 1)", (2,)),
        ("np.add(y, 1, out=x)", (2,)),
        ("take(x)", (2,)),
        ("y = [take(x[0])]", (2,)),
        ("i + 1", ()),
        ("y = x[i] + len(x)", ()),
        ("y = np.maximum(x, i)", ()),
        ("y = x.sum()", ()),
        ("x2 = i2 = 1", ()),
        ("for i in y:\n        y = 1", (2,)),
        ("if y:\n        i = 1\n    else:\n        x = 2", (3, 5)),
        ("try:\n        y = 1\n    except Bad:\n        i = 2", (5,)),
    ],
)
def test_the_statements_that_may_change_what_is_asked_about_are_found(body, changing):
    assert read(f"while i < len(x):\n    {body}") == Loop(1, ("i", "x"), changing)


@pytest.mark.parametrize(
    "text",
    [
        "while True:\n    i = 1",
        "while i < n:\n    if i > 3:\n        break",
        "while i < n:\n    for j in x:\n        if j:\n            return",
        "while x.pop():\n    i = 1",
        "while take(x):\n    i = 1",
        "while (i := step()) < n:\n    j = 1",
        "while a < b < c < d < e:\n    f = 1",
    ],
)
def test_nothing_is_said_of_a_loop_that_may_end_in_another_way(text):
    assert read(text) is None


def test_modules_and_functions_are_nothing_that_is_asked_about():
    assert read("while np.abs(x).max() > math.inf:\n    y = 1") == Loop(1, ("x",), ())


def test_the_innermost_while_around_a_line_is_found():
    tree = ast.parse("while a:\n    while b:\n        c\n    d\ne")
    assert [find_loop([tree], line) for line in range(1, 6)] == [1, 2, 2, 1, 0]
