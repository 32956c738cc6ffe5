"""The frozen facts that the wings of the grader hand to each other.

Nothing here computes a score from anything but facts, and nothing here imports numpy: `dlgrade
list` and `dlgrade --help` load this module too.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from grader.mended import Mending
    from grader.printed import Printed


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
class Carry:
    """An argument of a later step: the student's previous result, or one item of it.

    Parameters
    ----------
    index
        Which item of the previous result; None for the whole.
    """

    index: int | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """One set of arguments, or a sequence of calls that hand their state on.

    Parameters
    ----------
    steps
        The positional arguments of each call, in order.
    bad
        Whether the arguments are bad, so that `ValueError` is the right answer.
    """

    steps: tuple[tuple[Any, ...], ...]
    bad: bool = False


@dataclass(frozen=True, slots=True)
class Raised:
    """An exception in place of a result, as plain facts.

    Parameters
    ----------
    type
        The name of its class.
    message
        What it said.
    value_error
        Whether it is a `ValueError` or a subclass.
    frames
        File name, line and function of every frame in the student's own files, outermost first.
    """

    type: str
    message: str = ""
    value_error: bool = False
    memory: bool = False
    unwritten: bool = False
    frames: tuple[tuple[str, int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Unsupported:
    """A result of a type that no exercise returns."""

    type: str


@dataclass(frozen=True, slots=True)
class Opaque:
    """An array whose elements were not sent: of objects or strings, or far too large."""

    dtype: str
    shape: tuple[int, ...]


class NarrowFloat(float):
    """A float that the student's code computed in another width than float64."""

    __slots__ = ("dtype",)
    dtype: str


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
    """

    call: str
    arguments: Mapping[str, Any]
    expected: Any
    actual: Any
    shrunk: bool
    mismatch: Mismatch | None = None
    earlier: tuple[str, ...] = ()
    steps: tuple[tuple[Any, ...], ...] = ()


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


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What is not run of a student's files, since nothing that is asked for needs it.

    Parameters
    ----------
    parts
        The line and the column of each statement, or of one thing of an import, by file.
    absent
        The libraries that are not there.
    names
        What may be missed for that, beside the names that are bound in these parts.
    """

    parts: Mapping[str, Sequence[tuple[int, int]]]
    absent: tuple[str, ...]
    names: tuple[str, ...] = ()

    @property
    def tree(self) -> dict[str, Any]:
        """What is added to the request that loads a file (docs/worker.md)."""
        told = {"parts": self.parts, "absent": self.absent, "names": self.names}
        return {"left_out": told}


@dataclass(frozen=True, slots=True)
class Limits:
    """What one exercise may use.

    Parameters
    ----------
    timeout_s
        CPU seconds, of the worker and of all that it started; wall time ends at three times that.
    memory_mib
        Memory of the worker in MiB.
    output_mib
        How much it may print before it is stopped, in MiB.
    """

    timeout_s: float = 10.0
    memory_mib: int = 1024
    output_mib: int = 16
