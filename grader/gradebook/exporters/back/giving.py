"""Put each student's page where a platform takes it: into a folder, or the archive to upload."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from grader.errors import UsageError
from grader.files import open_whole, write_whole
from grader.files.names import unfit_here
from grader.gradebook.exporters._told import some
from grader.gradebook.exporters.back.choosing import choose
from grader.gradebook.exporters.back.download import (
    ARCHIVE,
    is_download,
    read_download,
    read_participants,
)
from grader.gradebook.exporters.moodle import need_one
from grader.gradebook.pages.feedback import PageWriter
from grader.text import counted, safe_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from grader.course.course import Course
    from grader.gradebook.exporters import Options
    from grader.gradebook.exporters.back.choosing import Given
    from grader.gradebook.view import ClassView

LEFT = "that this run did not write: pages of an earlier one, maybe, so do not upload them"
NO_TIME = (1980, 1, 1, 0, 0, 0)  # so that the same pages make the same archive
UNLIKE = (
    "a team whose members do not have the same results, and Canvas shows a page to all of them, "
    "so given nothing"
)
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
        What was downloaded: a folder, an archive, or Moodle's grading worksheet. It is read alone.
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
    download = read_download(into) if is_download(into) else read_participants(into)
    given = choose(view, download, options.tell)
    with TemporaryDirectory(prefix="dlgrade-") as made:
        writer = PageWriter(course, Path(made), show_cases=options.show_cases)
        pages, unlike = _make_pages(view, writer, given)
        if unlike:
            text = f"{safe_text(view.names[0])}: {len(unlike)} {UNLIKE}"
            options.tell(f"{text}: {some(unlike)}")
        files = ((path, (Path(made) / file).read_bytes()) for path, file in pages)
        left: Sequence[str] = ()
        try:
            if output.suffix.lower() == ARCHIVE:
                _write_archive(output, files)
            elif why := unfit_here(path for path, _ in pages):
                raise UsageError(f"-o: {why}: name an archive, {output.name}{ARCHIVE}")
            else:
                left = _write_folder(output, files)
        except OSError as error:
            raise UsageError(f"-o: {output} cannot be written ({error.strerror})") from error
    if left:
        options.tell(f"{output}: {len(left)} there {LEFT}: {some(left)}")
    how = HOW[download.platform] if pages else "there is nothing to upload"
    return f"{counted(len(pages), 'page')} for {download.platform} in {output}: {how}"


def _make_pages(
    view: ClassView, writer: PageWriter, given: Sequence[Given]
) -> tuple[list[tuple[str, str]], list[str]]:
    """Return path and file of each page, and the teams whose members have other results.

    What a team is given all of it reads, so that nothing which is about one member may be in it.
    """
    wanted = {name: place for place, one in enumerate(given) for name in one.students}
    if any(len(one.students) > 1 for one in given):
        view = replace(view, student=None)  # what the others have is to be known of one, too
    shown: dict[int, list[dict[str, Any]]] = {}
    files: dict[int, str] = {}
    unlike = set()
    for name, works in view.by_student() if wanted else ():
        place = wanted.get(name)
        if place is None:
            continue
        one, prepared = given[place], writer.prepare(works)
        if place not in files:
            called = one.team or works[0].student.person.name
            files[place] = writer.write_prepared(name, called, prepared)
            shown |= {place: prepared} if one.team else {}
        elif shown[place] != prepared:
            unlike.add(place)
    return (
        [(given[at].path, file) for at, file in sorted(files.items()) if at not in unlike],
        [given[at].team for at in sorted(unlike)],
    )


def _write_archive(output: Path, files: Iterable[tuple[str, bytes]]) -> None:
    with open_whole(output) as stream, zipfile.ZipFile(stream, "w") as archive:
        for path, content in files:
            archive.writestr(zipfile.ZipInfo(path, NO_TIME), content, zipfile.ZIP_DEFLATED)


def _write_folder(output: Path, files: Iterable[tuple[str, bytes]]) -> list[str]:
    """Write pages; return what else is in the folder, which nobody asked to remove."""
    output.mkdir(parents=True, exist_ok=True)
    ours = set()
    for path, content in files:
        (output / path).parent.mkdir(exist_ok=True)
        write_whole(output / path, content)
        ours.add(path.partition("/")[0])
    return sorted(one.name for one in output.iterdir() if one.name not in ours)
