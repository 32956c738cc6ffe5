"""A disk that is full keeps what was kept before, and says so."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import subprocess
from pathlib import Path

import pytest
from books import begin, documents, fact, hand_in, names, passed

from grader.gradebook.facts import Gradebook
from grader.gradebook.store.opening import GradebookError, GradebookFullError


@pytest.fixture
def small_disk(tmp_path):
    """Yield a file system of its own with little room on it."""
    folder = tmp_path / "disk"
    folder.mkdir()
    line = ["mount", "-t", "tmpfs", "-o", "size=256k", "dlgrade-test", str(folder)]
    if not hasattr(os, "geteuid") or os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("mounting a small file system needs root and mount")
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"a small file system cannot be mounted here: {done.stderr.strip()}")
    yield folder
    subprocess.run([shutil.which("umount"), str(folder)], check=True)


def fill(folder, leave):
    """Fill a disk but for some bytes; return the file that fills it."""
    ballast = folder / "ballast"
    room = os.statvfs(folder)
    ballast.write_bytes(b"x" * max(0, room.f_bavail * room.f_frsize - leave))
    return ballast


@pytest.mark.parametrize("leave", [0, 4096, 8192, 20480, 40960, 65536])
def test_a_disk_that_is_full_while_the_file_is_made_leaves_what_the_next_run_finishes(
    small_disk, leave
):
    path = small_disk / "g.db"
    ballast = fill(small_disk, leave)
    with contextlib.suppress(GradebookError):
        Gradebook(path).close()
    ballast.unlink()
    with Gradebook(path) as book:
        hand_in(begin(book), "abc", [passed()])
    assert names(path) == ["abc"]


@pytest.mark.parametrize("leave", [0, 4096, 12288, 28672])
def test_a_disk_that_is_full_while_something_is_kept_keeps_all_before(small_disk, leave):
    path = small_disk / "g.db"
    with Gradebook(path) as book:
        run = begin(book)
        hand_in(run, "abc", [passed()])
        ballast = fill(small_disk, leave)
        long = [fact("conv.im2col", message="x" * 40_000)]
        with pytest.raises(GradebookFullError, match="what was graded so far is kept"):
            hand_in(run, "def", long)
        assert names(path) == ["abc"]
        ballast.unlink()
        hand_in(run, "def", long)
    assert names(path) == ["abc", "def"]


@pytest.mark.parametrize("leave", [0, 4096, 12288, 28672])
def test_a_disk_that_is_full_while_a_file_is_brought_up_to_date_leaves_it_as_it_was(
    small_disk, leave
):
    path = small_disk / "g.db"
    text = (Path(__file__).parents[1] / "data" / "version2.sql").read_text(encoding="utf-8")
    connection = sqlite3.connect(path)
    connection.executescript(text)
    connection.close()
    before = documents(path)
    ballast = fill(small_disk, leave)
    with contextlib.suppress(GradebookError, GradebookFullError):
        Gradebook(path).close()
    ballast.unlink()
    assert documents(path) == before
    Gradebook(path).close()
    assert documents(path) == before
