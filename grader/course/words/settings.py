"""What `exercises/course.toml` may say: a word that nobody reads is a slip."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

from grader.errors import CourseError
from grader.text.meant import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

KEYS = ("title", "version", "modules", "imports", "about_torch", "data", "decks", "assignment")
OF_ASSIGNMENT = ("name", "targets", "exam", "due")


def read_settings(file: Path) -> dict[str, Any]:
    """Return what a course's settings say; nothing where there are none.

    Raises
    ------
    CourseError
        They cannot be read, or are not as they should be.
    """
    if not file.is_file():
        return {}
    try:
        found = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CourseError(f"{file} cannot be read: {error}") from error
    require_settings(found, file)
    return found


def require_settings(settings: Mapping[str, Any], file: Path) -> None:
    """Make sure that all keys are read by somebody, and what they hold is of their kind.

    Parameters
    ----------
    settings
        The table.
    file
        Where it is written.

    Raises
    ------
    CourseError
        Something is not.
    """
    _require_known(settings, KEYS, file)
    for key in ("title", "version"):
        if not isinstance(settings.get(key, ""), str):
            raise CourseError(f'{file}: {key} is a text in quotes: {key} = "..."')
    modules = _texts_of(settings, "modules", 'names: modules = ["basics"]', file)
    _texts_of(settings, "imports", 'names: imports = ["scipy"]', file)
    _texts_of(settings, "data", 'files: data = ["data/train.npz"]', file)
    if not isinstance(settings.get("about_torch", True), bool):
        raise CourseError(f"{file}: about_torch is true or false")
    twice = next((one for one in modules if modules.count(one) > 1), None)
    if twice:
        raise CourseError(f"{file}: modules: {twice!r} is there twice")
    decks = settings.get("decks", {})
    if not isinstance(decks, dict) or not all(isinstance(one, str) for one in decks.values()):
        raise CourseError(f'{file}: decks is a table: [decks], and below it "001" = "Week 1"')
    assignments = settings.get("assignment", [])
    if not isinstance(assignments, list) or not all(isinstance(one, dict) for one in assignments):
        raise CourseError(f"{file}: an assignment begins with [[assignment]]")
    for entry in assignments:
        _require_known(entry, OF_ASSIGNMENT, f"{file}: assignment {entry.get('name', '')!r}")


def _texts_of(settings: Mapping[str, Any], key: str, what: str, file: Path) -> list[str]:
    """Return a list of texts; none where the key is not there."""
    found = settings.get(key, [])
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise CourseError(f"{file}: {key} is a list of {what}")
    return found


def require_there(settings: Mapping[str, Any], file: Path, found: Collection[str]) -> None:
    """Make sure that no module which is put in order is another one misspelt.

    A module may be left out of a copy of a course, and its place in the order stays.

    Raises
    ------
    CourseError
        One is.
    """
    named = settings.get("modules", [])
    others = {one: one for one in found if one not in named}
    for name in named:
        meant = "" if name in found else did_you_mean(name, others, "")
        if meant:
            text = f"{file}: modules: there is no {file.parent.name}/{name}.py"
            raise CourseError(f"{text}; {meant}")


def _require_known(table: Mapping[str, Any], keys: Collection[str], where: object) -> None:
    for key in table:
        if key not in keys:
            help_ = did_you_mean(key, {one: one for one in keys}, f"there are {', '.join(keys)}")
            raise CourseError(f"{where}: nothing is called {key!r}; {help_}")
