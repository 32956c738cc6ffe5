"""The class on one web page: how it went, which mistakes were made, who needs a look.

Everything is in the page: it opens from disk and asks no network for anything.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from grader.errors import UsageError
from grader.files import write_whole
from grader.gradebook.pages.charts import lay_bars, lay_legend, lay_stack, lay_trend, letters
from grader.gradebook.pages.evidence import EvidencePack, describe
from grader.gradebook.pages.feedback import PageWriter
from grader.gradebook.pages.markup import allowed, environment, json_in_script, own_text
from grader.gradebook.pages.tally import ClassTally
from grader.gradebook.students import names_of
from grader.text import safe_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from grader.course.course import Course
    from grader.gradebook.assignment import Assignment
    from grader.gradebook.pages.tally import Pair, Parts, Row
    from grader.gradebook.view import ClassView

INDEX, STUDENTS = "index.html", "students"
STYLES, SCRIPTS = ("page.css", "report.css"), ("report.js", "report_opened.js")
MAX_PAGE = 1_980_000  # bytes; what has no room is left to the students' pages
PAIR_ROOM = 400_000  # characters of code in all pairs together
SHOWN = 12  # mistakes, and those who need a look, before the rest is folded away


class ClassPage:
    """Collects what the class page shows, and writes it.

    Parameters
    ----------
    assignments
        Oldest first.
    """

    def __init__(self, assignments: Sequence[Assignment]) -> None:
        self.tallies = {one.name: ClassTally(one.name) for one in assignments}
        self._assignments = {one.name: one for one in assignments}
        self._numbers = {one.name: number for number, one in enumerate(assignments)}
        self._evidence = EvidencePack()
        self._places: dict[str, dict[int, int]] = {}
        self._called: dict[str, str] = {}
        self._anchors: dict[tuple[int, int], int] = {}

    def add(self, name: str, works: Sequence[Any], shown: Sequence[Any], file: str) -> None:
        """Take one student.

        Parameters
        ----------
        name
            In the gradebook.
        works
            What was reached in each assignment.
        shown
            The same as the student's page shows it.
        file
            That page.
        """
        for at, (one, work) in enumerate(zip(works, shown, strict=True)):
            assignment = names_of(one.document)[1]
            number, tally = self._numbers[assignment], self.tallies[assignment]
            called = self._assignments[assignment].called(one.student.name)
            place = tally.add(one, file, called)
            self._places.setdefault(safe_text(name), {})[number] = place
            self._called[safe_text(name)] = tally.rows[place].name
            self._anchors[number, place] = at
            if not tally.rows[place].present:
                continue
            for exercise, (entry, told) in enumerate(
                zip(one.document["exercises"], work["entries"], strict=True)
            ):
                if told["opened"]:
                    named = entry["diagnosis"]
                    cause = named["id"] if named else entry["status"]
                    self._evidence.add((number, exercise, cause), place, describe(told))

    def render(self, pairs: Sequence[Pair] | None) -> str:
        """Return the page."""
        style, script = own_text(*STYLES), own_text(*SCRIPTS)
        data = {
            "works": [self._data(number, tally) for tally, number in self._numbered()],
            "letters": letters(), "folder": f"{STUDENTS}/",
            "pairs": [
                [
                    round(100 * pair.share),
                    [self._called.get(pair.left, pair.left), self._places.get(pair.left, {})],
                    [self._called.get(pair.right, pair.right), self._places.get(pair.right, {})],
                ]
                for pair in pairs or ()
            ],
        }  # fmt: skip
        page: dict[str, Any] = {
            "works": [_work(tally) for tally in self.tallies.values()],
            "trend": lay_trend(self.tallies), "legend": lay_legend(),
            "shown": SHOWN, "pairs": self._cut_pairs(pairs),
            "css": style, "css_allowed": allowed(style),
            "script": script, "script_allowed": allowed(script),
            "data": Markup(json_in_script(data)),  # noqa: S704 - made safe for a script element
        }  # fmt: skip
        template = environment().get_template("report.html.j2")
        empty = template.render(page=page, evidence="", total=0, left_out=0)
        packed = self._evidence.pack(MAX_PAGE - len(empty.encode()))
        total, kept = self._evidence.total, self._evidence.kept
        return template.render(page=page, evidence=packed, total=total, left_out=total - kept)

    def _cut_pairs(self, pairs: Sequence[Pair] | None) -> list[Pair] | None:
        """Return the pairs as the roster calls them, with as much code as there is room for."""
        if pairs is None:
            return None
        room = PAIR_ROOM // (2 * max(len(pairs), 1))
        return [
            replace(
                pair,
                left=self._called.get(pair.left, pair.left),
                right=self._called.get(pair.right, pair.right),
                left_parts=_cut(pair.left_parts, room),
                right_parts=_cut(pair.right_parts, room),
            )
            for pair in pairs
        ]

    def _numbered(self) -> list[tuple[ClassTally, int]]:
        return [(tally, number) for number, tally in enumerate(self.tallies.values())]

    def _data(self, number: int, tally: ClassTally) -> dict[str, Any]:
        """Return an assignment as the page's script reads it."""
        places = {exercise: place for place, exercise in enumerate(tally.exercises)}
        return {
            "name": tally.name,
            "exercises": [
                [exercise, possible, tally.passed_levels(exercise)]
                for exercise, possible in tally.exercises.items()
            ],
            "mistakes": [
                [places[exercise], mistake, message, tally.makers(exercise, mistake)]
                for exercise, mistake, message, _ in tally.mistakes
            ],
            "students": [
                [
                    row.name, row.file.removeprefix(f"{STUDENTS}/"), row.earned, row.final,
                    row.possible, row.passed, ", ".join(row.notes), _kind(row), row.cells,
                    self._anchors[number, place],
                ]
                for place, row in enumerate(tally.rows)
            ],
        }  # fmt: skip


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
        Whether the pages show the arguments of hidden cases: this report is for those who may know
        them.
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
    made = ClassPage(view.assignments)
    for name, works in view.by_student():
        shown = writer.prepare(works)
        file = writer.write_prepared(name, works[0].student.person.name, shown)
        made.add(name, works, shown, f"{STUDENTS}/{file}")
    text = made.render(pairs)
    page = folder / INDEX
    try:
        write_whole(page, text)
    except OSError as error:
        raise UsageError(f"-o: {page} cannot be written ({error.strerror})") from error
    return page


def _kind(row: Row) -> int:
    """Return 0 for who is in all figures, 1 for who is not all graded, 2 absent, 3 excused."""
    if row.excused:
        return 3
    return 2 if not row.present else int(row.final is None)


def _work(tally: ClassTally) -> dict[str, Any]:
    """Return an assignment as the template reads it."""
    exercises = [(one, lay_stack(one)) for one in tally.by_difficulty]
    exams = [(one, found) for one in tally.exercises if (found := tally.questions.figures(one))]
    return {
        "tally": tally, "name": tally.name, "figures": tally.figures,
        "bars": lay_bars(tally.bins), "exercises": exercises, "mistakes": tally.mistakes,
        "noted": tally.noted, "rows": tally.rows, "exams": exams,
    }  # fmt: skip


def _cut(parts: Parts, room: int) -> Parts:
    r"""Return the beginning of a text in pieces.

    Examples
    --------
    >>> _cut((("abc", True), ("def", False)), 4)
    (('abc', True), ('d', False), ('\n… cut here', False))
    """
    kept: list[tuple[str, bool]] = []
    for text, same in parts:
        kept.append((text[:room], same))
        room -= len(text)
        if room < 0:
            return (*kept, ("\n… cut here", False))
    return tuple(kept)
