"""Generative models, with loops, logarithms of both outcomes and 0-d results."""

import math

import numpy as np


def mask_corrupt(x, keep_mask):
    corrupted = np.zeros(x.shape, order="F")
    kept = np.nonzero(keep_mask)
    corrupted[kept] = x[kept]
    return corrupted


def reconstruction_loss(x, x_hat):
    difference = np.ravel(x_hat) - np.ravel(x)
    return np.asarray(difference @ difference / difference.size)


def reparameterize(mu, logvar, eps):
    deviation = np.exp2(logvar * (0.5 / math.log(2)))
    return np.asfortranarray(deviation * eps + mu)


def kl_standard_normal(mu, logvar):
    batch = len(mu)
    total = 0.0
    for mean, log_variance in zip(mu.flat, logvar.flat, strict=True):
        # log(1 / sigma) + (sigma^2 + mu^2) / 2 - 1 / 2, with sigma^2 - 1 as one function.
        total += (math.expm1(log_variance) - log_variance + mean * mean) / 2
    return total / batch


def _cross_entropy(logits, label):
    """Return the mean binary cross-entropy when every sample has the same label."""
    costs = [max(z, 0.0) - z * label + math.log1p(math.exp(-abs(z))) for z in logits.flat]
    return math.fsum(costs) / len(costs)


def discriminator_loss(real_logits, fake_logits):
    return np.float64(_cross_entropy(real_logits, 1) + _cross_entropy(fake_logits, 0))


def generator_loss(fake_logits):
    return np.array(_cross_entropy(fake_logits, 1))


def autoencoder_forward(x, w1, b1, w2, b2):
    rebuilt = []
    for sample in x:
        code = [max(0.0, b + w.dot(sample)) for w, b in zip(w1, b1, strict=True)]
        scores = w2.dot(np.array(code)) + b2
        rebuilt.append(np.exp(-np.logaddexp(0.0, -scores)))
    return np.array(rebuilt)


def autoencoder_backward(x, target, w1, b1, w2, b2):
    rebuilt = autoencoder_forward(x, w1, b1, w2, b2)
    before = np.einsum("md,nd->nm", w1, x) + b1
    alive = before > 0
    delta = (rebuilt - target) * (rebuilt - rebuilt**2) / (x.size / 2)
    back = alive * np.einsum("nd,dm->nm", delta, w2)
    ones = np.ones(len(x))
    loss = np.linalg.norm(rebuilt - target) ** 2 / x.size
    return [
        loss,
        np.einsum("nm,nd->md", back, x),
        ones @ back,
        delta.T @ (before * alive),
        ones @ delta,
    ]
