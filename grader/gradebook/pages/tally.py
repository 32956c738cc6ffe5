"""Count what a class did, one student at a time: a large one never has to fit into memory."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from grader.gradebook.policy.lateness import days_used, deadline_in, started
from grader.gradebook.students import find_excuse, find_late, find_note, handed_in
from grader.model import Status
from grader.render.signs import count_words, exact
from grader.text import safe_text

if TYPE_CHECKING:
    from grader.engine.document import Document
    from grader.gradebook.students import StudentResult

NOTED = (Status.CRASHED, Status.REJECTED, Status.UNGRADED, Status.TIMEOUT)
BINS = 10
MAX_MISTAKES = 40


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
        Whether anything was handed in.
    notes
        Late, missing, by hand, how files were read, and what needs a look.
    excused
        Whether this student is in no statistic.
    """

    name: str
    file: str
    earned: float
    final: float | None
    possible: float
    passed: int
    present: bool
    notes: tuple[str, ...]
    excused: bool = False

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
    levels: dict[tuple[str, str], Counter[str]] = field(default_factory=dict)
    statuses: dict[str, Counter[str]] = field(default_factory=dict)
    _mistakes: Counter[tuple[str, str]] = field(default_factory=Counter)
    _messages: dict[tuple[str, str], str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The assignment's name, harmless to look at."""
        return safe_text(self.assignment)

    def add(self, one: StudentResult, file: str) -> None:
        """Count one student's result."""
        document = one.document
        present = handed_in(document)
        is_excused = find_excuse(document) is not None
        self.rows.append(_row(one, file, present=present))
        for entry in document["exercises"] if not is_excused else ():
            self.statuses.setdefault(entry["id"], Counter())[entry["status"]] += 1
            for level in entry["levels"]:
                key = (entry["id"], level["name"])
                self.levels.setdefault(key, Counter())[level["status"]] += 1
            if entry["diagnosis"] is not None and present:
                mistake = (entry["id"], entry["diagnosis"]["id"])
                self._mistakes[mistake] += 1
                self._messages.setdefault(mistake, entry["diagnosis"]["message"])

    @property
    def counted(self) -> list[Row]:
        """Those who are in the statistics: all who are not excused."""
        return [row for row in self.rows if not row.excused]

    @property
    def told(self) -> list[Row]:
        """Those of them whose points are all known."""
        return [row for row in self.counted if row.final is not None]

    @property
    def present(self) -> int:
        """How many of them handed in something."""
        return sum(row.present for row in self.counted)

    @property
    def noted(self) -> list[Row]:
        """Those of whom there is something to know."""
        return [row for row in self.rows if row.notes]

    @property
    def bins(self) -> list[tuple[str, int]]:
        """How many students have which share of the points, in steps of ten percent."""
        counts = Counter(min(int(row.percent // BINS), BINS - 1) for row in self.told)
        return [(f"{n * BINS}-{n * BINS + BINS}%", counts[n]) for n in range(BINS)]

    @property
    def pass_rates(self) -> list[tuple[str, str, float, int]]:
        """Exercise, level, percent passed and how many tried, of those who handed in."""
        places = {exercise: place for place, exercise in enumerate(self.statuses)}
        return [
            (exercise, level, 100.0 * counts[Status.PASSED] / counts.total(), counts.total())
            for (exercise, level), counts in sorted(
                self.levels.items(), key=lambda item: places[item[0][0]]
            )
        ]

    @property
    def mistakes(self) -> list[tuple[str, str, str, int]]:
        """Exercise, name, message and number of students of the commonest mistakes."""
        found = sorted(self._mistakes.items(), key=lambda item: (-item[1], item[0]))
        return [
            (exercise, mistake, self._messages[exercise, mistake], count)
            for (exercise, mistake), count in found[:MAX_MISTAKES]
        ]


def _row(one: StudentResult, file: str, *, present: bool) -> Row:
    document = one.document
    passed = sum(entry["status"] == Status.PASSED for entry in document["exercises"])
    return Row(
        safe_text(one.student.person.name), file, document["earned"], one.final,
        document["possible"], passed, present, tuple(_notes(document)),
        find_excuse(document) is not None,
    )  # fmt: skip


def _notes(document: Document) -> list[str]:
    """Return what an instructor should know about somebody, most of it about nobody."""
    term, late = document.get("term"), find_late(document)
    notes = []
    if find_excuse(document) is not None:
        notes.append("excused, though they handed in" if handed_in(document) else "excused")
    elif not handed_in(document):
        notes.append("handed in nothing")
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
    by_hand = sum("override" in entry for entry in document["exercises"])
    if by_hand:
        notes.append(f"{by_hand} by hand")
    return notes
