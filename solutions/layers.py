"""Layers and optimisers as objects: what a call leaves behind for the next one."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


class Linear:
    """A layer that keeps its weights, what backward needs, and the gradients so far.

    Parameters
    ----------
    weight : ndarray, shape (O, D), float64
        A copy of it is kept.
    bias : ndarray, shape (O,), float64
        Likewise.

    Attributes
    ----------
    weight, bias : ndarray
        What the layer computes with.
    grad_weight, grad_bias : ndarray
        The gradients that were added up since the last `zero_grad`; zeros at first.

    Notes
    -----
    ``out[n, o] = bias[o] + sum over d of x[n, d] * weight[o, d]``

    References
    ----------
    `torch.nn.Linear`.

    Examples
    --------
    >>> layer = Linear(np.array([[3.0, -1.0]]), np.array([10.0]))
    >>> layer.forward(np.array([[1.0, 2.0]]))
    array([[11.]])
    >>> layer.backward(np.array([[1.0]]))
    array([[ 3., -1.]])
    >>> layer.grad_weight
    array([[1., 2.]])
    """

    def __init__(self, weight: NDArray[np.float64], bias: NDArray[np.float64]) -> None:
        """Keep copies of the weights; the gradients are zeros."""
        self.weight, self.bias = weight.copy(), bias.copy()
        self._x: NDArray[np.float64] | None = None
        self.zero_grad()

    def forward(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the outputs (N, O) of inputs (N, D)."""
        self._x = x
        return x @ self.weight.T + self.bias

    def backward(self, grad_out: NDArray[np.float64]) -> NDArray[np.float64]:
        """Add to the gradients of the weights, and return that of the last inputs (N, D).

        Raises
        ------
        RuntimeError
            There was no `forward` before.
        """
        if self._x is None:
            raise RuntimeError("backward needs a forward before it")
        self.grad_weight += grad_out.T @ self._x
        self.grad_bias += grad_out.sum(axis=0)
        return grad_out @ self.weight

    def zero_grad(self) -> None:
        """Make both gradients arrays of zeros."""
        self.grad_weight = np.zeros_like(self.weight)
        self.grad_bias = np.zeros_like(self.bias)

    def parameters(self) -> list[NDArray[np.float64]]:
        """Return the weight and the bias themselves, so that an optimiser can change them."""
        return [self.weight, self.bias]

    def gradients(self) -> list[NDArray[np.float64]]:
        """Return the gradients in the order of `parameters`."""
        return [self.grad_weight, self.grad_bias]


class Dropout:
    """A layer that drops some numbers in training, and lets all pass in evaluation.

    Parameters
    ----------
    p : float
        The share that is dropped, 0 <= p < 1.

    Attributes
    ----------
    training : bool
        The mode: True at first.

    Raises
    ------
    ValueError
        p is no such share.

    Notes
    -----
    In training ``out = x * keep_mask / (1 - p)``: what is left grows, so that the mean stays; in
    evaluation ``out = x``. What a backward does is decided by the mode and the mask of the last
    forward, whatever was called since.

    References
    ----------
    Srivastava, Hinton, Krizhevsky, Sutskever & Salakhutdinov 2014; `torch.nn.Dropout`.

    Examples
    --------
    >>> layer = Dropout(0.25)
    >>> layer.forward(np.array([[3.0, 6.0]]), np.array([[True, False]]))
    array([[4., 0.]])
    >>> layer.eval()
    >>> layer.backward(np.array([[9.0, 9.0]]))  # of that forward, which was in training
    array([[12.,  0.]])
    >>> layer.forward(np.array([[3.0, 6.0]]))
    array([[3., 6.]])
    """

    def __init__(self, p: float) -> None:
        """Refuse what is no share; begin in training."""
        if not 0.0 <= p < 1.0:
            raise ValueError(f"p = {p} is not a share: 0 <= p < 1")
        self.p, self.training = p, True
        self._factor: NDArray[np.float64] | float | None = None

    def forward(
        self, x: NDArray[np.float64], keep_mask: NDArray[np.generic] | None = None
    ) -> NDArray[np.float64]:
        """Return an array like x, of any shape.

        In training a mask of x's shape has to be given: True, or 1, for what is kept. In evaluation
        a mask is not used.
        """
        self._factor = keep_mask / (1.0 - self.p) if self.training else 1.0
        return x * self._factor

    def backward(self, grad_out: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the gradient of the last inputs.

        Raises
        ------
        RuntimeError
            There was no `forward` before.
        """
        if self._factor is None:
            raise RuntimeError("backward needs a forward before it")
        return grad_out * self._factor

    def train(self) -> None:
        """Go into training."""
        self.training = True

    def eval(self) -> None:
        """Go into evaluation."""
        self.training = False


class Sequential:
    """Layers one after another, that together are a layer.

    Parameters
    ----------
    layers : list of layers
        At least one, none of them twice. Each has `forward` and `backward`; some have `zero_grad`,
        `parameters`, `gradients`, `train` and `eval`, too. They are kept, not copied.

    Notes
    -----
    ``out = layers[-1].forward(… layers[0].forward(x))``. By the chain rule the gradients go
    the other way: the last layer gets ``grad_out``, each one before it what the one behind it
    returned, and what the first returns is the gradient of x. All else is handed on to the layers
    that have such a method, in their order.

    References
    ----------
    `torch.nn.Sequential`.

    Examples
    --------
    >>> double = Linear(np.array([[2.0]]), np.array([0.0]))
    >>> and_five = Linear(np.array([[1.0]]), np.array([5.0]))
    >>> net = Sequential([double, and_five])
    >>> net.forward(np.array([[3.0]]))
    array([[11.]])
    >>> net.backward(np.array([[1.0]]))
    array([[2.]])
    >>> net.gradients()
    [array([[3.]]), array([1.]), array([[6.]]), array([1.])]
    """

    def __init__(self, layers: Sequence[Any]) -> None:
        """Keep the layers."""
        self.layers = list(layers)

    def forward(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return what the last layer makes of what those before it made of x."""
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def backward(self, grad_out: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the gradient of the last inputs; the layers add to their own gradients.

        Raises
        ------
        RuntimeError
            There was no `forward` before: that is a layer's own.
        """
        for layer in reversed(self.layers):
            grad_out = layer.backward(grad_out)
        return grad_out

    def zero_grad(self) -> None:
        """Make the gradients of all layers zeros."""
        self._ask_each("zero_grad")

    def train(self) -> None:
        """Put all layers into training."""
        self._ask_each("train")

    def eval(self) -> None:
        """Put all layers into evaluation."""
        self._ask_each("eval")

    def parameters(self) -> list[NDArray[np.float64]]:
        """Return the parameters of all layers, the arrays themselves, in one list."""
        return [one for found in self._ask_each("parameters") for one in found]

    def gradients(self) -> list[NDArray[np.float64]]:
        """Return the gradients in the order of `parameters`."""
        return [one for found in self._ask_each("gradients") for one in found]

    def _ask_each(self, method: str) -> list[Any]:
        """Call a method of each layer that has it, and return what they say."""
        return [getattr(one, method)() for one in self.layers if hasattr(one, method)]


class SGD:
    """An optimiser that goes a step against each gradient, and changes the arrays in place.

    Parameters
    ----------
    params : list of ndarray, float64
        What it changes: the arrays themselves are kept.
    lr : float
        The learning rate; an attribute that may be set between steps.
    weight_decay : float
        How much of the parameter is added to its gradient.

    Notes
    -----
    ``p = p - lr * (g + weight_decay * p)``

    References
    ----------
    `torch.optim.SGD`.

    Examples
    --------
    >>> param = np.array([1.0, 2.0])
    >>> SGD([param], lr=0.5).step([np.array([2.0, 0.0])])
    >>> param
    array([0., 2.])
    """

    def __init__(
        self, params: Sequence[NDArray[np.float64]], lr: float, weight_decay: float = 0.0
    ) -> None:
        """Keep the arrays themselves."""
        self.params, self.lr, self.weight_decay = list(params), lr, weight_decay

    def step(self, grads: Sequence[NDArray[np.float64] | None]) -> None:
        """Change each parameter by its gradient; None leaves one as it is."""
        for param, grad in zip(self.params, grads, strict=True):
            if grad is not None:
                param[...] -= self.lr * (grad + self.weight_decay * param)


class Momentum:
    """An optimiser with a velocity for each parameter, which it changes in place.

    Parameters
    ----------
    params : list of ndarray, float64
        What it changes: the arrays themselves are kept.
    lr : float
        The learning rate; an attribute that may be set between steps. It is no part of the
        velocity.
    momentum : float
        How much of the velocity stays.
    nesterov : bool
        Whether the step looks ahead.

    Notes
    -----
    ``v = momentum * v + g``, then ``p = p - lr * v``; with Nesterov
    ``p = p - lr * (g + momentum * v)``. The first velocity is zeros.

    References
    ----------
    `torch.optim.SGD(momentum=…, nesterov=…)`.

    Examples
    --------
    >>> param = np.array([4.0])
    >>> optimiser = Momentum([param], lr=1.0, momentum=0.5)
    >>> optimiser.step([np.array([2.0])])
    >>> optimiser.step([np.array([0.0])])  # the velocity goes on: 0.5 * 2
    >>> param
    array([1.])
    """

    def __init__(
        self,
        params: Sequence[NDArray[np.float64]],
        lr: float,
        momentum: float = 0.9,
        nesterov: bool = False,
    ) -> None:
        """Keep the arrays themselves, with velocities of zeros."""
        self.params, self.lr = list(params), lr
        self.momentum, self.nesterov = momentum, nesterov
        self._velocities = [np.zeros_like(param) for param in self.params]

    def step(self, grads: Sequence[NDArray[np.float64] | None]) -> None:
        """Change each parameter; None leaves one and its velocity as they are."""
        for param, grad, velocity in zip(self.params, grads, self._velocities, strict=True):
            if grad is None:
                continue
            velocity[...] = self.momentum * velocity + grad
            ahead = grad + self.momentum * velocity if self.nesterov else velocity
            param[...] -= self.lr * ahead


class Value:
    """A number that remembers what it was made of, and so finds its own derivatives.

    Parameters
    ----------
    data : float
        The number.

    Attributes
    ----------
    data : float
        The number.
    grad : float
        What the calls of `backward` have added up so far; 0.0 at first. It may be set.

    Notes
    -----
    Every operation gives a new Value, and leaves those that it was made of as they are. A Python
    number may stand in the place of a Value, on either side. ``r.backward()`` adds
    ``d r / d v`` to the `grad` of each v that r was made of, directly or through others, and 1 to
    its own; by the chain rule ``d r / d v`` is the sum, over all that was made of v, of
    ``d r / d w * d w / d v``. A second `backward`, of the same Value or another, adds again:
    what an inner Value has in its `grad` from before has no part in it.

    References
    ----------
    Reverse-mode automatic differentiation, as `torch.autograd` does it for scalars; in this form
    by A. Karpathy's micrograd, whose second backward differs.

    Examples
    --------
    >>> a, b = Value(3.0), Value(-2.0)
    >>> c = a * b + a
    >>> c.data
    -3.0
    >>> c.backward()
    >>> a.grad, b.grad, c.grad
    (-1.0, 3.0, 1.0)
    """

    def __init__(self, data: float) -> None:
        """Keep the number, with a gradient of 0.0."""
        self.data, self.grad = data, 0.0
        self.made_of: tuple[tuple[Value, float], ...] = ()

    def __add__(self, other: Value | float) -> Value:
        """Return the sum, as a new Value."""
        other = _value(other)
        return _made(self.data + other.data, (self, 1.0), (other, 1.0))

    def __radd__(self, other: float) -> Value:
        """Return number + Value; `sum` begins with 0 + its first."""
        return self + other

    def __sub__(self, other: Value | float) -> Value:
        """Return the difference."""
        other = _value(other)
        return _made(self.data - other.data, (self, 1.0), (other, -1.0))

    def __rsub__(self, other: float) -> Value:
        """Return number - Value."""
        return _value(other) - self

    def __mul__(self, other: Value | float) -> Value:
        """Return the product."""
        other = _value(other)
        return _made(self.data * other.data, (self, other.data), (other, self.data))

    def __rmul__(self, other: float) -> Value:
        """Return number * Value."""
        return self * other

    def __truediv__(self, other: Value | float) -> Value:
        """Return the quotient."""
        return self * _value(other) ** -1

    def __rtruediv__(self, other: float) -> Value:
        """Return number / Value."""
        return _value(other) / self

    def __pow__(self, k: float) -> Value:
        """Return the power; k is a number."""
        return _made(self.data**k, (self, k * self.data ** (k - 1)))

    def __neg__(self) -> Value:
        """Return the negative."""
        return _made(-self.data, (self, -1.0))

    def tanh(self) -> Value:
        """Return the hyperbolic tangent, at ±1000 too."""
        out = math.tanh(self.data)
        return _made(out, (self, 1.0 - out**2))

    def relu(self) -> Value:
        """Return the positive part; its slope at 0 is 0."""
        return _made(max(self.data, 0.0), (self, float(self.data > 0.0)))

    def exp(self) -> Value:
        """Return e to this power."""
        out = math.exp(self.data)
        return _made(out, (self, out))

    def log(self) -> Value:
        """Return the natural logarithm of a positive number."""
        return _made(math.log(self.data), (self, 1.0 / self.data))

    def backward(self) -> None:
        """Add to `grad` of all that this was made of, and of this itself, what is theirs."""
        order: dict[Value, None] = {}
        _put_in_order(self, order)
        passed = dict.fromkeys(order, 0.0)
        passed[self] = 1.0
        for node in reversed(order):  # each after all that was made of it
            node.grad += passed[node]
            for part, slope in node.made_of:
                passed[part] += slope * passed[node]


def _value(number: Value | float) -> Value:
    """Return a Value for a number; a Value as it is."""
    return number if isinstance(number, Value) else Value(number)


def _made(data: float, *parts: tuple[Value, float]) -> Value:
    """Return a new Value, with what it was made of and the slope towards each of these."""
    made = Value(data)
    made.made_of = parts
    return made


def _put_in_order(node: Value, order: dict[Value, None]) -> None:
    """Put what a Value was made of into the order, and then itself, if it is not there yet."""
    if node not in order:
        for part, _ in node.made_of:
            _put_in_order(part, order)
        order[node] = None
