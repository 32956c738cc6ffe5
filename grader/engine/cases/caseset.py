"""Draw the cases of an exercise and work out their right answers: what a bank entry holds."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.course.strategies import as_case
from grader.engine.cases.bank import BankedCase, BankedLevel, Entry
from grader.engine.cases.drawing import draw_cases
from grader.engine.compare import allowed_error
from grader.errors import OraclesDisagreeError
from grader.worker.wire import pack_case, pack_reply

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.course.course import Exercise
    from grader.engine.cases.drawing import Recipe
    from grader.engine.cases.oracle import Oracles
    from grader.model import Case


def level_seed(exercise: Exercise, name: str, seed: int) -> int:
    """Return the seed of one level: levels do not share cases, nor do exercises."""
    text = f"{seed} {exercise.id} {name}".encode()
    return int.from_bytes(hashlib.sha256(text).digest()[:8], "little")


def draw_level(exercise: Exercise, name: str, seed: int) -> list[tuple[Case, Recipe | None]]:
    """Return the cases of a level: the fixed ones first, then the drawn ones."""
    level = exercise.check.levels[name]
    fixed = [(as_case(drawn), None) for drawn in (level.fixed() if level.fixed else ())]
    count = exercise.check.cases_per_level
    return [*fixed, *draw_cases(level.strategy, count, level_seed(exercise, name, seed))]


def draw_entry(exercise: Exercise, oracles: Oracles, seed: int) -> Entry:
    """Draw every level's cases and compute their expected answers.

    Raises
    ------
    OraclesDisagreeError
        The oracles give different answers to a case; the message shows it.
    """
    levels = []
    for name in exercise.check.levels:
        cases = []
        for case, recipe in draw_level(exercise, name, seed):
            try:
                expected = oracles.expected(case)
            except OraclesDisagreeError as error:
                shown = ", ".join(_brief(argument) for argument in case.steps[0])
                text = f"{error}, on {exercise.name}({shown})"
                raise OraclesDisagreeError(text) from error
            cases.append(bank_case(case, expected, recipe, exercise.check.tolerance))
        levels.append(BankedLevel(name, tuple(cases)))
    return Entry(tuple(levels))


def bank_case(
    case: Case, expected: Sequence[Any], recipe: Recipe | None, tolerance: float
) -> BankedCase:
    """Encode one case with its right answer."""
    request = pack_case(case)
    if case.bad:
        return BankedCase(request, b"", b"", None, recipe, True)
    text, data = pack_reply(expected, request)
    limits = _limits(list(expected), tolerance)
    return BankedCase(request, text, data, limits, recipe, False)


def _limits(value: Any, tolerance: float) -> tuple[tuple[int, float], ...] | None:
    """Return count and allowed error for each float array or number, or None for other bytes."""
    if isinstance(value, (list, tuple)):
        inner = [_limits(item, tolerance) for item in value]
        known = [limits for limits in inner if limits is not None]
        return None if len(known) < len(inner) else tuple(pair for pairs in known for pair in pairs)
    if isinstance(value, np.ndarray):
        return ((value.size, allowed_error(value, tolerance)),) if value.dtype == float else None
    if isinstance(value, float):
        return ((1, allowed_error(np.asarray(value), tolerance)),)
    return () if isinstance(value, (int, str, type(None))) else None


def _brief(value: Any) -> str:
    """Show an argument in a line of text."""
    return f"array of shape {value.shape}" if isinstance(value, np.ndarray) else repr(value)
