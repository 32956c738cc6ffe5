"""Where a question comes from: lectures by number, their titles, and the place in each."""

from __future__ import annotations

import tomllib
from functools import cache
from typing import TYPE_CHECKING

from grader.errors import CourseError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

ADDED = "added"
"""For `deck`: no lecture asks this."""


@cache
def read_titles(file: Path) -> Mapping[str, str]:
    """Return the lectures' titles by their numbers; none where the course does not say them.

    Parameters
    ----------
    file
        The course's `course.toml`.

    Raises
    ------
    CourseError
        It cannot be read.
    """
    if not file.is_file():
        return {}
    try:
        found = tomllib.loads(file.read_text(encoding="utf-8")).get("decks", {})
    except (OSError, ValueError) as error:
        raise CourseError(f"{file} cannot be read: {error}") from error
    return {str(n): str(title) for n, title in found.items()} if isinstance(found, dict) else {}


def read_places(name: str, found: object) -> dict[str, str]:
    """Return the lectures that an item names, by number, and the place in each; "" for unsaid.

    Parameters
    ----------
    name
        The item, for messages.
    found
        What its `deck` says: numbers, `"added"`, or a table of places.

    Raises
    ------
    CourseError
        It says neither.

    Examples
    --------
    >>> read_places("a.b", "000, 003"), read_places("a.b", "added")
    ({'000': '', '003': ''}, {})
    """
    if isinstance(found, str):
        numbers = [] if found.strip() == ADDED else found.split(",")
        return {number.strip(): "" for number in numbers}
    if not isinstance(found, dict) or not all(isinstance(place, str) for place in found.values()):
        raise CourseError(f"{name}: deck must be a text, or a place for each lecture")
    return {str(number): place.strip() for number, place in found.items()}


def with_titles(places: Mapping[str, str], titles: Mapping[str, str]) -> dict[str, str]:
    """Return places by the titles of their lectures; one that has none is called by its number."""
    return {
        titles.get(number, f"deck {number}" if number.isdigit() else number): place
        for number, place in places.items()
    }
