"""The recurrent layers of `letters`, made of the student's parts: plain ones and LSTM cells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from grader.model import Carry

if TYPE_CHECKING:
    from grader.student.demo.asking import Parts

    Array = np.ndarray[Any, Any]


class Cells(Protocol):
    """One kind of recurrent layer, of the student's parts."""

    params: list[Array]

    def forward(self, parts: Parts, x: Array) -> tuple[Array, Any]:
        """Return the hidden states, (T, N, H), and what going back needs."""

    def backward(self, parts: Parts, back: Array, x: Array, kept: Any) -> list[Array]:
        """Return the gradients of the parameters."""

    def start(self) -> tuple[Array, ...]:
        """Return the state before the first letter."""

    def go_on(self, parts: Parts, x: Array, state: tuple[Array, ...]) -> tuple[Array, ...]:
        """Return the state after one more letter, the hidden one first."""


class PlainCells:
    """h = tanh(w_ih x + b_ih + w_hh h + b_hh)."""

    def __init__(self, letters: int, hidden: int, rng: np.random.Generator) -> None:
        self.params = [
            rng.normal(size=(hidden, letters)) / np.sqrt(letters),
            rng.normal(size=(hidden, hidden)) / np.sqrt(hidden),
            np.zeros(hidden),
            np.zeros(hidden),
        ]

    def start(self) -> tuple[Array, ...]:
        """Return zeros."""
        return (np.zeros((1, len(self.params[2]))),)

    def forward(self, parts: Parts, x: Array) -> tuple[Array, Any]:
        """See `Cells.forward`."""
        start = np.zeros((x.shape[1], len(self.params[2])))
        return parts.call("recurrent.rnn_forward", x, start, *self.params), start

    def backward(self, parts: Parts, back: Array, x: Array, kept: Any) -> list[Array]:
        """See `Cells.backward`."""
        _, _, *found = parts.call("recurrent.rnn_backward", back, x, kept, *self.params)
        return list(found)

    def go_on(self, parts: Parts, x: Array, state: tuple[Array, ...]) -> tuple[Array, ...]:
        """See `Cells.go_on`."""
        return (parts.call("recurrent.rnn_cell", x, *state, *self.params),)


class LstmCells:
    """The cell of decks 000 and 003, its gates i, f, o, g of [h, x]."""

    def __init__(self, letters: int, hidden: int, rng: np.random.Generator) -> None:
        width = hidden + letters
        self.params = [rng.normal(size=(4 * hidden, width)) / np.sqrt(width), np.zeros(4 * hidden)]

    def start(self) -> tuple[Array, ...]:
        """Return zeros."""
        zero = np.zeros((1, len(self.params[1]) // 4))
        return zero, zero.copy()

    def forward(self, parts: Parts, x: Array) -> tuple[Array, Any]:
        """See `Cells.forward`: one cell after the other, all asked for at once."""
        zero = np.zeros((x.shape[1], len(self.params[1]) // 4))
        first = (x[0], zero, zero, *self.params)
        later = [(x_t, Carry(0), Carry(1), *self.params) for x_t in x[1:]]
        states = [(zero, zero), *parts.call_steps("recurrent.lstm_cell", [first, *later])]
        return np.stack([state[0] for state in states[1:]]), states

    def backward(self, parts: Parts, back: Array, x: Array, kept: Any) -> list[Array]:
        """See `Cells.backward`: from the last cell to the first."""
        grad_h = grad_c = np.zeros(back.shape[1:])
        sums = [np.zeros_like(one) for one in self.params]
        for step in reversed(range(len(x))):
            given = (back[step] + grad_h, grad_c, x[step], *kept[step], *self.params)
            _, grad_h, grad_c, *found = parts.call("recurrent.lstm_cell_backward", *given)
            sums = [total + one for total, one in zip(sums, found, strict=True)]
        return sums

    def go_on(self, parts: Parts, x: Array, state: tuple[Array, ...]) -> tuple[Array, ...]:
        """See `Cells.go_on`."""
        h_next, c_next = parts.call("recurrent.lstm_cell", x, *state, *self.params)
        return h_next, c_next
