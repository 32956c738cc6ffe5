"""One row for each submission and one column for each exercise, for a spreadsheet."""

from __future__ import annotations

import csv
import unicodedata
from typing import TYPE_CHECKING, TextIO

from grader.gradebook.policy.lateness import started
from grader.gradebook.students import (
    find_excuse,
    find_note,
    find_warnings,
    handed_in,
    names_of,
)
from grader.render.signs import exact
from grader.text import safe_text

if TYPE_CHECKING:
    from grader.engine.document import Document, Term
    from grader.gradebook.exporters import Options
    from grader.gradebook.view import ClassView

FORMULA = ("=", "+", "-", "@", "\t", "\r")
FIRST = ("submission", "assignment", "earned", "possible", "complete")
LAST = "ungraded"
TERM = ("name", "id", "handed_in", "came_in", "marked_late", "attempt")
LATE = ("late", "percent_off", "after_late")
BY_HAND = "by_hand"
MORE = ("time_source", "due", "extended", "excused", "late_days_used", "late_days_left", "files",
        "warnings")  # fmt: skip


def export(view: ClassView, stream: TextIO, options: Options) -> None:  # noqa: ARG001
    """Write the table; the cell of an exercise that nobody could grade stays empty.

    The column after the exercises names those. What a term adds (who it is, lateness, points by
    hand, other deadlines, how files were read) follows it, where there is any. Whoever is excused
    has no total. A name that a spreadsheet would compute gets an apostrophe
    in front, and what is not printable is spelt out.
    """
    columns: dict[str, None] = {}
    for assignment in view.assignments:
        columns |= dict.fromkeys(exercise for exercise, _ in assignment.exercises)
    table = csv.writer(stream, lineterminator="\n")
    rows: list[dict[str, str]] = []
    titles: dict[str, None] = dict.fromkeys([*FIRST, *columns, LAST])
    extra: set[str] = set()
    for document in view.documents():
        term = _term(document)
        if note := find_note(document):
            term["files"] = cell_text(note)
        if warnings := find_warnings(document):
            term["warnings"] = cell_text("; ".join(warnings))
        extra |= term.keys()
        rows.append(dict(zip(titles, _row(document, list(columns)), strict=True)) | term)
    more = [title for title in (*TERM, *LATE, BY_HAND, *MORE) if title in extra]
    table.writerow(map(cell_text, (*titles, *more)))
    for row in rows:
        table.writerow([row.get(title, "") for title in (*titles, *more)])


def _term(document: Document) -> dict[str, str]:
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
        cells |= {"late": started(late), "percent_off": exact(late["percent"])}
        cells["after_late"] = exact(late["earned"]) if document["complete"] else ""
        if not late["judged"] and term["handed_in"]:
            cells["late"] = "not known"
        if "days" in late:
            cells["late_days_used"] = str(late["days"]["used"])
            cells["late_days_left"] = str(late["days"]["left"])
    cells |= _decided(term)
    by_hand = [
        f"{entry['id']}: {exact(entry['override']['graded'])} -> {exact(entry['earned'])}"
        f" ({entry['override']['why']})"
        for entry in document["exercises"]
        if "override" in entry
    ]
    return cells | ({BY_HAND: cell_text("; ".join(by_hand))} if by_hand else {})


def _decided(term: Term) -> dict[str, str]:
    """Return whose word the time is, and what was decided about somebody."""
    cells = {"time_source": term["time_source"]} if term["came_in"] is not None else {}
    if "extended" in term:
        cells |= {"due": term["due"] or "", "extended": cell_text(term["extended"]["why"])}
    if "excused" in term:
        cells["excused"] = cell_text(term["excused"]["why"])
    return cells


def _row(document: Document, columns: list[str]) -> list[str]:
    earned = {entry["id"]: entry["earned"] for entry in document["exercises"]}
    is_excused = find_excuse(document) is not None
    nothing = is_excused and not handed_in(document)
    numbers = ["" if nothing else exact(earned.get(column)) for column in columns]
    ungraded = [exercise for exercise, points in earned.items() if points is None]
    return [
        *map(cell_text, names_of(document)),
        "" if is_excused or not document["complete"] else exact(document["earned"]),
        exact(document["possible"]),
        "yes" if document["complete"] else "no",
        *numbers,
        cell_text(" ".join(ungraded)),
    ]


def cell_text(text: str) -> str:
    """Return text that a spreadsheet shows and does not compute.

    Some take a sign of another width, as East Asian keyboards write it, for the sign itself.

    Examples
    --------
    >>> cell_text("=1+1"), cell_text("ada"), cell_text(chr(0xFF1D) + "1")[0]
    ("'=1+1", 'ada', "'")
    """
    shown = safe_text(text)
    begins = unicodedata.normalize("NFKC", text[:1])
    return f"'{shown}" if begins.startswith(FORMULA) or shown.startswith(FORMULA) else shown
