"""What a student's screens are given: plain facts of a folder, made by whoever finds them out.

Nothing here is computed, so that a screen can be looked at without what lies behind it. What the
screens about a class and a machine are given stands beside these screens.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.files import from_here
from grader.model import Status

if TYPE_CHECKING:
    from datetime import date, datetime
    from pathlib import Path

    from grader.course.outline import Outline


@dataclass(frozen=True)
class Standing:
    """How far one exercise is.

    Parameters
    ----------
    exercise
        The exercise.
    state
        "not written yet", "written, not checked", "passed", "failed, edited since"; people read
        it by `signs.words_for`.
    earned
        Points of the last check, 0 for what is not written; None when they are not known.
    hints
        How many hints were read.
    """

    exercise: Outline
    state: str
    earned: float | None = 0.0
    hints: int = 0

    @property
    def passed(self) -> bool:
        """Whether the function as it is now passed its check."""
        return self.state == Status.PASSED


@dataclass(frozen=True)
class Review:
    """What the quizzes ask again.

    Parameters
    ----------
    count
        How many questions are due.
    asked, seconds
        How many of them one review asks, and what a fluent student needs for these.
    days
        Days on which a question was answered, by the calendar of then.
    """

    count: int = 0
    asked: int = 0
    seconds: float = 0.0
    days: frozenset[date] = frozenset()


@dataclass(frozen=True)
class Deadline:
    """What is due next.

    Parameters
    ----------
    name, at
        What students call it, and the moment.
    passed, total
        How many of its exercises have passed, of how many.
    exam
        The topic of a graded quiz that belongs to it; "" for none.
    """

    name: str
    at: datetime
    passed: int
    total: int
    exam: str = ""


@dataclass(frozen=True)
class Tonight:
    """What there is to do now.

    Parameters
    ----------
    following
        What to work on next; None when everything passed.
    passed
        Ids of all exercises that have passed as they are now.
    review
        What the quizzes ask again.
    demos
        Names of the demos that have opened and were not run yet.
    streak
        Days in a row with something passed or reviewed.
    deadline
        What is due next; None for nothing.
    """

    following: Standing | None
    passed: frozenset[str] = frozenset()
    review: Review = Review()
    demos: tuple[str, ...] = ()
    streak: int = 0
    deadline: Deadline | None = None


@dataclass(frozen=True)
class HintPage:
    """The hints of one exercise that were read so far, the newest last.

    Parameters
    ----------
    exercise_id
        The exercise.
    shown
        Their texts, in order.
    total
        How many there are in all.
    """

    exercise_id: str
    shown: tuple[str, ...]
    total: int


@dataclass(frozen=True)
class LaidOut:
    """What became of each file of a folder.

    Parameters
    ----------
    folder
        The student's files.
    written, renewed, kept
        Names of new files, of unedited ones that got a newer stub, and of those left alone.
    """

    folder: Path
    written: tuple[str, ...]
    renewed: tuple[str, ...]
    kept: tuple[str, ...]


@dataclass(frozen=True)
class Restored:
    """What was put back.

    Parameters
    ----------
    path
        The student's file.
    backup
        The old text; None when there was nothing to lose.
    what
        The function or file that is a stub again.
    """

    path: Path
    backup: Path | None
    what: str


@dataclass(frozen=True)
class SourceLine:
    """A line of a file that exists.

    Parameters
    ----------
    path, line
        The file, and the line from 1.
    code
        What stands there, when that line itself is what went wrong, or what returned.
    label
        What to show in place of the path: a notebook's cell is no file.
    columns
        Where in the code a mark is set, from the first character to the last; None for nowhere.
    why
        What is to be known of that line, in a few words.
    beside
        Number and code of another line of that file: where the loop begins that it was run in, or
        what is wrong where this one raised.
    """

    path: Path
    line: int
    code: str = ""
    label: str = ""
    columns: tuple[int, int] | None = None
    why: str = ""
    beside: tuple[int, str] | None = None

    @property
    def text(self) -> str:
        """The place as editors and terminals understand it: `exercises/conv.py:9`."""
        if self.label:
            return self.label
        return f"{from_here(self.path)}:{self.line}"

    @property
    def link(self) -> str:
        """The place as a URL that a terminal can open; empty for a notebook's cell."""
        return "" if self.label else f"{self.path.absolute().as_uri()}#{self.line}"
