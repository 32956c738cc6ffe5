"""Losses one sample and one number at a time, as NumPy scalars, 0-d arrays and inner products."""

import math

import numpy as np


def cross_entropy(logits, targets):
    costs = []
    for row, y in zip(logits.tolist(), targets.tolist(), strict=True):
        top = max(row)
        costs.append(top - row[y] + math.log(math.fsum(math.exp(z - top) for z in row)))
    return np.float64(math.fsum(costs) / len(costs))


def cross_entropy_backward(logits, targets):
    # p_k = 1 / sum_j exp(z_j - z_k); a gap of 600 already leaves nothing of p_k.
    gaps = logits[:, None, :] - logits[:, :, None]
    probabilities = 1.0 / np.exp(np.minimum(gaps, 600.0)).sum(axis=2)
    wanted = np.equal.outer(targets, np.arange(logits.shape[1]))
    return np.asfortranarray((probabilities - wanted) / len(logits))


def hinge_loss(scores, targets):
    total = 0.0
    for row, y in zip(scores, targets, strict=True):
        total += sum(max(0.0, s - row[y] + 1.0) for j, s in enumerate(row) if j != y)
    return np.array(total / len(scores))


def hinge_loss_backward(scores, targets):
    grad = np.zeros_like(scores)
    share = 1.0 / len(targets)
    for n, y in enumerate(targets):
        for j in range(scores.shape[1]):
            if j != y and scores[n, j] - scores[n, y] + 1.0 > 0.0:
                grad[n, j] += share
                grad[n, y] -= share
    return grad


def mse_loss(pred, target):
    error = (pred - target).ravel()
    return np.inner(error, error) / error.size


def mae_loss(pred, target):
    return math.fsum(abs(p - t) for p, t in zip(pred.flat, target.flat, strict=True)) / pred.size


def mean_bias_error(pred, target):
    return np.array(
        math.fsum(t - p for p, t in zip(pred.flat, target.flat, strict=True)) / pred.size
    )


def l2_penalty(weight):
    return np.vdot(weight, weight)


def l1_penalty(weight):
    return math.fsum(map(abs, weight.ravel().tolist()))


def elastic_net(weight, beta):
    return np.array(sum((beta * abs(w) + 1.0) * abs(w) for w in weight.flat))


def multi_task_loss(losses, weights):
    return np.float64(sum(w * one for w, one in zip(weights, losses, strict=True)))


def contrastive_loss(anchor, positives, negatives, weight):
    home = weight.T @ anchor

    def away(sample):
        return math.dist(weight.T @ sample, home)

    return math.fsum([*map(away, positives), *(-away(sample) for sample in negatives)])


def distance(v, w):
    return sum((x - y) ** 2 for x, y in zip(v, w, strict=True)) ** 0.5


def triplet_margin_loss(anchor, positive, negative, margin=1.0):
    total = 0.0
    for a, p, q in zip(anchor, positive, negative, strict=True):
        total += max(distance(a, p) - distance(a, q) + margin, 0.0)
    return total / len(anchor)


def margin_contrastive_loss(a, b, same, margin=1.0):
    gaps = np.sqrt(np.einsum("nd,nd->n", a - b, a - b) + 1e-14)
    return np.average(np.where(same > 0.5, gaps, np.clip(margin - gaps, 0.0, None)) ** 2)
