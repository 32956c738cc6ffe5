"""Read when work came in from a table that a platform gives beside its download.

Moodle's grading worksheet, what Canvas's interface for programs exports, Gradescope's scores and
D2L's submissions work as they are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.errors import UsageError
from grader.gradebook.people.columns import find_columns
from grader.gradebook.people.moments import read_moments
from grader.gradebook.people.person import compact
from grader.gradebook.people.tables import read_table
from grader.text import safe_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from grader.gradebook.people.columns import Columns
    from grader.gradebook.people.person import Person

OPTION = "--times"
TITLES = {
    "submittedat", "submissiontime", "submissiondate", "submissiontimestamp", "datesubmitted",
    "submitted", "lastmodifiedsubmission", "zuletztgeandertabgabe", "fechadeentrega",
    "dernieremodificationtravailremis", "ultimamodificacionentrega", "ultimamodificaconsegna",
    "ultimamodificacaoenvio", "ultimamodificacaosubmissao", "上次修改作业",
    "последнееизменениеответ", "camein", "time",
}  # fmt: skip
ENDING = "submissiontime"  # Gradescope's, with an assignment's name before it
NO_TIME = re.compile("-?")
SHOWN_TEXT = 60
FORM = "write 2026-11-02 22:59, the year first"


@dataclass(frozen=True)
class Times:
    """When people handed in, by a table.

    Parameters
    ----------
    came_in
        The newest moment of each person; those who have none are not there.
    how
        One line: how each column was read.
    unread
        One line for each time that could not be read, or that another one of the same person
        outdoes.
    """

    came_in: Mapping[Person, datetime]
    how: str = ""
    unread: Sequence[str] = ()


def read_times(path: Path) -> Times:
    """Return when everybody in a table handed in.

    Parameters
    ----------
    path
        A CSV file with a header that names one column of times, and columns that say who somebody
        is.

    Raises
    ------
    UsageError
        The file cannot be read, has no such columns, or nothing in it says whether its dates begin
        with the day or with the month.
    """
    table = read_table(path, OPTION)
    plain = [compact(title) for title in table.titles]
    own = TITLES.intersection(plain) or {title for title in plain if title.endswith(ENDING)}
    columns = find_columns(table, path, OPTION, {"time": own})
    if len(columns.places.get("time", ())) != 1:
        told = " and ".join(
            f"'{safe_text(table.titles[at])}'" for at in columns.places.get("time", ())[:3]
        )
        text = f"{OPTION}: {path} has {'several columns' if told else 'no column'} of times"
        named = f" ({told}): leave one" if told else "; it needs one such as 'submitted_at'"
        raise UsageError(f"{text}{named}")
    rows = _rows(columns)
    try:
        moments = read_moments([text for _, _, text in rows])
    except ValueError as error:
        text = f"{OPTION}: {path} does not say whether its dates begin with the day or the month"
        raise UsageError(f"{text} (as in {_shown(str(error))}): {FORM}") from error
    came_in: dict[Person, datetime] = {}
    unread = []
    for (line, person, text), moment in zip(rows, moments, strict=True):
        if moment is None:
            unread.append(f"{OPTION}: line {line}: {_shown(text)} is no time that can be read")
            continue
        before = came_in.setdefault(person, moment)
        if before != moment:
            came_in[person] = max(moment, before)
            unread.append(f"{OPTION}: line {line}: another time of one person: the newest counts")
    if unread and not came_in:
        raise UsageError(f"{OPTION}: {path}: no time can be read: {unread[0]}; {FORM}")
    how = f"{OPTION}: {columns.describe()}; times of {len(came_in)}, {table.encoding}"
    return Times(came_in, how, unread)


def _rows(columns: Columns) -> list[tuple[int, Person, str]]:
    """Return line, person and time of the rows that have both; who did not hand in has no time."""
    rows = []
    for line, row in columns.table.rows:
        person = columns.person(row)
        text = "".join(columns.cells(row, "time"))
        if person is not None and not NO_TIME.fullmatch(text):
            rows.append((line, person, text))
    return rows


def _shown(text: str) -> str:
    return f"'{safe_text(text[:SHOWN_TEXT])}'"
