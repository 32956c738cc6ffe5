"""What the elements of an array look like: numbers of a kind, among them those that catch.

Most wrong functions are wrong at ordinary numbers. Some are wrong at one number or beyond a limit:
at 0, just above it, from 8 on, where two numbers are nearly or exactly equal, where all are far
below 0. So `real` numbers are ordinary ones in some arrays, and hold such numbers in the others;
`wide` ones hold ±1000 too, `nonzero` ones no 0 and `distinct` ones no ties, where a level of its
own asks about these. `plain` ones are ordinary alone.

Two rules keep right answers right. Where the sign of a *sum* decides (a kink, a tie or a threshold
of what was computed), ask for `dyadic` or `tied` numbers, whose sums are exact in every
order. Where a number itself decides, any kind will do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from grader.errors import CourseError

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np

    Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Elements:
    """What the elements of an array look like.

    Parameters
    ----------
    fill
        Makes an array of a shape from a random generator.
    small
        The values that shrinking may use instead, the simplest first; none where the elements
        depend on each other.
    """

    fill: Callable[[np.random.Generator, tuple[int, ...]], Array]
    small: tuple[float, ...] = ()
    dtype: str = "float64"


SMALL = (0.0, 1.0, -1.0, 2.0, -2.0, 3.0, -3.0)
TINY = 2.0**-23  # about 1e-7; its sums with whole numbers are exact
FAR = (5.0, 20.0)  # where a saturation may begin that is none of the function's
HUGE = 1000.0


def _real(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Return ordinary numbers, in three of five arrays with some that catch."""
    values = _plain(rng, shape)
    kind = int(rng.integers(10))
    if kind < 4 or not shape:
        return values
    if kind > 7:
        return _pairs(values, kind - 8)
    return _far(rng, values) if kind > 5 else _around_zero(rng, values)


def _wide(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Return what `_real` does, and ±1000, and arrays far below 0."""
    values = _plain(rng, shape)
    kind = int(rng.integers(12))
    if kind < 4 or not shape:
        return values
    if kind > 9:
        return values - HUGE
    if kind > 7:
        return _pairs(values, kind - 8)
    return _far(rng, values, huge=True) if kind > 5 else _around_zero(rng, values)


def _around_zero(rng: np.random.Generator, values: Array) -> Array:
    """Put 0 and tiny numbers in the place of some of them."""
    picks = rng.integers(0, 8, values.shape)
    values[picks == 0] = 0.0
    values[picks == 1] = TINY
    values[picks == 2] = -TINY
    return values


def _far(rng: np.random.Generator, values: Array, *, huge: bool = False) -> Array:
    """Put far numbers of both signs in the place of some of them."""
    picks = rng.integers(0, 8, values.shape)
    if huge:
        values[picks == 0] = HUGE
        values[picks == 1] = -HUGE
    far = picks > 4
    beyond: Array = rng.uniform(*FAR, (int(far.sum()),))
    values[far] = beyond * (rng.integers(0, 2, beyond.shape) * 2 - 1)
    return values


def _pairs(values: Array, apart: int) -> Array:
    """Make every other number equal to the one before it, or a tiny bit more."""
    flat = values.reshape(-1)
    flat[1::2] = flat[: flat.size // 2 * 2 : 2] + apart * TINY
    return values


def _plain(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Return ordinary numbers alone."""
    values: Array = rng.normal(0.0, 1.5, shape)
    return values


def _distinct(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Return what `_wide` does, with numbers added that are far smaller than the tiny ones."""
    values = _wide(rng, shape)
    values += 2.0**-36 * rng.permutation(values.size).reshape(shape)
    return values


def _not_zero(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Return what `_wide` does, with 1 for 0."""
    values = _wide(rng, shape)
    values += values == 0
    return values


CATCHING = (10.0, -10.0, TINY, -TINY)

real = Elements(_real, (*SMALL, *CATCHING))
wide = Elements(_wide, (*SMALL, *CATCHING, HUGE, -HUGE))
plain = Elements(_plain, SMALL)
distinct = Elements(_distinct, (*SMALL, *CATCHING, HUGE, -HUGE))
nonzero = Elements(_not_zero, (*SMALL[1:], *CATCHING, HUGE, -HUGE))
dyadic = Elements(lambda rng, shape: rng.integers(-32, 33, shape) / 8.0, SMALL)
tied = Elements(lambda rng, shape: rng.integers(-2, 3, shape) / 2.0, SMALL)
bits = Elements(lambda rng, shape: rng.integers(0, 2, shape).astype(float), (0.0, 1.0))


def uniform(low: float, high: float) -> Elements:
    """Real numbers from an interval; shrinking tries its whole numbers, and halves in a short one.

    Examples
    --------
    >>> uniform(0.5, 3.0).small, uniform(-1.0, 1.0).small
    ((1.0, 2.0, 3.0), (0.0, 1.0, -1.0, 0.5, -0.5))
    """
    whole = [float(n) for n in range(-3, 4) if low <= n <= high]
    halves = [n for n in (0.5, -0.5) if low <= n <= high <= low + 2.0]
    small = (*sorted(whole, key=lambda n: (abs(n), n < 0)), *halves)
    return Elements(lambda rng, shape: rng.uniform(low, high, shape), small)


def mixed(*kinds: Elements) -> Elements:
    """Arrays of one of several kinds of floats; shrinking tries the first one's values."""
    return Elements(
        lambda rng, shape: kinds[int(rng.integers(len(kinds)))].fill(rng, shape), kinds[0].small
    )


def below(stop: int) -> Elements:
    """Class numbers or table rows: `int64` from 0 to `stop` - 1."""
    small = tuple(range(min(stop, 4)))
    return Elements(lambda rng, shape: rng.integers(0, stop, shape), small, "int64")


def permutation_of(length: int) -> Elements:
    """Describe a random order of 0 … `length` - 1, `int64`; the shape must be `(length,)`."""
    return Elements(lambda rng, _: rng.permutation(length), (), "int64")


# ------------------------------------------------------------------------ what is not drawn

CATCH = ("zero", "tiny", "far", "huge", "ties", "near", "below", "orders")
"""The kinds of numbers and arrays that catch; `dlgrade audit` says which of them nobody draws."""


@dataclass(frozen=True)
class Undrawn:
    """Kinds of numbers that no case of an exercise holds, and why that is right.

    Parameters
    ----------
    kinds
        Some of `CATCH`.
    why
        In a sentence.
    of
        The arguments that it is said of; none: all.
    """

    kinds: frozenset[str]
    why: str
    of: frozenset[str] = frozenset()

    def excuses(self, parameter: str, kind: str) -> bool:
        """Tell whether an argument need not hold a kind of number."""
        return kind in self.kinds and (not self.of or parameter in self.of)


def undrawn(kinds: str, why: str, *, of: str = "") -> Undrawn:
    """Say which kinds of numbers no case holds, and why that is right.

    Parameters
    ----------
    kinds
        Words of `CATCH`: "zero", "tiny" (up to 1e-6), "far" (5 to 20), "huge" (1000 and more),
        "ties", "near" (nearly equal), "below" (arrays far below 0), "orders" (in memory).
    why
        In a sentence.
    of
        The arguments, by their names in the stub; none: all.

    Raises
    ------
    CourseError
        There is no such kind.
    """
    for kind in set(kinds.split()) - set(CATCH):
        raise CourseError(f"{kind!r} is no kind of number that catches: {', '.join(CATCH)}")
    return Undrawn(frozenset(kinds.split()), why, frozenset(of.split()))


# ------------------------------------------------------------------------ orders in memory

ORDERS = Elements(lambda rng, shape: rng.integers(-8, 4, shape).clip(0), (0,), "int64")


def lay_out(array: Array, order: int) -> Array:
    """Return an array of the same numbers in another order in memory.

    Parameters
    ----------
    array
        Any one.
    order
        0: as it is, which is the simplest; 1: Fortran's; 2: every other number of a longer array;
        3: from the end to the beginning.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.arange(6.0).reshape(2, 3)
    >>> [lay_out(x, order).strides for order in range(4)]
    [(24, 8), (8, 16), (48, 16), (-24, -8)]
    """
    if order == 1:
        return array.copy(order="F")
    if order == 2:
        return array.repeat(2, -1)[..., ::2]
    if order == 3:
        back = (slice(None, None, -1),) * array.ndim
        return array[back].copy()[back]
    return array
