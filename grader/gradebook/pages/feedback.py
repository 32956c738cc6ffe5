"""Write a page for each student: points by level, the smallest failing case, what to read again.

A page is one HTML file without a script that opens from disk. It never holds the seed; arguments of
hidden cases (all but those of seed 0), and what code that knew them wrote, are shown on request.
"""

from __future__ import annotations

import hashlib
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.errors import UsageError
from grader.files import write_whole
from grader.gradebook.pages.advice import Advice, Shown
from grader.gradebook.people.person import compact
from grader.gradebook.policy.lateness import cost, deadline_in
from grader.gradebook.students import (
    NOTHING,
    find_excuse,
    find_late,
    find_note,
    handed_in,
    is_unread,
    names_of,
)
from grader.model import Status
from grader.render.hidden import SAME_CASES, own_line, shared_feature, without_words
from grader.render.recorded import case_blocks
from grader.render.signs import OPEN, points, word_for
from grader.text import safe_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jinja2 import Environment
    from markupsafe import Markup

    from grader.course.course import Course
    from grader.engine.document import Details, Document, Entry
    from grader.gradebook.students import StudentResult
    from grader.gradebook.view import ClassView

TEMPLATES = Path(__file__).with_name("templates")
PLAIN_NAME = re.compile(r"(?!.*-[0-9a-f]{8}$)[a-z0-9][a-z0-9_-]{0,50}")  # and nobody else's mark
DEVICES = {"con", "prn", "aux", "nul", *(f"{d}{n}" for d in ("com", "lpt") for n in range(10))}
WRONG_ENTRY = re.compile(r"(?<![^\s*])[^\s*]++\*")  # a word is begun once, and never given back


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

    def write(self, name: str, works: Sequence[StudentResult]) -> str:
        """Write one student's page and return its file name.

        Raises
        ------
        UsageError
            It cannot be written.
        """
        page = {
            "name": safe_text(works[0].student.person.name),
            "works": [_work(one, self._advice, show_cases=self._show_cases) for one in works],
        }
        file = file_name(name)
        try:
            text = self._template.render(page=page, css=css())
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
    if PLAIN_NAME.fullmatch(student) and student not in DEVICES:
        return f"{student}.html"
    short = "".join(c for c in compact(student) if c.isascii())[:40]
    mark = hashlib.sha256(student.encode("utf-8", "surrogateescape")).hexdigest()[:8]
    return f"{short or 'student'}-{mark}.html"


@cache
def environment() -> Environment:
    """Return the templates: everything is escaped unless it was built here."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415 - late

    made = Environment(
        autoescape=True, loader=FileSystemLoader(TEMPLATES), undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    made.filters["points"] = points
    made.filters["grid"] = grid_markup
    return made


@cache
def css() -> Markup:
    """Return the style of all pages."""
    from markupsafe import Markup  # noqa: PLC0415 - comes with the templates

    return Markup((TEMPLATES / "page.css").read_text(encoding="utf-8"))  # noqa: S704 - our own file


def grid_markup(lines: Sequence[str]) -> Markup:
    """Return lines of a grid, escaped, the wrong entries marked."""
    from markupsafe import Markup, escape  # noqa: PLC0415 - comes with the templates

    text = "\n".join(lines)
    made = Markup()
    at = 0
    for found in WRONG_ENTRY.finditer(text):
        made += escape(text[at : found.start()]) + Markup("<mark>") + found[0] + Markup("</mark>")
        at = found.end()
    return made + escape(text[at:])


def _work(one: StudentResult, advice: Advice, *, show_cases: bool) -> dict[str, Any]:
    """Return what a page shows of one assignment."""
    document = one.document
    assignment = names_of(document)[1]
    own_cases = show_cases or document["seed"] == 0
    entries = []
    for number, entry in enumerate(document["exercises"]):
        shown = _entry(entry, advice, arguments=own_cases)
        shown["anchor"] = f"{compact(assignment)}-{number}"
        more = one.details.get(entry["id"], {})
        features = frozenset() if own_cases else advice.find(entry["id"]).features
        entries.append(shown | _details(more, entry["id"], features, own_cases=own_cases))
    return {
        "assignment": safe_text(assignment),
        "earned": document["earned"],
        "complete": document["complete"],
        "possible": document["possible"],
        "lines": [*_lines(document), *([] if own_cases else [SAME_CASES])],
        "entries": entries,
    }


def _lines(document: Document) -> list[str]:
    """Return what is to be said above the points."""
    lines = []
    excused = find_excuse(document)
    if excused is not None:
        counts = ", so these points do not count" if handed_in(document) else ""
        lines.append(f"Excused{counts}: {excused['why']}")
    elif not handed_in(document):
        lines.append(f"{NOTHING.capitalize()}.")
    if note := safe_text(find_note(document)):
        text = "What came in" if is_unread(document) else "A file had another name:"
        lines.append(f"{text} {note}.")
    if not document["complete"]:
        lines.append("Something could not be graded yet, so these points are not final.")
    if "term" in document and "extended" in document["term"]:
        why, due = document["term"]["extended"]["why"], document["term"]["due"]
        lines.append(f"Your deadline is {deadline_in(due)}: {why}")
    late = find_late(document)
    if late is not None and cost(late):
        lines.append(f"{cost(late)[:1].upper()}{cost(late)[1:]}.")
    if "term" in document and document["term"]["attempts"] > 1:
        term = document["term"]
        lines.append(f"This is attempt {term['attempt']} of {term['attempts']}.")
    return lines


def _what(name: str, status: str) -> dict[str, str]:
    """Return what became of something: the word, and the class that colours it."""
    color = "passed" if status == Status.PASSED else "open" if status in OPEN else "wrong"
    return {"name": name, "word": word_for(status), "color": color}


def _entry(entry: Entry, advice: Advice, *, arguments: bool) -> dict[str, Any]:
    entry = entry if arguments else without_words(entry)
    passed = entry["status"] == Status.PASSED
    rows = [
        {**_what(level["name"], level["status"]), **_points(level["earned"], level["possible"])}
        for level in entry["levels"]
    ]
    whole = _points(entry["earned"], entry["possible"])
    told = Shown() if passed else advice.find(entry["id"])
    shown = entry["counterexample"]
    return {
        **_what(entry["id"], entry["status"]),
        **whole,
        "message": entry["message"],
        "diagnosis": entry["diagnosis"],
        "opened": not passed or "override" in entry,
        "rows": rows or [_what("all", entry["status"]) | whole],
        "override": entry.get("override"),
        "blocks": case_blocks(entry, arguments=arguments),
        "hidden": not arguments,
        "shrunk": shown is not None and shown["shrunk"],
        "lesson": told.lesson,
        "hints": told.hints,
        "reading": told.reading,
    }


def _points(earned: float | None, possible: float) -> dict[str, float | None]:
    return {"earned": earned, "possible": possible}


def _details(
    details: Details, exercise: str, features: frozenset[str], *, own_cases: bool
) -> dict[str, Any]:
    """Return what is said about an exercise and stands in no document."""
    where, separation = details.get("location"), details.get("separation", "")
    return {
        "separation": separation if own_cases else shared_feature(separation, features),
        "location": where if own_cases else own_line(exercise, where),
        "notes": details.get("notes", []),
    }
