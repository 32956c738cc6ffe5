"""The class on one web page: how it went, which mistakes were made, who needs a look.

Everything is in the page: it opens from disk and asks no network for anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from grader.errors import UsageError
from grader.files import write_whole
from grader.gradebook.pages.charts import draw_charts, script
from grader.gradebook.pages.feedback import PageWriter, css, environment
from grader.gradebook.pages.tally import ClassTally
from grader.gradebook.students import names_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from grader.course.course import Course
    from grader.gradebook.pages.tally import Pair
    from grader.gradebook.view import ClassView

INDEX = "index.html"
STUDENTS = "students"


def write_report(
    view: ClassView,
    course: Course,
    folder: Path,
    *,
    show_cases: bool = True,
    pairs: Sequence[Pair] | None = None,
) -> Path:
    """Write the page of a class, and each student's page beside it.

    Parameters
    ----------
    view
        Of whom, and in which assignments.
    course
        For hints and lectures on the students' pages.
    folder
        Where the pages go; made when it is missing.
    show_cases
        Whether the students' pages show the arguments of hidden cases: this report is for those
        who may know them.
    pairs
        Submissions that share much; None when nobody asked.

    Returns
    -------
    Path
        The class's page.

    Raises
    ------
    UsageError
        The folder cannot be written.
    """
    writer = PageWriter(course, folder / STUDENTS, show_cases=show_cases)
    tallies = {name: ClassTally(name) for name in view.names}
    for name, works in view.by_student():
        file = writer.write(name, works)
        for one in works:
            tallies[names_of(one.document)[1]].add(one, f"{STUDENTS}/{file}")
    shown = list(tallies.values())
    text = (
        environment()
        .get_template("report.html.j2")
        .render(
            assignments=shown,
            charts=[draw_charts(tally, number) for number, tally in enumerate(shown)],
            pairs=pairs,
            css=css(),
            libraries=Markup(script()),  # noqa: S704 - the kept library's own text
        )
    )
    page = folder / INDEX
    try:
        write_whole(page, text)
    except OSError as error:
        raise UsageError(f"-o: {page} cannot be written ({error.strerror})") from error
    return page
