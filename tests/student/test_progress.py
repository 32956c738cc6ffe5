"""Progress is small, versioned, replaced as a whole, and never a reason to stop."""

from __future__ import annotations

import json
import os
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.model import Status
from grader.student.progress import (
    FILE,
    MOST_DAYS,
    VERSION,
    Progress,
    ProgressFile,
    Record,
    parse_progress,
    to_text,
)

NAMES = st.text(min_size=1, max_size=20)
AMOUNTS = st.floats(0, 100)
RECORDS = st.builds(
    Record,
    status=st.sampled_from(["", *(str(status) for status in Status)]),
    earned=st.none() | AMOUNTS,
    possible=AMOUNTS,
    source=st.text(max_size=16),
    hints=st.integers(0, 9),
)
PROGRESS = st.builds(
    Progress,
    exercises=st.dictionaries(NAMES, RECORDS, max_size=4),
    stubs=st.dictionaries(NAMES, st.text(max_size=10), max_size=3),
    days=st.sets(st.dates(), max_size=3).map(lambda days: tuple(sorted(days))),
    seen=st.sampled_from([(), ("xo",), ("digits", "xo")]),
    at=st.sampled_from(["", "conv"]),
)


@pytest.fixture
def lines():
    return []


@pytest.fixture
def store(tmp_path, lines):
    return ProgressFile(tmp_path, lines.append)


@given(PROGRESS)
def test_what_is_written_is_read_back(progress):
    assert parse_progress(to_text(progress).encode()) == progress


@given(st.binary(max_size=200))
def test_any_bytes_are_progress_or_damaged_and_never_another_error(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("progress")
    (folder / FILE).write_bytes(data)
    lines = []
    ProgressFile(folder, lines.append).load()
    assert len(lines) <= 1


def test_no_file_is_no_progress(store, lines):
    assert store.load() == Progress()
    assert not store.exists
    assert not lines


def test_a_change_is_kept(store, tmp_path):
    store.change(lambda known: known.with_record("conv.im2col", Record("passed", 2.0, 2.0, "a", 1)))
    assert ProgressFile(tmp_path).load().record("conv.im2col").hints == 1
    assert store.exists


ROW = to_text(Progress({"a.b": Record("passed", 0.5, 1.0, "", 1)}))
DAMAGED = {
    "half a file": to_text(Progress({"a.b": Record()}))[:40],
    "not JSON": "hello",
    "empty": "",
    "another document": "[1, 2]",
    "no version": "{}",
    "a version that is no number": '{"version": "1", "exercises": {}, "stubs": {}}',
    "points that are no number": ROW.replace("0.5", '"many"'),
    "hints below zero": ROW.replace('"hints": 1', '"hints": -1'),
    "a status that does not exist": ROW.replace("passed", "fine"),
    "nan": ROW.replace("0.5", "NaN"),
    "more points than there are": ROW.replace("0.5", "1e300"),
    "a day that is none": ROW.replace('"days": []', '"days": ["2026-02-30"]'),
    "days that are no list": ROW.replace('"days": []', '"days": "2026"'),
    "nested without end": "[" * 100_000,
}  # fmt: skip


@pytest.mark.parametrize("text", DAMAGED.values(), ids=DAMAGED)
def test_damaged_progress_is_put_aside_with_one_line(store, tmp_path, lines, text):
    (tmp_path / FILE).write_text(text)
    assert store.load() == Progress()
    assert (tmp_path / f"{FILE}.damaged").read_text() == text
    (line,) = lines
    assert "damaged" in line
    assert f"it is now {FILE}.damaged; a new one begins" in line
    assert line.endswith("Next: dlgrade check, which finds again what passes")
    store.change(lambda known: known)
    assert parse_progress((tmp_path / FILE).read_bytes()) == Progress()


def test_a_file_from_before_days_were_kept_is_read():
    tree = json.loads(ROW)
    del tree["days"], tree["seen"]
    found = parse_progress(json.dumps(tree).encode())
    assert found == Progress({"a.b": Record("passed", 0.5, 1.0, "", 1)})


@given(st.lists(st.dates(), max_size=30), st.dates())
def test_days_are_kept_once_each_in_order_and_never_without_end(days, last):
    progress = Progress()
    for day in [*days, last]:
        progress = progress.with_day(day)
    assert progress.days == tuple(sorted({*days, last}))
    many = Progress(days=tuple(date.fromordinal(n) for n in range(1, MOST_DAYS + 1)))
    assert len(many.with_day(date.max).days) == MOST_DAYS
    assert many.with_day(date.max).days[-1] == date.max


def test_a_second_damaged_file_does_not_overwrite_the_first(store, tmp_path):
    for text in ("one", "two"):
        (tmp_path / FILE).write_text(text)
        store.load()
    assert (tmp_path / f"{FILE}.damaged").read_text() == "one"
    assert (tmp_path / f"{FILE}.damaged2").read_text() == "two"


def test_progress_of_a_newer_version_is_left_alone(store, tmp_path, lines):
    text = json.dumps({"version": VERSION + 1, "something": "else"})
    (tmp_path / FILE).write_text(text)
    store.change(lambda known: known.with_record("a.b", Record(hints=1)))
    assert (tmp_path / FILE).read_text() == text
    (line,) = lines
    assert "newer dlgrade: it is left alone, and progress is not kept this time" in line
    assert line.endswith("nothing is lost. Next: upgrade dlgrade, then dlgrade check")


def test_progress_that_cannot_be_read_is_left_alone_and_what_helps_is_told(store, tmp_path, lines):
    (tmp_path / FILE).mkdir()
    assert store.load() == Progress()
    assert (tmp_path / FILE).is_dir()
    assert lines[0].endswith("nothing is lost. Next: make it readable, then dlgrade check")


def test_without_a_folder_nothing_is_kept_and_nothing_fails():
    store = ProgressFile(None)
    assert store.change(lambda known: known.with_record("a.b", Record(hints=1))).record("a.b").hints
    assert store.load() == Progress()


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="needs POSIX permissions")
def test_a_folder_that_cannot_be_written_is_no_reason_to_stop(tmp_path, lines):
    gone = tmp_path / "gone"
    ProgressFile(gone, lines.append).change(lambda known: known)
    assert not gone.exists()
    assert not lines
