"""What stands there: another type, another dtype, too much, too little, or no number at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from grader.engine.compare import same_answers
from grader.engine.naming.symptoms.wrongs import hold_all, one_name
from grader.model import Diagnosis, Opaque, Raised

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from grader.engine.naming.symptoms.wrongs import Symptom, Wrong

PRECISIONS = {"float16": "Half precision (float16)", "float32": "Single precision (float32)"}


def _changed(wrongs: Sequence[Wrong]) -> Diagnosis | None:
    if not hold_all(wrongs, lambda wrong: wrong.kind == "changed"):
        return None
    text = "The result is right, but an argument is changed on the way: `x += …`, `x[…] = …` and "
    text += "`out=x` write into the caller's array. Work on a copy."
    return Diagnosis("changed-argument", text)


def _list_for_array(wrongs: Sequence[Wrong]) -> Diagnosis | None:
    def holds(wrong: Wrong) -> bool:
        return isinstance(wrong.expected, np.ndarray) and isinstance(wrong.actual, (list, tuple))

    if not hold_all(wrongs, holds):
        return None
    return Diagnosis("list-for-array", "A list stands where an array is expected: np.array(…).")


def _dtype(wrongs: Sequence[Wrong]) -> Diagnosis | None:
    if not hold_all(wrongs, lambda wrong: wrong.kind == "dtype"):
        return None
    kinds = {str(getattr(wrong.actual, "dtype", "")) for wrong in wrongs}
    wanted = {str(getattr(wrong.expected, "dtype", "float64")) for wrong in wrongs}
    if wanted != {"float64"}:
        text = f"Another dtype stands where {' or '.join(sorted(wanted))} is expected: look for "
        text += "dtype=… and .astype."
    elif kinds == {"bool"}:
        text = "Truth values stand where float64 is expected: True and False are no numbers yet. "
        text += "Use np.where, or multiply with what they choose."
    elif any(kind.startswith(("int", "uint", "bool")) for kind in kinds):
        text = "Whole numbers stand where float64 is expected. An array made with dtype=int, or "
        text += "like an array of ints, cuts off everything after the point when it is filled."
    elif kinds == {"object"}:
        text = "The array holds Python objects: it was probably made of rows of different length, "
        text += "or with None in it."
    elif kinds <= {"complex64", "complex128"}:
        text = "Complex numbers stand where float64 is expected: look for what made them complex, "
        text += "and take the real part."
    else:  # an answer may make up names, as datetime64[1011s]: only these are said
        precision = PRECISIONS.get("".join(kinds), "Another dtype")
        text = f"{precision} stands where float64 is expected: look for dtype=… or .astype."
    return Diagnosis("dtype", text)


def _none(wrongs: Sequence[Wrong]) -> Diagnosis | None:
    if not hold_all(wrongs, lambda wrong: wrong.actual is None):
        return None
    if hold_all(wrongs, lambda wrong: wrong.is_read):
        text = f"{one_name(wrongs) or 'An attribute'} is None where it is read."
        return Diagnosis("none", text)
    if hold_all(wrongs, lambda wrong: wrong.results[1] is None):
        text = "It returns None here: a way through the function ends without `return`, or with "
        return Diagnosis("no-return", f"{text}one that gives None.")
    what = one_name(wrongs)
    return Diagnosis("none", f"{what} is None: nothing was computed for it.") if what else None


def _items(wrongs: Sequence[Wrong]) -> Diagnosis | None:
    """Tell that results of a function that returns several stand in another order, or are left."""
    names = wrongs[0].exercise.stub.returns
    orders = {_order(*wrong.results, wrong.exercise.check.tolerance) for wrong in wrongs}
    if len(names) < 2 or len(orders) > 1:
        return None
    order = orders.pop()
    if order is None or order == tuple(range(len(names))):
        return None
    told = ", ".join(names[place] for place in order)
    wanted = ", ".join(names)
    if len(order) < len(names):
        left = " and ".join(name for at, name in enumerate(names) if at not in order)
        text = f"What is returned is {told}; {left} is not: return {wanted}."
        return Diagnosis("items-missing", text)
    return Diagnosis("items-order", f"The results are returned as {told}: return {wanted}.")


def _order(expected: Any, actual: Any, tolerance: float) -> tuple[int, ...] | None:
    """Return which expected result each of those that there are is; None where one is none."""
    if not isinstance(expected, (tuple, list)) or not isinstance(actual, (tuple, list)):
        return None
    found: list[int] = []
    for item in actual[: len(expected) + 1]:
        alike = [
            place
            for place, wanted in enumerate(expected)
            if place not in found and same_answers([wanted], [item], tolerance)
        ]
        if not alike:
            return None
        found.append(alike[0])
    return tuple(found)


def _not_finite(wrongs: Sequence[Wrong]) -> Diagnosis | None:
    if not hold_all(wrongs, lambda wrong: wrong.kind == "finite"):
        return None
    text = "The formula is carried out as it stands, and overflows or divides by zero: nan or inf. "
    text += "Where it has an exp, let that never see a large positive number: subtract the row's "
    text += (
        "maximum first, or use the form that suits the sign. Where it divides, see what may be 0."
    )
    return Diagnosis("not-finite", text)


def _later_steps(wrongs: Sequence[Wrong]) -> Diagnosis | None:
    if not hold_all(wrongs, lambda wrong: wrong.step > 0 and not isinstance(wrong.actual, Raised)):
        return None
    if wrongs[0].exercise.stub.is_class:  # whose steps are no calls of one function
        return None
    text = "The first step is right and a later one is not: the state that is handed on is wrong, "
    text += "or not used. Compare what you return with what the next step needs."
    return Diagnosis("state-not-carried", text)


def _too_large(wrongs: Sequence[Wrong]) -> Diagnosis | None:
    if not hold_all(
        wrongs, lambda wrong: isinstance(wrong.actual, Opaque) and wrong.kind == "shape"
    ):
        return None
    text = "The result is far too large: two arrays were probably broadcast against each other, "
    text += "(N, 1) with (N,) to (N, N)."
    return Diagnosis("broadcast", text)


KINDS: tuple[Symptom, ...] = (_changed, _none, _items, _list_for_array, _dtype)
LAST_KINDS: tuple[Symptom, ...] = (_not_finite, _later_steps, _too_large)
