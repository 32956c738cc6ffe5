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
    """Return the places of the grade and of what follows it, and the maximum as it is written."""
    titles = sheet.values(0)
    if options.column is not None:
        if options.column not in titles:
            raise UsageError(f"--column: the file has no column {options.column!r}")
        column = titles.index(options.column)
        return column, "", column + 1
    for right in range(len(titles) - 1, 1, -1):
        cells = {sheet.value(row, right) for row in rows}
        left = [sheet.value(row, right - 1).strip() for row in rows]
        if (
            len(cells) == 1
            and is_number(next(iter(cells)))
            and all(cell in ("", "-") or is_number(cell) for cell in left)
        ):
            return right - 1, next(iter(cells)), right + 1
    named = [place for place, title in enumerate(titles) if compact(title) in GRADES]
    if len(named) == 1:
        return named[0], "", named[0] + 1
    text = f"--into: no column of grades among {', '.join(map(repr, titles))}"
    raise UsageError(f"{text}; name it with --column TITLE")


def _locked(sheet: GradeSheet, rows: list[int], after: int) -> set[int]:
    """Return the rows whose grade Moodle would not change: a column of `Yes` and `No` says so."""
    for column in range(after, len(sheet.values(0))):
        words = {row: compact(sheet.value(row, column)) for row in rows}
        said = set(words.values())
        if said & NO and len(said) <= 2 and all(said):
            return {row for row, word in words.items() if word in NO}
    return set()
