"""What became of an exercise: statuses, points, and what is told about a failure."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.model.mended import Mending
    from grader.model.printed import Printed


RETURNS_NOTHING = "it returns None: a `return` with the result is missing"
RETURNS_NONE = "it returns None: what its `return` gives is None"
OUT_OF_MEMORY = "it ran out of memory"
UNWRITTEN = "not written yet"  # what people read of a stub, wherever it is


class Status(StrEnum):
    """What became of an exercise or of one of its levels."""

    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"
    TIMEOUT = "timeout"
    CRASHED = "crashed"
    REJECTED = "rejected"
    UNIMPLEMENTED = "unimplemented"
    MISSING = "missing"
    UNGRADED = "ungraded"
    NOT_RUN = "not_run"


@dataclass(frozen=True, slots=True)
class Location:
    """A line of the student's own file, or of a notebook's cell, which then stands for the file."""

    file: str
    line: int
    function: str = ""

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}"


@dataclass(frozen=True, slots=True)
class Mismatch:
    """How one answer differs from the expected one: the first step of a check that fails.

    Parameters
    ----------
    kind
        The step: "raises", "type", "dtype", "shape", "finite", "values", "changed" or "again";
        "unread" where the answer was not read.
    message
        One line, expected before got.
    step
        Which call of a sequence, from 0.
    path
        Where in a nested result, outermost index first.
    index
        The first wrong element of an array.
    wrong, total
        How many elements of that array are wrong, and of how many.
    """

    kind: str
    message: str
    step: int = 0
    path: tuple[int | str, ...] = ()
    index: tuple[int, ...] | None = None
    wrong: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The mistake, named."""

    id: str
    message: str


@dataclass(frozen=True, slots=True)
class Counterexample:
    """The smallest failing case that was found.

    Parameters
    ----------
    steps
        The arguments of each call up to the one that is wrong, exact, as they were handed over.
    tolerance, terms
        How far off a number of the answer may be (`engine.compare.allowed_error`).
    script
        The lines of a class's case as Python.
    measured
        What was worked out of the answers and is shown in their place; empty for the answers.
    """

    call: str
    arguments: Mapping[str, Any]
    expected: Any
    actual: Any
    shrunk: bool
    mismatch: Mismatch | None = None
    earlier: tuple[str, ...] = ()
    steps: tuple[tuple[Any, ...], ...] = ()
    tolerance: float = 1e-8
    terms: float = 1.0
    script: tuple[str, ...] = ()
    measured: str = ""


@dataclass(frozen=True, slots=True)
class LevelResult:
    """What became of one level."""

    name: str
    status: Status
    possible: float

    @property
    def earned(self) -> float:
        """Points of this level: all or none, since a level is one family of cases."""
        return self.possible if self.status is Status.PASSED else 0.0


@dataclass(frozen=True, slots=True)
class ExerciseResult:
    """What became of one exercise, and what to tell the student about it."""

    id: str
    levels: tuple[LevelResult, ...]
    cases: int = 0
    seconds: float = 0.0
    message: str = ""
    counterexample: Counterexample | None = None
    diagnosis: Diagnosis | None = None
    location: Location | None = None
    trace: tuple[Location, ...] = ()  # how an exception came to that line, outermost first
    separation: str = ""
    output: str = ""
    printed: Printed | None = None  # by the call that is shown
    returned: int = 0  # the line with which that call says that it returned
    telling: Counterexample | None = None  # beside a smallest case that hides the pattern
    notes: tuple[str, ...] = ()
    doubtful: bool = False  # a worker was lost over it, and the machine may have been the reason
    faults: tuple[str, ...] = ()  # of ours, in finding words: the verdict holds without them
    mending: Mending | None = None

    @property
    def status(self) -> Status:
        """The status of the first level that did not pass."""
        statuses = [level.status for level in self.levels]
        return next((status for status in statuses if status is not Status.PASSED), Status.PASSED)

    @property
    def held(self) -> Counterexample | None:
        """The failing case, where its answers are compared number by number."""
        shown = self.counterexample
        return None if shown is None or shown.measured else shown

    @property
    def is_begun(self) -> bool:
        """Whether something is written that does not count yet: no result, or a stub behind it."""
        said = self.message
        return self.status is Status.UNIMPLEMENTED and bool(said) and not said.endswith(UNWRITTEN)

    @property
    def possible(self) -> float:
        """Points that the exercise is worth."""
        return sum(level.possible for level in self.levels)

    @property
    def earned(self) -> float | None:
        """Points of the levels passed; None when the grader could not tell."""
        if any(level.status is Status.UNGRADED for level in self.levels):
            return None
        return sum(level.earned for level in self.levels)


@dataclass(frozen=True, slots=True)
class SubmissionResult:
    """Everything that one run found out about one submission."""

    exercises: tuple[ExerciseResult, ...]
    seed: int
    versions: Mapping[str, str]
    oracles: tuple[str, ...]
    sandbox: str
    warnings: tuple[str, ...] = field(default=())

    @property
    def possible(self) -> float:
        """Points of all exercises that were asked for."""
        return sum(exercise.possible for exercise in self.exercises)

    @property
    def earned(self) -> float:
        """Points earned so far; an ungraded exercise adds none and makes it incomplete."""
        return sum(exercise.earned or 0.0 for exercise in self.exercises)
