"""Three hints: one asks, one shows the idea on numbers that are right, one is a skeleton."""

from __future__ import annotations

import copy
import inspect
import re
import sys
from types import MappingProxyType

import numpy as np
import pytest

from grader.course.course import find_course
from grader.engine.audit.hints import find_given_away

COURSE = find_course()
EXERCISES = COURSE.find([])
every_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=[one.id for one in EXERCISES])
WORDS = MappingProxyType({
    "exp": np.exp, "log": np.log, "sqrt": np.sqrt, "tanh": np.tanh, "max": max, "abs": abs,
    "array": np.array, "zeros": lambda *shape: np.zeros(shape),
})  # fmt: skip


def as_argument(value, annotation):
    """Return a number or list of a hint as the function takes it."""
    if annotation == "np.ndarray":
        found = np.array(value)
        return found if found.dtype.kind == "f" else found.astype(np.int64)
    if annotation == "list[np.ndarray]":
        return [np.array(one, dtype=float) for one in value]
    if annotation.startswith("tuple[np.ndarray"):
        return tuple(np.array(one, dtype=float) for one in value)
    if annotation.startswith("list[tuple[np.ndarray"):
        return [tuple(np.array(one, dtype=float) for one in several) for several in value]
    return value


def taking_lists(function):
    """Return a reference that takes lists for arrays."""
    parameters = inspect.signature(function).parameters.values()

    def call(*given):
        pairs = zip(parameters, given, strict=False)
        return function(*(as_argument(value, one.annotation) for one, value in pairs))

    return call


def words_of(exercise):
    """Return what a hint may say: NumPy's functions and the references of its module."""
    sys.path.insert(0, str(COURSE.solutions_dir))
    try:
        module = __import__(exercise.module)
    finally:
        sys.path.pop(0)
    functions = inspect.getmembers(module, inspect.isfunction)
    own = {name: taking_lists(one) for name, one in functions if not name.startswith("_")}
    classes = inspect.getmembers(module, inspect.isclass)
    own |= {name: one for name, one in classes if one.__module__ == module.__name__}
    return dict(WORDS) | own


def value_of(text, words):
    """Return what a side of an equation comes to; None for what is no expression of ours."""
    try:
        return eval(text, dict(words))  # noqa: S307 - our own hints
    except (NameError, SyntaxError):
        return None


def is_equal(one, other, places):
    """Compare numbers, and containers of them, to so many decimals."""
    if isinstance(one, (tuple, list)) or isinstance(other, (tuple, list)):
        return len(one) == len(other) and all(
            is_equal(a, b, places) for a, b in zip(one, other, strict=True)
        )
    if isinstance(one, (str, dict)) or isinstance(other, (str, dict)):
        return one == other
    return bool(np.all(np.abs(np.asarray(one) - np.asarray(other)) <= 0.5001 * 10.0**-places))


def equations(hint, words):
    """Yield the equations of a hint that can be computed: the line, and the values of its sides.

    A line without `=` is a call for what it does.

    What stands behind two blanks is a remark. A name on the left stands for its value below.
    """
    for line in hint.splitlines():
        sides = re.split(r"\s{2,}", line.strip())[0].split(" = ")
        values = [value for side in sides if (value := value_of(side, words)) is not None]
        if sides[0].isidentifier() and sides[0] not in words and values:
            words[sides[0]] = values[0]
        if len(values) > 1:
            yield line, copy.deepcopy(values)  # a later line may change an array in place


@every_exercise
def test_the_first_hint_asks(exercise):
    first = exercise.check.hints[0]
    assert first.endswith("?")
    assert "\n" not in first


@every_exercise
def test_the_second_hint_has_numbers_and_all_of_them_are_right(exercise):
    """The reference itself answers the calls that a hint shows."""
    words = words_of(exercise)
    found = list(equations(exercise.check.hints[1], words))
    lines = [line for line, _ in found]
    if exercise.stub.is_class:  # which is called on a line that gives the object a name
        assert lines
        lines = exercise.check.hints[1].splitlines()
    assert any(f"{exercise.name}(" in line for line in lines)
    for line, (first, *others) in found:
        decimals = [len(places) for places in re.findall(r"\d\.(\d+)", line.partition("   ")[0])]
        places = max(decimals, default=9) if max(decimals, default=9) >= 4 else 9
        assert all(is_equal(first, other, places) for other in others), line


@every_exercise
def test_the_third_hint_is_a_skeleton_with_gaps(exercise):
    assert "..." in exercise.check.hints[2]


@every_exercise
def test_no_hint_gives_a_line_of_the_solution_away(exercise):
    source = (COURSE.solutions_dir / f"{exercise.module}.py").read_text(encoding="utf-8")
    assert find_given_away(exercise.check.hints, source, exercise.name) == []


@every_exercise
def test_a_hint_is_as_wide_as_a_terminal_and_no_longer_than_a_screen(exercise):
    """A long question is wrapped; lines of numbers and code are not to be broken."""
    for hint in exercise.check.hints:
        assert len(hint) <= 800
        assert len(hint.splitlines()) <= 14
    assert all(len(line) <= 90 for hint in exercise.check.hints[1:] for line in hint.splitlines())
