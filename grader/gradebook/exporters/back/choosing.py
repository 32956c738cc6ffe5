"""Choose whose page goes where: never a stranger's, and a team's where the platform takes one."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from grader.gradebook.counterparts import has_another_key, known_as, match_asked
from grader.gradebook.exporters._told import call_all, some
from grader.gradebook.exporters.back.download import MOODLE, read_name
from grader.gradebook.people.person import match
from grader.text import safe_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from grader.gradebook.exporters.back.download import Download, Recipient
    from grader.gradebook.students import Student
    from grader.gradebook.view import ClassView

UNSEEN = "not in the {where}, so that their page goes nowhere"
NOTHING_CAME = "handed in nothing, so that there is no place for their page"
STRANGE = "in the {where} and not in the gradebook, so given nothing"
MAYBE_A_TEAM = (
    "on no roster, maybe a team whose number is somebody else's in Moodle, so given nothing"
)
NAMESAKE = "of the name of somebody in the {where} who has another number, so given nothing"
IN_A_TEAM = (
    "in a team, whose number Moodle would take for a participant's, so given nothing; the grading "
    "worksheet of the assignment says who they are: --into WORKSHEET -o FILE.zip"
)
NOTHING_BACK = "in the {where} for which {platform} takes nothing back"
OUTSIDE = "with a name that leads out of the {where}, so passed over"


class Given(NamedTuple):
    """A page that goes back: whose it is, where it goes, and the name of the team that reads it."""

    students: tuple[str, ...]
    path: str
    team: str = ""


def choose(view: ClassView, download: Download, tell: Callable[[str], None]) -> list[Given]:
    """Return whose page goes where; tell who gets none, and why.

    Parameters
    ----------
    view
        One assignment.
    download
        What is given back to.
    tell
        Called with each line.
    """
    (assignment,) = view.assignments
    asked = {one.name: one for one in view.members(assignment)}
    shared = {one.name: one for one in assignment.students if _is_shared(one, download)}
    teams = _find_teams(shared.values(), download)
    alone = [one for name, one in asked.items() if name not in shared]
    recipients = [one for at, one in enumerate(download.recipients) if at not in teams]
    beside = [one for one in view.unasked(assignment) if one.name not in shared]
    known = [known_as(one, download.layout) for one in alone]
    people = [one.person for one in recipients]
    pairs = match_asked(known, beside, people, download.layout)
    told: dict[str, list[str]] = {}
    given = []
    for at, to in pairs.items():
        why = _why_not(alone[at], recipients[to], download, has_roster=assignment.has_roster)
        if why:
            told.setdefault(why, []).append(alone[at].name)
        else:
            given.append(Given((alone[at].name,), recipients[to].path))
    taken = set(pairs.values())
    if view.student is None:
        told[STRANGE] = [one.path for at, one in enumerate(recipients) if at not in taken]
    refused = match([one.person for one in alone], list(map(read_name, download.others)))
    unseen = [one for at, one in enumerate(alone) if at not in pairs.keys() | refused]
    if download.platform == MOODLE:
        told[IN_A_TEAM] = [name for name in shared if name in asked]
    else:
        found = {one.name for some in teams.values() for one in some}
        unseen += [one for name, one in shared.items() if name in asked and name not in found]
        given += _team_pages(teams, download, asked)
    told[UNSEEN] = [one.name for one in unseen if one.handed_in or download.is_worksheet]
    told[NOTHING_CAME] = [one.name for one in unseen if one.name not in told[UNSEEN]]
    told |= {NOTHING_BACK: list(download.others), OUTSIDE: list(download.outside)}
    everybody = assignment.students
    called = dict(zip((one.name for one in everybody), call_all(everybody), strict=True))
    _tell(assignment.name, told, called, download, tell)
    return given


def _is_shared(student: Student, download: Download) -> bool:
    """Tell whether what is there of a student is a team's, of which it is known who is in it."""
    came = student.newest
    is_known = bool(came.team) and not came.is_unclaimed
    return is_known and came.layout == download.layout and not download.is_worksheet


def _find_teams(shared: Iterable[Student], download: Download) -> dict[int, list[Student]]:
    """Return the members of each team by the place of its work, as the files' names say it."""
    places = {one.person: at for at, one in enumerate(download.recipients)}
    found: dict[int, list[Student]] = {}
    for one in shared:
        owners = [owner for owner in map(download.owner_of, one.newest.files) if owner in places]
        for owner in owners[:1]:
            if owner is not None:
                found.setdefault(places[owner], []).append(one)
    return found


def _team_pages(
    teams: Mapping[int, Sequence[Student]], download: Download, asked: Mapping[str, Student]
) -> list[Given]:
    return [
        Given(tuple(one.name for one in some), download.recipients[at].path, some[0].newest.team)
        for at, some in sorted(teams.items())
        if any(one.name in asked for one in some)
    ]


def _why_not(
    student: Student, recipient: Recipient, download: Download, *, has_roster: bool
) -> str:
    """Return why a page does not go to whom it seems to belong to; empty where it does."""
    came = student.newest
    is_nobodys = came.is_unclaimed or (has_roster and student.on_roster is None)
    if download.platform == MOODLE and is_nobodys:
        return MAYBE_A_TEAM  # Moodle would take its number for that of a participant
    is_other = has_another_key(student, recipient.person, download.layout)
    return NAMESAKE if is_other else ""


def _tell(
    name: str,
    told: Mapping[str, Sequence[str]],
    called: Mapping[str, str],
    download: Download,
    tell: Callable[[str], None],
) -> None:
    where = "worksheet" if download.is_worksheet else "download"
    for text in (
        UNSEEN, NOTHING_CAME, STRANGE, MAYBE_A_TEAM, NAMESAKE, IN_A_TEAM, NOTHING_BACK, OUTSIDE
    ):  # fmt: skip
        if names := [called.get(one, one) for one in told.get(text, ())]:
            line = text.format(where=where, platform=download.platform)
            tell(f"{safe_text(name)}: {len(names)} {line}: {some(names)}")
