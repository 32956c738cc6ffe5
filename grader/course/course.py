"""Find and load a course: stubs, checks, quizzes and, where they are, solutions.

A course is a folder with `exercises/`, `checks/`, `quizzes/` and perhaps `solutions/`. Everything
is found by its name; there is no registry. The built-in course is the source tree that this
package lies in, or what the wheel holds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from grader.course.freshness import digest_of, find_changed, note_as_read
from grader.course.handout.summaries import SUMMARIES, read_summaries
from grader.course.loading import allowed_imports, load_check, load_module
from grader.course.stubs import read_stubs
from grader.course.words.settings import read_settings, require_there
from grader.errors import CourseError, UnknownTargetError
from grader.files import PACKAGE, built_in_course
from grader.text.meant import did_you_mean, find_named

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from grader.course.stubs import Stub
    from grader.course.vocabulary import Check


@dataclass(frozen=True)
class Exercise:
    """One exercise of a course: its stub, its check, and where both come from.

    Parameters
    ----------
    module, name
        `conv` and `im2col`.
    stub
        What the stub says.
    check
        What is asked.
    lesson
        The check's docstring: the line that the student reads.
    check_file
        Where the check is.
    forward
        Loads the exercise of whose function this one is the gradient; None for any other.
    """

    module: str
    name: str
    stub: Stub
    check: Check
    lesson: str
    check_file: Path
    forward: Callable[[], Exercise] | None = field(default=None, repr=False, compare=False)

    @property
    def id(self) -> str:
        """The name by which everybody knows it."""
        return f"{self.module}.{self.name}"

    @property
    def requires(self) -> tuple[str, ...]:
        """Ids of the exercises that it builds on."""
        return tuple(n if "." in n else f"{self.module}.{n}" for n in self.check.requires)


@dataclass(frozen=True)
class Course:
    """A folder of exercises, checks, quizzes and perhaps solutions.

    Parameters
    ----------
    exercises_dir, checks_dir, quizzes_dir
        Where the parts are.
    solutions_dir
        Where the references are; None where the course has none.
    """

    exercises_dir: Path
    checks_dir: Path
    quizzes_dir: Path
    solutions_dir: Path | None
    _stubs: dict[str, tuple[Stub, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _exercises: dict[str, Exercise] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @property
    def cases_dir(self) -> Path | None:
        """Where the cases are that were drawn when it was handed out, if there are any."""
        folder = self.exercises_dir.parent / "cases"
        return folder if folder.is_dir() else None

    @property
    def has_checks(self) -> bool:
        """Whether it can draw cases; else it was handed out with some, and what they are about."""
        return self.checks_dir.is_dir()

    @property
    def oracles(self) -> tuple[str, ...]:
        """Which sources of right answers serve; results say so."""
        if not self.has_checks:
            return read_summaries(self.exercises_dir.parent).oracles
        return ("torch",) if self.solutions_dir is None else ("reference", "torch")

    @property
    def code_folders(self) -> tuple[Path, ...]:
        """Where what the author wrote for the grader is."""
        return tuple(f.resolve() for f in (self.checks_dir, self.solutions_dir) if f is not None)

    @cached_property
    def settings(self) -> dict[str, Any]:
        """What `exercises/course.toml` says: the order of the modules, the names of the decks."""
        return read_settings(self.exercises_dir / "course.toml")

    @cached_property
    def imports(self) -> tuple[str, ...]:
        """What students may import besides numpy and the standard library: `imports` there."""
        return allowed_imports(self.settings, self.exercises_dir / "course.toml")

    @cached_property
    def modules(self) -> tuple[str, ...]:
        """Names of the modules, in the course's order."""
        found = sorted(path.stem for path in self.exercises_dir.glob("*.py"))
        if not found:
            raise CourseError(f"{self.exercises_dir} holds no exercises (*.py)")
        if self.solutions_dir is not None:
            require_there(self.settings, self.exercises_dir / "course.toml", found)
        first = [name for name in self.settings.get("modules", []) if name in found]
        return tuple(first + [name for name in found if name not in first])

    def stubs(self, module: str) -> tuple[Stub, ...]:
        """Return the stubs of a module, in the order of its file.

        Raises
        ------
        CourseError
            The stub file is not Python.
        """
        if module not in self._stubs:
            note_as_read(self._parts)  # before anything of it is read
            file = self.exercises_dir / f"{module}.py"
            try:
                self._stubs[module] = read_stubs(file.read_text(encoding="utf-8"))
            except SyntaxError as error:
                text = f"the stub file {file} cannot be read: line {error.lineno}: {error.msg}"
                raise CourseError(f"{text}; dlgrade stubs derives it from its solution") from error
            except (OSError, ValueError) as error:
                raise CourseError(f"the stub file {file} cannot be read: {error}") from error
        return self._stubs[module]

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """Ids of all exercises, in order."""
        return tuple(one for module in self.modules for one in self._ids_of(module))

    def _ids_of(self, module: str) -> list[str]:
        """Return the ids of a module's exercises; none where there is no such module."""
        return [f"{m}.{one.name}" for m in self.modules if m == module for one in self.stubs(m)]

    def exercise(self, exercise_id: str) -> Exercise:
        """Return one exercise with its check.

        Raises
        ------
        UnknownTargetError
            There is no such exercise.
        CourseError
            Its check is missing or broken.
        """
        if exercise_id not in self._exercises:
            if exercise_id not in self._ids_of(exercise_id.partition(".")[0]):
                raise UnknownTargetError(self._unknown(exercise_id))
            module, name = exercise_id.split(".")
            stub = next(stub for stub in self.stubs(module) if stub.name == name)
            if self.has_checks:
                file = self.checks_dir / module / f"{name}.py"
                check, lesson = load_check(file, stub)
            else:
                summaries = read_summaries(self.exercises_dir.parent)
                file, (check, lesson) = summaries.file, summaries.find(exercise_id)
            facts = (module, name, stub, check, lesson, file, self._forward(exercise_id))
            self._exercises[exercise_id] = Exercise(*facts)
        return self._exercises[exercise_id]

    def _forward(self, exercise_id: str) -> Callable[[], Exercise] | None:
        """Return what loads the forward pass of a backward one."""
        name, backward, _ = exercise_id.partition("_backward")
        ids = self._ids_of(name.partition(".")[0])
        found = {f"{name}_forward", name} & {*ids} if backward else set()
        return partial(self.exercise, found.pop()) if found else None

    def find(self, targets: Sequence[str]) -> tuple[Exercise, ...]:
        """Return the exercises that targets name, in the course's order; all for no target.

        Raises
        ------
        UnknownTargetError
            A target is neither a module, an exercise nor a function's bare name that one module
            alone has; the message suggests one that is.
        """
        return tuple(self.exercise(exercise_id) for exercise_id in self.select(targets))

    def select(self, targets: Sequence[str]) -> tuple[str, ...]:
        """Return the ids of what `find` returns, without loading the checks; it raises the same."""
        wanted = {self._full_name(target) for target in targets}
        read = {name.partition(".")[0] for name in wanted}
        ids = [i for m in self.modules if m in read or not wanted for i in self._ids_of(m)]
        return tuple(i for i in ids if not wanted or {i, i.partition(".")[0]} & wanted)

    def _full_name(self, target: str) -> str:
        if target in self.modules or target in self._ids_of(target.partition(".")[0]):
            return target  # without reading the other modules
        if not (found := find_named(target, self.ids)):
            raise UnknownTargetError(self._unknown(target))
        return found

    def _unknown(self, target: str) -> str:
        """Say that there is no such target, and what was probably meant."""
        known = {exercise_id.partition(".")[2]: exercise_id for exercise_id in self.ids}
        known |= {name: name for name in (*self.modules, *self.ids)}
        help_ = did_you_mean(target, known, "`dlgrade list` shows them all")
        return f"no module or exercise is called {target!r}; {help_}"

    @property
    def digest(self) -> str:
        """A fingerprint of every stub, check and solution, and of what lies beside them.

        Any of them may read any other: a table in `exercises/`, say.
        """
        return digest_of(self._folders)

    @property
    def _folders(self) -> tuple[Path, ...]:
        folders = (self.exercises_dir, self.checks_dir, self.solutions_dir)
        return tuple(folder for folder in folders if folder is not None)

    @property
    def _parts(self) -> tuple[Path, ...]:
        return (*self._folders, self.exercises_dir.parent / SUMMARIES)

    def find_changed(self, files: Iterable[Path] | None = None) -> set[Path]:
        """Return the files that are not as they were when this process began to read them.

        Parameters
        ----------
        files
            Which ones to look at; None for all, and what is new or gone.
        """
        return find_changed(self._parts, files)

    def reference(self, exercise: Exercise) -> Callable[..., Any] | None:
        """Return the solution of an exercise, or None where the course has no solutions.

        Raises
        ------
        CourseError
            There are solutions, but not this one.
        """
        if self.solutions_dir is None:
            return None
        file = self.solutions_dir / f"{exercise.module}.py"
        function = getattr(load_module(file, "solution"), exercise.name, None)
        if not callable(function):
            raise CourseError(f"{file} has no function {exercise.name}")
        return function  # type: ignore[no-any-return]


def find_course(folder: Path | None = None) -> Course:
    """Return the course in a folder, or the built-in one.

    Parameters
    ----------
    folder
        From `--course`; None for the source tree around this package, else the wheel's course.

    Raises
    ------
    CourseError
        The folder is not a course.
    """
    if folder is not None:
        root, checks = folder, folder / "checks"
    else:
        root, checks = built_in_course(), PACKAGE / "checks"
    if folder is None and not (root / "exercises").is_dir():
        raise CourseError("this dlgrade came without a course: say --course DIR before the command")
    for part in (root / "exercises", checks):
        if not part.is_dir() and not (part == checks and (root / SUMMARIES).is_file()):
            raise CourseError(f"{root} is not a course: it has no {part.name}/ folder")
    solutions = root / "solutions"
    return Course(
        root / "exercises", checks, root / "quizzes", solutions if solutions.is_dir() else None
    )
