"""Read a class list: any CSV with a header that names its columns, in whatever order.

The files that platforms hand out work as they are: Canvas's gradebook, Moodle's grading worksheet,
D2L's grades, Gradescope's and GitHub Classroom's rosters.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.gradebook.people.columns import find_columns
from grader.gradebook.people.tables import read_table
from grader.text import safe_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from grader.gradebook.people.person import Person

OPTION = "--roster"
NOT_PEOPLE = ("Points Possible", "Student, Test")  # two of Canvas's own rows


@dataclass(frozen=True)
class Roster:
    """A class list as it was read.

    Parameters
    ----------
    people
        Everybody, in the file's order; who is there twice with every key is there once.
    how
        One line: how each column was read.
    twice
        Who is there twice, and where: one line each.
    """

    people: Sequence[Person]
    how: str = ""
    twice: Sequence[str] = ()


def read_roster(path: Path) -> Roster:
    """Return everybody on a roster.

    Parameters
    ----------
    path
        A CSV file with a header; commas, semicolons or tabs between the cells.

    Raises
    ------
    UsageError
        The file cannot be read, or no column says who somebody is.
    """
    table = read_table(path, OPTION)
    columns = find_columns(table, path, OPTION)
    lines = [(line, columns.person(row)) for line, row in table.rows]
    listed = [(line, one) for line, one in lines if one is not None and one.name not in NOT_PEOPLE]
    people = list(dict.fromkeys(one for _, one in listed))
    count = f"{len(people)} {'person' if len(people) == 1 else 'people'}"
    how = f"{OPTION}: {columns.describe()}; {count}, {table.encoding}"
    return Roster(people, how, _find_twice(listed))


def _find_twice(listed: Iterable[tuple[int, Person]]) -> list[str]:
    """Return a line for each key that is on several lines."""
    owners: dict[str, list[tuple[int, Person]]] = {}
    for line, one in listed:
        for key in dict.fromkeys(filter(None, (*one.ids, one.login, one.email))):
            owners.setdefault(key.casefold(), []).append((line, one))
    told: dict[tuple[int, ...], str] = {}
    for key, some in owners.items():
        if len(some) > 1:
            lines = tuple(line for line, _ in some)
            names = dict.fromkeys(safe_name(one.name or key) for _, one in some)
            where = ", ".join(map(str, lines))
            told.setdefault(
                lines, f"{' and '.join(names)}, by {safe_name(key)} (lines {where} of the roster)"
            )
    return list(told.values())
