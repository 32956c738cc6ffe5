"""Fit a demo into its time: one batch is timed first, and the rest is chosen by that."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

QUICK_S = 0.5  # what took less is timed once more: the first call has costs of its own
MUCH = 1.5  # a large batch that takes less than so many small ones is worth it
LOOKS = 0.15  # the share of the time that looking at what was learnt may take


@dataclass
class Pace:
    """How much time there is, and how much of it is gone.

    Parameters
    ----------
    seconds
        How long the demo may take, more or less.
    clock
        Tells the time, in seconds.
    """

    seconds: float
    clock: Callable[[], float] = time.monotonic
    _begun: float = field(init=False)

    def __post_init__(self) -> None:
        self._begun = self.clock()

    @property
    def left_s(self) -> float:
        """How many seconds are left."""
        return self._begun + self.seconds - self.clock()

    def part(self, share: float) -> Pace:
        """Return a pace of its own for a part of the demo that begins now."""
        return Pace(max(0.0, self.left_s) * share, self.clock)

    def time(self, work: Callable[[], object]) -> float:
        """Return how many seconds some work takes, which is done once or twice for that."""
        took = self.time_once(work)
        return self.time_once(work) if took < QUICK_S else took

    def time_once(self, work: Callable[[], object]) -> float:
        """Return how many seconds some work takes, which is done once."""
        before = self.clock()
        work()
        return max(self.clock() - before, 1e-6)


def fit_steps(left_s: float, seconds: float, most: int) -> int:
    """Return how many steps of so many seconds fit: at least one.

    Examples
    --------
    >>> fit_steps(10.0, 0.5, 200), fit_steps(10.0, 0.01, 200), fit_steps(10.0, 60.0, 200)
    (20, 200, 1)
    """
    return max(1, min(most, int(left_s / seconds)))


@dataclass
class Looks:
    """When to look at what was learnt: often, but for no more than a share of the time.

    Parameters
    ----------
    pace
        Has the clock.
    least_s
        Between two looks.
    """

    pace: Pace
    least_s: float = 0.4
    _next: float = field(default=0.0, init=False)

    @property
    def is_due(self) -> bool:
        """Whether it is time for another look."""
        return self.pace.clock() >= self._next

    def took(self, seconds: float) -> None:
        """Say how long the look took that just ended."""
        self._next = self.pace.clock() + max(self.least_s, seconds / LOOKS)
