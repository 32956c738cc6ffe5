"""Convolution by hand: output sizes, padding, windows as columns, and the layer with its gradients.

`conv2d_forward` and `conv2d_backward` can be built from the smaller functions above them.
"""

from __future__ import annotations

import numpy as np


def conv_output_size(input_size: int, kernel_size: int, stride: int = 1, padding: int = 0) -> int:
    """Count the positions at which a kernel fits along one axis.

    Parameters
    ----------
    input_size : int
        Number of pixels N along the axis, at least 1.
    kernel_size : int
        Number of pixels F that the kernel covers, at least 1.
    stride : int, default 1
        Step S from one position to the next, in pixels, at least 1.
    padding : int, default 0
        Zeros P added at each of the two ends, at least 0.

    Returns
    -------
    output_size : int
        Number of positions.

    Raises
    ------
    ValueError
        When a size is below 1, the stride is below 1, the padding is negative, or the kernel is
        larger than the padded input.

    Notes
    -----
    output_size = floor((N + 2P - F) / S) + 1. When S does not divide N + 2P - F, the pixels left
    over at the end are not covered by any window.

    References
    ----------
    .. [1] Deck 003 (GE 461), output size of a convolution layer.
    .. [2] Deck 000 (Social Data Science, week 5), output size with padding.
    .. [3] PyTorch documentation, `torch.nn.Conv1d`.

    Examples
    --------
    >>> conv_output_size(7, 3)
    5
    >>> conv_output_size(7, 3, stride=2)
    3
    >>> conv_output_size(7, 3, stride=3)
    2
    >>> conv_output_size(7, 3, padding=1)
    7
    """
    return (input_size + 2 * padding - kernel_size) // stride + 1


def zero_pad2d(x: np.ndarray, padding: int) -> np.ndarray:
    """Put a frame of zeros around every image.

    Parameters
    ----------
    x : ndarray of float64, shape (N, C, H, W)
        A batch of N images with C channels.
    padding : int
        Width P of the frame on all four sides, in pixels, at least 0.

    Returns
    -------
    padded : ndarray of float64, shape (N, C, H + 2P, W + 2P)
        The images in the middle, zeros around them. The batch and the channels do not grow.

    Raises
    ------
    ValueError
        When the padding is negative.

    References
    ----------
    .. [1] Deck 003 (GE 461), zero padding.
    .. [2] PyTorch documentation, `torch.nn.functional.pad`.

    Examples
    --------
    >>> import numpy as np
    >>> zero_pad2d(np.array([[[[5.0, 6.0]]]]), 1)
    array([[[[0., 0., 0., 0.],
             [0., 5., 6., 0.],
             [0., 0., 0., 0.]]]])
    """
    return np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))


def correlate2d(image: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """Slide one filter over one image.

    Parameters
    ----------
    image : ndarray of float64, shape (H, W)
        One channel.
    kernel : ndarray of float64, shape (KH, KW)
        The filter, no larger than the image. It is used as it is, not flipped.

    Returns
    -------
    out : ndarray of float64, shape (H - KH + 1, W - KW + 1)
        One number for each position of the filter.

    Notes
    -----
    out[i, j] = sum over k, l of image[i + k, j + l] * kernel[k, l], without padding, stride 1.

    References
    ----------
    .. [1] Deck 002 (95-865, week 6), sliding a filter over a 7x7 picture.

    Examples
    --------
    >>> import numpy as np
    >>> image = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    >>> correlate2d(image, np.array([[-1.0, 1.0]]))
    array([[1., 1.],
           [1., 1.]])
    >>> correlate2d(image, np.array([[1.0, 0.0], [0.0, 10.0]]))
    array([[51., 62.]])
    """
    kh, kw = kernel.shape
    out = np.zeros((image.shape[0] - kh + 1, image.shape[1] - kw + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = np.sum(image[i : i + kh, j : j + kw] * kernel)
    return out


def im2col(
    x: np.ndarray, kernel_size: tuple[int, int], stride: int = 1, padding: int = 0
) -> np.ndarray:
    """Write every window of every image as one column.

    Parameters
    ----------
    x : ndarray of float64, shape (N, C, H, W)
        A batch of images.
    kernel_size : tuple[int, int]
        Height KH and width KW of the window, in pixels.
    stride : int, default 1
        Step S between windows, down and to the right.
    padding : int, default 0
        Zeros P added on all four sides of each image.

    Returns
    -------
    cols : ndarray of float64, shape (N, C * KH * KW, OH * OW)
        Column i * OW + j holds the window whose top left corner is at row i * S, column j * S of
        the padded image. Down the column, its numbers are in the order channel, row, column.

    Notes
    -----
    OH and OW are given by `conv_output_size`. Overlapping windows repeat their common pixels.

    References
    ----------
    .. [1] PyTorch documentation, `torch.nn.Unfold`.
    .. [2] Chellapilla, Puri & Simard 2006, "High performance convolutional neural networks for
       document processing".

    Examples
    --------
    >>> import numpy as np
    >>> x = np.array([[[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]]])
    >>> im2col(x, (2, 2))
    array([[[1., 2.],
            [2., 3.],
            [4., 5.],
            [5., 6.]]])
    """
    raise NotImplementedError


def col2im(
    cols: np.ndarray,
    x_shape: tuple[int, int, int, int],
    kernel_size: tuple[int, int],
    stride: int = 1,
    padding: int = 0,
) -> np.ndarray:
    """Put the columns of `im2col` back where they came from, adding where windows overlap.

    Parameters
    ----------
    cols : ndarray of float64, shape (N, C * KH * KW, OH * OW)
        One window a column, in the layout of `im2col`.
    x_shape : tuple[int, int, int, int]
        Shape (N, C, H, W) of the images, without the padding.
    kernel_size : tuple[int, int]
        Height KH and width KW of the window, in pixels.
    stride : int, default 1
        Step between windows, down and to the right.
    padding : int, default 0
        Zeros that `im2col` added on all four sides. What falls on them is dropped.

    Returns
    -------
    x : ndarray of float64, shape (N, C, H, W)
        Each pixel is the sum of its copies in `cols`, and 0 when no window covers it.

    Notes
    -----
    This is not the inverse of `im2col`: a pixel seen by three windows comes back three times.

    References
    ----------
    .. [1] PyTorch documentation, `torch.nn.Fold`.

    Examples
    --------
    >>> import numpy as np
    >>> cols = np.array([[[1.0, 2.0], [2.0, 3.0], [4.0, 5.0], [5.0, 6.0]]])
    >>> col2im(cols, (1, 1, 2, 3), (2, 2))
    array([[[[ 1.,  4.,  3.],
             [ 4., 10.,  6.]]]])
    """
    raise NotImplementedError


def conv2d_forward(
    x: np.ndarray, weight: np.ndarray, bias: np.ndarray, stride: int = 1, padding: int = 0
) -> np.ndarray:
    """Slide every kernel over every image and add the bias.

    Parameters
    ----------
    x : ndarray of float64, shape (N, C, H, W)
        A batch of images.
    weight : ndarray of float64, shape (F, C, KH, KW)
        F kernels, each as deep as the images. They are not flipped.
    bias : ndarray of float64, shape (F,)
        One number for each kernel.
    stride : int, default 1
        Step S between windows, down and to the right, in pixels.
    padding : int, default 0
        Zeros added on all four sides of each image.

    Returns
    -------
    out : ndarray of float64, shape (N, F, OH, OW)
        One feature map for each kernel. OH and OW are given by `conv_output_size`.

    Notes
    -----
    With p the padded x,

    out[n, f, i, j] = bias[f] + sum over c, k, l of p[n, c, i*S + k, j*S + l] * weight[f, c, k, l].

    References
    ----------
    .. [1] Deck 003 (GE 461), convolution layer.
    .. [2] LeCun, Bottou, Bengio & Haffner 1998, "Gradient-based learning applied to document
       recognition".
    .. [3] PyTorch documentation, `torch.nn.Conv2d`.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.array([[[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]]])
    >>> weight = np.array([[[[1.0, 0.0], [0.0, 1.0]]], [[[0.0, 1.0], [0.0, 0.0]]]])
    >>> conv2d_forward(x, weight, np.array([0.5, 0.0]))
    array([[[[6.5, 8.5]],
    <BLANKLINE>
            [[2. , 3. ]]]])
    """
    raise NotImplementedError


def conv2d_backward(
    grad_out: np.ndarray,
    x: np.ndarray,
    weight: np.ndarray,
    bias: np.ndarray,
    stride: int = 1,
    padding: int = 0,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Carry the gradient of the loss back through the convolution layer.

    Parameters
    ----------
    grad_out : ndarray of float64, shape (N, F, OH, OW)
        Gradient dL/dout of the loss L with respect to the layer's output.
    x : ndarray of float64, shape (N, C, H, W)
        The images of the forward pass, without padding.
    weight : ndarray of float64, shape (F, C, KH, KW)
        The kernels of the forward pass.
    bias : ndarray of float64, shape (F,)
        The bias of the forward pass.
    stride : int, default 1
        Step S of the forward pass.
    padding : int, default 0
        Zeros that the forward pass added on all four sides.

    Returns
    -------
    grad_x : ndarray of float64, shape (N, C, H, W)
        dL/dx, 0 at a pixel that no window covers.
    grad_weight : ndarray of float64, shape (F, C, KH, KW)
        dL/dweight.
    grad_bias : ndarray of float64, shape (F,)
        dL/dbias.

    Notes
    -----
    With p the padded x and g = grad_out,

    grad_bias[f] = sum over n, i, j of g[n, f, i, j],

    grad_weight[f, c, k, l] = sum over n, i, j of g[n, f, i, j] * p[n, c, i*S + k, j*S + l],

    and each g[n, f, i, j] adds g[n, f, i, j] * weight[f, c, k, l] to the gradient of pixel
    p[n, c, i*S + k, j*S + l]. Gradients are summed over the batch, not averaged.

    References
    ----------
    .. [1] LeCun, Bottou, Bengio & Haffner 1998, "Gradient-based learning applied to document
       recognition".
    .. [2] Deck 001 (CIS 6930, week 7), the chain rule.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.array([[[[1.0, 2.0, 3.0]]]])
    >>> weight = np.array([[[[10.0, 20.0]]]])
    >>> grad_out = np.array([[[[1.0, 3.0]]]])
    >>> grad_x, grad_weight, grad_bias = conv2d_backward(grad_out, x, weight, np.array([0.0]))
    >>> grad_x
    array([[[[10., 50., 60.]]]])
    >>> grad_weight
    array([[[[ 7., 11.]]]])
    >>> grad_bias
    array([4.])
    """
    raise NotImplementedError


def conv1d_causal(
    x: np.ndarray, weight: np.ndarray, bias: np.ndarray, dilation: int = 1
) -> np.ndarray:
    """Slide every kernel along time, so that no output sees a later step.

    Parameters
    ----------
    x : ndarray of float64, shape (N, C, L)
        A batch of series: C numbers at each of L steps.
    weight : ndarray of float64, shape (F, C, K)
        F kernels, each as deep as the series. They may be longer than the series.
    bias : ndarray of float64, shape (F,)
        One number for each kernel.
    dilation : int, default 1
        Steps D between two weights of a kernel, at least 1.

    Returns
    -------
    out : ndarray of float64, shape (N, F, L)
        As long as the series: one number for each step and kernel.

    Notes
    -----
    With x[n, c, t] = 0 before the start, t < 0,

    out[n, f, t] = bias[f] + sum over c, k of x[n, c, t - (K - 1 - k)*D] * weight[f, c, k].

    The last weight meets the step t itself, the first one looks (K - 1)*D steps back. So the size
    of the kernel says how far back an output looks, and the dilation stretches it for free.

    References
    ----------
    .. [1] Lecture "95-865, week 6", RNNs.
    .. [2] van den Oord et al. 2016, "WaveNet: A generative model for raw audio".
    .. [3] PyTorch documentation, `torch.nn.functional.conv1d`.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.array([[[1.0, 2.0, 3.0, 4.0]]])
    >>> weight = np.array([[[10.0, 1.0]]])
    >>> conv1d_causal(x, weight, np.array([0.5]))
    array([[[ 1.5, 12.5, 23.5, 34.5]]])
    >>> conv1d_causal(x, weight, np.array([0.5]), dilation=2)
    array([[[ 1.5,  2.5, 13.5, 24.5]]])
    """
    raise NotImplementedError


def depthwise_conv2d(
    x: np.ndarray, weight: np.ndarray, bias: np.ndarray, stride: int = 1, padding: int = 0
) -> np.ndarray:
    """Slide over every channel a kernel of its own, without mixing the channels.

    Parameters
    ----------
    x : ndarray of float64, shape (N, C, H, W)
        A batch of images.
    weight : ndarray of float64, shape (C, 1, KH, KW)
        One flat kernel for each channel. They are not flipped.
    bias : ndarray of float64, shape (C,)
        One number for each channel.
    stride : int, default 1
        Step S between windows, down and to the right, in pixels.
    padding : int, default 0
        Zeros added on all four sides of each image.

    Returns
    -------
    out : ndarray of float64, shape (N, C, OH, OW)
        One feature map for each channel. OH and OW are given by `conv_output_size`.

    Notes
    -----
    With p the padded x,

    out[n, c, i, j] = bias[c] + sum over k, l of p[n, c, i*S + k, j*S + l] * weight[c, 0, k, l].

    A convolution of 1x1 after it mixes the channels: the two together are a *separable*
    convolution, with C*KH*KW + F*C weights where an ordinary one has F*C*KH*KW.

    References
    ----------
    .. [1] Lecture "Data Science Decal", Convolutional Neural Networks > Xception (2016).
    .. [2] Chollet 2017, "Xception: Deep learning with depthwise separable convolutions".
    .. [3] PyTorch documentation, `torch.nn.Conv2d`, where `groups` is the number of channels.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.array([[[[1.0, 2.0], [3.0, 4.0]], [[5.0, 6.0], [7.0, 8.0]]]])
    >>> weight = np.array([[[[1.0, 1.0]]], [[[0.0, 10.0]]]])
    >>> depthwise_conv2d(x, weight, np.array([0.5, 0.0]))
    array([[[[ 3.5],
             [ 7.5]],
    <BLANKLINE>
            [[60. ],
             [80. ]]]])
    """
    raise NotImplementedError


def conv_transpose2d(
    x: np.ndarray, weight: np.ndarray, bias: np.ndarray, stride: int = 1, padding: int = 0
) -> np.ndarray:
    """Let every pixel paint all kernels into a larger image, and add where they overlap.

    Parameters
    ----------
    x : ndarray of float64, shape (N, C, H, W)
        A batch of small images.
    weight : ndarray of float64, shape (C, F, KH, KW)
        For each channel that comes in, a kernel for each channel that goes out.
    bias : ndarray of float64, shape (F,)
        One number for each channel that goes out.
    stride : int, default 1
        Pixels S from one painted kernel to the next.
    padding : int, default 0
        Pixels P that are cut off the large image, on all four sides.

    Returns
    -------
    out : ndarray of float64, shape (N, F, OH, OW)
        OH = (H - 1)*S + KH - 2*P and OW = (W - 1)*S + KW - 2*P, both at least 1.

    Notes
    -----
    On the large image, before it is cut, pixel x[n, c, i, j] adds

    x[n, c, i, j] * weight[c, f, k, l]    at (i*S + k, j*S + l) of channel f.

    Each number of `out` gets its bias once. This is what a convolution of the same kernel, stride
    and padding does to gradients on the way back, and how a decoder grows a picture.

    References
    ----------
    .. [1] Lecture "CIS 6930, week 7", Week 2 Autoencoders > Recap: Autoencoders.
    .. [2] Dumoulin & Visin 2016, "A guide to convolution arithmetic for deep learning".
    .. [3] PyTorch documentation, `torch.nn.ConvTranspose2d`.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.array([[[[1.0, 2.0]]]])
    >>> weight = np.array([[[[1.0, 10.0, 5.0]]]])
    >>> conv_transpose2d(x, weight, np.array([0.5]), stride=2)
    array([[[[ 1.5, 10.5,  7.5, 20.5, 10.5]]]])
    >>> conv_transpose2d(np.ones((1, 1, 2, 2)), np.ones((1, 1, 2, 2)), np.array([0.0]))
    array([[[[1., 2., 1.],
             [2., 4., 2.],
             [1., 2., 1.]]]])
    """
    raise NotImplementedError
