"""A gradebook that an earlier version kept in two files is read, and becomes one file."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

from books import begin, hand_in, names, passed

from grader.gradebook.facts import Gradebook


def in_old_mode(path):
    """Let a file be as an earlier version left it when its run was killed: most is in the log."""
    with sqlite3.connect(path, isolation_level=None) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
    held = sqlite3.connect(path, isolation_level=None)
    held.execute("PRAGMA wal_autocheckpoint = 0")
    held.execute("CREATE TABLE mine (x)")
    held.execute("INSERT INTO mine VALUES (1)")
    connection.close()
    return held


def test_a_log_of_an_earlier_version_is_read_and_then_folded_in(path):
    held = in_old_mode(path)
    copy = path.with_name("copy.db")
    shutil.copy(path, copy)
    shutil.copy(f"{path}-wal", f"{copy}-wal")
    held.close()
    with Gradebook(copy, read_only=True) as book:
        assert book.query("SELECT * FROM mine") == [(1,)]
    Gradebook(copy).close()
    assert copy.read_bytes()[18:20] == b"\1\1"
    assert not Path(f"{copy}-wal").exists()
    with Gradebook(copy, read_only=True) as book:
        assert book.query("SELECT * FROM mine") == [(1,)]


def test_a_log_that_somebody_reads_by_is_folded_in_another_time(path):
    held = in_old_mode(path)
    with Gradebook(path) as book:
        hand_in(begin(book), "late", [passed()])
    assert path.read_bytes()[18:20] == b"\2\2"
    assert "late" in names(path)
    held.close()
    Gradebook(path).close()
    assert path.read_bytes()[18:20] == b"\1\1"
    assert "late" in names(path)
