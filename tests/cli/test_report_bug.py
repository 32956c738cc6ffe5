"""`dlgrade report-bug`: a verdict as a folder to be sent, with nothing else of the student."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from started import run_dlgrade

SIZE = "conv.conv_output_size"
WRONG = """import math
import numpy as np

SECRET = "what nobody else may read"
EXTRA = 2


def im2col(x):
    return x  # also private


def conv_output_size(input_size, kernel_size, stride=1, padding=0):
    return steps(input_size + 2 * padding - kernel_size, stride) + EXTRA


def steps(room, stride):
    return math.floor(room / stride)
"""


@pytest.fixture
def dlgrade(tmp_path, cache_home):
    folder = tmp_path / "private name"
    folder.mkdir()
    variables = os.environ | {"XDG_CACHE_HOME": str(cache_home), "COLUMNS": "80"}

    def run(*arguments):
        return run_dlgrade(*arguments, folder=folder, variables=variables)

    run.folder = folder
    return run


def test_the_folder_has_the_function_with_what_it_needs_and_nothing_else(dlgrade):
    (dlgrade.folder / "conv.py").write_text(WRONG)
    done = dlgrade("report-bug", SIZE)
    assert (done.returncode, done.stderr) == (0, "")
    made = dlgrade.folder / "report-conv_output_size"
    names = {"conv.py", "case.py", "said.txt", "versions.txt"}
    assert {path.name for path in made.iterdir()} == names
    assert all(name in done.stdout for name in names)
    kept = (made / "conv.py").read_text()
    assert all(part in kept for part in ("import math", "EXTRA = 2", "def steps", "+ EXTRA"))
    assert "SECRET" not in kept
    assert "def im2col" not in kept
    everything = "".join(path.read_text(encoding="utf-8") for path in made.iterdir())
    assert "private" not in everything  # neither what else is in the file, nor where it lies


def test_the_case_fails_there_as_it_was_said(dlgrade):
    (dlgrade.folder / "conv.py").write_text(WRONG)
    dlgrade("report-bug", SIZE, "-o", "sent")
    made = dlgrade.folder / "sent"
    ran = subprocess.run(
        [sys.executable, "case.py"], cwd=made, capture_output=True, text=True, check=True
    )
    assert "first wrong: got = " in ran.stdout
    said = (made / "said.txt").read_text(encoding="utf-8")
    assert "conv.conv_output_size  wrong answer" in said
    assert "Where: conv.py:" in said
    versions = (made / "versions.txt").read_text()
    assert all(f"\n{word} " in f"\n{versions}" for word in ("dlgrade", "numpy", "course", "seed"))


def test_what_passed_can_be_reported_too(dlgrade):
    right = WRONG.replace("EXTRA = 2", "EXTRA = 1")
    refusal = "    if min(input_size, kernel_size, stride) < 1 or padding < 0 or room < 0:\n"
    refusal = (
        f"    room = input_size + 2 * padding - kernel_size\n{refusal}        raise ValueError\n"
    )
    (dlgrade.folder / "conv.py").write_text(
        right.replace("    return steps(", f"{refusal}    return steps(")
    )
    assert dlgrade("report-bug", SIZE).returncode == 0
    made = dlgrade.folder / "report-conv_output_size"
    assert not (made / "case.py").exists()
    assert "passed" in (made / "said.txt").read_text()


def test_of_what_is_no_python_nothing_goes_out(dlgrade):
    (dlgrade.folder / "conv.py").write_text(f"{WRONG}\n\ndef other(:\n")
    done = dlgrade("report-bug", SIZE)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"conv.py, line {WRONG.count(chr(10)) + 3}: SyntaxError" in done.stderr
    assert not list(dlgrade.folder.glob("report-*"))


def test_what_was_said_names_no_place_of_the_machine(dlgrade):
    """Neither the message of an exception nor what was printed, however long the line is."""
    say = "    import os, sys\n    here = os.path.abspath(__file__)\n"
    say += "    print(here, os.getcwd(), os.path.expanduser('~'), sys.prefix)\n"
    say += "    raise KeyError(f'{here} in {os.getcwd()} of {os.path.expanduser(chr(126))}')\n"
    text = f"def conv_output_size(input_size, kernel_size, stride=1, padding=0):\n{say}"
    (dlgrade.folder / "conv.py").write_text(text)
    assert dlgrade("report-bug", SIZE).returncode == 0
    made = dlgrade.folder / "report-conv_output_size"
    told = "".join("".join(path.read_text().split()) for path in made.glob("*") if path.is_file())
    for place in (tempfile.gettempdir(), sys.prefix, str(Path.home())):
        assert place not in told


@pytest.mark.parametrize("name", ["no/such/folder", "x" * 300])
def test_a_folder_that_cannot_be_made_is_refused_and_none_is_left(dlgrade, name):
    (dlgrade.folder / "conv.py").write_text(WRONG)
    done = dlgrade("report-bug", SIZE, "-o", name)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert [path.name for path in dlgrade.folder.iterdir() if path.is_dir()] in (
        [],
        ["__pycache__"],
    )


def test_it_is_told_when_the_function_alone_gets_another_verdict(dlgrade):
    (dlgrade.folder / "helper.py").write_text("EXTRA = 2\n")
    by_name = 'import importlib\nEXTRA = importlib.import_module("helper").EXTRA'
    (dlgrade.folder / "conv.py").write_text(WRONG.replace("EXTRA = 2", by_name))
    done = dlgrade("report-bug", SIZE)
    assert done.returncode == 0
    told = "in your folder: wrong answer; of the function alone: "
    assert told in done.stderr
    assert told in (dlgrade.folder / "report-conv_output_size" / "said.txt").read_text()


@pytest.mark.parametrize(
    "line",
    [
        "from helper import EXTRA",
        "import helper\nEXTRA = helper.EXTRA",
        "import helper as h\nEXTRA = h.EXTRA",
        "from helper import *",
    ],
)
def test_what_it_needs_of_another_file_goes_along(dlgrade, line):
    helper = "from deeper import two\nEXTRA = two()\n"
    if "*" not in line:
        helper += "SECRET = 'private'\n"
    (dlgrade.folder / "helper.py").write_text(helper)
    (dlgrade.folder / "deeper.py").write_text("def two():\n    return 2\n\n\nOWN = 'private'\n")
    (dlgrade.folder / "unused.py").write_text("OWN = 'private'\n")
    (dlgrade.folder / "conv.py").write_text(WRONG.replace("EXTRA = 2", line))
    done = dlgrade("report-bug", SIZE)
    assert (done.returncode, done.stderr) == (0, "")
    made = dlgrade.folder / "report-conv_output_size"
    assert {path.name for path in made.glob("*.py")} == {
        "case.py", "conv.py", "helper.py", "deeper.py",
    }  # fmt: skip
    assert "helper.py" in done.stdout
    assert "private" not in "".join(path.read_text() for path in made.glob("*.py"))
    ran = subprocess.run(
        [sys.executable, "case.py"], cwd=made, capture_output=True, text=True, check=True
    )
    assert "first wrong: got = " in ran.stdout


def test_two_files_that_import_each_other_go_along_once(dlgrade):
    (dlgrade.folder / "helper.py").write_text("import conv\n\nEXTRA = 2\n")
    (dlgrade.folder / "conv.py").write_text(WRONG.replace("EXTRA = 2", "from helper import EXTRA"))
    assert dlgrade("report-bug", SIZE).returncode == 0
    made = dlgrade.folder / "report-conv_output_size"
    assert {path.name for path in made.glob("*.py")} == {"case.py", "conv.py", "helper.py"}


def test_a_case_that_ends_its_process_says_so_before_it(dlgrade):
    text = "import os\n\n\ndef conv_output_size(input_size, kernel_size, stride=1, padding=0):\n"
    (dlgrade.folder / "conv.py").write_text(f"{text}    os._exit(3)\n")
    assert dlgrade("report-bug", SIZE).returncode == 0
    made = dlgrade.folder / "report-conv_output_size"
    ran = subprocess.run(
        [sys.executable, "case.py"], cwd=made, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 3
    assert "where nothing is said below, the process ended in it" in ran.stdout


def test_a_source_in_another_encoding_is_sent_as_python_reads_it(dlgrade):
    text = "# coding: latin-1\n" + WRONG.replace("EXTRA = 2", "EXTRA = len('é') + 1")
    (dlgrade.folder / "conv.py").write_bytes(text.encode("latin-1"))
    done = dlgrade("report-bug", SIZE)
    assert (done.returncode, done.stderr) == (0, "")
    made = dlgrade.folder / "report-conv_output_size"
    assert "len('é')" in (made / "conv.py").read_text(encoding="utf-8")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
def test_a_folder_with_a_line_break_in_its_name_is_told_on_one_line(dlgrade):
    (dlgrade.folder / "conv.py").write_text(WRONG)
    done = dlgrade("report-bug", SIZE, "-o", "two\nlines")
    assert (done.returncode, done.stderr) == (0, "")
    assert not [line for line in done.stdout.splitlines() if line.startswith("lines")]
    again = dlgrade("report-bug", SIZE, "-o", "two\nlines")
    assert (again.returncode, again.stderr.count("\n")) == (2, 1)


@pytest.mark.parametrize(
    ("text", "target", "said"),
    [
        (WRONG, "conv", "dlgrade report-bug conv.conv_output_size"),
        (WRONG, "conv.nothing", "did you mean 'conv'?"),
        (WRONG, "conv.col2im", "conv.py has no col2im"),
        ("", SIZE, f"conv.py has no conv_output_size: nothing was written; dlgrade reset {SIZE}"),
        ("def conv_output_size(a):\n    raise NotImplementedError\n", SIZE, "is not written yet"),
        (None, SIZE, "there is no conv.py with conv_output_size in it"),
        (None, SIZE, f"dlgrade reset {SIZE} puts the stub there"),
    ],
)
def test_where_there_is_nothing_to_report_one_line_says_so(dlgrade, text, target, said):
    if text is None:
        (dlgrade.folder / "pool.py").write_text("")
    else:
        (dlgrade.folder / "conv.py").write_text(text)
    done = dlgrade("report-bug", target)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert said in done.stderr
    assert not list(dlgrade.folder.glob("report-*"))


def _folder(path):
    path.mkdir()


def _looped(path):
    path.symlink_to(path.name)


def _latin(path):
    path.write_bytes(WRONG.replace("nobody", "nob\xe9dy").encode("latin-1"))


def _broken(path):
    path.write_text("def conv_output_size(:\n")


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (_folder, "conv.py is a folder: nothing was written; move it, then dlgrade reset "),
        (_looped, "conv.py is a link to no file: nothing was written; move it, then dlgrade reset"),
        (_latin, "save it as UTF-8: conv_output_size cannot be taken out of it; mend that, then "),
        (_broken, f"conv.py, line 1: SyntaxError: {{}}, then dlgrade report-bug {SIZE}, or send"),
    ],
)
def test_what_cannot_be_read_is_one_line_with_the_command_that_helps(dlgrade, make, said):
    (dlgrade.folder / "pool.py").write_text("")
    make(dlgrade.folder / "conv.py")
    done = dlgrade("report-bug", SIZE)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert all(part in done.stderr for part in said.split("{}"))
    assert not list(dlgrade.folder.glob("report-*"))


@pytest.mark.parametrize(
    ("helper", "said"),
    [
        (b"EXTRA = (\n", "helper.py, line 1: SyntaxError: "),
        ("EXTRA = 2\n".encode("utf-16"), "helper.py: it is saved as UTF-16; save it as UTF-8: "),
    ],
)
def test_without_all_that_the_function_needs_nothing_goes_out(dlgrade, helper, said):
    (dlgrade.folder / "helper.py").write_bytes(helper)
    (dlgrade.folder / "conv.py").write_text(WRONG.replace("EXTRA = 2", "from helper import EXTRA"))
    done = dlgrade("report-bug", SIZE)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert f"dlgrade: {said}" in done.stderr
    assert "what conv_output_size needs of it cannot be taken out of it" in done.stderr
    assert not list(dlgrade.folder.glob("report-*"))


def test_a_lambda_goes_out_as_any_function_does(dlgrade):
    arguments = "input_size, kernel_size, stride=1, padding=0"
    (dlgrade.folder / "conv.py").write_text(f"conv_output_size = lambda {arguments}: 3\n")
    done = dlgrade("report-bug", SIZE)
    assert (done.returncode, done.stderr) == (0, "")
    made = dlgrade.folder / "report-conv_output_size"
    assert (made / "conv.py").read_text() == f"conv_output_size = lambda {arguments}: 3\n"
    ran = subprocess.run(
        [sys.executable, "case.py"], cwd=made, capture_output=True, text=True, check=True
    )
    assert "first wrong: got = 3, expected " in ran.stdout


def test_what_was_taken_for_the_file_is_told(dlgrade):
    (dlgrade.folder / "conv.py").write_bytes(WRONG.encode("utf-16"))
    done = dlgrade("report-bug", SIZE)
    assert (done.returncode, done.stdout.count("conv.py ")) == (0, 1)
    assert done.stderr == "dlgrade: conv.py is saved as UTF-16; save it as UTF-8\n"


def test_what_lies_there_already_is_left_alone(dlgrade):
    (dlgrade.folder / "conv.py").write_text(WRONG)
    (dlgrade.folder / "mine").mkdir()
    done = dlgrade("report-bug", SIZE, "-o", "mine")
    assert done.returncode == 2
    assert "mine is there already, and is left alone" in done.stderr
    assert not list((dlgrade.folder / "mine").iterdir())
