"""Moodle: fill the grading worksheet that was downloaded there (`--into`), in its own language."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TextIO

from grader.errors import UsageError
from grader.gradebook.exporters._fill import Target, fill, need_file
from grader.gradebook.exporters._sheet import is_number, load_sheet
from grader.gradebook.people.person import Person, compact

if TYPE_CHECKING:
    from grader.gradebook.exporters import Options
    from grader.gradebook.exporters._sheet import GradeSheet
    from grader.gradebook.view import ClassView

PARTICIPANT = re.compile(r"\D+(\d+)\s*")
MAIL = re.compile(r"\S+@\S+")
GRADES = {"grade", "bewertung", "note", "calificacion", "nota", "valutazione", "cijfer", "betyg"}


def export(view: ClassView, stream: TextIO, options: Options) -> None:
    """Write the worksheet with its column of grades filled.

    Its titles are in the site's language. So columns are told by what is in them: `Participant 17`
    in any language, and the maximum grade, the same in every row, right of the grade.

    Raises
    ------
    UsageError
        The file is no grading worksheet, or there are several assignments.
    """
    need_file(options, "the grading worksheet downloaded from the assignment in Moodle")
    assert options.into is not None  # noqa: S101 - need_file() has made sure
    if len(view.names) != 1:
        text = "a grading worksheet holds one assignment; choose with --assignment NAME"
        raise UsageError(f"{text}: {', '.join(map(repr, view.names))}")
    sheet = load_sheet(options.into)
    rows = [row for row in range(1, len(sheet.rows)) if "".join(sheet.values(row)).strip()]
    if not rows or not all(PARTICIPANT.fullmatch(sheet.value(row, 0)) for row in rows):
        text = f"--into: {options.into} is no grading worksheet: its first column must hold"
        raise UsageError(f"{text} participants (`Participant 17`, in any language)")
    column, maximum = _columns(sheet, rows, options)
    people = [_person(sheet, row) for row in rows]
    fill(sheet, Target(rows, people, column, maximum), list(view.documents()), options)
    stream.write(sheet.text)


def _person(sheet: GradeSheet, row: int) -> Person:
    first, *others = sheet.values(row)
    number = PARTICIPANT.fullmatch(first)
    mails = [cell.strip() for cell in others if MAIL.fullmatch(cell.strip())]
    ids = (number[1] if number else "", first, *mails)
    return Person("".join(others[:1]), ids)


def _columns(sheet: GradeSheet, rows: list[int], options: Options) -> tuple[int, str]:
    """Return the place of the grade, and the maximum as it is written."""
    titles = sheet.values(0)
    if options.column is not None:
        if options.column not in titles:
            raise UsageError(f"--column: the file has no column {options.column!r}")
        return titles.index(options.column), ""
    for right in range(len(titles) - 1, 1, -1):
        cells = {sheet.value(row, right) for row in rows}
        left = [sheet.value(row, right - 1).strip() for row in rows]
        if (
            len(cells) == 1
            and is_number(next(iter(cells)))
            and all(cell in ("", "-") or is_number(cell) for cell in left)
        ):
            return right - 1, next(iter(cells))
    named = [place for place, title in enumerate(titles) if compact(title) in GRADES]
    if len(named) == 1:
        return named[0], ""
    text = f"--into: no column of grades among {', '.join(map(repr, titles))}"
    raise UsageError(f"{text}; name it with --column TITLE")
