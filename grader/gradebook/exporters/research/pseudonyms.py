"""What students are called in a copy for research: the same in every export of one gradebook.

A pseudonym is made of a student's name in the gradebook with a secret key, so that nobody without
the key finds it by trying names. The key lies beside the gradebook (`gradebook.db.pseudonyms`, for
its owner alone) and not in it: a copy of the gradebook that is handed on does not say who is who in
a copy for research, and whoever deletes the key cuts the link for good. Beside the key stand the
pseudonyms that were given, by digests: who was absent at first and is called otherwise since they
handed in is found again by the same line of the roster, and whose line was mended by its number.
"""

from __future__ import annotations

import hmac
import json
import secrets
from typing import TYPE_CHECKING

from grader.errors import UsageError
from grader.files import OWNER_ONLY, write_whole
from grader.gradebook.store.opening import side_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from grader.gradebook.people.person import Person
    from grader.gradebook.students import Student

END = ".pseudonyms"
KEY_BYTES, SHOWN_DIGITS, DIGITS = 32, 10, 64
MAX_BYTES = 64 * 2**20


def find_pseudonyms(book: Path, classes: Mapping[str, Sequence[Student]]) -> dict[str, str]:
    """Return the pseudonym of everybody in a gradebook, by name; new ones are written down.

    Two students of one assignment never have the same one.

    Parameters
    ----------
    book
        The gradebook's file.
    classes
        Everybody, by assignment.

    Raises
    ------
    UsageError
        The file beside the gradebook cannot be read or written.
    """
    path = side_file(book, END)
    key, known = _load(path)
    before = dict(known)
    marks: dict[str, list[str]] = {}
    homes: dict[str, list[str]] = {}
    for assignment, students in classes.items():
        for one in students:
            homes.setdefault(one.name, []).append(assignment)
            mine = marks.setdefault(one.name, [_digest(key, "name", one.name)])
            mine += [_digest(key, *words) for words in _roster_words(one.on_roster, assignment)]
    found: dict[str, str] = {}
    taken: set[tuple[str, str]] = set()
    for name in sorted(marks, key=lambda name: (marks[name][0] not in before, name)):
        asked = [known[mark] for mark in marks[name] if mark in known]
        free = (one for one in asked if not {(home, one) for home in homes[name]} & taken)
        found[name] = next(free, None) or _new(key, name, set(known.values()))
        taken |= {(home, found[name]) for home in homes[name]}
        for mark in marks[name]:
            known.setdefault(mark, found[name])
    if known != before or not path.exists():
        _write(path, key, known)
    return found


def _roster_words(person: Person | None, assignment: str) -> Iterator[Sequence[str]]:
    """Yield what tells a line of the roster from all others.

    The whole line does, unless it is numbers alone: a participant of Moodle has another number in
    every assignment. In one assignment a number stays one person's, however the line is mended.
    """
    if person is None:
        return
    if person.name or person.login or person.email:
        yield ("roster", person.name, person.login, person.email, *person.ids)
    for number in person.ids:
        yield ("number", assignment, number)


def _digest(key: bytes, *words: str) -> str:
    return hmac.digest(key, json.dumps(words).encode(), "sha256").hex()


def _new(key: bytes, name: str, taken: set[str]) -> str:
    digest = _digest(key, "pseudonym", name)
    for digits in range(SHOWN_DIGITS, DIGITS):
        if (pseudonym := f"student-{digest[:digits]}") not in taken:
            return pseudonym
    return f"student-{digest}"


def _load(path: Path) -> tuple[bytes, dict[str, str]]:
    """Return the key and what was given before; a new key where there is no file."""
    try:
        with path.open("rb") as file:
            data = json.loads(file.read(MAX_BYTES))
        key, known = bytes.fromhex(data["key"]), dict(data["known"])
    except FileNotFoundError:
        return secrets.token_bytes(KEY_BYTES), {}
    except OSError as error:
        raise UsageError(f"--anonymous: {path} cannot be read ({error.strerror})") from error
    except (ValueError, KeyError, TypeError, RecursionError):
        key, known = b"", {}
    if len(key) != KEY_BYTES or not all(isinstance(name, str) for name in known.values()):
        text = f"--anonymous: {path} does not hold what an export wrote there"
        raise UsageError(f"{text}: restore it, or move it away for new pseudonyms")
    return key, known


def _write(path: Path, key: bytes, known: dict[str, str]) -> None:
    try:
        write_whole(path, json.dumps({"key": key.hex(), "known": known}), mode=OWNER_ONLY)
    except OSError as error:
        text = f"--anonymous: {path} cannot be written ({error.strerror})"
        raise UsageError(f"{text}: pseudonyms would not be the same next time") from error
