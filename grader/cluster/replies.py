"""Check what a node answers: plain facts, about what it was asked, and of the form that they have.

A node's word is taken for a verdict as a grading process's is; what is no such word is nobody's.
"""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any, cast

from grader.errors import Signal
from grader.gradebook.people.delivery import Recognition
from grader.model import Status

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from grader.grading.messages import Graded

STATUSES = frozenset(map(str, Status))
MOST_BYTES = 64 * 2**20
SLACK = 1e-6


class GarbageError(Signal):
    """What a node answered is no answer to what it was asked."""


def read_graded(said: Any, asked: Sequence[str], worth: Mapping[str, float]) -> Graded:
    """Return an answer, each part of which was looked at.

    Parameters
    ----------
    said
        What came, as JSON.
    asked
        The ids of exercises and exams, in order.
    worth
        The points of those of which they are known.

    Raises
    ------
    GarbageError
        It is no answer to that.
    """
    graded = _is(said, dict)
    try:
        size = len(json.dumps(graded, allow_nan=False))
    except ValueError as error:
        raise GarbageError("a number that is none") from error
    if size > MOST_BYTES:
        raise GarbageError("an answer that is too long")
    facts = _is(graded.get("facts"), list)
    ids = [_is(_is(fact, dict).get("id"), str) for fact in facts]
    if ids != list(asked):
        raise GarbageError("facts about something else than was asked")
    for fact in facts:
        _require_fact(fact, worth.get(fact["id"]))
    if not all(isinstance(one, str) for one in _is(graded.get("warnings"), list)):
        raise GarbageError("warnings that are no texts")
    if graded.get("recognised") not in set(map(str, Recognition)):
        raise GarbageError("files that were recognised by no known means")
    _is(graded.get("note"), str)
    for name, count in _is(graded.get("own_count"), dict).items():
        _is(name, str)
        _whole(count)
    return cast("Graded", graded)


def _require_fact(fact: Mapping[str, Any], worth: float | None) -> None:
    """Make sure that a fact is one."""
    if fact.get("status") not in STATUSES:
        raise GarbageError("a status that there is not")
    _whole(fact.get("cases"))
    _number(fact.get("seconds"))
    _is(fact.get("message"), str)
    _is(fact.get("details"), dict)
    if fact.get("counterexample") is not None:
        _is(fact["counterexample"], dict)
    if fact.get("diagnosis") is not None:
        named = _is(fact["diagnosis"], dict)
        _is(named.get("id"), str)
        _is(named.get("message"), str)
    possible = _number(fact.get("possible"))
    levels = [_is(level, dict) for level in _is(fact.get("levels"), list)]
    for level in levels:
        _is(level.get("name"), str)
        if level.get("status") not in STATUSES:
            raise GarbageError("a level with a status that there is not")
        _require_points(level.get("earned"), _number(level.get("possible")))
    _require_points(fact.get("earned"), possible)
    added = sum(level["possible"] for level in levels)
    if levels and abs(added - possible) > SLACK * max(1.0, possible):
        raise GarbageError("levels that do not add up")
    if worth is not None and levels and abs(added - worth) > SLACK * max(1.0, worth):
        raise GarbageError("an exercise that is worth something else")


def _require_points(earned: Any, possible: float) -> None:
    if earned is not None and _number(earned) > possible + SLACK * max(1.0, possible):
        raise GarbageError("more points than there are")


def _is(value: Any, kind: type) -> Any:
    if not isinstance(value, kind):
        raise GarbageError(f"no {kind.__name__} where there has to be one")
    return value


def _whole(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise GarbageError("a count that is none")
    return value


def _number(value: Any) -> float:
    if type(value) not in (int, float) or not math.isfinite(value) or value < 0:
        raise GarbageError("a number that is none")
    return float(value)
