"""A student's file is judged by its text before it is run, and never trusted to be Python."""

from __future__ import annotations

import ast
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.engine.source import (
    MAX_OWN_BYTES,
    OwnFiles,
    accepts,
    is_unwritten,
    mentions,
    own_files,
    read_source,
)


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


LONG = "a" * 300


@pytest.mark.parametrize(
    "text",
    [f"import {LONG}", f"import {LONG}.b", f"from {LONG} import b", f"from . import {LONG}",
     f"import {'é' * 200}"],
)  # fmt: skip
def test_a_name_that_no_file_can_have_is_an_import_like_any_other(tmp_path, text):
    found = source(tmp_path, text)
    assert found.broken_rule[:1] in {"a", "é"}
    assert len(found.broken_rule) <= 201
    assert found.rule_location.line == 1


def test_an_own_file_that_is_not_parsed_may_not_be_imported(tmp_path):
    assert (
        "big.py: the file is larger" in source(tmp_path, "import big", big="#" * 2**21).broken_rule
    )
    odd = source(tmp_path, "import odd", odd="# coding: punycode\nimport torch-")
    assert odd.broken_rule == "odd (odd.py: it says that it is in punycode; save it as UTF-8)"
    assert str(odd.rule_location) == "conv.py, line 1"


def test_a_submission_has_no_more_parsed_than_is_bounded(tmp_path, monkeypatch):
    parsed = []
    (tmp_path / "own").mkdir()
    for number in range(20):
        (tmp_path / "own" / f"m{number}.py").write_text("#" * 2**19)
    own = OwnFiles()
    for name in ("conv", "pool"):
        (tmp_path / f"{name}.py").write_text("")
    tree = ast.parse("import own")
    monkeypatch.setattr(
        "grader.engine.source.parse_python", lambda text: parsed.append(len(text)) or tree
    )
    for name in ("conv", "pool"):
        found = read_source(tmp_path / f"{name}.py", own)
        assert "all files together are larger than 4 MiB" in found.broken_rule
    assert sum(parsed) == MAX_OWN_BYTES


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
    assert found.problem or found.broken_rule or found.import_lines
    (tmp_path / "conv.py").write_bytes(text)
    assert read_source(tmp_path / "conv.py").path
    assert isinstance(own_files(tmp_path, name), list)
    assert read_source(Path(f"{tmp_path}/{name}.py")).path
