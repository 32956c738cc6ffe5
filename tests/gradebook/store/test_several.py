"""Several who use one gradebook at once wait for each other, or are told."""

from __future__ import annotations

import sqlite3
import threading

import pytest
from books import begin, hand_in, names, passed

from grader.gradebook.facts import Gradebook
from grader.gradebook.store import opening
from grader.gradebook.store.lock import names_beside, only_run
from grader.gradebook.store.opening import GradebookError, GradebookFullError


def test_two_names_of_one_file_are_one_gradebook(path):
    link = path.with_name("link.db")
    link.symlink_to(path.name)
    with (
        only_run(path) as bank,
        pytest.raises(GradebookError, match="another run is grading"),
        only_run(link),
    ):
        pass
    with only_run(link) as other:
        assert bank == other
    assert {"link.db", "g.db", "g.db-journal", "g.db.bank"} <= set(names_beside(link))
    assert names(link) == names(path)


def test_a_second_name_that_is_no_link_is_not_written_by(path):
    other = path.with_name("other.db")
    other.hardlink_to(path)
    for one in (path, other):
        with pytest.raises(GradebookError, match="another name too"):
            Gradebook(one)
        assert len(names(one)) == 4
    other.unlink()
    Gradebook(path).close()


def test_one_may_read_while_a_run_writes(path):
    with Gradebook(path) as book:
        run = begin(book)
        with book.writing() as sql:
            sql.execute("UPDATE assignment SET seed = seed")
            assert len(names(path)) == 4
        hand_in(run, "late", [passed()])
        assert len(names(path)) == 5


def held_for(path, seconds, statement, released=None):
    """Hold a lock of another connection for a while, or until it is released."""
    taken, released = threading.Event(), released or threading.Event()

    def hold():
        connection = sqlite3.connect(path, isolation_level=None)
        connection.execute(statement)
        connection.execute("SELECT count(*) FROM fact").fetchone()
        taken.set()
        released.wait(seconds)
        connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    taken.wait()
    return thread


def test_a_reader_waits_for_the_moment_of_a_write_and_a_write_for_the_reader(path):
    thread = held_for(path, 0.3, "BEGIN EXCLUSIVE")
    assert len(names(path)) == 4
    thread.join()
    with Gradebook(path) as book:
        run = begin(book)
        thread = held_for(path, 0.3, "BEGIN")
        hand_in(run, "late", [passed()])
        thread.join()
    assert len(names(path)) == 5


def test_a_lock_that_is_never_given_back_is_one_line(path, monkeypatch):
    monkeypatch.setattr(opening, "BUSY_S", 0.1)
    monkeypatch.setattr(opening, "PATIENCE_S", 0.1)
    released = threading.Event()
    thread = held_for(path, 300, "BEGIN EXCLUSIVE", released)
    with pytest.raises(GradebookError, match="is being written; try again"):
        Gradebook(path, read_only=True)
    released.set()
    thread.join()
    with Gradebook(path) as book:
        run = begin(book)
        thread = held_for(path, 2, "BEGIN")
        with pytest.raises(GradebookFullError, match="another program keeps it locked"):
            hand_in(run, "late", [passed()])
        thread.join()
        hand_in(run, "late", [passed()])
    assert len(names(path)) == 5
