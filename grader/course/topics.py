"""Find the page of a module, `topics/<module>.md`: what it is, its formulas, examples by hand.

A course has them in `topics/`, or in `docs/student/topics/` where it is a source tree. A page is
Markdown with one heading for each exercise, or for a few that belong together; no page is no
mistake.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.errors import CourseError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from grader.course.course import Course

HEADING = re.compile(r"(?P<marks>#{1,6}) +(?P<title>.*?) *#*")
FENCE = re.compile(r" {0,3}(```|~~~)")


@dataclass(frozen=True)
class TopicPage:
    """What a course says about one module.

    Parameters
    ----------
    module
        The module.
    text
        The page, in Markdown.
    """

    module: str
    text: str

    @property
    def title(self) -> str:
        """Its first heading; the module's name where it has none."""
        return next((title for _, _, title in _headings(self.text)), self.module)

    def section(self, name: str) -> str:
        r"""Return what stands under the first heading that names an exercise.

        Parameters
        ----------
        name
            The function; a heading may name several, with commas between them.

        Returns
        -------
        str
            From the heading to the next one that is no deeper; "" where no heading names it.

        Examples
        --------
        >>> page = TopicPage("a", "# a\n## up, down\nOne.\n### more\nTwo.\n## left\nThree.\n")
        >>> page.section("down")
        '## up, down\nOne.\n### more\nTwo.'
        >>> page.section("right")
        ''
        """
        lines = self.text.splitlines()
        headings = list(_headings(self.text))
        for place, (number, depth, title) in enumerate(headings):
            if name in re.split(r"[ ,`]+", title):
                rest = headings[place + 1 :]
                end = next((n for n, deep, _ in rest if deep <= depth), len(lines))
                return "\n".join(lines[number:end]).rstrip()
        return ""


def _headings(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield line, depth and title of each heading; a `#` in a block of code is none."""
    inside = ""
    for number, line in enumerate(text.splitlines()):
        fence = FENCE.match(line)
        if fence and inside in ("", fence[1]):
            inside = "" if inside else fence[1]
        elif not inside and (found := HEADING.fullmatch(line)):
            yield number, len(found["marks"]), found["title"]


def find_folder(course: Course) -> Path | None:
    """Return the folder of a course's pages, or None where it has none."""
    root = course.exercises_dir.parent
    places = root / "topics", root / "docs" / "student" / "topics"
    return next((place for place in places if place.is_dir()), None)


def find_page(course: Course, module: str) -> TopicPage | None:
    """Return the page of a module, or None where the course has none.

    Raises
    ------
    CourseError
        It is there and cannot be read.
    """
    folder = find_folder(course)
    if folder is None or not (folder / f"{module}.md").is_file():
        return None
    file = folder / f"{module}.md"
    try:
        return TopicPage(module, file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CourseError(f"{file} cannot be read: {error}") from error


def page_files(course: Course, exercise_ids: Iterable[str], into: str) -> dict[str, bytes]:
    """Return the pages of the exercises' modules by the paths at which they are handed out."""
    folder = find_folder(course)
    modules = dict.fromkeys(exercise_id.partition(".")[0] for exercise_id in exercise_ids)
    found = [] if folder is None else [folder / f"{module}.md" for module in modules]
    return {f"{into}/{file.name}": file.read_bytes() for file in found if file.is_file()}
