"""Build the small cases to which a failure is told: a ladder of them for each level.

A ladder is kept beside the cases with its right answers, drawn at an exercise's first failure. So
most failures are made small without Hypothesis, and without torch from the second on; a pass reads
none of it. The first rung that fails as the function did is the case that is shown.

The whole numbers of a rung are the lowest of its strategy, but for one, a few or all of them, which
are one or two more. Its arrays hold small numbers, or those that catch, or what the strategy draws.
One whose numbers nobody has in mind at once, as 1.192e-07, comes as late as a larger one. A
strategy has one ladder, whatever the seed.
"""

from __future__ import annotations

import contextlib
import itertools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.course.pools import HUGE, TINY
from grader.engine.cases.caseset import BankedLevel, CaseSet, bank_case
from grader.engine.cases.drawing import plain_numbers
from grader.errors import OraclesDisagreeError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from grader.course.course import Exercise
    from grader.course.pools import Elements
    from grader.course.strategies import Strategy
    from grader.engine.cases.bank import Bank
    from grader.engine.cases.caseset import BankedCase
    from grader.engine.cases.oracle import Oracles
    from grader.model import Case

    Array = np.ndarray[Any, Any]
    Ladder = Mapping[str, Sequence[BankedCase]]
    Filling = Callable[[np.random.Generator, tuple[int, ...], Elements], Array]

SUFFIX = "ladder"
WIDE = 2  # more in each number: rows and columns with a first, an inner and a last place
MIXED = 10  # shapes with a few numbers at once that are more
MOST_NUMBERS = 12  # of a case that are raised one by one
MOST_ELEMENTS = 150  # in the arrays of a rung
CATCHING, DRAWN = 6, 6  # shapes whose arrays hold numbers that catch, and what is drawn
BELOW = 6  # shapes whose first array is far below 0
ODD = 3  # times as large is what holds other numbers than whole ones and halves
STEADY = (1.0, 0.0, -1.0, 10.0, -10.0, TINY, -TINY)  # all over the arrays of the smallest


@dataclass(frozen=True)
class Shape:
    """How much more than the lowest each whole number of a case is.

    Parameters
    ----------
    more
        By the number's place.
    rest
        All others.
    """

    more: Mapping[int, int]
    rest: int = 0


class RungSource:
    """Where the numbers of a rung come from.

    Parameters
    ----------
    shape
        Its whole numbers.
    fill
        Makes its arrays.
    seed
        Of them.
    """

    def __init__(self, shape: Shape, fill: Filling, seed: int = 0) -> None:
        self._shape, self._fill = shape, fill
        self._has_array = False
        self._generator = np.random.default_rng(seed)
        self.used: list[int] = []

    def integer(self, low: int, high: int) -> int:
        """Return the lowest number, or one that is a few more."""
        more = self._shape.more.get(len(self.used), self._shape.rest)
        self.used.append(min(low + more, max(low, high)))
        return self.used[-1]

    def array(self, shape: tuple[int, ...], kind: Elements) -> Array:
        """Return an array of the kind that the rung has."""
        fill = plain if self._has_array and self._fill is below else self._fill
        self._has_array = True
        return fill(self._generator, shape, kind)


plain = plain_numbers


def below(generator: np.random.Generator, shape: tuple[int, ...], kind: Elements) -> Array:
    """Return an array of plain numbers far below 0, where such may be in it."""
    numbers = plain(generator, shape, kind)
    return numbers - HUGE if -HUGE in kind.small else numbers


def catching(generator: np.random.Generator, shape: tuple[int, ...], kind: Elements) -> Array:
    """Return an array of any small numbers, 0 and those that catch among them."""
    if not kind.small:
        return kind.fill(generator, shape)
    return generator.choice(np.array(kind.small, kind.dtype), shape)


def drawn(generator: np.random.Generator, shape: tuple[int, ...], kind: Elements) -> Array:
    """Return an array as it is drawn."""
    return kind.fill(generator, shape)


def steady(number: float) -> Filling:
    """Return what fills arrays with one number, where that may be in them."""

    def fill(generator: np.random.Generator, shape: tuple[int, ...], kind: Elements) -> Array:
        if kind.dtype != "float64" or number not in kind.small:
            return plain(generator, shape, kind)
        return np.full(shape, number)

    return fill


def load_ladder(
    bank: Bank, exercise: Exercise, oracles: Oracles, find_key: Callable[[], str]
) -> Ladder:
    """Return the ladder of each level by its name: from the bank, or drawn now.

    Parameters
    ----------
    bank, find_key
        Where it is kept, and what returns under which key.
    exercise, oracles
        Of what, and who knows.

    Raises
    ------
    ChangedError
        The course does not say any more what was loaded; nothing is kept.
    """
    key = find_key()
    found = bank.find(exercise.id, key, SUFFIX)
    if found is None:
        with bank.drawing(exercise.id):
            found = bank.find(exercise.id, key, SUFFIX)
            if found is None:
                found = draw_ladder(exercise, oracles)
                find_key()  # it may have been saved meanwhile
                bank.record(exercise.id, key, found, SUFFIX)
    return climbable(found)


def climbable(case_set: CaseSet) -> Ladder:
    """Return the rungs of each level by its name; a number is that of a case of a set."""
    unnumbered = (
        (level.name, tuple(replace(rung, number=None) for rung in level.cases))
        for level in case_set.levels
    )
    return dict(unnumbered)


def draw_ladder(exercise: Exercise, oracles: Oracles) -> CaseSet:
    """Return the ladder of every level with its right answers.

    Parameters
    ----------
    exercise, oracles
        Of what, and who knows. A case over which the oracles disagree is no rung.
    """
    levels = []
    for name, level in exercise.check.levels.items():
        rungs = []
        for case in find_rungs(level.strategy) if level.is_plain else ():
            with contextlib.suppress(OraclesDisagreeError):
                banked = bank_case(exercise.check, case, oracles.expected(case))
                rungs.append(replace(banked, level=name))
        levels.append(BankedLevel(name, tuple(rungs)))
    return CaseSet(tuple(levels))


def find_rungs(strategy: Strategy) -> list[Case]:
    """Return the cases of a ladder, the smallest first, and of two as small the plainer one."""
    shapes = _find_shapes(strategy)
    found: dict[str, tuple[tuple[int, int, int], Case]] = {}
    for order, places, fill in _fillings(len(shapes)):
        for place in places:
            case = strategy.build(RungSource(shapes[place], fill, place))
            if (size := _size(case)) <= MOST_ELEMENTS:
                weight = size if all(map(_is_plain, case.steps)) else size * ODD
                found.setdefault(repr(case), ((weight, place, order), case))
    return [case for _, case in sorted(found.values(), key=lambda rung: rung[0])]


def _is_plain(value: Any) -> bool:
    """Tell whether there are only numbers in a value that are whole or halves."""
    if isinstance(value, (list, tuple)):
        return all(map(_is_plain, value))
    if isinstance(value, (float, np.floating, np.ndarray)):
        return bool(np.all(np.mod(value, 0.5) == 0))
    return True


def _find_shapes(strategy: Strategy) -> list[Shape]:
    """Return different shapes, the smallest case first."""
    lowest = RungSource(Shape({}), plain)
    strategy.build(lowest)
    count = min(len(lowest.used), MOST_NUMBERS)
    singles = [Shape({at: more}) for more in (1, WIDE) for at in range(count)]
    both = [
        Shape({one: more, other: also})
        for one, other in itertools.combinations(range(count), 2)
        for more, also in ((1, 1), (1, WIDE), (WIDE, 1))
    ]
    generator = np.random.default_rng(0)
    mixed = [
        Shape(dict(enumerate(generator.integers(0, WIDE + 1, MOST_NUMBERS).tolist())))
        for _ in range(MIXED)
    ]
    found: dict[tuple[int, ...], tuple[int, Shape]] = {}
    for shape in (Shape({}), *singles, *both, Shape({}, 1), Shape({}, WIDE), *mixed):
        source = RungSource(shape, plain)
        size = _size(strategy.build(source))
        found.setdefault(tuple(source.used), (size, shape))
    return [shape for _, shape in sorted(found.values(), key=lambda pair: pair[0])]


def _fillings(count: int) -> Iterator[tuple[int, range, Filling]]:
    """Yield which of so many shapes are filled how, the plainest filling first."""
    yield 0, range(count), plain
    for order, number in enumerate(STEADY, 1):
        yield order, range(1), steady(number)
    order = len(STEADY) + 1
    yield order, range(0, count, -(-count // BELOW)), below
    yield order + 1, range(0, count, -(-count // CATCHING)), catching
    yield order + 2, range(0, count, -(-count // DRAWN)), drawn


def _size(case: Case) -> int:
    """Return how many numbers somebody has to look at."""
    return sum(_count(value) for arguments in case.steps for value in arguments)


def _count(value: Any) -> int:
    if isinstance(value, (list, tuple)):
        return sum(map(_count, value))
    return int(getattr(value, "size", 1))
