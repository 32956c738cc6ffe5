"""What a gradebook answers to a question, as screens and `--json` take it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.render.grades.told import Change, ClassFigures, QuestionFigures, Reached


@dataclass(frozen=True)
class Listed:
    """One student in the list of a class.

    Parameters
    ----------
    name
        As the roster writes it.
    earned, final, possible
        Points before and after lateness; `final` is None while something is not graded, and for
        whoever is excused.
    passed
        How many exercises passed.
    present
        Whether anything was handed in, or points were given by hand.
    notes
        Late, missing, by hand, how files were read, and what needs a look.
    handed_in, excused
        Whether anything was handed in, and whether the student is in no figure.
    student, key
        The name in the gradebook, and what tells a namesake apart: `show` finds somebody by either.
    """

    name: str
    earned: float
    final: float | None
    possible: float
    passed: int
    present: bool
    notes: tuple[str, ...]
    handed_in: bool
    excused: bool
    student: str
    key: str


@dataclass(frozen=True)
class ClassAnswer:
    """An assignment as a whole.

    Parameters
    ----------
    assignment
        Its name.
    figures, possible
        Of the points that count, of those who are counted and graded, None of nobody; and what
        each could have had.
    exercises
        Id, and how many have each status.
    mistakes
        Exercise, name and number of students of each mistake, the commonest first.
    members
        Everybody, by name.
    """

    assignment: str
    figures: ClassFigures | None
    possible: float
    exercises: tuple[tuple[str, dict[str, int]], ...]
    mistakes: tuple[tuple[str, str, int], ...]
    members: tuple[Listed, ...]


@dataclass(frozen=True)
class Arrived:
    """One thing that came in.

    Parameters
    ----------
    assignment
        Its name.
    student, name
        Whose, in the gradebook and as the roster writes it; empty for nobody's.
    files
        Names in the download.
    run
        When it was read, ISO 8601.
    time, time_source
        When it was handed in, and by whose word; None and empty where nobody says.
    marked_late
        Whether the platform says that it was late.
    team
        The team's name, if it is one's.
    recognised, note
        How its files were found out, and what was guessed.
    why_not
        Why it is not what is graded; empty for what is.
    """

    assignment: str
    student: str
    name: str
    files: tuple[str, ...]
    run: str
    time: str | None
    time_source: str
    marked_late: bool
    team: str
    recognised: str
    note: str
    why_not: str


@dataclass(frozen=True)
class Decision:
    """Something that was decided by hand.

    Parameters
    ----------
    assignment
        Its name.
    student, name
        About whom, in the gradebook and as the roster writes it.
    what
        In a few words.
    why
        The reason that was given.
    decided_at
        ISO 8601, UTC.
    counts
        Whether it is the newest of its kind, and not taken back.
    """

    assignment: str
    student: str
    name: str
    what: str
    why: str
    decided_at: str
    counts: bool


@dataclass(frozen=True)
class Passage:
    """What an exercise of a student was, one run after another.

    Parameters
    ----------
    exercise
        Its id.
    possible
        What it is worth.
    status
        What it is.
    marks
        When, and what it was then: a new one where something changed.
    levels
        Name and status of each.
    message, mistake
        What is said about it now, and the name of the mistake.
    earned
        The points that count, by hand or graded.
    where
        File and line, where it is known.
    output, printed
        What the submission printed in all, and in the call that is shown.
    trace
        File, line, function and code of each of its own lines that led to an exception, outermost
        first; none where a dlgrade did not write them down.
    mended
        Which line mends it, and the statement before and after.
    node
        Which node of a cluster graded it, where one did.
    """

    exercise: str
    possible: float
    status: str
    marks: tuple[tuple[str, Reached], ...]
    levels: tuple[tuple[str, str], ...]
    message: str
    mistake: str | None
    earned: float | None
    where: str = ""
    output: str = ""
    trace: tuple[tuple[str, int, str, str], ...] = ()
    printed: str = ""
    mended: str = ""
    node: str = ""


@dataclass(frozen=True)
class Story:
    """All that is known of one student in one assignment.

    Parameters
    ----------
    assignment, name
        Of the assignment, and of the student as the roster writes it.
    keys
        What else the student is known by.
    member
        Points and notes.
    warnings
        What is to be known of the files and costs nothing.
    arrived
        What came in, oldest first.
    attempts
        When each content was first read, and the first letters of its digest.
    exercises
        In the course's order.
    decisions
        Oldest first.
    own_count
        How many hints of each exercise were read, as the student's own files say.
    """

    assignment: str
    name: str
    keys: tuple[str, ...]
    member: Listed
    warnings: tuple[str, ...]
    arrived: tuple[Arrived, ...]
    attempts: tuple[tuple[str, str], ...]
    exercises: tuple[Passage, ...]
    decisions: tuple[Decision, ...]
    own_count: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class ExerciseAnswer:
    """One exercise of an assignment over the class.

    Parameters
    ----------
    assignment, exercise
        Which.
    levels
        Name, how many passed it, and of how many.
    statuses
        Each status, and who has it; namesakes with a key.
    mistakes
        Name, what is said, and who made it, the commonest first.
    questions
        Those of an exam, the hardest first.
    """

    assignment: str
    exercise: str
    levels: tuple[tuple[str, int, int], ...]
    statuses: tuple[tuple[str, tuple[str, ...]], ...]
    mistakes: tuple[tuple[str, str, tuple[str, ...]], ...]
    questions: tuple[QuestionFigures, ...] = ()


@dataclass(frozen=True)
class ChangesAnswer:
    """What the newest run of an assignment changed.

    Parameters
    ----------
    assignment
        Its name.
    run
        When it began, ISO 8601.
    changes
        Whose, as the roster writes the name, and what.
    """

    assignment: str
    run: str
    changes: tuple[tuple[str, tuple[Change, ...]], ...]


@dataclass(frozen=True)
class Reproduction:
    """How to see a failing case here.

    Parameters
    ----------
    exercise
        Its id.
    lines
        What to type, one after another.
    note
        What has to be known about them; empty for nothing.
    """

    exercise: str
    lines: tuple[str, ...]
    note: str = ""
