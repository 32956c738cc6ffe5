"""What a worker runs of ours is compiled once, and kept where that is allowed."""

from __future__ import annotations

import shutil
import sys
from importlib.util import cache_from_source
from pathlib import Path

import pytest

from grader.worker import command
from grader.worker.command import CHILD, compile_child


@pytest.fixture
def child(tmp_path, monkeypatch):
    """Return a copy of what a worker runs, of which nothing is compiled yet."""
    copy = shutil.copytree(CHILD, tmp_path / "child", ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(command, "CHILD", copy)
    monkeypatch.setattr(sys, "pycache_prefix", None)
    return copy


def kept(child):
    return {file.stem: Path(cache_from_source(str(file))) for file in child.glob("*.py")}


def test_all_of_it_is_kept_compiled_and_what_is_kept_is_right_the_next_time(child, monkeypatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    compile_child.__wrapped__()
    times = {name: file.stat().st_mtime_ns for name, file in kept(child).items()}
    assert {"starting", "encoding", "conversation"} < set(times)
    compile_child.__wrapped__()
    assert times == {name: file.stat().st_mtime_ns for name, file in kept(child).items()}


def test_nothing_is_kept_where_python_is_told_to_keep_nothing(child, monkeypatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    compile_child.__wrapped__()
    assert not (child / "__pycache__").exists()
    assert kept(child)
