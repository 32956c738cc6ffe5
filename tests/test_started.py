"""A command that is run for a test behaves as one that a shell starts."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest
from classes import (
    CRASHING,
    ONLY,
    RIGHT,
    SANDBOX,
    WRONG,
    command,
    environment,
    grade,
    make_class,
    without_times,
)
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


@pytest.mark.parametrize("encoding", ["cp1252", "cp437"])
@pytest.mark.parametrize(
    "words", [("explain", "conv"), ("list", "\u00e9\u65e5"), ("init", "\u65e5")]
)
def test_in_another_code_page_it_writes_the_same_bytes(tmp_path, cache_home, words, encoding):
    wrote = []
    for run in (forked, started):
        folder = tmp_path / run.__name__
        folder.mkdir()
        variables = os.environ | {
            "XDG_CACHE_HOME": str(cache_home), "XDG_DATA_HOME": str(folder / "data"),
            "COLUMNS": "80", "PYTHONUTF8": "0", "PYTHONIOENCODING": encoding,
        }  # fmt: skip
        done = run(words, folder, variables)
        wrote.append((done.returncode, done.stdout, done.stderr))
    assert wrote[0] == wrote[1]
    code, output, errors = wrote[0]
    if words[0] == "list":
        assert "\u00e9".encode(encoding) in errors
    assert (code, bool(output)) == ((2, False) if words[0] == "list" else (0, True))


def forked(words, folder, variables):
    return run_dlgrade(*words, folder=folder, variables=variables, encoding=None)


def started(words, folder, variables):
    line = command(*words)
    return subprocess.run(
        line, cwd=folder, env=variables, input=b"", capture_output=True, check=False
    )


def test_a_grading_process_that_is_forked_grades_as_one_that_is_started(tmp_path, book):
    folder = make_class(tmp_path / "hw", a=RIGHT, b=WRONG, c=CRASHING)
    shutil.copytree(tmp_path / "g.db.bank", tmp_path / "other.db.bank")
    assert grade(folder, book, "--seed", 5).returncode == 0
    other = tmp_path / "other.db"
    line = command("grade", folder, "--gradebook", other, "--seed", 5, "--only", ONLY, "--sandbox",
                   SANDBOX, "--jobs", 1)  # fmt: skip
    assert subprocess.run(line, env=environment(), capture_output=True, check=False).returncode == 0
    assert without_times(book) == without_times(other)
    assert set(without_times(book)) == set("abc")
