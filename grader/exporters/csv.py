"""One row for each submission and one column for each exercise, for a spreadsheet."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any, TextIO

from grader.names import safe_text

if TYPE_CHECKING:
    from grader.exporters import Options
    from grader.records import Records

FORMULA = ("=", "+", "-", "@", "\t", "\r")
FIRST = ("submission", "assignment", "earned", "possible", "complete")
LAST = "ungraded"


def export(records: Records, stream: TextIO, options: Options) -> None:  # noqa: ARG001
    """Write the table; the cell of an exercise that nobody could grade stays empty.

    The last column names those. A name that a spreadsheet would compute gets an apostrophe in
    front, and what is not printable is spelt out.
    """
    columns: dict[str, None] = {}
    for assignment in records.assignments:
        columns |= dict.fromkeys(exercise for exercise, _ in records.exercises(assignment))
    table = csv.writer(stream, lineterminator="\n")
    table.writerow([*FIRST, *columns, LAST])
    for document in records.documents():
        table.writerow(_row(document, list(columns)))


def _row(document: dict[str, Any], columns: list[str]) -> list[str]:
    earned = {entry["id"]: entry["earned"] for entry in document["exercises"]}
    numbers = [_number(earned.get(column)) for column in columns]
    ungraded = [exercise for exercise, points in earned.items() if points is None]
    return [
        cell_text(document["submission"]),
        cell_text(document["assignment"]),
        _number(document["earned"]),
        _number(document["possible"]),
        "yes" if document["complete"] else "no",
        *numbers,
        " ".join(ungraded),
    ]


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.10g}"


def cell_text(text: str) -> str:
    """Return text that a spreadsheet shows and does not compute.

    Examples
    --------
    >>> cell_text("=1+1"), cell_text("ada")
    ("'=1+1", 'ada')
    """
    shown = safe_text(text)
    return f"'{shown}" if text.startswith(FORMULA) or shown.startswith(FORMULA) else shown
