"""The line that a message sends to: the return that was run, the loop that did not end."""

from __future__ import annotations

import ast
import signal
from dataclasses import replace

import pytest

from grader.engine.source import find_return
from grader.model import Limits, Status
from grader.model.mended import Mending
from grader.model.results import RETURNS_NONE, RETURNS_NOTHING, UNWRITTEN
from grader.student.where import find_source_line

SIZE = "conv.conv_output_size"
HEAD = "def conv_output_size(input_size, kernel_size, stride=1, padding=0):\n"
asks_where = pytest.mark.skipif(
    not hasattr(signal, "SIGUSR1"), reason="this system has no signal to ask with"
)


@pytest.fixture
def look(engine, course, tmp_path):
    """Check a function; return what became of it, and the line that is shown."""

    def look(body, timeout_s=10.0):
        (tmp_path / "conv.py").write_text(HEAD + body)
        exercise = course.exercise(SIZE)
        other = replace(engine, limits=Limits(timeout_s=timeout_s), waits_once=True)
        (result,) = other.check(tmp_path, [exercise]).exercises
        return result, find_source_line(tmp_path, exercise, result)

    return look


def test_a_wrong_answer_is_placed_at_the_return_that_was_run(look):
    body = "    if kernel_size > input_size + 2 * padding or stride < 1:\n"
    body += "        raise ValueError('bad')\n    if input_size < 100:\n"
    result, line = look(f"{body}        return (\n            -1\n        )\n    return -2\n")
    assert result.status is Status.FAILED
    assert (line.line, line.code) == (5, "return (")
    assert line.why == "which returned the answer"


def test_a_return_that_may_not_have_been_run_is_not_said_to_have_returned_the_answer(
    engine, course, tmp_path
):
    (tmp_path / "conv.py").write_text(f"{HEAD}    if stride > 1:\n        return 7\n    return 8\n")
    exercise = course.exercise(SIZE)
    (result,) = engine.check(tmp_path, [exercise]).exercises
    unknown = replace(result, mending=None, returned=0)
    line = find_source_line(tmp_path, exercise, unknown)
    assert (line.line, line.why) == (4, "its last `return`")


def test_a_line_that_is_no_return_of_the_function_is_not_believed():
    (node,) = ast.parse(
        "def f(x):\n    def g():\n        return 1\n    if x:\n        return g(\n        )\n"
        "    return 2\n"
    ).body
    assert find_return(node, 5) == find_return(node, 6) == 5
    assert find_return(node, 7) == 7
    for line in (0, 1, 3, 4, 10**9, -1):
        assert find_return(node, line) == 7
    (without,) = ast.parse("def f():\n    pass\n").body
    assert find_return(without, 2) == 0


@pytest.mark.parametrize(
    ("body", "number", "code"),
    [
        ("    out = input_size\n    print(out)\n    out += 1\n", 3, "print(out)"),
        ("    for i in range(3):\n        out = i\n    out = out + 1\n", 4, "out = out + 1"),
        ("    if input_size:\n        return\n    out = 1\n", 4, "out = 1"),
    ],
)
def test_a_forgotten_return_is_told_as_one_with_what_is_printed_or_comes_last(
    look, body, number, code
):
    result, line = look(body)
    assert result.status is Status.UNIMPLEMENTED
    assert result.is_begun
    assert result.message == RETURNS_NOTHING
    assert (line.line, line.code) == (number, code)


@pytest.mark.parametrize("body", ["    return None\n", "    pass\n", "    ...\n"])
def test_where_nothing_is_computed_it_is_not_written_yet(look, body):
    result, line = look(body)
    assert result.status is Status.UNIMPLEMENTED
    assert not result.is_begun
    assert line.line == 1


def test_a_stub_behind_the_written_function_is_told(engine, course, tmp_path):
    (tmp_path / "conv.py").write_text(
        f"{HEAD}    return 1\n\n\n{HEAD}    raise NotImplementedError\n"
    )
    exercise = course.exercise(SIZE)
    (result,) = engine.check(tmp_path, [exercise]).exercises
    assert result.status is Status.UNIMPLEMENTED
    assert result.is_begun
    assert "written in line 1, and once more as a stub in line 5" in result.message
    assert find_source_line(tmp_path, exercise, result).line == 5


def test_of_two_written_functions_it_is_said_that_the_last_one_counts(engine, course, tmp_path):
    (tmp_path / "conv.py").write_text(f"{HEAD}    return 1\n\n\n{HEAD}    return 2\n")
    (result,) = engine.check(tmp_path, [course.exercise(SIZE)]).exercises
    assert result.status is Status.FAILED
    assert any("line 1 and once more in line 5" in note for note in result.notes)


def test_an_answer_of_a_foreign_type_is_placed_at_its_return(look):
    result, line = look("    size = 1\n    return str(size)\n")
    assert result.status is Status.REJECTED
    assert (line.line, line.code) == (3, "return str(size)")


def test_where_another_line_raised_the_one_that_is_wrong_stands_beside_it(engine, course, tmp_path):
    body = "    width = stride - stride\n    return input_size // width\n"
    (tmp_path / "conv.py").write_text(HEAD + body)
    exercise = course.exercise(SIZE)
    (result,) = engine.check(tmp_path, [exercise]).exercises
    assert result.status is Status.ERROR
    told = replace(result, mending=Mending("size", "", (("conv.py", 2),), ()))
    line = find_source_line(tmp_path, exercise, told)
    assert (line.line, line.beside) == (3, (2, "width = stride - stride"))
    same = replace(result, mending=Mending("size", "", (("conv.py", 3),), ()))
    assert find_source_line(tmp_path, exercise, same).beside is None


@asks_where
@pytest.mark.usefixtures("_stacks_are_waited_for")
def test_a_loop_that_does_not_end_is_placed_at_the_line_that_was_running(look):
    body = (
        "    i = 0\n    while i < input_size:\n        for j in range(9999):\n            j += 1\n"
    )
    result, line = look(f"{body}    return i\n", timeout_s=0.5)
    assert result.status is Status.TIMEOUT
    assert line.line in (4, 5)
    assert line.beside == (3, "while i < input_size:")
    assert line.why == "which was running when the time was up"


def test_after_one_level_ran_out_of_time_the_others_get_less_and_are_not_known(look):
    result, _ = look("    while True:\n        pass\n", timeout_s=1.5)
    statuses = [level.status for level in result.levels]
    assert statuses[0] is Status.TIMEOUT
    assert set(statuses[1:]) == {Status.NOT_RUN}
    assert any("given 1 s" in note for note in result.notes)
    assert result.earned == 0


ONE_LOOP = """import numpy as np


def correlate2d(image, kernel):
    while image.shape == (7, 7) and kernel.shape == (3, 3) and set(image.flat) <= {0, 1}:
        pass
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    return np.einsum("ijkl,kl->ij", windows, kernel)
"""


def test_a_level_that_passes_counts_after_one_that_did_not_end(engine, course, tmp_path):
    (tmp_path / "conv.py").write_text(ONE_LOOP)
    exercise = course.exercise("conv.correlate2d")
    other = replace(engine, limits=Limits(timeout_s=1.0), waits_once=True)
    (result,) = other.check(tmp_path, [exercise]).exercises
    assert [level.status for level in result.levels] == [Status.TIMEOUT, Status.PASSED]
    assert not result.notes
    assert result.earned == result.possible / 2


def test_a_grade_gives_every_level_its_whole_time(engine, course, tmp_path):
    (tmp_path / "conv.py").write_text(HEAD + "    while True:\n        pass\n")
    whole = replace(engine, limits=Limits(timeout_s=0.3))
    (result,) = whole.check(tmp_path, [course.exercise(SIZE)]).exercises
    assert [level.status for level in result.levels[:2]] == [Status.TIMEOUT] * 2
    assert not any("given" in note for note in result.notes)


@pytest.mark.parametrize(
    ("body", "message", "line"),
    [
        ("    sizes = [input_size]\n    return sizes.sort()\n", RETURNS_NONE, 3),
        (
            "    sizes = [input_size]\n    sizes = sizes.sort()\n    return sizes\n",
            RETURNS_NONE,
            3,
        ),
        ("    return None\n", f"it returns None: {UNWRITTEN}", None),
    ],
)
def test_a_return_that_gives_none_is_not_called_unwritten(look, body, message, line):
    result, _ = look(body)
    assert (result.message, result.status) == (message, Status.UNIMPLEMENTED)
    assert (result.location and result.location.line) == line
    assert result.is_begun is (line is not None)
