"""Hints that hold the answer are found, in whatever names and with whatever blanks."""

from __future__ import annotations

import dataclasses
import io

import pytest
from rich.console import Console

from grader.engine.audit.audit import ExerciseAudit
from grader.engine.audit.drawn import DrawnAudit
from grader.engine.audit.hints import GivenAway, find_given_away
from grader.render.upkeep.audit import render_survivors

SOURCE = '''
def _columns(weight):
    return weight.T / len(weight)


def linear(x, weight, bias):
    """Return x @ weight.T + bias."""
    total = x @ _columns(weight)
    return float(total + bias * 2), weight[bias]


def other(x):
    return x * 7 - 1
'''
TOLD = "total + bias * 2"


@pytest.mark.parametrize(
    "hint",
    ["total + bias * 2", "Then s+b*2.0 is it.", "out = a + b * 2, and so on", "float(p + q * 2)",
     "def linear(x):\n    return (x + y * 2)  # like this"],
)  # fmt: skip
def test_a_line_of_the_reference_is_found_whatever_its_names_are(hint):
    assert find_given_away(["What is added?", hint], SOURCE, "linear") == [GivenAway(2, TOLD)]


@pytest.mark.parametrize(
    "hint",
    ["total + ...", "... + bias * 2", "total + bias * 3", "total - bias * 2", "x @ columns",
     "Add the bias twice to the total.", "x * 7 - 1", "table[row]", "total + bias *\n2", ""],
)  # fmt: skip
def test_gaps_words_another_line_and_another_exercises_are_no_answer(hint):
    assert find_given_away([hint], SOURCE, "linear") == []


def test_the_lines_of_private_helpers_are_the_answer_too():
    (found,) = find_given_away(["Divide: w.T / len(w)."], SOURCE, "linear")
    assert found == GivenAway(1, "weight.T / len(weight)")


def test_a_single_operation_is_the_answer_in_its_own_names_alone():
    assert find_given_away(["Take weight[bias]."], SOURCE, "linear") == [
        GivenAway(1, "weight[bias]")
    ]


def test_an_exercise_whose_hint_is_the_answer_is_blunt_and_the_author_is_told_which():
    drawn = DrawnAudit((), ())
    quiet = ExerciseAudit("a.linear", (), 0, (), (), drawn)
    told = dataclasses.replace(quiet, given_away=(GivenAway(3, TOLD),))
    console = Console(file=io.StringIO(), width=100)
    console.print(render_survivors(told))
    assert quiet.is_sharp
    assert not told.is_sharp
    assert f"hint 3 gives a line of the solution away: {TOLD}" in console.file.getvalue()
