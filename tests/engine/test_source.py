"""A student's file is judged by its text before it is run, and never trusted to be Python."""

from __future__ import annotations

import ast

import pytest

from grader.engine.source import accepts, is_unwritten, mentions, read_source


def source(tmp_path, text, **others):
    for name, content in others.items():
        (tmp_path / f"{name}.py").write_text(content)
    file = tmp_path / "conv.py"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_source(file)


@pytest.mark.parametrize(
    "text",
    [
        "import numpy as np, os.path, json",
        "from numpy.lib.stride_tricks import sliding_window_view",
        "from __future__ import annotations",
        "import helpers\nfrom helpers import f",
        "from . import helpers",
        "def f():\n    import math",
    ],
)
def test_numpy_the_standard_library_and_own_files_may_be_imported(tmp_path, text):
    assert not source(tmp_path, text, helpers="import math").broken_rule


@pytest.mark.parametrize(
    ("text", "name", "line"),
    [
        ("import torch", "torch", 1),
        ("\nfrom torch.nn import functional as F", "torch", 2),
        ("def f():\n    import scipy.signal", "scipy", 2),
        ("import numpy, solutions", "solutions", 1),
        ("try:\n    import grader\nexcept ImportError:\n    pass", "grader", 2),
        ("if 0:\n    import pandas", "pandas", 2),
    ],
)
def test_any_other_import_breaks_a_rule_wherever_it_stands(tmp_path, text, name, line):
    found = source(tmp_path, text)
    assert (found.broken_rule, found.rule_location.line) == (name, line)


def test_an_own_file_may_not_import_for_another(tmp_path):
    found = source(tmp_path, "import a", a="import b", b="import a\nimport torch")
    assert found.broken_rule == "torch"
    assert str(found.rule_location) == "b.py, line 2"


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
