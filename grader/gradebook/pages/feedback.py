"""Write a page for each student: what is to be mended first, then points and what passed.

A page is one HTML file without a script that opens from disk. It never holds the seed; arguments of
hidden cases (all but those of seed 0), and what code that knew them wrote, are shown on request.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Any

from grader.errors import UsageError
from grader.files import write_whole
from grader.files.names import is_device
from grader.gradebook.pages.advice import Advice
from grader.gradebook.pages.markup import allowed, environment, own_text
from grader.gradebook.pages.works import prepare_work
from grader.gradebook.people.person import compact
from grader.text import safe_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from grader.course.course import Course
    from grader.gradebook.students import StudentResult
    from grader.gradebook.view import ClassView

PLAIN_NAME = re.compile(r"(?!.*-[0-9a-f]{8}$)[a-z0-9][a-z0-9_-]{0,50}")  # and nobody else's mark
STYLES = ("page.css", "feedback.css")


class PageWriter:
    """Writes students' pages into a folder.

    Parameters
    ----------
    course
        For hints and lectures.
    folder
        Where the pages go; made when it is missing.
    show_cases
        Show the arguments of hidden cases.

    Raises
    ------
    UsageError
        The folder cannot be made.
    """

    def __init__(self, course: Course, folder: Path, *, show_cases: bool = False) -> None:
        self._advice = Advice(course)
        self._folder = folder
        self._show_cases = show_cases
        self._template = environment().get_template("feedback.html.j2")
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(f"-o: {folder} cannot be made ({error.strerror})") from error

    def prepare(self, works: Sequence[StudentResult]) -> list[dict[str, Any]]:
        """Return what is shown of each assignment of one student."""
        return [
            prepare_work(one, number, self._advice, show_cases=self._show_cases)
            for number, one in enumerate(works)
        ]

    def write(self, name: str, works: Sequence[StudentResult]) -> str:
        """Write one student's page and return its file name; see `write_prepared`."""
        return self.write_prepared(name, works[0].student.person.name, self.prepare(works))

    def write_prepared(self, name: str, called: str, works: Sequence[dict[str, Any]]) -> str:
        """Write one student's page and return its file name.

        Parameters
        ----------
        name
            In the gradebook: the file is named after it.
        called
            As the roster writes it.
        works
            What is shown.

        Raises
        ------
        UsageError
            It cannot be written.
        """
        opened = [entry["topic"] for work in works for entry in work["mending"]]
        topics = {topic.module: topic for topic in opened if topic is not None}
        page = {"name": safe_text(called), "works": works, "topics": list(topics.values())}
        file = file_name(name)
        style = own_text(*STYLES)
        try:
            text = self._template.render(page=page, css=style, css_allowed=allowed(style))
            write_whole(self._folder / file, text)
        except OSError as error:
            text = f"-o: {self._folder} cannot be written ({error.strerror})"
            raise UsageError(text) from error
        return file


def write_feedback(
    view: ClassView, course: Course, folder: Path, *, show_cases: bool = False
) -> dict[str, str]:
    """Write a page for each student.

    Parameters
    ----------
    view
        Whose, and of which assignments.
    course, folder, show_cases
        See `PageWriter`.

    Returns
    -------
    dict
        The name of the file for each student's name.

    Raises
    ------
    UsageError
        The folder cannot be written.
    """
    writer = PageWriter(course, folder, show_cases=show_cases)
    return {name: writer.write(name, works) for name, works in view.by_student()}


def file_name(student: str) -> str:
    """Return a file name for a student that no other student has, and no system minds.

    Examples
    --------
    >>> file_name("abc-l"), file_name("../Abc")
    ('abc-l.html', 'abc-96f599a0.html')
    """
    if PLAIN_NAME.fullmatch(student) and not is_device(student):
        return f"{student}.html"
    short = "".join(c for c in compact(student) if c.isascii())[:40]
    mark = hashlib.sha256(student.encode("utf-8", "surrogateescape")).hexdigest()[:8]
    return f"{short or 'student'}-{mark}.html"
