"""Loss functions: how wrong a prediction is, as one number, and which way to change the scores."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence


def mse_loss(pred: np.ndarray, target: np.ndarray) -> float:
    """Average the squared errors.

    Parameters
    ----------
    pred : ndarray of float64, any shape
        Predictions.
    target : ndarray of float64, shape of pred
        What they should have been.

    Returns
    -------
    loss : float
        Mean over all elements, at least 0.

    Notes
    -----
    loss = mean((pred - target)^2).

    References
    ----------
    .. [1] Lecture "GE 461", Loss Functions > Mean Square Error/Quadratic Loss/L2 Loss.
    .. [2] PyTorch documentation, `torch.nn.MSELoss`.

    Examples
    --------
    >>> import numpy as np
    >>> float(mse_loss(np.array([1.0, 4.0]), np.array([2.0, 1.0])))
    5.0
    """
    raise NotImplementedError


def mae_loss(pred: np.ndarray, target: np.ndarray) -> float:
    """Average the absolute errors.

    Parameters
    ----------
    pred : ndarray of float64, any shape
        Predictions.
    target : ndarray of float64, shape of pred
        What they should have been.

    Returns
    -------
    loss : float
        Mean over all elements, at least 0.

    Notes
    -----
    loss = mean(|pred - target|).

    References
    ----------
    .. [1] Lecture "GE 461", Loss Functions > Mean Absolute Error/L1 Loss.
    .. [2] PyTorch documentation, `torch.nn.L1Loss`.

    Examples
    --------
    >>> import numpy as np
    >>> float(mae_loss(np.array([1.0, 4.0]), np.array([2.0, 1.0])))
    2.0
    """
    raise NotImplementedError


def mean_bias_error(pred: np.ndarray, target: np.ndarray) -> float:
    """Average the errors with their signs, so that opposite ones cancel.

    Parameters
    ----------
    pred : ndarray of float64, any shape
        Predictions.
    target : ndarray of float64, shape of pred
        What they should have been.

    Returns
    -------
    bias : float
        Mean over all elements; positive when the predictions are too low on average.

    Notes
    -----
    bias = mean(target - pred).

    References
    ----------
    .. [1] Lecture "GE 461", Loss Functions > Mean Bias Error.

    Examples
    --------
    >>> import numpy as np
    >>> float(mean_bias_error(np.array([1.0, 4.0]), np.array([2.0, 1.0])))
    -1.0
    """
    raise NotImplementedError


def l2_penalty(weight: np.ndarray) -> float:
    """Sum the squares of the weights.

    Parameters
    ----------
    weight : ndarray of float64, any shape
        Weights.

    Returns
    -------
    penalty : float
        At least 0.

    Notes
    -----
    penalty = sum of w^2 over all weights, without a factor and without a root.

    References
    ----------
    .. [1] Lecture "GE 461", Loss Functions > L2 regularization: motivation.

    Examples
    --------
    >>> import numpy as np
    >>> float(l2_penalty(np.array([1.0, 0.0, 0.0, 0.0])))
    1.0
    >>> float(l2_penalty(np.array([0.25, 0.25, 0.25, 0.25])))
    0.25
    """
    raise NotImplementedError


def l1_penalty(weight: np.ndarray) -> float:
    """Sum the absolute values of the weights.

    Parameters
    ----------
    weight : ndarray of float64, any shape
        Weights.

    Returns
    -------
    penalty : float
        At least 0.

    Notes
    -----
    penalty = sum of |w| over all weights.

    References
    ----------
    .. [1] Lecture "GE 461", Loss Functions > Some reg. types.

    Examples
    --------
    >>> import numpy as np
    >>> float(l1_penalty(np.array([[1.0, -2.0], [0.0, 0.5]])))
    3.5
    """
    raise NotImplementedError


def elastic_net(weight: np.ndarray, beta: float) -> float:
    """Mix the squared and the absolute penalty.

    Parameters
    ----------
    weight : ndarray of float64, any shape
        Weights.
    beta : float
        Factor of the squared part; the absolute part has factor 1.

    Returns
    -------
    penalty : float
        One number for all weights.

    Notes
    -----
    penalty = sum of (beta * w^2 + |w|) over all weights.

    References
    ----------
    .. [1] Lecture "GE 461", Loss Functions > Some reg. types.

    Examples
    --------
    >>> import numpy as np
    >>> float(elastic_net(np.array([2.0, -1.0]), 0.5))
    5.5
    """
    raise NotImplementedError


def multi_task_loss(losses: Sequence[float], weights: Sequence[float]) -> float:
    """Add the losses of several tasks, each with its weight.

    Parameters
    ----------
    losses : sequence of float, length n
        One loss for each task.
    weights : sequence of float, length n
        One weight for each task.

    Returns
    -------
    loss : float
        The weighted sum.

    Raises
    ------
    ValueError
        When there are not as many weights as losses.

    Notes
    -----
    loss = sum over i of weights[i] * losses[i].

    References
    ----------
    .. [1] Lecture "GE 461", Loss Functions > Multi-task Learning.

    Examples
    --------
    >>> float(multi_task_loss([1.0, 4.0], [0.5, 0.25]))
    1.5
    """
    raise NotImplementedError


def cross_entropy(logits: np.ndarray, targets: np.ndarray) -> float:
    """Measure how little probability the scores give to the right classes.

    Parameters
    ----------
    logits : ndarray of float64, shape (N, K)
        Scores of K classes for N samples, before the softmax. Any size up to about 1e4.
    targets : ndarray of int64, shape (N,)
        The right class of each sample, from 0 to K - 1.

    Returns
    -------
    loss : float
        Mean over the batch, in nats (natural logarithm), at least 0.

    Notes
    -----
    loss = mean over n of -log(p[n, targets[n]]) with p[n, k] = exp(logits[n, k]) / (sum over j of
    exp(logits[n, j])). A target whose probability is too small for a float still has a finite
    loss: logits 0 and -10000, with the second class right, cost 10000.

    References
    ----------
    .. [1] Lecture "95-865, week 6", Image analysis with Convolutional Neural Nets > Handwritten
       Digit Recognition.
    .. [2] Lecture "GE 461", Loss Functions > Cross Entropy Loss/Negative Log Likelihood.
    .. [3] PyTorch documentation, `torch.nn.CrossEntropyLoss`.

    Examples
    --------
    >>> import numpy as np
    >>> round(float(cross_entropy(np.array([[7.0, 7.0]]), np.array([0]))), 4)  # log 2
    0.6931
    >>> float(cross_entropy(np.array([[0.0, -10000.0]]), np.array([1])))
    10000.0
    """
    raise NotImplementedError


def cross_entropy_backward(logits: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """Compute the gradient of the cross-entropy with respect to the logits.

    Parameters
    ----------
    logits : ndarray of float64, shape (N, K)
        Scores of K classes for N samples, before the softmax. Any size up to about 1e4.
    targets : ndarray of int64, shape (N,)
        The right class of each sample, from 0 to K - 1.

    Returns
    -------
    grad_logits : ndarray of float64, shape (N, K)
        Gradient of the mean loss over the batch.

    Notes
    -----
    grad_logits[n, k] = (p[n, k] - 1[k = targets[n]]) / N, with p the softmax of each row.

    References
    ----------
    .. [1] Lecture "95-865, week 6", Image analysis with Convolutional Neural Nets > Handwritten
       Digit Recognition.
    .. [2] Lecture "GE 461", Loss Functions > Cross Entropy Loss/Negative Log Likelihood.
    .. [3] PyTorch documentation, `torch.nn.CrossEntropyLoss`.

    Examples
    --------
    >>> import numpy as np
    >>> cross_entropy_backward(np.array([[7.0, 7.0], [900.0, -900.0]]), np.array([0, 1]))
    array([[-0.25,  0.25],
           [ 0.5 , -0.5 ]])
    """
    raise NotImplementedError


def hinge_loss(scores: np.ndarray, targets: np.ndarray) -> float:
    """Charge every wrong class that is not beaten by a margin of 1.

    Parameters
    ----------
    scores : ndarray of float64, shape (N, K)
        Scores of K classes for N samples.
    targets : ndarray of int64, shape (N,)
        The right class y of each sample, from 0 to K - 1.

    Returns
    -------
    loss : float
        Sum over the wrong classes, mean over the batch, at least 0.

    Notes
    -----
    loss = mean over the samples of (sum over j != y of max(0, s_j - s_y + 1)). With one class
    there is nothing to beat and the loss is 0.

    References
    ----------
    .. [1] Lecture "GE 461", Loss Functions > Hinge Loss/Multi class SVM Loss.
    .. [2] Weston & Watkins 1999, "Support vector machines for multi-class pattern recognition".

    Examples
    --------
    >>> import numpy as np
    >>> float(hinge_loss(np.array([[3.0, 5.0, 2.5], [0.0, 4.0, 1.0]]), np.array([0, 1])))
    1.75
    """
    raise NotImplementedError


def hinge_loss_backward(scores: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """Compute the gradient of the hinge loss with respect to the scores.

    Parameters
    ----------
    scores : ndarray of float64, shape (N, K)
        Scores of K classes for N samples.
    targets : ndarray of int64, shape (N,)
        The right class y of each sample, from 0 to K - 1.

    Returns
    -------
    grad_scores : ndarray of float64, shape (N, K)
        Gradient of the mean loss over the batch.

    Notes
    -----
    A margin is s_j - s_y + 1 for a wrong class j. Each margin above 0 contributes 1/N to the
    gradient of s_j and -1/N to that of s_y. A margin of exactly 0 contributes nothing.

    References
    ----------
    .. [1] Lecture "GE 461", Loss Functions > Hinge Loss/Multi class SVM Loss.
    .. [2] Weston & Watkins 1999, "Support vector machines for multi-class pattern recognition".

    Examples
    --------
    >>> import numpy as np
    >>> hinge_loss_backward(np.array([[3.0, 5.0, 2.5], [1.0, 4.0, 3.5]]), np.array([0, 1]))
    array([[-1. ,  0.5,  0.5],
           [ 0. , -0.5,  0.5]])
    """
    raise NotImplementedError


def contrastive_loss(
    anchor: np.ndarray, positives: np.ndarray, negatives: np.ndarray, weight: np.ndarray
) -> float:
    """Reward what belongs to the anchor for being near and the rest for being far.

    Parameters
    ----------
    anchor : ndarray of float64, shape (D,)
        The sample a to compare with.
    positives : ndarray of float64, shape (P, D)
        Samples p that belong with the anchor, at least one.
    negatives : ndarray of float64, shape (M, D)
        Samples q that do not, at least one.
    weight : ndarray of float64, shape (D, K)
        Maps a sample v to the K numbers w^T v, in which distances are measured.

    Returns
    -------
    loss : float
        Negative when the negatives are farther away, in sum, than the positives.

    Notes
    -----
    loss = sum over p of ||w^T a - w^T p|| - sum over q of ||w^T a - w^T q||, with the Euclidean
    norm ||v|| = sqrt(sum of v[k]^2).

    This is the lecture's form, and it has no lower bound: who pushes a negative sample away for
    ever lowers it for ever. In practice a negative costs max(0, margin - distance) instead, and
    nothing once it is farther away than the margin; [2] squares both distances.

    References
    ----------
    .. [1] Lecture "GE 461", Loss Functions > Metric/Contrastive Learning.
    .. [2] Hadsell, Chopra & LeCun 2006, "Dimensionality reduction by learning an invariant
       mapping".

    Examples
    --------
    >>> import numpy as np
    >>> anchor = np.array([0.0, 0.0])
    >>> positives, negatives = np.array([[3.0, 4.0]]), np.array([[0.0, 6.0], [8.0, 0.0]])
    >>> float(contrastive_loss(anchor, positives, negatives, np.eye(2)))
    -9.0
    """
    raise NotImplementedError


def triplet_margin_loss(
    anchor: np.ndarray, positive: np.ndarray, negative: np.ndarray, margin: float = 1.0
) -> float:
    """Ask that the negative be farther from the anchor than the positive, by a margin.

    Parameters
    ----------
    anchor : ndarray of float64, shape (N, D)
        The N samples to compare with.
    positive : ndarray of float64, shape (N, D)
        For each anchor a sample that belongs with it.
    negative : ndarray of float64, shape (N, D)
        For each anchor a sample that does not.
    margin : float, default 1.0
        By how much the negative should be farther away, above 0.

    Returns
    -------
    loss : float
        The mean over the N triplets; 0 when all of them keep the margin.

    Notes
    -----
    loss = mean over n of max(0, ||a[n] - p[n]|| - ||a[n] - q[n]|| + margin) for the anchors a, the
    positives p and the negatives q, with the Euclidean norm, which is not squared. Unlike
    `contrastive_loss` it has a lower bound: a negative that is far enough away earns nothing more.

    torch adds 1e-6 to every difference before the norm; results are compared to 1e-5.

    References
    ----------
    .. [1] Lecture "GE 461", Loss Functions > Metric/Contrastive Learning.
    .. [2] Schroff, Kalenichenko & Philbin 2015, "FaceNet: A unified embedding for face recognition
       and clustering", which squares the distances.
    .. [3] PyTorch documentation, `torch.nn.TripletMarginLoss`.

    Examples
    --------
    >>> import numpy as np
    >>> anchor = np.array([[0.0, 0.0], [0.0, 0.0]])
    >>> positive, negative = np.array([[3.0, 4.0], [0.0, 1.0]]), np.array([[0.0, 3.0], [6.0, 8.0]])
    >>> triplet_margin_loss(anchor, positive, negative)  # (3 + 0) / 2
    1.5
    """
    raise NotImplementedError


def margin_contrastive_loss(
    a: np.ndarray, b: np.ndarray, same: np.ndarray, margin: float = 1.0
) -> float:
    """Pull the two samples of a pair together, or push them apart until a margin is kept.

    Parameters
    ----------
    a : ndarray of float64, shape (N, D)
        The first sample of each of N pairs.
    b : ndarray of float64, shape (N, D)
        The second one.
    same : ndarray of float64, shape (N,)
        1 where the two belong together, 0 where they do not.
    margin : float, default 1.0
        How far apart those should be that do not belong together, above 0.

    Returns
    -------
    loss : float
        The mean over the N pairs, 0 or more.

    Notes
    -----
    With the Euclidean distance d[n] = ||a[n] - b[n]||,

    loss = mean over n of same[n] * d[n]^2 + (1 - same[n]) * max(0, margin - d[n])^2.

    This is [2] without its factor 1/2. The lecture's form, `contrastive_loss`, has no margin, and
    so no lower bound. Results are compared to 1e-5, so that a small number added under a root, to
    keep its gradient finite at 0, does not matter.

    References
    ----------
    .. [1] Lecture "GE 461", Loss Functions > Metric/Contrastive Learning.
    .. [2] Hadsell, Chopra & LeCun 2006, "Dimensionality reduction by learning an invariant
       mapping", section 2.1.

    Examples
    --------
    >>> import numpy as np
    >>> a, b = np.zeros((3, 2)), np.array([[0.0, 3.0], [0.5, 0.0], [3.0, 4.0]])
    >>> margin_contrastive_loss(a, b, np.array([1.0, 0.0, 0.0]), margin=2.0)  # (9 + 1.5^2 + 0) / 3
    3.75
    """
    raise NotImplementedError
