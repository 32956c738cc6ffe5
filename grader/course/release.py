"""Make a student's copy of the course, and an autograder for Gradescope: never with a solution.

What goes out is listed, not what stays: a file gets into a release only by being named here.
"""

from __future__ import annotations

import re
import secrets
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from grader._version import __version__
from grader.errors import UsageError
from grader.files import open_whole, write_whole

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from grader.course.course import Course

TEMPLATES = Path(__file__).resolve().parent / "templates"
ARCHIVE = "autograder.zip"
FIXED_TIME = (1980, 1, 1, 0, 0, 0)  # the oldest that a zip knows: the same content, the same bytes
EXECUTABLE = 0o755
READABLE = 0o644
PRIVATE = 0o600
SEED_FILE = "seed"


@dataclass(frozen=True)
class Release:
    """What is handed out.

    Parameters
    ----------
    course
        Its stubs, quizzes and, where it is not the built-in one, its checks.
    requirement
        What pip is to install.
    own_checks
        Whether the checks travel along, because the installed package does not have them.
    """

    course: Course
    requirement: str = f"dlgrade=={__version__}"
    own_checks: bool = False

    def student_files(self) -> dict[str, bytes]:
        """Return the files of the student's repository by their paths."""
        words = {
            "DLGRADE": "dlgrade --course course" if self.own_checks else "dlgrade",
            "FIRST": self.course.ids[0],
        }
        files = {
            "README.md": _filled("student/README.md", words),
            "requirements.txt": f"{self.requirement}\n".encode(),
            ".gitignore": _filled("student/gitignore", {}),
            ".github/workflows/classroom.yml": _filled("student/classroom.yml", words),
            ".github/report.py": _filled("student/report.template", {}),
            **_folder(self.course.exercises_dir, "exercises", ("*.py",)),
            **_folder(self.course.quizzes_dir, "quizzes", ("*.toml",)),
        }
        return files | (self._course_files("course") if self.own_checks else {})

    def _course_files(self, root: str) -> dict[str, bytes]:
        """Return a course without solutions, for a package that does not hold it."""
        return {
            **_folder(self.course.exercises_dir, f"{root}/exercises", ("*.py", "*.toml")),
            **_folder(self.course.quizzes_dir, f"{root}/quizzes", ("*.toml",)),
            **_folder(self.course.checks_dir, f"{root}/checks", ("*.py", "*/*.py")),
        }

    def gradescope_files(self, assignment: str, targets: Sequence[str] = ()) -> dict[str, bytes]:
        """Return the files of an autograder by their paths.

        Parameters
        ----------
        assignment
            What the gradebook calls it.
        targets
            What is graded; all for none.

        Notes
        -----
        The seed is drawn for this release: all students of the assignment get the same cases, and
        nobody has them at home, where seed 0 serves.
        """
        if not re.fullmatch(r"[\w .,+-]{1,80}", assignment):
            raise UsageError(f"--assignment: {assignment!r} has characters that a shell might mind")
        words = {
            "ASSIGNMENT": assignment,
            "ONLY": "".join(f" --only {target}" for target in targets),
            "COURSE": ' --course "$root/source/course"' if self.own_checks else "",
        }
        files = {
            "setup.sh": _filled("gradescope/setup.sh", {}),
            "run_autograder": _filled("gradescope/run_autograder", words),
            "requirements.txt": f"{self.requirement}\n".encode(),
            SEED_FILE: f"{secrets.randbelow(2**31 - 1) + 1}\n".encode(),
        }
        return files | (self._course_files("course") if self.own_checks else {})


def _filled(name: str, words: Mapping[str, str]) -> bytes:
    text = (TEMPLATES / name).read_text(encoding="utf-8")
    for word, value in words.items():
        text = text.replace(f"@{word}@", value)
    return text.encode()


def _folder(folder: Path, name: str, patterns: Sequence[str]) -> dict[str, bytes]:
    found = sorted(path for pattern in patterns for path in folder.glob(pattern))
    return {f"{name}/{path.relative_to(folder).as_posix()}": path.read_bytes() for path in found}


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files into a folder that is new or empty.

    Raises
    ------
    UsageError
        It holds something, or cannot be written.
    """
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise UsageError(f"{folder} is not empty; name a new folder")
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, content)
    except OSError as error:
        raise UsageError(f"{folder} cannot be written: {error.strerror}") from error


def write_archive(path: Path, files: Mapping[str, bytes]) -> None:
    """Write files into a zip; scripts that begin with `#!` can be executed.

    Raises
    ------
    UsageError
        It cannot be written.
    """
    try:
        with open_whole(path) as stream:
            _write_members(stream, files)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from error


def _write_members(stream: BinaryIO, files: Mapping[str, bytes]) -> None:
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            member = zipfile.ZipInfo(name, FIXED_TIME)
            member.compress_type = zipfile.ZIP_DEFLATED
            mode = EXECUTABLE if content.startswith(b"#!") else READABLE
            mode = PRIVATE if name == SEED_FILE else mode
            member.external_attr = (0o100000 | mode) << 16
            archive.writestr(member, content)
