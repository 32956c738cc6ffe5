"""Blackboard: fill the grade centre that was downloaded there (`--into`), ready to be uploaded.

"Work Offline, Download" (in Ultra "Download grades") gives tabs in UTF-16, called `.xls`, or commas
in a CSV file; both are read, and written as they were. By Blackboard's own help a row is a
student's by its `Username` and a column is known by the number at its end, so that both have to be
there: `hw2 [Total Pts: 10 Score] |12345`.
"""

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

# A column that shows a letter or a share, and one that is calculated (`up to 55`), is not ours.
COLUMN = re.compile(
    r"(?P<title>.*) \[Total Pts: (?P<most>\d+(?:[.,]\d+)?)(?: Score)?\]\s*\|\s*\d+\s*", re.DOTALL
)
UNFILLED = re.compile(r"-?|(?:Needs Grading|In Progress)(?: ?\([\d.,]*\))?", re.IGNORECASE)
NAMES = ("firstname", "lastname")
KEYS = ("username", "studentid")


def export(view: ClassView, stream: TextIO, options: Options) -> None:
    """Write the file with the points of each assignment in its column.

    An assignment's column is the one whose title it has. Rows are found by username, then by
    student ID, then by name. Whoever is excused has an empty cell: an upload exempts nobody.

    Raises
    ------
    UsageError
        The file is not Blackboard's, or a column cannot be told.
    """
    need_file(options, "the grade centre downloaded from Blackboard (Work Offline, Download)")
    assert options.into is not None  # noqa: S101 - need_file() has made sure
    sheet = load_sheet(options.into)
    titles = sheet.values(0)
    plain = [compact(title) for title in titles]
    if "username" not in plain:
        text = f"--into: {options.into} is no grade centre of Blackboard"
        raise UsageError(f"{text}: its first line has no Username")
    everybody = {row: _person(sheet, row, plain) for row in range(1, len(sheet.rows))}
    people = {row: person for row, person in everybody.items() if person.login}
    names = [person.name for row, person in everybody.items() if row not in people]
    tell_keyless(names, "a Username", options)
    found = {place: match for place, t in enumerate(titles) if (match := COLUMN.fullmatch(t))}

    def to_target(column: int) -> Target:
        most = found[column]["most"]
        who = list(people.values())
        return Target(list(people), who, column, most, layout="blackboard", unfilled=UNFILLED)

    plain_titles = {place: match["title"] for place, match in found.items()}
    fill_columns(view, sheet, plain_titles, to_target, options)
    stream.write(sheet.text)


def _person(sheet: GradeSheet, row: int, plain: Sequence[str]) -> Person:
    cells = dict(zip(plain, sheet.values(row), strict=False))
    login, number = (cells.get(title, "").strip() for title in KEYS)
    name = " ".join(cells.get(title, "").strip() for title in NAMES).strip()
    return Person(name, tuple(filter(None, (login, number))), login)
