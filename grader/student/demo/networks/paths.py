"""The student's optimisers walk down deck 003's valley: steep one way, shallow the other."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.engine.cases.oracle import load_torch, to_torch
from grader.render.demo.shown import OptimiserPath, PathsBody
from grader.student.demo.learning import LossLog, make_view

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
    states
        How many arrays of its own it hands on.
    rates
        What follows them, for the step of this number.
    twin
        Makes the same in torch, of tensors.
    """

    name: str
    settings: str
    states: int
    rates: Callable[[int], tuple[float, ...]]
    twin: Callable[[Any, Any], Any]

    @property
    def part(self) -> str:
        """The exercise."""
        return f"optim.{self.name.lower()}_step"


WALKS = (
    Walk("SGD", "rate 1.9", 0, lambda _: (1.9,), lambda optim, p: optim.SGD(p, 1.9)),
    Walk(
        "Momentum", "rate 0.3", 1, lambda _: (0.3, 0.8),
        lambda optim, p: optim.SGD(p, 0.3, momentum=0.8),
    ),
    Walk(
        "Nesterov", "rate 0.3", 1, lambda _: (0.3, 0.8),
        lambda optim, p: optim.SGD(p, 0.3, momentum=0.8, nesterov=True),
    ),
    Walk("Adagrad", "rate 2", 1, lambda _: (2.0,), lambda optim, p: optim.Adagrad(p, 2.0)),
    Walk(
        "RMSprop", "rate 0.3", 1, lambda _: (0.3, 0.9),
        lambda optim, p: optim.RMSprop(p, 0.3, alpha=0.9),
    ),
    Walk("Adam", "rate 0.5", 2, lambda step: (step, 0.5), lambda optim, p: optim.Adam(p, 0.5)),
)  # fmt: skip


def height(point: Array) -> float:
    """Return the loss at a point.

    Examples
    --------
    >>> height(np.array([10.0, 1.0]))
    2.5
    """
    return float((SLOPES * point**2).sum() / 2)


class Walker:
    """One optimiser on its way, and its twin in torch."""

    def __init__(self, walk: Walk, *, own: bool) -> None:
        self.walk, self.own, self.log = walk, own, LossLog(walk.name)
        self.points = [START.copy()]
        self._state = [np.zeros(2) for _ in range(walk.states)]
        self._leaf = to_torch(START).requires_grad_(True)
        self._slopes = to_torch(SLOPES)
        self._optimiser = walk.twin(load_torch().optim, [self._leaf])

    def step(self, parts: Parts, number: int) -> None:
        """Take the next step, both."""
        parts.step, parts.watches = number, self.log.next_is_watched
        point = self.points[-1]
        rates = self.walk.rates(number)
        moved = parts.call(self.walk.part, point, SLOPES * point, *self._state, *rates)
        if self.walk.states:
            moved, *self._state = moved
        self.points.append(moved)
        loss = (self._slopes * self._leaf**2).sum() / 2
        self._optimiser.zero_grad()
        loss.backward()
        self._optimiser.step()
        self.log.note(height(moved), height(self._leaf.detach().numpy()))

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
                with np.errstate(all="ignore"):  # one that runs away does so
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
        """Return how each loss compares with that of torch's optimiser."""
        found = [walker.log.agreement() for walker in self._walkers]
        return [one for one in found if one is not None]
