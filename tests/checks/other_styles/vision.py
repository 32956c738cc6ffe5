"""Boxes one pair at a time, Gram matrices as sums of outer products."""

import numpy as np


def iou(boxes, others):
    out = np.zeros((len(boxes), len(others)))
    for n, a in enumerate(boxes):
        for m, b in enumerate(others):
            width, height = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
            if width > 0 and height > 0:
                areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in (a, b)]
                out[n, m] = width * height / (sum(areas) - width * height)
    return out


def gram_matrix(features):
    n, c, h, w = features.shape
    out = np.zeros((n, c, c), order="F")
    for i in range(h):
        for j in range(w):
            v = features[:, :, i, j]
            out += v[:, :, None] * v[:, None, :]
    return out / (h * w) / c


def style_loss(features, target):
    def gram(maps):
        return np.einsum("nihw,njhw->nij", maps, maps) / maps[0].size

    apart = gram(features) - gram(target)
    return np.linalg.norm(apart) ** 2 / apart.size
