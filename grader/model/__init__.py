"""The frozen facts that everything passes around.

In reading order: `cases` what a student's function is given and what comes back, `limits` what is
run and what it may use, `results` what became of an exercise; these are imported from here. Beside
them, imported by their names: `functions` a function among the arguments, `scripts` the steps of a
class's case, `printed` what one call printed, `mended` what mends a function, `sourcemap` what a
student calls a line of a made file, `owncount` the hints that students say that they have read.

Nothing here computes a score from anything but facts, and nothing here imports numpy: `dlgrade
list` and `dlgrade --help` load this too.
"""

from grader.model.cases import (
    Carry,
    Case,
    NarrowFloat,
    Opaque,
    Raised,
    Unsupported,
)
from grader.model.limits import (
    LeftOut,
    Limits,
)
from grader.model.results import (
    Counterexample,
    Diagnosis,
    ExerciseResult,
    LevelResult,
    Location,
    Mismatch,
    Status,
    SubmissionResult,
)

__all__ = [
    "Carry",
    "Case",
    "Counterexample",
    "Diagnosis",
    "ExerciseResult",
    "LeftOut",
    "LevelResult",
    "Limits",
    "Location",
    "Mismatch",
    "NarrowFloat",
    "Opaque",
    "Raised",
    "Status",
    "SubmissionResult",
    "Unsupported",
]
