"""A linear layer in sums and outer products, and a network that learns one sample at a time."""

import math

import numpy as np


def linear_forward(x, weight, bias):
    widened = np.concatenate([x, np.ones((len(x), 1))], axis=1)
    return (np.column_stack([weight, bias]) @ widened.T).T


def linear_backward(grad_out, x, weight, bias):
    grad_x = np.zeros(x.shape, order="F")
    grad_weight = np.zeros_like(weight)
    grad_bias = np.zeros_like(bias)
    for n, g in enumerate(grad_out):
        for o, value in enumerate(g):
            grad_x[n] += value * weight[o]
            grad_weight[o] += value * x[n]
            grad_bias[o] += value
    return [grad_x, grad_weight, grad_bias]


class Network:
    def __init__(self, w1, b1, w2, b2):
        self.w1, self.b1, self.w2, self.b2 = w1, b1, w2, b2

    def run(self, sample):
        before = [float(row @ sample + b) for row, b in zip(self.w1, self.b1, strict=True)]
        hidden = [max(0.0, z) for z in before]
        logits = [float(row @ hidden + b) for row, b in zip(self.w2, self.b2, strict=True)]
        return before, hidden, logits

    def probabilities(self, logits):
        # p_k = 1 / sum_j exp(z_j - z_k); a difference above 600 leaves nothing of p_k.
        return [
            0.0
            if max(logits) - z > 600.0
            else 1.0 / math.fsum(math.exp(other - z) for other in logits)
            for z in logits
        ]


def two_layer_forward(x, w1, b1, w2, b2):
    network = Network(w1, b1, w2, b2)
    return np.array([network.probabilities(network.run(sample)[2]) for sample in x])


def two_layer_backward(x, w1, b1, w2, b2, targets):
    network = Network(w1, b1, w2, b2)
    loss = np.zeros(())
    grads = [np.zeros(a.shape) for a in (w1, b1, w2, b2)]
    for sample, y in zip(x, targets, strict=True):
        before, hidden, logits = network.run(sample)
        top = max(logits)
        loss += top - logits[y] + math.log(math.fsum(math.exp(z - top) for z in logits))
        d_logits = np.array(network.probabilities(logits)) - np.eye(len(logits))[y]
        d_before = (w2.T @ d_logits) * np.heaviside(before, 0.0)
        for grad, more in zip(
            grads,
            (np.outer(d_before, sample), d_before, np.outer(d_logits, hidden), d_logits),
            strict=True,
        ):
            np.add(grad, more, out=grad)
    return [loss / len(x), *(grad / len(x) for grad in grads)]
