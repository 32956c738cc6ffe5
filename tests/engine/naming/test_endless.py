"""A loop that does not end is told by what its condition asks about, where the text says enough."""

from __future__ import annotations

import ast
import signal

import pytest

from grader.engine.engine import Engine
from grader.engine.naming.symptoms.endless import ENDLESS, tell_endless, tell_full
from grader.engine.reading.sites import find_site
from grader.model import ExerciseResult, Limits, Location, Status
from grader.model.sourcemap import AS_IT_IS

UNCHANGED = """\
def f(x, n):
    i = 0
    while i < n:
        j = 0
        while j < n:
            x[j] = i
            j += 1
    return x
"""
SHRINKING = """\
def f(order, n):
    while order.size:
        n = order.sum()
        order = order[order >= n]
    return n
"""


def tell(source, line):
    tree = ast.parse(source)
    blank = ExerciseResult("conv.im2col", ())
    lines = [("conv.py", line)]
    return tell_endless(blank, lines, AS_IT_IS, lambda where: find_site(tree, where.line))


@pytest.mark.parametrize("line", [3, 4, 6, 7])
def test_a_loop_in_which_nothing_changes_what_it_asks_about_is_named_wherever_it_was(line):
    told = tell(UNCHANGED, line)
    assert told.diagnosis.id == ENDLESS
    assert told.diagnosis.message == (
        "Nothing in the loop changes i or n, so that `while i < n:` never ends."
    )
    assert told.mending.at == (("conv.py", 3),)
    assert told.mending.message == "Look at line 3: the loop that begins there never ends."


def test_a_loop_that_one_line_can_end_is_told_by_that_line():
    told = tell(SHRINKING, 3)
    assert told.diagnosis is None
    assert told.mending.at == (("conv.py", 4),)
    assert told.mending.message == "Look at line 4: only what it does can end the loop of line 2."


def test_a_loop_that_two_lines_can_end_is_told_by_both():
    text = SHRINKING.replace("n = order.sum()", "order = order[1:]")
    told = tell(text, 3)
    assert told.mending.at == (("conv.py", 3), ("conv.py", 4))
    assert told.mending.message.startswith("Look at line 3 and line 4: only what they do can end ")


@pytest.mark.parametrize(
    "source",
    [
        "def f(x):\n    for i in x:\n        i + 1\n",
        "def f(x):\n    while True:\n        x + 1\n",
        "def f(x):\n    while x:\n        x = x[1:]\n        x = x[:-1]\n        x = x.copy()\n",
        "def f(x, y):\n    while x:\n        while y:\n            x = y = 1\n",
    ],
)
def test_nothing_is_told_where_it_could_be_anywhere(source):
    told = tell(source, 3)
    assert (told.diagnosis, told.mending) == (None, None)


def test_a_line_of_no_file_says_nothing():
    blank = ExerciseResult("conv.im2col", ())
    assert tell_endless(blank, [("x.py", 1)], AS_IT_IS, lambda _: None) is blank


@pytest.mark.skipif(not hasattr(signal, "SIGUSR1"), reason="no signal to ask with")
@pytest.mark.usefixtures("_stacks_are_waited_for")
def test_a_function_whose_loop_never_ends_is_told_so(bank, course, tmp_path):
    text = "def conv_output_size(input_size, kernel_size, stride=1, padding=0):\n    i = 0\n"
    text += "    while i < input_size:\n        i + 1\n    return i\n"
    (tmp_path / "conv.py").write_text(text)
    engine = Engine(course, 5, Limits(timeout_s=0.5), bank)
    (result,) = engine.check(tmp_path, [course.exercise("conv.conv_output_size")]).exercises
    assert result.status is Status.TIMEOUT
    assert result.diagnosis.id == ENDLESS
    assert result.mending.at == (("conv.py", 4),)
    assert result.mending.message == (
        "Look at line 4: what is computed there is kept nowhere, and the loop of line 3 never ends."
    )
    assert result.location.line in (3, 4)


BY_ANOTHER_NAME = """\
def f(x, n):
    stack = x
    while stack:
        x.append(n)
"""
BY_AN_INNER_FUNCTION = """\
def f(x, n):
    i = 0
    def on():
        nonlocal i
        i -= 1
    while i < n:
        on()
"""


@pytest.mark.parametrize(("source", "line"), [(BY_ANOTHER_NAME, 4), (BY_AN_INNER_FUNCTION, 7)])
def test_of_a_loop_that_another_name_or_an_inner_function_may_end_nothing_is_told(source, line):
    told = tell(source, line)
    assert told.diagnosis is None
    assert told.mending is None


def full(source):
    tree = ast.parse(source)
    blank = ExerciseResult("conv.im2col", ())
    begins = Location("conv.py", 0, "f")
    return tell_full(blank, [], AS_IT_IS, lambda at: find_site(tree, at.line or 1), begins)


def test_a_loop_without_an_end_is_told_also_where_no_memory_was_left_to_say_the_lines():
    told = full(UNCHANGED)
    assert told.diagnosis.id == ENDLESS
    assert told.mending.at == (("conv.py", 3),)


def test_of_a_full_memory_without_lines_nothing_is_told_where_each_loop_can_end():
    told = full(SHRINKING)
    assert (told.diagnosis, told.mending) == (None, None)
