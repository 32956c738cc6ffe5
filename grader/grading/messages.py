"""What passes between a run and its grading processes: plain data, written as JSON."""

from __future__ import annotations

import faulthandler
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.engine.document import Fact

STACK = "stack"  # the file in a process's folder where it says what it is doing when it is asked
ANSWERS_SIGNALS = hasattr(faulthandler, "register")


@dataclass
class Setup:
    """What every job of a run has in common; all of it can be written as JSON.

    Parameters
    ----------
    course
        The folder given with `--course`, or None.
    seed, timeout_s, memory_mib, sandbox
        Of the run.
    bank
        Folder of the run's bank.
    scratch
        Folder for stages, the job's own; see `grader.worker.sandbox.mounts.make_scratch`.
    exams
        Topic, seed and number of items of each graded quiz that is expected.
    asked
        Ids of the exercises that the run asks for; an order may ask for some of them again.
    digest
        Of the course, as the run has read it; None where that is not known.
    alone
        Whether there is one submission: then no worker is started for a next one.
    """

    course: str | None
    seed: int
    timeout_s: float
    memory_mib: int
    sandbox: str
    bank: str
    scratch: str
    exams: Sequence[tuple[str, int, int | None]] = ()
    asked: Sequence[str] = ()
    digest: str | None = None
    alone: bool = False


class Graded(TypedDict):
    """What a grading process answers.

    Facts, warnings for the instructor, how the files were recognised and what was guessed, and what
    a progress file that was packed with them says.
    """

    facts: list[Fact]
    warnings: list[str]
    recognised: str
    note: str
    own_count: dict[str, int]


class Fault(Enum):
    """Whose fault it is that a process was lost."""

    MACHINE = "machine"  # it was ended from outside, or not let run
    OURS = "ours"  # it ended itself, or an author's code does not end
    CONTENT = "content"  # what was handed in took it beyond its limits
