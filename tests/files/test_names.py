"""Names that a file cannot have on every system are named before one is written."""

from __future__ import annotations

import io
import shutil
import sys
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest
from classes import environment
from started import run_dlgrade

from grader.errors import UnreadableError
from grader.files.names import unfit, unfit_here
from grader.grading.intake.packages import read_package
from grader.grading.intake.staging import stage
from grader.grading.intake.submissions import Submission

REGRESSION = Path(__file__).resolve().parents[2] / "examples" / "courses" / "regression"
ODD = {
    "con": "takes that name for a device",
    "CON.zip": "takes that name for a device",
    "data/aux.txt": "takes that name for a device",
    "LPT1.py": "takes that name for a device",
    "com\N{SUPERSCRIPT ONE}": "takes that name for a device",
    "nul .txt": "takes that name for a device",
    "a:b": "has no : in names",
    "a\\b.py": "has no \\ in names",
    "what?.py": "has no ? in names",
    "Icon\r": "has no \\r in names",
    "ada.": "drops the dot at the end of a name",
    "ada /conv.py": "drops the blank at the end of a name",
}


@pytest.mark.parametrize("path", ODD)
def test_a_name_that_windows_cannot_hold_is_told_with_the_reason(path):
    said = unfit(["conv.py", path])
    assert said.endswith(f": Windows {ODD[path]}")
    assert said.isprintable()
    assert unfit([path], "macOS") == unfit([path], "Linux") == ""


def test_names_that_differ_by_capitals_alone_are_one_name_elsewhere():
    for paths in (["conv.py", "Conv.py"], ["data/a.npz", "Data/b.npz"]):
        assert "takes them for one name" in unfit(paths)
        assert unfit(paths, "macOS") == unfit(paths).replace("Windows", "macOS")
        assert unfit(paths, "Linux") == ""


@pytest.mark.parametrize("path", ["console.py", "com10.txt", "conv.py", "a b.py", ".git"])
def test_every_other_name_is_fit(path):
    assert unfit([path, "data/train.npz", "data/test.npz"]) == ""


@pytest.mark.parametrize(
    ("system", "odd"), [("win32", "aux.py"), ("win32", "CONV.PY"), ("darwin", "Conv.py")]
)
def test_where_a_name_cannot_be_held_the_delivery_is_unreadable_and_no_zero(
    monkeypatch, tmp_path, system, odd
):
    """On Linux both files are there; elsewhere one would be lost, and the student would pay."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("conv.py", "def conv_output_size(a):\n    return a\n")
        archive.writestr(odd, "A = 1\n")
    (tmp_path / "CON.zip").write_bytes(made.getvalue())
    package = read_package(Submission("CON", tmp_path / "CON.zip", "zip"))
    wanted = {"conv": ("conv_output_size",)}
    here = tmp_path / "here"
    here.mkdir()
    stage(package, here, wanted, ["conv"])
    assert (here / odd).is_file()
    monkeypatch.setattr("grader.files.names.sys", SimpleNamespace(platform=system))
    with pytest.raises(UnreadableError, match=f"{odd}.*: grade it on Linux"):
        stage(package, tmp_path / "there", wanted, ["conv"])
    assert not (tmp_path / "there").exists()


def test_what_this_system_holds_is_asked_of_it(monkeypatch):
    assert unfit_here(["aux.txt", "a", "A"]) == "" or sys.platform != "linux"
    monkeypatch.setattr("grader.files.names.sys", SimpleNamespace(platform="win32"))
    assert unfit_here(["aux.txt"]) == unfit(["aux.txt"])


def test_a_release_with_a_name_that_students_cannot_have_is_refused(tmp_path):
    course = tmp_path / "course"
    shutil.copytree(REGRESSION, course)
    (course / "exercises" / "aux.csv").write_text("1\n")
    toml = course / "exercises" / "course.toml"
    toml.write_text('data = ["aux.csv"]\n' + toml.read_text(encoding="utf-8"), encoding="utf-8")
    done = run_dlgrade(
        "--course", course, "release", "out", folder=tmp_path, variables=environment()
    )
    assert done.returncode == 2
    assert "exercises/aux.csv: Windows takes that name for a device, and students" in done.stderr
    assert not (tmp_path / "out").exists()
