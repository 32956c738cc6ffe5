"""What is worked out ahead of anybody's first failure (`grader.engine.audit.writing` does it).

To tell a failure takes the ladder of an exercise and what its known mistakes answer, and for both
of them torch. The built-in course brings them along in `worked_ahead/` beside this file, a course
that is handed out in its `cases/`: a file for each exercise, with the ladder, a sketch of what each
mistake answers to the cases of the seed that every student has, and its answers to the rungs that
it fails first. No verdict rests on a file: without one, or with one that was made of another check,
all of it is worked out where it is needed.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader._version import __version__
from grader.course.freshness import digest_of
from grader.engine.cases.bank import pack_cases, unpack_cases
from grader.engine.cases.key import PACKAGE, read_imported, read_own_code
from grader.engine.cases.known import WrongAnswer, work_out
from grader.engine.cases.ladder import draw_ladder
from grader.engine.cases.sketch import Sketch, digest_cases, sketch
from grader.engine.compare import first_mismatch
from grader.errors import FrameError
from grader.frames import from_frame, to_frame

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from grader.course.course import Course, Exercise
    from grader.course.vocabulary import Mistake
    from grader.engine.cases.caseset import BankedCase, CaseSet
    from grader.engine.cases.oracle import Oracles
    from grader.worker.wire import Request

FOLDER = Path(__file__).parent / "worked_ahead"
SUFFIX = "ahead"
FORM = 3
MOST_RUNGS = 40  # of a level that a mistake is asked about, once it has failed one


@dataclass(frozen=True)
class Ahead:
    """What is known of an exercise before anybody fails it.

    Parameters
    ----------
    ladder
        Small cases of each level with their right answers.
    sketches
        Of the known mistakes' answers, by their ids, to those cases that the digest is of.
    first_wrong
        What a mistake answers to a rung, by its id and the digest of the case.
    """

    ladder: CaseSet
    sketches: Mapping[str, Mapping[str, Sketch]]
    first_wrong: Mapping[str, WrongAnswer]


def ahead_key(course: Course, exercise: Exercise) -> str:
    """Return the key of what is worked out ahead: another check or stub has another.

    Versions of libraries do not enter: what was right when it was written still is. A course that
    is not the built-in one has another with whatever is changed of its checks, and with another
    dlgrade: no test holds that its files still fit.
    """
    own: list[str] = []
    beside = [*course.checks_dir.glob("_*.py"), *exercise.check_file.parent.glob("_*.py")]
    if not is_built_in(course):
        beside = [file for folder in course.code_folders for file in folder.rglob("*.py")]
        own = [__version__, digest_of(course.code_folders)]
    files = read_imported(PACKAGE, [exercise.check_file, *beside], read_own_code())
    digests = sorted(hashlib.sha256(content).hexdigest() for content in files.values())
    facts = json.dumps([FORM, exercise.id, str(exercise.stub), digests, *own])
    return hashlib.sha256(facts.encode()).hexdigest()[:32]


def is_built_in(course: Course) -> bool:
    """Tell whether the checks of a course are those of this package."""
    return course.checks_dir == PACKAGE / "checks"


def find_ahead(course: Course, exercise: Exercise) -> Ahead | None:
    """Return what is known ahead of an exercise, or None where there is nothing that fits."""
    if not course.has_checks:
        return None
    own = [FOLDER] if is_built_in(course) else []
    for folder in [*own, *filter(None, [course.cases_dir])]:
        try:
            content = (folder / f"{exercise.id}.{SUFFIX}").read_bytes()
            tree, data = from_frame(zlib.decompress(content))
            if tree["key"] == ahead_key(course, exercise):
                return _unpack(tree, data)
        except (OSError, zlib.error, FrameError, ValueError, KeyError, TypeError, AttributeError):
            continue
    return None


def make_ahead(
    exercise: Exercise, oracles: Oracles, case_set: CaseSet, before: Ahead | None = None
) -> Ahead:
    """Work out what can be known of an exercise before anybody fails it.

    Parameters
    ----------
    exercise, oracles
        Of what, and who knows.
    case_set
        The cases that every student has.
    before
        What is known with other cases: only the sketches hang on them.
    """
    mistakes = exercise.check.mistakes.values()
    sketches: dict[str, dict[str, Sketch]] = {}
    for bad in (False, True):
        plain = [banked for banked in case_set.cases if exercise.check.is_plain(banked.level)]
        cases = [banked for banked in plain if banked.bad is bad]
        if cases:
            sketches[digest_cases(cases)] = {
                mistake.id: sketch(
                    (_steps(mistake, banked) for banked in cases), exercise.check.tolerance
                )
                for mistake in mistakes
            }
    if before is not None:
        return replace(before, sketches=sketches)
    ladder, first_wrong = draw_ladder(exercise, oracles), {}
    for mistake in mistakes:
        for level in ladder.levels:
            for banked, answer in _first_wrong(exercise, mistake, level.cases):
                first_wrong[name_answer(mistake, banked)] = answer
    return Ahead(ladder, sketches, first_wrong)


def _steps(mistake: Mistake, banked: BankedCase) -> tuple[Any, ...]:
    wrong = work_out(mistake, banked)
    return banked.expected if wrong is None else wrong.steps


def _first_wrong(
    exercise: Exercise, mistake: Mistake, rungs: Sequence[BankedCase]
) -> Iterator[tuple[BankedCase, WrongAnswer]]:
    """Yield the first rung that a mistake fails in each way, with its answer."""
    kinds: set[str] = set()
    more = 0
    for banked in rungs:
        more += bool(kinds)
        if more > MOST_RUNGS:
            break
        answer = work_out(mistake, banked)
        if answer is None:
            continue
        found = first_mismatch(banked.expected, answer.steps, exercise.check.tolerance)
        if found is not None and found.kind not in kinds:
            kinds.add(found.kind)
            yield banked, answer


def name_answer(mistake: Mistake, banked: BankedCase) -> str:
    """Return what the answer of a mistake to a case is kept under."""
    return f"{mistake.id} {digest_request(banked.request)}"


def digest_request(request: Request) -> str:
    """Return what a case is kept under: a fingerprint of the bytes that a worker gets."""
    return hashlib.sha256(request.text.encode() + b"\0" + request.data).hexdigest()


# ----------------------------------------------------------------------------- files


def pack_ahead(ahead: Ahead, key: str) -> bytes:
    """Return the content of a file."""
    levels, data = pack_cases(ahead.ladder)
    tree = {
        "key": key,
        "ladder": [levels, len(data)],
        "sketches": {
            cases: {
                name: [one.form, *map(float.hex, one.sums), one.count] for name, one in of.items()
            }
            for cases, of in ahead.sketches.items()
        },
        "first_wrong": {name: answer.row for name, answer in ahead.first_wrong.items()},
    }
    chunks = [data, *(answer.data for answer in ahead.first_wrong.values())]
    return zlib.compress(to_frame(tree, b"".join(chunks)), 9)


def _unpack(tree: Mapping[str, Any], data: bytes) -> Ahead:
    levels, at = tree["ladder"]
    sketches = {
        cases: {
            name: Sketch(form, (float.fromhex(one), float.fromhex(other)), count)
            for name, (form, one, other, count) in of.items()
        }
        for cases, of in tree["sketches"].items()
    }
    first_wrong = {}
    ladder = unpack_cases(levels, data[:at])
    for name, (text, size, raised) in tree["first_wrong"].items():
        first_wrong[name] = WrongAnswer.of_row(text, raised, data[at : at + size])
        at += size
    return Ahead(ladder, sketches, first_wrong)
