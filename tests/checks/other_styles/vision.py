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


def non_max_suppression(boxes, scores, threshold):
    overlap = iou(boxes, boxes)
    left = sorted(range(len(scores)), key=lambda n: (-scores[n], n))
    kept = []
    while left:
        best = left.pop(0)
        kept.append(best)
        left = [n for n in left if overlap[best, n] <= threshold]
    return np.asarray(kept)


def pixel_cross_entropy(logits, targets):
    rows = logits.transpose(0, 2, 3, 1).reshape(-1, logits.shape[1])
    largest = rows.max(axis=1)
    sums = np.log(np.exp(rows - largest[:, None]).sum(axis=1)) + largest
    return np.mean(sums - rows[np.arange(len(rows)), targets.ravel()])


def mean_iou(predictions, targets, num_classes):
    shares = []
    for k in range(num_classes):
        found, right = predictions == k, targets == k
        if union := (found | right).sum():
            shares.append((found & right).sum() / union)
    return sum(shares) / len(shares)
