"""A gradebook of an earlier version is read as it is, and brought up to date when it is written."""

from __future__ import annotations

import contextlib
import json
import sqlite3
import struct
from pathlib import Path

import pytest

from grader.gradebook.facts import Gradebook
from grader.gradebook.store import migration
from grader.gradebook.store.migration import APPLICATION_ID, SCHEMA, VERSION, create, statements
from grader.gradebook.store.opening import GradebookError
from grader.gradebook.view import select_view

DATA = Path(__file__).parent / "data"
EARLIER = sorted(file.stem for file in DATA.glob("version*.sql"))
TABLES = ("assignment", "asked", "run", "submission", "fact", "level")


@pytest.fixture(params=EARLIER)
def earlier(request, tmp_path):
    """Write a gradebook as an earlier dlgrade left it; return it and what that one exported."""
    path = tmp_path / "gradebook.db"
    connection = sqlite3.connect(path)
    connection.executescript((DATA / f"{request.param}.sql").read_text(encoding="utf-8"))
    connection.execute("PRAGMA journal_mode = WAL")
    connection.close()
    exported = json.loads((DATA / f"{request.param}.json").read_text(encoding="utf-8"))
    return path, without_file_times(exported["results"])


def without_file_times(exported):
    """Return what an earlier version exported without the times of files, which it told."""
    for one in exported:
        term = one.get("term", {})
        if term.get("time_source", "file") == "file" and "came_in" in term:
            term |= {"came_in": None} | ({"time_source": ""} if "time_source" in term else {})
    return exported


def documents(book, exported):
    """Return what an earlier version would export: a term says more today, and so do warnings."""
    found = list(select_view(book).documents())
    before = {(one["assignment"], one["submission"]): one.get("term", {}) for one in exported}
    had_delivery = {(one["assignment"], one["submission"]) for one in exported if "delivery" in one}
    told = {
        (one["assignment"], one["submission"])
        for one in exported
        if "warnings" in one.get("delivery", {})
    }
    for one in found:
        if "delivery" in one:
            if (one["assignment"], one["submission"]) not in told:
                one["delivery"].pop("warnings", None)
            if (one["assignment"], one["submission"]) not in had_delivery:
                assert not any(one.pop("delivery").values())
        if "term" in one and "due" not in before[one["assignment"], one["submission"]]:
            assert (one["term"].pop("time_source"), one["term"].pop("due")) == ("", None)
    return found


def scores(book):
    """Return points of each submission by the view that docs/instructor/grading.md names."""
    rows = book.query(
        "SELECT h.name, submission, earned, possible, complete FROM submission_score AS s "
        "JOIN assignment AS h ON h.id = s.assignment"
    )
    return {row[:2]: row[2:] for row in rows}


def expected_scores(results):
    """Return the points of those who handed in, or have points by hand."""
    return {
        (one["assignment"], one["submission"]): (one["earned"], one["possible"], one["complete"])
        for one in results
        if one.get("term", {}).get("handed_in", True)
        or any("override" in entry for entry in one["exercises"])
    }


def contents(path, tables=TABLES):
    with sqlite3.connect(path) as connection:
        rows = {
            name: connection.execute(f"SELECT * FROM {name}").fetchall()  # noqa: S608 - ours
            for name in tables
        }
    connection.close()
    return rows


def made_of(path):
    """Return the statement behind everything in a file, and what its head says that it is."""
    with sqlite3.connect(path) as connection:
        rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
        numbers = [
            connection.execute(f"PRAGMA {name}").fetchone()
            for name in ("application_id", "user_version")
        ]
        found = dict(rows), numbers
    connection.close()
    return found


def test_there_is_a_gradebook_of_each_kind_that_was_ever_written():
    assert EARLIER == [
        "version1",
        "version1_without_term",
        "version2",
        "version3",
        "version4",
        "version5",
        "version6",
        "version7",
        "version8",
    ]


def test_an_earlier_gradebook_is_read_as_it_was_exported_and_left_as_it_is(earlier):
    path, exported = earlier
    before = path.read_bytes()
    with Gradebook(path, read_only=True) as book:
        assert documents(book, exported) == exported
        assert scores(book) == expected_scores(exported)
    assert path.read_bytes() == before


def test_an_earlier_gradebook_becomes_one_of_this_version_when_it_is_written(earlier, tmp_path):
    path, exported = earlier
    before = contents(path)
    with Gradebook(path) as book:
        assert documents(book, exported) == exported
        assert scores(book) == expected_scores(exported)
        book.note_overrides(1, [("half", "conv.im2col", 0.25, "after the update")])
    Gradebook(tmp_path / "new.db").close()
    assert made_of(path) == made_of(tmp_path / "new.db")
    assert made_of(path)[1] == [(APPLICATION_ID,), (VERSION,)]
    assert contents(path) == before
    with Gradebook(path, read_only=True) as book:
        assert scores(book)["hw1", "half"][0] == 0.25


def test_a_gradebook_is_brought_up_to_date_whole_or_not_at_all(earlier, monkeypatch):
    path, exported = earlier
    before = made_of(path)

    def interrupted():
        for number, one in enumerate(statements()):
            if number == 12:
                raise KeyboardInterrupt
            yield one

    with monkeypatch.context() as patch:
        patch.setattr(migration, "statements", interrupted)
        with pytest.raises(KeyboardInterrupt):
            Gradebook(path)
    assert made_of(path) == before
    with Gradebook(path) as book:
        assert documents(book, exported) == exported


def test_the_schema_is_its_statements():
    whole, pieces = sqlite3.connect(":memory:"), sqlite3.connect(":memory:")
    whole.executescript(SCHEMA.read_text(encoding="utf-8"))
    for _, _, text in statements():
        pieces.execute(text)
    for name in ("name", "sql"):
        rows = [
            connection.execute(f"SELECT {name} FROM sqlite_master ORDER BY name").fetchall()  # noqa: S608 - ours
            for connection in (whole, pieces)
        ]
        assert rows[0] == rows[1]
        assert len(rows[0]) > len(TABLES)
    whole.close()
    pieces.close()


JOURNAL = bytes.fromhex("d9d505f920a163d7")  # how SQLite's rollback journals begin


@pytest.fixture
def unfinished(tmp_path):
    """Write what is left when the first run ends while it makes the file.

    All pages are there, and beside them the journal by which SQLite takes them back.
    """
    path = tmp_path / "gradebook.db"
    create(path)
    before = struct.pack(">IIIII", 0, 12345, 0, 512, 4096)  # nothing: the file had no pages
    path.with_name(path.name + "-journal").write_bytes((JOURNAL + before).ljust(512, b"\0"))
    return path


def test_a_file_whose_making_was_cut_short_is_made_by_the_next_run(unfinished, tmp_path):
    Gradebook(unfinished).close()
    Gradebook(unfinished).close()
    Gradebook(tmp_path / "new.db").close()
    assert made_of(unfinished) == made_of(tmp_path / "new.db")


def test_a_file_without_a_table_is_no_gradebook_yet_for_those_who_read(tmp_path):
    path = tmp_path / "gradebook.db"
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute("VACUUM")
    before = path.read_bytes()
    assert len(before) > 100
    with pytest.raises(GradebookError, match="is empty"):
        Gradebook(path, read_only=True)
    assert path.read_bytes() == before
