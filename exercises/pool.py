"""Pooling and flattening: smaller pictures of the same depth, then one row of numbers per image."""

from __future__ import annotations

import numpy as np


def flatten(x: np.ndarray) -> np.ndarray:
    """Lay every image out as one row of numbers.

    Parameters
    ----------
    x : ndarray of float64, shape (N, C, H, W)
        A batch of images.

    Returns
    -------
    rows : ndarray of float64, shape (N, C * H * W)
        One row for each image, in the order channel, row, column.

    Notes
    -----
    rows[n, (c*H + h)*W + w] = x[n, c, h, w]: channel by channel, row by row.

    References
    ----------
    .. [1] Lecture "CIS 6930, week 7", Week 3 Convolutional Neural Networks > Flattening Feature
       Maps into Vectors.
    .. [2] PyTorch documentation, `torch.nn.Flatten`.

    Examples
    --------
    >>> import numpy as np
    >>> flatten(np.array([[[[1.0, 2.0]], [[3.0, 4.0]]], [[[5.0, 6.0]], [[7.0, 8.0]]]]))
    array([[1., 2., 3., 4.],
           [5., 6., 7., 8.]])
    """
    raise NotImplementedError


def global_avg_pool2d(x: np.ndarray) -> np.ndarray:
    """Describe every channel of an image by one number, its mean.

    Parameters
    ----------
    x : ndarray of float64, shape (N, C, H, W)
        A batch of images.

    Returns
    -------
    out : ndarray of float64, shape (N, C)
        The mean of each channel of each image.

    Notes
    -----
    out[n, c] = (sum over h and w of x[n, c, h, w]) / (H * W).

    It is average pooling with one window as large as the image, and it stands where `flatten`
    would: the linear layer behind it has C inputs, whatever the size of the image.

    References
    ----------
    .. [1] Lecture "Data Science Decal", Convolutional Neural Networks > ResNet-50 (2015).
    .. [2] Lin, Chen & Yan 2014, "Network In Network", section 3.2.
    .. [3] PyTorch documentation, `torch.nn.AdaptiveAvgPool2d`.

    Examples
    --------
    >>> import numpy as np
    >>> global_avg_pool2d(np.array([[[[1.0, 3.0], [4.0, 4.0]], [[2.0, 0.0], [8.0, 6.0]]]]))
    array([[3., 4.]])
    """
    raise NotImplementedError


def global_avg_pool2d_backward(grad_out: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Share the gradient of every channel equally among all of its pixels.

    Parameters
    ----------
    grad_out : ndarray of float64, shape (N, C)
        Gradient dL/dout of the loss L with respect to the means.
    x : ndarray of float64, shape (N, C, H, W)
        The images of the forward pass.

    Returns
    -------
    grad_x : ndarray of float64, shape (N, C, H, W)
        dL/dx.

    Notes
    -----
    grad_x[n, c, h, w] = grad_out[n, c] / (H * W): every pixel counts the same for the mean,
    whatever its value.

    References
    ----------
    .. [1] Lecture "Data Science Decal", Convolutional Neural Networks > ResNet-50 (2015).
    .. [2] Lin, Chen & Yan 2014, "Network In Network", section 3.2.
    .. [3] PyTorch documentation, `torch.nn.AdaptiveAvgPool2d`.

    Examples
    --------
    >>> import numpy as np
    >>> global_avg_pool2d_backward(np.array([[6.0, -3.0]]), np.zeros((1, 2, 1, 3)))
    array([[[[ 2.,  2.,  2.]],
    <BLANKLINE>
            [[-1., -1., -1.]]]])
    """
    raise NotImplementedError


def avg_pool2d_forward(
    x: np.ndarray, kernel_size: tuple[int, int], stride: int | None = None
) -> np.ndarray:
    """Replace every window by its mean.

    Parameters
    ----------
    x : ndarray of float64, shape (N, C, H, W)
        A batch of images.
    kernel_size : tuple[int, int]
        Height KH and width KW of the window, in pixels, no larger than the image.
    stride : int or None, default None
        Step between windows in both directions. None means KH downwards and KW to the right.

    Returns
    -------
    out : ndarray of float64, shape (N, C, OH, OW)
        One number for each window that lies wholly inside the image.

    Notes
    -----
    out = (sum of the window) / (KH * KW), with OH and OW as in `max_pool2d_forward`.

    References
    ----------
    .. [1] Lecture "CIS 6930, week 7", Week 3 Convolutional Neural Networks > Mean and Max Pooling.
    .. [2] PyTorch documentation, `torch.nn.AvgPool2d`.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.array([[[[1.0, 3.0, 2.0, 0.0], [4.0, 4.0, 8.0, 6.0]]]])
    >>> avg_pool2d_forward(x, (2, 2))
    array([[[[3., 4.]]]])
    """
    raise NotImplementedError


def avg_pool2d_backward(
    grad_out: np.ndarray, x: np.ndarray, kernel_size: tuple[int, int], stride: int | None = None
) -> np.ndarray:
    """Share the gradient of every window equally among its pixels.

    Parameters
    ----------
    grad_out : ndarray of float64, shape (N, C, OH, OW)
        Gradient dL/dout of the loss L with respect to the pooled images.
    x : ndarray of float64, shape (N, C, H, W)
        The images of the forward pass.
    kernel_size : tuple[int, int]
        Height KH and width KW of the window, in pixels.
    stride : int or None, default None
        Step of the forward pass; None means KH downwards and KW to the right.

    Returns
    -------
    grad_x : ndarray of float64, shape (N, C, H, W)
        dL/dx, 0 at a pixel that no window covers.

    Notes
    -----
    Each pixel of a window receives grad_out / (KH * KW) from it, and a pixel that lies in several
    windows receives the sum.

    References
    ----------
    .. [1] Lecture "CIS 6930, week 7", Week 3 Convolutional Neural Networks > Mean and Max Pooling.
    .. [2] PyTorch documentation, `torch.nn.AvgPool2d`.

    Examples
    --------
    >>> import numpy as np
    >>> grad_out = np.array([[[[4.0, 8.0]]]])
    >>> avg_pool2d_backward(grad_out, np.zeros((1, 1, 2, 3)), (2, 2), stride=1)
    array([[[[1., 3., 2.],
             [1., 3., 2.]]]])
    """
    raise NotImplementedError


def max_pool2d_forward(
    x: np.ndarray, kernel_size: tuple[int, int], stride: int | None = None
) -> np.ndarray:
    """Keep the largest number of every window.

    Parameters
    ----------
    x : ndarray of float64, shape (N, C, H, W)
        A batch of images; all numbers may be negative.
    kernel_size : tuple[int, int]
        Height KH and width KW of the window, in pixels, no larger than the image.
    stride : int or None, default None
        Step between windows in both directions. None means KH downwards and KW to the right, so
        that windows touch without overlapping.

    Returns
    -------
    out : ndarray of float64, shape (N, C, OH, OW)
        One number for each window that lies wholly inside the image.

    Notes
    -----
    OH = floor((H - KH) / SH) + 1 and OW = floor((W - KW) / SW) + 1 with SH, SW the two steps.
    Every channel is pooled alone: the depth stays.

    References
    ----------
    .. [1] Lecture "Social Data Science, week 5", Convolutional Neural Networks > Concept: Pooling.
    .. [2] Lecture "CIS 6930, week 7", Week 3 Convolutional Neural Networks > Mean and Max Pooling.
    .. [3] Lecture "95-865, week 6", Image analysis with Convolutional Neural Nets > Max Pooling.
    .. [4] Lecture "GE 461", Convolutional Neural Networks > MAX Pooling.
    .. [5] Lecture "Data Science Decal", Convolutional Neural Networks > CNN Layers: Pooling.
    .. [6] PyTorch documentation, `torch.nn.MaxPool2d`.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.array([[[[1.0, 5.0, 2.0, 0.0], [3.0, 4.0, 8.0, 7.0]]]])
    >>> max_pool2d_forward(x, (2, 2))
    array([[[[5., 8.]]]])
    >>> max_pool2d_forward(x, (2, 2), stride=1)
    array([[[[5., 8., 8.]]]])
    """
    raise NotImplementedError


def max_pool2d_backward(
    grad_out: np.ndarray, x: np.ndarray, kernel_size: tuple[int, int], stride: int | None = None
) -> np.ndarray:
    """Send the gradient of every window to the pixel that was its maximum.

    Parameters
    ----------
    grad_out : ndarray of float64, shape (N, C, OH, OW)
        Gradient dL/dout of the loss L with respect to the pooled images.
    x : ndarray of float64, shape (N, C, H, W)
        The images of the forward pass.
    kernel_size : tuple[int, int]
        Height KH and width KW of the window, in pixels.
    stride : int or None, default None
        Step of the forward pass; None means KH downwards and KW to the right.

    Returns
    -------
    grad_x : ndarray of float64, shape (N, C, H, W)
        dL/dx, 0 at every pixel that was no window's maximum.

    Notes
    -----
    When several pixels of a window are equally large, the first one in row-major order (left to
    right, then down) takes all of the gradient. A pixel that is the maximum of several windows
    gets the sum of their gradients.

    References
    ----------
    .. [1] Lecture "95-865, week 6", Image analysis with Convolutional Neural Nets > Max Pooling.
    .. [2] Lecture "GE 461", Convolutional Neural Networks > MAX Pooling.
    .. [3] PyTorch documentation, `torch.nn.MaxPool2d`.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.array([[[[1.0, 5.0, 2.0], [5.0, 4.0, 3.0]]]])
    >>> max_pool2d_backward(np.array([[[[10.0, 20.0]]]]), x, (2, 2), stride=1)
    array([[[[ 0., 30.,  0.],
             [ 0.,  0.,  0.]]]])
    """
    raise NotImplementedError
