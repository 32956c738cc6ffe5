"""Each kind of failure has one message, word for word, and one picture in docs/student/messages.md.

After a change on purpose: `python docs/make_messages.py`, and read what it changed.
"""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "docs"))

from make_messages import EXAMPLES, as_picture, as_text, draw, result_of  # noqa: E402

from grader.engine.compare import first_mismatch  # noqa: E402
from grader.model import Counterexample, ExerciseResult, LevelResult, Status  # noqa: E402
from grader.render.failure import Manner, render_failure  # noqa: E402
from grader.render.shown import SourceLine  # noqa: E402
from grader.student.where import find_source_line  # noqa: E402

KINDS = [example.kind for example in EXAMPLES]
every_example = pytest.mark.parametrize("example", EXAMPLES, ids=KINDS)


@every_example
def test_a_message_is_word_for_word_the_golden_one(example, course):
    golden = Path(__file__).parent / "golden" / f"{example.kind}.txt"
    assert as_text(example, course) == golden.read_text(encoding="utf-8")


@every_example
def test_a_picture_that_is_kept_shows_the_words_of_today(example, course):
    kept = (ROOT / "docs" / "student" / "messages" / f"{example.kind}.svg").read_text("utf-8")
    made = as_picture(example, course)
    words = [re.findall(r">([^<]+)</text>", picture) for picture in (kept, made)]
    assert words[0] == words[1]
    assert len(words[0]) > 3


def test_every_golden_text_and_every_picture_belongs_to_a_kind():
    texts = {path.stem for path in (Path(__file__).parent / "golden").iterdir()}
    pictures = {path.stem for path in (ROOT / "docs" / "student" / "messages").iterdir()}
    assert texts == pictures == set(KINDS)
    page = (ROOT / "docs" / "student" / "messages.md").read_text(encoding="utf-8")
    assert re.findall(r"\(messages/(\w+)\.svg\)", page) == KINDS


def test_every_status_that_can_be_shown_has_an_example(course):
    shown = {result_of(example, course.exercise(example.exercise)).status for example in EXAMPLES}
    assert shown == set(Status) - {Status.PASSED, Status.NOT_RUN}


@every_example
def test_a_picture_loads_nothing_from_elsewhere(example, course):
    picture = as_picture(example, course)
    assert "url(http" not in picture
    assert "@font-face" not in picture
    assert picture.count("<text") > 3


@every_example
@pytest.mark.parametrize("width", [30, 80])
def test_no_line_is_wider_than_the_screen(example, course, width, monkeypatch):
    monkeypatch.setattr("make_messages.WIDTH", width)
    assert max(map(len, as_text(example, course).splitlines())) <= width


@every_example
def test_colour_adds_nothing_that_the_text_does_not_say(example, course):
    coloured = draw(example, course, force_terminal=True, color_system="truecolor").file.getvalue()
    bare = re.sub(r"\x1b\]8;[^\x1b]*\x1b\\|\x1b\[[0-9;]*m", "", coloured)
    lines = [line.rstrip() for line in bare.splitlines()]
    assert "\n".join(lines).strip("\n") + "\n" == as_text(example, course)


def test_plain_output_has_neither_signs_nor_links_nor_colours(course):
    example = next(e for e in EXAMPLES if e.kind == "plain")
    printed = draw(example, course, force_terminal=True, color_system=None).file.getvalue()
    assert "\x1b" not in printed
    assert printed.isascii()


def test_no_color_keeps_the_signs_and_drops_the_colours(course, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    example = next(e for e in EXAMPLES if e.kind == "values")
    printed = draw(example, course, force_terminal=True, color_system="truecolor").file.getvalue()
    assert "-1.5*" in re.sub(r"\x1b\[[0-9;]*m", "", printed)
    assert not re.findall(r"\x1b\[(?:[0-9]+;)*(?:3[0-7]|38)(?:;[0-9]+)*m", printed)


def test_where_to_look_is_a_link_with_the_line(course, tmp_path):
    folder = tmp_path / "mes évaluations"
    folder.mkdir()
    (folder / "conv.py").write_text("import numpy\n\n\ndef im2col(x):\n    return x\n")
    exercise = course.exercise("conv.im2col")
    result = ExerciseResult(exercise.id, (LevelResult("a", Status.FAILED, 1.0),), message="m")
    line = find_source_line(folder, exercise, result)
    assert (line.path, line.line, line.code) == (folder / "conv.py", 5, "return x")
    console = Console(file=io.StringIO(), force_terminal=True, color_system="standard", width=200)
    console.print(render_failure(result, exercise, line))
    assert "file:///" in console.file.getvalue()
    assert "mes%20%C3%A9valuations/conv.py#5" in console.file.getvalue()


def test_a_path_below_the_current_folder_is_short_and_has_its_line(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert SourceLine(tmp_path / "exercises" / "conv.py", 9).text == str(
        Path("exercises/conv.py:9")
    )


SHAPES = [
    (),
    (1,),
    (3,),
    (2, 3),
    (1, 1),
    (40,),
    (2, 30),
    (1, 2, 2),
    (7, 2, 2),
    (2, 2, 2, 2),
    (0, 3),
]


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("kind", ["float64", "int64", "bool", "complex128"])
def test_arrays_of_any_shape_and_kind_can_be_shown(shape, kind, course):
    exercise = course.exercise("conv.im2col")
    expected = np.ones(shape, "float64" if kind == "complex128" else kind)
    actual = np.zeros(shape, kind)
    found = first_mismatch([expected], [actual], 1e-8, ("cols",))
    shown = Counterexample("im2col(x)", {"x": expected}, expected, actual, True, found)
    result = ExerciseResult(
        exercise.id, (LevelResult("a", Status.FAILED, 1.0),), counterexample=shown, message="m"
    )
    console = Console(file=io.StringIO(), width=80, color_system=None)
    console.print(render_failure(result, exercise, None, Manner()))
    printed = console.file.getvalue()
    assert max(map(len, printed.splitlines())) <= 80
    if actual.size and kind != "complex128":
        assert "*" in printed


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1 / 3 + 1e-7, 1e300, 5e-324])
def test_a_wrong_number_never_looks_like_the_right_one(value, course):
    exercise = course.exercise("conv.im2col")
    expected, actual = np.full((1, 2, 2), 1 / 3), np.full((1, 2, 2), value)
    shown = Counterexample("im2col(x)", {}, expected, actual, True)
    result = ExerciseResult(
        exercise.id, (LevelResult("a", Status.FAILED, 1.0),), counterexample=shown
    )
    console = Console(file=io.StringIO(), width=100, color_system=None)
    console.print(render_failure(result, exercise))
    rows = [line.split() for line in console.file.getvalue().splitlines() if "*" in line]
    assert rows
    for want, _, got, _ in rows:
        assert want != got.rstrip("*")
