"""What is said of an answer, and of what may be typed."""

from __future__ import annotations

import io

import pytest
from quiz_helpers import ITEMS

from grader.quiz.asking.terminal.render import render_help, render_verdict
from grader.quiz.asking.terminal.screen import TerminalScreen
from grader.quiz.items.variants import draw_variant
from grader.quiz.marking import mark_answer, right_answer


def shown(renderable):
    """Return what a pipe gets of it, in one line."""
    stream = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    TerminalScreen(plain=True, stream=stream).show(renderable)
    stream.flush()
    return " ".join(stream.buffer.getvalue().decode("utf-8").split())


SEVERAL = [
    draw_variant(item)
    for item in ITEMS
    if item.kind == "multiple" and len(right_answer(draw_variant(item)).split()) > 1
]


@pytest.mark.parametrize("variant", SEVERAL, ids=lambda variant: variant.item.id)
def test_an_answer_that_is_right_in_part_is_told_as_one(variant):
    """With its share, the letters that are right, those that are missing, and all of them."""
    first, *others = right_answer(variant).split()
    mark = mark_answer(variant, first)
    text = shown(render_verdict(variant, mark, plain=True))
    assert text.startswith(f"Partly right ({mark.partial:g} of the point in an exam).")
    assert f"1 of {1 + len(others)} right choices: {first}." in text
    assert all(f"{letter}) is missing." in text for letter in others)
    assert f"The answer is {right_answer(variant)}." in text


def test_an_answer_with_as_much_wrong_as_right_is_wrong():
    """Taking all of them earns nothing, and is not called right in part."""
    variant = SEVERAL[0]
    letters = "abcdefgh"[: len(variant.posed.options)]
    text = shown(render_verdict(variant, mark_answer(variant, letters), plain=True))
    assert text.startswith("Wrong. ")
    assert "does not belong" in text


def test_the_help_tells_what_counts_where_a_part_can_be_right():
    """And says nothing of it anywhere else."""
    assert "a part earns a part of the point" in shown(render_help(SEVERAL[0], "quit stops"))
    for item in ITEMS:
        if item.kind != "multiple":
            assert "Counts" not in shown(render_help(draw_variant(item), "quit stops"))
