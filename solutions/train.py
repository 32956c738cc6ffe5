"""Training: put the parts together, measure what comes out, know when to stop."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def identity_init(n: int) -> np.ndarray:
    """Begin with weights that hand everything on as it is.

    Parameters
    ----------
    n : int
        How many numbers go in, and come out; at least 1.

    Returns
    -------
    weight : ndarray of float64, shape (n, n)
        1 from each number to itself, 0 from each to all others.

    Notes
    -----
    weight[i, j] = 1 where i = j, else 0, so that weight @ h = h. A recurrent network whose hidden
    weights begin so, and its biases as zeros, neither shrinks nor blows up what it remembers.

    References
    ----------
    .. [1] Lecture "GE 461", Recurrent Nets > Vanishing gradient problem summary.
    .. [2] Le, Jaitly & Hinton 2015, "A Simple Way to Initialize Recurrent Networks of Rectified
       Linear Units".

    Examples
    --------
    >>> identity_init(2)
    array([[1., 0.],
           [0., 1.]])
    """
    return np.eye(n)


def accuracy(probabilities: np.ndarray, targets: np.ndarray) -> float:
    """Count how often the likeliest class is the right one.

    Parameters
    ----------
    probabilities : ndarray of float64, shape (N, K)
        For each sample the probabilities of the K classes.
    targets : ndarray of int64, shape (N,)
        The right class of each sample, from 0 to K - 1.

    Returns
    -------
    share : float
        From 0.0, none is right, to 1.0, all are.

    Notes
    -----
    The class that is predicted is the one with the largest probability; among equal ones it is
    the first. No lecture names it: it is what the probabilities of `two_layer_forward` are for.

    References
    ----------
    .. [1] scikit-learn documentation, `sklearn.metrics.accuracy_score`.

    Examples
    --------
    >>> import numpy as np
    >>> probabilities = np.array([[0.7, 0.3], [0.4, 0.6], [0.5, 0.5]])
    >>> accuracy(probabilities, np.array([0, 0, 0]))  # the third is a tie: class 0 comes first
    0.6666666666666666
    """
    return float((probabilities.argmax(axis=1) == targets).mean())


def confusion_matrix(predictions: np.ndarray, targets: np.ndarray, num_classes: int) -> np.ndarray:
    """Count which class was taken for which.

    Parameters
    ----------
    predictions : ndarray of int64, shape (N,)
        The class that was predicted for each sample, from 0 to K - 1.
    targets : ndarray of int64, shape (N,)
        The right class of each sample, from 0 to K - 1.
    num_classes : int
        How many classes there are, K; not all of them need to occur.

    Returns
    -------
    counts : ndarray of int64, shape (K, K)
        A row for each right class, a column for each predicted one.

    Notes
    -----
    counts[t, p] = number of samples n with targets[n] = t and predictions[n] = p. What is right
    stands on the diagonal, and the whole sums to N. No lecture names it: it shows what `accuracy`
    hides. Some texts have the predicted classes in the rows.

    References
    ----------
    .. [1] scikit-learn documentation, `sklearn.metrics.confusion_matrix`.
    .. [2] Kohavi & Provost 1998, "Glossary of Terms", on the confusion matrix.

    Examples
    --------
    >>> import numpy as np
    >>> confusion_matrix(np.array([0, 2, 2, 2]), np.array([0, 2, 2, 1]), 3)
    array([[1, 0, 0],
           [0, 0, 1],
           [0, 0, 2]])
    """
    counts = np.zeros((num_classes, num_classes), dtype=np.int64)
    np.add.at(counts, (targets, predictions), 1)
    return counts


def init_scale(fan_in: int, fan_out: int, mode: str) -> float:
    """Choose how widely the first random weights of a layer are spread.

    Parameters
    ----------
    fan_in : int
        How many inputs a neuron adds up; at least 1.
    fan_out : int
        How many neurons use what one gives; at least 1.
    mode : str
        "xavier", for layers with a tanh or a sigmoid, or "he", for layers with a ReLU.

    Returns
    -------
    std : float
        The standard deviation of the weights.

    Raises
    ------
    ValueError
        The mode is another one, or a fan is below 1, whichever mode it is.

    Notes
    -----
    "xavier": std = sqrt(2 / (fan_in + fan_out)), which keeps the size of signals and gradients.

    "he": std = sqrt(2 / fan_in), since a ReLU lets half of what it gets through.

    The lecture asks for a proper start; these two are the usual ones. Only fan_in counts for "he",
    as in [3] and in torch.

    References
    ----------
    .. [1] Lecture "GE 461", Recurrent Nets > Vanishing gradient problem summary.
    .. [2] Glorot & Bengio 2010, "Understanding the difficulty of training deep feedforward neural
       networks".
    .. [3] He, Zhang, Ren & Sun 2015, "Delving Deep into Rectifiers".

    Examples
    --------
    >>> init_scale(30, 20, "xavier")
    0.2
    >>> init_scale(50, 20, "he")
    0.2
    """
    if fan_in < 1 or fan_out < 1:
        raise ValueError("a fan below 1")
    if mode == "xavier":
        return float(np.sqrt(2.0 / (fan_in + fan_out)))
    if mode == "he":
        return float(np.sqrt(2.0 / fan_in))
    raise ValueError("a mode that is neither xavier nor he")


def early_stopping(losses: Sequence[float], patience: int) -> int:
    """Find the epoch whose weights are kept when training stops in time.

    Parameters
    ----------
    losses : list of float
        The loss on held-out samples after each epoch, as far as training could go on; at least
        one.
    patience : int
        How many epochs in a row without a new lowest loss end the training; at least 1.

    Returns
    -------
    epoch : int
        The epoch, counted from 0, with the lowest loss until then; the first of equal ones.

    Notes
    -----
    A loss is a new lowest one where it is strictly below all before it. What comes after the end
    of the training was never computed, however low it is in the list. The lecture asks which number
    of epochs is best; this is one answer.

    References
    ----------
    .. [1] Lecture "95-865, week 6", Some other deep learning topics > Mini-Batch Gradient Descent.
    .. [2] Prechelt 1998, "Early Stopping - But When?".

    Examples
    --------
    >>> early_stopping([3.0, 2.0, 2.5, 2.0, 1.0], 2)  # it ends after epoch 3
    1
    >>> early_stopping([3.0, 2.0, 2.5, 2.0, 1.0], 3)
    4
    """
    best = 0
    for epoch, loss in enumerate(losses):
        if loss < losses[best]:
            best = epoch
        elif epoch - best >= patience:
            break
    return best


def numerical_gradient(
    f: Callable[[np.ndarray], float], x: np.ndarray, eps: float = 1e-6
) -> np.ndarray:
    """Find the slope of any function by trying: a check for every backward pass.

    Parameters
    ----------
    f : callable
        Takes an array like x and returns one number.
    x : ndarray of float64, any shape
        Where the slope is wanted. It is as it was when the function returns.
    eps : float, default 1e-6
        How far a number is moved to each side; above 0.

    Returns
    -------
    gradient : ndarray of float64, like x
        How fast f grows with each number of x.

    Notes
    -----
    gradient[i] = (f(x with x[i] + eps) - f(x with x[i] - eps)) / (2 eps), one number after the
    other, all others as they are. These central differences are exact for quadratic functions,
    whatever eps is; those to one side alone are not. Whoever moves x itself keeps the number and
    puts it back: x + eps - eps is not x to the last bit.

    References
    ----------
    .. [1] Lecture "CIS 6930, week 7", Week 1 Deep Learning Basics > Differentiability is Key!.

    Examples
    --------
    >>> import numpy as np
    >>> numerical_gradient(lambda x: (x * x).sum(), np.array([1.0, -3.0]), eps=0.5)
    array([ 2., -6.])
    """
    gradient = np.empty(x.shape)
    moved = x.copy()
    for index in np.ndindex(x.shape):
        moved[index] = x[index] + eps
        above = f(moved)
        moved[index] = x[index] - eps
        gradient[index] = (above - f(moved)) / (2.0 * eps)
        moved[index] = x[index]
    return gradient


def _loss_and_gradients(
    x: np.ndarray, targets: np.ndarray, params: Sequence[np.ndarray]
) -> tuple[float, tuple[np.ndarray, ...]]:
    """Return the mean cross-entropy of the two-layer network and the gradients of its weights."""
    w1, b1, w2, b2 = params
    hidden = np.maximum(x @ w1.T + b1, 0.0)
    logits = hidden @ w2.T + b2
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_probs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    right = np.arange(len(targets)), targets

    grad_logits = np.exp(log_probs)
    grad_logits[right] -= 1.0
    grad_logits /= len(targets)
    grad_hidden = np.where(hidden > 0.0, grad_logits @ w2, 0.0)
    first = grad_hidden.T @ x, grad_hidden.sum(axis=0)
    second = grad_logits.T @ hidden, grad_logits.sum(axis=0)
    return float(-log_probs[right].mean()), (*first, *second)


def sgd_epoch(
    x: np.ndarray,
    targets: np.ndarray,
    params: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray],
    batch_size: int,
    order: np.ndarray,
    lr: float,
) -> tuple[tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray], list[float]]:
    """Train the two-layer network for one epoch: a step of gradient descent for each batch.

    Parameters
    ----------
    x : ndarray of float64, shape (N, D)
        All samples.
    targets : ndarray of int64, shape (N,)
        Their classes, from 0 to K - 1.
    params : tuple of ndarray of float64
        (w1, b1, w2, b2) of `two_layer_forward`, of shapes (M, D), (M,), (K, M) and (K,).
    batch_size : int
        How many samples a batch has; the last one may have fewer.
    order : ndarray of int64, shape (N,)
        The sample numbers in the order in which they are visited.
    lr : float
        The learning rate.

    Returns
    -------
    params : tuple of ndarray of float64
        (w1, b1, w2, b2) after the last step: new arrays, the given ones are as they were.
    losses : list of float
        The mean cross-entropy of each batch, before its step.

    Notes
    -----
    A batch is the next `batch_size` entries of `order`. With the gradients of the batch's mean
    loss, as of `two_layer_backward`, every parameter becomes p - lr * dL/dp, and the next batch
    sees the new ones.

    References
    ----------
    .. [1] Lecture "CIS 6930, week 7", Week 1 Deep Learning Basics > How Mini-batch Sampling
       Works?.
    .. [2] Lecture "95-865, week 6", Some other deep learning topics > Mini-Batch Gradient Descent.
    .. [3] Lecture "GE 461", Parameter Updates > Training a neural network, main loop.

    Examples
    --------
    >>> import numpy as np
    >>> x, targets = np.array([[1.0], [2.0]]), np.array([0, 0])
    >>> start = np.array([[1.0]]), np.array([0.0]), np.array([[0.0], [0.0]]), np.array([0.0, 0.0])
    >>> params, losses = sgd_epoch(x, targets, start, 1, np.array([0, 1]), 1.0)
    >>> [round(loss, 4) for loss in losses]  # log 2 first: both classes are as likely
    [0.6931, 0.0486]
    """
    losses = []
    for start in range(0, len(order), batch_size):
        batch = order[start : start + batch_size]
        loss, gradients = _loss_and_gradients(x[batch], targets[batch], params)
        losses.append(loss)
        params = tuple(p - lr * gradient for p, gradient in zip(params, gradients, strict=True))
    return params, losses
