"""Say whose the files of a download are, and under which name a platform takes a page back.

**Canvas** ("Re-Upload submissions": `infer_comment_context_from_filename` in its source) takes a
name apart at `_`, passes over `LATE` and a group's name in front, and takes the first two parts
that are numbers for the student and the file; in anonymous assignments the parts behind `anon`. The
file has to be one of that student's newest submission. What follows may have any ending: it becomes
an attachment of a comment, shown under the name of the student's own file. Nothing is taken where
no file was handed in (`…_text.html`), or where the last part begins with `link`.

**Moodle** ("Upload multiple feedback files in a zip": `assignfeedback_file_zip_importer` in its
source) looks in a path for `Full name_17_assignsubmission_file`, or with the name of another
plugin, as a folder or in front of a file's name; a name with a `_` in it is not understood. The
file becomes a feedback file of participant 17, and replaces one of the same name. Nothing can come
back for a team: its number would be taken for a participant's. Who is which participant of an
assignment is in its grading worksheet, for members of teams and for whoever handed in nothing.
"""

from __future__ import annotations

import os
import re
import zipfile
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from grader.errors import UsageError
from grader.gradebook.exporters.moodle import load_worksheet
from grader.gradebook.people.person import Person

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

MAX_NAMES = 200_000
MAX_NAME = 240  # bytes; most systems take 255 for a file or a folder, and none takes more
ARCHIVE, PAGE = ".zip", "feedback.html"
CANVAS, MOODLE = "Canvas", "Moodle"
FOLDER = re.compile(
    r"(?P<name>[^_]*)_(?P<number>\d+)_assignsubmission_(?P<kind>[a-z0-9]+)(?:_.*)?", re.DOTALL
)
NO_NAME = "Participant"
OWNER = re.compile(r"(?P<name>.+?)_(?:LATE_)?(?P<number>[0-9]{1,19})_", re.DOTALL)
NEITHER = "is no download of submissions from Canvas or Moodle"
Parts = tuple[str, ...]  # of a path


class Recipient(NamedTuple):
    """Whom a page is for, as a download knows them, and where it goes in what is given back."""

    person: Person
    path: str


@dataclass(frozen=True)
class Download:
    """A download of the submissions of one assignment.

    Parameters
    ----------
    platform
        Whose it is.
    recipients
        Those in it to whom the platform takes something back.
    others
        Names of files for which it takes nothing.
    outside
        Names that lead out of the archive, or that no system could write: nobody's.
    is_worksheet
        Whether it is the grading worksheet, of which nothing was handed in.
    """

    platform: str
    recipients: Sequence[Recipient]
    others: Sequence[str] = ()
    outside: Sequence[str] = ()
    is_worksheet: bool = False

    @property
    def layout(self) -> str:
        """What the platform's downloads are called where submissions come in."""
        return self.platform.lower()

    def owner_of(self, file: str) -> Person | None:
        """Return whose a file of the download is, by its name; None where that says nobody."""
        if self.platform == CANVAS:
            told = read_canvas_name(file)
            return None if told is None else told[0]
        found = FOLDER.fullmatch(file)
        return None if found is None else Person(found["name"], (found["number"],))


def read_download(path: Path) -> Download:
    """Return who is in a download: a folder, or the archive that it came in.

    Raises
    ------
    UsageError
        It cannot be read, or is of neither platform.
    """
    try:
        paths = list(islice(_paths(path), MAX_NAMES + 1))
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise UsageError(f"--into: {path} cannot be read ({error})") from error
    if len(paths) > MAX_NAMES:
        raise UsageError(f"--into: {path} has more files than any class")
    outside = ["/".join(one) for one in paths if not all(map(_can_be_written, one))]
    paths = [one for one in paths if all(map(_can_be_written, one))]
    found = max(_moodle(paths), _canvas(paths), key=lambda one: len(one.recipients))
    if not found.recipients:
        text = f"--into: {path} {NEITHER}: no name in it is one that these give"
        raise UsageError(f"{text} (`example_1001_9001_conv.py`, `Given Example_17_assign…`)")
    return replace(found, outside=outside)


def is_download(path: Path) -> bool:
    """Tell whether a path is a folder or an archive, and no worksheet."""
    return path.is_dir() or path.suffix.lower() == ARCHIVE or zipfile.is_zipfile(path)


def read_participants(path: Path) -> Download:
    """Return the participants in Moodle's grading worksheet, with a folder for each.

    Raises
    ------
    UsageError
        It is none.
    """
    worksheet = load_worksheet(path)
    worksheet.sheet.need_titles()
    recipients = [Recipient(one, _folder_of(one)) for one in worksheet.people]
    return Download(MOODLE, recipients, is_worksheet=True)


def _folder_of(one: Person) -> str:
    """Return where the page of a participant goes: a name that Moodle reads as it was meant.

    Examples
    --------
    >>> _folder_of(Person("Under_Score/..", ("17",)))
    'Under Score_17_assignsubmission_file_/feedback.html'
    """
    plain = "".join(c if c.isalnum() or c in "-'" else " " for c in one.name)
    name = " ".join(plain.split()) or NO_NAME
    return f"{_beside(name, f'_{one.key}_assignsubmission_file_')}/{PAGE}"


def _beside(name: str, rest: str) -> str:
    """Return a name with what stands behind it, of the name as much as a system has room for.

    Examples
    --------
    >>> len(_beside("\u6f22" * 100, "_17_assignsubmission_file_").encode())
    239
    """
    room = max(MAX_NAME - len(rest.encode()), 0)
    return name.encode()[:room].decode(errors="ignore") + rest


def _paths(path: Path) -> Iterable[Parts]:
    """Yield the parts of each path; an empty one stands at the end of a folder's."""
    if path.is_dir():
        with os.scandir(path) as entries:
            yield from ((one.name, "") if one.is_dir() else (one.name,) for one in entries)
        return
    with zipfile.ZipFile(path) as archive:
        yield from (tuple(name.split("/")) for name in archive.namelist())


def _can_be_written(part: str) -> bool:
    try:
        part.encode()
    except UnicodeEncodeError:
        return False
    return part != ".." and not any(sign in part for sign in "/\\\0")


def _canvas(paths: Iterable[Parts]) -> Download:
    newest: dict[Person, tuple[int, str]] = {}
    others = []
    for *_, name in paths:
        if not name:
            continue
        told = read_canvas_name(name)
        if told is None:
            others.append(name)
            continue
        person, file = told
        front, _, last = name.rpartition("_")
        page = _beside(f"{front}_{last.rpartition('.')[0] or last}", ".html")
        if read_canvas_name(page) != told:  # so long that the numbers in it had no room
            others.append(name)
            continue
        newest[person] = max(newest.get(person, (-1, "")), (file, page))
    recipients = [Recipient(person, page) for person, (_, page) in sorted_by_page(newest)]
    return Download(CANVAS, recipients, sorted(others))


def sorted_by_page(
    newest: dict[Person, tuple[int, str]],
) -> list[tuple[Person, tuple[int, str]]]:
    """Return people with their pages in the order of these, whatever order a system lists."""
    return sorted(newest.items(), key=lambda one: one[1][1])


def read_canvas_name(name: str) -> tuple[Person, int] | None:
    """Return whose a file is and its number, as Canvas reads them; None where it takes nothing.

    Examples
    --------
    >>> read_canvas_name("examplegiven_LATE_1017_9001_conv-1.py")
    (Person(name='examplegiven', ids=('1017',), login='', email='', also_called=()), 9001)
    >>> read_canvas_name("examplegiven_1017_text.html")
    """
    parts = [part for part in name.split("_") if part != "LATE"]
    if not parts or parts[-1].startswith("link") or name.startswith("._"):
        return None
    if parts[0] == "anon" and len(parts) > 3:
        student, file = parts[1:3]
        known = Person(f"anon_{student}", (student,))
        return (known, int(file)) if _is_id(file) else None
    places = [place for place, part in enumerate(parts[:-1]) if _is_id(part)]
    if len(places) < 2:
        return None
    first, second = places[:2]
    return Person("_".join(parts[:first]), (parts[first],)), int(parts[second])


def read_name(name: str) -> Person:
    """Return whose a file is for which nothing is taken back; nobody where its name does not say.

    Examples
    --------
    >>> read_name("linked_LATE_1004_link.html").name, read_name("notes.txt").name
    ('linked', '')
    """
    found = OWNER.match(name)
    return Person() if found is None else Person(found["name"], (found["number"],))


def _is_id(part: str) -> bool:
    return part.isascii() and part.isdigit() and len(part) < 20


def _moodle(paths: Iterable[Parts]) -> Download:
    found: dict[Person, str] = {}
    others = set()
    for parts in paths:
        at = next((at for at, part in enumerate(parts) if FOLDER.fullmatch(part)), None)
        told = None if at is None else FOLDER.fullmatch(parts[at])
        if at is None or told is None:
            others.add(parts[0])
            continue
        person = Person(told["name"], (told["number"],))
        is_folder = at < len(parts) - 1
        rest = f"_{told['number']}_assignsubmission_{told['kind']}_{PAGE}"
        path = f"{parts[at]}/{PAGE}" if is_folder else _beside(told["name"], rest)
        # Where something was typed, too, the folder of the files is the one that is shown.
        if person not in found or told["kind"] == "file":
            found[person] = path
    recipients = [Recipient(*one) for one in sorted(found.items(), key=lambda one: one[1])]
    return Download(MOODLE, recipients, sorted(others))
