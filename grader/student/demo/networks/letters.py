"""A recurrent network of the student's parts learns which letter comes next: hello, then a rhyme.

The rhyme is learnt by the student's LSTM, back through time cell by cell, where both of its parts
are there; else by the plain recurrent network that learns hello.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.render.demo.shown import LettersBody
from grader.student.demo.catalogue import LSTM
from grader.student.demo.data import HELLO, load_rhyme
from grader.student.demo.learning import LossLog, make_view
from grader.student.demo.networks.cells import LstmCells, PlainCells
from grader.student.demo.networks.twins import Twin, spell, spell_with_cells
from grader.student.demo.pacing import MUCH, QUICK_S, Looks, fit_steps
from grader.student.demo.torch_parts import adam_step

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from grader.render.demo.shown import Agreement, DemoView
    from grader.student.demo.learning import Setting
    from grader.student.demo.networks.cells import Cells
    from grader.student.demo.pacing import Pace

    Array = np.ndarray[Any, Any]

MARKS = 4  # lines that are worth printing, for each text
TRAINING, RESERVE = 0.75, 0.08  # shares of the time
TIMED = 2  # pieces of text in the batch that is timed


@dataclass(frozen=True)
class Lesson:
    """A text, and how it is learnt.

    Parameters
    ----------
    name, text
        What it is called, and what it says.
    hidden, rate
        Numbers in the state, and Adam's rate.
    batch, length
        Pieces of the text in a step, and letters in a piece.
    steps
        How many are enough.
    shown
        Letters of a sample.
    """

    name: str
    text: str
    hidden: int
    rate: float
    batch: int
    length: int
    steps: int
    shown: int


class Speller:
    """A network that has read nothing yet, and its twin in torch.

    Parameters
    ----------
    setting
        What every demo is given.
    lesson
        What it is to learn.
    with_lstm
        Which cells it is made of.
    """

    def __init__(self, setting: Setting, lesson: Lesson, *, with_lstm: bool) -> None:
        self.lesson, self._parts = lesson, setting.parts
        numbers = self._parts.call("embedding.build_vocabulary", list(lesson.text))
        self._letters = sorted(numbers, key=numbers.__getitem__)
        self._text = np.array([numbers[letter] for letter in lesson.text])
        self._rng, count = np.random.default_rng(setting.seed), len(numbers)
        kind: Any = LstmCells if with_lstm else PlainCells
        self._cells: Cells = kind(count, lesson.hidden, self._rng)
        self._out = [
            self._rng.normal(size=(count, lesson.hidden)) / np.sqrt(lesson.hidden),
            np.zeros(count),
        ]
        self._moments = [(np.zeros_like(one), np.zeros_like(one)) for one in self._params]
        forward = spell_with_cells if with_lstm else spell
        self._twin = Twin(self._params, forward, self._update, kept=2)
        self.log = LossLog(f"{lesson.name}, {'LSTM' if with_lstm else 'RNN'}")

    def _update(self, param: Any, grad: Any, kept: Sequence[Any], step: int) -> Any:
        return adam_step(param, grad, kept[0], kept[1], step, self.lesson.rate)

    @property
    def _params(self) -> list[Array]:
        return [*self._cells.params, *self._out]

    def gradients(self, pieces: Array) -> tuple[float, list[Array]]:
        """Return the loss on pieces of text, (T + 1, N), and what each parameter did to it."""
        call, count = self._parts.call, len(self._letters)
        x = call("recurrent.one_hot", pieces[:-1].reshape(-1), count)
        x, targets = x.reshape(*pieces[:-1].shape, count), pieces[1:].reshape(-1)
        hidden, kept = self._cells.forward(self._parts, x)
        rows = hidden.reshape(-1, hidden.shape[-1])
        logits = call("linear.linear_forward", rows, *self._out)
        loss = call("losses.cross_entropy", logits, targets)
        back = call("losses.cross_entropy_backward", logits, targets)
        back, *last = call("linear.linear_backward", back, rows, *self._out)
        return loss, [
            *self._cells.backward(self._parts, back.reshape(hidden.shape), x, kept),
            *last,
        ]

    def draw(self, batch: int) -> Array:
        """Return pieces of the text, (T + 1, N), from anywhere in it."""
        return self.cut(self._rng.integers(0, len(self._text) - self.lesson.length, batch))

    def cut(self, begins: Iterable[int]) -> Array:
        """Return the pieces that begin there, (T + 1, N)."""
        length = self.lesson.length
        return np.stack([self._text[at : at + length + 1] for at in begins], axis=1)

    def learn(self, pieces: Array) -> None:
        """Take one step downhill."""
        loss, grads = self.gradients(pieces)
        moved, step = [], len(self.log.own) + 1
        for number, (param, grad) in enumerate(zip(self._params, grads, strict=True)):
            state = (param, grad, *self._moments[number], step, self.lesson.rate)
            new, *moments = self._parts.call("optim.adam_step", *state)
            self._moments[number] = (moments[0], moments[1])
            moved.append(new)
        self._cells.params, self._out = moved[:-2], moved[-2:]
        self.log.note(loss, self._twin.step(pieces[1:].reshape(-1), pieces[:-1]))

    def sample(self) -> str:
        """Return what the network writes: the likeliest letter, again and again."""
        call, place = self._parts.call, int(self._text[0])
        written, state = [self._letters[place]], self._cells.start()
        rows = call("recurrent.one_hot", np.arange(len(self._letters)), len(self._letters))
        for _ in range(self.lesson.shown - 1):
            state = self._cells.go_on(self._parts, rows[place : place + 1], state)
            place = int(call("linear.linear_forward", state[0], *self._out).argmax())
            written.append(self._letters[place])
        return "".join(written)


@dataclass
class LettersDemo:
    """Two texts, learnt one after the other.

    Parameters
    ----------
    setting
        What every demo is given.
    """

    setting: Setting
    _logs: list[LossLog] = field(default_factory=list, init=False)
    _samples: list[tuple[int, str]] = field(default_factory=list, init=False)
    _steps: int = field(default=0, init=False)

    def run(self, pace: Pace) -> Iterator[DemoView]:
        """Yield the demo's moments; see `Learner`."""
        has_lstm = {part.id for part in self.setting.shares if part.own}.issuperset(LSTM)
        hello = Lesson("hello", HELLO * 20, 16, 0.02, 2, 17, 60, 18)
        rhyme = Lesson("rhyme", load_rhyme(), 32, 0.03, 16, 12, 100, 48)
        yield from self._teach(Speller(self.setting, hello, with_lstm=False), pace.part(0.25))
        yield from self._teach(Speller(self.setting, rhyme, with_lstm=has_lstm), pace.part(1.0))

    def _teach(self, speller: Speller, pace: Pace) -> Iterator[DemoView]:
        parts = self.setting.parts
        parts.step, parts.watches = 1, False
        batch, self._steps = self._fit(speller, pace)
        self._logs.append(speller.log)
        self._samples = []
        looks, since = Looks(pace, 0.8), 0
        marks = {self._steps * (number + 1) // MARKS for number in range(MARKS)}
        self._write(speller)
        yield self._moment(f"{speller.log.what}, before: {self._samples[-1][1]!r}")
        for step in range(1, self._steps + 1):
            parts.step, parts.watches = step, speller.log.next_is_watched
            speller.learn(speller.draw(batch))
            is_last = speller.log.is_lost or pace.left_s < RESERVE * pace.seconds
            if step in marks or is_last:
                self._write(speller)
                said = f"step {step} of {self._steps}, {speller.log.since(since)}"
                yield self._moment(f"{speller.log.what}, {said}: {self._samples[-1][1]!r}")
                since = step
            elif self.setting.is_live and looks.is_due:
                looks.took(pace.time_once(lambda: self._write(speller)))
                yield self._moment()
            if is_last:
                return

    @staticmethod
    def _fit(speller: Speller, pace: Pace) -> tuple[int, int]:
        """Time one small batch, and return how large a batch and how many steps fit."""
        lesson, two = speller.lesson, speller.cut(range(TIMED))
        full = speller.cut(range(lesson.batch))
        seconds = pace.time(lambda: speller.gradients(two))
        if lesson.steps * seconds < TRAINING * pace.left_s or seconds < QUICK_S:
            whole_s = pace.time_once(lambda: speller.gradients(full))
            if whole_s < MUCH * seconds or lesson.steps * whole_s < TRAINING * pace.left_s:
                return lesson.batch, fit_steps(TRAINING * pace.left_s, whole_s, lesson.steps)
        return TIMED, fit_steps(TRAINING * pace.left_s, seconds, lesson.steps)

    def _write(self, speller: Speller) -> None:
        self._samples.append((len(speller.log.own), speller.sample()))

    def view(self) -> DemoView | None:
        """Return the newest moment; None before the first."""
        return self._moment() if self._logs else None

    def _moment(self, milestone: str = "") -> DemoView:
        log = self._logs[-1]
        body = LettersBody(tuple(self._samples), log.what)
        return make_view(self.setting, log, self._steps, body, "", milestone)

    def agreements(self) -> Sequence[Agreement]:
        """Return how both losses compare with torch's."""
        found = [log.agreement() for log in self._logs]
        return [one for one in found if one is not None]
