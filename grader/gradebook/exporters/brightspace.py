"""Brightspace: fill the grades that were exported there (`--into`), ready to be imported."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TextIO

from grader.errors import UsageError
from grader.gradebook.exporters._fill import Target, fill, need_file
from grader.gradebook.exporters._sheet import load_sheet
from grader.gradebook.people.person import Person, compact
from grader.gradebook.students import names_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.engine.document import Document
    from grader.gradebook.exporters import Options
    from grader.gradebook.exporters._sheet import GradeSheet
    from grader.gradebook.view import ClassView

GRADE = re.compile(r"(?P<title>.*) Points Grade(?: <(?P<about>[^<>]*)>)?\s*", re.DOTALL)
MAXIMUM = re.compile(r"\bMaxPoints:(\d+(?:[.,]\d+)?)")
KEYS = ("orgdefinedid", "username")
NAMES = ("firstname", "lastname")


def export(view: ClassView, stream: TextIO, options: Options) -> None:
    """Write the file with the points of each assignment in its column.

    An assignment's column is the one whose title it has (`hw2 Points Grade <Numeric …>`),
    or `--column`, or the only one there is. Rows are found by the organisation's id and the
    username, whose `#` stays as it is, then by name.

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
    people = {
        row: person
        for row in range(1, len(sheet.rows))
        if (person := _person(sheet, row, plain)).ids
    }
    by_name: dict[str, list[Document]] = {name: [] for name in view.names}
    for document in view.documents():
        by_name[names_of(document)[1]].append(document)
    for name, documents in by_name.items():
        column = _column(titles, name, len(by_name), options)
        about = GRADE.fullmatch(titles[column])
        most = MAXIMUM.search((about and about["about"]) or "")
        target = Target(list(people), list(people.values()), column, most[1] if most else "")
        fill(sheet, target, documents, options)
    stream.write(sheet.text)


def _person(sheet: GradeSheet, row: int, plain: Sequence[str]) -> Person:
    cells = dict(zip(plain, sheet.values(row), strict=False))
    keys = [cells.get(title, "").strip().removeprefix("#") for title in KEYS]
    name = " ".join(cells.get(title, "").strip() for title in NAMES).strip()
    return Person(name, tuple(filter(None, keys)), keys[1], cells.get("email", "").strip())


def _column(titles: Sequence[str], name: str, assignments: int, options: Options) -> int:
    found = {place: match for place, t in enumerate(titles) if (match := GRADE.fullmatch(t))}
    if options.column is not None and assignments == 1:
        wanted = options.column.strip()
        named = [p for p, match in found.items() if wanted in (titles[p].strip(), match["title"])]
        if len(named) == 1:
            return named[0]
        text = f"--column: the file has no column of points {options.column!r}"
    else:
        fitting = [p for p, match in found.items() if compact(match["title"]) == compact(name)]
        if len(fitting) == 1:
            return fitting[0]
        if len(found) == 1 and assignments == 1:
            return next(iter(found))
        text = f"--into: no column of points, or several, for {name!r}"
    known = ", ".join(repr(titles[place]) for place in found) or "none"
    raise UsageError(f"{text}, among {known}; choose with --assignment and --column TITLE")
