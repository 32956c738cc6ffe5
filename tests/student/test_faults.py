"""What could not be put into words is kept for `dlgrade doctor`, and costs nobody anything."""

from __future__ import annotations

import pytest

from grader.cli import doctor
from grader.model import ExerciseResult
from grader.student.faults import MAX_KEPT, note_faults, read_faults


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setattr("platformdirs.user_cache_path", lambda _: tmp_path / "cache")
    return tmp_path / "cache"


def result(*faults):
    return ExerciseResult("conv.im2col", (), faults=faults)


def test_nothing_is_written_where_there_is_nothing_to_say(cache):
    note_faults([result()])
    assert not cache.exists()
    assert read_faults() == []
    assert doctor._words_probe().held


def test_a_fault_is_kept_once_and_doctor_tells_it():
    for _ in range(2):
        note_faults([result(), result("the mistake was not found: ValueError: x")])
    assert read_faults() == ["conv.im2col: the mistake was not found: ValueError: x"]
    probe = doctor._words_probe()
    assert not probe.held
    assert not probe.needed
    assert "conv.im2col: the mistake was not found: ValueError: x" in probe.detail


def test_only_the_newest_are_kept():
    for number in range(MAX_KEPT + 3):
        note_faults([result(f"fault {number}")])
    assert read_faults() == [f"conv.im2col: fault {n}" for n in range(3, MAX_KEPT + 3)]


def test_a_place_that_cannot_be_written_is_no_trouble(cache):
    cache.write_text("a file")
    note_faults([result("x")])
    assert read_faults() == []
