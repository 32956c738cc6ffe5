"""Training, with loops, counters, other algebra, and functions of other files of one's own."""

import math

import numpy as np
from linear import two_layer_backward
from optim import minibatches, sgd_step


def identity_init(n):
    weight = np.zeros((n, n), order="F")
    for i in range(n):
        weight[i, i] = 1
    return weight


def accuracy(probabilities, targets):
    right = 0
    for row, target in zip(probabilities, targets, strict=True):
        best = 0
        for k in range(len(row)):
            if row[k] > row[best]:
                best = k
        right += best == target
    return right / len(targets)


def confusion_matrix(predictions, targets, num_classes):
    counts = np.zeros((num_classes, num_classes), dtype=np.int32)
    for prediction, target in zip(predictions, targets, strict=True):
        counts[target][prediction] += 1
    return counts


def init_scale(fan_in, fan_out, mode):
    if min(fan_in, fan_out) <= 0:
        raise ValueError(f"fans of {fan_in} and {fan_out}")
    fans = {"xavier": (fan_in + fan_out) / 2, "he": fan_in / 2}
    if mode not in fans:
        raise ValueError(mode)
    return 1 / math.sqrt(fans[mode])


def early_stopping(losses, patience):
    lowest, kept, waited = float("inf"), None, 0
    for epoch in range(len(losses)):
        waited += 1
        if losses[epoch] < lowest:
            lowest, kept, waited = losses[epoch], epoch, 0
        if waited >= patience:
            return np.int64(kept)
    return kept


def numerical_gradient(f, x, eps=1e-6):
    f.calls = 0
    slopes = []
    for index in np.ndindex(*x.shape):
        before = x[index]
        sides = []
        for sign in (1, -1):
            x[index] = before + sign * eps
            sides.append(f(x))
            f.calls += 1
        x[index] = before
        slopes.append((sides[0] - sides[1]) / 2 / eps)
    assert f.calls == 2 * x.size
    return np.array(slopes).reshape(x.shape)


def sgd_epoch(x, targets, params, batch_size, order, lr):
    params, losses = list(params), []
    for batch in minibatches(len(x), batch_size, order):
        loss, *grads = two_layer_backward(x[batch], *params, targets[batch])
        losses.append(loss)
        for place, grad in enumerate(grads):
            params[place] = sgd_step(params[place], grad, lr)
    return params, losses
