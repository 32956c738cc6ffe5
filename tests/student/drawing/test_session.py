"""Keys turn a drawing: step by step, round again at the end, until it is left."""

from __future__ import annotations

import io

import pytest
from drawn import own, picture
from rich.console import Console

from grader.render.drawings.parts import Picture, Turn
from grader.student.drawing.builders import BUILDERS
from grader.student.drawing.knobs import Knobs
from grader.student.drawing.session import DrawingSession, legend_of, turned
from grader.student.drawing.states import sort_out
from grader.student.drawing.table import DRAWINGS
from grader.student.watching.keys import name_keys


def shown(step=3, steps=25, **more):
    turns = (Turn("stride", "stride 1", 1, 1, 3), Turn("padding", "padding 2", 2, 0, 2))
    return Picture("p", "P", "says", (), step=step, steps=steps, down=5, turns=turns, **more)


@pytest.mark.parametrize(
    ("key", "step"),
    [("right", 4), (" ", 4), ("+", 4), ("left", 2), ("-", 2), ("down", 8), ("up", 23)],
)
def test_arrows_space_plus_and_minus_move_on_and_round(key, step):
    assert turned(Knobs(), key, shown()) == Knobs(step=step)
    assert turned(Knobs(), "right", shown(step=24)).step == 0


def test_s_and_p_turn_and_begin_again_and_other_keys_do_nothing():
    assert turned(Knobs(step=3), "s", shown()) == Knobs(stride=2)
    assert turned(Knobs(step=3), "p", shown()) == Knobs(padding=0)
    assert turned(Knobs(step=3), "x", shown()) == Knobs(step=3)
    assert turned(Knobs(step=3), "s", Picture("p", "P", "says", ())) == Knobs(step=3)


def test_the_line_of_keys_says_what_there_is():
    assert legend_of(shown()) == "←↑↓→ or space step · s stride 1 · p padding 2 · q quit"
    assert legend_of(Picture("p", "P", "says", ())) == "q quit"


@pytest.mark.parametrize("drawing", DRAWINGS, ids=lambda one: one.name)
def test_a_knob_of_the_table_is_one_of_the_picture_and_changes_it(engine, drawing):
    with own(engine) as functions:
        exercise = drawing.exercises[0] if drawing.exercises else ""
        first = picture(functions, drawing.name, exercise)
        assert [turn.name for turn in first.turns] == [name for name, _ in drawing.keys]
        for turn in first.turns:
            other = BUILDERS[drawing.name](functions, Knobs().turned(turn), exercise)
            (now,) = [one for one in other.turns if one.name == turn.name]
            assert now.now != turn.now
            assert other.rows != first.rows
        assert 0 <= first.step < first.steps


def test_keys_pressed_while_a_picture_is_made_count_one_after_another(engine):
    out = io.StringIO()
    console = Console(file=out, width=80, height=30, force_terminal=True, color_system=None)
    with own(engine) as functions:
        made = []

        def build(knobs):
            made.append(BUILDERS["window"](functions, knobs, "conv.im2col"))
            return made[-1]

        session = DrawingSession(build, console)
        for key in ["right", "right", "down", "s", "p", " ", "q", "right"]:
            session._events.put(key)
        session.run()
    places = [(one.step, *(turn.now for turn in one.turns)) for one in made]
    assert places == [(2, 1, 0), (3, 1, 0), (4, 1, 0), (9, 1, 0), (2, 2, 0), (2, 2, 1), (3, 2, 1)]
    last = out.getvalue().rpartition("The window that moves")[2]
    assert "q quit" not in last  # what stays is the picture alone


def test_a_terminal_that_is_closed_ends_it(engine):
    console = Console(file=io.StringIO(), width=80, height=30, force_terminal=True)
    with own(engine) as functions:
        session = DrawingSession(lambda knobs: BUILDERS["receptive"](functions, knobs, ""), console)
        session._events.put("")
        session.run()


def test_arrows_are_named_and_other_sequences_are_nothing():
    assert name_keys(b"\x1b[A\x1b[B\x1bOC\x1b[D") == ["up", "down", "right", "left"]
    assert name_keys(b"s\x1b[Cp") == ["s", "right", "p"]
    assert name_keys(b"\x1b") == name_keys(b"\x1b[15~") == name_keys(b"\x1b[1;5C") == []


class Standing:
    """As much of a standing as is looked at."""

    def __init__(self, name, state):
        self.exercise, self.state, self.passed = self, state, state == "passed"
        self.id = name


def test_only_what_nobody_knows_is_checked_first():
    states = {
        "a": "passed", "b": "not written yet", "c": "no file", "d": "written, not checked",
        "e": "passed, edited since", "f": "failed", "g": "failed", "h": "unimplemented",
    }  # fmt: skip
    known, unknown = sort_out([Standing(*one) for one in states.items()], "g")
    assert unknown == ["d", "e", "g"]  # the last for its failing case
    assert known == {
        "a": "", "b": "not written yet", "c": "its file is not here",
        "f": "does not pass (wrong answer)", "h": "not written yet",
    }  # fmt: skip
