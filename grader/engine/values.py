"""Write values as JSON knows them: numbers, containers and arrays of a result document.

Nothing of a student's text is interpreted here; numbers that JSON does not know become strings.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NotRequired, TypedDict

import numpy as np

from grader.engine.compare import allowed_error, right_elements
from grader.model import Opaque, Raised, Unsupported
from grader.model.functions import Lambda

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grader.model import Counterexample

    Array = np.ndarray[Any, Any]

MAX_ELEMENTS = 1000
MAX_FIRST_WRONG = 20


class ShownCase(TypedDict):
    """A failing case, its values as `as_json` writes them; `script` is that of a class."""

    call: str
    arguments: dict[str, Any]
    expected: Any
    actual: Any
    shrunk: bool
    script: NotRequired[list[str]]


class WrongElement(TypedDict):
    """One element of a large array, beside what it should be."""

    index: list[int]
    expected: Any
    actual: Any


class ArrayValue(TypedDict):
    """An array in a document; `data` is None where it is too large, or was not sent."""

    shape: list[int]
    dtype: str
    data: Any
    first_wrong: NotRequired[list[WrongElement]]


def write_case(case: Counterexample) -> ShownCase:
    """Return a failing case as JSON knows it."""
    shown: ShownCase = {
        "call": case.call,
        "arguments": {name: as_json(value) for name, value in case.arguments.items()},
        "expected": as_json(case.expected),
        "actual": as_json(case.actual, case.expected, case.tolerance, case.terms),
        "shrunk": case.shrunk,
    }
    if case.script:
        shown["script"] = list(case.script)
    return shown


def as_json(  # noqa: PLR0911 - one line for each type
    value: Any, expected: Any = None, tolerance: float = 1e-8, terms: float = 1.0
) -> Any:
    """Return a value as the document writes it.

    Parameters
    ----------
    value
        A number, text, container, array, or what stands in for one.
    expected
        What it should be, for the first wrong elements of a large array.
    tolerance, terms
        How far off they may be (`compare.allowed_error`).

    Examples
    --------
    >>> as_json([1, float("nan"), np.array([0.5, -np.inf])])
    [1, 'nan', {'shape': [2], 'dtype': 'float64', 'data': [0.5, '-inf']}]
    """
    if isinstance(value, np.ndarray):
        return _array(value, expected, tolerance, terms)
    if isinstance(value, Raised):
        return {"raises": value.type, "message": value.message}
    if isinstance(value, (list, tuple)):
        inner = expected if isinstance(expected, (list, tuple)) else ()
        pairs = [inner[i] if i < len(inner) else None for i in range(len(value))]
        given = zip(value, pairs, strict=True)
        return [as_json(item, want, tolerance, terms) for item, want in given]
    if isinstance(value, dict):
        return {"dict": [[as_json(key), as_json(item)] for key, item in value.items()]}
    if isinstance(value, Opaque):
        return {"shape": list(value.shape), "dtype": value.dtype, "data": None, "first_wrong": []}
    if isinstance(value, Unsupported):
        return f"an object of type {value.type}"
    if isinstance(value, Lambda):
        return value.text
    return _plain(value)


def _plain(value: Any) -> Any:
    """Return a number or text; what JSON has no word for becomes a string.

    Examples
    --------
    >>> _plain(float("-inf"))
    '-inf'
    """
    if isinstance(value, (float, np.floating)):
        return float(value) if math.isfinite(value) else str(float(value))
    return str(value) if isinstance(value, (complex, np.complexfloating)) else value


def _array(array: Array, expected: Any, tolerance: float, terms: float) -> ArrayValue:
    shape, dtype = list(array.shape), array.dtype.name
    if array.size <= MAX_ELEMENTS:
        return {"shape": shape, "dtype": dtype, "data": _nested(array.tolist())}
    wrong = list(_first_wrong(array, expected, tolerance, terms))
    return {"shape": shape, "dtype": dtype, "data": None, "first_wrong": wrong}


def _nested(data: Any) -> Any:
    if isinstance(data, list):
        return [_nested(item) for item in data]
    return _plain(data)


def _first_wrong(
    array: Array, expected: Any, tolerance: float, terms: float
) -> Iterable[WrongElement]:
    if not isinstance(expected, np.ndarray) or expected.shape != array.shape:
        return
    wrong = ~right_elements(array, expected, allowed_error(expected, tolerance, terms))
    for index in np.argwhere(wrong)[:MAX_FIRST_WRONG]:
        place = tuple(int(i) for i in index)
        yield {
            "index": list(place),
            "expected": _plain(expected[place].item()),
            "actual": _plain(array[place].item()),
        }
