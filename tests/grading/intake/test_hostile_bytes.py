"""What comes in may be any bytes: reading it takes time in proportion, and raises what it says."""

from __future__ import annotations

import contextlib
import io
import json
import os
import tempfile
import zipfile
from pathlib import Path

import pytest
from growth import assert_linear
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.engine.reading.imports import OwnFiles, Survey
from grader.engine.source import read_source
from grader.errors import RejectedError
from grader.grading.exams import Exam, exam_fact
from grader.grading.intake.archives import unpack
from grader.grading.intake.notebooks import notebook_source
from grader.grading.intake.packages import Package
from grader.grading.intake.staging import clear, stage
from grader.parsing import parse_python
from grader.quiz.asking.answers_file import FILE_NAME
from grader.quiz.items.loading import load_topic

ANY = settings(deadline=None, max_examples=150, suppress_health_check=list(HealthCheck))
MODULES = ("conv", "pool")
WANTED = {"conv": {"f"}}


def zipped(*members):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members:
            file.writestr(name, content)
    return buffer.getvalue()


def notebook(*cells):
    inner = [{"cell_type": "code", "source": source} for source in cells]
    return json.dumps({"cells": inner}).encode()


# ----------------------------------------------------------------------------- archives


def test_folders_that_build_on_one_another_are_rejected_before_any_is_made(tmp_path):
    ladder = zipped(*(("a/" * depth + "x.py", b"") for depth in range(1, 1_900)))
    with pytest.raises(RejectedError, match="nested more than 12 deep"):
        stage(Package("zip", {"": ladder}), tmp_path, WANTED, MODULES)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("depth", [13, 14, 1500, 30_000])
def test_one_path_that_is_too_deep_rejects_an_archive(depth):
    found = unpack({"x.zip": zipped(("conv.py", b""), ("a/" * (depth + 1) + "x.py", b""))})
    assert not found.files
    assert "nested more than 12 deep" in found.broken["x.zip"]


def test_the_folder_around_all_is_no_depth_of_its_own():
    deepest = "a/" * 12 + "x.py"
    found = unpack({"x.zip": zipped((f"alice/{deepest}", b""), ("alice/conv.py", b""))})
    assert list(found.files) == [f"x.zip/alice/{deepest}", "x.zip/alice/conv.py"]


def test_what_a_killed_run_left_very_deep_is_cleared(tmp_path):
    (tmp_path / "stage").mkdir()
    opened = os.open(tmp_path / "stage", os.O_RDONLY)
    for _ in range(1_200):
        os.mkdir("deep", dir_fd=opened)
        inner = os.open("deep", os.O_RDONLY, dir_fd=opened)
        os.close(opened)
        opened = inner
    os.close(opened)
    clear(tmp_path / "stage")
    assert not list((tmp_path / "stage").iterdir())


WHOLE = zipped(("alice/conv.py", b"x = 1\n"), ("alice/exercises/pool.py", b"y = 2\n"))


@given(st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), max_size=6))
@ANY
def test_an_archive_with_any_bytes_changed_is_opened_or_rejected(changes):
    data = bytearray(WHOLE)
    for place, value in changes:
        data[place] = value
    with tempfile.TemporaryDirectory() as folder, contextlib.suppress(RejectedError):
        stage(Package("zip", {"": bytes(data)}), Path(folder), WANTED, MODULES)


names = st.lists(
    st.sampled_from(["a", "/", "..", "\\", "C:", "conv.py", "exercises/", "é", " ", "."]),
    min_size=1,
    max_size=8,
).map("".join)


@given(st.lists(st.tuples(names, st.binary(max_size=20)), max_size=5))
@ANY
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_an_archive_with_any_names_is_laid_out_inside_or_rejected(members):
    with tempfile.TemporaryDirectory() as outer, contextlib.suppress(RejectedError):
        folder = Path(outer) / "stage"
        folder.mkdir()
        stage(Package("zip", {"": zipped(*members)}), folder, WANTED, MODULES)
        assert list(Path(outer).iterdir()) == [folder]


def test_opening_an_archive_is_linear_in_its_members_and_their_names():
    def open_it(data):
        unpack({"x.zip": data})

    assert_linear(lambda size: zipped(*((f"{n}.py", b"") for n in range(size))), open_it, 200)
    assert_linear(lambda size: zipped(("a/" * size + "x.py", b"")), open_it, 2_000)


def test_a_million_members_are_counted_and_not_read(monkeypatch):
    monkeypatch.setattr(zipfile, "ZipFile", None)
    found = unpack({"x.zip": b"PK\1\2" * 10**6})
    assert "more than 2000 files" in found.broken["x.zip"]


# ----------------------------------------------------------------------------- notebooks


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (notebook("x = '" + "a" * 2**20 + "'"), "code is larger than 1 MiB"),
        (notebook(*["x = 1\n" * 1000] * 400), "code is larger than 1 MiB"),
        (notebook("é" * (2**19 + 1)), "code is larger than 1 MiB"),
        (notebook(*[""] * 5_001), "more than 5000 cells"),
        (b'{"cells":[' + b"[]," * 10**6 + b"1]}", "too many parts"),
        (b'{"cells":' + b"[" * 10**5, "cannot be read"),
        (b'{"worksheets":[[]]}', "cannot be read"),
    ],
)
def test_a_notebook_that_is_too_large_is_rejected_before_it_is_parsed(data, reason, monkeypatch):
    monkeypatch.setattr("grader.grading.intake.notebooks.parse_python", None)
    assert reason in notebook_source(data).problem


def test_a_notebook_may_hold_pictures_of_any_size():
    cell = {"cell_type": "code", "source": "x = 1", "outputs": [{"image/png": "A" * 10**7}]}
    found = notebook_source(json.dumps({"cells": [cell]}).encode())
    assert not found.problem
    assert "x = 1" in found.text


@pytest.mark.parametrize("piece", [" ", "\t", "a ", "a,", "? ", "?", "% ", "a.", "=", "= "])
def test_reading_a_line_that_may_be_a_magic_is_linear(piece):
    assert_linear(
        lambda size: notebook("(\n" + piece * (size // len(piece)) + "x\n%a"), notebook_source,
        10_000,
    )  # fmt: skip


@pytest.mark.parametrize("piece", ["x = 1\n", "%time\n", "!ls\n", "\n", "'''\n", "#\r"])
def test_reading_a_notebook_is_linear_in_its_lines(piece):
    assert_linear(lambda size: notebook(piece * size), notebook_source, 1_500)


def test_reading_a_notebook_is_linear_in_its_cells():
    assert_linear(lambda size: notebook(*["%%bash\nx"] * size), notebook_source, 500)


trees = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8)
    | st.sampled_from(["code", "x = 1", "%%time\ny", "def f(:", "!ls", "print?"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["cells", "cell_type", "source", "input", "worksheets"]), inner, max_size=3
    ),
    max_leaves=10,
)  # fmt: skip


@given(trees | st.lists(st.fixed_dictionaries({"cell_type": st.just("code"), "source": trees}))
       .map(lambda cells: {"cells": cells}))  # fmt: skip
@ANY
def test_any_json_is_a_notebook_or_has_a_problem(tree):
    found = notebook_source(json.dumps(tree).encode())
    assert found.problem or parse_python(found.text.encode("utf-8", "replace")) is not None


@given(st.binary(max_size=100))
@ANY
def test_any_bytes_are_a_notebook_or_have_a_problem(data):
    assert notebook_source(data).problem or data


# ----------------------------------------------------------------------------- source files


def test_files_that_import_one_another_in_a_chain_are_followed_to_its_end(tmp_path):
    for number in range(1_500):
        (tmp_path / f"m{number}.py").write_text(f"import m{number + 1}\n")
    (tmp_path / "m1500.py").write_text("import torch\n")
    (tmp_path / "conv.py").write_text("import m0\n")
    (refusal,) = Survey(OwnFiles(tmp_path), tmp_path / "conv.py").refused.values()
    assert (refusal.name, refusal.file.name) == ("torch", "m1500.py")


def test_a_package_is_looked_through_once_however_often_it_is_imported(tmp_path, monkeypatch):
    (tmp_path / "own").mkdir()
    for number in range(20):
        (tmp_path / "own" / f"m{number}.py").write_text("import numpy\n" * 100)
    (tmp_path / "conv.py").write_text("import own, own.m1\nfrom own import m2\n" * 500)
    looked = []
    monkeypatch.setattr(
        Path, "rglob", lambda self, pattern: looked.append(self) or self.glob(pattern)
    )
    assert not Survey(OwnFiles(tmp_path), tmp_path / "conv.py").refused
    assert looked == [tmp_path / "own"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes with names")
def test_a_pipe_in_place_of_a_file_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "conv.py")
    assert read_source(tmp_path / "conv.py").problem == "it is no ordinary file"


def test_the_line_of_a_syntax_error_is_shown_cut_and_harmless(tmp_path):
    (tmp_path / "conv.py").write_text("def f(: '\x1b[31m\u202e" + "a" * 10**5)
    problem = read_source(tmp_path / "conv.py").problem
    assert len(problem) < 500
    assert problem.isprintable()


# ----------------------------------------------------------------------------- answers to exams

EXAM = Exam("conv", 7)


@given(st.data())
@ANY
def test_an_exam_is_marked_whatever_is_typed(course, data):
    items = load_topic(course.quizzes_dir, EXAM.topic).items
    typed = st.text(max_size=40) | st.sampled_from(
        ["9**9**9", "1e999", "nan", "(" * 60, "1" * 200, "1/0", "[[1,2],[3", "a-b-c", "-" * 150]
    )
    lines = [f"{json.dumps(item.id)} = {json.dumps(data.draw(typed))}" for item in items]
    head = ["[[exam]]", 'topic = "conv"', "seed = 7", 'student = "a"', "[exam.answers]"]
    text = "\n".join([*head, *lines])
    fact = exam_fact(course.quizzes_dir, EXAM, "a", text.encode("utf-8", "replace"))
    assert 0 <= fact["earned"] <= fact["possible"] == len(items)


@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda t: t.encode("utf-8", "replace")))
@ANY
def test_an_exam_is_marked_whatever_the_file_is(course, data):
    assert exam_fact(course.quizzes_dir, EXAM, "a", data)["status"] == "failed"


@pytest.mark.parametrize("line", ['a = "b"', "a = 1", "[[exam]]", "#", "a = '", '"a" = "\\u0041"'])
def test_marking_an_exam_is_linear_in_the_file(course, line):
    def prepare(size):
        numbered = (line.replace("a", f"a{n}", 1) for n in range(size // 16))
        return "\n".join(["[[exam]]", 'topic = "conv"', "[exam.answers]", *numbered]).encode()

    assert_linear(prepare, lambda text: exam_fact(course.quizzes_dir, EXAM, "a", text), 7_000)
    assert FILE_NAME.endswith(".toml")
