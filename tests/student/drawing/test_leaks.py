"""No drawing shows a right answer of what is unsolved: neither its numbers nor who is paid."""

from __future__ import annotations

import io
import re

import numpy as np
import pytest
from drawn import CASES, TARGETS, UNWRITTEN, cases_of, held_case, own, parts, picture
from rich.console import Console

from grader.render.drawings.figures import Chart, Graph, Plane, Tower
from grader.render.drawings.squares import Bars, Grid, word_of
from grader.render.drawings.svg import write_svg
from grader.render.drawings.terminal import render_picture
from grader.student.drawing.pictures.paths import START, height

GIVEN = {"x", "w1", "b1", "w2", "b2"}
RESULTS = (  # titles of what is computed
    *("out", "column", "padded", "grad_x", "grad_weight", "grad_bias", "after", "x[0, 0] (4, 4)"),
)
COLUMNS_GIVEN = ("overlap",)
NUMBER = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?(?:e[-+]\d+)?")


def flat(value):
    """Yield every number in a value."""
    if isinstance(value, np.ndarray):
        yield from (float(one) for one in value.ravel())
    elif isinstance(value, dict):
        yield from (one for item in value.values() for one in flat(item))
    elif isinstance(value, (tuple, list)):
        yield from (one for item in value for one in flat(item))
    elif isinstance(value, (int, float, np.number)):
        yield float(value)


def written(values):
    """Return numbers as a drawing may write them, with any count of digits."""
    return {word_of(abs(one), digits) for one in values for digits in range(2, 7)}


def texts(shown):
    """Return all that is shown of a picture, in a terminal and on a page."""
    out = io.StringIO()
    Console(file=out, width=200, color_system=None).print(render_picture(shown, 200))
    page = write_svg(shown)
    assert page.count("<text") > 1
    return out.getvalue() + re.sub(r"<style>.*?</style>|<[^>]*>", " ", page)


def read(shown):
    return {one.lstrip("-") for one in NUMBER.findall(texts(shown))}


def turns(drawing):
    """Return knobs worth trying: the first steps, and each stride and padding that there is."""
    knobs = [{}] + [{"step": step} for step in (0, 1, 2)]
    for name, _ in drawing.keys:
        knobs += [{name: number} for number in (1, 2)]
    return knobs


@pytest.mark.parametrize(("drawing", "exercise"), TARGETS)
def test_with_nothing_written_every_number_that_is_to_be_computed_is_a_question_mark(
    engine, drawing, exercise
):
    if not exercise.startswith(tuple(engine.course.modules)):
        return  # it belongs to no exercise, and its numbers are ours
    with own(engine, none=True) as functions:
        for knobs in turns(drawing):
            shown = picture(functions, drawing.name, exercise, **knobs)
            assert any(UNWRITTEN in note for note in shown.notes)
            for part in parts(shown):
                is_given = drawing.name in COLUMNS_GIVEN and "column" in getattr(part, "title", "")
                if not is_given:
                    assert_unknown(part)
    assert not functions._seats  # nobody was asked


def assert_unknown(part):
    """Make sure that a part holds given numbers alone."""
    if isinstance(part, Grid) and part.title.startswith(RESULTS):
        assert {s.word() for row in part.squares for s in row} == {"?"}
    elif isinstance(part, Bars):
        assert [bar.value for bar in part.bars[1:]] == [None] * 6
    elif isinstance(part, Graph):
        known = [one.name for one in part.vertices if one.forward is not None]
        assert set(known) == GIVEN
        assert not any(one.gradient for one in part.vertices)
    elif isinstance(part, Tower):
        assert [one.shape for one in part.storeys[1:]] == [None] * (len(part.storeys) - 1)
        assert not any(one.parameters for one in part.storeys)
    elif isinstance(part, (Chart, Plane)):
        assert not any(getattr(part, name, ()) for name in ("curves", "trails"))


@pytest.mark.parametrize(("drawing", "exercise"), CASES)
def test_no_number_of_the_right_answer_to_a_failing_case_occurs_in_its_drawing(
    engine, drawing, exercise
):
    """All else is solved, this one raises: what stands there comes from elsewhere, or is none."""
    checked = 0
    with own(engine, but=[exercise]) as functions:
        for arguments, right in cases_of(engine, exercise, every=12):
            functions.held, functions.answers = held_case(exercise, arguments), []
            for knobs in turns(drawing)[:3]:
                shown = picture(functions, drawing.name, exercise, **knobs)
                answers = [answer for _, answer in functions.answers]
                allowed = written([*flat(arguments), *flat(answers), *range(200)])
                assert not (written(flat(right)) - allowed) & read(shown), shown
                checked += bool(written(flat(right)) - allowed)
    assert checked or exercise in COUNTS


# their answers are small whole numbers, which occur everywhere, or numbers of the arguments in
# another place: for these the test above looks at each place
COUNTS = (
    *("blueprint.output_shapes", "conv.im2col", "conv.zero_pad2d", "conv.conv_output_size"),
    *("pool.max_pool2d_forward", "pool.max_pool2d_backward"),
)


@pytest.mark.parametrize(("drawing", "exercise"), TARGETS)
def test_no_number_of_the_lectures_right_answer_occurs_while_that_one_is_unsolved(
    engine, drawing, exercise
):
    """With one function missing, no number but those of the others' answers can be new."""
    if exercise not in engine.course.ids:
        return
    with own(engine) as functions:
        picture(functions, drawing.name, exercise)
        right = [answer for name, answer in functions.answers if name == exercise]
    assert right
    with own(engine, but=[exercise]) as functions:
        shown = picture(functions, drawing.name, exercise)
        answers = [answer for _, answer in functions.answers]
        before = read(shown)
    given = [one for part in parts(shown) for one in given_numbers(part)]
    allowed = written([*given, *flat(answers), *range(200)])
    leaked = (written(flat(right)) - allowed) & before
    assert not leaked, leaked


def given_numbers(part):
    """Yield the numbers of a part that its title says are given."""
    if isinstance(part, Grid) and not part.title.startswith(RESULTS[:7]):
        yield from (s.value for row in part.squares for s in row if s.value is not None)
    elif isinstance(part, Plane):
        yield height(START)  # where everybody begins; squares of it are in an answer, too
        for trail in part.trails:  # how each is set
            yield from map(float, NUMBER.findall(trail.name.partition(":")[0]))
    elif isinstance(part, Graph):
        for one in part.vertices:
            if one.name in GIVEN:
                yield from (number for row in one.forward for number in row)
