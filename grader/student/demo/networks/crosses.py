"""The student's parts tell X from O, as deck 004 does: features, filtered maps, pooling, votes.

The three features are given and stay; what is learnt is how much each pooled number has to say.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.engine.cases.oracle import load_torch
from grader.render.demo.shown import CrossesBody
from grader.student.demo.data import FEATURES, draw_crosses
from grader.student.demo.learning import LossLog, make_view
from grader.student.demo.networks.twins import Twin, vote
from grader.student.demo.pacing import Looks

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.render.demo.shown import Agreement, DemoView
    from grader.student.demo.learning import Setting
    from grader.student.demo.pacing import Pace

    Array = np.ndarray[Any, Any]

KNOWN, UNSEEN = 40, 60
STEPS, MARK, RATE = 60, 20, 1.0
POOL = (2, 2)
CLASSES = 2
SHARE = 0.4  # of the time that the features may take
KERNELS = [feature / feature.size for feature in FEATURES]  # 1 where all of one fits


@dataclass
class CrossesDemo:
    """The votes, their twin in torch, and how far they are.

    Parameters
    ----------
    setting
        What every demo is given.
    """

    setting: Setting
    log: LossLog = field(default_factory=LossLog, init=False)
    _score: str = field(default="", init=False)
    _shown: int = field(default=0, init=False)
    _votes: tuple[float, float] = field(default=(0.5, 0.5), init=False)

    def __post_init__(self) -> None:
        rng = np.random.default_rng(self.setting.seed)
        self._pictures, self._targets = draw_crosses(KNOWN + UNSEEN, rng)
        self._known = KNOWN
        self._rng = rng

    # ------------------------------------------------------------------ the network

    def _slide(self, picture: Array) -> Array:
        """Return how well each feature fits at each place, (3, 7, 7)."""
        call = self.setting.parts.call
        return np.stack([call("conv.correlate2d", picture, kernel) for kernel in KERNELS])

    def _begin(self, pace: Pace) -> None:
        """Slide the features over all pictures, or over as many as there is time for."""
        maps = [self._slide(self._pictures[0])]
        seconds = pace.time(lambda: self._slide(self._pictures[1]))
        count = int(min(len(self._pictures), max(8, SHARE * pace.left_s / seconds)))
        self._known = min(KNOWN, count // 2)
        maps += [self._slide(picture) for picture in self._pictures[1:count]]
        self._pictures, self._targets = self._pictures[:count], self._targets[:count]
        call = self.setting.parts.call
        self._maps = np.stack(maps)
        self._bent = call("activations.relu", self._maps)
        self._pooled = call("pool.max_pool2d_forward", self._bent, POOL)
        self._rows = call("pool.flatten", self._pooled)
        self._params = [
            self._rng.normal(size=(CLASSES, self._rows.shape[1])) * 0.1,
            np.zeros(CLASSES),
        ]
        optimiser = partial(load_torch().optim.SGD, lr=RATE)
        self._twin = Twin(self._params, optimiser, vote(KERNELS))
        self._shown = self._known  # the first one that is not learnt from: an X

    def _learn(self) -> None:
        call, count = self.setting.parts.call, self._known
        rows, targets = self._rows[:count], self._targets[:count]
        logits = call("linear.linear_forward", rows, *self._params)
        loss = call("losses.cross_entropy", logits, targets)
        back = call("losses.cross_entropy_backward", logits, targets)
        _, *grads = call("linear.linear_backward", back, rows, *self._params)
        self._params = [
            call("optim.sgd_step", param, grad, RATE)
            for param, grad in zip(self._params, grads, strict=True)
        ]
        self.log.note(loss, self._twin.step(targets, self._pictures[:count]))

    # ------------------------------------------------------------------ training

    def run(self, pace: Pace) -> Iterator[DemoView]:
        """Yield the demo's moments; see `Learner`."""
        parts, looks, since = self.setting.parts, Looks(pace), 0
        self._begin(pace)
        self._look()
        yield self._moment()
        for step in range(1, STEPS + 1):
            parts.step, parts.watches = step, self.log.next_is_watched
            self._learn()
            is_last = step == STEPS or self.log.is_lost or pace.left_s < 0
            if step % MARK == 0 or is_last:
                self._look()
                said = f"step {step} of {STEPS}, {self.log.since(since)}, {self._score}"
                yield self._moment(said)
                since = step
            elif self.setting.is_live and looks.is_due:
                looks.took(pace.time_once(self._look))
                yield self._moment()
            if is_last:
                return

    def _look(self) -> None:
        """Let the network vote on all that it has not learnt from, and on the one shown."""
        call, count = self.setting.parts.call, self._known
        logits = call("linear.linear_forward", self._rows[count:], *self._params)
        shares = call("activations.softmax", logits)
        own = (shares.argmax(1) == self._targets[count:]).mean()
        torchs = (self._twin.guess(self._pictures[count:]) == self._targets[count:]).mean()
        self._votes = (float(shares[0, 0]), float(shares[0, 1]))
        total = len(self._pictures) - count
        self._score = f"{own:.0%} of {total} unseen pictures right (torch's: {torchs:.0%})"

    def _moment(self, milestone: str = "") -> DemoView:
        body = CrossesBody(
            self._pictures[self._shown], FEATURES, tuple(self._bent[self._shown]),
            tuple(self._pooled[self._shown]), self._votes,
        )  # fmt: skip
        return make_view(self.setting, self.log, STEPS, body, self._score, milestone)

    def view(self) -> DemoView | None:
        """Return the newest moment; None before the first."""
        return self._moment() if self._shown else None

    def agreements(self) -> Sequence[Agreement]:
        """Return how the loss compares with torch's."""
        found = self.log.agreement()
        return [found] if found else []
