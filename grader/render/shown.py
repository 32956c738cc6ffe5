"""What the screens are given: plain facts of a student's folder, of a class, of a machine.

Whoever finds them out makes them; nothing here is computed, so that a screen can be looked at
without what lies behind it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from grader.model import Status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.course.outline import Outline
    from grader.engine.document import Entry


@dataclass(frozen=True)
class Standing:
    """How far one exercise is.

    Parameters
    ----------
    exercise
        The exercise.
    state
        In a few words: "to do", "written, not checked", "passed", "failed, edited since".
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
        What stands there, when that line itself is what went wrong.
    label
        What to show in place of the path: a notebook's cell is no file.
    """

    path: Path
    line: int
    code: str = ""
    label: str = ""

    @property
    def text(self) -> str:
        """The place as editors and terminals understand it: `exercises/conv.py:9`."""
        if self.label:
            return self.label
        try:
            shown = self.path.relative_to(Path.cwd())
        except ValueError:
            shown = self.path
        return f"{shown}:{self.line}"

    @property
    def link(self) -> str:
        """The place as a URL that a terminal can open; empty for a notebook's cell."""
        return "" if self.label else f"{self.path.absolute().as_uri()}#{self.line}"


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
class ClassSummary:
    """The class as a whole.

    Parameters
    ----------
    exercises
        One entry each, in the course's order.
    worth_a_look
        Name, exercise, status and message of what an instructor should see.
    """

    exercises: tuple[ExerciseSummary, ...]
    worth_a_look: tuple[tuple[str, str, str, str], ...]


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
    """

    name: str
    facts: Sequence[Entry]
    warnings: Sequence[str] = ()


@dataclass(frozen=True)
class Probe:
    """One thing that was tried.

    Parameters
    ----------
    name, detail
        What, and what was found.
    held
        Whether it is as it should be.
    remedy
        The line that helps.
    needed
        Whether `dlgrade check` cannot do without it.
    """

    name: str
    detail: str
    held: bool = True
    remedy: str = ""
    needed: bool = True
