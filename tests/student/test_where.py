"""A line that is not Python is shown as it stands, with a mark below what is wrong in it."""

from __future__ import annotations

import io
from itertools import pairwise

import pytest
from rich.console import Console

from grader.model import ExerciseResult, LevelResult, Location, Status
from grader.render.failure import Manner, render_failure, tell_together
from grader.student.where import find_source_line

NAME = "conv.im2col"


def missing(message, line, name=NAME, levels=("a", "b")):
    where = Location("conv.py", line) if line else None
    scores = tuple(LevelResult(level, Status.MISSING, 1.0) for level in levels)
    return ExerciseResult(name, scores, message=message, location=where)


def screen(course, folder, result, others=(), **manner):
    exercise = course.exercise(result.id)
    line = find_source_line(folder, exercise, result)
    console = Console(file=io.StringIO(), width=100, color_system=None)
    console.print(render_failure(result, exercise, line, Manner(**manner), others))
    return [text.rstrip() for text in console.file.getvalue().splitlines()]


@pytest.mark.parametrize(
    ("source", "line", "marked"),
    [
        ("def f(x):\n    if x < 1\n        return x\n", 2, ""),
        ("def f(x):\n    return (x + 1))\n", 2, ")"),
        ("def f(x):\n\tif x < 1\n\t\treturn x\n", 2, ""),
        ("def f(x):\n    return 2x + 1\n", 2, "2"),
        ("x = 'é', “a”\n", 1, "“"),
        ("def f(x):\n    y = 1\n      return y\n", 3, "return y"),
        (f"x = [{'1, ' * 60}2x]\n", 1, "2"),
    ],
)
def test_a_mark_stands_below_what_is_wrong(course, tmp_path, source, line, marked):
    (tmp_path / "conv.py").write_text(source, encoding="utf-8")
    lines = screen(course, tmp_path, missing("conv.py does not import, line 1: SyntaxError", line))
    code, below = next((a, b) for a, b in pairwise(lines) if "^" in b)
    first, last = below.index("^"), below.rindex("^") + 1
    assert below.strip(" ^") == ""
    assert code[first:last].strip() == marked or marked.startswith(code[first:last].strip())
    if not marked:
        assert code[:first].rstrip().endswith("< 1")
    start = code.index("| ") + 2
    indent = len(source.split("\n")[line - 1].expandtabs(4)) - len(
        source.split("\n")[line - 1].expandtabs(4).lstrip()
    )
    assert len(code[start:]) - len(code[start:].lstrip()) == indent


def test_a_line_that_a_screen_has_room_for_is_shown_from_its_first_character(course, tmp_path):
    line = "def conv_output_size(input_size, kernel_size, stride=1, padding=0)"
    (tmp_path / "conv.py").write_text(line + "\n", encoding="utf-8")
    lines = screen(course, tmp_path, missing("conv.py does not import: SyntaxError", 1))
    assert any(shown.endswith(f"| {line}") for shown in lines)


def test_tabs_and_spaces_that_are_mixed_have_signs(course, tmp_path):
    (tmp_path / "conv.py").write_text("def f(x):\n        y = x\n\t  return y\n")
    lines = screen(course, tmp_path, missing("conv.py does not import, line 3: TabError: x", 3))
    assert "    3 | →   ··return y" in lines
    assert not any("^" in line for line in lines)


def test_a_file_that_does_not_import_is_called_so_and_its_levels_were_not_run(course, tmp_path):
    (tmp_path / "conv.py").write_text("def f(x)\n")
    said = "conv.py does not import, line 1: SyntaxError: expected ':'"
    lines = screen(course, tmp_path, missing(said, 1), plain=True)
    assert lines[1] == "FAIL conv.im2col  does not import: syntax error  0 of 2 points"
    assert lines[2:4] == ["  ---- a", "  ---- b"]
    assert sum("def f(x)" in line for line in lines) == 1


@pytest.mark.parametrize(
    ("message", "word"),
    [
        ("conv.py does not import (conv.py, line 3): NameError: x", "does not import"),
        ("conv.py does not import, line 1: TabError: x", "does not import: syntax error"),
        ("there is no file conv.py", "could not be loaded"),
        ("conv.py has no function im2col", "could not be loaded"),
    ],
)
def test_what_became_of_a_file_is_said_as_exactly_as_it_is_known(course, tmp_path, message, word):
    lines = screen(course, tmp_path, missing(message, 0))
    assert lines[1] == f"✘ conv.im2col  {word}  0 of 2 points"


def test_what_is_true_of_a_file_is_told_once_for_all_that_was_asked_of_it(course, tmp_path):
    (tmp_path / "conv.py").write_text("def f(x)\n")
    said = "conv.py does not import, line 1: SyntaxError: expected ':'"
    names = ["conv.im2col", "conv.col2im", "conv.zero_pad2d"]
    other = missing("pool.py does not import, line 1: SyntaxError: x", 1, "pool.flatten")
    gone = [missing("there is no file conv.py", 0, name) for name in names[:2]]
    groups = tell_together([*(missing(said, 1, name) for name in names), other, *gone])
    assert [len(group) for group in groups] == [3, 1, 2]
    lines = screen(course, tmp_path, groups[0][0], groups[0][1:])
    assert lines[1] == "✘ conv: 3 exercises  does not import: syntax error  0 of 6 points"
    assert lines[-1].strip() == "Next: mend it, then dlgrade check conv"
