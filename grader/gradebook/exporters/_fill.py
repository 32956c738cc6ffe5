"""Fill points into a platform's own file: who is who, what to write, what to tell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.errors import UsageError
from grader.gradebook.exporters._sheet import is_number, number_like, read_number
from grader.gradebook.people.person import Person, match
from grader.gradebook.students import final_points, handed_in, names_of
from grader.render.signs import exact
from grader.text import safe_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.engine.document import Document
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
    people: Sequence[Person]
    column: int
    maximum: str


def person_of(document: Document) -> Person:
    """Return who the student of a document is."""
    called = (names_of(document)[0],)
    if "term" not in document:
        return Person(also_called=called)
    term = document["term"]
    return Person(
        term["name"], tuple(filter(None, [term["id"]])), term["login"], term["email"], called
    )


def fill(
    sheet: GradeSheet, target: Target, documents: Sequence[Document], options: Options
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
    name = names_of(documents[0])[1] if documents else ""
    factor = _factor(documents, target.maximum, options)
    pairs = match([person_of(document) for document in documents], target.people)
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


def _factor(documents: Sequence[Document], maximum: str, options: Options) -> float:
    possible = documents[0]["possible"] if documents else 0.0
    if not is_number(maximum) or not possible or read_number(maximum) == possible:
        return 1.0
    if options.scale:
        return read_number(maximum) / float(possible)
    ours = exact(possible)
    text = f"the file's maximum is {maximum.strip()}, ours is {ours}: points are written as "
    options.tell(f"{text}they are; --scale writes shares of the file's maximum")
    return 1.0


def _tell(
    name: str,
    documents: Sequence[Document],
    unmatched: Sequence[Document],
    empty: Sequence[str],
    options: Options,
) -> None:
    """Tell what an instructor should know about one assignment's points."""
    lost = [names_of(d)[0] for d in unmatched]
    late = [names_of(d)[0] for d in documents if "term" in d and d["term"]["marked_late"]]
    missing = [names_of(d)[0] for d in documents if not handed_in(d)]
    open_ones = [names_of(d)[0] for d in documents if final_points(d) is None]
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
                given = f"{exact(entry['earned'])} points by hand: {why}"
                options.tell(f"{safe_text(names_of(document)[0])}: {entry['id']}: {given}")


def need_file(options: Options, what: str) -> None:
    """Make sure that there is a file to fill.

    Raises
    ------
    UsageError
        It was not named.
    """
    if options.into is None:
        raise UsageError(f"--into FILE is needed: {what}")
