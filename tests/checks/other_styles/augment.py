"""Data augmentation, column by column, pixel by pixel and turn by turn."""

import numpy as np


def mirror(x):
    return np.stack([x[:, :, :, j] for j in range(x.shape[3] - 1, -1, -1)], axis=3)


def _source_rows(size, shift):
    return [(i, i - shift) for i in range(size) if 0 <= i - shift < size]


def translate(x, dy, dx):
    shifted = np.zeros(x.shape, order="F")
    for i, from_i in _source_rows(x.shape[2], dy):
        for j, from_j in _source_rows(x.shape[3], dx):
            shifted[:, :, i, j] = x[:, :, from_i, from_j]
    return shifted


def rotate90(x, k):
    for _ in range(k % 4):
        x = x.swapaxes(2, 3)[:, :, ::-1]
    return x
