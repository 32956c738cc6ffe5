"""What a demo looks like: 80 columns, 21 lines, and nothing that colour alone tells."""

from __future__ import annotations

import io
import math

import numpy as np
import pytest
from rich.console import Console

from grader.render.demo.charts import Canvas, draw_losses
from grader.render.demo.screens import has_greys, render_view
from grader.render.demo.shown import (
    Agreement,
    CrossesBody,
    DemoEnd,
    DemoLine,
    DemoPart,
    DemoView,
    DigitsBody,
    Guess,
    LettersBody,
    OptimiserPath,
    PathsBody,
    Suspicion,
)
from grader.render.demo.tiles import draw_blocks, draw_picture
from grader.render.demo.words import render_demos, render_end, render_parts

PARTS = (
    *[
        DemoPart(f"conv.part_of_a_long_name_{number}", own=False, why="not written yet")
        for number in range(9)
    ],
    DemoPart("linear.linear_forward", own=True),
)
LOSSES = [2.3 * math.exp(-step / 20) for step in range(60)]
SCORE = "83.1% of 360 unseen right (torch's: 83.1%)"
BLANK = np.zeros((8, 8))
BODIES = {
    "digits": DigitsBody(
        [Guess(BLANK, digit, 8 if digit == 3 else digit) for digit in range(10)],
        np.ones((8, 3, 3)), np.ones((8, 3, 3)),
    ),
    "letters": LettersBody([(step, "a" * 70) for step in range(40)], "rhyme, RNN"),
    "xo": CrossesBody(
        np.ones((9, 9)), [np.eye(3)] * 3, [np.eye(7)] * 3, [np.eye(3)] * 3, (0.9, 0.1)
    ),
    "paths": PathsBody(
        [OptimiserPath("Momentum, rate 0.3", own=number > 0, points=np.ones((3, 2)), loss=1e-4)
         for number in range(6)]
    ),
}  # fmt: skip


def as_text(renderable, *, colours=None, width=80):
    """Return what a screen shows."""
    console = Console(
        width=width, file=io.StringIO(), force_terminal=True, color_system=colours, markup=False
    )
    console.print(renderable)
    return console.file.getvalue()


def view(name, **changes):
    facts = {
        "name": name, "story": "what learns what " * 6, "parts": PARTS, "step": 60, "steps": 60,
        "losses": LOSSES, "torch_losses": LOSSES, "body": BODIES[name],
        "score": SCORE,
    }  # fmt: skip
    return DemoView(**facts | changes)


@pytest.mark.parametrize("name", BODIES)
@pytest.mark.parametrize("in_greys", [True, False])
def test_a_moment_fits_into_80_columns_and_21_lines_so_that_its_end_and_a_remark_do(name, in_greys):
    score = "100% of 60 unseen pictures right (torch's: 100%)" if name == "xo" else SCORE
    shown = view(name, score=score)
    lines = as_text(render_view(shown, in_greys=in_greys)).rstrip("\n").split("\n")
    assert len(lines) <= 21
    text = as_text(render_view(shown, in_greys=False)).split("\n")
    assert max(map(len, text)) <= 80
    assert name != "xo" or any(line.endswith(score) for line in text)


@pytest.mark.parametrize("name", BODIES)
def test_a_moment_before_the_first_step_and_one_without_numbers_are_shown(name):
    assert as_text(render_view(view(name, losses=(), torch_losses=(), step=0), in_greys=False))
    lost = [2.0, math.inf, math.nan]
    assert as_text(render_view(view(name, losses=lost), in_greys=True))


def test_a_path_that_runs_away_is_drawn_as_far_as_it_is_seen():
    points = np.array([[-9.0, 1.8], [1e300, -1e300], [math.nan, math.inf]])
    body = PathsBody([OptimiserPath("SGD", own=True, points=points, loss=math.inf)] * 2)
    assert "SGD: loss inf" in as_text(render_view(view("paths", body=body), in_greys=False))


def test_right_and_wrong_guesses_differ_by_sign():
    text = as_text(render_view(view("digits"), in_greys=False))
    assert "✔ 2" in text
    assert "✘ 8≠3" in text


def test_what_is_lent_is_named_in_the_head_and_on_a_path():
    assert "1 of 10 parts is yours; torch lends conv.part" in as_text(
        render_view(view("paths"), in_greys=False)
    )
    text = as_text(render_view(view("paths"), in_greys=False))
    assert text.count(", lent") == 1


def test_the_plus_is_where_a_path_ends_that_comes_to_the_lowest_point():
    points = np.array([[-9.0, 0.0], [-1.0, 0.0]])
    body = PathsBody([OptimiserPath("SGD", own=True, points=points, loss=0.0)] * 2)
    text = as_text(render_view(view("paths", body=body), in_greys=False))
    (row,) = (line for line in text.splitlines() if line.count("+") == 2)
    assert "⠒⠒" in row or "⠤⠤" in row, "dots in the middle of the line with the plus"


def test_losses_of_many_that_are_torchs_share_a_line_and_the_others_do_not():
    same = [Agreement(name, 50, 2.3, 0.412, 0.412, 1e-12) for name in ("SGD", "Adam", "RMSprop")]
    other = Agreement("Adagrad", 50, 2.3, 2.2, 0.412, 1.8)
    assert told(agreements=[*same[:1], other, *same[1:]]).splitlines()[:2] == [
        "✔ your loss after 50 steps, the same as torch's: SGD 0.412, Adam 0.412, RMSprop 0.412",
        "✘ Adagrad: your loss after 50 steps: 2.2, torch's: 0.412. It does not fall.",
    ]
    fewer = Agreement("Nesterov", 49, 2.3, 0.5, 0.5, 0.0)
    lines = told(agreements=[*same, fewer]).splitlines()
    assert len(lines) == 4, "where somebody ended it, each says after how many steps"


# ----------------------------------------------------------------------------- lines and tiles


def test_a_line_falls_from_the_upper_left_to_the_lower_right():
    canvas = Canvas(2, 1)
    canvas.line([(0.0, 0.0), (1.0, 1.0)], "")
    assert [row.plain for row in canvas.rows()] == ["⠑⢄"]


def test_dots_outside_are_left_out():
    canvas = Canvas(1, 1)
    for x, y in ((-0.1, 0.5), (0.5, 1.1), (math.nan, 0.0)):
        canvas.dot(x, y, "")
    assert [row.plain for row in canvas.rows()] == [" "]


def test_a_chart_of_losses_has_its_height_at_the_side():
    lines = draw_losses([2.0, 1.0], [2.0, 1.0], 2, 20, 3)
    assert [line.plain[:6] for line in lines] == ["    2 ", "      ", "    0 "]


def test_pictures_have_ink_or_none_where_there_are_no_greys():
    image = np.array([[1.0, 0.0, 1.0, 0.0], [1.0, 0.0, 0.0, 1.0]])
    assert [line.plain for line in draw_picture(image, in_greys=False)] == ["█ ▀▄"]
    blocks = draw_blocks(np.array([[0.0, 0.5, 1.0]]), in_greys=False, low=0.0, high=1.0)
    assert [line.plain for line in blocks] == ["  ▒▒██"]


def test_greys_are_for_terminals_that_have_them():
    def asked(system, **more):
        return has_greys(Console(color_system=system, force_terminal=True, **more))

    assert asked("truecolor")
    assert asked("256")
    assert not asked("standard")
    assert not asked("truecolor", no_color=True)


# ----------------------------------------------------------------------------- words


def told(**facts):
    end = DemoEnd(None, **{"agreements": (), "suspicions": ()} | facts)
    return as_text(render_end(end), width=120)


def test_both_losses_are_told_and_what_a_wrong_one_does():
    same = Agreement("", 50, 2.3, 0.412, 0.412, 1e-12)
    assert told(agreements=[same]) == "✔ your loss after 50 steps: 0.412, torch's: 0.412\n"
    slow = told(agreements=[Agreement("", 50, 2.3, 1.5, 0.412, 1.0)])
    assert "It falls, but not as torch's does." in slow
    assert "It does not fall." in told(agreements=[Agreement("", 50, 2.3, 2.2, 0.412, 1.8)])
    assert "It runs away." in told(agreements=[Agreement("", 50, 2.3, math.nan, 0.412, math.inf)])


def test_the_suspects_are_told_in_order():
    suspects = [Suspicion("a.one", 1, "x = 1, expected 2"), Suspicion("b.two", 3, "y is wrong")]
    assert told(suspicions=suspects).splitlines() == [
        "The first part that differs from torch's is a.one, in step 1: x = 1, expected 2",
        "So does b.two, in step 3: y is wrong",
    ]


def test_where_no_part_alone_is_wrong_that_is_said():
    text = told(agreements=[Agreement("", 50, 2.3, 2.2, 0.412, 1.8)])
    assert "No part alone differs" in text


def test_whose_the_parts_are_is_told_by_reason():
    parts = [
        DemoPart("a.one", own=True), DemoPart("a.two", own=True, why="not checked yet"),
        DemoPart("b.three", own=False, why="wrong answer"),
        DemoPart("b.four", own=False, why="wrong answer"),
    ]  # fmt: skip
    assert as_text(render_parts(parts)).splitlines() == [
        "2 of 4 parts are yours.",
        "Lent by torch, wrong answer: b.three, b.four",
        "Not checked yet: a.two",
    ]


def test_the_list_of_demos_says_what_is_open_without_colour():
    lines = [DemoLine("xo", "X or O?", 10, 10, ()), DemoLine("paths", "down", 0, 6, ("a.b",))]
    text = as_text(render_demos(lines, plain=True))
    assert "open   xo" in text
    assert "later  paths" in text
    assert "0 of 6 parts are yours; opens with a.b" in text
