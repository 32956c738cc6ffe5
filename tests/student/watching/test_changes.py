"""What a save touches, judged from the text before and after."""

from __future__ import annotations

import pytest
from growth import assert_linear
from hypothesis import given
from hypothesis import strategies as st

from grader.student.watching.changes import touched

FILE = """
import numpy as np

SCALE = 2

def _helper(x):
    return x * SCALE

def first(x):
    return _helper(x)

def second(x):
    return first(x) + 1

def third(x):
    return np.sum(x)
"""
NAMES = ["first", "second", "third"]


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("np.sum(x)", "np.mean(x)", ["third"]),
        ("first(x) + 1", "first(x) + 2", ["second"]),
        ("return _helper(x)", "return x", ["first", "second"]),
        ("x * SCALE", "x", ["first", "second"]),
        ("SCALE = 2", "SCALE = 3", ["first", "second"]),
        ("np.sum(x)", "np.sum(x)  # all of them", []),
        ("import numpy as np", "import numpy as np\nnp.seterr(all='raise')", NAMES),
        ("def second(x):\n    return first(x) + 1\n", "", ["second"]),
        ("return np.sum(x)", "return np.sum(", []),
    ],
)
def test_a_change_touches_what_it_changes_first_and_then_what_uses_that(old, new, found):
    assert touched(FILE.encode(), FILE.replace(old, new).encode(), NAMES) == found


def test_what_was_edited_itself_comes_before_what_uses_it():
    new = FILE.replace("SCALE = 2", "SCALE = 3").replace("np.sum(x)", "np.mean(x)")
    assert touched(FILE.encode(), new.encode(), NAMES) == ["third", "first", "second"]


def test_after_a_file_that_was_no_python_everything_is_checked():
    assert touched(b"def (", FILE.encode(), NAMES) == NAMES


@given(st.binary(max_size=60), st.binary(max_size=60))
def test_any_two_files_have_an_answer(old, new):
    assert set(touched(old, new, NAMES)) <= set(NAMES)


def test_nothing_is_touched_by_no_change():
    assert touched(FILE.encode(), FILE.encode(), NAMES) == []


def test_a_tree_that_is_deeper_than_functions_may_call_one_another_is_compared():
    text = "def first(x):\n    return {}\n"
    deep = text.format("+".join(["x"] * 2_500)).encode()
    deeper = text.format("+".join(["x"] * 2_501)).encode()
    assert touched(deep, deeper, NAMES) == ["first"]
    assert touched(deep, deep + b"# done\n", NAMES) == []


@pytest.mark.parametrize("piece", ["x = {0}; ", "x{0} = x{1}; "])
def test_comparing_two_files_is_linear(piece):
    def prepare(size):
        text = "".join(piece.format(n, n + 1) for n in range(size)).encode()
        return text, text.replace(b"x", b"y"), [f"y{n}" for n in range(3)]

    assert_linear(prepare, lambda given: touched(*given), 500)
