"""What `dlgrade list` needs to know of each exercise, without running seventy checks to learn it.

And what the course itself is called, wherever one is named to a person.

Points and lessons stand in the checks, which are Python. They are read once and kept in the user's
cache, under a key that changes with every file of the course; a damaged or missing file is made
anew, and one that cannot be written is no reason to stop.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from grader._version import __version__
from grader.files import write_whole
from grader.text import safe_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from grader.course.course import Course, Exercise


@dataclass(frozen=True)
class Outline:
    """One exercise in a line.

    Parameters
    ----------
    id
        `conv.im2col`.
    points
        What it is worth.
    lesson
        The line that the student reads about it.
    requires
        Ids of the exercises that it builds on.
    """

    id: str
    points: float
    lesson: str
    requires: tuple[str, ...]

    @property
    def module(self) -> str:
        """The file that it is in."""
        return self.id.partition(".")[0]

    @property
    def name(self) -> str:
        """The function."""
        return self.id.partition(".")[2]


def course_name(course: Course) -> str:
    """Return what a course is called: its title and its own version, and the digest of its files.

    Raises
    ------
    CourseError
        `course.toml` cannot be read.
    """
    said = [course.settings.get(key, "") for key in ("title", "version")]
    words = [safe_text(word) for word in said if word]
    return f"{' '.join(words)} ({course.digest})" if words else course.digest


def outline_of(exercise: Exercise) -> Outline:
    """Return the outline of an exercise that is loaded anyway."""
    return Outline(exercise.id, float(exercise.check.points), exercise.lesson, exercise.requires)


def read_outlines(
    course: Course, targets: Sequence[str] = (), cache: Path | None = None
) -> tuple[Outline, ...]:
    """Return the outlines of the exercises that targets name, in the course's order.

    Parameters
    ----------
    course
        The course.
    targets
        Modules or exercises; all for none.
    cache
        The folder of the cache; None for the user's own.

    Raises
    ------
    UnknownTargetError
        A target is neither a module nor an exercise.
    CourseError
        A check is missing or broken.
    """
    chosen = course.select(targets)
    file = (cache or _user_cache()) / f"outline-{_key(course)}.json"
    outlines = _load(file)
    if not set(chosen) <= set(outlines):
        outlines = {exercise.id: outline_of(exercise) for exercise in course.find(())}
        _keep(file, outlines)
    return tuple(outlines[exercise_id] for exercise_id in chosen)


def _user_cache() -> Path:
    import platformdirs  # noqa: PLC0415 - only where there is no other folder

    return platformdirs.user_cache_path("dlgrade")


def _key(course: Course) -> str:
    """Return a fingerprint of the names, sizes and times of all that the outlines come from."""
    state = hashlib.sha256(f"{__version__} {course.exercises_dir.resolve()}".encode())
    for folder in (course.exercises_dir, course.checks_dir):
        for path in sorted([*folder.glob("*.*"), *folder.glob("*/*.py")]):
            facts = path.stat()
            state.update(f"{path} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    return state.hexdigest()[:24]


def _load(file: Path) -> dict[str, Outline]:
    try:
        rows = json.loads(file.read_bytes())
        found = [_outline(row) for row in rows]
    except (OSError, ValueError, TypeError, KeyError):
        return {}
    return {outline.id: outline for outline in found}


def _outline(row: Mapping[str, Any]) -> Outline:
    requires = tuple(map(str, row["requires"]))
    return Outline(str(row["id"]), float(row["points"]), str(row["lesson"]), requires)


def _keep(file: Path, outlines: dict[str, Outline]) -> None:
    with contextlib.suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        for old in file.parent.glob("outline-*.json"):
            old.unlink(missing_ok=True)
        write_whole(file, json.dumps([asdict(outline) for outline in outlines.values()]))
