"""Normalisation, dropout and the residual block: what lets deep networks train."""

from __future__ import annotations

import numpy as np


def dropout(x: np.ndarray, keep_mask: np.ndarray, p: float, training: bool) -> np.ndarray:
    """Silence some numbers while training, and let the others speak louder.

    Parameters
    ----------
    x : ndarray of float64
        Any shape.
    keep_mask : ndarray of bool, int64 or float64
        Of the shape of x: True or 1 where a number is kept, False or 0 where it is dropped. It was
        drawn beforehand, so that nothing is left to chance here.
    p : float
        The share that is dropped on average, 0 <= p < 1. It is not counted in the mask.
    training : bool
        False in evaluation, where nothing is dropped.

    Returns
    -------
    out : ndarray of float64
        Of the shape of x.

    Raises
    ------
    ValueError
        When p is below 0, or 1 or more; in evaluation, too.

    Notes
    -----
    In training out = x * keep_mask / (1 - p), in evaluation out = x. A number is kept with
    probability 1 - p, so that dividing by it leaves the mean what it was ("inverted" dropout). The
    paper divides nothing and shrinks the weights in evaluation instead. No lecture names it.

    References
    ----------
    .. [1] Srivastava, Hinton, Krizhevsky, Sutskever & Salakhutdinov 2014, "Dropout: A Simple Way
       to Prevent Neural Networks from Overfitting".
    .. [2] PyTorch documentation, `torch.nn.Dropout`.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.array([[1.0, 2.0, -3.0]])
    >>> dropout(x, np.array([[1, 0, 1]]), 0.5, True)
    array([[ 2.,  0., -6.]])
    >>> dropout(x, np.array([[1, 0, 1]]), 0.5, False)
    array([[ 1.,  2., -3.]])
    """
    if not 0.0 <= p < 1.0:
        raise ValueError(f"the share that is dropped must lie in [0, 1), got {p}")
    if not training:
        return x
    # Multiplying by 0 would turn a dropped infinity into nan.
    return np.where(keep_mask, x / (1.0 - p), 0.0)


def layer_norm_forward(
    x: np.ndarray, gamma: np.ndarray, beta: np.ndarray, eps: float = 1e-5
) -> np.ndarray:
    """Give the numbers of each sample mean 0 and variance 1, then scale and shift them.

    Parameters
    ----------
    x : ndarray of float64, shape (N, D)
        N samples with D features each.
    gamma : ndarray of float64, shape (D,)
        The scale of each feature.
    beta : ndarray of float64, shape (D,)
        The shift of each feature.
    eps : float, default 1e-5
        Added to the variance, under the root.

    Returns
    -------
    out : ndarray of float64, shape (N, D)
        The normalised samples.

    Notes
    -----
    mean[n] = mean over d of x[n, d], var[n] = mean over d of (x[n, d] - mean[n])^2,

    out[n, d] = gamma[d] * (x[n, d] - mean[n]) / sqrt(var[n] + eps) + beta[d].

    A sample needs no other one, so that training and evaluation are the same. One feature alone is
    its own mean, and out is beta. No lecture names it: it is what transformers use.

    References
    ----------
    .. [1] Ba, Kiros & Hinton 2016, "Layer Normalization".
    .. [2] PyTorch documentation, `torch.nn.LayerNorm`.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.array([[1.0, 5.0], [7.0, 7.0]])
    >>> layer_norm_forward(x, np.array([1.0, 10.0]), np.array([0.0, 3.0]), eps=0.0625).round(4)
    array([[-0.9923, 12.9228],
           [ 0.    ,  3.    ]])
    """
    normalised, _ = _normalise(x, 1, eps)
    return gamma * normalised + beta


def batch_norm_forward(
    x: np.ndarray,
    gamma: np.ndarray,
    beta: np.ndarray,
    running_mean: np.ndarray,
    running_var: np.ndarray,
    training: bool,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give each feature mean 0 and variance 1 over the batch, then scale and shift it.

    Parameters
    ----------
    x : ndarray of float64, shape (N, D)
        N samples with D features each, N at least 2.
    gamma : ndarray of float64, shape (D,)
        The scale of each feature.
    beta : ndarray of float64, shape (D,)
        The shift of each feature.
    running_mean : ndarray of float64, shape (D,)
        The mean of each feature as it was seen until now.
    running_var : ndarray of float64, shape (D,)
        The variance of each feature as it was seen until now.
    training : bool
        True: the batch's own mean and variance count, and the running ones learn from them. False:
        the running ones count, and stay as they are.
    momentum : float, default 0.1
        The share of the new value in the running ones.
    eps : float, default 1e-5
        Added to the variance, under the root.

    Returns
    -------
    out : ndarray of float64, shape (N, D)
        The normalised batch.
    new_mean : ndarray of float64, shape (D,)
        The running mean afterwards.
    new_var : ndarray of float64, shape (D,)
        The running variance afterwards.

    Notes
    -----
    mean[d] = mean over n of x[n, d], var[d] = mean over n of (x[n, d] - mean[d])^2,

    out[n, d] = gamma[d] * (x[n, d] - mean[d]) / sqrt(var[d] + eps) + beta[d],

    new_mean = (1 - momentum) * running_mean + momentum * mean,

    new_var = (1 - momentum) * running_var + momentum * var * N / (N - 1).

    The running variance is the unbiased one, divided by N - 1; the batch itself is divided by its
    own, with N. In evaluation out has the running ones for mean and var. Some texts call 1 -
    momentum the momentum. The lecture gives the idea alone: no number may blow up or get stuck.

    References
    ----------
    .. [1] Lecture "Data Science Decal", Convolutional Neural Networks > CNN Pooling Layers.
    .. [2] Ioffe & Szegedy 2015, "Batch Normalization: Accelerating Deep Network Training by
       Reducing Internal Covariate Shift".
    .. [3] PyTorch documentation, `torch.nn.BatchNorm1d`.

    Examples
    --------
    >>> import numpy as np
    >>> x, ones, zeros = np.array([[1.0], [5.0]]), np.ones(1), np.zeros(1)
    >>> out, mean, var = batch_norm_forward(x, ones, zeros, zeros, ones, True, momentum=0.5)
    >>> out.round(4)
    array([[-1.],
           [ 1.]])
    >>> mean, var
    (array([1.5]), array([4.5]))
    """
    if not training:
        out = gamma * (x - running_mean) / np.sqrt(running_var + eps) + beta
        return out, running_mean, running_var
    normalised, _ = _normalise(x, 0, eps)
    new_mean = (1.0 - momentum) * running_mean + momentum * x.mean(axis=0)
    new_var = (1.0 - momentum) * running_var + momentum * x.var(axis=0, ddof=1)
    return gamma * normalised + beta, new_mean, new_var


def layer_norm_backward(
    grad_out: np.ndarray,
    x: np.ndarray,
    gamma: np.ndarray,
    beta: np.ndarray,  # noqa: ARG001 - the gradients do not depend on it, the signature names it
    eps: float = 1e-5,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Carry the gradient of the loss back through layer normalisation.

    Parameters
    ----------
    grad_out : ndarray of float64, shape (N, D)
        Gradient dL/dout of the loss L with respect to the normalised samples.
    x : ndarray of float64, shape (N, D)
        The samples of the forward pass.
    gamma : ndarray of float64, shape (D,)
        The scale of each feature.
    beta : ndarray of float64, shape (D,)
        The shift of each feature.
    eps : float, default 1e-5
        Added to the variance, under the root.

    Returns
    -------
    grad_x : ndarray of float64, shape (N, D)
        dL/dx.
    grad_gamma : ndarray of float64, shape (D,)
        dL/dgamma.
    grad_beta : ndarray of float64, shape (D,)
        dL/dbeta.

    Notes
    -----
    With z[n, d] = (x[n, d] - mean[n]) / sqrt(var[n] + eps) and g = grad_out * gamma,

    grad_beta[d] = sum over n of grad_out[n, d],

    grad_gamma[d] = sum over n of grad_out[n, d] * z[n, d],

    grad_x[n, d] = (g[n, d] - a[n] - z[n, d] * b[n]) / sqrt(var[n] + eps), where a[n] is the mean
    over d of g[n, d], and b[n] the mean over d of g[n, d] * z[n, d]: x moves the mean and the
    variance of its sample as well. No lecture names it.

    References
    ----------
    .. [1] Ba, Kiros & Hinton 2016, "Layer Normalization".
    .. [2] PyTorch documentation, `torch.nn.LayerNorm`.

    Examples
    --------
    >>> import numpy as np
    >>> x, grad_out = np.array([[1.0, 5.0, 3.0]]), np.array([[6.0, 0.0, 0.0]])
    >>> grad_x, grad_gamma, grad_beta = layer_norm_backward(grad_out, x, np.ones(3), np.zeros(3))
    >>> grad_x.round(4)
    array([[ 0.6124,  0.6124, -1.2247]])
    >>> grad_gamma.round(4)
    array([-7.3485,  0.    ,  0.    ])
    >>> grad_beta
    array([6., 0., 0.])
    """
    normalised, root = _normalise(x, 1, eps)
    grad_x = _through_normalise(grad_out * gamma, normalised, root, 1)
    return grad_x, (grad_out * normalised).sum(axis=0), grad_out.sum(axis=0)


def batch_norm_backward(
    grad_out: np.ndarray,
    x: np.ndarray,
    gamma: np.ndarray,
    beta: np.ndarray,  # noqa: ARG001 - the gradients do not depend on it, the signature names it
    eps: float = 1e-5,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Carry the gradient of the loss back through batch normalisation, as it is in training.

    Parameters
    ----------
    grad_out : ndarray of float64, shape (N, D)
        Gradient dL/dout of the loss L with respect to the normalised batch.
    x : ndarray of float64, shape (N, D)
        The batch of the forward pass, N at least 2.
    gamma : ndarray of float64, shape (D,)
        The scale of each feature.
    beta : ndarray of float64, shape (D,)
        The shift of each feature.
    eps : float, default 1e-5
        Added to the variance, under the root.

    Returns
    -------
    grad_x : ndarray of float64, shape (N, D)
        dL/dx.
    grad_gamma : ndarray of float64, shape (D,)
        dL/dgamma.
    grad_beta : ndarray of float64, shape (D,)
        dL/dbeta.

    Notes
    -----
    With z[n, d] = (x[n, d] - mean[d]) / sqrt(var[d] + eps) and g = grad_out * gamma,

    grad_beta[d] = sum over n of grad_out[n, d],

    grad_gamma[d] = sum over n of grad_out[n, d] * z[n, d],

    grad_x[n, d] = (g[n, d] - a[d] - z[n, d] * b[d]) / sqrt(var[d] + eps), where a[d] is the mean
    over n of g[n, d], and b[d] the mean over n of g[n, d] * z[n, d]: every sample moves the mean
    and the variance that all of them are measured with. The lecture has the forward pass alone.

    References
    ----------
    .. [1] Lecture "Data Science Decal", Convolutional Neural Networks > CNN Pooling Layers.
    .. [2] Ioffe & Szegedy 2015, "Batch Normalization: Accelerating Deep Network Training by
       Reducing Internal Covariate Shift", section 3.

    Examples
    --------
    >>> import numpy as np
    >>> x, grad_out = np.array([[1.0], [5.0], [3.0]]), np.array([[6.0], [0.0], [0.0]])
    >>> grad_x, grad_gamma, grad_beta = batch_norm_backward(grad_out, x, np.ones(1), np.zeros(1))
    >>> grad_x.round(4)
    array([[ 0.6124],
           [ 0.6124],
           [-1.2247]])
    >>> grad_gamma.round(4), grad_beta
    (array([-7.3485]), array([6.]))
    """
    normalised, root = _normalise(x, 0, eps)
    grad_x = _through_normalise(grad_out * gamma, normalised, root, 0)
    return grad_x, (grad_out * normalised).sum(axis=0), grad_out.sum(axis=0)


def residual_block_forward(
    x: np.ndarray, w1: np.ndarray, b1: np.ndarray, w2: np.ndarray, b2: np.ndarray
) -> np.ndarray:
    """Add to the images what two convolutions make of them.

    Parameters
    ----------
    x : ndarray of float64, shape (N, C, H, W)
        A batch of N images with C channels.
    w1 : ndarray of float64, shape (F, C, 3, 3)
        The F kernels of the first convolution.
    b1 : ndarray of float64, shape (F,)
        Its bias.
    w2 : ndarray of float64, shape (C, F, 3, 3)
        The C kernels of the second convolution.
    b2 : ndarray of float64, shape (C,)
        Its bias.

    Returns
    -------
    out : ndarray of float64, shape (N, C, H, W)
        As large as the images: each convolution has stride 1 and padding 1.

    Notes
    -----
    out = relu(x + conv(relu(conv(x, w1, b1)), w2, b2)). With weights and biases of 0 it is relu(x):
    a block need only learn what is to be changed, and the gradient has a way around it.

    References
    ----------
    .. [1] Lecture "GE 461", Recurrent Nets > "PlainNets" vs. ResNets.
    .. [2] Lecture "Data Science Decal", Convolutional Neural Networks > ResNet-50 (2015).
    .. [3] He, Zhang, Ren & Sun 2015, "Deep Residual Learning for Image Recognition".

    Examples
    --------
    >>> import numpy as np
    >>> kernel = np.zeros((1, 1, 3, 3))
    >>> kernel[0, 0, 1, 1] = 2.0  # the pixel in the middle of the window, doubled
    >>> x = np.array([[[[1.0, -1.0]]]])
    >>> residual_block_forward(x, kernel, np.array([0.0]), kernel, np.array([0.5]))
    array([[[[5.5, 0. ]]]])
    """
    hidden = np.maximum(_conv3x3(x, w1, b1), 0.0)
    return np.maximum(x + _conv3x3(hidden, w2, b2), 0.0)


def residual_block_backward(
    grad_out: np.ndarray,
    x: np.ndarray,
    w1: np.ndarray,
    b1: np.ndarray,
    w2: np.ndarray,
    b2: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Carry the gradient of the loss back through a residual block, on both ways.

    Parameters
    ----------
    grad_out : ndarray of float64, shape (N, C, H, W)
        Gradient dL/dout of the loss L with respect to the block's output.
    x : ndarray of float64, shape (N, C, H, W)
        The images of the forward pass.
    w1 : ndarray of float64, shape (F, C, 3, 3)
        The kernels of the first convolution.
    b1 : ndarray of float64, shape (F,)
        Its bias.
    w2 : ndarray of float64, shape (C, F, 3, 3)
        The kernels of the second convolution.
    b2 : ndarray of float64, shape (C,)
        Its bias.

    Returns
    -------
    grad_x : ndarray of float64, shape (N, C, H, W)
        dL/dx.
    grad_w1 : ndarray of float64, shape (F, C, 3, 3)
        dL/dw1.
    grad_b1 : ndarray of float64, shape (F,)
        dL/db1.
    grad_w2 : ndarray of float64, shape (C, F, 3, 3)
        dL/dw2.
    grad_b2 : ndarray of float64, shape (C,)
        dL/db2.

    Notes
    -----
    With a = conv(x, w1, b1), hidden = relu(a) and s = x + conv(hidden, w2, b2),

    grad_s = grad_out where s > 0, else 0,

    grad_a = what arrives at hidden where a > 0, else 0,

    grad_x = grad_s + what arrives at x through the first convolution.

    The gradient of a ReLU at 0 is 0. With the sum over all images and windows, grad_w2 comes from
    grad_s and hidden, grad_w1 from grad_a and x, as in `conv2d_backward`.

    References
    ----------
    .. [1] Lecture "GE 461", Recurrent Nets > "PlainNets" vs. ResNets.
    .. [2] Lecture "Data Science Decal", Convolutional Neural Networks > ResNet-50 (2015).
    .. [3] He, Zhang, Ren & Sun 2016, "Identity Mappings in Deep Residual Networks".

    Examples
    --------
    >>> import numpy as np
    >>> kernel = np.zeros((1, 1, 3, 3))
    >>> kernel[0, 0, 1, 1] = 2.0
    >>> x, grad_out, zero = np.array([[[[1.0, -1.0]]]]), np.ones((1, 1, 1, 2)), np.array([0.0])
    >>> grad_x, _, grad_b1, _, grad_b2 = residual_block_backward(
    ...     grad_out, x, kernel, zero, kernel, zero
    ... )
    >>> grad_x  # 1 around the block, 2 * 2 through it; nothing where the last ReLU is shut
    array([[[[5., 0.]]]])
    >>> grad_b1, grad_b2
    (array([2.]), array([1.]))
    """
    before = _conv3x3(x, w1, b1)
    hidden = np.maximum(before, 0.0)
    grad_sum = np.where(x + _conv3x3(hidden, w2, b2) > 0.0, grad_out, 0.0)
    grad_hidden, grad_w2, grad_b2 = _conv3x3_backward(grad_sum, hidden, w2)
    grad_before = np.where(before > 0.0, grad_hidden, 0.0)
    grad_x, grad_w1, grad_b1 = _conv3x3_backward(grad_before, x, w1)
    return grad_sum + grad_x, grad_w1, grad_b1, grad_w2, grad_b2


def _normalise(x: np.ndarray, axis: int, eps: float) -> tuple[np.ndarray, np.ndarray]:
    """Return x with mean 0 and variance 1 along an axis, and the root that it was divided by."""
    root = np.sqrt(x.var(axis=axis, keepdims=True) + eps)
    return (x - x.mean(axis=axis, keepdims=True)) / root, root


def _through_normalise(
    grad: np.ndarray, normalised: np.ndarray, root: np.ndarray, axis: int
) -> np.ndarray:
    """Return dL/dx out of the gradient of the normalised numbers."""
    # The mean takes away what is the same for all, the variance what goes along with x.
    same = grad.mean(axis=axis, keepdims=True)
    along = (grad * normalised).mean(axis=axis, keepdims=True)
    return (grad - same - normalised * along) / root


def _windows(x: np.ndarray) -> np.ndarray:
    """Return the 3x3 window around every pixel, (N, C, H, W, 3, 3), zeros around the images."""
    padded = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
    return np.lib.stride_tricks.sliding_window_view(padded, (3, 3), axis=(2, 3))


def _conv3x3(x: np.ndarray, weight: np.ndarray, bias: np.ndarray) -> np.ndarray:
    """Convolve with stride 1 and padding 1."""
    return np.einsum("nchwij,fcij->nfhw", _windows(x), weight) + bias[:, None, None]


def _conv3x3_backward(
    grad_out: np.ndarray, x: np.ndarray, weight: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the gradients of x, weight and bias."""
    # A pixel was at (i, j) of the window around the pixel that lies (1 - i, 1 - j) further.
    flipped = weight[:, :, ::-1, ::-1]
    grad_x = np.einsum("nfhwij,fcij->nchw", _windows(grad_out), flipped)
    grad_weight = np.einsum("nfhw,nchwij->fcij", grad_out, _windows(x))
    return grad_x, grad_weight, grad_out.sum(axis=(0, 2, 3))
