"""Find the one factor between wrong numbers and right ones, and say what it could be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from grader.course.docstrings import axis_names
from grader.engine.compare import allowed_error

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from grader.course.course import Exercise

NEAR = 1e-7
TOLERANCE = 1e-8


def find_ratio(expected: Any, actual: Any) -> float | None:
    """Return the one factor between what is and what should be, or None.

    Examples
    --------
    >>> find_ratio(np.array([1.0, 4.0]), np.array([0.5, 2.0]))
    0.5
    >>> find_ratio(np.array([1.0, 4.0]), np.array([0.5, 4.0]))
    """
    if not isinstance(expected, (float, np.ndarray)):
        return None
    try:
        given = np.asarray(actual)
    except ValueError:  # lists of unlike lengths are no array
        return None
    if given.dtype.kind not in "iuf":
        return None
    want, got = np.asarray(expected, float), given.astype(float)
    if want.shape != got.shape or not np.any(want) or not np.all(np.isfinite(got)):
        return None
    largest = np.unravel_index(np.argmax(np.abs(want)), want.shape)
    ratio = float(got[largest] / want[largest])
    fits = np.abs(got - ratio * want) <= allowed_error(want, TOLERANCE) * max(1, abs(ratio))
    return ratio if bool(np.all(fits)) and ratio != 0.0 else None


def is_factor(ratio: float | None, value: float) -> bool:
    """Tell whether a ratio that was found is this value."""
    return ratio is not None and abs(ratio - value) <= NEAR * abs(value)


def possible_factors(
    exercise: Exercise, calls: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[str, list[float]]]:
    """Yield what a factor could be, in words, with its value in each call.

    Parameters
    ----------
    exercise
        Its docstring names the axes: `x.shape[1] (D)`.
    calls
        The arguments of each call by name; at least one call.
    """
    for number in (-1.0, 2.0):
        yield f"{number:g}", [number] * len(calls)
    axes = axis_names(exercise.stub.docstring)
    common = set.intersection(*(set(arguments) for arguments in calls))
    for name in (name for name in calls[0] if name in common):  # elsewhere left to its default
        values = [arguments[name] for arguments in calls]
        if all(isinstance(value, np.ndarray) for value in values):
            yield from _sizes(name, axes.get(name, ()), values)
        elif all(isinstance(value, (int, float)) for value in values):
            yield name, [float(value) for value in values]
            yield f"1 - {name}", [1.0 - float(value) for value in values]
        elif all(_is_pair(value) for value in values):
            yield f"{name}[0] * {name}[1]", [float(value[0] * value[1]) for value in values]
            yield f"{name}[0]", [float(value[0]) for value in values]


def _is_pair(value: Any) -> bool:
    return isinstance(value, tuple) and len(value) == 2 and isinstance(value[0], int)


def _sizes(
    name: str, axes: Sequence[str], values: Sequence[Any]
) -> Iterator[tuple[str, list[float]]]:
    """Yield the length of each axis of an array, by its name, and how many elements there are.

    Arrays of any shape have other axes in other calls; then only the first ones can be meant.
    """
    for axis in range(min(value.ndim for value in values)):
        called = f" ({axes[axis]})" if len(axes) == values[0].ndim else ""
        yield f"{name}.shape[{axis}]{called}", [float(value.shape[axis]) for value in values]
    yield f"{name}.size", [float(value.size) for value in values]
    if len(axes) == 2 and all(value.ndim == 2 and value.size for value in values):
        for one, other in ((0, 1), (1, 0)):  # the length of one axis in place of the other's
            words = f"{name}.shape[{one}] / {name}.shape[{other}] ({axes[one]} / {axes[other]})"
            yield words, [value.shape[one] / value.shape[other] for value in values]
