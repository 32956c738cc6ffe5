"""The lines of a student's code that stand beside a result: the failing one, or the function."""

from __future__ import annotations

from dataclasses import replace

import pytest
from classes import ONLY, RIGHT, WRONG
from hypothesis import given
from hypothesis import strategies as st

from grader.engine.examiner import blank_result
from grader.grading.excerpts import MAX_CHARACTERS, MAX_LINES, Excerpts
from grader.grading.facts import exercise_fact
from grader.model import Location, Status
from grader.model.sourcemap import Piece, SourceMap

LONG = "def zero_pad2d(x, padding):\n    " + "\n    ".join(f"a{n} = {n}" for n in range(40)) + "\n"
DOCUMENTED = 'def zero_pad2d(x, padding):\n    """Pad.\n' + "\n" * 30 + '    """\n    return x\n'


@pytest.fixture
def take(tmp_path, course):
    """Return what is kept of a file's text for a result that names a line, or none."""
    blank = blank_result(course.exercise(ONLY), Status.FAILED, "wrong")

    def run(text, location=None, status=Status.FAILED, sources=None, file="conv.py"):
        (tmp_path / file).write_bytes(text if isinstance(text, bytes) else text.encode())
        result = replace(blank, location=location)
        result = (
            result
            if status is Status.FAILED
            else blank_result(course.exercise(ONLY), status, "", location)
        )
        more = () if sources is None else (sources,)
        return Excerpts(tmp_path, ["conv"], *more).find(result)

    return run


def test_a_function_that_names_no_line_is_shown_from_its_head(take):
    code = take(WRONG)
    assert code["file"] == "conv.py"
    assert code["line"] is None
    assert code["text"].splitlines()[0] == "def zero_pad2d(x, padding):"
    assert code["text"].splitlines()[-1] == "    return np.pad(x, padding)"
    assert WRONG.splitlines()[code["first"] - 1] == "def zero_pad2d(x, padding):"


def test_a_long_docstring_is_left_out_so_that_the_code_is_there(take):
    code = take(DOCUMENTED)
    assert code["text"] == "    return x"
    assert code["first"] == 34


def test_the_failing_line_is_among_those_that_are_shown_and_none_of_another_function(take):
    text = f"import numpy as np\nother = 1\n{LONG}\nlast = 2\n"
    for line in (3, 4, 20, 43):
        code = take(text, Location("conv.py", line))
        shown = code["text"].splitlines()
        assert shown[line - code["first"]] == text.splitlines()[line - 1]
        assert len(shown) == MAX_LINES
        assert not {"other = 1", "last = 2"} & set(shown)


def test_lines_of_a_cell_have_the_numbers_of_the_cell(take):
    sources = SourceMap({"conv.py": (Piece(1, "cell 2"), Piece(3, "cell 5"))})
    text = "first = 1\nsecond = 2\nthird = 3\nfourth = 4\n"
    code = take(text, Location("cell 5", 2), sources=sources)
    assert code == {"file": "cell 5", "first": 1, "line": 2, "text": "third = 3\nfourth = 4"}


def test_a_line_of_a_helper_is_shown_as_the_helpers(take):
    take("x = 1\n", file="helper.py")
    code = take(RIGHT, Location("helper.py", 1))
    assert (code["file"], code["text"]) == ("helper.py", "x = 1")


@pytest.mark.parametrize("status", [Status.PASSED, Status.UNIMPLEMENTED])
def test_nothing_is_kept_where_there_is_nothing_to_mend(take, status):
    assert take(RIGHT) is not None
    assert take(RIGHT, status=status) is None


@pytest.mark.parametrize("text", ["def f(:\n", "", b"\xff\xfe\x00", "# coding: punycode\nx\n"])
def test_a_file_that_is_no_python_gives_no_function(take, text):
    assert take(text) is None


def test_a_line_that_is_not_there_is_not_shown(take):
    assert take(RIGHT, Location("conv.py", 4000)) is None
    assert take(RIGHT, Location("made up.py", 1)) is None


def test_what_a_run_wrote_into_its_file_is_not_what_is_kept(tmp_path, course):
    file = tmp_path / "conv.py"
    file.write_text(WRONG)
    lines = Excerpts(tmp_path, ["conv"])
    file.write_text("def zero_pad2d(x, padding):\n    return 'seen'\n")
    code = lines.find(blank_result(course.exercise(ONLY), Status.FAILED, "wrong"))
    assert "np.pad" in code["text"]


@given(body=st.text(max_size=400), line=st.integers(1, 30), wide=st.integers(0, 3000))
def test_whatever_the_text_is_the_excerpt_is_short_and_harmless(
    tmp_path_factory, course, body, line, wide
):
    folder = tmp_path_factory.mktemp("stage")
    text = f"def zero_pad2d(x, padding):\n    '{'x' * wide}'\n{body}\n" + "pass\n" * 30
    (folder / "conv.py").write_bytes(text.encode("utf-8", "replace"))
    blank = blank_result(course.exercise(ONLY), Status.ERROR, "", Location("conv.py", line))
    code = Excerpts(folder, ["conv"]).find(blank)
    assert code is not None
    shown = code["text"].split("\n")
    assert len(shown) <= MAX_LINES
    assert len(code["text"]) <= MAX_CHARACTERS
    assert all(one.isprintable() for one in shown)
    assert code["first"] <= code["line"] < code["first"] + len(shown)


def test_a_fact_has_the_lines_among_its_details(course):
    blank = blank_result(course.exercise(ONLY), Status.FAILED, "wrong")
    code = {"file": "conv.py", "first": 1, "line": None, "text": "x"}
    assert exercise_fact(blank, code)["details"]["code"] == code
    assert "code" not in exercise_fact(blank)["details"]


@given(
    st.lists(
        st.tuples(st.text(max_size=300), st.integers(0, 2**31), st.text(max_size=300)), max_size=20
    )
)
def test_lines_of_a_traceback_are_bounded_and_harmless_whatever_their_names(
    tmp_path_factory, course, frames
):
    folder = tmp_path_factory.mktemp("stage")
    (folder / "conv.py").write_text("x = 1\n" + "y" * 1000)
    blank = blank_result(course.exercise(ONLY), Status.ERROR, "it raised KeyError")
    trace = (
        *(Location(*frame) for frame in frames),
        Location("conv.py", 1),
        Location("conv.py", 2),
    )
    lines = Excerpts(folder, ["conv"]).trace(replace(blank, trace=trace))
    assert [line["line"] for line in lines] == [where.line for where in trace]
    assert [line["code"][:5] for line in lines[-2:]] == ["x = 1", "yyyyy"]
    for line in lines:
        for text in (line["file"], line["function"], line["code"]):
            assert text.isprintable()
            assert len(text) <= 161
    fact = exercise_fact(replace(blank, trace=trace), None, lines)
    assert fact["details"]["trace"] == lines
    assert "trace" not in exercise_fact(blank)["details"]


def test_lines_of_a_traceback_in_a_cell_have_the_cells_numbers(tmp_path, course):
    (tmp_path / "conv.py").write_text("first = 1\nsecond = 2\nthird = 3\nfourth = 4\n")
    sources = SourceMap({"conv.py": (Piece(1, "cell 2"), Piece(3, "cell 5"))})
    blank = blank_result(course.exercise(ONLY), Status.ERROR, "it raised KeyError")
    result = replace(blank, trace=(Location("cell 5", 2, "f"),))
    (line,) = Excerpts(tmp_path, ["conv"], sources).trace(result)
    assert line == {"file": "cell 5", "line": 2, "function": "f", "code": "fourth = 4"}
