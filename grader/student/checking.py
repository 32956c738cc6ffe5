"""What checks for somebody who waits for the answer: in a terminal, an editor or a notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.engine.cases.bank import Bank, user_folder
from grader.engine.engine import Engine
from grader.model import Limits

if TYPE_CHECKING:
    from grader.course.course import Course

DEFAULTS = Limits()


def make_engine(course: Course, seed: int = 0, timeout_s: float = DEFAULTS.timeout_s) -> Engine:
    """Return an engine with the user's own bank, without a sandbox.

    Parameters
    ----------
    course
        Whose exercises.
    seed
        Of the cases; 0 for those that every student has.
    timeout_s
        CPU seconds for each exercise.

    Raises
    ------
    GraderError
        A library that the course allows cannot be imported here.
    """
    engine = Engine(course, seed, Limits(timeout_s), Bank(user_folder()), waits_once=True)
    engine.require_libraries()
    return engine
