"""Make a student's copy of the course, and an autograder for Gradescope: never with a solution.

What goes out is listed, not what stays: a file gets into a release only by being named here.
"""

from __future__ import annotations

import io
import re
import secrets
import shlex
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, BinaryIO

from grader.course.course import find_course
from grader.course.handout.data import data_files
from grader.course.handout.narrowing import keep_functions, keep_hints, write_summaries
from grader.course.handout.summaries import SUMMARIES
from grader.course.handout.wheel import Holds, make_wheel, needed, requirements
from grader.course.topics import page_files
from grader.errors import UsageError
from grader.files import OWNER_ONLY, open_whole, write_whole

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from grader.course.course import Course

TEMPLATES = Path(__file__).resolve().parent / "templates"
ARCHIVE = "autograder.zip"
FIXED_TIME = (1980, 1, 1, 0, 0, 0)  # the oldest that a zip knows: the same content, the same bytes
EXECUTABLE, READABLE = 0o755, 0o644
SEED_FILE, WHEELS, COURSE = "seed", "wheels", "course"
CASES = f"{COURSE}/cases/"
WITHOUT_CHECKS = """
The cases here are those that came along. A wrong answer is shown with the right one, on the case
that was drawn and no smaller one.
"""
NO_CASES: Mapping[str, bytes] = MappingProxyType({})


@dataclass(frozen=True)
class Release:
    """What is handed out.

    Parameters
    ----------
    course
        Its stubs, quizzes and, where the installed package does not hold them, its checks.
    requirement
        What pip is to install; nothing for a wheel of this dlgrade, which is then handed out too.
    targets
        What students get; all for none.
    hints
        How many of each exercise they get; None for all.
    with_checks
        Whether checks travel, or only what is said of them and cases that were drawn before.
    """

    course: Course
    requirement: str = ""
    targets: Sequence[str] = ()
    hints: int | None = None
    with_checks: bool = True

    @property
    def is_built_in(self) -> bool:
        """Whether the installed package holds the course."""
        return self.course.exercises_dir == find_course().exercises_dir

    @property
    def carries_course(self) -> bool:
        """Whether students get a course of their own, because no package has this one."""
        whole = not self.targets and self.hints is None and self.with_checks
        return not (self.is_built_in and whole)

    def student_files(self, cases: Mapping[str, bytes] = NO_CASES) -> dict[str, bytes]:
        """Return the files of the student's repository by their paths.

        Parameters
        ----------
        cases
            What `draw_kept` returned for this release, under the seed that students have.
        """
        own = self.course_files(cases) if self.carries_course else {}
        stubs = {f"exercises/{name}": content for name, content in self._stubs().items()}
        words = {
            "DLGRADE": "dlgrade --course course" if own else "dlgrade",
            "FIRST": self.course.select(self.targets)[0],
            "TORCH": needed("torch"),
            "NOTE": "" if self.with_checks else WITHOUT_CHECKS,
        }
        return {
            "README.md": _filled("student/README.md", words),
            ".gitignore": _filled("student/gitignore", {}),
            ".github/workflows/classroom.yml": _filled("student/classroom.yml", words),
            ".github/report.py": _filled("student/report.template", {}),
            ".devcontainer/devcontainer.json": _filled("student/devcontainer.json", words),
            **stubs,
            **_folder(self.course.quizzes_dir, "quizzes", ("*.toml", "*.json")),
            **self.installation({} if own else cases),
            **own,
        }

    def installation(self, cases: Mapping[str, bytes]) -> dict[str, bytes]:
        """Return what `pip install -r requirements.txt` needs.

        Parameters
        ----------
        cases
            What the wheel brings along for the built-in course.

        Raises
        ------
        UsageError
            The package that was named has what is to be left out, or no wheel can be made.
        """
        holds = Holds.ALL
        if self.is_built_in and not self.with_checks:
            holds = Holds.NOTHING
        elif self.is_built_in and self.hints is not None:
            holds = Holds.SHARED
        if self.requirement:
            if holds is not Holds.ALL:
                text = (
                    "--requirement names a dlgrade that holds all checks and hints of this course"
                )
                raise UsageError(f"{text}; leave it out, and a wheel without them is made")
            return {"requirements.txt": requirements(self.requirement, self.course.imports)}
        name, files = make_wheel({f"cases/{case}": text for case, text in cases.items()}, holds)
        wheel = io.BytesIO()
        _write_members(wheel, files)
        return {
            f"{WHEELS}/{name}": wheel.getvalue(),
            "requirements.txt": requirements(f"./{WHEELS}/{name}", self.course.imports),
        }

    def _stubs(self) -> dict[str, bytes]:
        """Return the stub files of what was asked for, and data files, by their names."""
        found: dict[str, bytes] = {}
        ids = self.course.select(self.targets)
        for module in dict.fromkeys(exercise_id.partition(".")[0] for exercise_id in ids):
            file = self.course.exercises_dir / f"{module}.py"
            names = {i.partition(".")[2] for i in ids if i.startswith(f"{module}.")}
            if names == {stub.name for stub in self.course.stubs(module)}:
                found[file.name] = file.read_bytes()
            else:
                text = keep_functions(file.read_text(encoding="utf-8"), names)
                found[file.name] = text.encode()
        return found | data_files(self.course)

    def course_files(self, cases: Mapping[str, bytes] = NO_CASES) -> dict[str, bytes]:
        """Return a course without solutions, for a package that does not hold it."""
        if self.with_checks:
            checks = self._checks(f"{COURSE}/checks")
        else:
            said = write_summaries(self.course.oracles, self.course.find(self.targets), self.hints)
            checks = {f"{COURSE}/{SUMMARIES}": said.encode()}
        return {
            **{f"{COURSE}/exercises/{name}": content for name, content in self._stubs().items()},
            **_folder(self.course.exercises_dir, f"{COURSE}/exercises", ("*.toml",)),
            **_folder(self.course.quizzes_dir, f"{COURSE}/quizzes", ("*.toml", "*.json")),
            **page_files(self.course, self.course.select(self.targets), f"{COURSE}/topics"),
            **checks,
            **{f"{COURSE}/cases/{name}": text for name, text in cases.items()},
        }

    def _checks(self, root: str) -> dict[str, bytes]:
        """Return the checks of what was asked for, and what they share."""
        folder = self.course.checks_dir
        found = _folder(folder, root, ("*.py", "*/*.py"))
        for exercise_id in self.course.ids:
            file = folder.joinpath(*exercise_id.split(".")).with_suffix(".py")
            name = f"{root}/{file.relative_to(folder).as_posix()}"
            if exercise_id not in self.course.select(self.targets):
                found.pop(name, None)
            elif self.hints is not None:
                found[name] = keep_hints(file, self.hints).encode()
        return found

    def gradescope_files(
        self, assignment: str, seed: int, cases: Mapping[str, bytes] = NO_CASES
    ) -> dict[str, bytes]:
        """Return the files of an autograder by their paths: with all checks, whatever students get.

        Parameters
        ----------
        assignment
            What the gradebook calls it.
        seed
            Of its cases, from `draw_seed`.
        cases
            What `draw_kept` returned for the `graded` part of this release, under that seed.

        Raises
        ------
        UsageError
            The name could speak to a shell, or no wheel can be made.
        """
        if not re.fullmatch(r"[\w .,+-]{1,80}", assignment):
            raise UsageError(f"--assignment: {assignment!r} has characters that a shell might mind")
        held_out = _folder(self.course.checks_dir, f"{COURSE}/checks", ("*/*.npz",))
        words = {
            "ASSIGNMENT": assignment,
            "FILES": "".join(f" {shlex.quote(name)}" for name in self._stubs()),
        }
        return {
            "setup.sh": _filled("gradescope/setup.sh", {"TORCH": needed("torch")}),
            "run_autograder": _filled("gradescope/run_autograder", words),
            "explain.py": _filled("gradescope/explain.template", {}),
            "unknown.json": _filled("gradescope/unknown.json", {}),
            SEED_FILE: f"{seed}\n".encode(),
            **self.graded.installation({}),
            **self.graded.course_files(cases),
            **held_out,
        }

    @property
    def graded(self) -> Release:
        """What an autograder gets of what was asked for."""
        return replace(self, hints=None, with_checks=True)


def draw_seed() -> int:
    """Return a seed for the autograder of one assignment.

    All its students get the same cases, and nobody has them at home, where seed 0 serves.
    """
    return secrets.randbelow(2**31 - 1) + 1


def _filled(name: str, words: Mapping[str, str]) -> bytes:
    text = (TEMPLATES / name).read_text(encoding="utf-8")
    for word, value in words.items():
        text = text.replace(f"@{word}@", value)
    return text.encode()


def _folder(folder: Path, name: str, patterns: Sequence[str]) -> dict[str, bytes]:
    found = sorted(path for pattern in patterns for path in folder.glob(pattern))
    return {f"{name}/{path.relative_to(folder).as_posix()}": path.read_bytes() for path in found}


def require_new(folder: Path) -> None:
    """Make sure that a folder is new or empty.

    Raises
    ------
    UsageError
        It holds something, or is no folder.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} is not empty; name a new folder")


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files into a folder that is new or empty.

    Raises
    ------
    UsageError
        It holds something, or cannot be written.
    """
    try:
        require_new(folder)
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
            mode = OWNER_ONLY if name == SEED_FILE or name.startswith(CASES) else mode
            member.external_attr = (0o100000 | mode) << 16
            archive.writestr(member, content)
