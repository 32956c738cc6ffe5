"""Notebooks become Python: cells in order, magics dropped, places named by cell."""

from __future__ import annotations

import ast
import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.grading.intake.notebooks import notebook_source
from grader.model import Limits, Location
from grader.model.sourcemap import SourceMap
from grader.worker.client import Worker


def notebook(*cells, form=4):
    if form == 3:
        inner = [{"cell_type": "code", "input": source} for source in cells]
        return json.dumps({"worksheets": [{"cells": inner}]}).encode()
    inner = [{"cell_type": "code", "source": source} for source in cells]
    return json.dumps({"cells": [{"cell_type": "markdown", "source": "# hi"}, *inner]}).encode()


@pytest.mark.parametrize("form", [3, 4])
def test_code_cells_come_in_order_whatever_the_format(form):
    text = notebook_source(notebook("a = 1", "b = 2", form=form)).text
    assert text.index("a = 1") < text.index("b = 2")


@pytest.mark.parametrize(
    "source",
    [
        "%matplotlib inline\nx = 1",
        "!pip install numpy\nx = 1",
        "%%time\nx = 1",
        "if True:\n    %timeit f()\nx = 1",
        "files = !ls\nx = 1",
        "print?\nx = 1",
        ["%cd ..\n", "x = 1"],
        "'''\n%not a magic\n'''\nx = 1",
    ],
)
def test_magics_are_dropped_and_the_rest_of_the_cell_stays(source):
    found = notebook_source(notebook(source))
    names = {}
    exec(compile(ast.parse(found.text), "notebook", "exec"), names)  # noqa: S102 - our own text
    assert names["x"] == 1
    assert not found.warnings


@pytest.mark.parametrize("source", ["%%bash\nls", "def broken(:\n    pass", "%%html\n<b>"])
def test_a_cell_that_is_no_python_is_left_out_and_named(source):
    found = notebook_source(notebook("x = 1", source, "y = 2"))
    assert "cell 2 is left out" in found.warnings[0]
    assert "y = 2" in found.text


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"cells": 3}', b"[" * 100_000, b"\xff"])
def test_what_is_no_notebook_is_a_problem_and_no_exception(data):
    assert "cannot be read" in notebook_source(data).problem


@given(st.lists(st.text(alphabet="ab=1\n ()'\"#%!", max_size=30), max_size=5))
def test_any_notebook_becomes_text_that_parses(cells):
    ast.parse(notebook_source(notebook(*cells)).text)


@given(st.lists(st.integers(0, 4), min_size=1, max_size=6))
def test_a_line_of_the_file_is_found_in_its_cell(lengths):
    cells = [
        "\n".join(f"x{n} = {line}" for line in range(size + 1)) for n, size in enumerate(lengths)
    ]
    found = notebook_source(notebook(*cells))
    sources = SourceMap({"conv.py": found.pieces})
    lines = found.text.split("\n")
    for number, size in enumerate(lengths):
        for line in range(size + 1):
            place = lines.index(f"x{number} = {line}") + 1
            known = sources.locate(Location("conv.py", place))
            assert (known.file, known.line) == (f"cell {number + 1}", line + 1)


def test_a_cell_that_raises_is_noted_and_the_next_one_runs(tmp_path):
    text = notebook_source(
        notebook("a = 1", "raise ValueError('oops')", "def f():\n    return a")
    ).text
    (tmp_path / "conv.py").write_text(text)
    with Worker(tmp_path, Limits()) as worker:
        assert worker.load("conv", "f") is True
        ends = time.monotonic() + 60  # what is printed comes by another pipe than the answer
        while "oops" not in worker.output and time.monotonic() < ends:
            time.sleep(0.01)
        assert "cell 2 raised ValueError: oops" in worker.output
