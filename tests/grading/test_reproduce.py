"""What `show --reproduce` says really shows the failing case, and of what was graded."""

from __future__ import annotations

import io
import json
import re
import shlex
import shutil
import subprocess
import sys
import zipfile

import pytest
from classes import WRONG, dlgrade, grade, make_class, results

RAISES = """
import numpy as np
from helper import pad

def zero_pad2d(x, padding):
    return inner(x, padding)

def inner(x, padding):
    print("padding", padding)
    return pad(x, padding)
"""
HELPER = "def pad(x, padding):\n    secret = x.no_such_thing\n    return secret\n"
UNIMPORTABLE = "from helper import pad\n\ndef zero_pad2d(x, padding):\n    return pad(x, padding)\n"
ONE = "conv.zero_pad2d"


def show(book, *words):
    done = dlgrade("show", book, *words)
    assert done.returncode == 0, done.stderr
    return done.stdout


def zipped(text):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("conv.py", text)
    return stream.getvalue()


@pytest.fixture
def graded(tmp_path, book):
    """Grade a class under another seed than a student's own."""
    folder = make_class(tmp_path / "a class", ada=WRONG, bo=RAISES, cy=UNIMPORTABLE,
                        **{"di.zip": zipped(WRONG)})  # fmt: skip
    (folder / "bo" / "helper.py").write_text(HELPER)
    (folder / "cy" / "helper.py").write_text("import math\n\ndef f():\n    return 1 / 0\n\n\nf()\n")
    done = grade(folder, book, "--seed", 5)
    assert done.returncode == 0, done.stderr
    return folder, book


@pytest.mark.parametrize("name", ["ada", "bo", "di"])
def test_the_lines_that_are_said_show_the_case_that_was_graded(graded, name, tmp_path):
    _, book = graded
    document = results(book)[name]
    (entry,) = document["exercises"]
    check, debug = show(book, name, "--reproduce").splitlines()
    assert check.startswith(f"dlgrade check {ONE} --seed {document['seed']} --dir ")
    assert debug.startswith(f"dlgrade debug {ONE} --seed {document['seed']} --dir ")
    asked = [*shlex.split(check)[1:], "--json"]
    done = dlgrade(*asked, folder=tmp_path)
    (again,) = json.loads(done.stdout)["exercises"]
    assert again["counterexample"] == entry["counterexample"] is not None
    done = dlgrade(*shlex.split(debug)[1:], folder=tmp_path)
    assert done.returncode == 1, done.stderr
    script = tmp_path / "zero_pad2d_case.py"
    assert (
        f"\npadding = {entry['counterexample']['arguments']['padding']!r}\n" in script.read_text()
    )
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=False)
    said = "'numpy.ndarray' object has no attribute" if name == "bo" else "first wrong: got"
    assert said in done.stdout + done.stderr


def test_what_was_never_run_has_a_line_for_check_alone(graded):
    _, book = graded
    (line,) = show(book, "cy", "--reproduce").splitlines()
    assert line.startswith("dlgrade check ")


def test_work_that_is_another_one_now_is_said_to_be_so(graded):
    folder, book = graded
    assert "#" not in show(book, "ada", "--reproduce")
    (folder / "ada" / "conv.py").write_text(WRONG + "\n# mended, perhaps\n")
    (folder / "di.zip").write_bytes(zipped(WRONG + "\n"))
    for name in ("ada", "di"):
        note, *lines = show(book, name, "--reproduce").splitlines()
        assert note == f"# {ONE}: what lies there now is not what was graded"
        assert len(lines) == 2
    shutil.rmtree(folder / "ada")
    assert f"# {ONE}: not there any more: " in show(book, "ada", "--reproduce")


def test_an_exception_is_shown_with_all_of_its_own_lines_as_they_came_in(graded):
    folder, book = graded
    (folder / "bo" / "helper.py").write_text("# another text by now\n")
    said = show(book, "bo", "--output")
    lines = [line.rstrip() for line in said.splitlines()]
    assert re.match(rf".*{ONE} at helper\.py, line 2: it raised AttributeError", lines[0])
    at = lines.index("  conv.py, line 6, in zero_pad2d")
    assert lines[at : at + 6] == [
        "  conv.py, line 6, in zero_pad2d", "    return inner(x, padding)",
        "  conv.py, line 10, in inner", "    return pad(x, padding)",
        "  helper.py, line 2, in pad", "    secret = x.no_such_thing",
    ]  # fmt: skip
    assert lines[at + 6].startswith("  padding ")
    document = json.loads(show(book, "bo", "--output", "--json"))
    (passage,) = document["answers"][0]["exercises"]
    assert passage["trace"][-1] == ["helper.py", 2, "pad", "secret = x.no_such_thing"]


def test_an_import_that_raised_is_shown_with_its_lines_too(graded):
    _, book = graded
    said = show(book, "cy", "--output")
    for words in ("conv.py, line 1, in <module>", "from helper import pad",
                  "helper.py, line 7, in <module>", "helper.py, line 4, in f",
                  "return 1 / 0"):  # fmt: skip
        assert words in said


def test_no_line_of_a_traceback_reaches_a_student(graded, tmp_path):
    _, book = graded
    done = dlgrade("feedback", book, "-o", tmp_path / "pages")
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "pages" / "bo.html").read_text()
    assert "AttributeError" in page
    assert "no_such_thing&#39;" not in page
    for form in ("gradescope", "junit"):
        done = dlgrade("export", book, "--format", form, "--student", "bo")
        assert "no_such_thing" not in done.stdout
        assert "inner" not in done.stdout
