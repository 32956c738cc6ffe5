"""Fill points into a platform's own file: who is who, what to write, what to tell.

What a cell holds is read before it is written. Nothing, or a word that the platform puts where
there are no points yet, is filled; points of another number are overwritten and told; whoever is
excused there, a grade that cannot be changed there, and any other word of somebody's are kept.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from grader.errors import UsageError
from grader.gradebook.exporters._sheet import is_number, number_like, read_number
from grader.gradebook.people.person import Person, match
from grader.gradebook.students import (
    final_points,
    find_excuse,
    find_late,
    handed_in,
    is_unread,
    names_of,
)
from grader.render.signs import exact
from grader.text import safe_text

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from grader.engine.document import Document
    from grader.gradebook.exporters import Options
    from grader.gradebook.exporters._sheet import GradeSheet

SHOWN, SHOWN_WORD = 20, 40
EXCUSED = "EX"  # as Canvas writes it, and as nobody writes points
EXCUSES = {EXCUSED, "EXCUSED", "EXEMPT", "EXEMPTED"}
EMPTY = re.compile("-?")  # a cell without points; the sign is Moodle's


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
    excused
        What is written for whoever is excused.
    unfilled
        What a cell says in which there are no points yet.
    locked
        Rows whose grade cannot be changed there.
    """

    rows: Sequence[int]
    people: Sequence[Person]
    column: int
    maximum: str
    excused: str = ""
    unfilled: re.Pattern[str] = EMPTY
    locked: Collection[int] = ()


@dataclass
class Filled:
    """What became of the cells of one column.

    Parameters
    ----------
    count
        How many hold points now.
    excused
        Who is excused in the file: it stays so.
    locked
        Whose grade cannot be changed there.
    worded
        What a cell says, by whose it is, where that is a word and no points.
    overwritten
        Whose cell held other points, which, and what it holds now.
    by_name
        Who was found by name alone, though both sides have keys.
    """

    count: int = 0
    excused: list[str] = field(default_factory=list)
    locked: list[str] = field(default_factory=list)
    worded: dict[str, str] = field(default_factory=dict)
    overwritten: list[str] = field(default_factory=list)
    by_name: list[str] = field(default_factory=list)

    @property
    def kept(self) -> list[str]:
        """Whose cell is as it was, though something else would have been written."""
        return [*self.excused, *self.locked, *self.worded]

    @property
    def line(self) -> str:
        """How many cells were filled, kept and overwritten."""
        kept, over = len(self.kept), self.overwritten
        line = f"{self.count} cell{'' if self.count == 1 else 's'} filled"
        line += f", {kept} kept" if kept else ""
        return line + (f", {len(over)} overwritten: {some(over)}" if over else "")


class Cell(NamedTuple):
    """What is to be written for a student, and in which row."""

    name: str
    row: int
    text: str


def tell_keyless(names: Sequence[str], key: str, options: Options) -> None:
    """Tell whose rows are left as they are, since nothing but a name says whose they are.

    Parameters
    ----------
    names
        What stands for a name in each of them; nothing is told of a row without one.
    key
        What the platform knows a row by.
    options
        Of the export.
    """
    named = list(filter(None, names))
    if named and not options.is_alone:
        options.tell(f"{len(named)} in the file without {key}, so left as they are: {some(named)}")


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
    factor = _factor(documents, target.maximum, options)
    ours = [person_of(document) for document in documents]
    pairs = match(ours, target.people)
    filled = Filled()
    for place, row in pairs.items():
        document = documents[place]
        mine, theirs = _keys(ours[place]), _keys(target.people[row])
        if mine and theirs and not mine & theirs:
            filled.by_name.append(names_of(document)[0])
        points = final_points(document)
        text = "" if points is None else number_like(points * factor, target.maximum)
        if find_excuse(document) is not None:
            text = target.excused
        cell = Cell(names_of(document)[0], target.rows[row], text)
        _set(sheet, target, cell, filled)
    matched = set(pairs.values())
    rest = [sheet.value(row, 0) for at, row in enumerate(target.rows) if at not in matched]
    rest = [] if options.is_alone else rest
    _tell(documents, [d for i, d in enumerate(documents) if i not in pairs], rest, filled, options)


def _keys(person: Person) -> set[str]:
    called = (*person.ids, person.login, person.email, *person.also_called)
    return {key.strip().casefold() for key in called} - {""} if person.ids else set()


def _set(sheet: GradeSheet, target: Target, cell: Cell, filled: Filled) -> None:
    """Write a cell, unless what it holds is to be kept; note what it held."""
    name, text = cell.name, cell.text
    before = sheet.value(cell.row, target.column).strip()
    is_points = is_number(before)
    if before.upper() in EXCUSES:
        if text != EXCUSED:
            filled.excused.append(name)
        return
    if before == text or (is_points and is_number(text) and _same(before, text)):
        filled.count += is_number(text)
    elif cell.row in target.locked:
        filled.locked.append(name)
    elif not is_points and not target.unfilled.fullmatch(before):
        filled.worded[name] = before
    elif is_points or text:
        filled.count += is_number(text)
        if is_points:
            filled.overwritten.append(f"{name} {before} -> {text or 'empty'}")
        sheet.set(cell.row, target.column, text)


def _same(before: str, text: str) -> bool:
    return read_number(before) == read_number(text)


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
    documents: Sequence[Document],
    unmatched: Sequence[Document],
    empty: Sequence[str],
    filled: Filled,
    options: Options,
) -> None:
    """Tell what an instructor should know about one assignment's points."""
    name = names_of(documents[0])[1] if documents else ""
    kept = set(filled.kept)
    written = [d for d in documents if names_of(d)[0] not in kept]
    excused = [d for d in written if find_excuse(d) is not None]
    others = [d for d in written if find_excuse(d) is None]
    unread = [d for d in others if is_unread(d) and final_points(d) is None]
    marked = [d for d in others if "term" in d and d["term"]["marked_late"]]
    lines = [
        ("not in the file, so that their points go nowhere", _names(unmatched)),
        ("in the file and not in the gradebook, so left as they are", empty),
        ("found by name alone, with other keys in the file (look at them)", filled.by_name),
        ("excused in the file, so left as they are", filled.excused),
        ("cannot be changed there, so left as they are", filled.locked),
        (
            "with a word in the file and no points, so left as they are",
            [f"{who} '{word[:SHOWN_WORD]}'" for who, word in filled.worded.items()],
        ),
        ("excused", _names([d for d in excused if not handed_in(d)])),
        ("excused, though they handed in", _names([d for d in excused if handed_in(d)])),
        ("handed in nothing, so 0", _names([d for d in others if not handed_in(d)])),
        ("could not be read, so left empty", _names(unread)),
        (
            "not graded in full, so left empty",
            _names([d for d in others if final_points(d) is None and d not in unread]),
        ),
        ("marked late by the platform", _names([d for d in marked if find_late(d) is None])),
    ]
    options.tell(f"{safe_text(name)}: {filled.line}")
    for text, people in lines:
        if people:
            options.tell(f"{safe_text(name)}: {len(people)} {text}: {some(people)}")
    for document in documents:
        for entry in document["exercises"]:
            if "override" in entry:
                why = safe_text(entry["override"]["why"])
                given = f"{exact(entry['earned'])} points by hand: {why}"
                options.tell(f"{safe_text(names_of(document)[0])}: {entry['id']}: {given}")


def _names(documents: Sequence[Document]) -> list[str]:
    return [names_of(document)[0] for document in documents]


def some(texts: Sequence[str]) -> str:
    """Return texts as a line has room for them."""
    more = f" and {len(texts) - SHOWN} more" if len(texts) > SHOWN else ""
    return ", ".join(map(safe_text, texts[:SHOWN])) + more


def need_file(options: Options, what: str) -> None:
    """Make sure that there is a file to fill.

    Raises
    ------
    UsageError
        It was not named.
    """
    if options.into is None:
        raise UsageError(f"--into FILE is needed: {what}")
