"""Sketch many answers in two numbers: enough to tell whether all of them are somebody's.

What every known mistake answers to every case of a set would be some twelve megabytes for the
course. To know that a function answers all of them as a mistake does, two weighted sums and a
digest of what the answers are made of will do: a few dozen bytes for a mistake.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.engine.compare import ABSOLUTE
from grader.model import Raised

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from grader.engine.cases.caseset import BankedCase

    Array = np.ndarray[Any, Any]

STEPS = (0.6180339887498949, 0.4142135623730951)  # irrational: their squares' multiples wander
NOT_FINITE = (3.7, 5.3)  # what stands for nan, and for infinity
LARGEST_WHOLE = 2**53
NEARER, HEAVIEST = 0.1, 1.5  # than the tolerance, two sums are those of equal answers; a weight


@dataclass(frozen=True)
class Sketch:
    """What some answers are made of, and two sums of all their numbers.

    Parameters
    ----------
    form
        Digest of types, shapes, texts and exceptions, in order.
    sums
        Of the numbers, each array's relative to its largest and that one's logarithm, with weights
        from 0.5 to 1.5.
    count
        How many numbers these are.
    """

    form: str
    sums: tuple[float, float]
    count: int

    def is_of(self, other: Sketch, tolerance: float) -> bool | None:
        """Tell whether two sketches are of answers that agree; None where that is open.

        Notes
        -----
        Where no number is further off than the tolerance ``t``, no sum of ``n`` of them is further
        off than ``2 * 1.5 * n * t``. Equal answers that were rounded otherwise are a thousand
        times nearer than the tenth of ``t`` that is asked for here, and one number that is wrong
        is half a ``t`` off at least, unless others happen to make up for it in both sums.
        """
        if (self.form, self.count) != (other.form, other.count):
            return False
        apart = max(abs(a - b) for a, b in zip(self.sums, other.sums, strict=True))
        if apart <= NEARER * tolerance:
            return True
        return False if apart > 2 * HEAVIEST * self.count * tolerance else None


def sketch(answers: Iterable[Sequence[Any]], tolerance: float) -> Sketch:
    """Return the sketch of the answers to some cases, in order.

    Parameters
    ----------
    answers
        What each step of each case gave; a `Raised` at the end.
    tolerance
        The check's, relative to an array's largest number.

    Examples
    --------
    >>> one, other = sketch([([1.0, 2],)], 1e-8), sketch([((1.0, 2.0),)], 1e-8)
    >>> one.is_of(other, 1e-8), one.is_of(sketch([([2.0, 1],)], 1e-8), 1e-8)
    (True, False)
    """
    form = hashlib.sha256()
    numbers: list[Array] = []
    for steps in answers:
        form.update(_form(tuple(steps), numbers, tolerance).encode())
    every = np.concatenate(numbers) if numbers else np.zeros(0)
    places = np.arange(1.0, every.size + 1)
    weights = [np.modf(places * np.modf(places * step)[0])[0] + 0.5 for step in STEPS]
    one, other = (float(weight @ every) for weight in weights)
    return Sketch(form.hexdigest()[:16], (one, other), every.size)


def _form(value: Any, numbers: list[Array], tolerance: float) -> str:
    """Return what a value is made of, and take in its numbers; what agrees has one form."""
    if isinstance(value, Raised):
        return f"!{'ValueError' if value.value_error else value.type};"
    if isinstance(value, (list, tuple)):
        return f"[{''.join(_form(item, numbers, tolerance) for item in value)}]"
    if isinstance(value, dict):
        pairs = sorted((repr(key), item) for key, item in value.items())
        return f"{{{''.join(key + _form(item, numbers, tolerance) for key, item in pairs)}}}"
    if isinstance(value, np.ndarray) and value.dtype.kind in "fiub":
        numbers.append(_relative(value, tolerance))
        return f"{'f' if value.dtype.kind == 'f' else 'i'}{value.shape};"
    if isinstance(value, float) or (type(value) is int and abs(value) < LARGEST_WHOLE):
        numbers.append(_relative(np.array([float(value)]), tolerance))
        return "n;"
    return f"{type(value).__name__} {value!r};"


def _relative(array: Array, tolerance: float) -> Array:
    """Return an array's numbers as multiples of what is compared with its tolerance, and its size.

    Without its size one number would be 1 whatever it is, and twice an array the array.
    """
    flat = array.astype(float).ravel()
    whole = float(np.abs(flat).max(initial=0.0)) + ABSOLUTE / tolerance
    if whole and math.isfinite(whole):  # as nearly all are
        told = np.empty(flat.size + 1)
        np.divide(flat, whole, out=told[:-1])
        told[-1] = math.log(whole)
        return told
    finite = np.isfinite(flat)
    largest = float(np.abs(flat[finite]).max(initial=0.0))
    nan, infinite = NOT_FINITE
    with np.errstate(invalid="ignore"):  # 0 / 0 where any number is near enough
        unit = largest + ABSOLUTE / tolerance
        other = np.where(np.isnan(flat), nan, np.sign(flat) * infinite)
        size = math.log(unit) if unit else 0.0
        return np.append(np.where(finite, flat / unit, other), size)


def digest_cases(cases: Iterable[BankedCase]) -> str:
    """Return a fingerprint of what a worker is sent for some cases, in order."""
    state = hashlib.sha256()
    for banked in cases:
        state.update(banked.request.text.encode() + b"\0" + banked.request.data)
    return state.hexdigest()[:32]
