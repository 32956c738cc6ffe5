"""What being late costs: a rule that an instructor writes, looked at beside the raw score.

Nothing of it is stored: the gradebook knows when work came in, and the rule is given with each
export.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from grader.errors import UsageError
from grader.render.signs import exact

if TYPE_CHECKING:
    from grader.engine.document import Late

RULE = re.compile(
    r"\s*(?P<date>\d{4}-\d\d-\d\d)"
    r"(?:[ T](?P<time>\d\d:\d\d(?::\d\d)?)\s*(?P<zone>Z|[+-]\d\d:?\d\d)?)?"
    r"\s*:\s*(?P<percent>\d+(?:\.\d+)?)\s*%\s*(?:/|per|a)\s*(?P<unit>day|hour)"
    r"(?:\s*,?\s*at\s+most\s+(?P<most>\d+(?:\.\d+)?)\s*%)?\s*",
    re.IGNORECASE,
)
FORM = "write 'DATE: 10%/day, at most 50%', DATE as 2026-10-31 or 2026-10-31 18:00+01:00"
UNITS = {"day": timedelta(days=1), "hour": timedelta(hours=1)}


@dataclass(frozen=True)
class Lateness:
    """How late an attempt is under a rule.

    Parameters
    ----------
    units
        Started days or hours after the date.
    unit
        "day" or "hour".
    percent
        Of the earned points, taken off.
    """

    units: int
    unit: str
    percent: float

    def after(self, earned: float) -> float:
        """Return what is left of points.

        Examples
        --------
        >>> Lateness(2, "day", 20.0).after(7.0)
        5.6
        """
        return round(earned * (1.0 - self.percent / 100.0), 6)

    @property
    def started(self) -> str:
        """How many units, as people write it.

        Examples
        --------
        >>> Lateness(1, "day", 10.0).started, Lateness(0, "hour", 0.0).started
        ('1 day', '0 hours')
        """
        return f"{self.units} {self.unit}{'' if self.units == 1 else 's'}"


@dataclass(frozen=True)
class LateRule:
    """A rule such as `2026-10-31: 10%/day, at most 50%`.

    Parameters
    ----------
    due
        The last moment that is not late.
    percent
        Taken off for every started unit.
    unit
        "day" or "hour".
    most
        The largest percentage ever taken off.
    """

    due: datetime
    percent: float
    unit: str = "day"
    most: float = 100.0

    def apply(self, came_in: datetime | None) -> Lateness:
        """Return how late something is; what came in at an unknown time is not late.

        Examples
        --------
        >>> rule = read_rule("2026-10-31 18:00Z: 10%/day, at most 50%")
        >>> rule.apply(datetime.fromisoformat("2026-11-02 18:00:01+00:00"))
        Lateness(units=3, unit='day', percent=30.0)
        """
        if came_in is None or came_in <= self.due:
            return Lateness(0, self.unit, 0.0)
        units = math.ceil((came_in - self.due) / UNITS[self.unit])
        return Lateness(units, self.unit, min(units * self.percent, self.most))

    def as_document(self, came_in: datetime | None, earned: float) -> Late:
        """Return what the rule takes off points, as a result document writes it."""
        late = self.apply(came_in)
        return {
            "due": self.due.isoformat(),
            "unit": late.unit,
            "units": late.units,
            "percent": late.percent,
            "earned": late.after(earned),
        }


def started(late: Late) -> str:
    """Return how late something is by a document, as `Lateness.started` writes it."""
    return Lateness(late["units"], late["unit"], late["percent"]).started


def cost(late: Late) -> str:
    """Return what being late cost by a document; empty for what was in time.

    Examples
    --------
    >>> cost({"due": "", "unit": "day", "units": 2, "percent": 20.0, "earned": 1.6})
    '2 days late: 20% taken off, 1.6 points count'
    """
    if not late["units"]:
        return ""
    left = f"{exact(late['percent'])}% taken off, {exact(late['earned'])} points count"
    return f"{started(late)} late: {left}"


def read_rule(text: str) -> LateRule:
    """Return the rule that a text states.

    Parameters
    ----------
    text
        A date alone means the end of that day; a time without a zone is this machine's.

    Raises
    ------
    UsageError
        It is no rule; the message shows one.
    """
    found = RULE.fullmatch(text)
    if found is None:
        raise UsageError(f"--late: {text!r} is no rule; {FORM}")
    zone = found["zone"] or ""
    try:
        due = datetime.fromisoformat(f"{found['date']} {found['time'] or '00:00'}{zone}")
    except ValueError as error:
        raise UsageError(f"--late: {text!r} has no such date; {FORM}") from error
    if found["time"] is None:
        due += timedelta(days=1)
    percent, most = float(found["percent"]), float(found["most"] or 100.0)
    if percent > 100 or most > 100:
        raise UsageError(f"--late: {text!r} takes off more than 100%; {FORM}")
    return LateRule(due.astimezone(), percent, found["unit"].lower(), most)
