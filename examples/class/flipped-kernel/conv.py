"""Convolution as in the signals course."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def conv_output_size(input_size, kernel_size, stride=1, padding=0):
    if stride < 1 or padding < 0 or input_size < 1 or not 1 <= kernel_size <= input_size + 2 * padding:
        raise ValueError(f"{kernel_size=} does not fit {input_size=} at {stride=}, {padding=}")
    return (input_size + 2 * padding - kernel_size + stride) // stride


def zero_pad2d(x, padding):
    if padding < 0:
        raise ValueError("padding must not be negative")
    return np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))


def correlate2d(image, kernel):
    return np.einsum("ijab,ab->ij", sliding_window_view(image, kernel.shape), kernel[::-1, ::-1])


def views(x, kernel_size, stride, padding):
    """Return all windows as an array of shape (N, C, OH, OW, KH, KW)."""
    found = sliding_window_view(zero_pad2d(x, padding), kernel_size, axis=(2, 3))
    return found[:, :, ::stride, ::stride]


def im2col(x, kernel_size, stride=1, padding=0):
    windows = np.einsum("ncijab->ncabij", views(x, kernel_size, stride, padding))
    n, c, kh, kw, oh, ow = windows.shape
    return windows.reshape(n, c * kh * kw, oh * ow)


def col2im(cols, x_shape, kernel_size, stride=1, padding=0):
    n, c, h, w = x_shape
    kh, kw = kernel_size
    oh = conv_output_size(h, kh, stride, padding)
    ow = conv_output_size(w, kw, stride, padding)
    blocks = cols.reshape(n, c, kh, kw, oh, ow)
    padded = np.zeros((n, c, h + 2 * padding, w + 2 * padding))
    for a in range(kh):
        for b in range(kw):
            rows, columns = slice(a, a + stride * oh, stride), slice(b, b + stride * ow, stride)
            padded[:, :, rows, columns] += blocks[:, :, a, b]
    return padded[:, :, padding : padding + h, padding : padding + w]


def conv2d_forward(x, weight, bias, stride=1, padding=0):
    windows = views(x, weight.shape[2:], stride, padding)
    return np.einsum("ncijab,fcab->nfij", windows, weight[:, :, ::-1, ::-1]) + bias[:, None, None]


def conv2d_backward(grad_out, x, weight, bias, stride=1, padding=0):
    n, f, oh, ow = grad_out.shape
    windows = views(x, weight.shape[2:], stride, padding)
    grad_weight = np.einsum("nfij,ncijab->fcab", grad_out, windows)
    cols = np.einsum("nfij,fcab->ncabij", grad_out, weight).reshape(n, -1, oh * ow)
    grad_x = col2im(cols, x.shape, weight.shape[2:], stride, padding)
    return [grad_x, grad_weight, np.einsum("nfij->f", grad_out)]


def conv1d_causal(x, weight, bias, dilation=1):
    reach = (weight.shape[2] - 1) * dilation
    padded = np.pad(x, ((0, 0), (0, 0), (reach, 0)))
    windows = sliding_window_view(padded, reach + 1, axis=2)[..., ::dilation]
    return np.einsum("nctk,fck->nft", windows, weight) + bias[:, None]


def depthwise_conv2d(x, weight, bias, stride=1, padding=0):
    windows = views(x, weight.shape[2:], stride, padding)
    return np.einsum("ncijab,cab->ncij", windows, weight[:, 0]) + bias[:, None, None]


def conv_transpose2d(x, weight, bias, stride=1, padding=0):
    n, _, h, w = x.shape
    _, f, kh, kw = weight.shape
    out = np.zeros((n, f, (h - 1) * stride + kh, (w - 1) * stride + kw))
    for a in range(kh):
        for b in range(kw):
            painted = np.einsum("nchw,cf->nfhw", x, weight[:, :, a, b])
            rows = slice(a, a + (h - 1) * stride + 1, stride)
            out[:, :, rows, b : b + (w - 1) * stride + 1 : stride] += painted
    rows, columns = (slice(padding, size - padding) for size in out.shape[2:])
    return out[:, :, rows, columns] + bias[:, None, None]
