"""The student's optimisers walk down deck 003's valley: steep one way, shallow the other."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.render.demo.shown import OptimiserPath, PathsBody
from grader.student.demo.learning import LossLog, make_view
from grader.student.demo.torch_parts import find_lent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from grader.render.demo.shown import Agreement, DemoView
    from grader.student.demo.asking import Parts
    from grader.student.demo.learning import Setting
    from grader.student.demo.pacing import Pace

    Array = np.ndarray[Any, Any]

SLOPES = np.array([0.04, 1.0])  # loss = (0.04 x^2 + y^2) / 2
START = np.array([-9.0, 1.8])
STEPS, MARK = 50, 10


@dataclass(frozen=True)
class Walk:
    """How one optimiser is asked.

    Parameters
    ----------
    name, settings
        Of the optimiser and, in words, of what it is told.
    kept
        How many arrays of its own it hands on.
    rates
        What follows them, for the step of this number.
    """

    name: str
    settings: str
    kept: int
    rates: Callable[[int], tuple[float, ...]]

    @property
    def part(self) -> str:
        """The exercise."""
        return f"optim.{self.name.lower()}_step"


WALKS = (
    Walk("SGD", "rate 1.9", 0, lambda _: (1.9,)),
    Walk("Momentum", "rate 0.3", 1, lambda _: (0.3, 0.8)),
    Walk("Nesterov", "rate 0.3", 1, lambda _: (0.3, 0.8)),
    Walk("Adagrad", "rate 2", 1, lambda _: (2.0,)),
    Walk("RMSprop", "rate 0.3", 1, lambda _: (0.3, 0.9)),
    Walk("Adam", "rate 0.5", 2, lambda step: (step, 0.5)),
)


def height(point: Array) -> float:
    """Return the loss at a point.

    Examples
    --------
    >>> height(np.array([10.0, 1.0]))
    2.5
    """
    with np.errstate(all="ignore"):  # one that runs away does so
        return float((SLOPES * point**2).sum() / 2)


class Walker:
    """One optimiser on its way, and torch's on the same."""

    def __init__(self, walk: Walk, *, own: bool) -> None:
        self.walk, self.own, self.log = walk, own, LossLog(walk.name)
        self.points = [START.copy()]
        self._kept = [np.zeros(2) for _ in range(walk.kept)]
        self._lent = find_lent(walk.part)
        self._torchs = [START.copy(), *self._kept]

    def step(self, parts: Parts, number: int) -> None:
        """Take the next step, both."""
        parts.step, parts.watches = number, self.log.next_is_watched
        moved = self._move(partial(parts.call, self.walk.part), [self.points[-1], *self._kept])
        self.points.append(moved[0])
        self._kept = moved[1:]
        self._torchs = self._move(self._lent, self._torchs)
        self.log.note(height(moved[0]), height(self._torchs[0]))

    def _move(self, step: Callable[..., Any], state: Sequence[Array]) -> list[Array]:
        """Return where a step leads, and what is kept of it."""
        point, *kept = state
        rates = self.walk.rates(len(self.log.own) + 1)
        moved = step(point, SLOPES * point, *kept, *rates)
        return [*moved] if self.walk.kept else [moved]

    def path(self) -> OptimiserPath:
        """Return the way so far."""
        name = f"{self.walk.name}, {self.walk.settings}"
        points = np.array(self.points)
        return OptimiserPath(name, self.own, points, height(points[-1]))


@dataclass
class PathsDemo:
    """Six optimisers, a step of each in turn.

    Parameters
    ----------
    setting
        What every demo is given.
    """

    setting: Setting
    _walkers: list[Walker] = field(default_factory=list, init=False)

    def run(self, pace: Pace) -> Iterator[DemoView]:
        """Yield the demo's moments; see `Learner`."""
        own = {part.id for part in self.setting.shares if part.own}
        self._walkers = [Walker(walk, own=walk.part in own) for walk in WALKS]
        for number in range(1, STEPS + 1):
            for walker in self._walkers:
                with np.errstate(all="ignore"):  # as in `height`
                    walker.step(self.setting.parts, number)
            is_last = number == STEPS or pace.left_s < 0
            yield self._moment(self._told(number) if is_last or number % MARK == 0 else "")
            if is_last:
                return

    def _told(self, number: int) -> str:
        losses = [f"{one.walk.name} {one.log.own[-1]:.3g}" for one in self._walkers]
        return f"step {number} of {STEPS}, loss: {', '.join(losses)}"

    def _moment(self, milestone: str = "") -> DemoView:
        body = PathsBody(tuple(walker.path() for walker in self._walkers))
        return make_view(self.setting, self._walkers[0].log, STEPS, body, "", milestone)

    def view(self) -> DemoView | None:
        """Return the newest moment; None before the first."""
        return self._moment() if self._walkers else None

    def agreements(self) -> Sequence[Agreement]:
        """Return how each loss of the student's compares with that of torch's optimiser."""
        found = [walker.log.agreement() for walker in self._walkers if walker.own]
        return [one for one in found if one is not None]
