"""Finding out which file is which module: by name, by content, or not at all."""

from __future__ import annotations

import gzip
import io
import json
import random
import tarfile
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.gradebook.people.delivery import Recognition
from grader.grading.intake.archives import unpack
from grader.grading.intake.packages import Package
from grader.grading.intake.recognition import recognise
from grader.grading.intake.staging import stage

PAD = "import numpy as np\ndef zero_pad2d(x, padding):\n    return np.pad(x, padding)\n"
SIZE = "def conv_output_size(n, k, stride=1, padding=0):\n    return (n - k) // stride + 1\n"
BOTH = (PAD + SIZE).encode()
STUB = b'def zero_pad2d(x, padding):\n    """Pad."""\n    raise NotImplementedError\n'
POOL = b"def max_pool2d(x, k):\n    return x\n"
WANTED = {"conv": {"zero_pad2d", "conv_output_size"}}
TWO = {**WANTED, "pool": {"max_pool2d"}}


def zipped(**files):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def tarred(**files):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, content in files.items():
            facts = tarfile.TarInfo(name)
            facts.size = len(content)
            archive.addfile(facts, io.BytesIO(content))
    return buffer.getvalue()


def notebook(*cells):
    made = [{"cell_type": "code", "source": source} for source in cells]
    return json.dumps({"cells": made, "nbformat": 4}).encode()


def laid_out(tmp_path, files, wanted=WANTED, kind="folder"):
    folder = tmp_path / "stage"
    folder.mkdir()
    result = stage(Package(kind, files), folder, wanted, ("conv", "pool"))
    there = {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    return there, result


@pytest.mark.parametrize(
    "files",
    [
        {"conv.py": BOTH},
        {"exercises/conv.py": BOTH},
        {"hw1/conv.py": BOTH},
        {"hw1/exercises/conv.py": BOTH},
        {"hw2.zip": zipped(**{"conv.py": BOTH})},
        {"hw2.zip": zipped(**{"in.zip": zipped(**{"conv.py": BOTH})})},
        {"hw2.tar.gz": tarred(**{"conv.py": BOTH})},
        {"hw2.TGZ": tarred(**{"./hw2/conv.py": BOTH})},
        {"hw2.zip": zipped(**{"__MACOSX/._conv.py": b"x", "hw2/conv.py": BOTH})},
    ],
)
def test_a_module_under_its_own_name_is_recognised_by_name_in_whatever_it_is_wrapped(
    tmp_path, files
):
    there, result = laid_out(tmp_path, files)
    assert there["conv.py"] == BOTH
    assert result.recognised.how == Recognition.NAME
    assert not result.recognised.note
    assert not result.warnings


@pytest.mark.parametrize(
    "name",
    ["conv (1).py", "Conv.py", "conv.PY", "Copy of conv.py", "hw2_conv_final.py", "conv.py.txt",
     "conv", "submission.txt", "ünïcode.py"],
)  # fmt: skip
def test_a_file_under_another_name_is_graded_when_it_alone_defines_what_is_asked(tmp_path, name):
    there, result = laid_out(tmp_path, {name: BOTH, "notes.txt": b"done", "util.py": b"x = 1\n"})
    assert there["conv.py"] == BOTH
    assert result.recognised.how == Recognition.CONTENT
    assert result.recognised.note.startswith("graded ")
    assert result.recognised.note.endswith(" as conv.py")


def test_a_guessed_file_is_called_by_the_name_that_its_author_gave(tmp_path):
    _, result = laid_out(tmp_path, {"conv (1).py": BOTH})
    assert result.sources.name("conv.py") == "conv (1).py"
    assert result.sources.retell("conv.py, line 2") == "conv (1).py, line 2"


def test_a_notebook_is_found_wherever_it_lies(tmp_path):
    there, result = laid_out(tmp_path, {"deep/hw.ipynb": notebook(PAD, SIZE)}, TWO)
    assert b"def zero_pad2d" in there["conv.py"]
    assert result.recognised.how == Recognition.NAME


def test_two_files_that_define_the_same_are_a_doubt_and_the_others_are_graded(tmp_path):
    files = {"a.py": BOTH, "b.py": BOTH + b"#", "pool.py": POOL}
    there, result = laid_out(tmp_path, files, TWO)
    assert "conv.py" not in there
    assert "a.py and b.py" in result.unclear["conv"]
    assert there["pool.py"] == POOL
    assert not result.missing


def test_a_module_in_two_halves_is_told_with_what_is_in_each_and_not_put_together(tmp_path):
    files = {"conv_a.py": PAD.encode(), "conv_b.py": SIZE.encode(), "pool.py": POOL}
    there, result = laid_out(tmp_path, files, TWO)
    assert result.unclear == {
        "conv": "nobody can tell which file is conv.py: conv_a.py (zero_pad2d) and conv_b.py "
        "(conv_output_size) define a part of it each; put all of it into one file, named conv.py"
    }
    assert "conv.py" not in there
    assert result.recognised.how is Recognition.NAME


def test_halves_of_which_one_function_is_in_both_are_a_doubt_as_any_other(tmp_path):
    wanted = {"conv": {*WANTED["conv"], "im2col"}}
    twice = PAD + "def im2col(x, k):\n    return x\n"
    _, result = laid_out(tmp_path, {"a.py": BOTH, "b.py": twice.encode()}, wanted)
    assert "a.py and b.py define what was asked for; keep one" in result.unclear["conv"]


def test_the_same_file_twice_is_no_doubt(tmp_path):
    there, _ = laid_out(tmp_path, {"final/conv.py": BOTH, "old/conv.py": BOTH})
    assert there["conv.py"] == BOTH


def test_the_file_that_defines_all_wins_against_one_that_defines_some(tmp_path):
    there, result = laid_out(tmp_path, {"mine.py": BOTH, "helper.py": SIZE.encode()})
    assert there["conv.py"] == BOTH
    assert result.recognised.note == "graded mine.py as conv.py"


def test_an_untouched_stub_does_not_hide_the_work_beside_it(tmp_path):
    there, _ = laid_out(tmp_path, {"conv.py": STUB, "conv (1).py": BOTH})
    assert there["conv.py"] == BOTH


@pytest.mark.parametrize(
    "own", [b"from mine import *\n", b"from mine import zero_pad2d\n", b"zero_pad2d = None\n",
            b"def zero_pad2d(x, padding:\n", PAD.encode()],
)  # fmt: skip
def test_a_file_of_the_right_name_that_binds_anything_asked_is_the_one(tmp_path, own):
    there, result = laid_out(tmp_path, {"conv.py": own, "mine.py": BOTH})
    assert there["conv.py"] == own
    assert not result.recognised.note


def test_one_file_may_hold_several_modules(tmp_path):
    there, result = laid_out(tmp_path, {"homework.py": BOTH + POOL}, TWO)
    assert there["conv.py"] == there["pool.py"] == BOTH + POOL
    assert result.recognised.note == "graded homework.py as conv.py; graded homework.py as pool.py"


def test_a_module_is_not_taken_for_another_one_that_it_helps_itself_to(tmp_path):
    files = {"Conv.py": BOTH, "pool.py": POOL + SIZE.encode()}
    there, result = laid_out(tmp_path, files, TWO)
    assert there["conv.py"] == BOTH
    assert result.recognised.note == "graded Conv.py as conv.py"


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({"hw2.pdf": b"%PDF"}, "hw2.pdf is a PDF"),
        ({"hw2.docx": b"PK"}, "hw2.docx is a Word document"),
        ({"hw2.rar": b"Rar!"}, "hw2.rar is a RAR archive"),
        ({"hw2.7z": b"7z"}, "hw2.7z is a 7-Zip archive"),
        ({"answers.txt": b"I did it on paper"}, "there is no Python in it: answers.txt"),
        ({"a.txt": b"", "hw2.zip": b"PK\3\4 cut"}, "hw2.zip: the archive cannot be opened"),
        ({}, "there is nothing in it"),
    ],
)
def test_what_cannot_be_read_is_no_zero_and_says_why(tmp_path, files, reason):
    there, result = laid_out(tmp_path, files)
    assert reason in result.unclear["conv"]
    assert result.recognised.how == Recognition.UNREADABLE
    assert reason in result.recognised.note
    assert "conv.py" not in there


def test_what_was_looked_at_and_is_not_there_is_missing_with_the_names_that_are(tmp_path):
    _, result = laid_out(tmp_path, {"pool.py": POOL, "report.pdf": b"%PDF"}, TWO)
    assert result.missing["conv"] == (
        "there is no file conv.py, and none of pool.py defines conv_output_size or zero_pad2d"
    )
    assert not result.unclear


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-8-sig"])
def test_a_file_of_any_unicode_encoding_is_read_as_what_it_is(tmp_path, encoding):
    there, result = laid_out(tmp_path, {"conv.py": BOTH.decode().encode(encoding)})
    assert compile(there["conv.py"], "conv.py", "exec")
    told = (
        []
        if encoding == "utf-8-sig"
        else [f"conv.py is saved as {encoding.upper()}; save it as UTF-8"]
    )
    assert list(result.warnings) == told


def test_latin_1_with_a_declaration_is_left_as_python_reads_it(tmp_path):
    text = "# -*- coding: latin-1 -*-\n# Übung\n" + BOTH.decode()
    there, _ = laid_out(tmp_path, {"Conv.py": text.encode("latin-1")})
    assert there["conv.py"] == text.encode("latin-1")


def test_a_packed_bomb_is_stopped_whatever_packs_it():
    zeros = b"\0" * (65 * 2**20)
    assert "64 MiB" in unpack({"x.tar.gz": gzip.compress(zeros)}).broken["x.tar.gz"]
    nested = zipped(**{f"{n}.tgz": tarred(z=zeros[: 24 * 2**20]) for n in range(3)})
    found = unpack({"x.zip": nested})
    assert sum(map(len, found.files.values())) <= 64 * 2**20
    assert "64 MiB" in " ".join(found.broken.values())


def test_archives_are_opened_three_deep():
    data = BOTH
    for number in range(5):
        data = zipped(**{f"{number}.zip" if number else "conv.py": data})
    (why,) = unpack({"x.zip": data}).broken.values()
    assert why == "archives are nested more than 3 deep"


@given(st.data())
def test_one_right_file_among_any_others_is_the_one_that_is_graded(data):
    name = data.draw(st.sampled_from(["x.py", "conv (2).py", "a/b/c.py", "c/CONV.PY", "n.txt"]))
    others = data.draw(
        st.dictionaries(
            st.sampled_from(["README.md", "pool.py", "t/test.py", "data.csv", "conv.py", "x.pdf"]),
            st.sampled_from([b"", b"x = 1\n", STUB, POOL, b"\xff\xfe", b"def broken(:\n"]),
        )
    )
    files = list({**others, name: BOTH}.items())
    random.Random(data.draw(st.integers())).shuffle(files)
    found = recognise(unpack(dict(files)), WANTED)
    assert found.sources["conv"].data == BOTH


@pytest.mark.parametrize(
    "around", ["try:\n    {}\nexcept ImportError:\n    pass\n", "if True:\n    {}\n"]
)
def test_a_definition_inside_of_a_try_or_an_if_is_one(tmp_path, around):
    inner = BOTH.decode().replace("\n", "\n    ")
    own = around.format(inner).encode()
    there, result = laid_out(tmp_path, {"conv.py": own, "test_conv.py": BOTH})
    assert there["conv.py"] == own
    assert not result.recognised.note


def test_a_function_that_is_assigned_is_defined(tmp_path):
    own = b"from impl import pad\nzero_pad2d = pad\nconv_output_size = max\n"
    there, result = laid_out(tmp_path, {"hw2_final.py": own, "impl.py": b"def pad(x): return x\n"})
    assert there["conv.py"] == own
    assert result.recognised.note == "graded hw2_final.py as conv.py"


@pytest.mark.parametrize(
    ("beside", "said"),
    [("solution.rar", "solution.rar is a RAR archive"), ("conv.7z", "a 7-Zip archive"),
     ("sol.zip", "sol.zip: the archive cannot be opened")],
)  # fmt: skip
@pytest.mark.parametrize("own", ["conv.py", "helper.py", "hw.ipynb"])
def test_an_archive_that_nobody_can_open_beside_an_untouched_stub_is_no_zero(
    tmp_path, beside, said, own
):
    content = notebook("x = 1") if own.endswith("nb") else STUB
    _, result = laid_out(tmp_path, {own: content, beside: b"Rar!..."})
    assert said in result.unclear["conv"]


def test_an_archive_that_nobody_can_open_costs_nobody_who_has_written_the_module(tmp_path):
    there, result = laid_out(tmp_path, {"conv.py": BOTH, "old.rar": b"Rar!"})
    assert there["conv.py"] == BOTH
    assert not result.unclear


def test_what_another_file_defines_and_the_module_does_not_is_told(tmp_path):
    _, result = laid_out(tmp_path, {"conv.py": SIZE.encode(), "padding.py": PAD.encode()})
    assert result.warnings == ("padding.py defines zero_pad2d, which conv.py does not",)


def test_what_is_left_to_unpack_is_never_less_than_nothing():
    zeros = b"\0" * (65 * 2**20)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.py", zeros)
    found = unpack({"a.zip": packed.getvalue(), "b.tgz": gzip.compress(zeros), "conv.py": BOTH})
    assert found.files == {"conv.py": BOTH}
    assert set(found.broken) == {"a.zip", "b.tgz"}
    assert all("64 MiB" in why for why in found.broken.values())


def test_only_so_much_code_is_looked_through(tmp_path):
    files = {f"{n}.py": BOTH + b"# " + b"x" * 500_000 + str(n).encode() for n in range(20)}
    _, result = laid_out(tmp_path, files)
    assert result.unclear["conv"]


@pytest.mark.parametrize(
    "line",
    [
        "    pad = padding  # the same for both?",
        '    """Is it a frame?',
        "    total = (7\n        % 5)",
    ],
)
def test_code_that_looks_like_a_magic_stays_beside_one(tmp_path, line):
    closing = '\n    Yes."""' if '"""' in line else ""
    cell = "%matplotlib inline\n!pip list\ndef zero_pad2d(x, padding):\n"
    cell += f"{line}{closing}\n    return x\n"
    there, _ = laid_out(tmp_path, {"hw.ipynb": notebook(cell)})
    assert f"{line}{closing}\n    return x".encode() in there["conv.py"]
