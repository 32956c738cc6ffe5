"""Take out of a broken file what can be read: into tables as the schema makes them, in memory."""

from __future__ import annotations

import contextlib
import sqlite3
from typing import TYPE_CHECKING

from grader.gradebook.store.migration import create_in, statements
from grader.gradebook.store.opening import LENIENT, STRICT, real_path

if TYPE_CHECKING:
    from pathlib import Path

KEYS = {"submission": "id", "reading": "submission", "fact": "id", "level": "fact"}
OWNERS = {"reading": "submission", "level": "fact"}  # without which a row is nobody's
READ_ONLY = ("mode=ro", "immutable=1")  # the second in a folder where nothing can be written
LARGEST_ID = 2**63 - 1
STEPS = 10_000  # of SQLite's, after each of which it is asked whether it goes on
STEPS_A_BYTE = 64  # a row of 20 bytes costs some 20, and is read again where others cannot be
LEAST = 2**20  # bytes that the smallest file counts for


def rescue(path: Path) -> sqlite3.Connection | None:
    """Return all rows that can be read; None where none can.

    What a row says is not looked at: that is what seals are for. Of facts and submissions those
    are taken that lie beside what cannot be read; another table is read whole, or comes from its
    spare. Pages that lead to one another hold more rows than there are bytes: time and memory are
    bounded by the file's size.

    Parameters
    ----------
    path
        The gradebook, of this version.
    """
    rescued = sqlite3.connect("file::memory:", uri=True, isolation_level=None)
    create_in(rescued)
    rescued.execute(LENIENT)
    if not _attach(rescued, path):
        rescued.close()
        return None
    _bound(rescued, real_path(path).stat().st_size + LEAST)
    names = [name for kind, name, _ in statements() if kind == "TABLE"]
    names.sort(key=lambda name: name != "seal")  # it knows which facts there were
    count = sum(_take(rescued, name) for name in names)
    rescued.set_progress_handler(None, 0)
    for name, owner in OWNERS.items():  # the id of what is lost comes back for something else
        rescued.execute(f"DELETE FROM {name} WHERE {owner} NOT IN (SELECT id FROM {owner})")  # noqa: S608 - our names
    rescued.execute("DETACH broken")
    rescued.execute(STRICT)
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


def _bound(rescued: sqlite3.Connection, size: int) -> None:
    """Let reading cost no more than a file of a size can: what is beyond that cannot be read."""
    ((page,),) = rescued.execute("PRAGMA main.page_size")
    rescued.execute(f"PRAGMA main.max_page_count = {2 * size // page}")
    left = size * STEPS_A_BYTE // STEPS

    def is_too_much() -> bool:
        nonlocal left
        left -= 1
        return left < 0

    rescued.set_progress_handler(is_too_much, STEPS)


def _take(rescued: sqlite3.Connection, name: str) -> int:
    """Copy a table; return how many rows came."""
    rescued.execute(f"DELETE FROM {name}")  # noqa: S608 - our names
    copy = f"INSERT OR IGNORE INTO main.{name} SELECT * FROM broken.{name}"  # noqa: S608 - our names
    try:
        # Without any condition SQLite copies trees as they are, a broken index and order, too.
        return rescued.execute(f"{copy} WHERE true").rowcount
    except sqlite3.Error:
        if name not in KEYS:
            return 0
    source = OWNERS.get(name, name)
    # What a seal stands for is whole or lost, so that an unreadable page is found by halves of the
    # seals: of those there are no more than were read, whatever number is in one.
    starts = rescued.execute(
        "SELECT DISTINCT first FROM seal WHERE source = ? AND typeof(first) = 'integer' "
        "ORDER BY first",
        (source,),
    ).fetchall()
    ends = [*(first for (first,) in starts), LARGEST_ID]
    part = f"{copy} WHERE {KEYS[name]} >= ? AND {KEYS[name]} < ?"
    count, pieces = 0, [(0, len(starts))]
    while pieces:
        low, high = pieces.pop()
        try:
            count += rescued.execute(part, (ends[low], ends[high])).rowcount
        except sqlite3.Error:
            middle = (low + high) // 2
            pieces += [(low, middle), (middle, high)] if high - low > 1 else []
    return count
