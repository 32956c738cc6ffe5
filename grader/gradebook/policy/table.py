"""Read many decisions from a table: who, until when or how many points, why."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.errors import UsageError
from grader.gradebook.people.person import compact
from grader.gradebook.people.tables import read_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

COLUMNS = {
    "student": ("student", "name", "id", "login", "username", "email", "emailaddress"),
    "date": ("date", "due", "deadline", "until"),
    "exercise": ("exercise", "target"),
    "points": ("points", "score"),
    "why": ("why", "reason"),
}


@dataclass(frozen=True)
class DecisionRow:
    """One decision as it was asked for.

    Parameters
    ----------
    where
        File and line; empty for what the command line says.
    student
        By any key or name.
    date, exercise, points
        As they are written; empty where none is needed.
    why
        The reason.
    """

    where: str
    student: str
    date: str
    why: str
    exercise: str = ""
    points: str = ""

    @contextlib.contextmanager
    def place(self) -> Iterator[None]:
        """Say in which row something is wrong.

        Raises
        ------
        UsageError
            What went wrong, with the row in front.
        """
        try:
            yield
        except UsageError as error:
            raise UsageError(f"{self.where}: {error}" if self.where else str(error)) from error


def read_decisions(path: Path, why: str, needs: Sequence[str] = ()) -> list[DecisionRow]:
    """Return all decisions of a table.

    Parameters
    ----------
    path
        A CSV file with a header; commas, semicolons or tabs between the cells.
    why
        The reason of those rows that have none.
    needs
        What every row needs besides the student and the reason.

    Raises
    ------
    UsageError
        The file cannot be read, or a row lacks something; the message has its number.
    """
    table = read_table(path, "--from")
    columns = _columns(path, table.titles)
    wanted = ["student", *needs]
    missing = [name for name in wanted if name not in columns]
    if missing:
        text = f"--from: {path} has no column {missing[0]!r}; it needs a header with: "
        raise UsageError(f"{text}{', '.join([*wanted, 'why'])}")
    for at, row in table.rows:
        if any(cell.strip() for cell in row[len(table.titles) :]):
            text = f"--from: {path}, line {at}: there are more cells than titles"
            raise UsageError(f"{text}; put a reason that has a comma between quotes")
    found = [_row(f"--from: {path}, line {at}", row, columns, why) for at, row in table.rows]
    for one in found:
        for name in [*wanted, "why"]:
            if not getattr(one, name):
                raise UsageError(f"{one.where}: there is no {name}")
    if not found:
        raise UsageError(f"--from: {path} has no rows below its header")
    return found


def _columns(path: Path, header: Sequence[str]) -> dict[str, int]:
    """Return the place of each column; who is meant may be said in one way alone."""
    plain = [compact(title) for title in header]
    found: dict[str, int] = {}
    for meaning, words in COLUMNS.items():
        places = [place for place, title in enumerate(plain) if title in words]
        if meaning in plain:
            places = [place for place, title in enumerate(plain) if title == meaning]
        if len(places) > 1:
            titles = ", ".join(repr(header[place]) for place in places)
            text = f"--from: {path}: nobody can tell which of {titles} is the {meaning}"
            raise UsageError(f"{text}; call one of them {meaning!r}")
        if places:
            found[meaning] = places[0]
    return found


def _row(where: str, row: Sequence[str], columns: dict[str, int], why: str) -> DecisionRow:
    cells = {
        meaning: row[place].strip() if place < len(row) else ""
        for meaning, place in columns.items()
    }
    return DecisionRow(
        where, cells.get("student", ""), cells.get("date", ""), cells.get("why") or why.strip(),
        cells.get("exercise", ""), cells.get("points", ""),
    )  # fmt: skip
