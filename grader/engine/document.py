"""The result document that other programs read (docs/engineer/result.md): types, and its writer.

A check writes one from what it found out, a gradebook from the facts that it kept. Both go through
`make_document` and `make_entry`, and whoever reads one does so by the types here.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple, NotRequired, TypedDict

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from grader.engine.values import ShownCase
    from grader.model import Counterexample, ExerciseResult, SubmissionResult
    from grader.model.mended import KeptMending, MendedLine
    from grader.model.sourcemap import Excerpt, FileLine, TraceLine

SCHEMA = 1


class LevelScore(TypedDict):
    """A level of an exercise; `earned` is None when the grader could not tell."""

    name: str
    status: str
    earned: float | None
    possible: float


class NamedMistake(TypedDict):
    """The diagnosis."""

    id: str
    message: str


class Decided(TypedDict):
    """A decision of the instructor, with its reason."""

    why: str
    decided_at: str


class ByHand(Decided):
    """A decision about an exercise: the points, and those that were `graded` before."""

    points: float
    graded: float | None


class Outcome(TypedDict):
    """What became of an exercise, points apart."""

    status: str
    cases: int
    seconds: float
    message: str
    counterexample: ShownCase | None
    diagnosis: NamedMistake | None


class Entry(Outcome):
    """An exercise in a document; `output` is what the shown call printed, where it did.

    `telling` is another case beside a smallest one that hides the pattern.
    """

    id: str
    earned: float | None
    possible: float
    levels: list[LevelScore]
    telling: NotRequired[ShownCase]
    output: NotRequired[str]
    override: NotRequired[ByHand]
    mending: NotRequired[MendedLine]


class FreeDays(TypedDict):
    """The late days that one student has, uses for an assignment, and has left after it."""

    of: int
    used: int
    left: int


class Late(TypedDict):
    """What being late costs under a rule; `judged` is False where nobody knows when it came in."""

    due: str
    unit: str
    units: int
    percent: float
    earned: float
    judged: bool
    days: NotRequired[FreeDays]


class Term(TypedDict):
    """What a class adds to a document: who it is, when the work came in, which attempt it is."""

    name: str
    id: str
    login: str
    email: str
    handed_in: bool
    came_in: str | None
    time_source: str
    marked_late: bool
    due: str | None
    on_roster: bool | None
    attempt: int
    attempts: int
    extended: NotRequired[Decided]
    excused: NotRequired[Decided]
    late: NotRequired[Late]


class Arrival(TypedDict):
    """How what is graded came in: its files, when and by whose word, and how it was recognised.

    `own_count` is how many hints were read of which exercise, as the student's own files say.
    """

    files: list[str]
    time: str | None
    time_source: str
    recognised: str
    note: str
    warnings: NotRequired[list[str]]
    own_count: NotRequired[dict[str, int]]


class Provenance(TypedDict):
    """Under what a document was found out."""

    seed: int
    versions: Mapping[str, str]
    oracles: Sequence[str]
    sandbox: str


class Document(Provenance):
    """What became of one submission; its name and the assignment's are None for a local check."""

    schema: int
    submission: str | None
    assignment: str | None
    earned: float
    possible: float
    complete: bool
    exercises: list[Entry]
    term: NotRequired[Term]
    delivery: NotRequired[Arrival]


class Details(TypedDict, total=False):
    """What is found out about an exercise and no document shows.

    `faults` are ours, in finding words for a verdict that holds: for the instructor. So is `trace`,
    the lines of the student's own that led to an exception, whose names code may have made up.
    `output` is what was printed in all, `printed` and `telling` an entry's; `slips` are an exam's,
    `node` the `host` of a cluster that graded and its process's `identity`.
    """

    location: FileLine | None
    trace: list[TraceLine]
    code: Excerpt
    separation: str
    notes: list[str]
    output: str
    printed: str
    telling: ShownCase
    faults: list[str]
    mending: KeptMending
    slips: dict[str, str]
    node: Mapping[str, str]


class Fact(Entry):
    """What a grading process sends and a gradebook keeps: an entry with its details."""

    details: Details


class Points(NamedTuple):
    """The points of an exercise.

    Parameters
    ----------
    earned, possible
        Those that count, None when the grader could not tell; what it is worth.
    by_hand
        The decision that they are, if they are one.
    """

    earned: float | None
    possible: float
    by_hand: ByHand | None = None

    @property
    def graded(self) -> float | None:
        """Those of the levels that passed."""
        return self.earned if self.by_hand is None else self.by_hand["graded"]


def make_document(
    entries: Iterable[Entry],
    provenance: Provenance,
    submission: str | None = None,
    assignment: str | None = None,
) -> Document:
    """Return the document of one submission, its points summed over the entries."""
    exercises = list(entries)
    return {
        "schema": SCHEMA, "submission": submission, "assignment": assignment,
        "earned": sum(entry["earned"] or 0.0 for entry in exercises),
        "possible": sum(entry["possible"] for entry in exercises),
        "complete": all(entry["earned"] is not None for entry in exercises),
        "seed": provenance["seed"], "versions": provenance["versions"],
        "oracles": provenance["oracles"], "sandbox": provenance["sandbox"],
        "exercises": exercises,
    }  # fmt: skip


def make_entry(
    exercise: str, outcome: Outcome, points: Points, levels: Iterable[LevelScore] = ()
) -> Entry:
    """Return the entry of one exercise, its levels in order, none with points if it has none."""
    graded = points.graded is not None
    entry: Entry = {
        "id": exercise, "status": outcome["status"],
        "earned": points.earned, "possible": points.possible,
        "cases": outcome["cases"], "seconds": outcome["seconds"], "message": outcome["message"],
        "levels": [level if graded else {**level, "earned": None} for level in levels],
        "counterexample": outcome["counterexample"], "diagnosis": outcome["diagnosis"],
    }  # fmt: skip
    if points.by_hand is not None:
        entry["override"] = points.by_hand
    return entry


def as_document(result: SubmissionResult) -> Document:
    """Return the document of what a check found out, which belongs to no class, as finite JSON."""
    provenance: Provenance = {
        "seed": result.seed, "versions": dict(result.versions), "oracles": list(result.oracles),
        "sandbox": result.sandbox,
    }  # fmt: skip
    return make_document(map(entry_of, result.exercises), provenance)


def entry_of(result: ExerciseResult) -> Entry:
    """Return the entry of what a run found out about one exercise.

    Examples
    --------
    >>> from grader.model import ExerciseResult, LevelResult, Status
    >>> entry = entry_of(ExerciseResult("conv.im2col", (LevelResult("all", Status.PASSED, 2.0),)))
    >>> entry["status"], entry["earned"], entry["possible"]
    ('passed', 2.0, 2.0)
    """
    case, named = result.counterexample, result.diagnosis
    outcome: Outcome = {
        "status": str(result.status), "cases": result.cases, "seconds": result.seconds,
        "message": result.message, "counterexample": None if case is None else _write(case),
        "diagnosis": None if named is None else {"id": named.id, "message": named.message},
    }  # fmt: skip
    levels: list[LevelScore] = [
        {
            "name": one.name, "status": str(one.status), "earned": one.earned,
            "possible": one.possible,
        }
        for one in result.levels
    ]  # fmt: skip
    entry = make_entry(result.id, outcome, Points(result.earned, result.possible), levels)
    if result.telling is not None:
        entry["telling"] = _write(result.telling)
    if result.printed is not None:
        entry["output"] = "\n".join(result.printed.told)
    if result.mending is not None:
        entry["mending"] = result.mending.told
    return entry


def _write(case: Counterexample) -> ShownCase:
    from grader.engine.values import write_case  # noqa: PLC0415 - numpy, for failures alone

    return write_case(case)


def fact_of(result: ExerciseResult, details: Details) -> Fact:
    """Return what a gradebook keeps of what a run found out about one exercise."""
    return {**entry_of(result), "details": details}


def to_text(document: Any) -> str:
    """Return a document as JSON text: ASCII alone, so that any terminal or pipe can carry it."""
    return json.dumps(document, indent=1, allow_nan=False)
