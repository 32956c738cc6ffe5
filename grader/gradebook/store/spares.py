"""Mend what belongs to a whole class: by its table, its seal and its spare, of which two agree.

What is asked, runs, the roster, deliveries and decisions by hand cannot be found out again by
grading, and a wrong row of them can change anybody's points. So each of these tables is kept a
second time, as text, in another place of the file.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from grader.errors import BeyondMendingError
from grader.gradebook.store.seals import WHOLE_TABLES, as_text, digest_of
from grader.text import safe_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.gradebook.store.seals import Seals

WHOSE = {"delivery": 2, "override": 2, "extension": 2, "excuse": 2, "roster_entry": 2}  # its column
SHOWN = 5


def find_damage(seals: Seals) -> list[str]:
    """Return the names of tables of which the rows, the seal and the spare are not the same."""
    return [name for name in WHOLE_TABLES if len(set(_digests(seals, name))) > 1]


def mend(seals: Seals, names: Sequence[str]) -> list[str]:
    """Write tables, or what is kept beside them, anew; return what was damaged, as one may read it.

    In the transaction that is going on, without foreign keys: rows are taken away before they come
    back.

    Parameters
    ----------
    seals
        Of the gradebook.
    names
        From `find_damage`.

    Raises
    ------
    BeyondMendingError
    """
    told = []
    for name in names:
        rows, seal, spare = _digests(seals, name)
        if spare is not None and spare == seal:
            told.append(f"its table {name}{_restore(seals, name)}")
        elif rows in (seal, spare):
            told.append(f"the {'spare' if rows == seal else 'seal'} of its table {name}")
        else:
            raise BeyondMendingError(name)
        seals.seal_tables(name)
    known = json.dumps(["submission", "fact", *WHOLE_TABLES])
    seals.query("DELETE FROM seal WHERE source NOT IN (SELECT value FROM json_each(?))", known)
    seals.query("DELETE FROM spare WHERE source NOT IN (SELECT value FROM json_each(?))", known)
    return told


def _digests(seals: Seals, name: str) -> tuple[str, str | None, str | None]:
    """Return what the rows of a table, its seal and its spare say that it is."""
    spare = _spare(seals, name)
    rows = digest_of(as_text(seals.rows_of(name)))
    return rows, seals.find_seal(name), None if spare is None else digest_of(spare)


def _spare(seals: Seals, name: str) -> str | None:
    rows = seals.query("SELECT rows FROM spare WHERE source = ?", name)
    return str(rows[0][0]) if rows else None


def _restore(seals: Seals, name: str) -> str:
    """Write the rows of a spare into its table; return whose rows were not there."""
    before = set(map(repr, seals.rows_of(name)))
    rows = [tuple(row) for row in json.loads(_spare(seals, name) or "[]")]
    seals.query(f"DELETE FROM {name}")  # noqa: S608 - our names
    for row in rows:
        seals.query(f"INSERT INTO {name} VALUES ({', '.join('?' * len(row))})", *row)  # noqa: S608 - our names
    whose = [_owner(seals, name, row) for row in rows if repr(row) not in before]
    known = [safe_text(one) for one in dict.fromkeys(whose) if one]
    more = f" and {len(known) - SHOWN} more" if len(known) > SHOWN else ""
    return f" ({', '.join(known[:SHOWN])}{more})" if known else ""


def _owner(seals: Seals, name: str, row: Sequence[Any]) -> str:
    """Return whose a row is; empty where it is the whole class's."""
    if name == "arrival":
        found = seals.query("SELECT submission FROM delivery WHERE id = ?", row[0])
        return str(found[0][0]) if found else ""
    return str(row[WHOSE[name]]) if name in WHOSE else ""
