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

What the elements of an array are is said in `grader.course.pools`. In a quarter of all places where
an array is handed over it lies in memory in another way than NumPy makes arrays: in Fortran's
order, or as a view with steps or from the end.
"""

from __future__ import annotations

import functools
import inspect
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

from grader.course.pools import ORDERS, lay_out, real
from grader.course.words.described import require_bounds, require_shape
from grader.course.words.places import place_of_function
from grader.errors import CourseError
from grader.model import Carry, Case
from grader.model.functions import Lambda
from grader.model.scripts import script_fault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import numpy as np

    from grader.course.pools import Elements
    from grader.model.scripts import Step

    Array = np.ndarray[Any, Any]


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
    require_bounds(low, high)
    return Integers(low, high)


def one_of(*options: Any) -> Choice:
    """One of `options`; the first is the simplest."""
    if not options:
        raise CourseError("one_of() chooses from nothing: one_of(1, 2)")
    return Choice(options)


def array(*shape: int, of: Elements = real) -> ArrayOf:
    """Describe an array of this shape."""
    require_shape(shape, of, (Integers, Choice))
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
        self._require_case(drawn)
        return _in_memory_orders(as_case(drawn), source)

    def _require_case(self, drawn: Any) -> None:
        """Make sure that a case was drawn, with nothing left in it that is not."""
        where = place_of_function(self.function)
        if not isinstance(drawn, (Case, tuple, list)):
            text = f"a strategy returns a tuple of arguments, not {type(drawn).__name__}"
            raise CourseError(f"{where}: {text}: return (x,)")
        for one in () if isinstance(drawn, Case) else drawn:
            if isinstance(one, (Integers, Choice, ArrayOf)):
                raise CourseError(f"{where}: an argument was described, not drawn: draw(array(…))")


def _in_memory_orders(case: Case, source: Source) -> Case:
    """Return a case whose arrays lie in memory in one way or another."""
    count = sum(1 for arguments in case.steps for _ in _arrays_in(arguments))
    orders = source.array((count,), ORDERS).tolist() if count else []
    if not any(orders):
        return case
    left = iter(orders)
    return replace(case, steps=tuple(_laid_out(arguments, left) for arguments in case.steps))


def _arrays_in(value: Any) -> Iterator[Any]:
    """Yield the arrays of a value, those in lists and tuples too."""
    if isinstance(value, (list, tuple)):
        for item in value:
            yield from _arrays_in(item)
    elif getattr(value, "ndim", 0):
        yield value


def _laid_out(value: Any, orders: Iterator[int]) -> Any:
    """Return a value whose arrays have the next orders."""
    if isinstance(value, (list, tuple)):
        return type(value)(_laid_out(item, orders) for item in value)
    return lay_out(value, next(orders)) if getattr(value, "ndim", 0) else value


def as_case(drawn: Any) -> Case:
    """Return a case from what a strategy or a list of fixed cases gives."""
    return drawn if isinstance(drawn, Case) else Case((tuple(drawn),))


def strategy(function: Callable[..., Any]) -> Callable[..., Strategy]:
    """Make a drawing function into a family of cases whose options can be fixed by name."""
    known = inspect.signature(function).parameters
    for name, parameter in known.items():
        _require_order(function, name, parameter.default)

    @functools.wraps(function)
    def describe(**options: Any) -> Strategy:
        for name, value in options.items():
            if name not in known:
                has = ", ".join(list(known)[1:]) or "none"
                text = f"the strategy {function.__name__} has no option {name}"
                raise CourseError(f"{text}; there are: {has}")
            _require_order(function, name, value)
        return Strategy(function, tuple(options.items()))

    return describe


def _require_order(function: Callable[..., Any], name: str, value: Any) -> None:
    """Make sure that an option has its smallest number first, as only a drawn one need not."""
    if isinstance(value, Integers) and value.low > value.high:
        text = f"{name}=between({value.low}, {value.high}) of the strategy {function.__name__}"
        raise CourseError(f"{text}: the smaller number comes first")


def either(*strategies: Strategy) -> Strategy:
    """Cases of one of several families; the first is the simplest."""
    given: tuple[Any, ...] = strategies
    for one in given:
        if not isinstance(one, Strategy):
            called = getattr(one, "__name__", repr(one))
            raise CourseError(f"either: {called} is no strategy; call it: {called}()")

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


def script(given: Mapping[str, Any], *calls: Step, moving: Sequence[str] = ()) -> Case:
    """Return a script of calls on objects of a class, as the case of an exercise.

    Parameters
    ----------
    given
        Arrays and values by the names that the script has for them; `ref("w")` stands for one.
    *calls
        The steps (`grader.model.scripts`). At the end what is given is looked at, and so is what
        calls returned.
    moving
        Which of the arrays a step may change: they are looked at after every step that may.

    Raises
    ------
    CourseError
        An array stands in a step itself, where nobody could tell what it is called; or a step
        cannot be run, whatever the class.
    """
    lets = [("let", name, value) for name, value in given.items()]
    fault = script_fault([*lets, *calls])
    if fault:
        raise CourseError(f"a script cannot be run: {fault}")
    steps: list[Step] = [*lets]
    for step in calls:
        if any(True for _ in _arrays_in(step)):
            raise CourseError(f"a step holds an array: give it a name, and ref(name): {step[:3]}")
        steps.append(step)
        if step[0] not in ("new", "get", "set", "op", "lend", "make"):
            steps += [("see", name) for name in moving]
    arrays = [name for name, value in given.items() if getattr(value, "ndim", 0)]
    results = [("again",)] if any(step[0] == "call" for step in calls) else []
    seen = [("see", one) for one in arrays if one not in moving]
    return Case((*steps, *seen, *results), script=True)


def carry(index: int | None = None) -> Carry:
    """Stand for the previous result in a later step, or for one item of it.

    Examples
    --------
    >>> steps([(1.0, 0.5), (carry(), 0.25)]).steps
    ((1.0, 0.5), (Carry(index=None), 0.25))
    """
    return Carry(index)


def function(text: str) -> Lambda:
    """Hand a function to the student's: a lambda of arithmetic, for arrays and tensors alike.

    Raises
    ------
    CourseError
        It is none.

    Examples
    --------
    >>> function("lambda x: (x * x).sum()")
    lambda x: (x * x).sum()
    """
    return Lambda(text)


@functools.cache
def asked_of(function: Callable[..., Any]) -> tuple[str, ...]:
    """Return the names of the arguments that a function asks for, as it writes them.

    Examples
    --------
    >>> asked_of(lambda x, stride: stride > len(x))
    ('x', 'stride')
    >>> asked_of(lambda x, *others: len(x))
    ('x', '*others')
    """
    return tuple(
        str(p.replace(default=p.empty, annotation=p.empty))
        for p in inspect.signature(function).parameters.values()
    )
