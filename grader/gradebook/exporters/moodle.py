"""Moodle: fill the grading worksheet that was downloaded there (`--into`), in its own language."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple, TextIO

from grader.errors import UsageError
from grader.gradebook.counterparts import MOODLE
from grader.gradebook.exporters._fill import Target, fill, need_file
from grader.gradebook.exporters._sheet import load_sheet
from grader.gradebook.people.numbers import mark_of
from grader.gradebook.people.person import Person, compact

if TYPE_CHECKING:
    from pathlib import Path

    from grader.gradebook.exporters import Options
    from grader.gradebook.exporters._sheet import GradeSheet
    from grader.gradebook.view import ClassView

PARTICIPANT = re.compile(r"\D+(\d+)\s*")
MAIL = re.compile(r"\S+@\S+")
GRADES = {"grade", "bewertung", "note", "calificacion", "nota", "valutazione", "cijfer", "betyg"}
# "Yes" and "No" of Moodle's language packs; of a word that is in neither nobody can tell.
YES = set(map(compact, (
    "yes", "ja", "oui", "si", "sim", "kylla", "tak", "ano", "da", "evet", "igen", "bai", "taip",
    "jah", "po", "ya", "co", "да", "так", "иә", "დიახ", "კი", "այո", "はい", "是", "예", "네",
    "\u03bd\u03b1\u03b9", "نعم", "כן", "بله", "بلی", "हाँ", "हां", "ใช่",
)))  # fmt: skip
NO = set(map(compact, (
    "no", "nein", "non", "nao", "nee", "nej", "nei", "ei", "nie", "ne", "hayir", "nem", "ez", "nu",
    "jo", "tidak", "khong", "οχι", "нет", "ні", "не", "жоқ", "არა", "ոչ", "いいえ", "否", "아니요",
    "아니오", "لا", "كلا", "לא", "خیر", "خير", "نه", "नहीं", "ไม่", "ไม่ใช่",
)))  # fmt: skip


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
    locked, unclear = _find_locks(sheet, rows, after)
    target = Target(
        rows, people, column, maximum, first=column, layout=MOODLE, has_groups=False,
        locked=locked, unclear=unclear,
    )  # fmt: skip
    fill(sheet, target, view, 0, options)
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
        grades = all(cell in ("", "-") or mark_of(cell) is not None for cell in cells)
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
    return only if not others and mark_of(only) is not None else ""


def _find_locks(sheet: GradeSheet, rows: list[int], after: int) -> tuple[set[int], dict[int, str]]:
    """Return the rows whose grade Moodle would not change, and those of which nobody can tell.

    A column says `Yes` or `No`, in the site's language: it is the first one of which most words are
    known. Where there is none it may be one of at most two words; none of them is taken for a yes.
    """
    columns = [
        {row: sheet.value(row, column).strip() for row in rows}
        for column in range(after, len(sheet.values(0)))
    ]
    known = [one for one in columns if 2 * sum(map(_is_known, one.values())) >= len(rows)]
    said = next(iter([*known, *filter(_may_say_it, columns)]), {})
    locked = {row for row, word in said.items() if compact(word) in NO}
    return locked, {row: word for row, word in said.items() if not _is_known(word)}


def _is_known(word: str) -> bool:
    return compact(word) in YES | NO


def _may_say_it(cells: dict[int, str]) -> bool:
    """Tell whether a column holds at most two words, and one in each row; a date is none."""
    words = set(cells.values())
    return len(words) <= 2 and all(map(compact, words)) and not re.search(r"\d", "".join(words))
