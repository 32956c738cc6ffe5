"""Measure how often a wrong answer is told its mistake, or the line where it is.

    python benchmarks/naming.py [--only realistic|pairs|mutants] [--exercise conv.im2col] [--list]

Three kinds of wrong answers that no check was written for: those of tests/realistic/, written as
students write them; two known mistakes at once, where a mistake says by `change` how it changes
any function, but those that undo one another; and one-line mutants of the references. A name is
not yet a true one: what a person read is in tests/realistic/judged.toml.
"""

from __future__ import annotations

import argparse
import ast
import dataclasses
import itertools
import json
import random
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

sys.path[:0] = [str(Path(__file__).resolve().parent.parent / "tests")]

from wronganswers import opinion, written  # noqa: E402 - beside, not installed

from grader.course.course import find_course  # noqa: E402
from grader.engine.audit.audit import answer_cases, explanations  # noqa: E402
from grader.engine.audit.mutants import make_mutants  # noqa: E402
from grader.engine.cases.bank import Bank  # noqa: E402
from grader.engine.cases.kept import user_folder  # noqa: E402
from grader.engine.cases.oracle import mistaken_answers  # noqa: E402
from grader.engine.engine import Engine  # noqa: E402
from grader.engine.naming.diagnosis import diagnose  # noqa: E402
from grader.model import Limits, Status  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from grader.course.course import Exercise
    from grader.course.vocabulary import Mistake
    from grader.model import ExerciseResult

KINDS = ("realistic", "pairs", "mutants")
GROUPS = (*(f"realistic {kind}" for kind in ("value", "error", "syntax", "timeout")), *KINDS[1:])
UNDONE = {  # of these two mistakes one makes good what the other does: together they are right
    "losses.l1_penalty": ("halved", "doubled"),
    "losses.l2_penalty": ("halved", "doubled"),
    "linear.two_layer_backward": ("gradients-not-divided", "gradients-divided-twice"),
}
SHORT = Limits(timeout_s=2.0)  # a mutant may loop for ever


@dataclass(frozen=True)
class Told:
    """What one wrong answer was told.

    Parameters
    ----------
    sentence
        What is wrong with it; for a mutant its change, for a pair both mistakes.
    lines
        Where that is; none for a pair, which has no text.
    told
        The lines that were told: one, or two of which either may be meant.
    """

    id: str
    group: str
    sentence: str
    lines: tuple[int, ...]
    status: str
    name: str | None
    message: str
    told: tuple[int, ...]

    @property
    def caught(self) -> bool:
        """Whether it did not pass."""
        return self.status != Status.PASSED

    @property
    def line_is_right(self) -> bool:
        """Whether a line that was told is one where the mistake is."""
        return bool({*self.told} & {*self.lines})

    @property
    def line_is_wrong(self) -> bool:
        """Whether other lines were told."""
        return bool(self.told and self.lines) and not self.line_is_right

    @property
    def helped(self) -> bool:
        """Whether the mistake was named, or its line told."""
        return self.name is not None or self.line_is_right


def told_lines(result: ExerciseResult) -> tuple[int, ...]:
    """Return the lines to which a result points: two where either would do, or none.

    The line of an answer that is only wrong is where its function begins: that points to nothing.
    """
    mending = getattr(result, "mending", None)
    if mending is not None:
        return tuple(line for _, line in mending.at)
    if result.status is Status.FAILED or result.location is None:
        return ()
    return (result.location.line,)


def grade(engine: Engine, exercise: Exercise, source: str) -> ExerciseResult:
    """Return what becomes of a file."""
    with tempfile.TemporaryDirectory(prefix="dlgrade-") as name:
        (Path(name) / f"{exercise.module}.py").write_text(source, encoding="utf-8")
        return engine.check(Path(name), [exercise]).exercises[0]


def try_written(engine: Engine, exercise: Exercise) -> Iterator[Told]:
    """Yield what the realistic wrong answers of an exercise are told."""
    for wrong in written():
        if wrong.exercise == exercise.id:
            result = grade(engine, exercise, wrong.source)
            yield _told(result, wrong.id, f"realistic {wrong.kind}", wrong.sentence, wrong.lines)


def try_mutants(engine: Engine, exercise: Exercise, most: int) -> Iterator[Told]:
    """Yield what mutants of a reference are told; those that are right are left out."""
    solutions = engine.course.solutions_dir
    if solutions is None:
        return
    source = (solutions / f"{exercise.module}.py").read_text(encoding="utf-8")
    right = ast.unparse(ast.parse(source)).splitlines()
    known = explanations(engine.course)
    for number, mutant in enumerate(make_mutants(source, exercise.name, most)):
        if (exercise.id, mutant.before, mutant.after) in known:
            continue
        both = itertools.zip_longest(right, mutant.source.splitlines())
        line = next(at for at, (before, after) in enumerate(both, 1) if before != after)
        result = grade(engine, exercise, mutant.source)
        change = f"{mutant.before} -> {mutant.after}"
        yield _told(result, f"{exercise.id}/mutant-{number}", "mutants", change, (line,))


def _told(
    result: ExerciseResult, name: str, group: str, sentence: str, lines: tuple[int, ...]
) -> Told:
    named = result.diagnosis
    message = named.message if named else result.message
    told = told_lines(result)
    return Told(
        name, group, sentence, lines, result.status, named.id if named else None, message, told
    )


def make_both(over: Mistake, under: Mistake) -> Mistake:
    """Return two known mistakes at once, where the first is a change of whatever there is."""
    change = cast("Callable[[Callable[..., Any]], Callable[..., Any]]", over.change)
    return dataclasses.replace(
        over,
        id=f"{over.id}+{under.id}",
        function=change(under.function),
        on_bad_arguments=over.on_bad_arguments or under.on_bad_arguments,
    )


def try_pairs(engine: Engine, exercise: Exercise, most: int) -> Iterator[Told]:
    """Yield what two known mistakes at once are told, where one can be made on top of another."""
    case_set = engine.case_set(exercise)
    mistakes = exercise.check.mistakes.values()
    pairs = [
        (over, under)
        for over, under in itertools.permutations(mistakes, 2)
        if getattr(over, "change", None) is not None
    ]
    choice = random.Random(exercise.id)  # noqa: S311 - the same pairs in every run
    for over, under in choice.sample(pairs, min(most, len(pairs))):
        if {over.id, under.id} == {*UNDONE.get(exercise.id, ())}:
            continue
        both = make_both(over, under)
        trials = answer_cases(
            exercise, case_set, lambda case, both=both: mistaken_answers(both, case)
        )
        wrong = [trial for trial in trials if trial.verdict.status is not Status.PASSED]
        named = diagnose(exercise, trials) if wrong else None
        status = wrong[0].verdict.status if wrong else Status.PASSED
        yield Told(
            f"{exercise.id}/{both.id}",
            "pairs",
            f"{over.message} / {under.message}",
            (),
            status,
            named.id if named else None,
            named.message if named else "",
            (),
        )


_engines: dict[str, Engine] = {}


def try_exercise(name: str, kinds: Sequence[str], mutants: int, pairs: int) -> list[Told]:
    """Return what the wrong answers of one exercise are told; each process has its engines."""
    if not _engines:
        course, bank = find_course(), Bank(user_folder())
        _engines.update(
            plain=Engine(course, bank=bank), short=Engine(course, limits=SHORT, bank=bank)
        )
    exercise = _engines["plain"].course.exercise(name)
    found: list[Told] = []
    if "realistic" in kinds:
        found += try_written(_engines["plain"], exercise)
    if "pairs" in kinds:
        found += try_pairs(_engines["plain"], exercise, pairs)
    if "mutants" in kinds:
        found += try_mutants(_engines["short"], exercise, mutants)
    return found


COLUMNS = ("how many", "caught", "named", "line right", "wrong", "none", "name or line")


def figures(found: Sequence[Told]) -> tuple[int, ...]:
    """Return one row of the table."""
    right = sum(told.line_is_right for told in found)
    wrong = sum(told.line_is_wrong for told in found)
    return (
        len(found),
        sum(told.caught for told in found),
        sum(told.name is not None for told in found),
        right,
        wrong,
        len(found) - right - wrong,
        sum(told.helped for told in found),
    )


def print_table(found: Sequence[Told]) -> None:
    """Print what was found, by kind."""
    realistic = [told for told in found if told.group.startswith("realistic")]
    groups = {name: [told for told in found if told.group == name] for name in GROUPS}
    groups["realistic, all"] = realistic
    groups |= {name: groups.pop(name) for name in KINDS[1:]}
    print(f"{'kind':20}" + "".join(f"{column:>{len(column) + 2}}" for column in COLUMNS))
    for name, group in groups.items():
        row = zip(COLUMNS, figures(group), strict=True)
        if group:
            print(f"{name:20}" + "".join(f"{count:{len(column) + 2}}" for column, count in row))
    words = [opinion(told.id, told.name) for told in realistic if told.name]
    if realistic:
        counts = (f"{words.count(word)} {word}" for word in ("true", "misleading", "unread"))
        print(f"names of the realistic ones: {', '.join(counts)}")


def print_list(found: Sequence[Told]) -> None:
    """Print each realistic one with what it is and what it was told."""
    for told in found:
        if not told.group.startswith("realistic"):
            continue
        lines = ", ".join(map(str, told.lines))
        print(f"\n{told.id}  {told.status}\n  is    {told.sentence} (line {lines})")
        if told.name:
            print(f"  name  {told.name} ({opinion(told.id, told.name)}): {told.message}")
        elif told.message:
            print(f"  says  {told.message}")
        if told.told:
            where = " or ".join(map(str, told.told))
            print(f"  line  {where} ({'right' if told.line_is_right else 'wrong'})")


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--only", choices=KINDS, action="append", help="one kind alone")
    parser.add_argument("--exercise", action="append", help="an exercise or a module")
    parser.add_argument("--mutants", type=int, default=6, help="of each reference (6)")
    parser.add_argument("--pairs", type=int, default=6, help="of each exercise (6)")
    parser.add_argument("--jobs", type=int, default=2, help="processes (2)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="writes what was found")
    parser.add_argument("--list", action="store_true", help="prints each realistic one")
    asked = parser.parse_args()
    kinds = asked.only or KINDS
    exercises = find_course().find(asked.exercise or [])
    found: list[Told] = []
    with ProcessPoolExecutor(asked.jobs) as pool:
        waiting = [
            pool.submit(try_exercise, exercise.id, kinds, asked.mutants, asked.pairs)
            for exercise in exercises
        ]
        for future in waiting:
            found += future.result()
    if asked.json:
        rows: list[dict[str, Any]] = [dataclasses.asdict(told) for told in found]
        asked.json.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    if asked.list:
        print_list(found)
        print()
    print_table(found)
    if "pairs" in kinds and not any(told.group == "pairs" for told in found):
        print("pairs: none can be made, no mistake says how it changes another function")
    return 0


if __name__ == "__main__":
    sys.exit(main())
