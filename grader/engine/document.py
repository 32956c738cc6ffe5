"""Write results as the JSON document that other programs read (docs/result.md).

Nothing of a student's text is interpreted here; numbers that JSON does not know become strings.
"""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.engine.compare import allowed_error, right_elements
from grader.model import Opaque, Raised, Unsupported

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grader.model import Counterexample, ExerciseResult, SubmissionResult

    Array = np.ndarray[Any, Any]

SCHEMA = 1
MAX_ELEMENTS = 1000
MAX_FIRST_WRONG = 20


def as_document(result: SubmissionResult) -> dict[str, Any]:
    """Return the document of one submission.

    Parameters
    ----------
    result
        What a run found out.

    Returns
    -------
    dict
        Only what JSON knows: `json.dumps(document, allow_nan=False)` works.
    """
    return {
        "schema": SCHEMA,
        "submission": result.submission,
        "assignment": result.assignment,
        "earned": result.earned,
        "possible": result.possible,
        "complete": result.complete,
        "seed": result.seed,
        "versions": dict(result.versions),
        "oracles": list(result.oracles),
        "sandbox": result.sandbox,
        "exercises": [exercise_document(exercise) for exercise in result.exercises],
    }


def exercise_document(result: ExerciseResult) -> dict[str, Any]:
    """Return the entry of one exercise."""
    ungraded = result.earned is None
    return {
        "id": result.id,
        "status": str(result.status),
        "earned": result.earned,
        "possible": result.possible,
        "cases": result.cases,
        "seconds": result.seconds,
        "message": result.message,
        "levels": [
            {
                "name": level.name,
                "status": str(level.status),
                "earned": None if ungraded else level.earned,
                "possible": level.possible,
            }
            for level in result.levels
        ],
        "counterexample": result.counterexample and _counterexample(result.counterexample),
        "diagnosis": result.diagnosis
        and {"id": result.diagnosis.id, "message": result.diagnosis.message},
    }


def _counterexample(shown: Counterexample) -> dict[str, Any]:
    return {
        "call": shown.call,
        "arguments": {name: as_json(value) for name, value in shown.arguments.items()},
        "expected": as_json(shown.expected),
        "actual": as_json(shown.actual, shown.expected),
        "shrunk": shown.shrunk,
    }


def as_json(value: Any, expected: Any = None) -> Any:  # noqa: PLR0911 - one line for each type
    """Return a value as the document writes it.

    Parameters
    ----------
    value
        A number, text, container, array, or what stands in for one.
    expected
        What it should be, for the first wrong elements of a large array.

    Examples
    --------
    >>> as_json([1, float("nan"), np.array([0.5, -np.inf])])
    [1, 'nan', {'shape': [2], 'dtype': 'float64', 'data': [0.5, '-inf']}]
    """
    if isinstance(value, np.ndarray):
        return _array(value, expected)
    if isinstance(value, Raised):
        return {"raises": value.type, "message": value.message}
    if isinstance(value, (list, tuple)):
        inner = expected if isinstance(expected, (list, tuple)) else ()
        pairs = [inner[i] if i < len(inner) else None for i in range(len(value))]
        return [as_json(item, want) for item, want in zip(value, pairs, strict=True)]
    if isinstance(value, dict):
        return {"dict": [[as_json(key), as_json(item)] for key, item in value.items()]}
    if isinstance(value, Opaque):
        return {"shape": list(value.shape), "dtype": value.dtype, "data": None, "first_wrong": []}
    if isinstance(value, Unsupported):
        return f"an object of type {value.type}"
    return _plain(value)


def _plain(value: Any) -> Any:
    """Return a number or text; what JSON has no word for becomes a string.

    Examples
    --------
    >>> _plain(float("-inf"))
    '-inf'
    """
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else str(float(value))
    return value


def _array(array: Array, expected: Any) -> dict[str, Any]:
    head = {"shape": list(array.shape), "dtype": array.dtype.name}
    if array.size <= MAX_ELEMENTS:
        return {**head, "data": _nested(array.tolist())}
    return {**head, "data": None, "first_wrong": list(_first_wrong(array, expected))}


def _nested(data: Any) -> Any:
    if isinstance(data, list):
        return [_nested(item) for item in data]
    return str(data) if isinstance(data, complex) else _plain(data)


def _first_wrong(array: Array, expected: Any) -> Iterable[dict[str, Any]]:
    if not isinstance(expected, np.ndarray) or expected.shape != array.shape:
        return
    wrong = ~right_elements(array, expected, allowed_error(expected, 1e-8))
    for index in np.argwhere(wrong)[:MAX_FIRST_WRONG]:
        place = tuple(int(i) for i in index)
        yield {
            "index": list(place),
            "expected": _plain(expected[place].item()),
            "actual": _plain(array[place].item()),
        }


def to_text(document: Any) -> str:
    """Return a document as JSON text: ASCII alone, so that any terminal or pipe can carry it."""
    return json.dumps(document, indent=1, allow_nan=False)
