"""Moodle: fill the grading worksheet that was downloaded there (`--into`), in its own language."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple, TextIO

from grader.errors import UsageError
from grader.gradebook.exporters._fill import Target, fill, need_file
from grader.gradebook.exporters._sheet import is_number, load_sheet
from grader.gradebook.people.person import Person, compact

if TYPE_CHECKING:
    from pathlib import Path

    from grader.gradebook.exporters import Options
    from grader.gradebook.exporters._sheet import GradeSheet
    from grader.gradebook.view import ClassView

PARTICIPANT = re.compile(r"\D+(\d+)\s*")
MAIL = re.compile(r"\S+@\S+")
GRADES = {"grade", "bewertung", "note", "calificacion", "nota", "valutazione", "cijfer", "betyg"}
NO = {"no", "nein", "non", "nao", "nee", "nej", "nei", "ei", "nie", "ne", "нет", "ні", "否",
      "いいえ", "hayir", "οχι"}  # fmt: skip


class Worksheet(NamedTuple):
    """A grading worksheet, the places of its participants' rows, and who they are."""

    sheet: GradeSheet
    rows: list[int]
    people: list[Person]


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
    need_one(view)
    sheet, rows, people = load_worksheet(options.into)
    column, maximum, after = _columns(sheet, rows, options)
    locked = _locked(sheet, rows, after)
    target = Target(rows, people, column, maximum, locked=locked)
    fill(sheet, target, list(view.documents()), options)
    stream.write(sheet.text)


def need_one(view: ClassView) -> None:
    """Make sure that one assignment was chosen, as a file of one assignment needs.

    Raises
    ------
    UsageError
        There are several.
    """
    if len(view.names) != 1:
        text = "--into: the file is about one assignment; choose with --assignment NAME"
        raise UsageError(f"{text}: {', '.join(map(repr, view.names))}")


def load_worksheet(path: Path) -> Worksheet:
    """Read a grading worksheet.

    Raises
    ------
    UsageError
        The file is none.
    """
    sheet = load_sheet(path)
    rows = [row for row in range(1, len(sheet.rows)) if "".join(sheet.values(row)).strip()]
    if not rows or not all(PARTICIPANT.fullmatch(sheet.value(row, 0)) for row in rows):
        text = f"--into: {path} is no grading worksheet: its first column must hold"
        raise UsageError(f"{text} participants (`Participant 17`, in any language)")
    return Worksheet(sheet, rows, [_person(sheet, row) for row in rows])


def _person(sheet: GradeSheet, row: int) -> Person:
    first, *others = sheet.values(row)
    number = PARTICIPANT.fullmatch(first)
    mails = [cell.strip() for cell in others if MAIL.fullmatch(cell.strip())]
    ids = (number[1] if number else "", first, *mails)
    return Person("".join(others[:1]), ids)


def _columns(sheet: GradeSheet, rows: list[int], options: Options) -> tuple[int, str, int]:
    """Return the places of the grade and of what follows it, and the maximum as it is written.

    The column is the one that was named, else the only one with a title that means a grade, else
    the one left of a maximum that holds grades alone. The maximum, the same number in every row,
    stands right of it; empty where there is none.
    """
    titles = sheet.values(0)
    if options.column is not None:
        named = [place for place, title in enumerate(titles) if title == options.column]
        if len(named) != 1:
            what = "several columns" if named else "no column"
            raise UsageError(f"--column: the file has {what} {options.column!r}")
    else:
        named = [place for place, title in enumerate(titles) if compact(title) in GRADES]
    if len(named) == 1:
        (column,) = named
        maximum = _maximum(sheet, rows, column)
        return column, maximum, column + (2 if maximum else 1)
    for column in range(len(titles) - 2, 0, -1):
        cells = [sheet.value(row, column).strip() for row in rows]
        grades = all(cell in ("", "-") or is_number(cell) for cell in cells)
        if grades and (maximum := _maximum(sheet, rows, column)):
            return column, maximum, column + 2
    text = f"--into: no column of grades among {', '.join(map(repr, titles))}"
    raise UsageError(f"{text}; name it with --column TITLE")


def _maximum(sheet: GradeSheet, rows: list[int], column: int) -> str:
    """Return the maximum right of a column of grades, as it is written; empty for none."""
    if column + 1 >= len(sheet.values(0)):
        return ""
    cells = {sheet.value(row, column + 1) for row in rows}
    (only, *others) = cells
    return only if not others and is_number(only) else ""


def _locked(sheet: GradeSheet, rows: list[int], after: int) -> set[int]:
    """Return the rows whose grade Moodle would not change: a column of `Yes` and `No` says so."""
    for column in range(after, len(sheet.values(0))):
        words = {row: compact(sheet.value(row, column)) for row in rows}
        said = set(words.values())
        if said & NO and len(said) <= 2 and all(said):
            return {row for row, word in words.items() if word in NO}
    return set()
