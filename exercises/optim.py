"""Optimisers: one update step each, clipping, mini-batches and fine-tuning."""

from __future__ import annotations

import numpy as np


def sgd_step(param: np.ndarray, grad: np.ndarray, lr: float) -> np.ndarray:
    """Take one step of plain gradient descent.

    Parameters
    ----------
    param : ndarray of float64, any shape
        The parameter before the step.
    grad : ndarray of float64, shape of param
        Gradient of the loss with respect to param.
    lr : float
        Learning rate, above 0.

    Returns
    -------
    param : ndarray of float64, shape of param
        The parameter after the step.

    Notes
    -----
    p <- p - lr * g. The gradient points uphill, the step goes downhill. "95-865, week 6" says SGD
    where the gradient is that of one sample, and mini-batch where it is that of a few; the step
    is the same.

    References
    ----------
    .. [1] Lecture "CIS 6930, week 7", Week 1 Deep Learning Basics > Deep-Learning Building Blocks:
       Starter Kit.
    .. [2] Lecture "95-865, week 6", Some other deep learning topics > Stochastic Gradient Descent
       (SGD).
    .. [3] Lecture "GE 461", Parameter Updates > simple gradient descent update.
    .. [4] torch documentation, `torch.optim.SGD`.

    Examples
    --------
    >>> import numpy as np
    >>> sgd_step(np.array([1.0, 2.0]), np.array([4.0, -2.0]), lr=0.5)
    array([-1.,  3.])
    """
    raise NotImplementedError


def minibatches(num_samples: int, batch_size: int, order: np.ndarray) -> list[np.ndarray]:
    """Cut one epoch's shuffled sample numbers into mini-batches.

    Parameters
    ----------
    num_samples : int
        Number of samples, at least 1.
    batch_size : int
        Number of samples in a batch, at least 1; it may exceed num_samples.
    order : ndarray of int64, shape (num_samples,)
        A permutation of 0 ... num_samples - 1: the order in which samples are visited.

    Returns
    -------
    batches : list of ndarray of int64, shape (batch_size,) each
        Consecutive pieces of order. Every sample is in exactly one of them; the last batch is
        short when batch_size does not divide num_samples.

    Notes
    -----
    One epoch visits every sample once; there are ceil(num_samples / batch_size) batches.

    References
    ----------
    .. [1] Lecture "CIS 6930, week 7", Week 1 Deep Learning Basics > How Mini-batch Sampling
       Works?.
    .. [2] Lecture "95-865, week 6", Some other deep learning topics > Mini-Batch Gradient Descent.

    Examples
    --------
    >>> import numpy as np
    >>> for batch in minibatches(5, 2, np.array([3, 0, 4, 1, 2])):
    ...     print(batch)
    [3 0]
    [4 1]
    [2]
    """
    raise NotImplementedError


def finetune_step(
    params: list[np.ndarray], grads: list[np.ndarray], lr: float, num_trainable: int
) -> list[np.ndarray]:
    """Take one gradient step on the last parameters and keep the others frozen.

    Parameters
    ----------
    params : list of ndarray of float64, any shapes
        All parameters of the network, first layer first.
    grads : list of ndarray of float64, shapes of params
        Gradients of the loss, one for each parameter.
    lr : float
        Learning rate, above 0.
    num_trainable : int
        How many arrays at the end of the list move, 0 ... len(params).

    Returns
    -------
    params : list of ndarray of float64, shapes of params
        All parameters after the step, frozen ones included, in the same order.

    Notes
    -----
    Trainable parameters take the step p <- p - lr * g; frozen ones stay as they are. With
    num_trainable = 0 nothing moves.

    References
    ----------
    .. [1] Lecture "Social Data Science, week 5", Transfer learning > Common strategies.
    .. [2] Lecture "95-865, week 6", Some other deep learning topics > Dealing with Small Datasets.

    Examples
    --------
    >>> import numpy as np
    >>> params = [np.array([1.0]), np.array([2.0]), np.array([3.0])]
    >>> grads = [np.array([1.0]), np.array([1.0]), np.array([1.0])]
    >>> finetune_step(params, grads, lr=0.5, num_trainable=1)
    [array([1.]), array([2.]), array([2.5])]
    """
    raise NotImplementedError


def clip_grad_norm(grads: list[np.ndarray], max_norm: float) -> list[np.ndarray]:
    """Shrink all gradients together when their joint norm is too large.

    Parameters
    ----------
    grads : list of ndarray of float64, any shapes
        The gradients of all parameters.
    max_norm : float
        Largest joint norm that is left as it is, above 0.

    Returns
    -------
    clipped : list of ndarray of float64, shapes of grads
        The gradients in the same order, with a joint norm of at most max_norm.

    Notes
    -----
    The joint norm is that of all elements of all arrays in one long vector:

        norm = sqrt(sum of g^2 over every element of every array)

    If norm > max_norm, every array is multiplied by max_norm / norm, one factor for all, so
    that the direction stays. Otherwise nothing changes; in particular zeros stay zeros.
    Answers are compared to 1e-5, so a tiny constant that guards the division does no harm.

    References
    ----------
    .. [1] Lecture "Social Data Science, week 5", Recurrent Neural Networks > Vanilla RNN,
       backpropagation.
    .. [2] Pascanu, Mikolov & Bengio 2013, "On the difficulty of training recurrent neural
       networks".
    .. [3] torch documentation, `torch.nn.utils.clip_grad_norm_`.

    Examples
    --------
    >>> import numpy as np
    >>> grads = [np.array([6.0, 0.0]), np.array([[8.0]])]
    >>> for grad in clip_grad_norm(grads, max_norm=5.0):
    ...     print(grad.round(4))
    [3. 0.]
    [[4.]]
    >>> for grad in clip_grad_norm(grads, max_norm=50.0):
    ...     print(grad.round(4))
    [6. 0.]
    [[8.]]
    """
    raise NotImplementedError


def momentum_step(
    param: np.ndarray, grad: np.ndarray, velocity: np.ndarray, lr: float, momentum: float = 0.9
) -> tuple[np.ndarray, np.ndarray]:
    """Take one step of gradient descent with momentum.

    Parameters
    ----------
    param : ndarray of float64, any shape
        The parameter before the step.
    grad : ndarray of float64, shape of param
        Gradient of the loss with respect to param.
    velocity : ndarray of float64, shape of param
        The velocity that the previous step returned, zeros before the first.
    lr : float
        Learning rate, above 0.
    momentum : float, default 0.9
        Share of the old velocity that is kept, 0 <= momentum < 1.

    Returns
    -------
    param : ndarray of float64, shape of param
        The parameter after the step.
    velocity : ndarray of float64, shape of param
        The new velocity. It counts as part of the answer.

    Notes
    -----
    v <- momentum * v + g, then p <- p - lr * v with the new v.

    This is PyTorch's form. Other texts, and courses from which the slides of "GE 461" come, write
    v <- mu * v - lr * g, then p <- p + v. That velocity is -lr times this one: the parameter takes
    the same steps as long as lr stays, but the velocity that is returned is another number.

    References
    ----------
    .. [1] Lecture "CIS 6930, week 7", Week 1 Deep Learning Basics > Deep-Learning Building Blocks:
       Starter Kit.
    .. [2] Lecture "GE 461", Parameter Updates > Momentum Update.
    .. [3] torch documentation, `torch.optim.SGD` with `momentum`.

    Examples
    --------
    >>> import numpy as np
    >>> param, velocity = momentum_step(
    ...     np.array([1.0]), np.array([2.0]), np.array([4.0]), lr=0.25, momentum=0.5
    ... )
    >>> param
    array([0.])
    >>> velocity
    array([4.])
    """
    raise NotImplementedError


def nesterov_step(
    param: np.ndarray, grad: np.ndarray, velocity: np.ndarray, lr: float, momentum: float = 0.9
) -> tuple[np.ndarray, np.ndarray]:
    """Take one step of gradient descent with Nesterov momentum.

    Parameters
    ----------
    param : ndarray of float64, any shape
        The parameter before the step.
    grad : ndarray of float64, shape of param
        Gradient of the loss with respect to param.
    velocity : ndarray of float64, shape of param
        The velocity that the previous step returned, zeros before the first.
    lr : float
        Learning rate, above 0.
    momentum : float, default 0.9
        Share of the old velocity that is kept, 0 <= momentum < 1.

    Returns
    -------
    param : ndarray of float64, shape of param
        The parameter after the step.
    velocity : ndarray of float64, shape of param
        The new velocity. It counts as part of the answer.

    Notes
    -----
    v <- momentum * v + g, then p <- p - lr * (g + momentum * v) with the new v: the step looks
    ahead to where the velocity is about to lead. An extra of this course: no lecture has it. The
    velocity is that of `momentum_step`, without lr; [1] has the other form, with lr inside.

    References
    ----------
    .. [1] Sutskever, Martens, Dahl & Hinton 2013, "On the importance of initialization and
       momentum in deep learning".
    .. [2] torch documentation, `torch.optim.SGD` with `nesterov=True`.

    Examples
    --------
    >>> import numpy as np
    >>> param, velocity = nesterov_step(
    ...     np.array([1.0]), np.array([2.0]), np.array([4.0]), lr=0.25, momentum=0.5
    ... )
    >>> param
    array([0.])
    >>> velocity
    array([4.])
    >>> nesterov_step(np.array([1.0]), np.array([2.0]), np.array([0.0]), lr=0.25, momentum=0.5)[0]
    array([0.25])
    """
    raise NotImplementedError


def adagrad_step(
    param: np.ndarray, grad: np.ndarray, sum_squares: np.ndarray, lr: float, eps: float = 1e-10
) -> tuple[np.ndarray, np.ndarray]:
    """Take one step of Adagrad, where every element has its own shrinking learning rate.

    Parameters
    ----------
    param : ndarray of float64, any shape
        The parameter before the step.
    grad : ndarray of float64, shape of param
        Gradient of the loss with respect to param.
    sum_squares : ndarray of float64, shape of param
        Sum of all squared gradients so far, zeros before the first step.
    lr : float
        Learning rate, above 0.
    eps : float, default 1e-10
        Small number above 0 that keeps the division defined.

    Returns
    -------
    param : ndarray of float64, shape of param
        The parameter after the step.
    sum_squares : ndarray of float64, shape of param
        The new sum. It counts as part of the answer.

    Notes
    -----
    s <- s + g^2, then p <- p - lr * g / (sqrt(s) + eps) with the new s, element by element.
    eps is added to the root, not inside it.

    References
    ----------
    .. [1] Lecture "95-865, week 6", Some other deep learning topics > Learning a Deep Net.
    .. [2] Duchi, Hazan & Singer 2011, "Adaptive subgradient methods for online learning and
       stochastic optimization".
    .. [3] torch documentation, `torch.optim.Adagrad`.

    Examples
    --------
    >>> import numpy as np
    >>> param, sum_squares = adagrad_step(
    ...     np.array([1.0, 1.0]), np.array([4.0, 0.0]), np.array([9.0, 0.0]), lr=0.5
    ... )
    >>> param.round(6)
    array([0.6, 1. ])
    >>> sum_squares
    array([25.,  0.])
    """
    raise NotImplementedError


def rmsprop_step(
    param: np.ndarray,
    grad: np.ndarray,
    square_avg: np.ndarray,
    lr: float,
    alpha: float = 0.99,
    eps: float = 1e-8,
) -> tuple[np.ndarray, np.ndarray]:
    """Take one step of RMSprop, which divides by a running average of the gradient's size.

    Parameters
    ----------
    param : ndarray of float64, any shape
        The parameter before the step.
    grad : ndarray of float64, shape of param
        Gradient of the loss with respect to param.
    square_avg : ndarray of float64, shape of param
        Running average of the squared gradients, zeros before the first step.
    lr : float
        Learning rate, above 0.
    alpha : float, default 0.99
        Share of the old average that is kept, 0 <= alpha < 1.
    eps : float, default 1e-8
        Small number above 0 that keeps the division defined.

    Returns
    -------
    param : ndarray of float64, shape of param
        The parameter after the step.
    square_avg : ndarray of float64, shape of param
        The new average. It counts as part of the answer.

    Notes
    -----
    s <- alpha * s + (1 - alpha) * g^2, then p <- p - lr * g / (sqrt(s) + eps) with the new s,
    element by element. eps is added to the root, not inside it.

    References
    ----------
    .. [1] Lecture "95-865, week 6", Some other deep learning topics > Learning a Deep Net.
    .. [2] Tieleman & Hinton 2012, "Neural networks for machine learning", lecture 6.5.
    .. [3] torch documentation, `torch.optim.RMSprop`.

    Examples
    --------
    >>> import numpy as np
    >>> param, square_avg = rmsprop_step(
    ...     np.array([1.0]), np.array([2.0]), np.array([12.0]), lr=0.5, alpha=0.625
    ... )
    >>> param.round(6)
    array([0.666667])
    >>> square_avg
    array([9.])
    """
    raise NotImplementedError


def adadelta_step(
    param: np.ndarray,
    grad: np.ndarray,
    square_avg: np.ndarray,
    acc_delta: np.ndarray,
    lr: float = 1.0,
    rho: float = 0.9,
    eps: float = 1e-6,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Take one step of Adadelta, which finds its own rate out of the steps that it took.

    Parameters
    ----------
    param : ndarray of float64, any shape
        The parameter before the step.
    grad : ndarray of float64, shape of param
        Gradient of the loss with respect to param.
    square_avg : ndarray of float64, shape of param
        Running average of the squared gradients, zeros before the first step.
    acc_delta : ndarray of float64, shape of param
        Running average of the squared steps, zeros before the first step.
    lr : float, default 1.0
        By what the step is multiplied in the end.
    rho : float, default 0.9
        Share of the old averages that is kept, 0 <= rho < 1.
    eps : float, default 1e-6
        Small number above 0. It makes the first step possible at all.

    Returns
    -------
    param : ndarray of float64, shape of param
        The parameter after the step.
    square_avg : ndarray of float64, shape of param
        The new average of the squared gradients, a part of the answer as well.
    acc_delta : ndarray of float64, shape of param
        The new average of the squared steps, too.

    Notes
    -----
    Element by element, and with the new s but the old a in the second line,

    s <- rho * s + (1 - rho) * g^2,

    d = sqrt(a + eps) / sqrt(s + eps) * g,

    a <- rho * a + (1 - rho) * d^2, then p <- p - lr * d.

    eps is inside both roots here, other than in `rmsprop_step`, and the average of the steps does
    not know lr. The ratio of the roots gives d the unit of the parameter, so that lr is 1. The
    lecture only names it.

    References
    ----------
    .. [1] Lecture "95-865, week 6", Some other deep learning topics > Learning a Deep Net.
    .. [2] Zeiler 2012, "ADADELTA: An adaptive learning rate method", algorithm 1.
    .. [3] torch documentation, `torch.optim.Adadelta`.

    Examples
    --------
    >>> import numpy as np
    >>> param, square_avg, acc_delta = adadelta_step(
    ...     np.array([1.0]), np.array([2.0]), np.array([12.0]), np.array([0.25]), rho=0.625
    ... )
    >>> param.round(6)  # 1 - sqrt(0.25) / sqrt(9) * 2
    array([0.666666])
    >>> square_avg, acc_delta.round(6)
    (array([9.]), array([0.197917]))
    """
    raise NotImplementedError


def adam_step(
    param: np.ndarray,
    grad: np.ndarray,
    exp_avg: np.ndarray,
    exp_avg_sq: np.ndarray,
    step: int,
    lr: float,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Take one step of Adam: momentum, RMSprop and a correction for the start at zero.

    Parameters
    ----------
    param : ndarray of float64, any shape
        The parameter before the step.
    grad : ndarray of float64, shape of param
        Gradient of the loss with respect to param.
    exp_avg : ndarray of float64, shape of param
        Running average of the gradients, zeros before the first step.
    exp_avg_sq : ndarray of float64, shape of param
        Running average of the squared gradients, zeros before the first step.
    step : int
        Number of this step, counted from 1.
    lr : float
        Learning rate, above 0.
    beta1 : float, default 0.9
        Share of the old exp_avg that is kept, 0 <= beta1 < 1.
    beta2 : float, default 0.999
        Share of the old exp_avg_sq that is kept, 0 <= beta2 < 1.
    eps : float, default 1e-8
        Small number above 0 that keeps the division defined.

    Returns
    -------
    param : ndarray of float64, shape of param
        The parameter after the step.
    exp_avg : ndarray of float64, shape of param
        The new average of the gradients, without the correction.
    exp_avg_sq : ndarray of float64, shape of param
        The new average of the squared gradients, without the correction.

    Notes
    -----
    m <- beta1 * m + (1 - beta1) * g and v <- beta2 * v + (1 - beta2) * g^2. At step t (beta^t is
    a power) the corrected averages are

        m_hat = m / (1 - beta1^t)        v_hat = v / (1 - beta2^t)

    and p <- p - lr * m_hat / (sqrt(v_hat) + eps). eps comes after the correction and outside
    the root. What is returned, and passed to the next step, is m and v.

    References
    ----------
    .. [1] Lecture "CIS 6930, week 7", Week 1 Deep Learning Basics > Deep-Learning Building Blocks:
       Starter Kit.
    .. [2] Lecture "95-865, week 6", Some other deep learning topics > Learning a Deep Net.
    .. [3] Kingma & Ba 2015, "Adam: a method for stochastic optimization".
    .. [4] torch documentation, `torch.optim.Adam`.

    Examples
    --------
    The first step has the length lr, whatever the size of the gradient.

    >>> import numpy as np
    >>> zero = np.array([0.0])
    >>> param, exp_avg, exp_avg_sq = adam_step(
    ...     np.array([1.0]), np.array([20.0]), zero, zero, step=1, lr=0.25, beta1=0.5, beta2=0.75
    ... )
    >>> param.round(6)
    array([0.75])
    >>> exp_avg
    array([10.])
    >>> exp_avg_sq
    array([100.])
    """
    raise NotImplementedError
