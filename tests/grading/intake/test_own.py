"""A student's own folder is read as a submission is: the student learns what grading will do."""

from __future__ import annotations

import json
import zipfile

import pytest
from typer.testing import CliRunner

from grader.cli import app
from grader.engine.engine import Engine
from grader.errors import RejectedError
from grader.grading.intake.own import read_own
from grader.grading.intake.packages import read_package
from grader.grading.intake.submissions import Submission
from grader.grading.opening import open_package, split

PAD = (
    "import numpy as np\n\n\ndef zero_pad2d(x, padding):\n"
    "    p = padding\n    return np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))\n"
)
WRONG = PAD.replace("(p, p), (p, p)", "(p, p), (p, 0)")
STUB = "def zero_pad2d(x, padding):\n    raise NotImplementedError\n"


@pytest.fixture
def check(tmp_path, monkeypatch, cache_home):
    """Check the padding of a folder with the command; its document, what it says, its end."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache_home))
    folder = tmp_path / "mine"
    folder.mkdir()

    def run(*arguments):
        command = ["check", "conv.zero_pad2d", "--dir", str(folder), *arguments]
        return CliRunner().invoke(app, command)

    run.folder = folder
    return run


def write(folder, files):
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())


def notebook(code):
    cell = {"cell_type": "code", "source": code, "metadata": {}, "outputs": []}
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


CALLED_OTHERWISE = [
    ({"conv (1).py": PAD}, "graded conv (1).py as conv.py"),
    ({"Conv.py": PAD}, "graded Conv.py as conv.py"),
    ({"conv.py.txt": PAD}, "graded conv.py.txt as conv.py"),
    ({"hw2/week 3/conv.py": PAD}, "in a folder below: conv.py"),
    ({"conv.py": STUB, "conv_final.py": PAD}, "graded conv_final.py as conv.py"),
    ({"conv.py": PAD.encode("utf-16")}, "conv.py is saved as UTF-16; save it as UTF-8"),
]


@pytest.mark.parametrize(("files", "told"), CALLED_OTHERWISE)
def test_a_file_of_another_name_or_encoding_is_checked_and_that_is_told(check, files, told):
    write(check.folder, files)
    done = check("--plain")
    assert done.exit_code == 0, done.output
    assert told in done.output.replace("\n", " ")
    document = json.loads(check("--json").stdout)
    assert document["exercises"][0]["status"] == "passed"


def test_a_line_is_named_as_the_student_calls_the_file(check):
    write(check.folder, {"conv (1).py": WRONG.replace("return", "1 // 0\n    return")})
    done = check("--plain")
    assert done.exit_code == 1
    assert "conv (1).py, line 6" in done.output


def test_a_notebook_alone_in_the_folder_is_checked(check):
    write(check.folder, {"work.ipynb": notebook(PAD)})
    assert check().exit_code == 0


def test_of_two_files_that_fit_none_is_taken_and_both_are_named(check):
    write(check.folder, {"a.py": PAD, "b.py": WRONG})
    done = check("--plain")
    assert done.exit_code == 1
    assert "a.py and b.py define zero_pad2d" in " ".join(done.output.split())


@pytest.mark.parametrize("files", [{"conv.py": PAD}, {"conv.py": WRONG, "other.py": PAD}])
def test_what_is_in_place_is_checked_there(course, tmp_path, files):
    write(tmp_path, files)
    with read_own(tmp_path, [course.exercise("conv.zero_pad2d")], course.modules) as own:
        assert (own.folder, own.notes) == (tmp_path, ())


def test_stubs_alone_are_checked_in_place(course):
    with read_own(course.exercises_dir, course.find([]), course.modules) as own:
        assert own.folder == course.exercises_dir


def test_a_folder_that_is_no_submission_is_checked_as_it_is(course, tmp_path):
    write(tmp_path, {"other.py": PAD})
    (tmp_path / "link.py").symlink_to("other.py")
    with zipfile.ZipFile(tmp_path / "conv.zip", "w") as archive:
        archive.writestr("../conv.py", PAD)
    with read_own(tmp_path, [course.exercise("conv.zero_pad2d")], course.modules) as own:
        assert own.folder == tmp_path


def rejected_by_grading(folder, course):
    """Return why grading takes nothing of a folder."""
    package = read_package(Submission("", folder, "folder"))
    stage_ = folder.parent / "stage"
    stage_.mkdir()
    with pytest.raises(RejectedError) as told:
        open_package(package, stage_, {"conv": {"zero_pad2d"}}, course.modules)
    return str(told.value)


def broken_archive(folder):
    with zipfile.ZipFile(folder / "conv.zip", "w") as archive:
        archive.writestr("../conv.py", PAD)


def no_archive(folder):
    (folder / "conv.zip").write_bytes(b"PK\x03\x04 and no more")


@pytest.mark.parametrize("fill", [broken_archive, no_archive])
def test_nothing_but_a_broken_archive_is_rejected_in_the_words_of_grading(check, course, fill):
    fill(check.folder)
    done = check("--json")
    (entry,) = json.loads(done.stdout)["exercises"]
    assert (done.exit_code, entry["status"], entry["earned"]) == (1, "rejected", 0.0)
    assert entry["message"] == rejected_by_grading(check.folder, course)
    said = " ".join(check("--plain").output.split())
    assert "not allowed" in said
    assert said.count(entry["message"]) == 1


def unread_by_grading(folder, course):
    """Return what grading says of the padding of a folder that it could not read."""
    stage_ = folder.parent / "stage"
    stage_.mkdir()
    package = read_package(Submission("", folder, "folder"))
    staged = open_package(package, stage_, {"conv": {"zero_pad2d"}}, course.modules)
    _, (fact,) = split([course.exercise("conv.zero_pad2d")], staged)
    return fact


def rar(folder):
    (folder / "conv.rar").write_bytes(b"Rar!")


@pytest.mark.parametrize(
    "other", [{"readme.txt": "mine"}, {"pool.py": "def other():\n    return 1\n"}]
)
@pytest.mark.parametrize("fill", [broken_archive, no_archive, rar])
def test_an_archive_that_cannot_be_opened_beside_other_files_is_told_in_the_words_of_grading(
    check, course, fill, other
):
    fill(check.folder)
    write(check.folder, other)
    done = check("--json")
    (entry,) = json.loads(done.stdout)["exercises"]
    fact = unread_by_grading(check.folder, course)
    assert (entry["status"], entry["message"]) == (fact["status"], fact["message"])
    assert (done.exit_code, entry["status"], entry["earned"]) == (3, "ungraded", None)
    said = check("--plain")
    assert said.exit_code == 3
    assert " ".join(said.output.split()).count(entry["message"]) == 1


def test_what_is_there_is_checked_and_only_the_rest_may_be_in_a_broken_archive(check, course):
    no_archive(check.folder)
    write(check.folder, {"conv.py": PAD})
    with read_own(check.folder, course.find(["conv", "pool"]), course.modules) as own:
        assert set(own.unread) == {"pool"}
        engine = Engine(course)
        asked = [course.exercise(one) for one in ("pool.flatten", "conv.zero_pad2d")]
        told = []
        found = own.check(engine, asked, told.append)
    assert [(one.id, str(one.status)) for one in found.exercises] == [
        ("pool.flatten", "ungraded"), ("conv.zero_pad2d", "passed"),
    ]  # fmt: skip
    assert [one.id for one in told] == [one.id for one in found.exercises]


def test_a_stub_beside_an_archive_that_cannot_be_opened_is_checked_and_that_is_told(check):
    no_archive(check.folder)
    write(check.folder, {"conv.py": STUB})
    done = check("--json")
    assert json.loads(done.stdout)["exercises"][0]["status"] == "unimplemented"
    assert "grading could not read this folder: conv.zip: " in done.stderr


def test_what_is_in_place_beside_a_broken_archive_is_checked(check):
    broken_archive(check.folder)
    write(check.folder, {"conv.py": PAD})
    assert json.loads(check("--json").stdout)["exercises"][0]["status"] == "passed"
