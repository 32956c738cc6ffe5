"""Predictions in a file: plain numbers of the right form and nothing else, each fault in a line."""

from __future__ import annotations

import dataclasses
import io
import json
import pickle
import struct
import warnings
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.course.course import find_course
from grader.engine.asking.handed_in import MAX_FILE_MIB, check_predictions, digest_right, read_array
from grader.errors import CourseError, RejectedError
from grader.model import Status
from grader.vocabulary import predictions

COURSE = find_course(Path(__file__).resolve().parents[2] / "examples" / "courses" / "pixels")
EXERCISE = COURSE.exercise("contest.predict")
ASKED = EXERCISE.check.handed_in
RIGHT = (COURSE.solutions_dir / ASKED.file).read_bytes()
LABELS = np.load(COURSE.solutions_dir / ASKED.file)["labels"]


def saved(**arrays):
    stream = io.BytesIO()
    np.savez(stream, **arrays)
    return stream.getvalue()


def npy(array, **more):
    stream = io.BytesIO()
    np.lib.format.write_array(stream, array, **more)
    return stream.getvalue()


def zipped(*members, compression=zipfile.ZIP_STORED):
    stream = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(stream, "w", compression) as archive:
        warnings.simplefilter("ignore")  # of a name that is there twice
        for name, data in members:
            archive.writestr(name, data)
    return stream.getvalue()


class Boom:
    def __reduce__(self):
        return (print, ("this must never be printed",))


GOOD = npy(LABELS)
HUGE = npy(np.zeros(3_000_000, np.int64))
HEAD = b"\x93NUMPY\x01\x00"


def with_header(text):
    return HEAD + struct.pack("<H", len(text)) + text + LABELS.tobytes()


OBJECTS = with_header(b"{'descr': '|O', 'fortran_order': False, 'shape': (200,), }\n")
FAULTS = {
    "an empty file": (b"", "is no .npz file"),
    "a text": (b"labels\n0\n1\n", "is no .npz file"),
    "an npy": (GOOD, "is no .npz file"),
    "a pickle": (pickle.dumps(Boom()), "is no .npz file"),
    "half of one": (RIGHT[: len(RIGHT) // 2], "is no .npz file"),
    "another name": (saved(classes=LABELS), "holds no array labels, but classes"),
    "nothing in it": (zipped(), "holds no array labels; write"),
    "twice": (zipped(("labels.npy", GOOD), ("labels.npy", GOOD)), "holds the array labels twice"),
    "many": (saved(**{f"a{n}": LABELS for n in range(20)}), "holds more than 16 arrays"),
    "objects": (zipped(("labels.npy", OBJECTS)), "holds objects or records in labels"),
    "pickled objects": (
        saved(labels=np.array([Boom()] * 200, object)), "holds objects or records in labels"),
    "records": (
        saved(labels=np.zeros(200, [("a", "i8")])), "holds objects or records in labels"),
    "texts": (saved(labels=LABELS.astype(str)), "holds labels as U"),
    "floats": (saved(labels=LABELS * 1.0), "holds labels as f8, not whole numbers"),
    "truth values": (saved(labels=LABELS > 0), "holds labels as b1, not whole numbers"),
    "another shape": (saved(labels=LABELS[:-1]), "holds labels of shape (199,), not (200,)"),
    "a column": (saved(labels=LABELS[:, None]), "holds labels of shape (200, 1), not (200,)"),
    "a bomb": (
        zipped(("labels.npy", HUGE), compression=zipfile.ZIP_DEFLATED),
        "holds labels of shape (3000000,), not (200,)"),
    "another packing": (
        zipped(("labels.npy", GOOD), compression=zipfile.ZIP_LZMA),
        "is encrypted, or packed in a way that is not read"),
    "too short": (zipped(("labels.npy", GOOD[:-8])), "holds another number of bytes in labels"),
    "too long": (zipped(("labels.npy", GOOD + b"\0" * 8)), "holds another number of bytes"),
    "no array": (zipped(("labels.npy", b"no array")), "holds no array under the name labels"),
    "code in a header": (
        zipped(("labels.npy", with_header(b"__import__('os').abort()"))),
        "holds objects or records"),
    "a deep header": (
        zipped(("labels.npy", with_header(b"(" * 3000))), "holds objects or records in labels"),
    "a negative shape": (
        zipped(("labels.npy", with_header(
            b"{'descr': '<i8', 'fortran_order': False, 'shape': (-200,), }\n"))),
        "holds objects or records"),
    "too large": (b"\0" * (MAX_FILE_MIB * 2**20 + 1), "is larger than 16 MiB"),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_is_one_line_that_says_how_such_a_file_is_written(name, tmp_path, capsys):
    content, said = FAULTS[name]
    (tmp_path / ASKED.file).write_bytes(content)
    result = check_predictions(EXERCISE, tmp_path)
    assert result.status is Status.REJECTED
    assert result.message.startswith(f"{ASKED.file} {said}")
    assert result.message.endswith("whole numbers of shape (200,)")
    assert "\n" not in result.message
    assert result.earned == 0
    assert not capsys.readouterr().out


def test_a_member_that_lies_about_its_size_is_damaged_or_too_large(tmp_path):
    honest = zipped(("labels.npy", HUGE), compression=zipfile.ZIP_DEFLATED)
    place = honest.rindex(b"PK\1\2") + 24
    lying = honest[:place] + struct.pack("<I", 1728) + honest[place + 4 :]
    with pytest.raises(RejectedError, match=r"^predictions.npz "):
        read_array(lying, ASKED)


@given(st.binary(max_size=40), st.integers(0, len(RIGHT) - 1))
def test_any_change_of_a_file_is_a_line_or_the_numbers_that_it_holds(junk, place):
    found, said = None, ""
    try:
        found = read_array(RIGHT[:place] + junk + RIGHT[place + len(junk) :], ASKED)
    except RejectedError as error:
        said = str(error)
    assert "\n" not in said
    assert said or (found.dtype, found.shape) == (np.int64, (200,))


@pytest.mark.parametrize("dtype", ["int8", "uint8", ">i4", "<i2", "int64", "uint64"])
def test_whole_numbers_of_any_width_and_order_are_read(dtype):
    for content in (saved(labels=LABELS.astype(dtype)), zipped(("labels.npy", npy(LABELS)))):
        assert read_array(content, ASKED).tolist() == LABELS.tolist()


def test_a_table_of_floats_is_read_in_either_order_and_has_to_be_finite():
    asked = dataclasses.replace(ASKED, array="p", shape=(3, 2), kind="f")
    table = np.arange(6.0).reshape(3, 2)
    for array in (table, np.asfortranarray(table), table.astype("float32"), table.astype(int)):
        assert read_array(saved(p=array), asked).tolist() == table.tolist()
    with pytest.raises(RejectedError, match="holds numbers in p that are not finite"):
        read_array(saved(p=np.full((3, 2), np.nan)), asked)


def test_thresholds_are_levels_of_which_each_earns_its_own_points(tmp_path):
    right = np.load(EXERCISE.check_file.parent / ASKED.held_out)["labels"]
    for wrong, earned in ((0, 3.0), (40, 2.0), (100, 1.0)):
        guessed = right.copy()
        guessed[:wrong] = 1 - guessed[:wrong]
        (tmp_path / ASKED.file).write_bytes(saved(labels=guessed))
        result = check_predictions(EXERCISE, tmp_path)
        assert result.earned == earned
    assert result.message == "accuracy = 0.5, expected at least 0.7"
    assert [level.status for level in result.levels] == ["passed", "failed", "failed"]


def test_without_the_labels_the_form_is_checked_and_nothing_else_is_known(tmp_path):
    elsewhere = dataclasses.replace(EXERCISE, check_file=tmp_path / "predict.py")
    (tmp_path / ASKED.file).write_bytes(RIGHT)
    result = check_predictions(elsewhere, tmp_path)
    assert [level.status for level in result.levels] == ["passed", "not_run", "not_run"]
    assert result.message == (
        "predictions.npz is as it has to be; how good it is, is found out when it is graded"
    )


def test_a_file_that_is_not_there_or_a_link_is_missing(tmp_path):
    assert check_predictions(EXERCISE, tmp_path).status is Status.MISSING
    (tmp_path / ASKED.file).symlink_to(EXERCISE.check_file.parent / ASKED.held_out)
    assert check_predictions(EXERCISE, tmp_path).status is Status.MISSING


def test_labels_of_the_author_that_cannot_be_read_are_the_authors_to_mend(tmp_path):
    elsewhere = dataclasses.replace(EXERCISE, check_file=tmp_path / "predict.py")
    (tmp_path / ASKED.held_out).write_bytes(saved(labels=LABELS[:5]))
    (tmp_path / ASKED.file).write_bytes(RIGHT)
    with pytest.raises(CourseError, match=r"held_out\.npz"):
        check_predictions(elsewhere, tmp_path)


def test_other_labels_and_another_metric_are_other_criteria(tmp_path, monkeypatch):
    before = digest_right(EXERCISE)
    assert digest_right(EXERCISE) == before
    elsewhere = dataclasses.replace(EXERCISE, check_file=tmp_path / "predict.py")
    (tmp_path / ASKED.held_out).write_bytes(saved(labels=1 - LABELS))
    assert digest_right(elsewhere) != before
    other = dataclasses.replace(ASKED, score=lambda guessed, right: (guessed != right).mean())
    monkeypatch.setattr(EXERCISE.check, "handed_in", other)
    assert digest_right(EXERCISE) != before


@pytest.mark.parametrize(
    "changed", [{"file": "a.txt"}, {"held_out": "../x.npz"}, {"shape": (0,)}, {"kind": "O"}]
)
def test_a_file_that_cannot_be_asked_for_is_refused(changed):
    told = {
        "file": "a.npz", "array": "labels", "shape": (2,), "held_out": "b.npz", "metric": "score",
        "score": np.dot,
    }  # fmt: skip
    with pytest.raises(CourseError, match=r"^predictions: "):
        predictions(**(told | changed))


def test_what_is_said_of_it_travels_without_the_score():
    assert json.dumps(ASKED.form) == '["predictions.npz", "labels", [200], "i"]'
