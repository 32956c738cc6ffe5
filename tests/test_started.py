"""A command that is run for a test behaves as one that a shell starts."""

from __future__ import annotations

import os
import subprocess

import pytest
from classes import RIGHT, command, make_class
from started import run_dlgrade


@pytest.mark.parametrize(
    ("words", "typed", "code"),
    [
        (("--version",), "", 0),
        (("chek",), "", 2),
        (("check", "conv.zero_pad2d", "--dir", "é", "--plain"), "", 1),
        (("list", "conv", "--dir", "é"), "", 0),
        (("quiz", "conv"), "q\n", 0),
    ],
)
def test_it_ends_and_says_the_same(tmp_path, cache_home, words, typed, code):
    make_class(tmp_path, é=RIGHT.replace('raise ValueError("padding")', "return x"))
    variables = os.environ | {
        "XDG_CACHE_HOME": str(cache_home), "XDG_DATA_HOME": str(tmp_path / "data"),
        "LOCALAPPDATA": str(cache_home), "COLUMNS": "80", "PYTHONUTF8": "1",
    }  # fmt: skip
    given = run_dlgrade(*words, folder=tmp_path, variables=variables, typed=typed)
    started = subprocess.run(
        command(*words), cwd=tmp_path, env=variables, input=typed, capture_output=True,
        encoding="utf-8", check=False,
    )  # fmt: skip
    assert given.returncode == started.returncode == code
    assert (given.stdout, given.stderr) == (started.stdout, started.stderr)
    assert given.stdout or given.stderr
