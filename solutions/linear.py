"""The linear layer and a network of two of them, forwards and backwards with the chain rule."""

from __future__ import annotations

import numpy as np


def linear_forward(x: np.ndarray, weight: np.ndarray, bias: np.ndarray) -> np.ndarray:
    """Give every output its weighted sum of the inputs plus a bias.

    Parameters
    ----------
    x : ndarray of float64, shape (N, D)
        N samples with D inputs each.
    weight : ndarray of float64, shape (O, D)
        One row of D weights for each of the O outputs.
    bias : ndarray of float64, shape (O,)
        One number for each output.

    Returns
    -------
    out : ndarray of float64, shape (N, O)
        One row for each sample.

    Notes
    -----
    out[n, o] = bias[o] + sum over d of x[n, d] * weight[o, d].

    The weight is (outputs, inputs), as in PyTorch and in the W x of "GE 461". "95-865, week 6"
    writes np.dot(input, W): its W is (inputs, outputs), the transpose of this one.

    References
    ----------
    .. [1] Lecture "CIS 6930, week 7", Week 1 Deep Learning Basics > Deep-Learning Building Blocks:
       Starter Kit.
    .. [2] Lecture "95-865, week 6", Neural Net as Function Approximation.
    .. [3] Lecture "GE 461", Neural Networks > Linear score function.
    .. [4] PyTorch documentation, `torch.nn.Linear`.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.array([[1.0, 2.0]])
    >>> weight = np.array([[1.0, 1.0], [0.0, 3.0], [2.0, -1.0]])
    >>> linear_forward(x, weight, np.array([10.0, 0.0, 1.0]))
    array([[13.,  6.,  1.]])
    """
    return x @ weight.T + bias


def linear_backward(
    grad_out: np.ndarray,
    x: np.ndarray,
    weight: np.ndarray,
    bias: np.ndarray,  # noqa: ARG001 - the gradients do not depend on it, the signature names it
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Carry the gradient of the loss back through the linear layer.

    Parameters
    ----------
    grad_out : ndarray of float64, shape (N, O)
        Gradient dL/dout of the loss L with respect to the layer's output.
    x : ndarray of float64, shape (N, D)
        The samples of the forward pass.
    weight : ndarray of float64, shape (O, D)
        The weights of the forward pass.
    bias : ndarray of float64, shape (O,)
        The bias of the forward pass.

    Returns
    -------
    grad_x : ndarray of float64, shape (N, D)
        dL/dx.
    grad_weight : ndarray of float64, shape (O, D)
        dL/dweight.
    grad_bias : ndarray of float64, shape (O,)
        dL/dbias.

    Notes
    -----
    With g = grad_out,

    grad_x[n, d] = sum over o of g[n, o] * weight[o, d],

    grad_weight[o, d] = sum over n of g[n, o] * x[n, d],

    grad_bias[o] = sum over n of g[n, o].

    Gradients are summed over the batch, not averaged.

    References
    ----------
    .. [1] Lecture "CIS 6930, week 7", Week 1 Deep Learning Basics > Backpropagation from 3000 ft.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.array([[1.0, 2.0], [3.0, 4.0]])
    >>> weight = np.array([[5.0, 6.0]])
    >>> grad_out = np.array([[1.0], [10.0]])
    >>> grad_x, grad_weight, grad_bias = linear_backward(grad_out, x, weight, np.array([0.0]))
    >>> grad_x
    array([[ 5.,  6.],
           [50., 60.]])
    >>> grad_weight
    array([[31., 42.]])
    >>> grad_bias
    array([11.])
    """
    return grad_out @ weight, grad_out.T @ x, grad_out.sum(axis=0)


def _hidden_and_log_probs(
    x: np.ndarray, w1: np.ndarray, b1: np.ndarray, w2: np.ndarray, b2: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the hidden layer after the ReLU and the logarithms of the probabilities."""
    hidden = np.maximum(linear_forward(x, w1, b1), 0.0)
    logits = linear_forward(hidden, w2, b2)
    # Softmax does not notice a shift of the row, and exp of a number up to 0 cannot overflow.
    shifted = logits - logits.max(axis=1, keepdims=True)
    return hidden, shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


def two_layer_forward(
    x: np.ndarray, w1: np.ndarray, b1: np.ndarray, w2: np.ndarray, b2: np.ndarray
) -> np.ndarray:
    """Predict class probabilities with a hidden ReLU layer and a softmax.

    Parameters
    ----------
    x : ndarray of float64, shape (N, D)
        N samples with D inputs each.
    w1 : ndarray of float64, shape (M, D)
        Weights of the hidden layer with its M neurons.
    b1 : ndarray of float64, shape (M,)
        Bias of the hidden layer.
    w2 : ndarray of float64, shape (K, M)
        Weights of the output layer, one row for each of the K classes.
    b2 : ndarray of float64, shape (K,)
        Bias of the output layer.

    Returns
    -------
    probabilities : ndarray of float64, shape (N, K)
        Each row is between 0 and 1 and sums to 1.

    Notes
    -----
    probabilities = softmax(relu(x w1^T + b1) w2^T + b2), with relu(z) = max(0, z) and
    softmax(z)[k] = exp(z[k]) / (sum over j of exp(z[j])) along each row. Logits z of +1000 and
    -1000 give finite, right probabilities. In "95-865, week 6" both matrices are transposed:
    np.dot(input, W1).

    References
    ----------
    .. [1] Lecture "95-865, week 6", Neural Net as Function Approximation.
    .. [2] Lecture "GE 461", Neural Networks > 2-layer Neural Network.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.array([[1.0], [-2.0]])
    >>> w1, b1 = np.array([[1.0], [-1.0]]), np.array([0.0, 0.0])
    >>> w2, b2 = np.array([[0.0, 1000.0], [0.0, 0.0]]), np.array([0.0, 0.0])
    >>> two_layer_forward(x, w1, b1, w2, b2)
    array([[0.5, 0.5],
           [1. , 0. ]])
    """
    _, log_probs = _hidden_and_log_probs(x, w1, b1, w2, b2)
    return np.exp(log_probs)


def two_layer_backward(
    x: np.ndarray,
    w1: np.ndarray,
    b1: np.ndarray,
    w2: np.ndarray,
    b2: np.ndarray,
    targets: np.ndarray,
) -> tuple[float, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Compute the loss of the two-layer network and its gradients by the chain rule.

    Parameters
    ----------
    x : ndarray of float64, shape (N, D)
        N samples with D inputs each.
    w1 : ndarray of float64, shape (M, D)
        Weights of the hidden layer.
    b1 : ndarray of float64, shape (M,)
        Bias of the hidden layer.
    w2 : ndarray of float64, shape (K, M)
        Weights of the output layer.
    b2 : ndarray of float64, shape (K,)
        Bias of the output layer.
    targets : ndarray of int64, shape (N,)
        The right class of each sample, from 0 to K - 1.

    Returns
    -------
    loss : float
        Mean cross-entropy over the batch.
    grad_w1 : ndarray of float64, shape (M, D)
        Gradient of the loss with respect to w1.
    grad_b1 : ndarray of float64, shape (M,)
        Gradient of the loss with respect to b1.
    grad_w2 : ndarray of float64, shape (K, M)
        Gradient of the loss with respect to w2.
    grad_b2 : ndarray of float64, shape (K,)
        Gradient of the loss with respect to b2.

    Notes
    -----
    loss = mean over n of -log(probabilities[n, targets[n]]), with the probabilities of
    `two_layer_forward`. Its gradient with respect to the logits is (probability - 1) / N in the
    column of the target and probability / N in the others. The ReLU has gradient 0 where its
    input is exactly 0. Logits of +1000 and -1000 give a finite, right loss.

    References
    ----------
    .. [1] Lecture "CIS 6930, week 7", Week 1 Deep Learning Basics > Backpropagation from 3000 ft.
    .. [2] Lecture "95-865, week 6", Neural Net as Function Approximation.
    .. [3] Lecture "GE 461", Neural Networks > 2-layer Neural Network.
    .. [4] Rumelhart, Hinton & Williams 1986, "Learning representations by back-propagating
       errors".

    Examples
    --------
    >>> import numpy as np
    >>> x = np.array([[2.0]])
    >>> w1, b1 = np.array([[1.0], [-1.0]]), np.array([0.0, 3.0])
    >>> w2, b2 = np.array([[4.0, 0.0], [0.0, 8.0]]), np.array([0.0, 0.0])
    >>> loss, grad_w1, grad_b1, grad_w2, grad_b2 = two_layer_backward(
    ...     x, w1, b1, w2, b2, np.array([1])
    ... )
    >>> round(float(loss), 4)  # log 2: the logits are 8 and 8
    0.6931
    >>> grad_w2
    array([[ 1. ,  0.5],
           [-1. , -0.5]])
    >>> grad_w1
    array([[ 4.],
           [-8.]])
    """
    rows = np.arange(len(targets))
    hidden, log_probs = _hidden_and_log_probs(x, w1, b1, w2, b2)
    loss = float(-log_probs[rows, targets].mean())

    grad_logits = np.exp(log_probs)
    grad_logits[rows, targets] -= 1.0
    grad_logits /= len(targets)
    grad_hidden, grad_w2, grad_b2 = linear_backward(grad_logits, hidden, w2, b2)
    # After the ReLU a neuron is above 0 exactly when it was so before.
    grad_pre_activation = np.where(hidden > 0.0, grad_hidden, 0.0)
    _, grad_w1, grad_b1 = linear_backward(grad_pre_activation, x, w1, b1)
    return loss, grad_w1, grad_b1, grad_w2, grad_b2
