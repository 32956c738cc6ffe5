"""Pooling with strided views and einsum."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def steps(kernel_size, stride):
    return tuple(kernel_size) if stride is None else (stride, stride)


def views(x, kernel_size, stride):
    """Return all windows, flat: (N, C, OH, OW, KH * KW)."""
    sh, sw = steps(kernel_size, stride)
    found = sliding_window_view(x, kernel_size, axis=(2, 3))[:, :, ::sh, ::sw]
    return found.reshape(*found.shape[:4], -1)


def scatter(share, x, kernel_size, stride):
    """Add share (N, C, OH, OW, KH * KW) back to the pixels that it came from."""
    kh, kw = kernel_size
    sh, sw = steps(kernel_size, stride)
    oh, ow = share.shape[2:4]
    grad_x = np.zeros(x.shape)
    for place in range(kh * kw):
        a, b = divmod(place, kw)
        grad_x[:, :, a : a + sh * oh : sh, b : b + sw * ow : sw] += share[..., place]
    return grad_x


def max_pool2d_forward(x, kernel_size, stride=None):
    return views(x, kernel_size, stride).max(axis=-1)


def max_pool2d_backward(grad_out, x, kernel_size, stride=None):
    windows = views(x, kernel_size, stride)
    first = np.eye(windows.shape[-1])[windows.argmax(axis=-1)]
    return scatter(np.einsum("ncij,ncijk->ncijk", grad_out, first), x, kernel_size, stride)


def avg_pool2d_forward(x, kernel_size, stride=None):
    return np.einsum("ncijk->ncij", views(x, kernel_size, stride)) / np.prod(kernel_size)


def avg_pool2d_backward(grad_out, x, kernel_size, stride=None):
    size = kernel_size[0] * kernel_size[1]
    share = np.repeat(grad_out[..., None] / size, size, axis=-1)
    return scatter(share, x, kernel_size, stride)


def flatten(x):
    return x.reshape(len(x), -1)


def global_avg_pool2d(x):
    return np.einsum("nchw->nc", x) / np.prod(x.shape[2:])


def global_avg_pool2d_backward(grad_out, x):
    return np.einsum("nc,nchw->nchw", grad_out, np.ones(x.shape)) / np.prod(x.shape[2:])
