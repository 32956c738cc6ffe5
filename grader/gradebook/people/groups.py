"""Read who is in which team: Canvas's export of groups, Moodle's tables, or `group,member`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from grader.errors import UsageError
from grader.gradebook.people.columns import find_columns
from grader.gradebook.people.person import Person, compact
from grader.gradebook.people.tables import read_table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from grader.gradebook.people.columns import Columns

OPTION = "--groups"
TITLES = {
    "group": {"group", "groupname", "team", "teamname", "gruppe", "gruppenname", "groupe", "grupo"}
    | {"gruppo", "groep", "grupp"},
    "groups": {"groups", "gruppen", "groupes", "grupos", "gruppi", "groepen", "grupper"},
    "group id": {"groupid", "canvasgroupid", "teamid", "groupidnumber"},
    "member": {"member", "members", "mitglied", "mitglieder", "membre", "miembro", "membro"},
}
MAX_SEATS = 1_000_000


@dataclass(frozen=True)
class Group:
    """A team and who is in it.

    Parameters
    ----------
    name
        As people read it.
    ids
        What the platform calls it by.
    members
        Everybody, in the file's order.
    """

    name: str
    ids: tuple[str, ...] = ()
    members: tuple[Person, ...] = ()


def read_groups(path: Path) -> list[Group]:
    """Return the teams in a table, in its order.

    Parameters
    ----------
    path
        A CSV file with a header that names a column of groups, and columns that say who somebody
        is; Canvas's export of groups, Moodle's grading worksheet and table of participants work as
        they are.

    Raises
    ------
    UsageError
        The file cannot be read, has no such columns, or has a line that puts nobody into a team.
    """
    table = read_table(path, OPTION)
    columns = find_columns(table, path, OPTION, TITLES)
    if not columns.places.keys() & {"group", "groups", "group id"}:
        text = f"{OPTION}: {path} has no column of groups; it needs a header such as"
        raise UsageError(f"{text} 'group,member', or Canvas's 'group_name'")
    teams: dict[tuple[str, ...], Group] = {}
    members: dict[tuple[str, ...], dict[Person, None]] = {}
    seats = 0
    for line, row in table.rows:
        groups = _groups(columns, row)
        some = _members(columns, row)
        if groups and not some:
            raise UsageError(f"{OPTION}: {path}, line {line}: it says a group and nobody in it")
        for one in groups:
            key = one.ids or (compact(one.name),)
            teams.setdefault(key, one)
            members.setdefault(key, {}).update(dict.fromkeys(some))
            seats += len(some)
        if seats > MAX_SEATS:
            raise UsageError(f"{OPTION}: {path} puts more people into groups than any class has")
    return [replace(one, members=tuple(members[key])) for key, one in teams.items()]


def _groups(columns: Columns, row: Sequence[str]) -> list[Group]:
    """Return the groups that a row names; Moodle's table of participants has several in a cell."""
    name = "".join(columns.cells(row, "group")[:1])
    ids = tuple(columns.cells(row, "group id"))
    if name or ids:
        return [Group(name or ids[0], ids)]
    names = [part.strip() for cell in columns.cells(row, "groups") for part in cell.split(",")]
    return [Group(one) for one in dict.fromkeys(names) if one]


def _members(columns: Columns, row: Sequence[str]) -> list[Person]:
    """Return who a row puts into its group: by the columns of a person, or any word for one."""
    person = columns.person(row)
    if person is not None:
        return [person]
    words = [part.strip() for cell in columns.cells(row, "member") for part in cell.split(";")]
    return [Person(one, also_called=(one,)) for one in words if one]
