"""Make one line of a function that passes wrong, so that the grader fails it.

A line is made wrong by an edit as the search for a mistake's line tries them
(`engine.naming.mending`), here of a function that is right. The edits are tried as there: in the
student's own process, on cases of the exercise, within a budget. One after which the function
answers as a known mistake does is taken before any other.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice, zip_longest
from typing import TYPE_CHECKING

from grader.engine.asking.calls import Caller
from grader.engine.inspection import Inspector
from grader.engine.naming.counterexample import make_counterexample
from grader.engine.naming.mending.edits import Clues, find_edits
from grader.engine.naming.mending.trying import Tries, portions
from grader.errors import ForgedFrameError, GivenUpError, WorkerLostError
from grader.model import Location, Status
from grader.model.sourcemap import AS_IT_IS
from grader.student.helping.lines import LONGEST, distinct_run, find_function, shown_lines
from grader.worker.seat import WorkerSeat

if TYPE_CHECKING:
    import ast
    import random
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from grader.course.course import Exercise
    from grader.engine.cases.caseset import BankedCase
    from grader.engine.engine import Engine
    from grader.engine.judge import Trial
    from grader.engine.naming.mending.own import Edit, OwnFunctions
    from grader.model.sourcemap import SourceMap

MOST_LINES, FEWEST_LINES = 10, 3
MOST_EDITS = 60  # that are tried on a few cases
FEW = 4  # cases
MOST_LOOKED_AT = 10  # edits of which every case is asked
MOST_ASKED = 1_500  # cases in all for these
UNLIKE_A_SLIP = frozenset(
    {"biased", "copy", "cut", "divisor", "dtype", "given", "ignored", "in-place", "look", "of-now",
     "past-end", "printed", "shape", "stable", "stale", "type"}
)  # fmt: skip
LIKELIEST = frozenset(
    {"adds", "assigns", "axis", "backwards", "bound", "bracket", "call", "comparison", "count",
     "division", "factor-extra", "items", "keepdims", "length", "mean", "name", "number",
     "operator", "order", "sign", "size", "slice", "stride", "term-extra", "transpose"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SpoiltFunction:
    """A function that passes, with one line made wrong.

    Parameters
    ----------
    exercise
        Its id.
    function
        The function whose line it is: itself, or one that it calls.
    header
        Its first line, with the names of its parameters; it is never the wrong one.
    location
        Where that line stands in the student's file.
    lines
        Some lines of its body in their order, the wrong one among them, as Python would write them.
    wrong, mended
        That line as it was made, and as it was.
    message
        What a check says of it.
    call
        A case that shows it.
    others
        Other lines that are wrong in that place, each in another way, with what a check says of
        them: for a function that is too short for its lines to be asked about.
    """

    exercise: str
    function: str
    header: str
    location: Location
    lines: tuple[str, ...]
    wrong: str
    mended: str
    message: str
    call: str
    others: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class _Candidate:
    """An edit that the grader fails, with the lines that would be shown and a case.

    `is_last` says that it is in the last of them, where most edits of a function are; by chance it
    does not, as often as the last line would be the wrong one if every line were as likely.
    """

    edit: Edit
    function: str
    header: str
    lines: tuple[str, ...]
    wrong: str
    mended: str
    trial: Trial
    is_last: bool

    @property
    def is_whole(self) -> bool:
        """Whether there are enough lines to ask which is the wrong one."""
        return len(self.lines) >= FEWEST_LINES


def spoil(
    engine: Engine,
    folder: Path,
    exercise: Exercise,
    chance: random.Random,
    sources: SourceMap = AS_IT_IS,
) -> SpoiltFunction | None:
    """Make one line of a function wrong.

    Parameters
    ----------
    engine
        Whose cases and known mistakes.
    folder
        Where the function is; nothing is written there.
    exercise
        One that passes in this folder.
    chance
        Chooses the line, and how it is wrong.
    sources
        What the student calls the files and their lines.

    Returns
    -------
    SpoiltFunction or None
        None where no edit makes a question: the function is too short, or what came of all that
        were tried still passes.
    """
    with WorkerSeat(folder.resolve(), engine.limits, engine.command) as seat:
        inspector = Inspector(folder.resolve(), seat, sources, engine.course.imports)
        own = None if inspector.look(exercise) else inspector.own_functions(exercise)
        if own is None:
            return None
        tries = Tries(Caller(exercise, seat), own)
        tries.begin()
        try:
            return _find(engine, exercise, tries, chance, sources)
        except (GivenUpError, ForgedFrameError, WorkerLostError):
            return None
        finally:
            tries.end()


def _find(
    engine: Engine, exercise: Exercise, tries: Tries, chance: random.Random, sources: SourceMap
) -> SpoiltFunction | None:
    cases = [case for level in engine.case_set(exercise).levels for case in level.cases]
    found = _failing(tries, _a_few(cases), chance)
    looked: dict[str, tuple[_Candidate, frozenset[str]]] = {}
    for one in islice(found, min(MOST_LOOKED_AT, 1 + MOST_ASKED // len(cases))):
        trials = [trial for trial in tries.one(one.edit, cases) if trial is not None]
        alike = engine.answers(exercise).alike(trials) if len(trials) == len(cases) else {}
        names = frozenset(name for name, is_of in alike.items() if is_of)
        looked.setdefault(one.wrong, (one, names))
        if names and one.is_whole and not one.is_last:
            break
    wholes = [pair for pair in looked.values() if pair[0].is_whole]
    if wholes:
        chosen, names = min(wholes, key=lambda pair: (pair[0].is_last, not pair[1]))
        return _tell(exercise, chosen, names, (), sources)
    for chosen, names in looked.values():
        others = tuple(
            (other.wrong.strip(), _said(exercise, other, also))
            for other, also in looked.values()
            if other.edit.lines == chosen.edit.lines and not also & names
        )
        if names and others:
            return _tell(exercise, chosen, names, others, sources)
    return None


def _said(exercise: Exercise, one: _Candidate, names: frozenset[str]) -> str:
    """Return what a check says: the known mistake that it is, else what is wrong with the case."""
    if names:
        return exercise.check.mistakes[min(names)].message
    mismatch = one.trial.verdict.mismatch
    return mismatch.message if mismatch else ""


def _tell(
    exercise: Exercise,
    chosen: _Candidate,
    names: frozenset[str],
    others: tuple[tuple[str, str], ...],
    sources: SourceMap,
) -> SpoiltFunction:
    shown = make_counterexample(chosen.trial, shrunk=False)
    where = Location(f"{exercise.module}.py", chosen.edit.lines[0])
    return SpoiltFunction(
        exercise.id, chosen.function, chosen.header, sources.locate(where), chosen.lines,
        chosen.wrong, chosen.mended, _said(exercise, chosen, names), shown.call, others,
    )  # fmt: skip


def _a_few(cases: Sequence[BankedCase]) -> list[BankedCase]:
    """Return a few cases that are quick to ask, small ones and middling ones, and bad arguments."""
    ordered = sorted(cases, key=lambda case: len(case.request.data))
    good, bad = ([case for case in ordered if case.bad is which] for which in (False, True))
    few = [good[len(good) * n // (FEW + 1)] for n in range(1, FEW + 1)] if good else []
    return [*few, *bad[:: len(bad) // FEW + 1]]


def _failing(
    tries: Tries, cases: Sequence[BankedCase], chance: random.Random
) -> Iterator[_Candidate]:
    """Yield the edits that make a question and that the grader fails, none by an exception."""
    edits = [one for one in _mixed(tries.own, chance) if len(one.lines) == 1][:MOST_EDITS]
    wrong: dict[Edit, Trial] = {}
    spared = set(edits)
    for case in cases:
        for some in portions([edit for edit in edits if edit in spared]):
            tried = {one.edit: one.trial for one in tries.edited(some, case)}
            for edit in some:
                status = tried[edit].verdict.status if edit in tried else Status.CRASHED
                if status is Status.FAILED:
                    wrong.setdefault(edit, tried[edit])
                elif status is not Status.PASSED:
                    spared.discard(edit)
    chosen = [edit for edit in edits if edit in wrong and edit in spared]
    shown = (_candidate(tries.own, edit, wrong[edit], chance) for edit in chosen)
    return (one for one in shown if one is not None)


def _mixed(own: OwnFunctions, chance: random.Random) -> list[Edit]:
    """Return the edits by chance: the likeliest kinds first, of each one before a second of any."""
    found = find_edits(own, Clues())
    if own.is_class:  # most methods have no other line to choose from
        long = {n for one in own.bodies if len(_lines(one)) > FEWEST_LINES for n in _lines(one)}
        found = [edit for edit in found if long >= {*edit.lines}]
    likely = [edit for edit in found if edit.kind in LIKELIEST]
    others = [edit for edit in found if edit.kind not in LIKELIEST | UNLIKE_A_SLIP]
    return [*_in_turn(likely, chance), *_in_turn(others, chance)]


def _lines(node: ast.FunctionDef) -> range:
    return range(node.lineno, (node.end_lineno or 0) + 1)


def _in_turn(edits: Sequence[Edit], chance: random.Random) -> list[Edit]:
    kinds: dict[str, list[Edit]] = {}
    for edit in chance.sample(edits, len(edits)):
        kinds.setdefault(edit.kind, []).append(edit)
    return [edit for some in zip_longest(*kinds.values()) for edit in some if edit is not None]


# ---------------------------------------------------------------------- what is shown


def _candidate(
    own: OwnFunctions, edit: Edit, trial: Trial, chance: random.Random
) -> _Candidate | None:
    """Return an edit with the lines around it; None where they make no question."""
    name = _holder(own, edit)
    text = own.whole(edit)
    header, *before = shown_lines(find_function(own.source.decode(), name))
    first, *after = shown_lines(find_function(text, name)) if text else [""]
    changed = [n for n, pair in enumerate(zip(before, after, strict=False)) if len({*pair}) > 1]
    if first != header or len(before) != len(after) or len(changed) != 1:
        return None
    (at,) = changed
    low, high = distinct_run(after, at)
    low = min(max(low, at - chance.randrange(MOST_LINES)), max(low, high - MOST_LINES))
    lines = after[low : min(high, low + MOST_LINES)]
    if max(len(before[at]), len(after[at])) > LONGEST:
        return None
    margin = min(len(line) - len(line.lstrip()) for line in lines)
    shown = tuple(line[margin:] for line in lines)
    is_last = after[at] == lines[-1] and chance.random() * len(lines) >= 1
    return _Candidate(
        edit, name, header, shown, after[at][margin:], before[at].strip(), trial, is_last
    )


def _holder(own: OwnFunctions, edit: Edit) -> str:
    """Return the function in which an edit is, or the method with the name of its class."""
    line = edit.lines[0]
    holder = next(one for one in own.bodies if line in _lines(one))
    return f"{own.class_of(holder).name}.{holder.name}" if holder in own.methods else holder.name
