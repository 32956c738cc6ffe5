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


class Conv2d:
    """A convolution that keeps its kernels, what backward needs, and the gradients so far.

    Parameters
    ----------
    weight : ndarray, shape (F, C, KH, KW), float64
        The kernels; a copy of them is kept.
    bias : ndarray, shape (F,), float64
        One number for each kernel; likewise.
    stride : int
        How far a window moves, downwards and to the right.
    padding : int
        How many zeros stand on each of the four sides.

    Attributes
    ----------
    weight, bias : ndarray
        What the layer computes with.
    grad_weight, grad_bias : ndarray
        The gradients that were added up since the last `zero_grad`; zeros at first.

    Notes
    -----
    With the padded images p and the stride S::

        out[n, f, i, j] = bias[f]
            + sum over c, k, l of p[n, c, i*S + k, j*S + l] * weight[f, c, k, l]

    Backwards each ``g = grad_out[n, f, i, j]`` adds g times the window to grad_weight[f], g to
    grad_bias[f], and g * weight[f] to the window's place in the gradient of p, whose frame is then
    cut off.

    References
    ----------
    `torch.nn.Conv2d`; Dumoulin & Visin 2016, "A guide to convolution arithmetic for deep learning".

    Examples
    --------
    >>> layer = Conv2d(np.array([[[[10.0, 20.0]]]]), np.array([0.0]))
    >>> layer.forward(np.array([[[[1.0, 2.0, 3.0]]]]))
    array([[[[50., 80.]]]])
    >>> layer.backward(np.array([[[[1.0, 3.0]]]]))
    array([[[[10., 50., 60.]]]])
    >>> layer.grad_weight, layer.grad_bias
    (array([[[[ 7., 11.]]]]), array([4.]))
    """

    def __init__(
        self,
        weight: NDArray[np.float64],
        bias: NDArray[np.float64],
        stride: int = 1,
        padding: int = 0,
    ) -> None:
        """Keep copies of the kernels and the bias; the gradients are zeros."""
        self.weight, self.bias = weight.copy(), bias.copy()
        self.stride, self.padding = stride, padding
        self._padded: NDArray[np.float64] | None = None
        self.zero_grad()

    def forward(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the outputs (N, F, OH, OW) of images (N, C, H, W)."""
        frame = (self.padding, self.padding)
        self._padded = np.pad(x, ((0, 0), (0, 0), frame, frame))
        out = np.einsum("nchwkl,fckl->nfhw", self._windows(self._padded), self.weight)
        return out + self.bias[:, None, None]

    def _windows(self, padded: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return all windows of padded images, (N, C, OH, OW, KH, KW)."""
        view = np.lib.stride_tricks.sliding_window_view
        windows = view(padded, self.weight.shape[2:], axis=(2, 3))
        return windows[:, :, :: self.stride, :: self.stride]

    def backward(self, grad_out: NDArray[np.float64]) -> NDArray[np.float64]:
        """Add to the gradients of kernels and bias, and return that of the last images.

        Raises
        ------
        RuntimeError
            There was no `forward` before.
        """
        if self._padded is None:
            raise RuntimeError("backward needs a forward before it")
        self.grad_bias += grad_out.sum(axis=(0, 2, 3))
        windows = self._windows(self._padded)
        self.grad_weight += np.einsum("nfhw,nchwkl->fckl", grad_out, windows)
        grad_windows = np.einsum("nfhw,fckl->nchwkl", grad_out, self.weight)
        grad_padded = np.zeros_like(self._padded)
        for row, column in np.ndindex(self.weight.shape[2:]):  # pixels overlap between the taps
            pixels = grad_padded[:, :, row :: self.stride, column :: self.stride]
            taps = grad_windows[..., row, column]
            pixels[:, :, : taps.shape[2], : taps.shape[3]] += taps
        height, width = self._padded.shape[2:]
        p = self.padding
        return grad_padded[:, :, p : height - p, p : width - p]

    def zero_grad(self) -> None:
        """Make both gradients arrays of zeros."""
        self.grad_weight = np.zeros_like(self.weight)
        self.grad_bias = np.zeros_like(self.bias)

    def parameters(self) -> list[NDArray[np.float64]]:
        """Return kernels and bias themselves, so that an optimiser can change them."""
        return [self.weight, self.bias]

    def gradients(self) -> list[NDArray[np.float64]]:
        """Return the gradients in the order of `parameters`."""
        return [self.grad_weight, self.grad_bias]


class BatchNorm1d:
    """A layer that normalises each feature over the batch, and remembers what it saw.

    Parameters
    ----------
    gamma : ndarray, shape (D,), float64
        The scale of each feature; a copy of it is kept.
    beta : ndarray, shape (D,), float64
        The shift, likewise.
    momentum : float
        The share of a batch in the running statistics.
    eps : float
        Is added to a variance before its root is taken.

    Attributes
    ----------
    gamma, beta : ndarray, shape (D,)
        What the layer computes with.
    grad_gamma, grad_beta : ndarray, shape (D,)
        The gradients that were added up since the last `zero_grad`; zeros at first.
    running_mean, running_var : ndarray, shape (D,)
        What was seen in training; zeros and ones at first.
    training : bool
        The mode, True at first.

    Notes
    -----
    ``z = (x - mean) / sqrt(var + eps)`` and ``out = gamma * z + beta``. In training mean and var
    are those of the batch, with the *biased* variance (divided by N), and ::

        running_mean = (1 - momentum) * running_mean + momentum * mean
        running_var = (1 - momentum) * running_var + momentum * var * N / (N - 1)

    which is the *unbiased* variance. In evaluation mean and var are the running ones, which stay
    as they are. `backward` belongs to its forward: after one in training ::

        g = grad_out * gamma
        grad_x = (g - mean of g - z * mean of (g * z)) / sqrt(var + eps)

    and after one in evaluation, where mean and var are constants, ``g / sqrt(var + eps)``, whatever
    the mode is by then.

    References
    ----------
    Ioffe & Szegedy 2015, "Batch normalization"; `torch.nn.BatchNorm1d`.

    Examples
    --------
    >>> layer = BatchNorm1d(np.array([1.0]), np.array([0.0]), momentum=0.5, eps=0.0)
    >>> layer.forward(np.array([[1.0], [5.0]]))
    array([[-1.],
           [ 1.]])
    >>> layer.running_mean, layer.running_var
    (array([1.5]), array([4.5]))
    >>> layer.eval()
    >>> layer.forward(np.array([[1.5]]))
    array([[0.]])
    """

    def __init__(
        self,
        gamma: NDArray[np.float64],
        beta: NDArray[np.float64],
        momentum: float = 0.1,
        eps: float = 1e-5,
    ) -> None:
        """Keep copies of scale and shift; nothing was seen yet."""
        self.gamma, self.beta = gamma.copy(), beta.copy()
        self.momentum, self.eps = momentum, eps
        self.running_mean, self.running_var = np.zeros(len(gamma)), np.ones(len(gamma))
        self.training = True
        self._kept: tuple[NDArray[np.float64], NDArray[np.float64], bool] | None = None
        self.zero_grad()

    def train(self) -> None:
        """Normalise with the batch from now on, and remember it."""
        self.training = True

    def eval(self) -> None:
        """Normalise with what was seen from now on."""
        self.training = False

    def forward(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the normalised, scaled and shifted inputs (N, D).

        Raises
        ------
        ValueError
            There is one row only, in training; all stays as it was.
        """
        if not self.training:
            mean, var = self.running_mean, self.running_var
        elif len(x) < 2:
            raise ValueError("one row has no variance: training needs several")
        else:
            mean, var = x.mean(axis=0), x.var(axis=0)
            stays = 1.0 - self.momentum
            unbiased = x.var(axis=0, ddof=1)
            self.running_mean = stays * self.running_mean + self.momentum * mean
            self.running_var = stays * self.running_var + self.momentum * unbiased
        root = np.sqrt(var + self.eps)
        z = (x - mean) / root
        self._kept = z, root, self.training
        return self.gamma * z + self.beta

    def backward(self, grad_out: NDArray[np.float64]) -> NDArray[np.float64]:
        """Add to the gradients of scale and shift, and return that of the last inputs (N, D).

        Raises
        ------
        RuntimeError
            There was no `forward` before.
        """
        if self._kept is None:
            raise RuntimeError("backward needs a forward before it")
        z, root, was_training = self._kept
        self.grad_gamma += (grad_out * z).sum(axis=0)
        self.grad_beta += grad_out.sum(axis=0)
        grad_z = grad_out * self.gamma
        if was_training:  # each x moves the mean and the variance, too
            grad_z = grad_z - grad_z.mean(axis=0) - z * (grad_z * z).mean(axis=0)
        return grad_z / root

    def zero_grad(self) -> None:
        """Make both gradients arrays of zeros."""
        self.grad_gamma = np.zeros_like(self.gamma)
        self.grad_beta = np.zeros_like(self.beta)

    def parameters(self) -> list[NDArray[np.float64]]:
        """Return scale and shift themselves, so that an optimiser can change them."""
        return [self.gamma, self.beta]

    def gradients(self) -> list[NDArray[np.float64]]:
        """Return the gradients in the order of `parameters`."""
        return [self.grad_gamma, self.grad_beta]


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


class Adam:
    """An optimiser with two averages and a count of steps for each parameter.

    Parameters
    ----------
    params : list of ndarray, float64
        What it changes: the arrays themselves are kept.
    lr : float
        The learning rate; an attribute that may be set between steps.
    beta1 : float
        How much of the average of the gradients stays.
    beta2 : float
        How much of the average of their squares stays.
    eps : float
        Is added to the root, so that nothing is divided by 0.

    Notes
    -----
    For each parameter, with m, v and t zero at first::

        t = t + 1
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        p = p - lr * m / (1 - beta1**t) / (sqrt(v / (1 - beta2**t)) + eps)

    A gradient that is None leaves p, m, v and t of its parameter as they are, so that parameters
    may have taken different numbers of steps. The corrections are for the step; m and v are kept
    without.

    References
    ----------
    Kingma & Ba 2015, "Adam: a method for stochastic optimization"; `torch.optim.Adam`.

    Examples
    --------
    >>> param = np.array([4.0])
    >>> optimiser = Adam([param], lr=1.0, beta1=0.5, beta2=0.75)
    >>> optimiser.step([np.array([8.0])])  # 4 / 0.5 over the root of 16 / 0.25
    >>> param
    array([3.])
    """

    def __init__(
        self,
        params: Sequence[NDArray[np.float64]],
        lr: float = 1e-3,
        beta1: float = 0.9,
        beta2: float = 0.999,
        eps: float = 1e-8,
    ) -> None:
        """Keep the arrays themselves, with averages of zeros and no step counted."""
        self.params, self.lr = list(params), lr
        self.beta1, self.beta2, self.eps = beta1, beta2, eps
        self._averages = [np.zeros_like(param) for param in self.params]
        self._squares = [np.zeros_like(param) for param in self.params]
        self._counts = [0] * len(self.params)

    def step(self, grads: Sequence[NDArray[np.float64] | None]) -> None:
        """Change each parameter; None leaves one, its averages and its count as they are."""
        kept = zip(self.params, grads, self._averages, self._squares, strict=True)
        for at, (param, grad, average, square) in enumerate(kept):
            if grad is None:
                continue
            self._counts[at] += 1
            average[...] = self.beta1 * average + (1.0 - self.beta1) * grad
            square[...] = self.beta2 * square + (1.0 - self.beta2) * grad**2
            m_hat = average / (1.0 - self.beta1 ** self._counts[at])
            v_hat = square / (1.0 - self.beta2 ** self._counts[at])
            param[...] -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


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
