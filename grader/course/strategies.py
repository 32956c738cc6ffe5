"""Bounded arrays and numbers for the cases of a check, described without importing Hypothesis.

A *strategy* is a function that asks for what it needs, one thing after another, and returns the
arguments of one call:

    @strategy
    def rectangles(draw, padding=between(0, 2)):
        height, width = draw(between(1, 5)), draw(between(1, 5))
        return draw(array(height, width)), draw(padding)

`rectangles()` and `rectangles(padding=0)` are then families of cases. Where the numbers come from
is the caller's choice (a `Source`): Hypothesis draws them, a recorded case replays them, and
shrinking replays them smaller. Everything random goes through `draw`.

Two rules keep right answers right. Where a kink, a tie or a threshold can be reached, ask for
`dyadic` numbers (n / 8): their sums are exact in every order. Where not, `real` numbers show
arithmetic that was done in single precision.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from grader.model import Case

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

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

real = Elements(lambda rng, shape: rng.normal(0.0, 1.5, shape), SMALL)
dyadic = Elements(lambda rng, shape: rng.integers(-32, 33, shape) / 8.0, SMALL)
tied = Elements(lambda rng, shape: rng.integers(-2, 3, shape) / 2.0, SMALL)
bits = Elements(lambda rng, shape: rng.integers(0, 2, shape).astype(float), (0.0, 1.0))


def uniform(low: float, high: float) -> Elements:
    """Real numbers from an interval; shrinking tries its ends' whole numbers.

    Examples
    --------
    >>> uniform(0.5, 2.0).small
    (1.0, 2.0)
    """
    whole = [float(n) for n in range(-3, 4) if low <= n <= high]
    small = tuple(sorted(whole, key=lambda n: (abs(n), n < 0)))
    return Elements(lambda rng, shape: rng.uniform(low, high, shape), small)


def below(stop: int) -> Elements:
    """Class numbers or table rows: `int64` from 0 to `stop` - 1."""
    small = tuple(range(min(stop, 4)))
    return Elements(lambda rng, shape: rng.integers(0, stop, shape), small, "int64")


def permutation_of(length: int) -> Elements:
    """Describe a random order of 0 … `length` - 1, `int64`; the shape must be `(length,)`."""
    return Elements(lambda rng, _: rng.permutation(length), (), "int64")


@dataclass(frozen=True)
class Integers:
    """Whole numbers from `low` to `high`, both included."""

    low: int
    high: int


@dataclass(frozen=True)
class Choice:
    """One of a few values."""

    options: tuple[Any, ...]


@dataclass(frozen=True)
class ArrayOf:
    """An array of a shape, with elements of a kind."""

    shape: tuple[int, ...]
    kind: Elements


def between(low: int, high: int) -> Integers:
    """Whole numbers from `low` to `high`; `low` is the simplest."""
    return Integers(low, high)


def one_of(*options: Any) -> Choice:
    """One of `options`; the first is the simplest."""
    return Choice(options)


def array(*shape: int, of: Elements = real) -> ArrayOf:
    """Describe an array of this shape."""
    return ArrayOf(shape, of)


class Source(Protocol):
    """Where a strategy's numbers come from."""

    def integer(self, low: int, high: int) -> int:
        """Return a whole number from `low` to `high`."""

    def array(self, shape: tuple[int, ...], kind: Elements) -> Array:
        """Return an array of this shape and kind."""


def draw_from(source: Source, description: Any) -> Any:
    """Return a value for a description; anything else stands for itself."""
    if isinstance(description, Integers):
        return source.integer(description.low, description.high)
    if isinstance(description, Choice):
        return description.options[source.integer(0, len(description.options) - 1)]
    if isinstance(description, ArrayOf):
        return source.array(description.shape, description.kind)
    return description


@dataclass(frozen=True)
class Strategy:
    """A family of cases: a drawing function with its options filled in.

    Parameters
    ----------
    function
        Takes `draw` and the options; returns a tuple (one call) or a `Case`.
    options
        What the author fixed: `convolutions(stride=1)`.
    """

    function: Callable[..., Any]
    options: tuple[tuple[str, Any], ...] = ()

    def build(self, source: Source) -> Case:
        """Return one case with numbers from `source`."""
        drawn = self.function(functools.partial(draw_from, source), **dict(self.options))
        return as_case(drawn)


def as_case(drawn: Any) -> Case:
    """Return a case from what a strategy or a list of fixed cases gives."""
    return drawn if isinstance(drawn, Case) else Case((tuple(drawn),))


def strategy(function: Callable[..., Any]) -> Callable[..., Strategy]:
    """Make a drawing function into a family of cases whose options can be fixed by name."""

    @functools.wraps(function)
    def describe(**options: Any) -> Strategy:
        return Strategy(function, tuple(options.items()))

    return describe


def either(*strategies: Strategy) -> Strategy:
    """Cases of one of several families; the first is the simplest."""

    def pick(draw: Callable[[Any], Any]) -> Any:
        chosen = draw(Choice(strategies))
        return chosen.function(draw, **dict(chosen.options))

    return Strategy(pick)


def bad(*arguments: Any) -> Case:
    """One call with bad arguments: `ValueError` is the right answer."""
    return Case((arguments,), bad=True)


def steps(calls: Sequence[Sequence[Any]]) -> Case:
    """Call the function several times; `carry()` hands the last result on."""
    return Case(tuple(tuple(arguments) for arguments in calls))
