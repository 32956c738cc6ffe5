"""Brightspace: fill the grades that were exported there (`--into`), ready to be imported."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TextIO

from grader.errors import UsageError
from grader.gradebook.exporters._columns import fill_columns
from grader.gradebook.exporters._fill import Target, need_file, tell_keyless
from grader.gradebook.exporters._sheet import load_sheet
from grader.gradebook.people.person import Person, compact

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.gradebook.exporters import Options
    from grader.gradebook.exporters._sheet import GradeSheet
    from grader.gradebook.view import ClassView

GRADE = re.compile(r"(?P<title>.*) Points Grade(?: <(?P<about>[^<>]*)>)?\s*", re.DOTALL)
MAXIMUM = re.compile(r"\bMaxPoints:(\d+(?:[.,]\d+)?)")
KEYS = ("orgdefinedid", "username")
NAMES = ("firstname", "lastname")


def export(view: ClassView, stream: TextIO, options: Options) -> None:
    """Write the file with the points of each assignment in its column.

    An assignment's column is the one whose title it has (`hw2 Points Grade <Numeric …>`), by
    D2L's "Importing grades"; an exported file has its form. Rows are found by the organisation's
    id and the username, whose `#` stays as it is, then by name.

    Raises
    ------
    UsageError
        The file is not Brightspace's, or a column cannot be told.
    """
    need_file(options, "the grades exported from Brightspace (Grades, Enter Grades, Export)")
    assert options.into is not None  # noqa: S101 - need_file() has made sure
    sheet = load_sheet(options.into)
    titles = sheet.values(0)
    plain = [compact(title) for title in titles]
    if not set(KEYS) & set(plain):
        text = f"--into: {options.into} holds no grades of Brightspace"
        raise UsageError(f"{text}: its first line has neither OrgDefinedId nor Username")
    everybody = {row: _person(sheet, row, plain) for row in range(1, len(sheet.rows))}
    people = {row: person for row, person in everybody.items() if person.ids}
    names = [person.name for row, person in everybody.items() if row not in people]
    tell_keyless(names, "an OrgDefinedId or a Username", options)
    found = {place: match for place, t in enumerate(titles) if (match := GRADE.fullmatch(t))}

    def to_target(column: int) -> Target:
        most = MAXIMUM.search(found[column]["about"] or "")
        return Target(list(people), list(people.values()), column, most[1] if most else "")

    plain_titles = {place: match["title"] for place, match in found.items()}
    fill_columns(view, sheet, plain_titles, to_target, options)
    stream.write(sheet.text)


def _person(sheet: GradeSheet, row: int, plain: Sequence[str]) -> Person:
    cells = dict(zip(plain, sheet.values(row), strict=False))
    keys = [cells.get(title, "").strip().removeprefix("#") for title in KEYS]
    name = " ".join(cells.get(title, "").strip() for title in NAMES).strip()
    return Person(name, tuple(filter(None, keys)), keys[1], cells.get("email", "").strip())
