"""Write down what became of a submission's exercises, also where none of it was run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from grader.engine.document import fact_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from grader.course.course import Exercise
    from grader.engine.document import Details, Fact
    from grader.grading.exams import Exam
    from grader.model import ExerciseResult, Status
    from grader.model.sourcemap import Excerpt, TraceLine

MAX_OUTPUT = 2_000


def exercise_fact(
    result: ExerciseResult, code: Excerpt | None = None, trace: Sequence[TraceLine] = ()
) -> Fact:
    """Return what is kept of a result, what was printed cut short.

    Parameters
    ----------
    result
        What a run found out.
    code
        The lines of the student's that it is about.
    trace
        Those that led to an exception.
    """
    where = result.location
    details: Details = {
        "location": None
        if where is None
        else {"file": where.file, "line": where.line, "function": where.function},
        "separation": result.separation,
        "notes": list(result.notes),
        "output": result.output[:MAX_OUTPUT],
    }
    if code is not None:
        details["code"] = code
    if trace:
        details["trace"] = list(trace)
    if result.mending is not None:
        details["mending"] = result.mending.kept
    if result.faults:
        details["faults"] = list(result.faults)
    fact = fact_of(result, details)
    if "telling" in fact:  # a gradebook keeps both beside what an older one knows
        details["telling"] = fact["telling"]
    if "output" in fact:
        details["printed"] = fact["output"]
    return fact


@dataclass(frozen=True)
class Blank:
    """Why nothing of a submission was run, and as what that counts."""

    status: Status
    message: str
    student: str = "nobody"  # whose questions an exam would have had

    def facts(
        self, exercises: Iterable[Exercise], exams: Iterable[Exam] = (), quizzes_dir: Path = Path()
    ) -> list[Fact]:
        """Return the facts about everything that was asked of it."""
        from grader.engine.examiner import blank_result  # noqa: PLC0415 - seldom: a run has no numpy
        from grader.grading.exams import blank_exam  # noqa: PLC0415 - as above

        return [
            *(exercise_fact(blank_result(one, self.status, self.message)) for one in exercises),
            *(
                blank_exam(quizzes_dir, one, self.status, self.message, self.student)
                for one in exams
            ),
        ]
