"""Where the numbers of a strategy come from: Hypothesis, or a case that was drawn before.

Every drawn case has a *recipe*: the whole numbers that were drawn, in order, and the seed of its
arrays. A recipe rebuilds the case exactly, and a changed recipe builds a similar one: that is how
a failing case is made smaller.
"""

from __future__ import annotations

import contextlib
import functools
import importlib
import os
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.parsing import PARSING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hypothesis.strategies import DrawFn, SearchStrategy

    from grader.course.pools import Elements
    from grader.course.strategies import Strategy
    from grader.model import Case

    Array = np.ndarray[Any, Any]

PLAIN_NUMBERS = 10  # whole ones and halves below it are easy to follow
MAX_ELEMENTWISE = 40
CASES_AT_ONCE = 10  # in one example of Hypothesis, whose own cost is that of several cases
MAX_ROUNDS = 3  # times as many examples as it takes when no case comes twice


@functools.cache
def load_hypothesis() -> None:
    """Import Hypothesis before its parts: on one thread at a time, and with a home of ours.

    It keeps things in `.hypothesis/` of the current folder, which is the student's, unless it is
    told another place.
    """
    with PARSING:
        from hypothesis import configuration  # noqa: PLC0415 - a warm check never pays for it

        if "HYPOTHESIS_STORAGE_DIRECTORY" not in os.environ:
            import platformdirs  # noqa: PLC0415

            home = platformdirs.user_cache_path("dlgrade") / "hypothesis"
            configuration.set_hypothesis_home_dir(home)


@dataclass(frozen=True)
class Recipe:
    """What rebuilds a drawn case: its whole numbers in order, and the seed of its arrays."""

    integers: tuple[int, ...] = ()
    arrays: int = 0


class Recorder:
    """Replay a recipe as far as it fits, and record what was really used.

    Parameters
    ----------
    recipe
        A number that does not fit its bounds is moved into them; missing ones are the lowest.
    """

    def __init__(self, recipe: Recipe) -> None:
        self._recipe = recipe
        self._used: list[int] = []
        self._generator = np.random.default_rng(recipe.arrays)

    def integer(self, low: int, high: int) -> int:
        """Return the next number of the recipe, within the bounds."""
        at = len(self._used)
        wanted = self._recipe.integers[at] if at < len(self._recipe.integers) else low
        value = min(max(wanted, low), max(low, high))
        self._used.append(value)
        return value

    def array(self, shape: tuple[int, ...], kind: Elements) -> Array:
        """Return the next array of the recipe's seed."""
        return kind.fill(self._generator, shape)

    @property
    def recipe(self) -> Recipe:
        """What was used: it rebuilds the same case."""
        return Recipe(tuple(self._used), self._recipe.arrays)


class PlainRecorder(Recorder):
    """Replay a recipe with small numbers in its arrays, by the recipe's seed: no zero if it can."""

    def array(self, shape: tuple[int, ...], kind: Elements) -> Array:
        """Return an array of small numbers, or the next one of the seed where there are none."""
        return plain_numbers(self._generator, shape, kind)


def plain_numbers(generator: np.random.Generator, shape: tuple[int, ...], kind: Elements) -> Array:
    """Return an array of numbers that are easy to follow, each as often as any other: no 0.

    Numbers that stand beside each other differ where they can, so that it shows which was taken.
    """
    told = [n for n in kind.small if n and abs(n) < PLAIN_NUMBERS and 2 * n == round(2 * n)]
    small = np.array(told or [n for n in kind.small if n] or list(kind.small), kind.dtype)
    if not small.size:
        return kind.fill(generator, shape)
    size = int(np.prod(shape))
    rounds = [generator.permutation(small) for _ in range(-(-size // small.size))]
    return np.concatenate([small[:0], *rounds])[:size].reshape(shape)


class HypothesisSource:
    """Let Hypothesis draw the whole numbers, and one seed for all arrays of a case."""

    def __init__(self, draw: DrawFn) -> None:
        self._draw = draw
        self._used: list[int] = []
        self._seed = 0
        self._generator: np.random.Generator | None = None

    def integer(self, low: int, high: int) -> int:
        """Return a number that Hypothesis draws."""
        value = self._draw(_integers(low, max(low, high)))
        self._used.append(value)
        return value

    def array(self, shape: tuple[int, ...], kind: Elements) -> Array:
        """Return an array from the one seed that Hypothesis draws for a case."""
        if self._generator is None:
            self._seed = self._draw(_integers(0, 2**16 - 1))
            self._generator = np.random.default_rng(self._seed)
        return kind.fill(self._generator, shape)

    @property
    def recipe(self) -> Recipe:
        """What rebuilds the case that was drawn."""
        return Recipe(tuple(self._used), self._seed)


class SmallerSource:
    """Let Hypothesis draw a case no larger than a recipe, with small numbers in small arrays."""

    def __init__(self, draw: DrawFn, recipe: Recipe) -> None:
        self._draw = draw
        self._recorder = Recorder(recipe)

    def integer(self, low: int, high: int) -> int:
        """Return a number from `low` up to the recipe's own."""
        return self._draw(_integers(low, self._recorder.integer(low, high)))

    def array(self, shape: tuple[int, ...], kind: Elements) -> Array:
        """Return an array of small numbers, or the recipe's where it would be a long list."""
        size = int(np.prod(shape))
        if not kind.small or size > MAX_ELEMENTWISE:
            return self._recorder.array(shape, kind)
        picks = [self._draw(_integers(0, len(kind.small) - 1)) for _ in range(size)]
        return np.array([kind.small[pick] for pick in picks], kind.dtype).reshape(shape)


_ranges: dict[tuple[int, int], SearchStrategy[int]] = {}


def _integers(low: int, high: int) -> SearchStrategy[int]:
    """Return Hypothesis's strategy for these bounds, made once."""
    if (low, high) not in _ranges:
        load_hypothesis()
        from hypothesis import strategies as st  # noqa: PLC0415

        _ranges[low, high] = st.integers(low, high)
    return _ranges[low, high]


@contextlib.contextmanager
def steady_draws() -> Iterator[None]:
    """Keep Hypothesis from mixing constants of our own loaded modules into its draws.

    Newer versions collect numbers from the source of every loaded local module; the cases of a
    seed would then depend on which files happened to be imported before.
    """
    from unittest import mock  # noqa: PLC0415 - dear, and only who draws needs it

    providers = importlib.import_module("hypothesis.internal.conjecture.providers")
    collected = getattr(providers, "_local_constants", None)
    if collected is None:  # a version that draws no constants
        yield
        return
    nothing = type(collected)()  # collecting them to see their type would parse all that is loaded
    with (
        mock.patch.object(providers, "_get_local_constants", return_value=nothing),
        mock.patch.object(providers, "CONSTANTS_CACHE", _without_local(providers.CONSTANTS_CACHE)),
    ):
        yield


@functools.cache
def _without_local(cache: Any) -> Any:
    """Return a cache like Hypothesis's of which constants fit where, for all draws that have none.

    To find them anew for each level is a twentieth of a draw.
    """
    return type(cache)(1024)


def draw_cases(strategy: Strategy, count: int, seed: int) -> list[tuple[Case, Recipe]]:
    """Draw cases of a family with Hypothesis, the same ones for the same seed.

    Parameters
    ----------
    strategy
        The family.
    count
        How many different ones; a family with fewer repeats some.
    seed
        Seed of the draw.

    Returns
    -------
    list of (Case, Recipe)
    """
    load_hypothesis()
    from unittest import SkipTest  # noqa: PLC0415

    from hypothesis import HealthCheck, Phase, given, settings  # noqa: PLC0415
    from hypothesis import seed as seeded  # noqa: PLC0415
    from hypothesis import strategies as st  # noqa: PLC0415

    drawn: dict[Recipe, Case] = {}

    @st.composite
    def batches(draw: DrawFn) -> list[tuple[Recipe, Case]]:
        batch = []
        for _ in range(CASES_AT_ONCE):
            source = HypothesisSource(draw)
            case = strategy.build(source)
            batch.append((source.recipe, case))
        return batch

    @seeded(seed)
    @settings(
        max_examples=MAX_ROUNDS * -(-count // CASES_AT_ONCE),
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(batches())
    def collect(batch: list[tuple[Recipe, Case]]) -> None:
        for recipe, case in batch:
            drawn.setdefault(recipe, case)
        if len(drawn) >= count:
            raise SkipTest("enough")  # the one exception with which Hypothesis just stops

    with steady_draws(), contextlib.suppress(SkipTest):
        collect()
    # A family with few different cases (two booleans, say) is drawn to its end before `count`.
    different = [(case, recipe) for recipe, case in drawn.items()]
    return [different[i % len(different)] for i in range(count)]


def find_smaller(
    strategy: Strategy, recipe: Recipe, fails: Callable[[Case], bool], max_tries: int
) -> Case | None:
    """Let Hypothesis look for a smaller case that fails too.

    Returns
    -------
    Case or None
        None when none of `max_tries` tries failed.
    """
    load_hypothesis()
    from hypothesis import HealthCheck, Phase, find, settings, strategies as st  # noqa: I001, PLC0415
    from hypothesis.errors import Flaky, NoSuchExample  # noqa: PLC0415

    @st.composite
    def cases(draw: DrawFn) -> Case:
        return strategy.build(SmallerSource(draw, recipe))

    options = settings(
        max_examples=max(1, max_tries),
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    # A function that answers differently each time is the student's; it is wrong all the same.
    with steady_draws(), contextlib.suppress(NoSuchExample, Flaky):
        return find(cases(), fails, settings=options, random=random.Random(0))  # noqa: S311
    return None
