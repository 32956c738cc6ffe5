"""Read a class list: any CSV with a header that names its columns, in whatever order.

The files that platforms hand out work as they are: Canvas's gradebook, Moodle's grading worksheet,
Gradescope's and GitHub Classroom's rosters.
"""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING

from grader.errors import UsageError
from grader.gradebook.people.person import Person, compact

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

COLUMNS = {
    "name": {"name", "student", "fullname", "studentname", "vollstandigername", "nomcomplet"}
    | {"nombrecompleto", "rostername"},
    "first": {"firstname", "first", "givenname", "vorname", "prenom", "nombre"},
    "last": {"lastname", "last", "surname", "familyname", "nachname", "apellidos"},
    "login": {"login", "username", "user", "loginid", "sisloginid", "githubusername", "netid"}
    | {"anmeldename", "benutzername"},
    "email": {"email", "emailaddress", "mail", "emailadresse", "adressedecourriel"},
    "id": {"id", "sid", "studentid", "studentnumber", "userid", "sisuserid", "idnumber"}
    | {"identifier", "matriculation", "matrikelnummer", "number", "githubid", "rosteridentifier"}
    | {"externalid", "canvasid", "participant"},
}
MAX_BYTES = 16 * 2**20
MAX_CELL = 1_000
NOBODY = ("Points Possible", "Student, Test")  # two of Canvas's own rows
PARTICIPANT = re.compile(r"\D{6,}(\d+)")  # a word in some language and a number


def read_roster(path: Path) -> list[Person]:
    """Return everybody on a roster, in its order.

    Parameters
    ----------
    path
        A CSV file with a header; commas, semicolons or tabs between the cells.

    Raises
    ------
    UsageError
        The file cannot be read, or no column says who somebody is.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
        text = content.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"--roster: {path} cannot be read as UTF-8 text: {error}") from error
    if len(content) > MAX_BYTES:
        raise UsageError(f"--roster: {path} is larger than {MAX_BYTES // 2**20} MiB: no class list")
    try:
        lines = csv.reader(text.splitlines(keepends=True), delimiter=_delimiter(text))
        rows = [row for row in lines if row]
    except csv.Error as error:
        raise UsageError(f"--roster: {path} is no table: {error}") from error
    columns = _columns(rows[0] if rows else [])
    if not columns.keys() & {"name", "last", "login", "email", "id"}:
        wanted = "a header with some of: name, first name, last name, id, login, e-mail"
        raise UsageError(
            f"--roster: {path} has no column that says who somebody is; it needs {wanted}"
        )
    people = [_person(row, columns) for row in rows[1:]]
    return [one for one in people if one is not None]


def _delimiter(text: str) -> str:
    head = text.partition("\n")[0]
    return max(",;\t", key=head.count)


def _columns(header: Sequence[str]) -> dict[str, list[int]]:
    """Return the places of the columns of each meaning."""
    found: dict[str, list[int]] = {}
    for place, title in enumerate(header):
        for meaning, words in COLUMNS.items():
            if compact(title) in words:
                found.setdefault(meaning, []).append(place)
    return found


def _person(row: Sequence[str], columns: dict[str, list[int]]) -> Person | None:
    def cells(meaning: str) -> list[str]:
        texts = [
            row[place][:MAX_CELL].strip() for place in columns.get(meaning, []) if place < len(row)
        ]
        return [text for text in texts if text]

    name = (cells("name") or [" ".join(cells("first") + cells("last"))])[0]
    ids = [number for text in cells("id") for number in _numbers(text)]
    login, email = (cells("login") or [""])[0], (cells("email") or [""])[0]
    if name in NOBODY or not (name or ids or login or email):
        return None
    return Person(name, tuple(ids), login, email)


def _numbers(text: str) -> list[str]:
    """Return the keys that a cell gives: Moodle writes `Participant 123`, in its own language."""
    found = PARTICIPANT.fullmatch(text)
    return [found[1], text] if found and "@" not in text else [text]
