"""List the pages of students in a table, from which a mail merge writes to each of them."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from grader.errors import UsageError
from grader.files import write_whole
from grader.gradebook.exporters.csv import cell_text
from grader.gradebook.students import find_excuse, names_of
from grader.render.signs import exact

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from grader.gradebook.students import StudentResult
    from grader.gradebook.view import ClassView

INDEX = "index.csv"
TITLES = ("name", "email", "login", "id", "assignments", "points", "possible", "page")


def write_index(view: ClassView, pages: Mapping[str, str], folder: Path) -> int:
    """Write the table beside the pages; return of how many no address is known.

    Points are those that go out, over all assignments of a page that count for the student: after
    lateness, and empty while one of them is not graded in full.

    Parameters
    ----------
    view
        Whose pages, of which assignments.
    pages
        The name of each student's file.
    folder
        Where the pages are.

    Raises
    ------
    UsageError
        It cannot be written.
    """
    text = io.StringIO(newline="")
    table = csv.writer(text, lineterminator="\n")
    table.writerow(TITLES)
    without = 0
    for name, works in view.by_student():
        person = works[0].student.person
        key = (works[0].student.on_roster or person).key or person.key
        without += not person.email
        who = map(cell_text, (person.name, person.email, person.login, key))
        table.writerow([*who, *_points(works), pages[name]])
    try:
        write_whole(folder / INDEX, text.getvalue())
    except OSError as error:
        raise UsageError(f"-o: {folder} cannot be written ({error.strerror})") from error
    return without


def _points(works: Sequence[StudentResult]) -> tuple[str, str, str]:
    """Return the assignments of a page, the points that go out, and those that could be had."""
    names = cell_text("; ".join(names_of(one.document)[1] for one in works))
    counted = [one for one in works if find_excuse(one.document) is None]
    if not counted:
        return names, "", ""
    finals = [one.final for one in counted]
    known = [final for final in finals if final is not None]
    earned = exact(sum(known)) if len(known) == len(finals) else ""
    return names, earned, exact(sum(one.document["possible"] for one in counted))
