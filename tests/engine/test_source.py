"""A student's file is judged by its text before it is run, and never trusted to be Python."""

from __future__ import annotations

import ast
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.engine.reading.imports import OwnFiles, Survey, own_files
from grader.engine.reading.needs import Search, tell_left_out
from grader.engine.source import accepts, find_defining, is_unwritten, mentions, read_source
from grader.model.sourcemap import AS_IT_IS


def source(tmp_path, text):
    file = tmp_path / "conv.py"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_source(file)


@pytest.mark.parametrize(
    ("text", "problem", "line"),
    [
        ("def f(:\n", "SyntaxError", 1),
        ("x = 1\n\tx = 2\n", "IndentationError", 2),
        (b"x = '\xff'\n", "SyntaxError", 0),
        (b"\x00\x01", "", 0),
        ("(" * 5000, "", 0),
        ("x = " + "-" * 100_000 + "1", "it is not Python source", 0),
    ],
)
def test_what_is_not_python_has_a_problem_and_never_raises(tmp_path, text, problem, line):
    found = source(tmp_path, text)
    assert found.problem
    assert problem in found.problem
    assert not line or found.problem_line == line


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-16-le", "utf-32-be"])
def test_a_file_that_says_by_its_first_bytes_what_it_is_saved_as_is_told_so(tmp_path, encoding):
    mark = "" if encoding in ("utf-16", "utf-32") else "\ufeff"
    found = source(tmp_path, (mark + "x = 1\n").encode(encoding))
    assert found.mark == encoding[:6].upper()


def test_a_huge_file_is_not_read(tmp_path):
    assert "larger than 1 MiB" in source(tmp_path, "#" * (2**20 + 1)).problem


def function(text):
    return ast.parse(text).body[0]


@pytest.mark.parametrize(
    ("text", "unwritten"),
    [
        ("def f():\n    raise NotImplementedError", True),
        ("def f():\n    '''Do.'''\n    raise NotImplementedError('later')", True),
        ("def f():\n    ...", True),
        ("def f():\n    pass", True),
        ("def f():\n    raise NotImplementedError\n    return 1", True),
        ("def f():\n    return 1", False),
        ("def f():\n    x = 1\n    raise NotImplementedError", False),
        ("def f():\n    raise ValueError", False),
    ],
)
def test_a_stub_is_known_by_its_text(text, unwritten):
    assert is_unwritten(function(text)) is unwritten


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("def f(x, k, stride=1, padding=0): pass", True),
        ("def f(a, b, c=3, d=4): pass", True),
        ("def f(*args): pass", True),
        ("def f(x, k, *rest, **more): pass", True),
        ("def f(x, k, stride=1, padding=0, debug=False): pass", True),
        ("def f(x, k, stride, padding): pass", False),
        ("def f(x, k): pass", False),
        ("def f(x, k, stride=1, padding=0, *, debug): pass", False),
        ("def f(): pass", False),
    ],
)
def test_parameters_fit_when_every_call_of_the_course_does(text, fits):
    assert accepts(function(text), 2, 4) is fits


def test_a_name_is_found_plain_and_as_an_attribute():
    node = function("def f():\n    return conv.im2col(x) + other(x)")
    assert mentions(node, "im2col")
    assert mentions(node, "other")
    assert not mentions(node, "col2im")


LONG = "a" * 300
names = st.text(st.sampled_from("ab./\0\udc80é\n"), max_size=6) | st.sampled_from(
    [LONG, "..", ".", "a." * 200, "folder", "pipe", "link", "loop", "package", "odd.name"]
)


@given(name=names, text=st.binary(max_size=60) | st.text(max_size=60).map(
    lambda text: text.encode("utf-8", "surrogatepass")))  # fmt: skip
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_nothing_that_is_called_or_written_as_somebody_likes_raises(tmp_path, name, text):
    if not (tmp_path / "folder.py").exists():
        (tmp_path / "folder.py").mkdir()
        (tmp_path / "package" / "one.py").mkdir(parents=True)
        os.mkfifo(tmp_path / "pipe.py")
        (tmp_path / "link.py").symlink_to("nowhere")
        (tmp_path / "loop.py").symlink_to("loop.py")
    (tmp_path / "conv.py").write_bytes(b"import " + name.encode("utf-8", "surrogateescape")
                                       + b"\n" + text)  # fmt: skip
    found = read_source(tmp_path / "conv.py")
    assert found.problem or found.import_lines
    own = OwnFiles(tmp_path)
    own.add(found.path, found.contents)
    survey = Survey(own, found.path)
    assert isinstance(Search(survey).run("f"), list)
    assert isinstance(tell_left_out([survey], (), AS_IT_IS), tuple)
    (tmp_path / "conv.py").write_bytes(text)
    assert read_source(tmp_path / "conv.py").path
    assert isinstance(own_files(tmp_path, name), list)
    assert read_source(Path(f"{tmp_path}/{name}.py")).path


@pytest.mark.parametrize("name", ["..", ".", "package/..", "../beside", ""])
def test_what_no_import_can_say_is_looked_for_nowhere(tmp_path, name):
    for file in ("beside.py", "hw/package/one.py"):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text("x = 1\n")
    assert own_files(tmp_path / "hw", name) == []
    assert own_files(tmp_path / "hw", "package") == [tmp_path / "hw" / "package" / "one.py"]


@pytest.mark.parametrize("name", ["conv (1).py", "Conv.py", "conv.py.txt", "hw2.ipynb"])
def test_a_file_of_another_name_that_defines_what_is_missing_is_found(tmp_path, name):
    text = '{"cells": [{"source": ["def pad(x):\\n"]}]}' if name.endswith("nb") else "def pad(x):\n"
    (tmp_path / name).write_text(text)
    (tmp_path / "notes.md").write_text("I wrote def pad(x) in the other file; def padding(x): too")
    (tmp_path / ".hidden.py").write_text("def pad(x):\n")
    assert find_defining(tmp_path, "pad") == [name]
