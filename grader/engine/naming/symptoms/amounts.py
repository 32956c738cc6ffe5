"""One relation between all wrong numbers and the right ones: a factor, a term, a function."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from grader.engine.naming.symptoms.factors import find_ratio, is_factor, possible_factors
from grader.engine.naming.symptoms.wrongs import (
    MIN_WRONGS,
    all_numbers,
    called,
    equal,
    hold_all,
    right_ones,
)
from grader.model import Diagnosis

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from grader.engine.naming.symptoms.wrongs import Array, Symptom, Wrong

ALMOST = 5e-6
CUT_OFF = (
    "Everything after the point is cut off in {}: an array of whole numbers was filled (made with "
    "dtype=int, or like one of ints), or // stands for /."
)


def _factor(wrongs: Sequence[Wrong]) -> Diagnosis | None:
    ratios = [find_ratio(wrong.expected, wrong.actual) for wrong in wrongs]
    if any(ratio is None for ratio in ratios):
        return None
    what = called(wrongs)
    calls = [wrong.arguments for wrong in wrongs]
    for words, values in possible_factors(wrongs[0].exercise, calls):
        pairs = list(zip(ratios, values, strict=True))
        if all(is_factor(ratio, value) for ratio, value in pairs):
            return _factor_found(what, words, "times")
        if all(value and is_factor(ratio, 1 / value) for ratio, value in pairs):
            return _factor_found(what, words, "divided by")
    return None


def _factor_found(what: str, words: str, verb: str) -> Diagnosis:
    if words == "-1":
        return Diagnosis("sign", f"{what} has the wrong sign everywhere.")
    text = f"{what} is exactly the right one {verb} {words}: a factor too many, or one forgotten."
    return Diagnosis("factor", text)


def _relation(wrongs: Sequence[Wrong]) -> Diagnosis | None:
    """Tell that the wrong numbers are one function of the right ones."""
    pairs = all_numbers(wrongs)
    if not _differ(pairs):
        return None
    for name, function, words in RELATIONS:
        with np.errstate(all="ignore"):
            if all(equal(function(want), got) for want, got in pairs):
                return Diagnosis(name, words.format(called(wrongs)))
    return None


def _differ(pairs: Sequence[tuple[Array, Array]]) -> bool:
    """Tell whether enough different numbers are wrong that no relation holds by accident."""
    wrong = {float(n) for want, got in pairs for n in want[~right_ones(want, got)][:MIN_WRONGS]}
    return len(wrong) >= MIN_WRONGS


RELATIONS: tuple[tuple[str, Callable[[Array], Array], str], ...] = (
    ("without-sign", np.abs, "{} has lost its sign: an absolute value or a square too many."),
    ("square-of-it", np.square, "{} is the square of the right one: a root is missing."),
    ("root-of-it", np.sqrt, "{} is the root of the right one: a root too many."),
    ("exp-of-it", np.exp, "{} is exp of the right one: a logarithm is missing."),
    ("log-of-it", np.log, "{} is the logarithm of the right one: an exp is missing."),
    ("one-minus-it", lambda want: 1 - want, "{} is 1 minus the right one."),
    ("reciprocal-of-it", lambda want: 1 / want, "{} is 1 divided by the right one."),
    ("cut-off", np.trunc, CUT_OFF),
    ("cut-off", np.floor, CUT_OFF),
    ("cut-off", np.rint, "All numbers of {} are rounded to whole ones."),
)


def _offset(wrongs: Sequence[Wrong]) -> Diagnosis | None:
    """Tell that the same number is added everywhere, in every case."""
    pairs = all_numbers(wrongs)
    if not _differ(pairs):
        return None
    more = float(np.ravel(pairs[0][1] - pairs[0][0])[:1].sum())
    if not more or not all(equal(want + more, got) for want, got in pairs):
        return None
    way = "large" if more > 0 else "small"
    return Diagnosis("offset", f"{called(wrongs)} is {abs(more):g} too {way} everywhere.")


def _argument(wrongs: Sequence[Wrong]) -> Diagnosis | None:
    """Tell that an argument is what the wrong numbers and the right ones differ by."""
    pairs = all_numbers(wrongs)
    if not _differ(pairs):
        return None
    for name in wrongs[0].arguments:
        given = [wrong.arguments.get(name) for wrong in wrongs]
        for axis in (None, *range(pairs[0][0].ndim)):
            values = [_stretched(v, w.shape, axis) for v, (w, _) in zip(given, pairs, strict=True)]
            found = [value for value in values if value is not None]
            if len(found) < len(values):
                continue
            for id_, relation, words in OF_ARGUMENT:
                triples = zip(pairs, found, strict=True)
                if all(relation(want, got, value) for (want, got), value in triples):
                    return Diagnosis(id_, words.format(called(wrongs), name))
    return None


OF_ARGUMENT: tuple[tuple[str, Callable[[Array, Array, Array], bool], str], ...] = (
    ("term", lambda want, got, v: equal(want, got + v), "{1} is not added to {0}."),
    ("term", lambda want, got, v: equal(want, got - v), "{1} is added to {0} once too often."),
    (
        "term",
        lambda want, got, v: equal(want, got + 2 * v),
        "{1} is subtracted in {0} where it is added.",
    ),
    (
        "term",
        lambda want, got, v: equal(want, got - 2 * v),
        "{1} is added to {0} where it is subtracted.",
    ),
    ("times", lambda want, got, v: equal(want, got * v), "{0} is not multiplied by {1}."),
    (
        "times",
        lambda want, got, v: equal(got, want * v),
        "{0} is multiplied by {1} once too often, or not divided by it.",
    ),
)


def _stretched(value: object, shape: tuple[int, ...], axis: int | None) -> Array | None:
    """Return an argument in the shape of a result, a vector along one axis; None if it has another.

    Examples
    --------
    >>> _stretched(np.array([1.0, 2.0]), (2, 3), 0)
    array([[1., 1., 1.],
           [2., 2., 2.]])
    """
    if isinstance(value, float):
        value = np.asarray(value)
    if not isinstance(value, np.ndarray) or value.dtype.kind != "f":
        return None
    if axis is None:
        fits = value.ndim == 0 or value.shape == shape
        return np.broadcast_to(value, shape) if fits else None
    if value.ndim != 1 or value.shape == shape or shape[axis : axis + 1] != value.shape:
        return None
    ones = [1] * len(shape)
    ones[axis] = len(value)
    return np.broadcast_to(value.reshape(ones), shape)


def _capped(wrongs: Sequence[Wrong]) -> Diagnosis | None:
    """Tell that numbers are right up to a limit, and the limit beyond."""
    pairs = all_numbers(wrongs)
    if not _differ(pairs):
        return None
    masks = [~right_ones(want, got) for want, got in pairs]
    limits = {float(n) for (_, got), mask in zip(pairs, masks, strict=True) for n in got[mask]}
    limit = limits.pop() if len(limits) == 1 else np.nan
    for side, beyond in (("above", np.minimum), ("below", np.maximum)):
        if all(equal(beyond(want, limit), got) for want, got in pairs):
            text = f"{called(wrongs)} is right, but {limit:g} wherever it should be {side} that: "
            text += "it is cut off by a clip, a maximum or a minimum."
            return Diagnosis("capped", text)
    return None


def _almost(wrongs: Sequence[Wrong]) -> Diagnosis | None:
    """Tell that numbers agree to single precision only."""
    pairs = all_numbers(wrongs)
    for want, got in pairs:
        if np.abs(want - got).max(initial=0.0) > ALMOST * np.abs(want).max(initial=0.0):
            return None
    if not pairs:
        return None
    text = f"{called(wrongs)} is right to six digits or so and no further: float32 is used on the "
    text += "way, or a small number is added (an epsilon) where none belongs or another one does."
    return Diagnosis("almost", text)


def _nothing_done(wrongs: Sequence[Wrong]) -> Diagnosis | None:
    """Tell that there are zeros alone, or an argument as it was given."""
    pairs = all_numbers(wrongs)
    if not _differ(pairs):
        return None
    if not any(np.any(got) for _, got in pairs):
        if hold_all(wrongs, lambda wrong: wrong.is_read and np.ndim(wrong.actual) == 0):
            return None  # one number of one object says nothing of the others
        return Diagnosis("zeros", f"{called(wrongs)} is 0 everywhere, in every case that fails.")
    for name in wrongs[0].arguments:
        given = [wrong.arguments.get(name) for wrong in wrongs]
        if all(_is(value, got) for value, (_, got) in zip(given, pairs, strict=True)):
            text = f"{called(wrongs)} is {name} as it was given, where it fails."
            return Diagnosis("argument-returned", text)
    return None


def _is(value: object, got: Array) -> bool:
    return isinstance(value, np.ndarray) and value.dtype.kind == "f" and equal(value, got)


PLAIN_AMOUNTS: tuple[Symptom, ...] = (_factor, _nothing_done)
AMOUNTS: tuple[Symptom, ...] = (_almost, _relation, _offset, _argument, _capped)
