"""A convolutional network of the student's parts learns to read handwritten digits.

8 filters of 3x3, ReLU, a maximum of 2x2, and a linear layer to ten classes. It was chosen for what
few images teach it: 400 are enough for 8 of 10 unseen digits, which is what plain loops can
look at in half a minute.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.engine.cases.oracle import load_torch
from grader.render.demo.shown import DigitsBody, Guess
from grader.student.demo.data import UNSEEN, load_digits
from grader.student.demo.learning import LossLog, make_view
from grader.student.demo.networks.twins import Twin, read_digits
from grader.student.demo.pacing import MUCH, QUICK_S, Looks, fit_steps

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.render.demo.shown import Agreement, DemoView
    from grader.student.demo.learning import Setting
    from grader.student.demo.pacing import Pace

    Array = np.ndarray[Any, Any]

FILTERS, SIZE, POOL, CLASSES = 8, 3, (2, 2), 10
RATE, MOMENTUM = 0.1, 0.8
MIDDLE = 0.3  # of the pixels, which is taken away
TIMED, BATCH, EPOCHS = 4, 16, 3
TRAINING, TESTING, RESERVE = 0.7, 0.1, 0.12  # shares of the time


@dataclass(frozen=True)
class DigitsPlan:
    """What fits into the time.

    Parameters
    ----------
    batch, steps
        Images in a step, and how many steps.
    unseen
        How many unseen digits are read at the end.
    marks
        After which steps a line is worth printing.
    """

    batch: int
    steps: int
    unseen: int
    marks: Sequence[int]


def make_plan(seconds: float, whole_s: float, left_s: float, count: int) -> DigitsPlan:
    """Return what fits into the time.

    Parameters
    ----------
    seconds, whole_s
        What a step of 4 images takes, and one of 16.
    left_s
        How long all may take.
    count
        Of the images to learn from.

    Examples
    --------
    >>> make_plan(0.01, 0.02, 25.0, 1437)
    DigitsPlan(batch=16, steps=270, unseen=360, marks=[90, 180, 270])
    >>> make_plan(0.25, 1.0, 25.0, 1437)
    DigitsPlan(batch=4, steps=70, unseen=80, marks=[23, 46, 70])
    """
    most = EPOCHS * -(-count // BATCH)
    is_whole = whole_s < MUCH * seconds or most * whole_s <= TRAINING * left_s
    if is_whole and (steps := fit_steps(TRAINING * left_s, whole_s, most)) == most:
        return DigitsPlan(BATCH, most, UNSEEN, [most * (n + 1) // EPOCHS for n in range(EPOCHS)])
    batch = BATCH if is_whole else TIMED
    most = most if is_whole else EPOCHS * -(-count // TIMED)
    steps = fit_steps(TRAINING * left_s, whole_s if is_whole else seconds, most)
    forward = seconds / TIMED / 2
    unseen = int(min(UNSEEN, max(2 * CLASSES, TESTING * left_s / forward)))
    return DigitsPlan(batch, steps, unseen, sorted({steps // 3, 2 * steps // 3, steps}))


@dataclass
class DigitsDemo:
    """The network, its twin in torch, and how far they are.

    Parameters
    ----------
    setting
        What every demo is given.
    """

    setting: Setting
    log: LossLog = field(default_factory=LossLog, init=False)
    _steps: int = field(default=0, init=False)
    _score: str = field(default="", init=False)
    _guesses: Sequence[Guess] = field(default=(), init=False)

    def __post_init__(self) -> None:
        rng = np.random.default_rng(self.setting.seed)
        images, self._targets = load_digits()
        self._shown, self._images = images, (images - MIDDLE)[:, None]
        order = rng.permutation(len(images))
        self._known, self._unseen = order[:-UNSEEN], order[-UNSEEN:]
        self._ten = [next(n for n in self._unseen if self._targets[n] == d) for d in range(CLASSES)]
        inner = FILTERS * (images.shape[1] // POOL[0]) * (images.shape[2] // POOL[1])
        self._params = [
            rng.normal(size=(FILTERS, 1, SIZE, SIZE)) * np.sqrt(2.0) / SIZE,
            np.zeros(FILTERS),
            rng.normal(size=(CLASSES, inner)) * 0.5 * np.sqrt(2.0 / inner),
            np.zeros(CLASSES),
        ]
        self._before = self._params[0][:, 0].copy()
        self._speeds = [np.zeros_like(one) for one in self._params]
        self._rng = rng
        optimiser = partial(load_torch().optim.SGD, lr=RATE, momentum=MOMENTUM)
        self._twin = Twin(self._params, optimiser, read_digits)

    # ------------------------------------------------------------------ the network

    def _forward(self, images: Array) -> tuple[Any, ...]:
        """Return what comes of each layer, the logits last."""
        call, (kernels, biases, weight, bias) = self.setting.parts.call, self._params
        folded = call("conv.conv2d_forward", images, kernels, biases, 1, 1)
        bent = call("activations.relu", folded)
        pooled = call("pool.max_pool2d_forward", bent, POOL)
        rows = call("pool.flatten", pooled)
        return folded, bent, pooled, rows, call("linear.linear_forward", rows, weight, bias)

    def _gradients(self, images: Array, targets: Array) -> tuple[float, list[Array]]:
        """Return the loss, and what each parameter did to it."""
        call, (kernels, biases, weight, bias) = self.setting.parts.call, self._params
        folded, bent, pooled, rows, logits = self._forward(images)
        loss = call("losses.cross_entropy", logits, targets)
        back = call("losses.cross_entropy_backward", logits, targets)
        back, *last = call("linear.linear_backward", back, rows, weight, bias)
        back = call("pool.max_pool2d_backward", back.reshape(pooled.shape), bent, POOL)
        back = call("activations.relu_backward", back, folded)
        _, *first = call("conv.conv2d_backward", back, images, kernels, biases, 1, 1)
        return loss, [*first, *last]

    def _learn(self, batch: Array, as_torch: Array) -> None:
        loss, grads = self._gradients(self._images[batch], self._targets[batch])
        for number, grad in enumerate(grads):
            state = (self._params[number], grad, self._speeds[number], RATE, MOMENTUM)
            moved = self.setting.parts.call("optim.momentum_step", *state)
            self._params[number], self._speeds[number] = moved
        twin = self._twin.step(self._targets[as_torch], self._images[as_torch])
        self.log.note(loss, twin)

    def _guess(self, numbers: Sequence[int] | Array, batch: int) -> Array:
        pieces = [numbers[at : at + batch] for at in range(0, len(numbers), batch)]
        logits = [self._forward(self._images[piece])[-1] for piece in pieces]
        found: Array = np.concatenate(logits).argmax(1)
        return found

    # ------------------------------------------------------------------ training

    def run(self, pace: Pace) -> Iterator[DemoView]:
        """Yield the demo's moments; see `Learner`."""
        parts, looks = self.setting.parts, Looks(pace)
        parts.watches = False  # what is timed is not compared each time
        plan = self._fit(pace)
        self._steps = plan.steps
        self._look(plan.batch)
        yield self.view()
        whole_s, since, batches = pace.seconds, 0, self._batches(plan.batch)
        for step in range(1, plan.steps + 1):
            parts.step, parts.watches = step, self.log.next_is_watched
            self._learn(*next(batches))
            is_last = self.log.is_lost or pace.left_s < RESERVE * whole_s
            if step in plan.marks or is_last:
                at_end = step == plan.steps or is_last
                yield self._test(plan, since, plan.unseen if at_end else plan.unseen // 3)
                since = step
            elif self.setting.is_live and looks.is_due:
                looks.took(pace.time_once(lambda: self._look(plan.batch)))
                yield self.view()
            if is_last:
                return

    def _fit(self, pace: Pace) -> DigitsPlan:
        """Time one batch, whose gradients nobody uses, and choose by that."""
        few, more = self._known[:TIMED], self._known[:BATCH]
        seconds = pace.time(lambda: self._gradients(self._images[few], self._targets[few]))
        whole_s = BATCH / TIMED * seconds
        if seconds < QUICK_S:
            whole_s = pace.time(lambda: self._gradients(self._images[more], self._targets[more]))
        return make_plan(seconds, whole_s, pace.left_s, len(self._known))

    def _batches(self, size: int) -> Iterator[tuple[Array, Array]]:
        """Yield which images come next, by the student's batches and by plain slices."""
        while True:
            order = self._rng.permutation(len(self._known))
            cut = self.setting.parts.call("optim.minibatches", len(order), size, order)
            for number, batch in enumerate(cut):
                piece = order[number * size : (number + 1) * size]
                yield self._known[batch], self._known[piece]

    # ------------------------------------------------------------------ looking

    def _look(self, batch: int) -> None:
        """Ask for the ten digits that are shown."""
        found = self._guess(self._ten, batch)
        self._guesses = [
            Guess(self._shown[number], digit, int(guess))
            for digit, (number, guess) in enumerate(zip(self._ten, found, strict=True))
        ]

    def _test(self, plan: DigitsPlan, since: int, count: int) -> DemoView:
        """Return a moment with the share of unseen digits that are right."""
        asked = self._unseen[:count]
        own = (self._guess(asked, plan.batch) == self._targets[asked]).mean()
        torchs = (self._twin.guess(self._images[asked]) == self._targets[asked]).mean()
        self._score = f"{own:.1%} of {count} unseen right (torch's: {torchs:.1%})"
        self._look(plan.batch)
        epoch = len(self.log.own) * plan.batch / len(self._known)
        milestone = f"epoch {epoch:.2g}: {self.log.since(since)}, {self._score}"
        return self.view(milestone)

    def view(self, milestone: str = "") -> DemoView:
        """Return the newest moment."""
        body = DigitsBody(tuple(self._guesses), self._before, self._params[0][:, 0].copy())
        return make_view(self.setting, self.log, self._steps, body, self._score, milestone)

    def agreements(self) -> Sequence[Agreement]:
        """Return how the loss compares with torch's."""
        found = self.log.agreement()
        return [found] if found else []
