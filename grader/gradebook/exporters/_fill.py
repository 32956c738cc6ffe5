"""Fill points into a platform's own file: who is who, and what to write.

What a cell holds is read before it is written. Nothing, or a word that the platform puts where
there are no points yet, is filled; points of another number are overwritten and told; whoever is
excused there, a grade that cannot be changed there, and any other word of somebody's are kept. So
are points of somebody for whom there is nothing of ours to write.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from grader.errors import UsageError
from grader.gradebook.counterparts import (
    has_another_key,
    known_as,
    match_asked,
    person_of,
)
from grader.gradebook.exporters._told import Filled, call_all, some, tell_filled, why_nothing
from grader.gradebook.people.numbers import COMMA, EITHER, MARKS, POINT, find_form, mark_of
from grader.gradebook.students import final_points, find_excuse
from grader.render.signs import points

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from grader.engine.document import Document
    from grader.gradebook.exporters import Options
    from grader.gradebook.exporters._sheet import GradeSheet
    from grader.gradebook.people.numbers import NumberForm
    from grader.gradebook.people.person import Person
    from grader.gradebook.view import ClassView

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
    first
        The place of the first column of points: numbers before it are somebody's keys.
    layout
        Of the downloads that call people by the key of these rows; empty where none does.
    excused
        What is written for whoever is excused.
    unfilled
        What a cell says in which there are no points yet.
    has_groups
        Whether the platform sets thousands apart.
    locked
        Rows whose grade cannot be changed there.
    unclear
        Rows of which nobody can tell whether it can, and what the file says.
    """

    rows: Sequence[int]
    people: Sequence[Person]
    column: int
    maximum: str
    first: int = 0
    layout: str = ""
    excused: str = ""
    unfilled: re.Pattern[str] = EMPTY
    has_groups: bool = True
    locked: Collection[int] = ()
    unclear: Mapping[int, str] = field(default_factory=dict)


class Cell(NamedTuple):
    """What is to be written for a student, and in which row; why nothing is ours to write."""

    name: str
    row: int
    text: str
    nothing: str


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


@dataclass
class Column:
    """A column that is being filled.

    Parameters
    ----------
    sheet, target
        The platform's file, and where in it.
    form
        How its numbers are written.
    filled
        What became of the cells so far.
    """

    sheet: GradeSheet
    target: Target
    form: NumberForm
    filled: Filled = field(default_factory=Filled)
    _written: list[str] = field(default_factory=list)

    def set(self, cell: Cell) -> None:
        """Write a cell, unless what it holds is to be kept; note what it held."""
        name, text, filled, target = cell.name, cell.text, self.filled, self.target
        before = self.sheet.value(cell.row, target.column).strip()
        there, ours = self.form.read(before), self.form.read(text)
        if before.upper() in EXCUSES:
            if text != EXCUSED:
                filled.excused.append(name)
        elif before == text or (there is not None and there == ours):
            filled.count += ours is not None
        elif cell.row in target.locked:
            filled.locked.append(name)
        elif there is None and not target.unfilled.fullmatch(before):
            filled.worded[name] = before
        elif there is not None and cell.nothing:
            filled.withheld[name] = f"{before} ({cell.nothing})"
        elif there is not None and cell.row in target.unclear:
            filled.unclear[name] = target.unclear[cell.row]
        elif there is not None or text:
            filled.count += ours is not None
            if there is not None:
                filled.overwritten.append(f"{name} {before} -> {text or 'empty'}")
            self._written.append(text)
            self.sheet.set(cell.row, target.column, text)

    @property
    def doubt(self) -> str:
        """How numbers were read and written where that is not certain and matters; else empty."""
        cells = (self.sheet.value(row, self.target.column) for row in self.target.rows)
        read = any(mark_of(text) == EITHER for text in (self.target.maximum, *cells))
        if not self.form.doubt or not (read or any(self.form.mark in t for t in self._written)):
            return ""
        name = MARKS[self.form.mark]
        return f"{self.form.doubt}: they are read and written with a decimal {name}"


def fill(sheet: GradeSheet, target: Target, view: ClassView, at: int, options: Options) -> None:
    """Write one assignment's points into a sheet; tell who could not be matched.

    Parameters
    ----------
    sheet
        The platform's file.
    target
        Where.
    view, at
        The class, and the place of the assignment in it.
    options
        Of the export.
    """
    assignment = view.assignments[at]
    sheet.need_titles()
    works = list(view.results(assignment))
    column = Column(sheet, target, _form(sheet, target))
    documents = [one.document for one in works]
    names = call_all(one.student for one in works)
    factor = _factor(documents, target.maximum, column.form, options)
    ours = [known_as(one.student, target.layout, person_of(one.document)) for one in works]
    pairs = match_asked(ours, view.unasked(assignment), target.people, target.layout)
    for place, row in pairs.items():
        document, person = documents[place], target.people[row]
        mine, theirs = _keys(ours[place]), _keys(person)
        if mine and theirs and not mine & theirs:
            if has_another_key(works[place].student, person, target.layout):
                column.filled.others.append(names[place])
                continue
            column.filled.by_name.append(names[place])
        points = final_points(document)
        text = "" if points is None else column.form.write(points * factor, target.maximum)
        if find_excuse(document) is not None:
            text = target.excused
        column.set(Cell(names[place], target.rows[row], text, why_nothing(document)))
    if column.doubt:
        options.tell(column.doubt)
    seen = set(pairs.values())
    rest = [sheet.value(row, 0) for place, row in enumerate(target.rows) if place not in seen]
    unmatched = [name for place, name in enumerate(names) if place not in pairs]
    alone = unmatched, [] if options.is_alone else rest
    tell_filled(names, documents, column.filled, alone, options.tell)


def _form(sheet: GradeSheet, target: Target) -> NumberForm:
    """Return how a file writes numbers: semicolons are there where commas are in numbers."""
    default = COMMA if sheet.delimiter == ";" else POINT
    texts = (target.maximum, *sheet.from_column(target.first))
    return find_form(texts, default, has_groups=target.has_groups)


def _keys(person: Person) -> set[str]:
    called = (*person.ids, person.login, person.email, *person.also_called)
    return {key.strip().casefold() for key in called} - {""} if person.ids else set()


def _factor(
    documents: Sequence[Document], maximum: str, form: NumberForm, options: Options
) -> float:
    possible, theirs = documents[0]["possible"] if documents else 0.0, form.read(maximum)
    if theirs is None or not possible or theirs == possible:
        return 1.0
    if options.scale:
        return theirs / float(possible)
    ours = points(possible)
    text = f"the file's maximum is {maximum.strip()}, ours is {ours}: points are written as "
    options.tell(f"{text}they are; --scale writes shares of the file's maximum")
    return 1.0


def need_file(options: Options, what: str) -> None:
    """Make sure that there is a file to fill.

    Raises
    ------
    UsageError
        It was not named.
    """
    if options.into is None:
        raise UsageError(f"--into FILE is needed: {what}")
