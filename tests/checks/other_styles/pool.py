"""Pooling as a running maximum, a search in plain loops, and products with averaging matrices."""

import numpy as np


def corners(size, kernel, step):
    return [start for start in range(0, size, step) if start + kernel <= size]


def both_axes(x, kernel_size, stride):
    steps = kernel_size if stride is None else [stride] * 2
    return [corners(x.shape[2 + a], kernel_size[a], steps[a]) for a in range(2)]


def max_pool2d_forward(x, kernel_size, stride=None):
    tops, lefts = (np.array(starts) for starts in both_axes(x, kernel_size, stride))
    best = None
    for k, m in np.ndindex(*kernel_size):
        seen = x[:, :, (tops + k)[:, None], lefts + m]
        best = seen if best is None else np.where(seen > best, seen, best)
    return np.asfortranarray(best)


def max_pool2d_backward(grad_out, x, kernel_size, stride=None):
    tops, lefts = both_axes(x, kernel_size, stride)
    grad_x = np.zeros_like(x)
    for n, c in np.ndindex(*x.shape[:2]):
        for i, top in enumerate(tops):
            for j, left in enumerate(lefts):
                winner, best = None, None
                for row in range(top, top + kernel_size[0]):
                    for column in range(left, left + kernel_size[1]):
                        if winner is None or x[n, c, row, column] > best:
                            winner, best = (row, column), x[n, c, row, column]
                grad_x[(n, c, *winner)] += grad_out[n, c, i, j]
    return grad_x


def averaging(size, kernel, starts):
    matrix = np.zeros((len(starts), size))
    for row, start in zip(matrix, starts, strict=True):
        row[start : start + kernel] = 1.0 / kernel
    return matrix


def avg_pool2d_forward(x, kernel_size, stride=None):
    tops, lefts = both_axes(x, kernel_size, stride)
    down = averaging(x.shape[2], kernel_size[0], tops)
    across = averaging(x.shape[3], kernel_size[1], lefts)
    return np.einsum("ih,nchw,jw->ncij", down, x, across, optimize=True)


def avg_pool2d_backward(grad_out, x, kernel_size, stride=None):
    tops, lefts = both_axes(x, kernel_size, stride)
    down = averaging(x.shape[2], kernel_size[0], tops)
    across = averaging(x.shape[3], kernel_size[1], lefts)
    # The transposed product comes out as a view with its last two axes swapped.
    return (across.T @ grad_out.swapaxes(2, 3) @ down).swapaxes(2, 3)


def flatten(x):
    rows = [np.concatenate([plane.ravel() for plane in image]) for image in x]
    return np.array(rows, order="F")


def global_avg_pool2d(x):
    n, c = x.shape[:2]
    return np.array([[sum(plane.flat) / plane.size for plane in x[i]] for i in range(n)]).reshape(
        n, c
    )


def global_avg_pool2d_backward(grad_out, x):
    height, width = x.shape[-2:]
    return np.kron(grad_out.T[..., None, None], np.ones((height, width)) / height / width).swapaxes(
        0, 1
    )
