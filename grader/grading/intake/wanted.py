"""What is looked for in a submission: functions by their module, and files by their names."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grader.course.course import Exercise


def wanted_functions(exercises: Iterable[Exercise]) -> dict[str, set[str]]:
    """Return the names of the functions that are asked for, by module."""
    wanted: dict[str, set[str]] = {}
    for exercise in exercises:
        if exercise.check.handed_in is None:
            wanted.setdefault(exercise.module, set()).add(exercise.name)
    return wanted


def wanted_files(exercises: Iterable[Exercise]) -> list[str]:
    """Return the names of the files with predictions that are asked for."""
    asked = [exercise.check.handed_in for exercise in exercises]
    return list(dict.fromkeys(one.file for one in asked if one is not None))
