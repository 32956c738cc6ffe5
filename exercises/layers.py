"""Layers and optimisers as objects: what a call leaves behind for the next one."""

from __future__ import annotations

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
        raise NotImplementedError

    def forward(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the outputs (N, O) of inputs (N, D)."""
        raise NotImplementedError

    def backward(self, grad_out: NDArray[np.float64]) -> NDArray[np.float64]:
        """Add to the gradients of the weights, and return that of the last inputs (N, D).

        Raises
        ------
        RuntimeError
            There was no `forward` before.
        """
        raise NotImplementedError

    def zero_grad(self) -> None:
        """Make both gradients arrays of zeros."""
        raise NotImplementedError

    def parameters(self) -> list[NDArray[np.float64]]:
        """Return the weight and the bias themselves, so that an optimiser can change them."""
        raise NotImplementedError

    def gradients(self) -> list[NDArray[np.float64]]:
        """Return the gradients in the order of `parameters`."""
        raise NotImplementedError


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
        raise NotImplementedError

    def forward(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the outputs (N, F, OH, OW) of images (N, C, H, W)."""
        raise NotImplementedError

    def backward(self, grad_out: NDArray[np.float64]) -> NDArray[np.float64]:
        """Add to the gradients of kernels and bias, and return that of the last images.

        Raises
        ------
        RuntimeError
            There was no `forward` before.
        """
        raise NotImplementedError

    def zero_grad(self) -> None:
        """Make both gradients arrays of zeros."""
        raise NotImplementedError

    def parameters(self) -> list[NDArray[np.float64]]:
        """Return kernels and bias themselves, so that an optimiser can change them."""
        raise NotImplementedError

    def gradients(self) -> list[NDArray[np.float64]]:
        """Return the gradients in the order of `parameters`."""
        raise NotImplementedError


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
        raise NotImplementedError

    def train(self) -> None:
        """Normalise with the batch from now on, and remember it."""
        raise NotImplementedError

    def eval(self) -> None:
        """Normalise with what was seen from now on."""
        raise NotImplementedError

    def forward(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the normalised, scaled and shifted inputs (N, D).

        Raises
        ------
        ValueError
            There is one row only, in training; all stays as it was.
        """
        raise NotImplementedError

    def backward(self, grad_out: NDArray[np.float64]) -> NDArray[np.float64]:
        """Add to the gradients of scale and shift, and return that of the last inputs (N, D).

        Raises
        ------
        RuntimeError
            There was no `forward` before.
        """
        raise NotImplementedError

    def zero_grad(self) -> None:
        """Make both gradients arrays of zeros."""
        raise NotImplementedError

    def parameters(self) -> list[NDArray[np.float64]]:
        """Return scale and shift themselves, so that an optimiser can change them."""
        raise NotImplementedError

    def gradients(self) -> list[NDArray[np.float64]]:
        """Return the gradients in the order of `parameters`."""
        raise NotImplementedError


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
        raise NotImplementedError

    def forward(
        self, x: NDArray[np.float64], keep_mask: NDArray[np.generic] | None = None
    ) -> NDArray[np.float64]:
        """Return an array like x, of any shape.

        In training a mask of x's shape has to be given: True, or 1, for what is kept. In evaluation
        a mask is not used.
        """
        raise NotImplementedError

    def backward(self, grad_out: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the gradient of the last inputs.

        Raises
        ------
        RuntimeError
            There was no `forward` before.
        """
        raise NotImplementedError

    def train(self) -> None:
        """Go into training."""
        raise NotImplementedError

    def eval(self) -> None:
        """Go into evaluation."""
        raise NotImplementedError


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
        raise NotImplementedError

    def forward(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return what the last layer makes of what those before it made of x."""
        raise NotImplementedError

    def backward(self, grad_out: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the gradient of the last inputs; the layers add to their own gradients.

        Raises
        ------
        RuntimeError
            There was no `forward` before: that is a layer's own.
        """
        raise NotImplementedError

    def zero_grad(self) -> None:
        """Make the gradients of all layers zeros."""
        raise NotImplementedError

    def train(self) -> None:
        """Put all layers into training."""
        raise NotImplementedError

    def eval(self) -> None:
        """Put all layers into evaluation."""
        raise NotImplementedError

    def parameters(self) -> list[NDArray[np.float64]]:
        """Return the parameters of all layers, the arrays themselves, in one list."""
        raise NotImplementedError

    def gradients(self) -> list[NDArray[np.float64]]:
        """Return the gradients in the order of `parameters`."""
        raise NotImplementedError


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
        raise NotImplementedError

    def step(self, grads: Sequence[NDArray[np.float64] | None]) -> None:
        """Change each parameter by its gradient; None leaves one as it is."""
        raise NotImplementedError


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
        raise NotImplementedError

    def step(self, grads: Sequence[NDArray[np.float64] | None]) -> None:
        """Change each parameter; None leaves one and its velocity as they are."""
        raise NotImplementedError


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
        raise NotImplementedError

    def step(self, grads: Sequence[NDArray[np.float64] | None]) -> None:
        """Change each parameter; None leaves one, its averages and its count as they are."""
        raise NotImplementedError


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
        raise NotImplementedError

    def __add__(self, other: Value | float) -> Value:
        """Return the sum, as a new Value."""
        raise NotImplementedError

    def __radd__(self, other: float) -> Value:
        """Return number + Value; `sum` begins with 0 + its first."""
        raise NotImplementedError

    def __sub__(self, other: Value | float) -> Value:
        """Return the difference."""
        raise NotImplementedError

    def __rsub__(self, other: float) -> Value:
        """Return number - Value."""
        raise NotImplementedError

    def __mul__(self, other: Value | float) -> Value:
        """Return the product."""
        raise NotImplementedError

    def __rmul__(self, other: float) -> Value:
        """Return number * Value."""
        raise NotImplementedError

    def __truediv__(self, other: Value | float) -> Value:
        """Return the quotient."""
        raise NotImplementedError

    def __rtruediv__(self, other: float) -> Value:
        """Return number / Value."""
        raise NotImplementedError

    def __pow__(self, k: float) -> Value:
        """Return the power; k is a number."""
        raise NotImplementedError

    def __neg__(self) -> Value:
        """Return the negative."""
        raise NotImplementedError

    def tanh(self) -> Value:
        """Return the hyperbolic tangent, at ±1000 too."""
        raise NotImplementedError

    def relu(self) -> Value:
        """Return the positive part; its slope at 0 is 0."""
        raise NotImplementedError

    def exp(self) -> Value:
        """Return e to this power."""
        raise NotImplementedError

    def log(self) -> Value:
        """Return the natural logarithm of a positive number."""
        raise NotImplementedError

    def backward(self) -> None:
        """Add to `grad` of all that this was made of, and of this itself, what is theirs."""
        raise NotImplementedError
