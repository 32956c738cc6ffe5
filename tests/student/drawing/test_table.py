"""The table of drawings names what is there, and a word that is typed leads to what was meant."""

from __future__ import annotations

import re

import pytest

from grader.errors import UnknownTargetError
from grader.student.drawing.builders import BUILDERS
from grader.student.drawing.table import DRAWINGS, choose_drawing, find_drawing


def test_every_drawing_has_a_builder_and_exercises_that_are_there(course):
    assert [one.name for one in DRAWINGS] == list(BUILDERS)
    named = [exercise for one in DRAWINGS for exercise in (*one.exercises, *one.uses)]
    assert set(named) <= set(course.ids)
    owned = [exercise for one in DRAWINGS for exercise in one.exercises]
    assert len(owned) == len(set(owned)) > 20


@pytest.mark.parametrize(
    ("word", "drawing", "exercise"),
    [
        ("window", "window", "conv.correlate2d"),
        ("conv", "window", "conv.correlate2d"),
        ("conv.im2col", "window", "conv.im2col"),
        ("im2col", "window", "conv.im2col"),
        ("pool", "pool", "pool.max_pool2d_forward"),
        ("pool.avg_pool2d_backward", "pool", "pool.avg_pool2d_backward"),
        ("lstm_cell", "lstm", "recurrent.lstm_cell"),
        ("recurrent", "lstm", "recurrent.lstm_cell"),
        ("signal", "signal", "recurrent.backprop_signal"),
        ("optim", "paths", "optim.sgd_step"),
        ("adam_step", "paths", "optim.adam_step"),
        ("blueprint", "tower", "blueprint.output_shapes"),
        ("receptive", "receptive", ""),
    ],
)
def test_a_drawing_an_exercise_its_last_half_and_a_module_lead_to_a_drawing(
    course, word, drawing, exercise
):
    found, meant = choose_drawing(word, course.ids, course.modules)
    assert (found.name, meant) == (drawing, exercise)


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("imcol", "did you mean 'conv.im2col'?"),
        ("windw", "did you mean 'window'?"),
        ("zzz", "`dlgrade draw` lists what there is"),
        ("losses.mse_loss", "there is no drawing of losses.mse_loss; `dlgrade draw` lists"),
        ("embedding", "there is no drawing of anything in embedding; `dlgrade draw` lists"),
    ],
)
def test_what_is_none_is_told_in_one_line(course, word, said):
    with pytest.raises(UnknownTargetError, match=re.escape(said)):
        choose_drawing(word, course.ids, course.modules)


def test_no_drawing_is_found_for_another_exercise():
    assert find_drawing("losses.mse_loss") is None
    assert find_drawing("conv.col2im").name == "overlap"


def test_whatever_has_a_drawing_has_one_of_its_failing_case(course):
    without = [one.name for one in DRAWINGS if not one.draws_cases]
    assert not [one for one in course.ids if (find_drawing(one) or DRAWINGS[0]).name in without]
