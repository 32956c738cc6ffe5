"""Canvas: fill the gradebook file that was downloaded there (`--into`), ready to be imported."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TextIO

from grader.errors import UsageError
from grader.gradebook.exporters._fill import EXCUSED, Target, fill, need_file
from grader.gradebook.exporters._sheet import load_sheet
from grader.gradebook.people.person import Person, compact
from grader.gradebook.students import names_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.engine.document import Document
    from grader.gradebook.exporters import Options
    from grader.gradebook.exporters._sheet import GradeSheet
    from grader.gradebook.view import ClassView

ASSIGNMENT = re.compile(r"(?P<title>.*) \((?P<number>\d+)\)\s*", re.DOTALL)
KEYS = ("sisuserid", "sisloginid", "integrationid")
NAMES = ("student", "lastname", "firstname")


def export(view: ClassView, stream: TextIO, options: Options) -> None:
    """Write the file with the points of each assignment in its column.

    An assignment's column is the one whose title it has (`hw2 (4711)`), or `--column`, or the only
    one there is. Rows are found by the ID that Canvas gives, then by login, then by name.

    Raises
    ------
    UsageError
        The file is not Canvas's, or a column cannot be told.
    """
    need_file(options, "the gradebook downloaded from Canvas (Grades, Export)")
    assert options.into is not None  # noqa: S101 - need_file() has made sure
    sheet = load_sheet(options.into)
    titles = sheet.values(0)
    plain = [compact(title) for title in titles]
    if "id" not in plain or not {"student", "lastname"} & set(plain):
        text = f"--into: {options.into} is no gradebook of Canvas"
        raise UsageError(f"{text}: its first line has no Student and ID")
    rows = _student_rows(sheet, plain.index("id"))
    people = [_person(sheet, row, plain) for row in rows]
    by_name: dict[str, list[Document]] = {name: [] for name in view.names}
    for document in view.documents():
        by_name[names_of(document)[1]].append(document)
    for name, documents in by_name.items():
        column = _column(titles, name, len(by_name), options)
        target = Target(rows, people, column, _maximum(sheet, column), EXCUSED)
        fill(sheet, target, documents, options)
    stream.write(sheet.text)


def _student_rows(sheet: GradeSheet, id_column: int) -> list[int]:
    """Return the rows with a number under ID: not `Points Possible`, not `Manual Posting`."""
    return [row for row in range(1, len(sheet.rows)) if sheet.value(row, id_column).strip()]


def _person(sheet: GradeSheet, row: int, plain: Sequence[str]) -> Person:
    cells = dict(zip(plain, sheet.values(row), strict=False))
    name = " ".join(cells.get(title, "") for title in NAMES).strip().removeprefix('="')
    keys = tuple(filter(None, (cells.get(title, "").strip() for title in KEYS)))
    return Person(name.removesuffix('"'), (cells["id"].strip(), *keys))


def _column(titles: Sequence[str], name: str, assignments: int, options: Options) -> int:
    if options.column is not None and assignments == 1:
        for place, title in enumerate(titles):
            if title.strip() == options.column.strip():
                return place
        raise UsageError(f"--column: the file has no column {options.column!r}")
    found = {place: match for place, t in enumerate(titles) if (match := ASSIGNMENT.fullmatch(t))}
    fitting = [p for p, match in found.items() if compact(match["title"]) == compact(name)]
    if len(fitting) == 1:
        return fitting[0]
    if len(found) == 1 and assignments == 1:
        return next(iter(found))
    known = ", ".join(repr(titles[place]) for place in found) or "none"
    text = f"--into: no column, or several, for {name!r} among {known}"
    raise UsageError(f"{text}; choose with --assignment and --column TITLE")


def _maximum(sheet: GradeSheet, column: int) -> str:
    for row in range(1, min(4, len(sheet.rows))):
        if compact(sheet.value(row, 0)) == "pointspossible":
            return sheet.value(row, column)
    return ""
