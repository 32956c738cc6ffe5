"""The data files that a course hands out beside its stubs: `data` in `exercises/course.toml`.

They are listed, not found, and never hold what the predictions of students are compared with.
"""

from __future__ import annotations

import io
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.course.handout.labels import Labels
from grader.errors import CourseError

if TYPE_CHECKING:
    from pathlib import Path

    from grader.course.course import Course, Exercise

    Array = np.ndarray[Any, Any]

MAX_DATA_MIB = 95  # GitHub takes no larger file
NOT_DATA = {"course.toml", "readme.md", "pyproject.toml"}


def data_files(course: Course) -> dict[str, bytes]:
    """Return the data files of a course by their paths below `exercises/`.

    Raises
    ------
    CourseError
        One of them is no ordinary file in there, is another part of the course, or holds answers.
    """
    listed, toml = course.settings.get("data", []), course.exercises_dir / "course.toml"
    found = {name: _read(course.exercises_dir, name, toml) for name in listed}
    for exercise in course.find(()) if found else ():
        for name, content in found.items():
            if _holds_answers(content, exercise):
                text = f"{toml}: data: {name!r} holds what {exercise.id} compares predictions with"
                raise CourseError(f"{text}: leave that out of it")
    return found


def _read(folder: Path, name: str, toml: Path) -> bytes:
    path, parts = folder / name, PurePosixPath(name).parts
    text = f"{toml}: data: {name!r}"
    if not parts or name != "/".join(parts) or "\\" in name or parts[0] == "/":
        raise CourseError(f"{text} is no path inside of {folder}, like data/train.npz")
    if any(part.startswith(".") for part in parts):
        raise CourseError(f"{text} is hidden, or leads out of {folder}: name a file inside of it")
    if name.lower().endswith((".py", ".ipynb")) or name.lower() in NOT_DATA:
        raise CourseError(f"{text} is no data: stubs and README.md go out by themselves")
    if any((folder / one).is_symlink() for one in (name, *map(str, PurePosixPath(name).parents))):
        raise CourseError(f"{text} is a link: put the file itself there")
    if not path.is_file():
        raise CourseError(f"{text}: there is no file {path}")
    try:
        if path.stat().st_size > MAX_DATA_MIB * 2**20:
            raise CourseError(f"{text} is larger than {MAX_DATA_MIB} MiB, which no git host takes")
        return path.read_bytes()
    except OSError as error:
        raise CourseError(f"{text} cannot be read: {error.strerror}") from error


def _holds_answers(content: bytes, exercise: Exercise) -> bool:
    """Tell whether a file is the answers of an exercise, or holds a telling part of them."""
    asked = exercise.check.handed_in
    path = exercise.check_file.parent / asked.held_out if asked and asked.held_out else None
    if asked is None or path is None or not path.is_file():
        return False
    answers = path.read_bytes()
    if content == answers:
        return True
    right = _read_labels(answers, asked.array)
    return right is not None and Labels(right).are_in(content)


def _read_labels(content: bytes, name: str) -> Array | None:
    """Return the held-out labels; None where the file has none that could be handed out."""
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as loaded:
            right: Array = loaded[name]
            return right if right.dtype.kind in "biuf" else None
    except Exception:  # noqa: BLE001 - whoever grades with them says so
        return None
