"""Fill points into a platform's own file: who is who, what to write, what to tell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from grader.errors import UsageError
from grader.gradebook.exporters._sheet import is_number, number_like, read_number
from grader.gradebook.people import Identity, match
from grader.gradebook.students import final_points
from grader.text import safe_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.gradebook.exporters import Options
    from grader.gradebook.exporters._sheet import GradeSheet

SHOWN = 20


@dataclass(frozen=True)
class Target:
    """Where the points of one assignment go.

    Parameters
    ----------
    rows
        Places of the students' rows.
    people
        Who each of those rows is.
    column
        The place of the column.
    maximum
        What the file says the assignment is worth, as written; empty when it does not say.
    """

    rows: Sequence[int]
    people: Sequence[Identity]
    column: int
    maximum: str


def identity_of(document: dict[str, Any]) -> Identity:
    """Return what the student of a document is known by."""
    term = document.get("term", {})
    keys = [document["submission"], term.get("login", ""), term.get("email", "")]
    names = [document["submission"], term.get("name", "")]
    return Identity(
        term.get("id", ""), tuple(filter(None, keys)), tuple(dict.fromkeys(filter(None, names)))
    )


def fill(
    sheet: GradeSheet, target: Target, documents: Sequence[dict[str, Any]], options: Options
) -> None:
    """Write one assignment's points into a sheet; tell who could not be matched.

    Parameters
    ----------
    sheet
        The platform's file.
    target
        Where.
    documents
        One for each student.
    options
        Of the export.
    """
    name = documents[0]["assignment"] if documents else ""
    factor = _factor(documents, target.maximum, options)
    pairs = match([identity_of(document) for document in documents], target.people)
    for place, document in enumerate(documents):
        if place not in pairs:
            continue
        row = target.rows[pairs[place]]
        points = final_points(document)
        if points is None:
            sheet.set(row, target.column, "")
        else:
            sheet.set(row, target.column, number_like(points * factor, target.maximum))
    filled = set(pairs.values())
    rest = [sheet.value(row, 0) for at, row in enumerate(target.rows) if at not in filled]
    _tell(name, documents, [d for i, d in enumerate(documents) if i not in pairs], rest, options)


def _factor(documents: Sequence[dict[str, Any]], maximum: str, options: Options) -> float:
    possible = documents[0]["possible"] if documents else 0.0
    if not is_number(maximum) or not possible or read_number(maximum) == possible:
        return 1.0
    if options.scale:
        return read_number(maximum) / float(possible)
    text = f"the file's maximum is {maximum.strip()}, ours is {possible:g}: points are written as "
    options.tell(f"{text}they are; --scale writes shares of the file's maximum")
    return 1.0


def _tell(
    name: str,
    documents: Sequence[dict[str, Any]],
    unmatched: Sequence[dict[str, Any]],
    empty: Sequence[str],
    options: Options,
) -> None:
    """Tell what an instructor should know about one assignment's points."""
    lost = [d["submission"] for d in unmatched]
    late = [d["submission"] for d in documents if d.get("term", {}).get("marked_late")]
    missing = [d["submission"] for d in documents if not d.get("term", {}).get("handed_in", True)]
    open_ones = [d["submission"] for d in documents if final_points(d) is None]
    lines = [
        ("not in the file, so that their points go nowhere", lost),
        ("in the file and not in the gradebook, so left as they are", empty),
        ("handed in nothing, so 0", missing),
        ("not graded in full, so left empty", open_ones),
        ("marked late by the platform", late),
    ]
    for text, people in lines:
        if people:
            shown = ", ".join(map(safe_text, people[:SHOWN]))
            more = f" and {len(people) - SHOWN} more" if len(people) > SHOWN else ""
            options.tell(f"{safe_text(name)}: {len(people)} {text}: {shown}{more}")
    for document in documents:
        for entry in document["exercises"]:
            if "override" in entry:
                why = safe_text(entry["override"]["why"])
                given = f"{entry['earned']:g} points by hand: {why}"
                options.tell(f"{safe_text(document['submission'])}: {entry['id']}: {given}")


def need_file(options: Options, what: str) -> None:
    """Make sure that there is a file to fill.

    Raises
    ------
    UsageError
        It was not named.
    """
    if options.into is None:
        raise UsageError(f"--into FILE is needed: {what}")
