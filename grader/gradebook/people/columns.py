"""Tell what the columns of a table are by their titles, and whom a row is about."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.errors import UsageError
from grader.gradebook.people.person import Person, compact, is_number
from grader.text import safe_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from grader.gradebook.people.tables import Table

WHO = {
    "name": {"name", "student", "fullname", "studentname", "vollstandigername", "nomcomplet"}
    | {"nombrecompleto", "nomecompleto", "rostername"},
    "first": {"firstname", "first", "givenname", "vorname", "prenom", "nombre", "nome"},
    "last": {"lastname", "last", "surname", "familyname", "nachname", "apellidos", "apellidoa"}
    | {"nomdefamille", "cognome"},
    "id": {"id", "sid", "studentid", "studentnumber", "userid", "sisuserid", "idnumber"}
    | {"identifier", "matriculation", "matrikelnummer", "number", "githubid", "rosteridentifier"}
    | {"externalid", "canvasid", "canvasuserid", "participant", "orgdefinedid", "identifiant"}
    | {"idnummer", "numerodidentification", "numerodeid"},
    "login": {"login", "username", "user", "loginid", "sisloginid", "githubusername", "netid"}
    | {"anmeldename", "benutzername", "nomdutilisateur"},
    "email": {"email", "emailaddress", "mail", "emailadresse", "adressedecourriel"}
    | {"direcciondecorreo"},
}  # fmt: skip
WORDS = {"first": "first name", "last": "last name", "email": "e-mail"}
NEEDED = "name, first name, last name, id, login, e-mail"
MAX_CELL = 1_000
SHOWN_TITLES, SHOWN_TITLE = 12, 60
D2L = {"orgdefinedid", "endoflineindicator"}


@dataclass(frozen=True)
class Columns:
    """Where the columns of each meaning are.

    Parameters
    ----------
    table
        The table.
    places
        By meaning, in the table's order.
    hashed
        Whether D2L wrote it, which puts `#` before keys so that no spreadsheet counts with them.
    """

    table: Table
    places: Mapping[str, Sequence[int]]
    hashed: bool = False

    def cells(self, row: Sequence[str], meaning: str) -> list[str]:
        """Return what a row says in the columns of a meaning, without what is empty."""
        texts = [
            row[place][:MAX_CELL].strip()
            for place in self.places.get(meaning, ())
            if place < len(row)
        ]
        if self.hashed:
            texts = [text.removeprefix("#") for text in texts]
        return [text for text in texts if text]

    def person(self, row: Sequence[str]) -> Person | None:
        """Return whom a row is about; None for nobody."""
        names = self.cells(row, "first") + self.cells(row, "last")
        name = (self.cells(row, "name") or [" ".join(names)])[0]
        ids = [key for text in self.cells(row, "id") for key in _keys(text)]
        login, email = ((self.cells(row, meaning) or [""])[0] for meaning in ("login", "email"))
        if not (name or ids or login or email):
            return None
        return Person(name, tuple(ids), login, email)

    def describe(self) -> str:
        """Return in words from which column each meaning was read, and which were not used."""
        used = {place for places in self.places.values() for place in places}
        parts = []
        for meaning, places in self.places.items():
            titles = _titles([self.table.titles[place] for place in places], " and ")
            parts.append(f"{WORDS.get(meaning, meaning)} from {titles}")
        rest = [title for at, title in enumerate(self.table.titles) if at not in used and title]
        left = f"; not used: {_titles(rest, ', ')}" if rest else ""
        return f"{', '.join(parts)}{left}"


def find_columns(
    table: Table, path: Path, option: str, more: Mapping[str, set[str]] | None = None
) -> Columns:
    """Return where the columns of each meaning are; of those who somebody is, one at least.

    Parameters
    ----------
    table
        The table.
    path, option
        The file and how it was named, for messages.
    more
        Meanings beside those of a person, and the titles they have.

    Raises
    ------
    UsageError
        No column says who somebody is.
    """
    plain = [compact(title) for title in table.titles]
    words = {**(more or {}), **WHO}
    places: dict[str, list[int]] = {}
    for meaning, titles in words.items():
        found = [place for place, title in enumerate(plain) if title in titles]
        if meaning == "id" and "userid" in plain:  # of what a row is, then, and not of whom
            found = [place for place in found if plain[place] != "id"]
        if found:
            places[meaning] = found
    if not places.keys() & {"name", "last", "login", "email", "id", "member"}:
        text = f"{option}: {path} has no column that says who somebody is"
        raise UsageError(f"{text}; it needs a header with some of: {NEEDED}")
    return Columns(table, places, hashed=not D2L.isdisjoint(plain))


def _keys(text: str) -> list[str]:
    """Return the keys that a cell gives: Moodle writes `Participant 123`, in its own language."""
    found = re.fullmatch(r"(\D{6,})(\d+)", text)
    if found is None or "@" in text or not (found[1][-1].isspace() or is_number(text)):
        return [text]
    return [found[2], text]


def _titles(titles: Sequence[str], between: str) -> str:
    shown = [f"'{safe_text(title[:SHOWN_TITLE])}'" for title in titles[:SHOWN_TITLES]]
    more = len(titles) - SHOWN_TITLES
    return between.join(shown) + (f" and {more} more" if more > 0 else "")
