"""A small class in a gradebook, damage done to its file, and what is read of it then."""

from __future__ import annotations

import contextlib
import csv
import io
import sqlite3

from books import at, begin, fact, from_canvas, hand_in, make_class, passed, wrong

from grader.gradebook.assignment import DAMAGED
from grader.gradebook.exporters import Options, load_exporter
from grader.gradebook.facts import Gradebook
from grader.gradebook.people.person import Person
from grader.gradebook.policy.decisions import Excuse, Extension, note_excuses, note_extensions
from grader.gradebook.policy.lateness import read_rule
from grader.gradebook.students import Policy
from grader.gradebook.view import select_view

EXERCISES = ["conv.im2col", "pool.flatten"]
BY_HAND = "s3"  # who has points by hand
LATE = Policy(read_rule("2026-10-01 12:00Z: 10%/day"))


def keep_class(path):
    """Write a class in which every table has rows."""
    book, run = make_class(path)
    with book:
        run.note_criteria({"": "engine", "conv.im2col": "a", "pool.flatten": "b"})
        book.note_roster(run.assignment, [Person("Roe, Eric", ("102",)), Person("Absent, Ann")])
        for number in range(8):
            work = [wrong() if number % 2 else passed(), passed("pool.flatten")]
            came = from_canvas(200 + number, came_in=at(f"2026-10-0{1 + number % 4}T10:00"))
            hand_in(run, f"s{number}", work, came)
        book.note_overrides(run.assignment, [(BY_HAND, "conv.im2col", 1.75, "seen by hand")])
        note_extensions(book, run.assignment, [("s2", Extension(at("2026-10-03T00:00"), "ill"))])
        note_excuses(book, run.assignment, [("s5", Excuse(excused=True, why="elsewhere"))])
        run.finish()
        again = begin(book)
        hand_in(again, "s0", [fact("conv.im2col", "failed")], content="another")
        again.finish()


def read(path, policy=LATE):
    """Return every document by name, every row of the table by name, and who is damaged."""
    with Gradebook(path, read_only=True) as book:
        view = select_view(book, policy=policy)
        documents = {one["submission"]: one for one in view.documents()}
        stream = io.StringIO(newline="")
        load_exporter("csv")(view, stream, Options())
        cells = csv.DictReader(io.StringIO(stream.getvalue()))
        # Some columns are there where somebody has something in them.
        filled = [{title: cell for title, cell in row.items() if cell} for row in cells]
        rows = dict(zip(documents, filled, strict=True))
        told = [line for line in view.damage() if line not in book.mended]
        damaged = {line.partition(" is damaged")[0].partition("the result of ")[2] for line in told}
    return documents, rows, damaged


def read_mended(path):
    """Return what is told of a file of which everything is known all the same."""
    with Gradebook(path, read_only=True) as book:
        return book.mended


def check(found, whole):
    """Make sure that whoever is not damaged has what was written, and who is has nothing."""
    documents, rows, damaged = found
    assert set(whole[0]) <= set(documents)
    assert set(documents) <= {*whole[0], *damaged}
    for name, document in documents.items():
        if name not in damaged:
            assert document == whole[0][name]
            assert rows[name] == whole[1][name]
            continue
        assert not document["complete"] or name == BY_HAND
        for entry in document["exercises"]:
            assert entry["status"] == "ungraded"
            assert entry["message"] == DAMAGED
            assert entry["earned"] is None or entry["override"]["points"] == entry["earned"]


def write(path, content, *, at=None, flip=0):
    """Write a file with one byte of another value."""
    changed = bytearray(content)
    if at is not None:
        changed[at] ^= flip
    path.write_bytes(changed)
    return path


def change(path, *statements):
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


def cells(path):
    """Return table, column and number of the row of every cell of a gradebook."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return [
            (name, column, row)
            for (name,) in names
            for row in range(_one(connection, f"SELECT count(*) FROM {name}"))  # noqa: S608 - our names
            for _, column, *_ in connection.execute(f"PRAGMA table_info({name})").fetchall()
        ]


def overwrite(path, table, column, row, value):
    """Write any value into one cell, whatever the schema says of it; tell whether that is one more.

    A key that is there already, or no number where SQLite counts rows, is nothing that a file can
    hold.
    """
    with contextlib.closing(sqlite3.connect(path)) as connection, _without_rules(connection):
        columns = [each[1] for each in connection.execute(f"PRAGMA table_info({table})")]
        before = connection.execute(f"SELECT * FROM {table} LIMIT 1 OFFSET {row}").fetchone()  # noqa: S608 - our names
        same = " AND ".join(f"{name} IS ?" for name in columns)
        try:
            connection.execute(f"UPDATE {table} SET {column} = ? WHERE {same}", (value, *before))  # noqa: S608 - our names
        except (sqlite3.IntegrityError, OverflowError):
            return False
        after = connection.execute(f"SELECT * FROM {table} LIMIT 1 OFFSET {row}").fetchone()  # noqa: S608 - our names
        connection.commit()
        return repr(before) != repr(after)


@contextlib.contextmanager
def _without_rules(connection):
    """Let columns be null meanwhile."""
    text = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'").fetchall()
    (version,) = connection.execute("PRAGMA schema_version").fetchone()
    connection.execute("PRAGMA writable_schema = ON")
    for name, sql in text:
        loose = sql.replace(" NOT NULL", "")
        connection.execute("UPDATE sqlite_master SET sql = ? WHERE name = ?", (loose, name))
    connection.execute(f"PRAGMA schema_version = {version + 1}")
    connection.commit()
    yield
    for name, sql in text:
        connection.execute("UPDATE sqlite_master SET sql = ? WHERE name = ?", (sql, name))
    connection.execute(f"PRAGMA schema_version = {version + 2}")
    connection.commit()


def _one(connection, text):
    return connection.execute(text).fetchone()[0]
