"""Draw the cases of an exercise and work out their right answers: all of it as bytes."""

from __future__ import annotations

import hashlib
import itertools
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from grader.course.strategies import as_case
from grader.course.words.asked import fixed_cases, require_arguments
from grader.course.words.places import told_with_place
from grader.engine.asking.handed_in import digest_right
from grader.engine.cases.drawing import draw_cases
from grader.engine.cases.oracle import RIGHT_ERROR, Ruled
from grader.engine.compare import allowed_error
from grader.errors import CourseError, OraclesDisagreeError
from grader.model.scripts import script_fault, step_text
from grader.worker.wire import Request, most_bytes, pack_case, pack_reply, read_reply, unpack_case

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.course.course import Exercise
    from grader.course.vocabulary import Check
    from grader.course.words.rules import AnswerRule
    from grader.engine.cases.drawing import Recipe
    from grader.engine.cases.oracle import Oracles
    from grader.model import Case
    from grader.worker.wire import Frame

    Value = TypeVar("Value")


@dataclass(frozen=True)
class BankedCase:
    """One case as bytes: what is sent, what a right answer is, and how far off it may be.

    What is read of it is read once, for all who answer it: its arrays cannot be written to.

    Parameters
    ----------
    request
        What the worker gets.
    expected_text, expected_data
        The reply of a worker that is right to the last bit; empty text for a bad argument, whose
        right answer is a `ValueError` with words of its own.
    limits
        Number of floats and their allowed error, for each array or number of the answer in order;
        None when the bytes must be equal.
    recipe
        What rebuilds the case smaller; None for a fixed case.
    bad
        Whether `ValueError` is the right answer.
    number
        Which case of its set it is, counted over all levels; None for one that was made since.
    level
        Of which level it is; empty for one that is of none.
    decisive
        The numbers of the right answer that decide, where its level has a rule.
    """

    request: Request
    expected_text: bytes
    expected_data: bytes
    limits: tuple[tuple[int, float], ...] | None
    recipe: Recipe | None
    bad: bool
    number: int | None = None
    level: str = field(default="", compare=False)
    decisive: tuple[float, ...] = ()
    _terms: float | None = field(default=None, init=False, repr=False, compare=False)

    @cached_property
    def expected(self) -> tuple[Any, ...]:
        """The right answer to each step, as values."""
        if self.bad:
            return (RIGHT_ERROR,)
        return _closed(read_reply(self.expected_text, self.expected_data, self.request).steps)

    @cached_property
    def arguments(self) -> tuple[tuple[Any, ...], ...]:
        """The arguments of each step."""
        return _closed(unpack_case(self.request))

    def terms(self, check: Check) -> float:
        """Return how large the terms are that a right function adds up, which its check says."""
        if check.terms is None:
            return 1.0
        if self._terms is None:
            object.__setattr__(self, "_terms", check.largest_term(self.arguments))
        return self._terms or 1.0

    @property
    def most_bytes(self) -> int:
        """How long the text of an answer to it may be, and its bytes."""
        return most_bytes(self.expected_text, self.expected_data)


@dataclass(frozen=True, slots=True)
class BankedLevel:
    """The cases of one level, in order."""

    name: str
    cases: tuple[BankedCase, ...]

    @property
    def refuses(self) -> bool:
        """Whether `ValueError` is the right answer to all of it."""
        return all(case.bad for case in self.cases)


@dataclass(frozen=True, slots=True)
class CaseSet:
    """All cases of one exercise under one seed."""

    levels: tuple[BankedLevel, ...]

    @property
    def cases(self) -> tuple[BankedCase, ...]:
        """The cases of all levels, by their numbers."""
        return tuple(case for level in self.levels for case in level.cases)


def level_seed(exercise: Exercise, name: str, seed: int) -> int:
    """Return the seed of one level: levels do not share cases, nor do exercises."""
    text = f"{seed} {exercise.id} {name}".encode()
    return int.from_bytes(hashlib.sha256(text).digest()[:8], "little")


def draw_level(exercise: Exercise, name: str, seed: int) -> list[tuple[Case, Recipe | None]]:
    """Return the cases of a level: the fixed ones first, then the drawn ones."""
    level = exercise.check.levels[name]
    fixed = [(as_case(drawn), None) for drawn in fixed_cases(level)]
    count = level.own_cases or exercise.check.cases_per_level
    drawn = [*fixed, *draw_cases(level.strategy, count, level_seed(exercise, name, seed))]
    if level.judged is None:
        return drawn
    return [(level.judged.spread(case, exercise.stub.names), None) for case, _ in drawn]


def draw_case_set(exercise: Exercise, oracles: Oracles, seed: int) -> CaseSet:
    """Draw every level's cases and compute their expected answers.

    Raises
    ------
    OraclesDisagreeError
        The oracles give different answers to a case; the message shows it.
    CourseError
        A case is none of this exercise, or cannot be drawn.
    """
    if exercise.check.handed_in is not None:
        return _without_cases(exercise)
    numbers = itertools.count()
    try:
        with told_with_place():
            levels = [
                _bank_level(exercise, oracles, n, seed, numbers) for n in exercise.check.levels
            ]
    except CourseError as error:
        text = f"the check of {exercise.id}: {error}"
        file = f"checks/{exercise.module}/{exercise.name}.py"
        raise type(error)(text if file in text else f"{text} ({file})") from error
    return CaseSet(tuple(levels))


def _bank_level(
    exercise: Exercise, oracles: Oracles, name: str, seed: int, numbers: Iterator[int]
) -> BankedLevel:
    """Draw the cases of a level and compute their expected answers."""
    cases, rule = [], exercise.check.levels[name].judged
    for case, recipe in draw_level(exercise, name, seed):
        fault = script_fault(case.steps) if exercise.stub.is_class else ""
        if fault and not case.script:
            fault = "script({}, *steps) makes one of steps"
        if fault:
            raise CourseError(f"the case of a class is script(…): {fault}")
        if not exercise.stub.is_class:
            require_arguments(exercise.stub, case)
        ruled = None if rule is None else _rule_over(case, rule, exercise.stub.names)
        try:
            expected = oracles.expected(case, ruled)
        except OraclesDisagreeError as error:
            file = f"checks/{exercise.module}/{exercise.name}.py"
            where = "" if ".py" in str(error) else f" ({file})"
            text = f"{error}{where}, on {_shown(exercise, case)}"
            raise OraclesDisagreeError(text) from error
        banked = bank_case(exercise.check, case, expected, recipe, next(numbers))
        if ruled is not None:
            decisive = ruled.rule.measure(expected, ruled.named)
            banked = replace(banked, limits=None, decisive=decisive)
        cases.append(replace(banked, level=name))
    return BankedLevel(name, tuple(cases))


def _without_cases(exercise: Exercise) -> CaseSet:
    """Return what stands for the cases of predictions: it changes with what they are held to."""
    told = digest_right(exercise).encode()
    case = BankedCase(Request("[]", b"", []), told, b"", None, None, bad=False)
    return CaseSet(tuple(BankedLevel(name, (case,)) for name in exercise.check.levels))


def _rule_over(case: Case, rule: AnswerRule, names: Sequence[str]) -> Ruled:
    return Ruled(rule, [dict(zip(names, given, strict=False)) for given in case.steps])


def bank_case(
    check: Check,
    case: Case,
    expected: Sequence[Any],
    recipe: Recipe | None = None,
    number: int | None = None,
) -> BankedCase:
    """Encode one case with its right answer."""
    request = pack_case(case)
    if case.bad:
        return BankedCase(request, b"", b"", None, recipe, True, number)
    text, data = pack_reply(expected, request)
    limits = _limits(list(expected), check.tolerance, check.largest_term(case.steps))
    return BankedCase(request, text, data, limits, recipe, False, number)


def _limits(value: Any, tolerance: float, terms: float) -> tuple[tuple[int, float], ...] | None:
    """Return count and allowed error for each float array or number, or None for other bytes."""
    if isinstance(value, (list, tuple)):
        inner = [_limits(item, tolerance, terms) for item in value]
        close = [limits for limits in inner if limits is not None]
        return None if len(close) < len(inner) else tuple(pair for pairs in close for pair in pairs)
    if isinstance(value, np.ndarray):
        error = allowed_error(value, tolerance, terms)
        return ((value.size, error),) if value.dtype == float else None
    if isinstance(value, float):
        return ((1, allowed_error(np.asarray(value), tolerance, terms)),)
    return () if isinstance(value, (int, str, type(None))) else None


def _closed(value: Value) -> Value:
    """Return a value whose arrays cannot be written to any more."""
    if isinstance(value, np.ndarray):
        value.setflags(write=False)
    elif isinstance(value, (list, tuple)):
        for item in value:
            _closed(item)
    elif isinstance(value, dict):
        for item in value.values():
            _closed(item)
    return value


def _shown(exercise: Exercise, case: Case) -> str:
    """Show a case in a line of text: the first call, or all that a script does."""
    if exercise.stub.is_class:
        steps = [step for step in case.steps if step[0] not in ("let", "see", "again")]
        return "; ".join(step_text(exercise.name, step) for step in steps)
    return f"{exercise.name}({', '.join(map(_brief, case.steps[0]))})"


def _brief(value: Any) -> str:
    """Show an argument in a line of text."""
    return f"array of shape {value.shape}" if isinstance(value, np.ndarray) else repr(value)


def plainly_right(pairs: Sequence[tuple[BankedCase, Frame]]) -> list[bool]:
    """Tell for each reply whether it is right beyond doubt, comparing all floats at once.

    A reply whose text equals the expected text has the right types, dtypes and shapes, and left
    its arguments alone; then only the numbers are left, and they are compared as one long array.
    """
    alike = [
        bool(banked.expected_text)
        and text == banked.expected_text
        and len(data) == len(banked.expected_data)
        for banked, (text, data) in pairs
    ]
    floats = [
        (banked, data)
        for (banked, (_, data)), same in zip(pairs, alike, strict=True)
        if same and banked.limits
    ]
    close = iter(_close(floats))
    return [
        same and (next(close) if banked.limits else data == banked.expected_data)
        for (banked, (_, data)), same in zip(pairs, alike, strict=True)
    ]


def _close(floats: Sequence[tuple[BankedCase, bytes]]) -> list[bool]:
    if not floats:
        return []
    got = np.frombuffer(b"".join(data for _, data in floats))
    want = np.frombuffer(b"".join(banked.expected_data for banked, _ in floats))
    limits = [pair for banked, _ in floats for pair in banked.limits or ()]
    allowed = np.repeat([error for _, error in limits], [count for count, _ in limits])
    with np.errstate(invalid="ignore", over="ignore"):
        fine = np.abs(got - want) <= allowed
    ends = np.cumsum([len(banked.expected_data) // 8 for banked, _ in floats])
    return [bool(part.all()) for part in np.split(fine, ends[:-1])]
