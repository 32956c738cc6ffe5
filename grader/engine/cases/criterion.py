"""A fingerprint of what decides the verdict of an exercise: its cases, and who judges.

Nothing of an author's text is compared. What is drawn under a seed, with the right answers and the
errors that are allowed, is all that a change to a check, a helper, a solution or a table can do to
a verdict; a hint that is worded anew draws the same cases, and regrades nobody.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from typing import TYPE_CHECKING

from grader.engine.cases.key import PACKAGE, fingerprint

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grader.course.course import Course, Exercise
    from grader.engine.cases.bank import Bank

JUDGES = (
    "engine/*.py",
    "engine/reading/*.py",
    "worker/**/*.py",
    "model.py",
    "parsing.py",
    "frames.py",
)
OF_WORDS = frozenset({"wording.py", "document.py", "__init__.py"})


def criteria(
    course: Course, exercises: Iterable[Exercise], seed: int, bank: Bank
) -> dict[str, str]:
    """Return the fingerprint of each exercise whose cases are in a bank, by id.

    Parameters
    ----------
    course, exercises, seed
        Whose, and under which seed.
    bank
        Where the cases are kept: of what has not been drawn nobody can tell.
    """
    found = {}
    for exercise in exercises:
        seal = bank.find_seal(exercise.id, fingerprint(course, exercise, seed))
        if seal:
            check = exercise.check
            facts = [seal, str(exercise.stub), check.points, check.tolerance, list(check.levels)]
            found[exercise.id] = _digest(json.dumps(facts))
    return found


@cache
def engine_digest() -> str:
    """Return a fingerprint of what asks and judges here."""
    files = {file for pattern in JUDGES for file in PACKAGE.glob(pattern)}
    rows = [
        f"{file.relative_to(PACKAGE).as_posix()} {hashlib.sha256(file.read_bytes()).hexdigest()}"
        for file in files
        if file.name not in OF_WORDS
    ]
    return _digest("\n".join(sorted(rows)))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
