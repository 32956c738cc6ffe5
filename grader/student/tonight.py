"""What there is to do now: the next exercise, what is due, demos that have opened, days in a row.

Days are those of the student's own calendar, as it was when something was done; a day that has not
come yet (a clock was wrong, or somebody flew west) does not count until it does.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from grader.errors import CourseError, UnknownTargetError
from grader.render.shown import Deadline, Tonight
from grader.student.demo.catalogue import opened_demos
from grader.student.standing import next_standing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from grader.course.course import Course
    from grader.render.shown import Review, Standing
    from grader.student.progress import Progress


@dataclass(frozen=True)
class Due:
    """What a course wants by a moment: an `[[assignment]]` of its `course.toml`.

    Parameters
    ----------
    name
        As students know it.
    targets
        Modules or exercises; none where only an exam is due.
    exam
        The topic of a graded quiz; "" for none.
    at
        The moment, with its offset.
    """

    name: str
    targets: tuple[str, ...]
    exam: str
    at: datetime


def find_tonight(
    course: Course,
    standings: Sequence[Standing],
    progress: Progress,
    review: Review,
    now: datetime,
) -> Tonight:
    """Return what there is to do now.

    Parameters
    ----------
    course
        May have assignments.
    standings
        One for each exercise, in order.
    progress
        Knows the days, which demos were run, and the module at hand.
    review
        What the quizzes ask again, and the days on which something was answered.
    now
        With the offset of the student's day.

    Raises
    ------
    CourseError
        An assignment is not written as it must be.
    """
    passed = {one.exercise.id for one in standings if one.passed}
    following, deadline = next_standing(standings, progress.at), None
    for due in sorted(read_assignments(course), key=lambda one: one.at):
        wanted = _wanted(course, due, standings)
        first = next_standing(wanted, progress.at)
        if due.at > now and (first is not None or due.exam):
            following = first or following
            done = sum(one.passed for one in wanted)
            deadline = Deadline(due.name, due.at, done, len(wanted), due.exam)
            break
    opened = [one.name for one in opened_demos(standings) if one.name not in progress.seen]
    streak = count_streak([*progress.days, *review.days], now.date())
    return Tonight(following, frozenset(passed), review, tuple(opened), streak, deadline)


def _wanted(course: Course, due: Due, standings: Sequence[Standing]) -> list[Standing]:
    """Return what is wanted of what is here: `release --only` hands out a part of a course."""
    ids: set[str] = set()
    for target in due.targets:
        with contextlib.suppress(UnknownTargetError):
            ids |= set(course.select([target]))
    return [one for one in standings if one.exercise.id in ids]


def count_streak(days: Iterable[date], today: date) -> int:
    """Count the days in a row, up to today or, since today is not over, to yesterday.

    Parameters
    ----------
    days
        On which something was done, in any order; later ones than today do not count.
    today
        By the same calendar.

    Examples
    --------
    >>> days = [date(2026, 11, 2), date(2026, 11, 3), date(2026, 11, 4)]
    >>> [count_streak(days, date(2026, 11, day)) for day in (2, 4, 5, 6)]
    [1, 3, 3, 0]
    """
    numbers = {day.toordinal() for day in days}
    last = today.toordinal()
    last -= last not in numbers
    count = 0
    while last - count in numbers:
        count += 1
    return count


def read_assignments(course: Course) -> list[Due]:
    """Return what a course wants, with the moments until which it does.

    Raises
    ------
    CourseError
        An entry is not written as it must be.
    """
    file = course.exercises_dir / "course.toml"
    entries = course.settings.get("assignment", [])
    if not isinstance(entries, list) or not all(isinstance(one, dict) for one in entries):
        raise CourseError(f"{file}: an assignment begins with [[assignment]]")
    return [_read(entry, f"{file}: assignment {entry.get('name', '')!r}") for entry in entries]


def _read(entry: Mapping[str, Any], where: str) -> Due:
    name, exam = entry.get("name"), entry.get("exam", "")
    targets, at = entry.get("targets", []), entry.get("due")
    if not isinstance(name, str) or not name or not isinstance(exam, str):
        raise CourseError(f"{where}: name and exam are texts")
    if not isinstance(targets, list) or not all(isinstance(one, str) for one in targets):
        raise CourseError(f'{where}: targets is a list of modules and exercises: ["conv"]')
    if not targets and not exam:
        raise CourseError(f"{where}: it wants nothing: give it targets, or an exam")
    return Due(name, tuple(targets), exam, _moment(at, where))


def _moment(at: object, where: str) -> datetime:
    """Return a moment of TOML with an offset; a day lasts to its end, on this machine's clock."""
    if isinstance(at, datetime):
        return at.astimezone()
    if isinstance(at, date):
        return datetime.combine(at, time.max).astimezone()
    raise CourseError(f"{where}: due is a moment, such as 2026-11-05T23:59:00+01:00")
