"""Pooling with plain loops."""

import numpy as np


def windows(x, kernel_size, stride):
    """Yield every output position with the slices of its window."""
    kh, kw = kernel_size
    sh, sw = (kh, kw) if stride is None else (stride, stride)
    for i in range((x.shape[2] - kh) // sh + 1):
        for j in range((x.shape[3] - kw) // sw + 1):
            yield i, j, slice(i * sh, i * sh + kh), slice(j * sw, j * sw + kw)


def pooled(x, kernel_size, stride, function):
    places = list(windows(x, kernel_size, stride))
    out = np.zeros((*x.shape[:2], places[-1][0] + 1, places[-1][1] + 1))
    for i, j, rows, columns in places:
        out[:, :, i, j] = function(x[:, :, rows, columns], axis=(2, 3))
    return out


def max_pool2d_forward(x, kernel_size, stride=None):
    return pooled(x, kernel_size, stride, np.max)


def max_pool2d_backward(grad_out, x, kernel_size, stride=None):
    grad_x = np.zeros_like(x)
    for i, j, rows, columns in windows(x, kernel_size, stride):
        for n in range(x.shape[0]):
            for c in range(x.shape[1]):
                window = x[n, c, rows, columns]
                a, b = np.unravel_index(np.argmax(window), window.shape)
                grad_x[n, c, rows.start + a, columns.start + b] += grad_out[n, c, i, j]
    return grad_x


def avg_pool2d_forward(x, kernel_size, stride=None):
    return pooled(x, kernel_size, stride, np.mean)


def avg_pool2d_backward(grad_out, x, kernel_size, stride=None):
    grad_x = np.zeros_like(x)
    for i, j, rows, columns in windows(x, kernel_size, stride):
        share = grad_out[:, :, i, j] / (kernel_size[0] * kernel_size[1])
        grad_x[:, :, rows, columns] += share[:, :, None, None]
    return grad_x


def flatten(x):
    return np.array([image.ravel() for image in x])


def global_avg_pool2d(x):
    out = np.zeros(x.shape[:2])
    for i in range(x.shape[2]):
        for j in range(x.shape[3]):
            out += x[:, :, i, j]
    return out / (x.shape[2] * x.shape[3])


def global_avg_pool2d_backward(grad_out, x):
    grad_x = np.zeros_like(x)
    for i in range(x.shape[2]):
        for j in range(x.shape[3]):
            grad_x[:, :, i, j] = grad_out / (x.shape[2] * x.shape[3])
    return grad_x
