"""The same networks in torch, from the same start: whole, by autograd and torch's optimisers.

They know nothing of the parts that a demo calls, so that the comparison is one of the whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from grader.engine.cases.oracle import load_torch, to_torch
from grader.student.demo.torch_parts import in_torchs_order

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Array = np.ndarray[Any, Any]


class Twin:
    """A network in torch.

    Parameters
    ----------
    params
        The start, which is copied.
    make
        Makes an optimiser of tensors.
    forward
        Takes the parameters and tensors, and returns logits, (N, K).
    """

    def __init__(
        self,
        params: Sequence[Array],
        make: Callable[[Any], Any],
        forward: Callable[..., Any],
    ) -> None:
        self._params = [to_torch(one).requires_grad_(True) for one in params]
        self._optimiser = make(self._params)
        self._forward = forward

    def step(self, targets: Array, *inputs: Array) -> float:
        """Take one step downhill; return the loss before it."""
        logits = self._forward(self._params, *map(to_torch, inputs))
        loss = load_torch().nn.functional.cross_entropy(logits, to_torch(targets))
        self._optimiser.zero_grad()
        loss.backward()
        self._optimiser.step()
        return float(loss.detach())

    def guess(self, *inputs: Array) -> Array:
        """Return the likeliest class of each."""
        with load_torch().no_grad():
            logits = self._forward(self._params, *map(to_torch, inputs))
        found: Array = logits.argmax(1).numpy()
        return found


def read_digits(params: Sequence[Any], images: Any) -> Any:
    """Return logits of a convolution, a maximum pooled and a linear layer."""
    functional = load_torch().nn.functional
    kernels, biases, weight, bias = params
    hidden = functional.conv2d(images, kernels, biases, padding=1).relu()
    return functional.linear(functional.max_pool2d(hidden, 2).flatten(1), weight, bias)


def vote(features: Sequence[Array]) -> Callable[..., Any]:
    """Return what makes votes of pictures, with kernels that do not learn."""
    kernels = to_torch(np.stack(features)[:, None])

    def forward(params: Sequence[Any], pictures: Any) -> Any:
        functional = load_torch().nn.functional
        hidden = functional.conv2d(pictures[:, None], kernels).relu()
        return functional.linear(functional.max_pool2d(hidden, 2).flatten(1), *params)

    return forward


def spell(params: Sequence[Any], letters: Any) -> Any:
    """Return logits for the letter after each one of (T, N), by a plain recurrent network."""
    torch = load_torch()
    w_ih, w_hh, b_ih, b_hh, weight, bias = params
    x = torch.nn.functional.one_hot(letters, w_ih.shape[1]).double()
    start = x.new_zeros(1, x.shape[1], len(w_hh))
    weights = (w_ih, w_hh, b_ih, b_hh)
    hidden, _ = torch.rnn_tanh(x, start, weights, True, 1, 0.0, False, False, False)
    return torch.nn.functional.linear(hidden.flatten(0, 1), weight, bias)


def spell_with_cells(params: Sequence[Any], letters: Any) -> Any:
    """Return the same by an LSTM whose row blocks are i, f, o, g of [h, x]."""
    torch = load_torch()
    gates, offsets, weight, bias = params
    size = len(offsets) // 4
    x = torch.nn.functional.one_hot(letters, gates.shape[1] - size).double()
    start = x.new_zeros(1, x.shape[1], size)
    weights = [one.contiguous() for one in in_torchs_order(gates, offsets)]
    hidden = torch.lstm(x, (start, start), weights, True, 1, 0.0, False, False, False)[0]
    return torch.nn.functional.linear(hidden.flatten(0, 1), weight, bias)
