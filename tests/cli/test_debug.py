"""`dlgrade debug`: the case that fails in `check` fails in a plain script and in the debugger."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
import zipfile

import pytest
from libraries import copy_course
from started import run_dlgrade

RIGHT = "    return (input_size + 2 * padding - kernel_size) // stride + 1\n"
HEAD = "def conv_output_size(input_size, kernel_size, stride=1, padding=0):\n"
SIZE = "conv.conv_output_size"
WRONG = f"{HEAD}{RIGHT.replace('+ 1', '+ 2')}"
PAD = """import numpy as np


def zero_pad2d(x, padding):
    if padding < 0:
        raise ValueError("negative")
    return np.pad(x, padding)
"""
PASSES = PAD.replace("(x, padding)\n", "(x, [(0, 0)] * 2 + [(padding, padding)] * 2)\n")


@pytest.fixture
def dlgrade(tmp_path, cache_home):
    """Run the command in a folder whose name has a space, a comma and an accent."""
    folder = tmp_path / "mes éxercices, à moi"
    folder.mkdir()
    variables = os.environ | {
        "XDG_CACHE_HOME": str(cache_home), "LOCALAPPDATA": str(cache_home), "COLUMNS": "80",
        "PYTHONUTF8": "1",
    }  # fmt: skip

    def run(*arguments, typed=""):
        return run_dlgrade(*arguments, folder=folder, variables=variables, typed=typed)

    run.folder = folder
    return run


def execute(path, cwd):
    return subprocess.run(
        [sys.executable, str(path)], cwd=cwd, capture_output=True, encoding="utf-8", check=False
    )


def test_the_case_of_check_fails_in_the_script_until_it_is_mended(dlgrade):
    (dlgrade.folder / "conv.py").write_text(WRONG)
    (shown,) = json.loads(dlgrade("check", SIZE, "--json").stdout)["exercises"]
    done = dlgrade("debug", SIZE, "-o", "case.py")
    assert (done.returncode, done.stdout) == (1, "")
    assert f"{SIZE} fails in case.py: python case.py" in done.stderr
    text = (dlgrade.folder / "case.py").read_text(encoding="utf-8")
    case = shown["counterexample"]
    for name, value in case["arguments"].items():
        assert f"\n{name} = {value!r}\n" in text
    assert f"\nexpected = {case['expected']!r}\n" in text
    printed = execute("case.py", dlgrade.folder)
    assert not printed.stderr
    assert f"first wrong: got = {case['actual']}, expected {case['expected']}" in printed.stdout
    (dlgrade.folder / "conv.py").write_text(WRONG.replace("+ 2\n", "+ 1\n"))
    assert "nothing is wrong here" in execute("case.py", dlgrade.folder).stdout


def test_without_a_file_the_script_and_nothing_else_goes_to_the_screen(dlgrade, tmp_path):
    (dlgrade.folder / "conv.py").write_text(WRONG)
    done = dlgrade("debug", SIZE)
    assert (done.returncode, done.stderr) == (1, "")
    (tmp_path / "copied.py").write_text(done.stdout, encoding="utf-8")
    assert "first wrong: got = " in execute(tmp_path / "copied.py", tmp_path).stdout


@pytest.mark.parametrize("body", [WRONG, f"{HEAD}    return input_size / 0\n"])
def test_check_ends_with_the_line_that_holds_its_case(dlgrade, body):
    (dlgrade.folder / "conv.py").write_text(body)
    printed = dlgrade("check", SIZE, "--seed", "5").stdout
    (line,) = re.findall(r"^  Hold it: (.*)$", printed, re.MULTILINE)
    assert line == f"dlgrade debug {SIZE} --seed 5"
    done = dlgrade(*shlex.split(line)[1:])
    (call,) = re.findall(r"^  (conv_output_size\(.*\))", printed, re.MULTILINE)
    assert f": {call}\n" in done.stdout


def test_the_line_stands_once_and_not_where_everything_passes_or_nothing_ran(dlgrade):
    (dlgrade.folder / "conv.py").write_text(f"{WRONG}\n\n{PAD}")
    printed = dlgrade("check", SIZE, "conv.zero_pad2d").stdout
    assert printed.count("Hold it: ") == 1
    (dlgrade.folder / "conv.py").write_text(PASSES)
    assert "Hold it" not in dlgrade("check", "conv.zero_pad2d").stdout
    (dlgrade.folder / "conv.py").write_text("import nothing_of_the_kind\n")
    assert "Hold it" not in dlgrade("check", SIZE).stdout


def test_what_passes_has_nothing_to_hold(dlgrade):
    (dlgrade.folder / "conv.py").write_text(PASSES)
    done = dlgrade("debug", "conv.zero_pad2d", "-o", "case.py")
    assert (done.returncode, done.stdout) == (0, "")
    assert "conv.zero_pad2d passed: there is no failing case to hold" in done.stderr
    assert not (dlgrade.folder / "case.py").exists()


def test_what_was_not_run_says_why_there_is_no_case(dlgrade):
    (dlgrade.folder / "conv.py").write_text(f"{HEAD}    raise NotImplementedError\n")
    done = dlgrade("debug", SIZE)
    assert (done.returncode, done.stdout) == (1, "")
    assert "not written" in done.stderr
    assert "no case of it was run" in done.stderr
    assert dlgrade("debug", "conv.nothing").returncode == 2


def test_of_a_module_the_first_exercise_with_a_failing_case_is_taken(dlgrade, course):
    (dlgrade.folder / "conv.py").write_text(PAD)
    done = dlgrade("debug", "conv", "--seed", "3")
    assert done.returncode == 1
    assert done.stdout.startswith("# conv.zero_pad2d, wrong answer: zero_pad2d(x, ")
    assert "Made by `dlgrade debug conv.zero_pad2d --seed 3`" in " ".join(
        done.stdout.replace("#", "").split()
    )


def test_an_expected_exception_is_said(dlgrade):
    (dlgrade.folder / "conv.py").write_text(HEAD + RIGHT)
    done = dlgrade("debug", SIZE, "-o", "case.py")
    assert done.returncode == 1
    printed = execute("case.py", dlgrade.folder).stdout
    assert "expected: ValueError" in printed
    assert "first wrong: it raised nothing" in printed


def test_a_file_that_is_somebody_elses_or_edited_is_left_alone(dlgrade):
    (dlgrade.folder / "conv.py").write_text(WRONG)
    case = dlgrade.folder / "case.py"
    case.write_text("mine = 1\n")
    done = dlgrade("debug", SIZE, "-o", "case.py")
    assert (done.returncode, case.read_text()) == (2, "mine = 1\n")
    assert "case.py is no script of ours, and is left alone: name another file" in done.stderr
    case.unlink()
    for _ in range(2):  # the second one replaces the first
        assert dlgrade("debug", SIZE, "-o", "case.py").returncode == 1
    edited = case.read_text(encoding="utf-8").replace("np.array", "np.asarray") + "print(1)\n"
    case.write_text(edited, encoding="utf-8")
    done = dlgrade("debug", SIZE, "-o", "case.py")
    assert (done.returncode, case.read_text(encoding="utf-8")) == (2, edited)
    assert "was edited since dlgrade debug wrote it" in done.stderr
    assert dlgrade("debug", SIZE, "-o", ".").returncode == 2
    assert dlgrade("debug", SIZE, "-o", "no/such/case.py").returncode == 2


def test_the_debugger_stops_in_the_first_line_of_the_function(dlgrade):
    body = f'{HEAD}    """Say it."""\n    size = input_size\n    return size - 1000\n'
    (dlgrade.folder / "conv.py").write_text(body)
    (dlgrade.folder / "cmd.py").write_text("raise SystemExit('not the one of Python')\n")
    done = dlgrade("debug", SIZE, "--pdb", typed="p 'here', input_size\nq\n")
    assert done.returncode == 1
    assert "conv.py(3)conv_output_size()" in done.stdout
    assert "-> size = input_size" in done.stdout
    assert re.search(r"\('here', \d+\)", done.stdout)
    assert sorted(path.name for path in dlgrade.folder.glob("*.py")) == ["cmd.py", "conv.py"]


def test_the_debugger_runs_the_script_that_is_kept(dlgrade):
    (dlgrade.folder / "conv.py").write_text(WRONG)
    done = dlgrade("debug", SIZE, "--pdb", "-o", "case.py", typed="up\nq\n")
    assert "case.py(" in done.stdout
    assert (dlgrade.folder / "case.py").is_file()


def notebook(*cells):
    sources = [{"cell_type": "code", "source": cell, "metadata": {}} for cell in cells]
    return json.dumps({"cells": sources, "nbformat": 4, "nbformat_minor": 5, "metadata": {}})


def test_the_code_of_a_notebook_lies_beside_the_script(dlgrade, tmp_path):
    (tmp_path / "work.ipynb").write_text(notebook("%pip install x", "1 / 0", PAD))
    asked = ("debug", "conv.zero_pad2d", "--dir", str(tmp_path / "work.ipynb"))
    done = dlgrade(*asked)
    assert done.returncode == 2
    assert "name a script with -o, and they are put beside it" in done.stderr
    for _ in range(2):
        done = dlgrade(*asked, "-o", "case.py")
        assert done.returncode == 1
    assert (dlgrade.folder / "case_files" / "conv.py").is_file()
    printed = execute("case.py", dlgrade.folder)
    assert "first wrong: " in printed.stdout
    assert "passed over, line " in printed.stderr
    assert "division by zero" in printed.stderr
    mine = dlgrade.folder / "case_files" / "conv.py"
    mine.write_text(f"{mine.read_text()}# mine\n")
    done = dlgrade(*asked, "-o", "case.py")
    assert done.returncode == 2
    assert "not as dlgrade debug left it" in done.stderr
    assert mine.read_text().endswith("# mine\n")
    (dlgrade.folder / "mine_files").mkdir()
    assert dlgrade(*asked, "-o", "mine.py").returncode == 2
    done = dlgrade(*asked, "--pdb", typed="p 'here', padding\nq\n")
    assert "('here', " in done.stdout


def test_a_misnamed_file_is_run_where_it_lies_and_an_archive_is_opened(dlgrade, tmp_path):
    work = tmp_path / "work"
    work.mkdir()
    (work / "conv (1).py").write_text(PAD)
    done = dlgrade("debug", "conv.zero_pad2d", "--dir", str(work))
    assert done.returncode == 1
    assert repr(str((work / "conv (1).py").resolve())) in done.stdout
    with zipfile.ZipFile(tmp_path / "work.zip", "w") as archive:
        archive.writestr("work/conv.py", f"import torch\n{PAD}\nassert torch\n")
    asked = ("debug", "conv.zero_pad2d", "--dir", str(tmp_path / "work.zip"), "-o", "case.py")
    done = dlgrade(*asked)
    assert done.returncode == 1
    assert "left out" in done.stderr
    assert "first wrong: " in execute("case.py", dlgrade.folder).stdout


EARLY = """import numpy as np


def correlate2d(image, kernel):
    out = np.zeros(np.subtract(image.shape, kernel.shape) + 1)
    for i in range(len(out) - 1):
        for j in range(out.shape[1]):
            print("row", i, "column", j)
            out[i, j] = np.sum(image[i:i + len(kernel), j:j + kernel.shape[1]] * kernel)
    return out
"""


def test_the_case_that_tells_more_is_held_where_there_is_one(dlgrade):
    (dlgrade.folder / "conv.py").write_text(EARLY)
    shown = dlgrade("check", "conv.correlate2d").stdout
    assert "--case telling" in shown
    smallest = dlgrade("debug", "conv.correlate2d", "-o", "small.py")
    done = dlgrade("debug", "conv.correlate2d", "--case", "telling", "-o", "more.py")
    assert (smallest.returncode, done.returncode) == (1, 1)
    assert "(1 of 1 wrong)" in execute("small.py", dlgrade.folder).stdout
    printed = execute("more.py", dlgrade.folder).stdout
    assert "first wrong: got[2, 0] = 0.0, expected" in printed
    assert "(3 of 9 wrong)" in printed
    assert "--case telling`" in (dlgrade.folder / "more.py").read_text()


def test_a_case_that_tells_more_is_not_promised(dlgrade):
    (dlgrade.folder / "conv.py").write_text(WRONG)
    done = dlgrade("debug", SIZE, "--case", "telling")
    assert "no case tells more than the smallest: it is taken" in done.stderr
    assert done.stdout == dlgrade("debug", SIZE).stdout
    assert dlgrade("debug", SIZE, "--case", "largest").returncode == 2


def test_a_library_that_the_course_allows_and_is_missing_is_ours(dlgrade, tmp_path, course):
    own = copy_course(course, tmp_path / "own", '["nolib"]')
    (dlgrade.folder / "conv.py").write_text(WRONG)
    done = dlgrade("--course", str(own), "debug", SIZE, "-o", "case.py")
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith("dlgrade: ")
    assert "nolib" in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (dlgrade.folder / "case.py").exists()


@pytest.mark.parametrize("output", [(), ("-o", "case.py"), ("--pdb",)])
def test_of_a_folder_that_grading_rejects_there_is_no_case_and_the_reason_is_said(dlgrade, output):
    (dlgrade.folder / "conv.zip").write_bytes(b"PK\x03\x04 and no more")
    (shown,) = json.loads(dlgrade("check", SIZE, "--json", "--dir", ".").stdout)["exercises"]
    assert shown["status"] == "rejected"
    done = dlgrade("debug", SIZE, "--dir", ".", *output)
    assert (done.returncode, done.stdout) == (1, "")
    why = f"not allowed: {shown['message']}; no case of it was run"
    assert done.stderr == f"dlgrade: {SIZE}: {why}\n"
    assert [path.name for path in dlgrade.folder.iterdir()] == ["conv.zip"]


def test_of_a_folder_that_grading_rejects_a_stub_is_checked_as_it_is_and_that_is_said(dlgrade):
    (dlgrade.folder / "conv.py").write_text(f"{HEAD}    raise NotImplementedError\n")
    (dlgrade.folder / "link.py").symlink_to("conv.py")
    done = dlgrade("debug", SIZE, "--dir", ".")
    assert (done.returncode, done.stdout) == (1, "")
    rejected, none = done.stderr.splitlines()
    assert rejected.startswith("dlgrade: grading would reject this folder as a whole: ")
    assert none.startswith(f"dlgrade: {SIZE}: ")
    assert none.endswith("; no case of it was run")
