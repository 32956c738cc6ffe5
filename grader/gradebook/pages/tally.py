"""Count what a class did, one student at a time: what they wrote never has to fit into memory."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from grader.engine.naming.exceptions.translation import FIXED
from grader.gradebook.pages.figures import ExerciseFigures, correlate, figures_of
from grader.gradebook.pages.questions import QuestionTally
from grader.gradebook.policy.lateness import days_used, deadline_in, started
from grader.gradebook.students import find_excuse, find_late, find_note, handed_in
from grader.model import Status
from grader.render.signs import count_words, exact
from grader.text import safe_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.engine.document import Document, Entry
    from grader.gradebook.students import StudentResult
    from grader.render.grades.told import ClassFigures

NOTED = (Status.CRASHED, Status.REJECTED, Status.UNGRADED, Status.TIMEOUT)
BINS = 10
LETTERS: dict[str, str] = {
    Status.PASSED: "p", Status.FAILED: "f", Status.ERROR: "e", Status.TIMEOUT: "t",
    Status.CRASHED: "c", Status.REJECTED: "r", Status.UNIMPLEMENTED: "u", Status.MISSING: "m",
    Status.UNGRADED: "g", Status.NOT_RUN: "n",
}  # fmt: skip
NOT_ASKED, ABSENT = "-", "handed in nothing"
Parts = tuple[tuple[str, bool], ...]


@dataclass(frozen=True)
class Pair:
    """Two submissions that share text.

    Parameters
    ----------
    left, right
        Whose.
    file
        Which of their files.
    share
        How much of the one that shares more is shared, 0 to 1.
    left_parts, right_parts
        The texts in pieces, each with whether the other one has it too.
    """

    left: str
    right: str
    file: str
    share: float
    left_parts: Parts
    right_parts: Parts


@dataclass(frozen=True)
class Row:
    """One line of the table of students.

    Parameters
    ----------
    name, file
        Who, and where the page is.
    earned, final, possible
        Points before and after lateness; `final` is None while something is not graded, and for
        whoever is excused.
    passed
        How many exercises passed.
    present
        Whether anything was handed in, or points were given by hand.
    notes
        Late, missing, by hand, how files were read, and what needs a look.
    handed_in
        Whether anything was handed in.
    excused
        Whether this student is in no statistic.
    points
        What was earned in each exercise of the assignment; None where that is not known.
    cells
        What became of each, a letter of `LETTERS` each.
    """

    name: str
    file: str
    earned: float
    final: float | None
    possible: float
    passed: int
    present: bool
    notes: tuple[str, ...]
    handed_in: bool = True
    excused: bool = False
    points: tuple[float | None, ...] = ()
    cells: str = ""

    @property
    def is_counted(self) -> bool:
        """Whether this student is in the statistics."""
        return self.present and not self.excused

    @property
    def percent(self) -> float:
        """The share of the points, 0 to 100, as it is sorted by."""
        counts = self.earned if self.final is None else self.final
        return 100.0 * counts / self.possible if self.possible else 0.0


@dataclass
class ClassTally:
    """What became of one assignment.

    Parameters
    ----------
    assignment
        Its name.
    """

    assignment: str
    rows: list[Row] = field(default_factory=list)
    exercises: dict[str, float] = field(default_factory=dict)
    levels: dict[str, dict[str, Counter[str]]] = field(default_factory=dict)
    statuses: dict[str, Counter[str]] = field(default_factory=dict)
    questions: QuestionTally = field(default_factory=QuestionTally)
    _made: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    _messages: dict[tuple[str, str], str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The assignment's name, harmless to look at."""
        return safe_text(self.assignment)

    def add(self, one: StudentResult, file: str, called: str | None = None) -> int:
        """Count one student's result, by what tells namesakes apart; return the place it has."""
        document = one.document
        for entry in document["exercises"]:
            self.exercises.setdefault(entry["id"], entry["possible"])
        self.rows.append(row := _row(one, file, list(self.exercises), called))
        if row.is_counted:
            self.questions.add(document, one.details)
        for entry in document["exercises"] if row.is_counted else ():
            self.statuses.setdefault(entry["id"], Counter())[entry["status"]] += 1
            for level in entry["levels"]:
                of = self.levels.setdefault(entry["id"], {})
                of.setdefault(level["name"], Counter())[level["status"]] += 1
            if entry["diagnosis"] is not None:
                mistake = (entry["id"], entry["diagnosis"]["id"])
                self._made.setdefault(mistake, []).append(len(self.rows) - 1)
                said = FIXED.get(mistake[1], entry["diagnosis"]["message"])  # of nobody's line
                self._messages.setdefault(mistake, said)
        return len(self.rows) - 1

    @property
    def counted(self) -> list[Row]:
        """Those who are in the statistics: work came in or points are by hand, and not excused."""
        return [row for row in self.rows if row.is_counted]

    @property
    def present(self) -> int:
        """How many they are."""
        return len(self.counted)

    @property
    def handed_in(self) -> int:
        """How many handed in, of those who are not excused."""
        return sum(row.handed_in and not row.excused for row in self.rows)

    @property
    def did_not(self) -> int:
        """How many did not and would have had to, points by hand or not."""
        return sum(not row.handed_in and not row.excused for row in self.rows)

    @property
    def absent(self) -> list[Row]:
        """Those who handed in nothing, would have had to, and have no points by hand either."""
        return [row for row in self.rows if not row.present and not row.excused]

    @property
    def excused(self) -> list[Row]:
        """Those who need not hand in."""
        return [row for row in self.rows if row.excused]

    @property
    def told(self) -> list[Row]:
        """Those who are counted and whose points are all known."""
        return [row for row in self.counted if row.final is not None]

    @property
    def noted(self) -> list[Row]:
        """Those of whom there is something to know, but that they handed in nothing."""
        return [row for row in self.rows if row.notes and row.notes != (ABSENT,)]

    @property
    def figures(self) -> ClassFigures | None:
        """Mean, quartiles and spread of the percent that count."""
        return figures_of([row.percent for row in self.told])

    @property
    def bins(self) -> list[tuple[str, int]]:
        """How many students have which share of the points, in steps of ten percent."""
        counts = Counter(min(int(row.percent // BINS), BINS - 1) for row in self.told)
        return [(f"{n * BINS}-{n * BINS + BINS}%", counts[n]) for n in range(BINS)]

    @property
    def by_difficulty(self) -> list[ExerciseFigures]:
        """Every exercise, the hardest first."""
        found = [self._figures(place, exercise) for place, exercise in enumerate(self.exercises)]
        return sorted(found, key=lambda one: (one.share is None, one.share or 0.0, one.place))

    def _figures(self, place: int, exercise: str) -> ExerciseFigures:
        possible = self.exercises[exercise]
        known = [row for row in self.told if row.points[place] is not None]
        own = [float(row.points[place] or 0.0) for row in known]
        rest = [row.earned - mine for row, mine in zip(known, own, strict=True)]
        share = 100.0 * sum(own) / (possible * len(own)) if own and possible else None
        counts = self.statuses.get(exercise, Counter())
        return ExerciseFigures(
            place, exercise, possible,
            tuple((str(status), counts[status]) for status in Status if counts[status]),
            share, correlate(own, rest),
        )  # fmt: skip

    def passed_levels(self, exercise: str) -> list[tuple[str, int, int]]:
        """Return the levels of an exercise: name, how many passed it, and of how many."""
        return [
            (safe_text(level), counts[Status.PASSED], counts.total())
            for level, counts in self.levels.get(exercise, {}).items()
        ]

    @property
    def mistakes(self) -> list[tuple[str, str, str, int]]:
        """Exercise, name, message and number of students of each mistake, the commonest first."""
        found = sorted(self._made.items(), key=lambda item: (-len(item[1]), item[0]))
        return [
            (exercise, mistake, self._messages[exercise, mistake], len(made))
            for (exercise, mistake), made in found
        ]

    def makers(self, exercise: str, mistake: str) -> list[int]:
        """Return the places of those who made a mistake."""
        return self._made.get((exercise, mistake), [])


def _row(one: StudentResult, file: str, exercises: Sequence[str], called: str | None = None) -> Row:
    document = one.document
    entries = {entry["id"]: entry for entry in document["exercises"]}
    passed = sum(entry["status"] == Status.PASSED for entry in entries.values())
    came = one.student.handed_in
    by_hand = any("override" in entry for entry in entries.values())
    earned = [entries[id_]["earned"] if id_ in entries else None for id_ in exercises]
    return Row(
        safe_text(called or one.student.person.name), file, document["earned"], one.final,
        document["possible"], passed, came or by_hand, tuple(_notes(document)), came,
        find_excuse(document) is not None, tuple(earned),
        "".join(_letter(entries.get(exercise)) for exercise in exercises),
    )  # fmt: skip


def _letter(entry: Entry | None) -> str:
    """Return what became of an exercise as one letter, a capital where some points were earned."""
    if entry is None:
        return NOT_ASKED
    letter = LETTERS[entry["status"]]
    return letter.upper() if letter != "p" and entry["earned"] else letter


def _presence(document: Document) -> str:
    """Return what is to be known of whether somebody handed in; empty for whoever did."""
    if find_excuse(document) is not None:
        return "excused, though they handed in" if handed_in(document) else "excused"
    if not handed_in(document):
        return ABSENT
    came = "term" not in document or document["term"]["handed_in"]
    return "" if came else "nothing came in, or under another name"


def _notes(document: Document) -> list[str]:
    """Return what an instructor should know about somebody, most of it about nobody."""
    term, late, notes = document.get("term"), find_late(document), [_presence(document)]
    if term is not None and "extended" in term:
        notes.append(f"due {deadline_in(term['due'])}")
    if late is not None and late["units"]:
        notes.append(f"{started(late)} late")
    elif term is not None and term["marked_late"]:
        off = f" ({exact(late['percent'])}% off)" if late is not None and late["percent"] else ""
        notes.append(f"marked late by the platform{off}")
    if late is not None and "days" in late and late["days"]["used"]:
        notes.append(days_used(late))
    if note := safe_text(find_note(document)):
        notes.append(note)
    if term is not None and term["on_roster"] is False:
        notes.append("not on the roster")
    counts = Counter(entry["status"] for entry in document["exercises"])
    notes += [count_words({status: counts[status]}) for status in NOTED if counts[status]]
    if by_hand := sum("override" in entry for entry in document["exercises"]):
        notes.append(f"{by_hand} by hand")
    return list(filter(None, notes))
