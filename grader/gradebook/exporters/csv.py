"""One row for each submission and one column for each exercise, for a spreadsheet."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any, TextIO

from grader.text import safe_text

if TYPE_CHECKING:
    from grader.gradebook.exporters import Options
    from grader.gradebook.records import Records

FORMULA = ("=", "+", "-", "@", "\t", "\r")
FIRST = ("submission", "assignment", "earned", "possible", "complete")
LAST = "ungraded"
TERM = ("name", "id", "handed_in", "came_in", "marked_late", "attempt")
LATE = ("late", "percent_off", "after_late")
BY_HAND = "by_hand"


def export(records: Records, stream: TextIO, options: Options) -> None:  # noqa: ARG001
    """Write the table; the cell of an exercise that nobody could grade stays empty.

    The column after the exercises names those. What a term adds (who it is, lateness, points by
    hand) follows it, where there is any. A name that a spreadsheet would compute gets an apostrophe
    in front, and what is not printable is spelt out.
    """
    columns: dict[str, None] = {}
    for assignment in records.assignments:
        columns |= dict.fromkeys(exercise for exercise, _ in records.exercises(assignment))
    table = csv.writer(stream, lineterminator="\n")
    rows: list[dict[str, str]] = []
    titles: dict[str, None] = dict.fromkeys([*FIRST, *columns, LAST])
    extra: set[str] = set()
    for document in records.documents():
        term = _term(document)
        extra |= term.keys()
        rows.append(dict(zip(titles, _row(document, list(columns)), strict=True)) | term)
    more = [title for title in (*TERM, *LATE, BY_HAND) if title in extra]
    table.writerow([*titles, *more])
    for row in rows:
        table.writerow([row.get(title, "") for title in (*titles, *more)])


def _term(document: dict[str, Any]) -> dict[str, str]:
    """Return what a term adds to a row."""
    term = document.get("term")
    if term is None:
        return {}
    cells = {
        "name": cell_text(term["name"]),
        "id": cell_text(term["id"]),
        "handed_in": "yes" if term["handed_in"] else "no",
        "came_in": term["came_in"] or "",
        "marked_late": "yes" if term["marked_late"] else "",
        "attempt": f"{term['attempt']} of {term['attempts']}",
    }
    if late := term.get("late"):
        started = f"{late['units']} {late['unit']}" + ("" if late["units"] == 1 else "s")
        cells |= {"late": started, "percent_off": _number(late["percent"])}
        cells["after_late"] = _number(late["earned"])
    by_hand = [
        f"{entry['id']}: {_number(entry['override']['graded'])} -> {_number(entry['earned'])}"
        f" ({entry['override']['why']})"
        for entry in document["exercises"]
        if "override" in entry
    ]
    return cells | ({BY_HAND: cell_text("; ".join(by_hand))} if by_hand else {})


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
