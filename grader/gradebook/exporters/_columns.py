"""Find the column of each assignment in a platform's gradebook, and fill them one after another."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from grader.errors import UsageError
from grader.gradebook.exporters._fill import fill
from grader.gradebook.people.person import compact
from grader.text import safe_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.gradebook.exporters import Options
    from grader.gradebook.exporters._fill import Target
    from grader.gradebook.exporters._sheet import GradeSheet
    from grader.gradebook.view import ClassView


class ToTarget(Protocol):
    """How an exporter says where an assignment's points go."""

    def __call__(self, column: int, /) -> Target:
        """Return where, by the place of the column."""


def fill_columns(
    view: ClassView,
    sheet: GradeSheet,
    columns: Mapping[int, str],
    to_target: ToTarget,
    options: Options,
) -> None:
    """Write the points of each assignment into its column.

    An assignment's column is the one whose title it has, or `--column`, or the only one there is,
    which is told.

    Parameters
    ----------
    view
        The assignments.
    sheet
        The platform's file.
    columns
        What each column that can be filled is called, without what the platform adds, by its place.
    to_target
        Says where the points go that belong into a column.
    options
        Of the export.

    Raises
    ------
    UsageError
        A column cannot be told.
    """
    for at, assignment in enumerate(view.assignments):
        column = _choose(sheet.values(0), columns, assignment.name, len(view.names), options)
        target = replace(to_target(column), first=min(columns))
        fill(sheet, target, view, at, options)


def _choose(
    titles: list[str], columns: Mapping[int, str], name: str, assignments: int, options: Options
) -> int:
    if options.column is not None and assignments == 1:
        wanted = options.column.strip()
        named = [p for p, plain in columns.items() if wanted in (titles[p].strip(), plain.strip())]
        if len(named) == 1:
            return named[0]
        text = f"--column: the file has no column of points {options.column!r}"
    else:
        fitting = [p for p, plain in columns.items() if compact(plain) == compact(name)]
        if len(fitting) == 1:
            return fitting[0]
        if len(columns) == 1 and assignments == 1:
            (only,) = columns
            where = f"'{titles[only].strip()}', the only column of points that the file has"
            options.tell(safe_text(f"{name}: goes into {where}"))
            return only
        text = f"--into: no column of points, or several, for {name!r}"
    known = ", ".join(repr(titles[place]) for place in columns) or "none"
    raise UsageError(f"{text}, among {known}; choose with --assignment and --column TITLE")
