"""Torch's answers in place of the student's: what is lent, and what is compared with.

Each takes arrays as the exercise does. They are written here and not taken from the checks, since a
demo lends what a course leaves out, too. A test holds that they answer as the references do.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from grader.course.words.autograd import gradients
from grader.engine.cases.oracle import load_torch, tensor_function

if TYPE_CHECKING:
    from collections.abc import Callable


def find_lent(name: str) -> Callable[..., Any]:
    """Return what takes the place of a part: a function of arrays."""
    return tensor_function(LENT[name])


def functional() -> Any:
    """Return `torch.nn.functional`."""
    return load_torch().nn.functional


# ----------------------------------------------------------------------------- layers


def conv2d(x: Any, weight: Any, bias: Any, stride: int = 1, padding: int = 0) -> Any:
    """Return the convolution of images."""
    return functional().conv2d(x, weight, bias, stride, padding)


def conv2d_backward(grad: Any, x: Any, weight: Any, bias: Any, *sizes: int) -> Any:
    """Return its three gradients; the sizes are the stride and the padding."""
    return gradients(lambda x, weight, bias: conv2d(x, weight, bias, *sizes), grad, x, weight, bias)


def correlate2d(image: Any, kernel: Any) -> Any:
    """Return how well a kernel fits at each place of one image."""
    return functional().conv2d(image[None, None], kernel[None, None])[0, 0]


def max_pool2d(x: Any, kernel_size: tuple[int, int], stride: int | None = None) -> Any:
    """Return the largest number of each window."""
    return functional().max_pool2d(x, kernel_size, stride)


def max_pool2d_backward(
    grad: Any, x: Any, kernel_size: tuple[int, int], stride: int | None = None
) -> Any:
    """Return its gradient."""
    return gradients(lambda x: max_pool2d(x, kernel_size, stride), grad, x)[0]


def flatten(x: Any) -> Any:
    """Return a row for each image."""
    return x.flatten(1)


def relu(x: Any) -> Any:
    """Return what is positive."""
    return x.relu()


def relu_backward(grad: Any, x: Any) -> Any:
    """Return its gradient."""
    return gradients(relu, grad, x)[0]


def softmax(x: Any) -> Any:
    """Return shares."""
    return x.softmax(-1)


def linear(x: Any, weight: Any, bias: Any) -> Any:
    """Return a linear layer's numbers."""
    return functional().linear(x, weight, bias)


def linear_backward(grad: Any, x: Any, weight: Any, bias: Any) -> Any:
    """Return its three gradients."""
    return gradients(linear, grad, x, weight, bias)


def cross_entropy(logits: Any, targets: Any) -> Any:
    """Return the mean over the batch."""
    return functional().cross_entropy(logits, targets)


def cross_entropy_backward(logits: Any, targets: Any) -> Any:
    """Return its gradient."""
    return gradients(lambda z: cross_entropy(z, targets), 1.0, logits)[0]


# ----------------------------------------------------------------------------- sequences


def build_vocabulary(tokens: list[str]) -> dict[str, int]:
    """Return a number for each token, as they first occur; torch has no such function."""
    distinct = sorted(set(tokens), key=tokens.index)
    return dict(zip(distinct, range(len(distinct)), strict=True))


def one_hot(indices: Any, num_classes: int) -> Any:
    """Return a row with one 1 for each index."""
    return functional().one_hot(indices, num_classes).double()


def rnn_cell(x: Any, h: Any, *weights: Any) -> Any:
    """Return the next hidden state."""
    return load_torch().rnn_tanh_cell(x, h, *weights)


def rnn_forward(x: Any, h0: Any, *weights: Any) -> Any:
    """Return the hidden state after each step."""
    return load_torch().stack([h0 := rnn_cell(x_t, h0, *weights) for x_t in x])


def rnn_backward(grad: Any, x: Any, h0: Any, *weights: Any) -> Any:
    """Return its six gradients, back through time."""
    return gradients(rnn_forward, grad, x, h0, *weights)


def in_torchs_order(weight: Any, bias: Any) -> tuple[Any, Any, Any, Any]:
    """Return torch's four arrays for rows i, f, o, g of [h, x]: torch's are i, f, g, o, x first."""
    torch = load_torch()
    i, f, o, g = (torch.cat([weight, bias[:, None]], 1)).chunk(4)
    rows, size = torch.cat([i, f, g, o]), len(i)
    shifts = rows[:, -1].contiguous()
    return rows[:, size:-1], rows[:, :size], shifts, torch.zeros_like(shifts)


def lstm_cell(x: Any, h: Any, c: Any, weight: Any, bias: Any) -> Any:
    """Return the next hidden state and the next cell."""
    return load_torch().lstm_cell(x, (h, c), *in_torchs_order(weight, bias))


def lstm_cell_backward(grad_h: Any, grad_c: Any, *inputs: Any) -> Any:
    """Return its five gradients."""

    def both(*inputs: Any) -> Any:
        h_next, c_next = lstm_cell(*inputs)
        return h_next * grad_h + c_next * grad_c

    return gradients(both, 1.0, *inputs)


# ----------------------------------------------------------------------------- optimisers


def minibatches(num_samples: int, batch_size: int, order: Any) -> list[Any]:
    """Return an order in pieces."""
    return list(order[:num_samples].split(batch_size))


def _inside(name: str) -> Any:
    """Return the function inside an optimiser: using its class loads a second's worth of modules.

    `torch.optim.adam.adam`, say; what follows is without the options that no exercise has.
    """
    load_torch()
    return getattr(importlib.import_module(f"torch.optim.{name}"), name)


PLAIN = {"weight_decay": 0.0, "maximize": False, "foreach": False}


def sgd_step(param: Any, grad: Any, lr: float) -> Any:
    """Return the parameter a step downhill."""
    return momentum_step(param, grad, grad.clone(), lr, 0.0)[0]


def momentum_step(  # noqa: PLR0913 - the exercise's signature
    param: Any,
    grad: Any,
    velocity: Any,
    lr: float,
    momentum: float = 0.9,
    *,
    nesterov: bool = False,
) -> Any:
    """Return the parameter and its velocity."""
    new, moved = param.detach().clone(), velocity.clone()
    options = {"lr": lr, "momentum": momentum, "nesterov": nesterov, "dampening": 0.0}
    _inside("sgd")([new], [grad], [moved], **options, **PLAIN)
    return new, moved


def nesterov_step(param: Any, grad: Any, velocity: Any, lr: float, momentum: float = 0.9) -> Any:
    """Return the same, looking ahead."""
    return momentum_step(param, grad, velocity, lr, momentum, nesterov=True)


def adagrad_step(param: Any, grad: Any, sum_squares: Any, lr: float, eps: float = 1e-10) -> Any:
    """Return the parameter and the sum of squares."""
    new, total = param.detach().clone(), sum_squares.clone()
    options = {"lr": lr, "eps": eps, "lr_decay": 0.0}
    _inside("adagrad")([new], [grad], [total], [_counted(0)], **options, **PLAIN)
    return new, total


def rmsprop_step(  # noqa: PLR0913 - as above
    param: Any, grad: Any, square_avg: Any, lr: float, alpha: float = 0.99, eps: float = 1e-8
) -> Any:
    """Return the parameter and the average of squares."""
    new, average = param.detach().clone(), square_avg.clone()
    options = {"lr": lr, "alpha": alpha, "eps": eps, "momentum": 0.0, "centered": False}
    _inside("rmsprop")([new], [grad], [average], [], [], [_counted(0)], **options, **PLAIN)
    return new, average


def adam_step(  # noqa: PLR0913 - as above
    param: Any, grad: Any, exp_avg: Any, exp_avg_sq: Any, step: int, lr: float,
    beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-8,
) -> Any:  # fmt: skip
    """Return the parameter and both averages."""
    new, first, second = param.detach().clone(), exp_avg.clone(), exp_avg_sq.clone()
    options = {"lr": lr, "beta1": beta1, "beta2": beta2, "eps": eps, "amsgrad": False}
    _inside("adam")([new], [grad], [first], [second], [], [_counted(step - 1)], **options, **PLAIN)
    return new, first, second


def _counted(steps: int) -> Any:
    return load_torch().tensor(float(steps), dtype=load_torch().float64)


LENT: dict[str, Callable[..., Any]] = {
    "conv.conv2d_forward": conv2d,
    "conv.conv2d_backward": conv2d_backward,
    "conv.correlate2d": correlate2d,
    "pool.max_pool2d_forward": max_pool2d,
    "pool.max_pool2d_backward": max_pool2d_backward,
    "pool.flatten": flatten,
    "activations.relu": relu,
    "activations.relu_backward": relu_backward,
    "activations.softmax": softmax,
    "linear.linear_forward": linear,
    "linear.linear_backward": linear_backward,
    "losses.cross_entropy": cross_entropy,
    "losses.cross_entropy_backward": cross_entropy_backward,
    "embedding.build_vocabulary": build_vocabulary,
    "recurrent.one_hot": one_hot,
    "recurrent.rnn_cell": rnn_cell,
    "recurrent.rnn_forward": rnn_forward,
    "recurrent.rnn_backward": rnn_backward,
    "recurrent.lstm_cell": lstm_cell,
    "recurrent.lstm_cell_backward": lstm_cell_backward,
    "optim.minibatches": minibatches,
    "optim.sgd_step": sgd_step,
    "optim.momentum_step": momentum_step,
    "optim.nesterov_step": nesterov_step,
    "optim.adagrad_step": adagrad_step,
    "optim.rmsprop_step": rmsprop_step,
    "optim.adam_step": adam_step,
}
