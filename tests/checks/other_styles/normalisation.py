"""Normalisation with loops, centred squares, other algebra, and functions of one's own files."""

import numpy as np
from conv import conv2d_backward, conv2d_forward


def dropout(x, keep_mask, p, training):
    if p < 0 or p >= 1:
        raise ValueError("no share")
    factor = keep_mask.astype(float) / (1 - p) if training else 1
    return x * factor


def layer_norm_forward(x, gamma, beta, eps=1e-5):
    out = np.empty(x.shape)
    for n, row in enumerate(x):
        centred = row - row.sum() / len(row)
        out[n] = gamma * centred * (np.dot(centred, centred) / len(row) + eps) ** -0.5 + beta
    return out


def batch_norm_forward(x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5):
    if training:
        mean = np.average(x, axis=0)
        centred = x - mean
        squares = (centred**2).sum(axis=0)
        var, keep = squares / len(x), 1 - momentum
        running_mean = keep * running_mean + momentum * mean
        running_var = keep * running_var + momentum * squares / (len(x) - 1)
    else:
        centred, var = x - running_mean, running_var
    return [centred * (gamma / np.sqrt(var + eps)) + beta, running_mean, running_var]


def step_by_step(grad, x, eps):
    """Go back through mean, square, root and quotient one after the other, over axis 0."""
    n = len(x)
    centred = x - x.mean(0)
    var = (centred**2).mean(0)
    inverse = (var + eps) ** -0.5
    grad_centred = grad * inverse
    grad_var = (grad * centred).sum(0) * -0.5 * inverse**3
    grad_centred = grad_centred + 2 / n * centred * grad_var
    return centred * inverse, grad_centred - grad_centred.sum(0) / n


def batch_norm_backward(grad_out, x, gamma, beta, eps=1e-5):
    z, grad_x = step_by_step(grad_out * gamma, x, eps)
    return grad_x, np.einsum("nd,nd->d", grad_out, z), np.ones(len(x)) @ grad_out


def layer_norm_backward(grad_out, x, gamma, beta, eps=1e-5):
    z, grad_x = step_by_step((grad_out * gamma).T, x.T, eps)
    return grad_x.T, (grad_out.T * z).sum(1), sum(grad_out)


def residual_block_forward(x, w1, b1, w2, b2):
    a = conv2d_forward(x, w1, b1, 1, 1)
    s = x + conv2d_forward(a * (a > 0), w2, b2, 1, 1)
    return np.where(s < 0, 0.0, s)


def residual_block_backward(grad_out, x, w1, b1, w2, b2):
    a = conv2d_forward(x, w1, b1, padding=1)
    hidden = np.maximum(0, a)
    s = x + conv2d_forward(hidden, w2, b2, padding=1)
    grad = grad_out.copy()
    grad[s <= 0] = 0
    grad_hidden, *second = conv2d_backward(grad, hidden, w2, b2, padding=1)
    grad_x, *first = conv2d_backward(grad_hidden * (a > 0), x, w1, b1, padding=1)
    return (grad + grad_x, *first, *second)
