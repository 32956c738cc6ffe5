"""Compare an answer with the expected one, in a fixed order, and say how they differ.

The order is that of a check: it runs, type, dtype, shape, finite, values. Every message has one
form: *what = got, expected want*.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.engine.wording import describe, digits, written
from grader.model import Mismatch, NarrowFloat, Opaque, Raised
from grader.text import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Array = np.ndarray[Any, Any]

ABSOLUTE = 1e-12
INTEGER_KINDS = "iu"


def allowed_error(expected: Array, tolerance: float, terms: float = 1.0) -> float:
    """Return the largest absolute error that an element may have.

    Parameters
    ----------
    expected
        The expected array, any shape.
    tolerance
        Relative to its largest finite element; whole numbers have no tolerance.
    terms
        The size of the largest terms that were added up on the way, which may have cancelled.

    Notes
    -----
    ``tolerance * max|expected| + 1e-12 * terms``: sums of float64 numbers in any order stay inside,
    sums of float32 numbers do not. What is left of large terms that cancel is as far off as the
    terms were rounded, however small it is. `terms` comes from the check and the arguments, never
    from an answer.

    Examples
    --------
    >>> f"{allowed_error(np.array([1.0, -200.0]), 1e-8):.7g}"
    '2.000001e-06'
    >>> f"{allowed_error(np.array([0.0]), 1e-8, terms=2000.0):.7g}"
    '2e-09'
    """
    if expected.dtype.kind not in "fc":
        return 0.0
    largest = np.abs(expected).max(initial=0.0)
    if not math.isfinite(largest):
        largest = np.abs(expected[np.isfinite(expected)]).max(initial=0.0)
    return tolerance * float(largest) + ABSOLUTE * terms


def right_elements(got: Array, want: Array, limit: float) -> npt.NDArray[np.bool_]:
    """Return which elements are near enough; whole numbers and truth values must be equal.

    Parameters
    ----------
    got, want
        Of one shape.
    limit
        The largest absolute error of a float.
    """
    with np.errstate(invalid="ignore", over="ignore"):
        equal = np.asarray(got == want)
        if not {got.dtype.kind, want.dtype.kind} & {"f", "c"}:
            return equal
        return np.asarray((np.abs(got - want) <= limit) | equal)


def first_mismatch(
    expected: Sequence[Any],
    actual: Sequence[Any],
    tolerance: float,
    names: Sequence[str] = (),
    terms: float = 1.0,
) -> Mismatch | None:
    """Return the first step at which a sequence of answers goes wrong, or None.

    Parameters
    ----------
    expected, actual
        One answer for each step; `actual` may end early with a `Raised`.
    tolerance, terms
        See `allowed_error`.
    names
        What the items of a result are called: `("grad_x", "grad_weight")`.
    """
    return _first(expected, actual, _Part(tolerance, tuple(names), terms))


def first_malformed(
    expected: Sequence[Any], actual: Sequence[Any], names: Sequence[str] = ()
) -> Mismatch | None:
    """Return the same for the form alone: types, dtypes, lengths, shapes, and what is finite."""
    return _first(expected, actual, _Part(0.0, tuple(names), 1.0, of_form=True))


def _first(expected: Sequence[Any], actual: Sequence[Any], part: _Part) -> Mismatch | None:
    for step, want in enumerate(expected):
        got = actual[step] if step < len(actual) else Raised("Nothing")
        mismatch = _difference(want, got, part)
        if mismatch is not None:
            return replace(mismatch, step=step) if step else mismatch
    return None


def same_answers(one: Sequence[Any], other: Sequence[Any], tolerance: float) -> bool:
    """Tell whether two sequences of answers agree, nan and exceptions included."""
    if len(one) != len(other):
        return False
    return all(_agree(a, b, tolerance) for a, b in zip(one, other, strict=True))


def _agree(a: Any, b: Any, tolerance: float) -> bool:  # noqa: PLR0911 - one line for each type
    if isinstance(a, Raised) and isinstance(b, Raised):
        return a.type == b.type or (a.value_error and b.value_error)
    if isinstance(a, (list, tuple)) and isinstance(b, (list, tuple)):
        return same_answers(a, b, tolerance)
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(_agree(a[key], b[key], tolerance) for key in a)
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
        return _arrays_agree(a, b, tolerance)
    if _is_number(a) and _is_number(b):
        if isinstance(a, int) and isinstance(b, int):
            return a == b
        return _arrays_agree(np.asarray(float(a)), np.asarray(float(b)), tolerance)
    return type(a) is type(b) and bool(a == b)


def _arrays_agree(a: Array, b: Array, tolerance: float) -> bool:
    if a.shape != b.shape or (a.dtype.kind == "f") != (b.dtype.kind == "f"):
        return False
    limit = max(allowed_error(a, tolerance), allowed_error(b, tolerance))
    return bool(np.all(right_elements(a, b, limit) | (np.isnan(a) & np.isnan(b))))


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


@dataclass(frozen=True)
class _Part:
    """A part of an answer: how exact it must be, what results are called, and which part it is."""

    tolerance: float
    names: tuple[str, ...]
    terms: float
    of_form: bool = False
    path: tuple[int | str, ...] = ()

    def item(self, key: int | str) -> _Part:
        """Return a part of this part."""
        return replace(self, path=(*self.path, key))

    def right(self, got: Array, want: Array) -> npt.NDArray[np.bool_]:
        """Return which elements are near enough, or finite where the form alone counts."""
        if self.of_form:
            return np.asarray(np.isfinite(got) | ~np.isfinite(want))
        return right_elements(got, want, self.allows(want))

    def allows(self, want: Array) -> float:
        """Return the largest absolute error of an element here."""
        return allowed_error(want, self.tolerance, self.terms)

    def __str__(self) -> str:
        if not self.path:
            return self.names[0] if len(self.names) == 1 else "result"
        first = self.path[0]
        if len(self.names) == 1:
            base = f"{self.names[0]}[{first!r}]"
        elif isinstance(first, int) and first < len(self.names):
            base = self.names[first]
        else:
            base = f"result[{first!r}]"
        return base + "".join(f"[{key!r}]" for key in self.path[1:])

    def mismatch(self, kind: str, text: str) -> Mismatch:
        """Return what is wrong with the part as a whole."""
        return Mismatch(kind, text, path=self.path)

    def wrong_type(self, got: Any, wanted: str) -> Mismatch:
        """Return that another kind of thing stands here."""
        return self.mismatch("type", f"{self} = {describe(got)}, expected {wanted}")

    def wrong_number(self, kind: str, got: str, wanted: str) -> Mismatch:
        """Return that the one number that stands here is wrong."""
        text = f"{self} = {got}, expected {wanted}"
        return Mismatch(kind, text, path=self.path, wrong=1, total=1)


def _difference(want: Any, got: Any, part: _Part) -> Mismatch | None:  # noqa: PLR0911 - one line for each type
    """Return the first difference."""
    if isinstance(got, Raised) or isinstance(want, Raised):
        return _raising_difference(want, got, part)
    if isinstance(want, np.ndarray):
        return _array_difference(want, got, part)
    if isinstance(want, (list, tuple)):
        return _list_difference(want, got, part)
    if isinstance(want, dict):
        return _dict_difference(want, got, part)
    if isinstance(want, float):
        return _float_difference(want, got, part)
    if type(got) is not type(want):
        return part.wrong_type(got, describe(want))
    same = part.of_form or want == got
    return None if same else part.wrong_number("values", written(got), written(want))


def _raising_difference(want: Any, got: Any, part: _Part) -> Mismatch | None:
    if isinstance(want, Raised) and isinstance(got, Raised):
        if got.value_error:
            return None
        return part.mismatch("raises", f"it raised {got.type}, expected ValueError")
    if isinstance(want, Raised):
        return part.mismatch("values", f"{part} = {describe(got)}, expected ValueError")
    text = f"it raised {got.type}" + (f": {got.message}" if got.message else "")
    return part.mismatch("raises", text)


def _dict_difference(want: dict[Any, Any], got: Any, part: _Part) -> Mismatch | None:
    """Compare key by key, in the expected order; the order of the answer does not matter."""
    if not isinstance(got, dict):
        return part.wrong_type(got, describe(want))
    for key, value in want.items():
        if key not in got:
            return part.mismatch("values", f"{part} has no {key!r}, expected {describe(value)}")
        mismatch = _difference(value, got[key], part.item(key))
        if mismatch is not None:
            return mismatch
    for key in got:
        if key not in want:
            return part.mismatch("values", f"{part} has {written(key)}, which is not expected")
    return None


def _list_difference(want: Sequence[Any], got: Any, part: _Part) -> Mismatch | None:
    if not isinstance(got, (list, tuple)):
        return part.wrong_type(got, describe(want))
    if len(want) != len(got):
        items = counted(len(got), "item")
        return part.mismatch("shape", f"{part} has {items}, expected {len(want)}")
    for index, (w, g) in enumerate(zip(want, got, strict=True)):
        mismatch = _difference(w, g, part.item(index))
        if mismatch is not None:
            return mismatch
    return None


def _float_difference(want: float, got: Any, part: _Part) -> Mismatch | None:
    """Compare a number; a whole number of Python's is as good as a float of the same value."""
    if isinstance(got, NarrowFloat):
        return part.mismatch("dtype", f"{part} is {got.dtype}, expected float64")
    if not _is_number(got):
        return part.wrong_type(got, "a number")
    if math.isfinite(want) and not math.isfinite(got):
        return part.wrong_number("finite", str(got), f"{want:.6g}")
    if part.of_form or abs(got - want) <= part.allows(np.asarray(want)) or got == want:
        return None
    return part.wrong_number("values", digits(got, want), digits(want, got))


def _array_difference(want: Array, got: Any, part: _Part) -> Mismatch | None:
    if not isinstance(got, (np.ndarray, Opaque)):
        return part.wrong_type(got, describe(want))
    if not _same_dtype(want.dtype, got.dtype):
        return part.mismatch("dtype", f"{part}.dtype = {got.dtype}, expected {want.dtype}")
    if want.shape != got.shape:
        return part.mismatch("shape", f"{part}.shape = {got.shape}, expected {want.shape}")
    if isinstance(got, Opaque):
        return part.mismatch("shape", f"{part} is too large to be the answer")
    wrong = ~part.right(got, want)
    if not wrong.any():
        return None
    unfinite = wrong & ~np.isfinite(got) & np.isfinite(want)
    kind, told = ("finite", unfinite) if unfinite.any() else ("values", wrong)
    index = tuple(map(int, np.unravel_index(told.argmax(), told.shape)))
    where = ", ".join(map(str, index))
    text = f"{part}[{where}] = {digits(got[index], want[index])}, "
    text += f"expected {digits(want[index], got[index])}"
    count = {"wrong": int(wrong.sum()), "total": int(want.size)}
    return Mismatch(kind, text, path=part.path, index=index, **count)


def _same_dtype(want: np.dtype[Any], got: Any) -> bool:
    if isinstance(got, str):
        return got == want.name
    if want.kind in INTEGER_KINDS:
        return got.kind in INTEGER_KINDS
    return bool(want == got)
