"""Take out of a broken file what can be read: into tables as the schema makes them, in memory."""

from __future__ import annotations

import contextlib
import sqlite3
from typing import TYPE_CHECKING

from grader.gradebook.store.migration import create_in, statements
from grader.gradebook.store.opening import real_path

if TYPE_CHECKING:
    from pathlib import Path

KEYS = {"submission": "id", "reading": "submission", "fact": "id", "level": "fact"}
READ_ONLY = ("mode=ro", "immutable=1")  # the second in a folder where nothing can be written


def rescue(path: Path) -> sqlite3.Connection | None:
    """Return all rows that can be read; None where none can.

    What a row says is not looked at: that is what seals are for. Of facts and submissions those
    are taken that lie beside what cannot be read; another table is read whole, or comes from its
    spare.

    Parameters
    ----------
    path
        The gradebook, of this version.
    """
    rescued = sqlite3.connect("file::memory:", uri=True, isolation_level=None)
    create_in(rescued)
    if not _attach(rescued, path):
        rescued.close()
        return None
    names = [name for kind, name, _ in statements() if kind == "TABLE"]
    names.sort(key=lambda name: name != "seal")  # it knows how many facts there were
    count = sum(_take(rescued, name) for name in names)
    rescued.execute("DETACH broken")
    if not count:
        rescued.close()
        return None
    return rescued


def _attach(rescued: sqlite3.Connection, path: Path) -> bool:
    for how in READ_ONLY:
        with contextlib.suppress(sqlite3.Error):
            rescued.execute("ATTACH ? AS broken", (f"{real_path(path).as_uri()}?{how}",))
            return True
    return False


def _take(rescued: sqlite3.Connection, name: str) -> int:
    """Copy a table; return how many rows came."""
    rescued.execute(f"DELETE FROM {name}")  # noqa: S608 - our names
    copy = f"INSERT OR IGNORE INTO main.{name} SELECT * FROM broken.{name}"  # noqa: S608 - our names
    try:
        return rescued.execute(copy).rowcount
    except sqlite3.Error:
        if name not in KEYS:
            return 0
    source = "submission" if KEYS[name] == "submission" or name == "submission" else "fact"
    (last,) = rescued.execute(
        "SELECT max(last) FROM seal WHERE source = ? AND typeof(last) = 'integer'", (source,)
    ).fetchone()
    # An unreadable page is found by halves: what lies beside it is read in a few large pieces.
    part = f"{copy} WHERE {KEYS[name]} BETWEEN ? AND ?"
    count, pieces = 0, [(1, last or 0)]
    while pieces:
        low, high = pieces.pop()
        try:
            count += rescued.execute(part, (low, high)).rowcount
        except sqlite3.Error:
            middle = (low + high) // 2
            pieces += [(low, middle), (middle + 1, high)] if low < high else []
    return count
