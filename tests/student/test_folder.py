"""A student's folder: stubs are laid out and put back, and nothing that was edited is lost."""

from __future__ import annotations

import ast
import re
import shutil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.course.course import Course
from grader.errors import SubmissionError, UsageError
from grader.parsing import split_lines
from grader.student.folder import (
    function_text,
    lay_out,
    replace_function,
    restore_file,
    restore_function,
)
from grader.student.progress import FILE, ProgressFile


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "my exércises"


def test_an_empty_folder_gets_every_stub_a_readme_and_progress(course, folder):
    laid_out = lay_out(course, folder)
    assert set(laid_out.written) == {
        *(f"{m}.py" for m in course.modules), "README.md", "pyproject.toml",
    }  # fmt: skip
    for module in course.modules:
        stub = course.exercises_dir / f"{module}.py"
        assert (folder / stub.name).read_bytes() == stub.read_bytes()
    assert ProgressFile(folder).exists
    text = (folder / "README.md").read_text()
    assert "dlgrade watch" in text
    rows = [line for line in text.splitlines() if line.startswith("    dlgrade ")]
    assert len({re.search(r"  \b", row[4:]).end() for row in rows}) == 1, "one column"


def test_a_second_time_changes_nothing(course, folder):
    lay_out(course, folder)
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.glob("*.*")}
    laid_out = lay_out(course, folder)
    assert (laid_out.written, laid_out.renewed, laid_out.kept) == ((), (), ())
    after = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.glob("*.*")}
    assert after == before


def test_an_edited_file_is_left_alone_and_a_missing_one_comes_back(course, folder):
    lay_out(course, folder)
    (folder / "conv.py").write_text("# mine\n")
    (folder / "pool.py").unlink()
    laid_out = lay_out(course, folder)
    assert laid_out.kept == ("conv.py",)
    assert laid_out.written == ("pool.py",)
    assert (folder / "conv.py").read_text() == "# mine\n"


def test_a_file_that_was_there_before_is_the_students(course, folder):
    folder.mkdir()
    (folder / "README.md").write_text("my notes")
    assert lay_out(course, folder).kept == ("README.md",)
    assert lay_out(course, folder).kept == ("README.md",)
    assert (folder / "README.md").read_text() == "my notes"


def test_a_newer_stub_replaces_one_that_was_never_edited(course, folder, tmp_path):
    lay_out(course, folder)
    newer = tmp_path / "exercises"
    shutil.copytree(course.exercises_dir, newer)
    with (newer / "conv.py").open("a") as file:
        file.write("\n\ndef one_more(x):\n    raise NotImplementedError\n")
    later = Course(newer, course.checks_dir, course.quizzes_dir, None)
    assert lay_out(later, folder).renewed == ("conv.py",)
    assert "one_more" in (folder / "conv.py").read_text()
    (folder / "conv.py").write_text("# edited now\n")
    assert lay_out(course, folder).kept == ("conv.py",)


def test_the_courses_own_folder_is_refused(course):
    before = sorted(path.name for path in course.exercises_dir.iterdir())
    with pytest.raises(UsageError, match="or give another folder: dlgrade init"):
        lay_out(course, course.exercises_dir)
    assert sorted(path.name for path in course.exercises_dir.iterdir()) == before


@pytest.mark.parametrize("part", ["exercises", "solutions", "quizzes", "."])
def test_no_file_is_added_to_a_clone_whose_course_is_not_the_one_in_use(course, tmp_path, part):
    """`pip install .` takes the course along, and the clone is one of many folders then."""
    clone = tmp_path / "clone"
    shutil.copytree(course.exercises_dir, clone / "exercises")
    (clone / part).mkdir(exist_ok=True)
    before = sorted(clone.rglob("*"))
    with pytest.raises(UsageError, match=r"belongs to the course itself: nothing is added to it"):
        lay_out(course, clone / part)
    assert sorted(clone.rglob("*")) == before
    assert lay_out(course, clone / "my-exercises").written


def test_what_a_folder_has_of_its_own_stays_and_is_told(course, folder):
    folder.mkdir()
    own = {"README.md": "# My project\n", "pyproject.toml": "[project]\nname = 'mine'\n"}
    for name, text in own.items():
        (folder / name).write_text(text)
    (folder / "conv.py").mkdir()
    laid_out = lay_out(course, folder)
    assert set(laid_out.kept) == {*own, "conv.py"}
    assert {name: (folder / name).read_text() for name in own} == own
    assert (folder / "pool.py").is_file()
    assert not list((folder / "conv.py").iterdir())


def test_a_file_in_place_of_the_folder_is_refused(course, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match="file is a file: name a folder for the exercises"):
        lay_out(course, tmp_path / "file")


def test_exercises_below_are_not_hidden_by_others_above_them(course, tmp_path):
    lay_out(course, tmp_path / "exercises")
    with pytest.raises(UsageError, match="exercises holds exercises, which those would hide"):
        lay_out(course, tmp_path)
    assert not (tmp_path / "conv.py").exists()
    lay_out(course, tmp_path / "other")


def test_damaged_progress_does_not_stop_init(course, folder):
    lay_out(course, folder)
    (folder / FILE).write_text("{")
    lines = []
    lay_out(course, folder, lines.append)
    assert len(lines) == 1


# ----------------------------------------------------------------------------- reset


def test_a_file_is_a_stub_again_and_the_old_text_is_kept(course, folder):
    lay_out(course, folder)
    (folder / "conv.py").write_text("# first\n")
    first = restore_file(course, folder, "conv")
    (folder / "conv.py").write_text("# second\n")
    second = restore_file(course, folder, "conv")
    assert first.backup.read_text() == "# first\n"
    assert second.backup.read_text() == "# second\n"
    assert first.backup != second.backup
    stub = course.exercises_dir / "conv.py"
    assert (folder / "conv.py").read_bytes() == stub.read_bytes()


def test_a_stub_that_is_a_stub_needs_no_backup(course, folder):
    lay_out(course, folder)
    assert restore_file(course, folder, "conv").backup is None
    assert restore_function(course, folder, course.exercise("conv.im2col")).backup is None
    assert not list(folder.glob("*.bak*"))


def test_one_function_is_a_stub_again_and_the_rest_unchanged(course, folder):
    lay_out(course, folder)
    solved = course.solutions_dir / "conv.py"
    shutil.copy(solved, folder / "conv.py")
    restored = restore_function(course, folder, course.exercise("conv.im2col"))
    text = (folder / "conv.py").read_text()
    old = solved.read_text()
    stub = (course.exercises_dir / "conv.py").read_text()
    assert function_text(text, "im2col") == function_text(stub, "im2col")
    assert text == old.replace(function_text(old, "im2col"), function_text(stub, "im2col"))
    assert restored.backup.read_text() == old


def test_a_function_that_was_deleted_comes_back(course, folder):
    folder.mkdir()
    (folder / "conv.py").write_text("import numpy as np")
    restore_function(course, folder, course.exercise("conv.im2col"))
    text = (folder / "conv.py").read_text()
    assert text.startswith("import numpy as np\n\n\ndef im2col(")
    ast.parse(text)


def test_a_file_that_is_gone_comes_back_for_one_function(course, folder):
    folder.mkdir()
    assert restore_function(course, folder, course.exercise("conv.im2col")).backup is None
    assert (folder / "conv.py").is_file()


@pytest.mark.parametrize("text", [b"def im2col(x:\n", b"\xff\xfe\x00", b"a\x00b"])
def test_a_file_that_is_no_python_is_left_alone_with_the_way_out(course, folder, text):
    folder.mkdir()
    (folder / "conv.py").write_bytes(text)
    with pytest.raises(SubmissionError, match="dlgrade reset conv restores the whole file"):
        restore_function(course, folder, course.exercise("conv.im2col"))
    assert (folder / "conv.py").read_bytes() == text


STUB = "def f(x):\n    raise NotImplementedError\n"


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("closed", [True, False])
def test_line_ends_marks_and_a_missing_last_line_end_survive(end, mark, closed):
    source = f"{mark}a = 1{end}@g{end}def f(x):{end}    return 1" + (f"{end}b = 2{end}" * closed)
    found = replace_function(source, "f", STUB)
    stub = STUB.replace("\n", end)
    assert found == f"{mark}a = 1{end}" + (f"{stub}b = 2{end}" if closed else stub.rstrip())


def test_of_two_functions_of_one_name_the_last_counts():
    source = "def f(x):\n    return 1\ndef f(x):\n    return 2\n"
    assert replace_function(source, "f", STUB) == f"def f(x):\n    return 1\n{STUB}"


LINES = st.sampled_from([
    "x = 1\n", "# note\n", "\n", '"""text\nmore"""\n', "y = '\\f'\n", "if x:\n    z = 2\n",
    "\x0c\n",
])  # fmt: skip
BODIES = st.sampled_from(
    ["    return x\n", "    # why\n    if x:\n        return 1\n    return 2\n"]
)


@given(st.lists(LINES, max_size=6), st.lists(LINES, max_size=6), BODIES)
def test_whatever_stands_around_a_function_is_the_same_afterwards(before, after, body):
    head, tail = "x = 0\n" + "".join(before), "".join(after)
    source = f"{head}def f(x):\n{body}{tail}"
    assert replace_function(source, "f", STUB) == f"{head}{STUB}{tail}"


def test_a_stub_is_put_back_in_the_encoding_that_its_file_names(course, folder):
    folder.mkdir()
    text = "# coding: latin-1\n# é\ndef conv_output_size():\n    return 1\n"
    (folder / "conv.py").write_bytes(text.encode("latin-1"))
    restore_function(course, folder, course.exercise("conv.conv_output_size"))
    new = (folder / "conv.py").read_bytes().decode("latin-1")
    assert "# é\n" in new
    assert "NotImplementedError" in new


def test_a_stub_is_not_put_into_a_file_in_another_encoding_and_the_line_says_so(course, folder):
    folder.mkdir()
    text = "# coding: latin-1\ndef conv_output_size():\n    return 1\n"
    for encoding in ("utf-16", "utf-32"):
        (folder / "conv.py").write_bytes(text.encode(encoding))
        words = f"conv.py is saved as {encoding.upper()}; save it as UTF-8"
        with pytest.raises(SubmissionError, match=words):
            restore_function(course, folder, course.exercise("conv.conv_output_size"))


@given(st.text(alphabet="a\r\n\x0c\x0b\u2028", max_size=20))
def test_lines_are_split_where_python_splits_them_and_nothing_is_lost(text):
    lines = split_lines(text)
    assert "".join(lines) == text
    assert all(line.rstrip("\r\n").count("\n") == 0 for line in lines)
