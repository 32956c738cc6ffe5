"""Cases that were drawn when a course was handed out, and travel with it in `cases/`.

Whoever finds them pays for no drawing. A course that is handed out without its checks has nothing
else to check with: neither other cases nor the names of mistakes. Unlike the bank's, which is a
cache, their key has no versions: an answer that was right when the course was handed out still is.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from grader._version import __version__
from grader.course.freshness import digest_of
from grader.engine.cases.bank import Bank, user_folder
from grader.engine.cases.caseset import draw_case_set
from grader.engine.cases.key import fingerprint, refuse_changed, require_as_read
from grader.engine.cases.known import find_known, record_known
from grader.engine.cases.oracle import Oracles
from grader.errors import UsageError
from grader.files import OWNER_ONLY, write_whole

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from grader.course.course import Course, Exercise
    from grader.engine.cases.caseset import CaseSet
    from grader.engine.cases.known import KnownAnswers

HOME_SEED = 0
"""The seed whose cases every student has."""
STUDENTS = 0o644  # who may read the files of theirs


def kept_key(course: Course, exercise: Exercise, seed: int) -> str:
    """Return the key of an exercise's kept cases: another stub or check has others.

    Of a course that came with its checks, whatever lies beside them enters: a check may import it.

    Raises
    ------
    ChangedError
        They are not those that this process has loaded.
    """
    files = (exercise.check_file, course.exercises_dir / f"{exercise.module}.py")
    parts = [hashlib.sha256(file.read_bytes()).hexdigest() for file in files]
    refuse_changed(course.find_changed(files))
    beside = [_digest_of_checks(course.checks_dir)] if course.has_checks else []
    facts = json.dumps([exercise.id, seed, __version__, parts, *beside])
    return hashlib.sha256(facts.encode()).hexdigest()[:32]


@cache
def _digest_of_checks(folder: Path) -> str:
    """Return a fingerprint of a course's checks, which are those that this process has loaded."""
    return digest_of([folder])


def find_kept(course: Course, exercise: Exercise, seed: int) -> CaseSet | None:
    """Return the cases that travel with a course, or None where it has its checks to draw some.

    Raises
    ------
    UsageError
        It has neither.
    """
    if course.cases_dir is None:
        return None
    kept = Bank(course.cases_dir).find(exercise.id, kept_key(course, exercise, seed))
    if kept is None and not course.has_checks:
        text = f"there are no cases of seed {seed} for {exercise.id}"
        raise UsageError(f"{text}: this course was handed out without its checks")
    return kept


def find_kept_mistakes(course: Course, exercise: Exercise, seed: int) -> KnownAnswers | None:
    """Return what known mistakes answer to the cases that travel with a course, if that does."""
    if course.cases_dir is None:
        return None
    return find_known(Bank(course.cases_dir), exercise, kept_key(course, exercise, seed))


def draw_kept(
    course: Course, given: Course, ids: Sequence[str], seed: int, folder: Path
) -> dict[str, bytes]:
    """Draw the cases that travel with a course; return their files by their names.

    Parameters
    ----------
    course
        The author's, with all that gives right answers.
    given
        The same as it is handed out, whose stubs and checks decide under which key they are found.
    ids, seed
        Of which exercises, under which seed. Cases of a seed that nobody knows go with the answers
        of known mistakes, and are for the owner of the files alone. Where the checks go out, too,
        what is worked out ahead of a failure goes with them, unless the package has it.
    folder
        Empty; where they are written.

    Raises
    ------
    OraclesDisagreeError
        Nobody can be graded on these cases.
    """
    at_home = seed == HOME_SEED
    bank = Bank(folder) if at_home else Bank(folder, mode=OWNER_ONLY)
    drawn_before = Bank(user_folder() if at_home else None)
    for exercise_id in ids:
        exercise, as_given = course.exercise(exercise_id), given.exercise(exercise_id)
        key = fingerprint(course, exercise, seed)
        case_set = drawn_before.find(exercise_id, key)
        if case_set is None:
            oracles = Oracles(exercise.check, course.reference(exercise))
            case_set = draw_case_set(exercise, oracles, seed)
            require_as_read(course, [exercise])
            drawn_before.record(exercise_id, key, case_set)
        if not given.has_checks:
            case_set = _without_recipes(case_set)
        bank.record(exercise_id, kept_key(given, as_given, seed), case_set)
        if not at_home:
            record_known(bank, exercise, kept_key(given, as_given, seed), case_set)
        if given.has_checks:
            content = _work_out_ahead((course, exercise), (given, as_given), case_set)
            mode = STUDENTS if at_home else OWNER_ONLY
            for name, text in content.items():
                write_whole(folder / name, text, mode=mode)
    return {file.name: file.read_bytes() for file in sorted(folder.iterdir())}


def _work_out_ahead(
    authors: tuple[Course, Exercise], given: tuple[Course, Exercise], case_set: CaseSet
) -> dict[str, bytes]:
    """Return the file with what is worked out ahead, by its name; none where the package has it."""
    from grader.engine.cases import ahead  # noqa: PLC0415 - whoever grades needs none of this

    course, exercise = authors
    if ahead.find_ahead(*given) is not None:
        return {}
    oracles = Oracles(exercise.check, course.reference(exercise))
    made = ahead.make_ahead(exercise, oracles, case_set, ahead.find_ahead(*authors))
    require_as_read(course, [exercise])
    content = ahead.pack_ahead(made, ahead.ahead_key(*given))
    return {f"{exercise.id}.{ahead.SUFFIX}": content}


def _without_recipes(case_set: CaseSet) -> CaseSet:
    """Return cases that nobody can draw anew: a failing one is shown as it is."""
    return replace(
        case_set,
        levels=tuple(
            replace(level, cases=tuple(replace(case, recipe=None) for case in level.cases))
            for level in case_set.levels
        ),
    )
