"""What came in: whose it is, when and by whose word, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

from grader.gradebook.people.person import NOBODY, Person

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


class TimeSource(StrEnum):
    """Whose word it is when something came in."""

    PLATFORM = "platform"  # a file that the platform wrote about its own download
    NAME = "name"  # the name that the platform gave to a file or folder
    TIMES = "times"  # a table that the instructor gave
    FILE = "file"  # the file's own time: that of the download, or of anything else
    UNKNOWN = ""


class Recognition(StrEnum):
    """How it was found out which file is which module."""

    NAME = "name"
    CONTENT = "content"
    UNREADABLE = "unreadable"
    NOT_YET = ""  # nobody has opened it


MARKING = ("canvas",)  # platforms that mark what is late, so that the rest is in time
JUDGED = frozenset({TimeSource.PLATFORM, TimeSource.NAME, TimeSource.TIMES})


@dataclass(frozen=True)
class Delivery:
    """One thing in a download, as far as anybody says.

    Parameters
    ----------
    person
        Whose it is, as the platform knows them; of a team's work, one of its members, or nobody
        where it is not known who is in the team.
    layout
        The platform.
    came_in
        When the work was handed in; None when unknown.
    marked_late
        Whether the platform says that it was late.
    time_source
        By whose word `came_in`.
    files
        Names in the download.
    team
        The team's name; empty for one person's own work.
    why_not
        Why this is not what is graded: nobody's, or an older one.
    """

    person: Person = NOBODY
    layout: str = "folders"
    came_in: datetime | None = None
    marked_late: bool = False
    time_source: TimeSource = TimeSource.UNKNOWN
    files: tuple[str, ...] = ()
    team: str = ""
    why_not: str = ""

    @property
    def is_unclaimed(self) -> bool:
        """Whether it is a team's and nobody knows who is in that team."""
        return bool(self.team) and self.person in (NOBODY, Person(self.team))

    @property
    def is_unjudged(self) -> bool:
        """Whether nobody says how late it is: no time, and no platform that marks what is late."""
        return self.judged_at is None and (self.marked_late or self.layout not in MARKING)

    @property
    def judged_at(self) -> datetime | None:
        """When it came in by a word that a rule about being late may go by.

        The time of a file is none: a copy of the same download has another one.
        """
        return self.came_in if self.time_source in JUDGED else None

    @property
    def told_time(self) -> tuple[str | None, str]:
        """When it came in and by whose word, as documents say it; (None, "") where nobody knows."""
        when = self.judged_at
        return (None, "") if when is None else (when.isoformat(), str(self.time_source))


@dataclass(frozen=True)
class Recognised:
    """How it was found out what the files of a submission are.

    Parameters
    ----------
    how
        By what.
    note
        What was guessed, or why nothing can be read.
    own_count
        How many hints of each exercise were read, as the student's own files say.
    """

    how: Recognition = Recognition.NOT_YET
    note: str = ""
    own_count: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))


NOT_RECOGNISED = Recognised()
