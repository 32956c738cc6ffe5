"""`grader.draw`: a picture of a notebook's own functions, or of the case that fails."""

from __future__ import annotations

import base64
import re
import runpy

import pytest

import grader
from grader.errors import UnknownTargetError, UsageError
from grader.student.drawing.knobs import Knobs
from grader.student.notebook import report
from grader.student.notebook.drawn import draw_function
from grader.student.notebook.report import Question, check_functions

HEAD = "import numpy as np\n\n\ndef zero_pad2d(x, padding):\n"
BODY = """    if padding < 0:
        raise ValueError("negative")
    return np.pad(x, [(0, 0)] * 2 + [(padding, padding)] * 2)
"""
RIGHT = HEAD + BODY
WRONG = HEAD + BODY.replace("return np", "return np.roll(np").replace("* 2)\n", "* 2), 1, 3)\n")
NAME = "conv.zero_pad2d"


@pytest.fixture
def cells(tmp_path, monkeypatch):
    """Return what lets a kernel have run some cells."""
    monkeypatch.chdir(tmp_path)

    def run(*texts):
        monkeypatch.setattr(report, "executed_cells", lambda: dict(enumerate(texts, 1)))
        return {"zero_pad2d": len}  # that there is one

    return run


def test_a_failing_check_offers_the_drawing_of_its_case_and_that_is_what_is_drawn(cells):
    there = cells(WRONG)
    told = check_functions(Question(NAME), None, there)
    assert 'Look at it: grader.draw("conv.zero_pad2d")' in repr(told)
    assert "grader.draw" in told._repr_html_()
    drawn = draw_function(NAME, Knobs(), None, there)
    call = re.search(r"^  (zero_pad2d\(.*\)) *$", repr(told), re.MULTILINE)[1]
    text = re.sub(r"\s+", " ", repr(drawn))
    check = 'grader.check("conv.zero_pad2d") shows the right answer'
    assert f"the case that fails: {call}; {check}" in text
    assert "n* wrong, says the check" in text


def test_what_passes_is_drawn_and_is_an_image_that_touches_nothing_else_of_the_page(cells):
    drawn = draw_function("padding", Knobs(step=0, padding=2), None, cells(RIGHT))
    assert "?" not in repr(drawn)
    assert "padded[0, 0] (11, 11)" in repr(drawn)
    html = drawn._repr_html_()
    assert re.fullmatch(r'<img alt="[^"<>]+" style="[^"]*" src="data:image/svg[^"]+">', html)
    inside = base64.b64decode(html.partition("base64,")[2].partition('"')[0]).decode()
    assert inside == drawn.svg
    assert "padded[0, 0] (11, 11)" in inside


def test_what_no_cell_defines_has_question_marks_and_says_what_to_do(cells):
    cells("x = 1")
    drawn = draw_function(NAME, Knobs(), None, {})
    assert repr(drawn).count("?") > 80
    assert f'? {NAME}: no cell that was run defines it; grader.check("{NAME}")' in repr(drawn)


@pytest.mark.parametrize(
    ("target", "knobs", "error", "said"),
    [
        ("conv.zeropad", Knobs(), UnknownTargetError, "did you mean"),
        ("losses", Knobs(), UnknownTargetError, "no drawing of anything in losses"),
        ("receptive", Knobs(), UsageError, "dlgrade draw receptive shows it"),
        (NAME, Knobs(stride=2), UsageError, "stride: the drawing padding has no stride"),
        (NAME, Knobs(padding=10), UsageError, "padding: 10 is not from 0 to 9"),
        (NAME, Knobs(step=999), UsageError, "step: this drawing has no step 999"),
        (NAME, Knobs(step=-1), UsageError, "step: this drawing has no step -1"),
    ],
)
def test_what_cannot_be_drawn_is_told_in_one_line(cells, target, knobs, error, said):
    with pytest.raises(error) as told:
        draw_function(target, knobs, None, cells(RIGHT))
    assert said in str(told.value)
    assert "\n" not in str(told.value)


def test_the_public_name_draws_the_functions_of_whoever_calls_it(tmp_path):
    file = tmp_path / "script.py"
    file.write_text(f'{RIGHT}\n\nimport grader\n\ndrawn = grader.draw("{NAME}", padding=1)\n')
    drawn = runpy.run_path(str(file))["drawn"]
    assert drawn.picture.name == "padding"
    assert "?" not in repr(drawn)


def test_a_function_without_a_module_of_its_own_is_said_by_name():
    names = {"grader": grader}
    exec(compile(RIGHT, "<somewhere>", "exec"), names)  # noqa: S102 - our own
    with pytest.raises(UsageError, match="zero_pad2d"):
        eval(f'grader.draw("{NAME}")', names)  # noqa: S307 - our own
