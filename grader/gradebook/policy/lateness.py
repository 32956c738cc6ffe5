"""What being late costs: a rule that an instructor writes, looked at beside the raw score.

Nothing of it is stored: the gradebook knows when work came in, and the rule is given with each
export.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from grader.errors import UsageError
from grader.render.signs import exact, worth
from grader.text import counted

if TYPE_CHECKING:
    from grader.engine.document import Late

MOMENT = (
    r"(?P<date>\d{4}-\d\d-\d\d)"
    r"(?:[ T](?P<time>\d\d:\d\d(?::\d\d)?)\s*(?P<zone>Z|[+-]\d\d:?\d\d)?)?"
)
RULE = re.compile(
    rf"\s*{MOMENT}"
    r"\s*:\s*(?P<percent>\d+(?:\.\d+)?)\s*%\s*(?:/|per|a)\s*(?P<unit>day|hour)"
    r"(?:\s*,?\s*at\s+most\s+(?P<most>\d+(?:\.\d+)?)\s*%)?"
    r"(?:\s*,?\s*marked\s+(?P<marked>\d+(?:\.\d+)?)\s*%)?\s*",
    re.IGNORECASE,
)
DATE = "2026-10-31 or 2026-10-31 18:00+01:00"
FORM = f"write 'DATE: 10%/day, at most 50%', DATE as {DATE}"
UNITS = {"day": timedelta(days=1), "hour": timedelta(hours=1)}
PER_DAY = {"day": 1, "hour": 24}


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
    judged
        Whether it is known when the attempt came in.
    """

    units: int
    unit: str
    percent: float
    judged: bool = True

    def after(self, earned: float) -> float:
        """Return what is left of points: as they are where nothing is taken off.

        Examples
        --------
        >>> Lateness(2, "day", 20.0).after(7.0), Lateness(0, "day", 0.0).after(1 / 3)
        (5.6, 0.3333333333333333)
        """
        return round(earned * (1.0 - self.percent / 100.0), 6) if self.percent else earned

    @property
    def started(self) -> str:
        """How many units, as people write it.

        Examples
        --------
        >>> Lateness(1, "day", 10.0).started, Lateness(0, "hour", 0.0).started
        ('1 day', '0 hours')
        """
        return counted(self.units, self.unit)


@dataclass(frozen=True)
class LateRule:
    """A rule such as `2026-10-31: 10%/day, at most 50%, marked 20%`.

    Parameters
    ----------
    due
        The last moment that is not late.
    percent
        Taken off for every started unit.
    unit
        "day" or "hour".
    most
        The largest percentage ever taken off for units.
    marked
        Taken off where the platform says that it was late, and nobody when it came in.
    """

    due: datetime
    percent: float
    unit: str = "day"
    most: float = 100.0
    marked: float = 0.0

    def apply(self, came_in: datetime | None, *, marked: bool = False) -> Lateness:
        """Return how late something is; what came in at an unknown time is not late.

        Parameters
        ----------
        came_in
            By a word that may be believed; None where there is none.
        marked
            Whether the platform says that it was late.

        Examples
        --------
        >>> rule = read_rule("2026-10-31 18:00Z: 10%/day, at most 50%, marked 20%")
        >>> rule.apply(datetime.fromisoformat("2026-11-02 18:00:01+00:00"))
        Lateness(units=3, unit='day', percent=30.0, judged=True)
        >>> rule.apply(None, marked=True)
        Lateness(units=0, unit='day', percent=20.0, judged=False)
        """
        if came_in is None:
            return Lateness(0, self.unit, self.marked if marked else 0.0, judged=False)
        units = max(0, math.ceil((came_in - self.due) / UNITS[self.unit]))
        return Lateness(units, self.unit, self.charge(units))

    def charge(self, units: int) -> float:
        """Return the percentage that is taken off for some started units."""
        return min(max(units, 0) * self.percent, self.most)

    def until(self, due: datetime) -> LateRule:
        """Return the rule for somebody with another deadline.

        What a platform marks as late missed the platform's deadline, which is not this one: the
        mark costs nothing.
        """
        return replace(self, due=due, marked=0.0)

    def as_document(self, came_in: datetime | None, earned: float, *, marked: bool = False) -> Late:
        """Return what the rule takes off points, as a result document writes it."""
        late = self.apply(came_in, marked=marked)
        return {
            "due": self.due.isoformat(),
            "unit": late.unit,
            "units": late.units,
            "percent": late.percent,
            "earned": late.after(earned),
            "judged": late.judged,
        }


def started(late: Late) -> str:
    """Return how late something is by a document, as `Lateness.started` writes it."""
    return Lateness(late["units"], late["unit"], late["percent"]).started


def cost(late: Late) -> str:
    """Return what being late cost by a document; empty for what was in time.

    Examples
    --------
    >>> late = read_rule("2026-10-31: 10%/day").as_document(None, 2.0)
    >>> cost(late | {"units": 2, "percent": 20.0, "earned": 1.6})
    '2 days late: 20% taken off, 1.6 points count'
    >>> cost(late | {"units": 2, "days": {"of": 5, "used": 2, "left": 3}})
    '2 days late: 2 late days used, 3 of 5 left, 0% taken off, 2 points count'
    """
    if not late["units"] and not late["percent"]:
        return ""
    how = f"{started(late)} late" if late["units"] else "marked late by the platform"
    count = "counts" if late["earned"] == 1 else "count"
    left = f"{exact(late['percent'])}% taken off, {worth(late['earned'])} {count}"
    return ": ".join([how, ", ".join(filter(None, [days_used(late), left]))])


def days_used(late: Late) -> str:
    """Return how many late days went to an attempt; empty where there are none."""
    if "days" not in late:
        return ""
    days = late["days"]
    word = "late day" if days["used"] == 1 else "late days"
    return f"{days['used']} {word} used, {days['left']} of {days['of']} left"


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
    try:
        due = _moment(found)
    except (ValueError, OverflowError) as error:
        raise UsageError(f"--late: {text!r} has no such date; {FORM}") from error
    percent, most = float(found["percent"]), float(found["most"] or 100.0)
    marked = float(found["marked"] or 0.0)
    if max(percent, most, marked) > 100:
        raise UsageError(f"--late: {text!r} takes off more than 100%; {FORM}")
    return LateRule(due, percent, found["unit"].lower(), most, marked)


def read_rules(texts: list[str]) -> tuple[LateRule | None, dict[str, LateRule]]:
    """Return the rule without a name, where there is one, and those of assignments by name.

    Parameters
    ----------
    texts
        `RULE` alone, or `NAME=RULE` for each of several assignments.

    Raises
    ------
    UsageError
        One is no rule, or nobody can tell which assignment a rule belongs to.
    """
    named: dict[str, LateRule] = {}
    alone = None
    for text in texts:
        name, equals, rule = text.rpartition("=")
        if not equals:
            alone = read_rule(rule)
        elif name.strip() in named:
            raise UsageError(f"--late: {name.strip()!r} has two rules; keep one")
        else:
            named[name.strip()] = read_rule(rule)
    if alone is not None and len(texts) > 1:
        text = "--late: a date belongs to one assignment; of several rules each needs its name"
        raise UsageError(f"{text}: write 'NAME=DATE: 10%/day'")
    return alone, named


def read_moment(text: str) -> datetime:
    """Return the moment that a date is, as in a rule.

    Raises
    ------
    UsageError
        It is none.
    """
    found = re.fullmatch(rf"\s*{MOMENT}\s*", text)
    try:
        if found is not None:
            return _moment(found)
    except (ValueError, OverflowError):
        pass
    raise UsageError(f"{text!r} is no date; write it as {DATE}")


def deadline(due: datetime) -> str:
    """Return a deadline in words: midnight is the end of the day before.

    Examples
    --------
    >>> deadline(datetime.fromisoformat("2026-11-05 00:00").astimezone())
    'the end of 2026-11-04'
    """
    here = due.astimezone()
    if here.time() == time():
        return f"the end of {(here - timedelta(days=1)).date()}"
    return f"{here:%Y-%m-%d %H:%M %z}"


def deadline_in(due: str | None) -> str:
    """Return a deadline of a document in words."""
    return "" if due is None else deadline(datetime.fromisoformat(due))


def _moment(found: re.Match[str]) -> datetime:
    zone = found["zone"] or ""
    due = datetime.fromisoformat(f"{found['date']} {found['time'] or '00:00'}{zone}")
    if found["time"] is None:
        due += timedelta(days=1)
    return due.astimezone()
