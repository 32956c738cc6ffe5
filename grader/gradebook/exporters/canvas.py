"""Canvas: fill the gradebook file that was downloaded there (`--into`), ready to be imported."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TextIO

from grader.errors import UsageError
from grader.gradebook.exporters._columns import fill_columns
from grader.gradebook.exporters._fill import EXCUSED, Target, need_file, tell_keyless
from grader.gradebook.exporters._sheet import load_sheet
from grader.gradebook.people.person import Person, compact

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.gradebook.exporters import Options
    from grader.gradebook.exporters._sheet import GradeSheet
    from grader.gradebook.view import ClassView

ASSIGNMENT = re.compile(r"(?P<title>.*) \((?P<number>\d+)\)\s*", re.DOTALL)
KEYS = ("sisuserid", "sisloginid", "integrationid")
NAMES = ("student", "lastname", "firstname")
POSSIBLE, SET_IN = "pointspossible", "    "


def export(view: ClassView, stream: TextIO, options: Options) -> None:
    """Write the file with the points of each assignment in its column.

    An assignment's column is the one whose title it has (`hw2 (4711)`). Rows are found by the
    ID that Canvas gives, then by login, then by name.

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
    others = [row for row in range(1, len(sheet.rows)) if row not in set(rows)]
    names = [_name(sheet, row, plain) for row in others if not _is_head(sheet, row)]
    tell_keyless(names, "an ID", options)

    def to_target(column: int) -> Target:
        maximum = _maximum(sheet, column)
        return Target(rows, people, column, maximum, layout="canvas", excused=EXCUSED)

    fill_columns(view, sheet, _columns(titles, options), to_target, options)
    stream.write(sheet.text)


def _student_rows(sheet: GradeSheet, id_column: int) -> list[int]:
    """Return the rows with a number under ID: not `Points Possible`, not `Manual Posting`."""
    return [row for row in range(1, len(sheet.rows)) if sheet.value(row, id_column).strip()]


def _is_head(sheet: GradeSheet, row: int) -> bool:
    """Tell whether a row is about columns: Canvas sets `Points Possible`, in any language, in."""
    return sheet.value(row, 0).startswith(SET_IN) or compact(sheet.value(row, 0)) == POSSIBLE


def _name(sheet: GradeSheet, row: int, plain: Sequence[str]) -> str:
    cells = dict(zip(plain, sheet.values(row), strict=False))
    name = " ".join(cells.get(title, "") for title in NAMES).strip()
    return name.removeprefix('="').removesuffix('"')


def _person(sheet: GradeSheet, row: int, plain: Sequence[str]) -> Person:
    cells = dict(zip(plain, sheet.values(row), strict=False))
    keys = tuple(filter(None, (cells.get(title, "").strip() for title in KEYS)))
    return Person(_name(sheet, row, plain), (cells["id"].strip(), *keys))


def _columns(titles: Sequence[str], options: Options) -> dict[int, str]:
    """Return the titles of assignments without their numbers, by place.

    Canvas has other columns that can be imported (`Override Score`): one may be named as it is.
    """
    found = {place: match for place, t in enumerate(titles) if (match := ASSIGNMENT.fullmatch(t))}
    wanted = (options.column or "").strip()
    if wanted and wanted in (title.strip() for title in titles):
        return {place: t for place, t in enumerate(titles) if t.strip() == wanted}
    return {place: match["title"] for place, match in found.items()}


def _maximum(sheet: GradeSheet, column: int) -> str:
    for row in range(1, min(4, len(sheet.rows))):
        if compact(sheet.value(row, 0)) == POSSIBLE:
            return sheet.value(row, column)
    return ""
