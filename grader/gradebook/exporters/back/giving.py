"""Put each student's page where a platform takes it: into a folder, or the archive to upload."""

from __future__ import annotations

import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from grader.errors import UsageError
from grader.files import open_whole, write_whole
from grader.gradebook.exporters._fill import has_another_key
from grader.gradebook.exporters._told import call_all, some
from grader.gradebook.exporters.back.download import read_download, read_name
from grader.gradebook.exporters.moodle import need_one
from grader.gradebook.pages.feedback import write_feedback
from grader.gradebook.people.person import match
from grader.text import counted, safe_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from grader.course.course import Course
    from grader.gradebook.exporters import Options
    from grader.gradebook.exporters.back.download import Download, Recipient
    from grader.gradebook.students import Student
    from grader.gradebook.view import ClassView

ARCHIVE = ".zip"
NO_TIME = (1980, 1, 1, 0, 0, 0)  # so that the same pages make the same archive
HOW = {
    "Canvas": "upload them under the assignment's 'Re-Upload Submissions'; Canvas shows a page "
    "under the name of the student's own file: it is opened in a browser",
    "Moodle": "upload them under 'Upload multiple feedback files in a zip'",
}


def give_pages(view: ClassView, course: Course, into: Path, output: Path, options: Options) -> str:
    """Write each student's page under the name by which the platform knows whose it is.

    Parameters
    ----------
    view
        One assignment.
    course
        For pages.
    into
        What was downloaded: a folder, or an archive. It is read alone.
    output
        A folder, or an archive where its name ends in `.zip`.
    options
        Hidden cases, and what to call with what is to be told.

    Returns
    -------
    str
        One line: how many pages there are, and what to do with them.

    Raises
    ------
    UsageError
        The download is none, or pages cannot be written.
    """
    need_one(view)
    if output.resolve().is_relative_to(into.resolve()):
        where = "the download itself" if output.resolve() == into.resolve() else "in the download"
        raise UsageError(f"-o: {output} is {where}: name another place")
    download = read_download(into)
    given = _choose(view, download, options.tell)
    with TemporaryDirectory(prefix="dlgrade-") as made:
        pages = write_feedback(view, course, Path(made), show_cases=options.show_cases)
        files = ((one.path, (Path(made) / pages[name]).read_bytes()) for name, one in given)
        try:
            (_write_archive if output.suffix.lower() == ARCHIVE else _write_folder)(output, files)
        except OSError as error:
            raise UsageError(f"-o: {output} cannot be written ({error.strerror})") from error
    platform = download.platform
    return f"{counted(len(given), 'page')} for {platform} in {output}: {HOW[platform]}"


def _choose(
    view: ClassView, download: Download, tell: Callable[[str], None]
) -> list[tuple[str, Recipient]]:
    """Return whose page goes where; tell who is in one of the two alone."""
    (assignment,) = view.assignments
    students = view.members(assignment)
    recipients = download.recipients
    pairs = match([one.person for one in students], [one.person for one in recipients])
    names = call_all(students)
    teams = {
        place: names[place]
        for place in pairs
        if download.platform == "Moodle" and _may_be_a_team(students[place], assignment.has_roster)
    }
    others = {
        place: names[place]
        for place, at in pairs.items()
        if has_another_key(students[place], recipients[at].person, download.platform.lower())
    }
    refused = match([one.person for one in students], list(map(read_name, download.others)))
    unseen = [place for place in range(len(students)) if place not in pairs.keys() | refused]
    strange = [one.path for place, one in enumerate(recipients) if place not in set(pairs.values())]
    lines = [
        ("not in the download, so that their page goes nowhere",
         [names[place] for place in unseen if students[place].handed_in]),
        ("handed in nothing, so that there is no place for their page",
         [names[place] for place in unseen if not students[place].handed_in]),
        ("in the download and not in the gradebook, so given nothing",
         [] if view.student is not None else strange),
        ("on no roster, maybe a team whose number is somebody else's in Moodle, so given nothing",
         list(teams.values())),
        ("of the name of somebody in the download who has another number, so given nothing",
         list(others.values())),
        (f"in the download for which {download.platform} takes nothing back", download.others),
    ]  # fmt: skip
    for text, told in lines:
        if told:
            tell(f"{safe_text(assignment.name)}: {len(told)} {text}: {some(told)}")
    return [
        (students[place].name, recipients[at])
        for place, at in pairs.items()
        if place not in teams and place not in others
    ]


def _may_be_a_team(student: Student, has_roster: bool) -> bool:
    """Tell whether a number may be a team's: Moodle would take it for that of a participant."""
    return student.newest.is_unclaimed or (has_roster and student.on_roster is None)


def _write_archive(output: Path, files: Iterable[tuple[str, bytes]]) -> None:
    with open_whole(output) as stream, zipfile.ZipFile(stream, "w") as archive:
        for path, content in files:
            archive.writestr(zipfile.ZipInfo(path, NO_TIME), content, zipfile.ZIP_DEFLATED)


def _write_folder(output: Path, files: Iterable[tuple[str, bytes]]) -> None:
    output.mkdir(parents=True, exist_ok=True)
    for path, content in files:
        (output / path).parent.mkdir(exist_ok=True)
        write_whole(output / path, content)
