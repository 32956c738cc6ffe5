"""How many hints were read is handed in as the student's own count: told, never believed."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from classes import RIGHT, WRONG, dlgrade, grade, make_class, results

from grader.grading.intake.packages import read_package
from grader.grading.intake.submissions import Submission
from grader.model.owncount import FILE, MAX_BYTES, read_own_count
from grader.student.helping.hints import read_hint
from grader.student.progress import ProgressFile

ROW = '"status": "", "earned": 0, "possible": 0, "source": ""'


def progress(**hints):
    rows = ", ".join(f'"{n.replace("__", ".")}": {{{ROW}, "hints": {k}}}' for n, k in hints.items())
    return f'{{"version": 1, "exercises": {{{rows}}}, "stubs": {{}}}}'


def own_counts(book):
    return {
        name: document.get("delivery", {}).get("own_count")
        for name, document in results(book).items()
    }


def test_hints_that_were_read_are_handed_in_with_a_folder_and_a_zip(tmp_path, book):
    folder = make_class(tmp_path / "hw", ada=RIGHT, bob=WRONG, eve=RIGHT, none=RIGHT, mad=RIGHT)
    (folder / "ada" / FILE).write_text(progress(conv__zero_pad2d=2, conv__im2col=1))
    (folder / "bob" / FILE).write_text(progress(conv__zero_pad2d=3))
    (folder / "none" / FILE).write_text(progress(conv__zero_pad2d=0))
    (folder / "mad" / FILE).write_text("[" * 100_000)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("mine/exercises/conv.py", RIGHT)
        file.writestr(f"mine/exercises/{FILE}", progress(conv__im2col=1))
    (folder / "zip.zip").write_bytes(packed.getvalue())
    done = grade(folder, book, "--seed", 5)
    assert done.returncode == 0, done.stderr
    assert "warning" not in done.stdout
    assert own_counts(book) == {
        "ada": {"conv.im2col": 1, "conv.zero_pad2d": 2}, "bob": {"conv.zero_pad2d": 3},
        "zip": {"conv.im2col": 1}, "eve": None, "none": None, "mad": None,
    }  # fmt: skip
    earned = {name: document["earned"] for name, document in results(book).items()}
    assert earned["ada"] == earned["eve"] == earned["zip"] == earned["mad"] > earned["bob"]
    shown = " ".join(dlgrade("show", book, "ada").stdout.split())
    line = "3 hints read, by the student's own count: conv.im2col 1, conv.zero_pad2d 2"
    assert line in shown
    assert "own count" not in dlgrade("show", book, "eve").stdout


def test_another_count_of_the_same_work_is_told_and_grades_nothing_again(tmp_path, book):
    folder = make_class(tmp_path / "hw", ada=RIGHT, bob=RIGHT)
    assert grade(folder, book).returncode == 0
    before = results(book)
    (folder / "bob" / FILE).write_text(progress(conv__im2col=1))
    assert grade(folder, book).returncode == 0
    after = results(book)
    assert after["bob"].pop("delivery").pop("own_count") == {"conv.im2col": 1}
    before["bob"].pop("delivery", None)
    assert after == before
    assert read_package(Submission("bob", folder / "bob", "folder")).digest == (
        read_package(Submission("ada", folder / "ada", "folder")).digest
    )


def test_the_count_is_the_one_that_the_hint_command_keeps(tmp_path, course):
    exercise = course.exercise("conv.im2col")
    for _ in range(2):
        read_hint(exercise, ProgressFile(tmp_path))
    assert read_own_count((tmp_path / FILE).read_bytes()) == {"conv.im2col": 2}


@pytest.mark.parametrize(
    "said",
    ["", "[", "7", "null", '{"exercises": 3}', '{"exercises": {"a.b": 2}}', '{"exercises": [1]}',
     '{"exercises": {"a.b": {"hints": "3"}}}', '{"exercises": {"a.b": {"hints": true}}}',
     '{"exercises": {"a.b": {"hints": -1}}}', '{"exercises": {"a.b": {"hints": 1e9}}}',
     '{"exercises": {"a.b": {"hints": 100}}}', '{"exercises": {"a b\\u001b": {"hints": 1}}}',
     '{"exercises": {"a.b": {"hints": 1}}}' + " " * MAX_BYTES, "[" * 50_000, "\ud800",
     json.dumps({"exercises": {f"a.b{n}": {"hints": 1} for n in range(1_001)}})],
)  # fmt: skip
def test_a_file_that_says_anything_else_says_nothing(said):
    assert read_own_count(said.encode("utf-8", "surrogatepass")) == {}
