"""What a gradebook and a run tell of a class, as screens take it: plain data, all of it counted."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from grader.model import Status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.engine.document import Entry


@dataclass(frozen=True)
class ClassFigures:
    """Where the middle of some numbers is, and how far they lie apart.

    Parameters
    ----------
    count, mean, deviation
        How many; their mean; their standard deviation, 0 of one alone.
    low, median, high
        The quartiles, between two neighbours in proportion.
    least, most
        The smallest and the largest.
    """

    count: int
    mean: float
    deviation: float
    low: float
    median: float
    high: float
    least: float
    most: float


@dataclass(frozen=True)
class Reached:
    """What an exercise was at one time.

    Parameters
    ----------
    status
        As a result document says it.
    earned
        Points; None when the grader could not tell.
    """

    status: str
    earned: float | None


@dataclass(frozen=True)
class Change:
    """An exercise of a student that counts as something else since a run.

    Parameters
    ----------
    name
        The student's, in the gradebook.
    exercise
        Its id.
    before, after
        What it was, and what it became.
    why
        What was not the same.
    grade
        The student's points in all exercises together, before and after; None for a grade that
        was or is open, since not all of it is graded.
    """

    name: str
    exercise: str
    before: Reached
    after: Reached
    why: str
    grade: tuple[float | None, float | None]


@dataclass(frozen=True)
class ExerciseSummary:
    """One exercise over the class.

    Parameters
    ----------
    id
        Of the exercise.
    counts
        How many submissions have each status.
    mistakes
        The commonest mistakes with how often they occur, the commonest first.
    """

    id: str
    counts: dict[str, int]
    mistakes: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class InboxSummary:
    """How what came in was read.

    Parameters
    ----------
    counts
        How many submissions were recognised in each way.
    guessed, unread
        Name and note of those of whom something was guessed, and of those who could not be read.
    """

    counts: dict[str, int] = field(default_factory=dict)
    guessed: tuple[tuple[str, str], ...] = ()
    unread: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class ClassSummary:
    """The class as a whole.

    Parameters
    ----------
    exercises
        One entry each, in the course's order.
    worth_a_look
        Name, exercise, status and message of what an instructor should see.
    inbox
        How it was read.
    scores, possible
        How the points are spread of those who are counted and graded, None of nobody; and what
        each could have had.
    changes
        Whose points the run changed, and what of theirs.
    mended
        What the run found damaged in the gradebook, and is whole again.
    """

    exercises: tuple[ExerciseSummary, ...]
    worth_a_look: tuple[tuple[str, str, str, str], ...]
    inbox: InboxSummary = field(default_factory=InboxSummary)
    scores: ClassFigures | None = None
    possible: float = 0.0
    changes: tuple[tuple[str, tuple[Change, ...]], ...] = ()
    mended: tuple[str, ...] = ()

    @property
    def has_ungraded(self) -> bool:
        """Whether there is anything that nobody could grade, also of whoever is excused."""
        counted = any(one.counts.get(Status.UNGRADED) for one in self.exercises)
        return counted or any(status == Status.UNGRADED for _, _, status, _ in self.worth_a_look)


@dataclass(frozen=True)
class Done:
    """One submission that is in the gradebook now.

    Parameters
    ----------
    name
        Whose.
    facts
        What this run found out; empty when all of it was known before.
    warnings
        What the instructor should know about it.
    note
        What was guessed, or why it could not be read.
    same_as
        Who handed in the same before, in this run.
    """

    name: str
    facts: Sequence[Entry]
    warnings: Sequence[str] = ()
    note: str = ""
    same_as: str = ""


@dataclass(frozen=True)
class QuestionFigures:
    """What one question of an exam was for a class.

    Parameters
    ----------
    item
        Its id.
    asked
        How many were asked it, and had their exam marked.
    share
        The mean share of its points, in percent: its difficulty.
    tells
        The correlation with the share of the other questions: its discrimination. None where that
        cannot be told.
    slips
        The recognised mistakes, and how many made each, the commonest first.
    """

    item: str
    asked: int
    share: float
    tells: float | None
    slips: tuple[tuple[str, int], ...]
