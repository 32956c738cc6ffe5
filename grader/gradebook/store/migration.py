"""Make the tables of a gradebook, and bring older ones up to this version."""

from __future__ import annotations

import os
import re
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

from grader.gradebook.store.seals import WHOLE_TABLES, Seals

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

APPLICATION_ID = 0x646C6772  # "dlgr"
VERSION = 9
SCHEMA = Path(__file__).with_name("schema.sql")
STATEMENT = re.compile(r"^CREATE (TABLE|INDEX|VIEW) (\w+) .*?;$", re.MULTILINE | re.DOTALL)
COMMENT = re.compile(r"--[^\n]*")
BUSY_S = 10.0


def statements() -> Iterator[tuple[str, str, str]]:
    """Yield kind, name and text of each statement of the schema."""
    for found in STATEMENT.finditer(SCHEMA.read_text(encoding="utf-8")):
        yield found[1], found[2], found[0]


def create(path: Path) -> None:
    """Make an empty gradebook for its owner alone: whole, or a file in which there is nothing."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    os.close(descriptor)
    connection = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None)
    try:
        create_in(connection)
    finally:
        connection.close()


def create_in(connection: sqlite3.Connection) -> None:
    """Make an empty gradebook of what is open, in one transaction."""
    script = SCHEMA.read_text(encoding="utf-8")
    connection.executescript(
        f"BEGIN EXCLUSIVE;\nPRAGMA application_id = {APPLICATION_ID};\n"
        f"PRAGMA user_version = {VERSION};\n{script}"
    )
    _seals(connection).seal_tables(*WHOLE_TABLES)
    connection.execute("COMMIT")


def migrate(sql: sqlite3.Connection) -> None:
    """Bring an older gradebook up to this version, in the transaction that is going on.

    It gets the tables that it lacks, and every view anew; nothing that it keeps is touched. What it
    keeps and never sealed is sealed as it is: nobody can tell any more whether it is what was
    written. What it sealed was compared before. A version that changes a table says here how.
    """
    there = names_in(sql)
    for kind, name, text in statements():
        if kind == "VIEW":
            sql.execute(f"DROP VIEW IF EXISTS {name}")
        if kind == "VIEW" or name not in there:
            sql.execute(text)
    if "run_end" not in there:
        sql.execute("INSERT INTO run_end SELECT id, NULL FROM run")
    if "seal" not in there:
        _seals(sql).seal_everything()
    elif "spare" not in there:
        _seals(sql).seal_tables(*WHOLE_TABLES)
    sql.execute(f"PRAGMA application_id = {APPLICATION_ID}")  # missing where nothing was made yet
    sql.execute(f"PRAGMA user_version = {VERSION}")


def _seals(sql: sqlite3.Connection) -> Seals:
    return Seals(lambda text, *values: sql.execute(text, values).fetchall())


def overlay(sql: sqlite3.Connection) -> None:
    """Let an older gradebook that is only read look like one of this version; in memory alone."""
    sql.execute("PRAGMA temp_store = MEMORY")
    there = names_in(sql)
    for kind, name, text in statements():
        if kind == "VIEW" or (kind == "TABLE" and name not in there):
            sql.execute(text.replace(f"CREATE {kind}", f"CREATE TEMP {kind}", 1))
    if "run_end" not in there:
        sql.execute("INSERT INTO run_end SELECT id, NULL FROM run")


def names_in(sql: sqlite3.Connection) -> set[str]:
    """Return the names of everything that was made in a file."""
    return {name for (name,) in sql.execute("SELECT name FROM sqlite_master")}


def find_changed(found: Mapping[str, str | None], version: int) -> list[str]:
    """Return the names of what is not in a file as the schema makes it.

    A view with one other letter gives other grades. Comments may differ. An older file has other
    views and fewer tables: those are not used as they are.

    Parameters
    ----------
    found
        The statement behind each name in the file.
    version
        Of the file.
    """
    changed = []
    for kind, name, text in statements():
        ours = text if version == VERSION or (kind != "VIEW" and name in found) else None
        if ours is not None and _plain(ours) != _plain(str(found.get(name))):
            changed.append(name)
    return changed


def _plain(statement: str) -> str:
    return " ".join(COMMENT.sub("", statement).split()).removesuffix(";")
