"""Activation functions, their gradients, and the softmax."""

from __future__ import annotations

import numpy as np


def relu(x: np.ndarray) -> np.ndarray:
    """Keep the positive numbers and replace the others by 0.

    Parameters
    ----------
    x : ndarray of float64, any shape
        Pre-activations.

    Returns
    -------
    out : ndarray of float64, shape of x
        Numbers of at least 0.

    Notes
    -----
    out = max(0, x).

    References
    ----------
    .. [1] Lecture "CIS 6930, week 7", Week 1 Deep Learning Basics > Deep-Learning Building Blocks:
       Starter Kit.
    .. [2] Lecture "95-865, week 6", Neural Net as Function Approximation.
    .. [3] Lecture "GE 461", Neural Networks > ReLU (Rectified Linear Unit).
    .. [4] Lecture "Data Science Decal", Convolutional Neural Networks > CNN Layers: Activation.
    .. [5] Nair & Hinton 2010, "Rectified linear units improve restricted Boltzmann machines".

    Examples
    --------
    >>> import numpy as np
    >>> relu(np.array([-2.0, 0.0, 3.0]))
    array([0., 0., 3.])
    """
    raise NotImplementedError


def relu_backward(grad_out: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Carry the gradient of the loss back through the ReLU.

    Parameters
    ----------
    grad_out : ndarray of float64, shape of x
        Gradient dL/dout of the loss L with respect to the ReLU's output.
    x : ndarray of float64, any shape
        The pre-activations of the forward pass.

    Returns
    -------
    grad_x : ndarray of float64, shape of x
        dL/dx.

    Notes
    -----
    The derivative is 1 for x > 0 and 0 for x < 0. At x = 0 it is taken to be 0.

    References
    ----------
    .. [1] Lecture "CIS 6930, week 7", Week 1 Deep Learning Basics > Deep-Learning Building Blocks:
       Starter Kit.
    .. [2] Lecture "95-865, week 6", Neural Net as Function Approximation.
    .. [3] Lecture "GE 461", Neural Networks > ReLU (Rectified Linear Unit).
    .. [4] Lecture "Data Science Decal", Convolutional Neural Networks > CNN Layers: Activation.

    Examples
    --------
    >>> import numpy as np
    >>> relu_backward(np.array([5.0, 6.0, 7.0]), np.array([-2.0, 0.0, 3.0]))
    array([0., 0., 7.])
    """
    raise NotImplementedError


def leaky_relu(x: np.ndarray, negative_slope: float = 0.01) -> np.ndarray:
    """Keep the positive numbers and shrink the negative ones.

    Parameters
    ----------
    x : ndarray of float64, any shape
        Pre-activations.
    negative_slope : float, default 0.01
        Factor for the negative numbers, from 0 up to but not including 1.

    Returns
    -------
    out : ndarray of float64, shape of x
        Numbers with the signs of x.

    Notes
    -----
    out = x for x > 0 and negative_slope * x otherwise.

    References
    ----------
    .. [1] Lecture "CIS 6930, week 7", Week 1 Deep Learning Basics > Deep-Learning Building Blocks:
       Starter Kit.
    .. [2] Lecture "GE 461", Neural Networks > Leaky ReLU.
    .. [3] Maas, Hannun & Ng 2013, "Rectifier nonlinearities improve neural network acoustic
       models".

    Examples
    --------
    >>> import numpy as np
    >>> leaky_relu(np.array([-2.0, 0.0, 3.0]), negative_slope=0.25)
    array([-0.5,  0. ,  3. ])
    """
    raise NotImplementedError


def leaky_relu_backward(
    grad_out: np.ndarray, x: np.ndarray, negative_slope: float = 0.01
) -> np.ndarray:
    """Carry the gradient of the loss back through the leaky ReLU.

    Parameters
    ----------
    grad_out : ndarray of float64, shape of x
        Gradient dL/dout of the loss L with respect to the leaky ReLU's output.
    x : ndarray of float64, any shape
        The pre-activations of the forward pass.
    negative_slope : float, default 0.01
        The slope of the forward pass, from 0 up to but not including 1.

    Returns
    -------
    grad_x : ndarray of float64, shape of x
        dL/dx.

    Notes
    -----
    The derivative is 1 for x > 0 and negative_slope for x < 0. At x = 0 it is taken to be
    negative_slope.

    References
    ----------
    .. [1] Lecture "CIS 6930, week 7", Week 1 Deep Learning Basics > Deep-Learning Building Blocks:
       Starter Kit.
    .. [2] Lecture "GE 461", Neural Networks > Leaky ReLU.

    Examples
    --------
    >>> import numpy as np
    >>> leaky_relu_backward(np.array([4.0, 4.0, 4.0]), np.array([-2.0, 0.0, 3.0]), 0.25)
    array([1., 1., 4.])
    """
    raise NotImplementedError


def prelu_backward(grad_out: np.ndarray, x: np.ndarray, alpha: float) -> tuple[np.ndarray, float]:
    """Carry the gradient back through a leaky ReLU whose slope is learned.

    Parameters
    ----------
    grad_out : ndarray of float64, shape of x
        Gradient dL/dout of the loss L with respect to the PReLU's output.
    x : ndarray of float64, any shape
        The pre-activations of the forward pass.
    alpha : float
        The slope for negative numbers, one for all elements.

    Returns
    -------
    grad_x : ndarray of float64, shape of x
        dL/dx.
    grad_alpha : float
        dL/dalpha.

    Notes
    -----
    The forward pass is out = x for x > 0 and alpha * x otherwise. At x = 0 the derivative with
    respect to x is taken to be alpha. Every element uses the same alpha, so that each one adds
    its part to grad_alpha.

    References
    ----------
    .. [1] Lecture "GE 461", Neural Networks > Parametric Rectifier (PReLU).
    .. [2] He, Zhang, Ren & Sun 2015, "Delving deep into rectifiers: surpassing human-level
       performance on ImageNet classification".
    .. [3] PyTorch documentation, `torch.nn.PReLU`.

    Examples
    --------
    >>> import numpy as np
    >>> grad_x, grad_alpha = prelu_backward(np.array([4.0, 4.0]), np.array([-2.0, 3.0]), 0.5)
    >>> grad_x
    array([2., 4.])
    >>> float(grad_alpha)
    -8.0
    """
    raise NotImplementedError


def tanh(x: np.ndarray) -> np.ndarray:
    """Squash every number into the range from -1 to 1.

    Parameters
    ----------
    x : ndarray of float64, any shape
        Pre-activations of any size, such as -1000 and 1000.

    Returns
    -------
    out : ndarray of float64, shape of x
        Finite numbers from -1 to 1.

    Notes
    -----
    out = (exp(x) - exp(-x)) / (exp(x) + exp(-x)). Beware: exp(1000) is inf in float64. NumPy's
    own function is allowed.

    References
    ----------
    .. [1] Lecture "CIS 6930, week 7", Week 1 Deep Learning Basics > Deep-Learning Building Blocks:
       Starter Kit.
    .. [2] Lecture "GE 461", Neural Networks > tanh(x).
    .. [3] PyTorch documentation, `torch.nn.Tanh`.

    Examples
    --------
    >>> import numpy as np
    >>> tanh(np.array([0.0, 1000.0, -1000.0]))
    array([ 0.,  1., -1.])
    """
    raise NotImplementedError


def tanh_backward(grad_out: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Carry the gradient of the loss back through the tanh.

    Parameters
    ----------
    grad_out : ndarray of float64, shape of x
        Gradient dL/dout of the loss L with respect to the tanh's output.
    x : ndarray of float64, any shape
        The pre-activations of the forward pass (not its output).

    Returns
    -------
    grad_x : ndarray of float64, shape of x
        dL/dx.

    Notes
    -----
    The derivative of tanh(x) is 1 - tanh(x)^2: 1 at x = 0, and nearly 0 where it is saturated.

    References
    ----------
    .. [1] Lecture "GE 461", Neural Networks > tanh(x).

    Examples
    --------
    >>> import numpy as np
    >>> tanh_backward(np.array([2.0, 2.0]), np.array([0.0, -1000.0]))
    array([2., 0.])
    """
    raise NotImplementedError


def sigmoid(x: np.ndarray) -> np.ndarray:
    """Squash every number into the range from 0 to 1.

    Parameters
    ----------
    x : ndarray of float64, any shape
        Pre-activations of any size, such as -1000 and 1000.

    Returns
    -------
    out : ndarray of float64, shape of x
        Finite numbers from 0 to 1.

    Notes
    -----
    out = 1 / (1 + exp(-x)). Beware: exp(1000) is inf in float64, and inf / inf is nan.

    References
    ----------
    .. [1] Lecture "CIS 6930, week 7", Week 1 Deep Learning Basics > Deep-Learning Building Blocks:
       Starter Kit.
    .. [2] Lecture "GE 461", Neural Networks > Sigmoid.
    .. [3] PyTorch documentation, `torch.nn.Sigmoid`.

    Examples
    --------
    >>> import numpy as np
    >>> sigmoid(np.array([0.0, 1000.0, -1000.0]))
    array([0.5, 1. , 0. ])
    """
    raise NotImplementedError


def sigmoid_backward(grad_out: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Carry the gradient of the loss back through the sigmoid.

    Parameters
    ----------
    grad_out : ndarray of float64, shape of x
        Gradient dL/dout of the loss L with respect to the sigmoid's output.
    x : ndarray of float64, any shape
        The pre-activations of the forward pass (not its output).

    Returns
    -------
    grad_x : ndarray of float64, shape of x
        dL/dx.

    Notes
    -----
    With s = 1 / (1 + exp(-x)), the derivative ds/dx is s * (1 - s): at most 1/4, and nearly 0
    where the sigmoid is saturated.

    References
    ----------
    .. [1] Lecture "GE 461", Neural Networks > Sigmoid.

    Examples
    --------
    >>> import numpy as np
    >>> sigmoid_backward(np.array([2.0, 2.0]), np.array([0.0, 1000.0]))
    array([0.5, 0. ])
    """
    raise NotImplementedError


def maxout(
    x: np.ndarray, w1: np.ndarray, b1: np.ndarray, w2: np.ndarray, b2: np.ndarray
) -> np.ndarray:
    """Let every neuron answer with the larger of its two linear functions.

    Parameters
    ----------
    x : ndarray of float64, shape (N, D)
        N samples with D inputs each.
    w1 : ndarray of float64, shape (K, D)
        Weights of the first linear function of each of the K neurons.
    b1 : ndarray of float64, shape (K,)
        Bias of the first.
    w2 : ndarray of float64, shape (K, D)
        Weights of the second.
    b2 : ndarray of float64, shape (K,)
        Bias of the second.

    Returns
    -------
    out : ndarray of float64, shape (N, K)
        One row for each sample.

    Notes
    -----
    out = max(x w1^T + b1, x w2^T + b2), element by element.

    References
    ----------
    .. [1] Lecture "GE 461", Neural Networks > Maxout "Neuron".
    .. [2] Goodfellow, Warde-Farley, Mirza, Courville & Bengio 2013, "Maxout networks".

    Examples
    --------
    >>> import numpy as np
    >>> x = np.array([[2.0], [-3.0]])
    >>> maxout(x, np.array([[1.0]]), np.array([0.5]), np.array([[-1.0]]), np.array([0.0]))
    array([[2.5],
           [3. ]])
    """
    raise NotImplementedError


def softmax(x: np.ndarray) -> np.ndarray:
    """Turn the numbers along the last axis into probabilities.

    Parameters
    ----------
    x : ndarray of float64, any shape with at least one axis
        Logits of any size, such as -10000 and 10000.

    Returns
    -------
    probabilities : ndarray of float64, shape of x
        Numbers from 0 to 1 that sum to 1 along the last axis.

    Notes
    -----
    probabilities[..., k] = exp(x[..., k]) / (sum over j of exp(x[..., j])). Adding one number to
    all logits along the last axis changes nothing.

    References
    ----------
    .. [1] Lecture "95-865, week 6", Neural Net as Function Approximation.
    .. [2] PyTorch documentation, `torch.nn.Softmax`.

    Examples
    --------
    >>> import numpy as np
    >>> softmax(np.array([[0.0, 0.0], [10000.0, -10000.0]]))
    array([[0.5, 0.5],
           [1. , 0. ]])
    """
    raise NotImplementedError
