"""A drawing asks the student's functions on a worker, and makes do without an answer."""

from __future__ import annotations

import re

import numpy as np
import pytest
from drawn import UNWRITTEN, grid, numbers, picture

from grader.render.grids import Frame
from grader.student.drawing.calling import OwnCalls
from grader.student.drawing.held import HeldCase, compare, same
from grader.student.drawing.table import STEPS

PAD = "conv.zero_pad2d"
HEAD = "import numpy as np\n\n\ndef zero_pad2d(x, padding):\n"


@pytest.fixture
def calls(engine, tmp_path):
    made = []

    def make(body, **states):
        (tmp_path / "conv.py").write_text(HEAD + body)
        known = dict.fromkeys(engine.course.ids, UNWRITTEN) | {PAD: ""} | states
        made.append(OwnCalls(engine, tmp_path, known))
        return made[-1]

    yield make
    for one in made:
        one.__exit__()


def test_the_students_own_answer_is_drawn_as_it_is(calls):
    functions = calls(
        "    return np.full(tuple(np.add(x.shape, (0, 0, 2 * padding, 2 * padding))), 7.0)\n"
    )
    shown = picture(functions, "padding")
    assert (numbers(grid(shown, "padded")) == 7.0).all()
    assert not shown.notes


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("    return x\n", "returns shape (1, 1, 7, 7) here, (1, 1, 9, 9) has room"),
        ("    return [1.0]\n", "returns a list here"),
        ("    raise KeyError('padding')\n", "raised KeyError: 'padding' on these numbers"),
        ("    import os\n    os._exit(3)\n", "dlgrade check conv.zero_pad2d"),
        ("    return np.array([['a'] * 9] * 9)\n", "Opaque"),
    ],
)  # fmt: skip
def test_what_cannot_be_drawn_is_a_question_mark_and_a_line_that_says_why(calls, body, why):
    functions = calls(body)
    shown = picture(functions, "padding")
    assert np.isnan(numbers(grid(shown, "padded"))).all()
    (note,) = shown.notes
    assert note.startswith(f"? {PAD}: ")
    assert why in note


def test_a_function_that_never_ends_is_asked_once(engine, tmp_path):
    from dataclasses import replace

    from grader.model import Limits

    (tmp_path / "conv.py").write_text(HEAD + "    while True:\n        pass\n")
    hurried = replace(engine, limits=Limits(timeout_s=0.3))
    with OwnCalls(hurried, tmp_path, {PAD: ""}) as functions:
        for _ in range(3):
            shown = picture(functions, "padding")
            assert re.search(r": no answer after 0\.\d s of (computing|waiting)", shown.notes[0])
        assert not functions.passes(PAD)


def test_the_same_question_is_asked_once(calls):
    functions = calls(
        "    asked.append(x)\n"
        "    return np.full((1, 1, 7 + 2 * padding, 7 + 2 * padding), len(asked))\n\n\n"
        "asked = []\n"
    )
    for padding, number in ((1, 1), (1, 1), (2, 2), (1, 1), (2, 2)):
        shown = picture(functions, "padding", padding=padding)
        assert (numbers(grid(shown, "padded")) == number).all()


def test_one_line_names_all_functions_that_are_missing_for_one_reason(calls):
    functions = calls("    return x\n")
    notes = picture(functions, "paths").notes
    names = ", ".join(f"optim.{one}_step" for one in STEPS)
    assert notes == (f"? {names}: not written yet; dlgrade check optim.sgd_step",)


def test_a_failing_case_shows_what_came_and_which_of_it_is_wrong(engine):
    x = np.arange(4.0).reshape(1, 1, 2, 2)
    got = np.pad(x, [(0, 0), (0, 0), (1, 1), (1, 1)])
    got[0, 0, 0, 0] = 5.0
    wrong = np.zeros(got.shape, bool)
    wrong[0, 0, 0, 0] = True
    held = HeldCase(PAD, "zero_pad2d(x, 1)", {"x": x, "padding": 1}, got, wrong)
    states = dict.fromkeys(engine.course.ids, UNWRITTEN)
    with OwnCalls(engine, engine.course.exercises_dir, states, held) as functions:
        shown = picture(functions, "padding")
        squares = grid(shown, "padded").squares
        assert squares[0][0].value == 5.0
        assert [s.is_wrong for row in squares for s in row] == wrong[0, 0].ravel().tolist()
        assert shown.notes == (
            "the case that fails: zero_pad2d(x, 1); dlgrade check shows the right answer",
        )
        turned = picture(functions, "padding", padding=2)  # another case, and nobody knows that
        assert np.isnan(numbers(grid(turned, "padded"))).all()
        assert turned.notes == (f"? {PAD}: {UNWRITTEN}; dlgrade check {PAD}",)


def test_answers_are_compared_part_by_part():
    right = (np.array([1.0, 2.0]), 3)
    wrong = compare(right, (np.array([1.0, 2.5]), 3), Frame())
    assert [np.asarray(one).tolist() for one in wrong] == [[False, True], False]
    assert compare(np.zeros((2, 2)), np.zeros(2), Frame()).all()
    assert compare(right, None, Frame()) is True
    assert compare([(1, 2), (3,)], [(1, 2), (4,)], Frame()) == ((False, False), (True,))
    assert same((1, [np.zeros(2)]), (1, [np.zeros(2)]))
    assert not same((1, [np.zeros(2)]), (1, [np.ones(2)]))
    assert not same(1, 1.0)
