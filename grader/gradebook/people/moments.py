"""Read a moment as platforms and spreadsheets write it, where only one moment can be meant."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

from grader.gradebook.people.person import compact

if TYPE_CHECKING:
    from collections.abc import Sequence

MONTHS = (
    "january jan januar janvier enero gennaio januari janeiro",
    "february feb februar fevrier febrero febbraio februari fevereiro",
    "march mar marz mars marzo maart marco",
    "april apr avril abril aprile",
    "may mai mayo maggio mei maio maj",
    "june jun juni juin junio giugno junho",
    "july jul juli juillet julio luglio julho",
    "august aug aout agosto augustus augusti",
    "september sep sept septembre septiembre setiembre settembre setembro",
    "october oct oktober octobre octubre ottobre outubro",
    "november nov novembre noviembre novembro",
    "december dec dezember decembre diciembre dicembre dezembro",
)
MONTH = {word: number for number, words in enumerate(MONTHS, 1) for word in words.split()}
SILENT = {
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "mon", "tue",
    "tues", "wed", "thu", "thur", "thurs", "fri", "sat", "sun", "montag", "dienstag",
    "mittwoch", "donnerstag", "freitag", "samstag", "sonnabend", "sonntag", "lundi", "mardi",
    "mercredi", "jeudi", "vendredi", "samedi", "dimanche", "lunes", "martes", "miercoles",
    "jueves", "viernes", "sabado", "domingo", "lunedi", "martedi", "mercoledi", "giovedi",
    "venerdi", "sabato", "domenica", "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag",
    "zaterdag", "zondag", "segunda", "terca", "quarta", "quinta", "sexta", "feira", "mandag",
    "tisdag", "onsdag", "torsdag", "fredag", "lordag", "sondag", "星期一", "星期二", "星期三",
    "星期四", "星期五", "星期六", "星期日", "er", "st", "nd", "rd", "th", "at", "the", "of", "de",
    "del", "le", "um", "uhr", "kl",
}  # fmt: skip
CLOCK = re.compile(
    r"\b(\d{1,2})[:.h](\d\d)(?:[:.](\d\d)(?:[.,]\d{1,9})?)?(?:\s*([ap])\.?\s?m\b\.?)?"
    r"\s*((?:UTC|GMT)?[+-]\d\d:?\d\d|Z|UTC|GMT)?(?=[^\w+-]|$)",
    re.IGNORECASE,
)
YEAR_FIRST = re.compile(
    r"\b(?P<year>\d{4})(?P<sign>[-/.])(?P<month>\d\d?)(?P=sign)(?P<day>\d\d?)\b"
)
EAST_ASIAN = re.compile(r"\b(?P<year>\d{4})年\s*(?P<month>\d\d?)月\s*(?P<day>\d\d?)日")
YEAR_LAST = re.compile(r"\b(?P<one>\d\d?)(?P<sign>[-/.])(?P<other>\d\d?)(?P=sign)(?P<year>\d{4})\b")
STAMP = re.compile(r"(\d\d)T(?=\d\d:)")
YEARS = range(1970, 3000)  # others are no time of a submission, and cannot always be converted
MAX_TEXT = 100


def read_moment(text: str, *, month_first: bool = False) -> datetime | None:
    """Return the moment that a text means; None where it means none, or not one alone.

    Parameters
    ----------
    text
        A date and a time of day; without a zone it is this machine's time.
    month_first
        Whether 11/2/2026 is in November. With points it never is.

    Examples
    --------
    >>> read_moment("Sunday, 1 November 2026, 10:59 PM UTC").isoformat()
    '2026-11-01T22:59:00+00:00'
    >>> read_moment("2026-11-01T22:59:07Z") == read_moment("01.11.2026 22:59:07 +0000")
    True
    >>> read_moment("yesterday, 10:59"), read_moment("1 November 2026")
    (None, None)
    """
    if len(text) > MAX_TEXT:
        return None
    date, rest = _dated(STAMP.sub(r"\1 ", text), month_first=month_first)
    clocks = list(CLOCK.finditer(rest))
    if len(clocks) != 1:
        return None
    rest = _without(rest, clocks[0])
    words = [compact(word) for word in re.findall(r"[^\W\d_]+", rest)]
    numbers = re.findall(r"\d+", rest)
    if date is None:
        months = [MONTH[word] for word in words if word in MONTH]
        numbers.sort(key=len)
        if len(months) != 1 or [len(number) > 2 for number in numbers] != [False, True]:
            return None
        date, numbers = (int(numbers[1]), months[0], int(numbers[0])), []
        words = [word for word in words if word not in MONTH]
    if numbers or not SILENT.issuperset(words):
        return None
    return _made(date, clocks[0])


def _made(date: tuple[int, int, int], clock: re.Match[str]) -> datetime | None:
    hour, minute, second, half, zone = clock.groups()
    if date[0] not in YEARS:
        return None
    with suppress(ValueError, OverflowError):
        at = _hour(int(hour), half), int(minute), int(second or 0)
        moment = datetime(*date, *at, tzinfo=_zone(zone))
        # Of an hour that the clocks went through twice, the first: the later one might be late.
        return moment if zone else moment.astimezone()
    return None


def _dated(text: str, *, month_first: bool) -> tuple[tuple[int, int, int] | None, str]:
    """Return the date that a text writes in numbers, and what is left of the text."""
    for form in (YEAR_FIRST, EAST_ASIAN):
        if found := form.search(text):
            year, month, day = found["year"], found["month"], found["day"]
            return (int(year), int(month), int(day)), _without(text, found)
    if found := YEAR_LAST.search(text):
        day, month = found["one"], found["other"]
        if month_first and found["sign"] != ".":
            day, month = month, day
        return (int(found["year"]), int(month), int(day)), _without(text, found)
    return None, text


def _without(text: str, found: re.Match[str]) -> str:
    return f"{text[: found.start()]} {text[found.end() :]}"


def _hour(hour: int, half: str | None) -> int:
    if half is None:
        return hour
    if not 1 <= hour <= 12:
        raise ValueError
    return hour % 12 + (12 if half.lower() == "p" else 0)


def _zone(zone: str | None) -> timezone | None:
    if zone is None:
        return None
    found = re.search(r"([+-])(\d\d):?(\d\d)", zone)
    if found is None:
        return UTC
    shift = timedelta(hours=int(found[2]), minutes=int(found[3]))
    return timezone(-shift if found[1] == "-" else shift)


def read_moments(texts: Sequence[str]) -> list[datetime | None]:
    """Return the moments of a whole column, in which one order of day and month must fit all.

    Raises
    ------
    ValueError
        Day and month may be either way, or are now the one and now the other; the message is the
        text that shows it.
    """
    readings = [
        [read_moment(text, month_first=month_first) for text in texts]
        for month_first in (False, True)
    ]
    if readings[0] == readings[1]:
        return readings[0]
    pairs = list(zip(texts, *readings, strict=True))
    either = [text for text, one, other in pairs if one and other and one != other]
    day_first = [text for text, one, other in pairs if one and not other]
    month_first = [text for text, one, other in pairs if other and not one]
    if bool(day_first) == bool(month_first):
        raise ValueError((either or day_first)[0])
    return readings[0] if day_first else readings[1]
