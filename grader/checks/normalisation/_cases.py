"""The families of cases that the checks of normalisation share, and what tells them apart."""

from grader.checks._shared import largest_of
from grader.vocabulary import (
    array,
    between,
    dyadic,
    one_of,
    real,
    strategy,
    tied,
    undrawn,
    uniform,
    wide,
)

EPS = one_of(1.0, 0.1, 1e-3, 1e-5)
ALSO_FLAT = one_of(0, 1)


def table(draw, axis, flat, of):
    """Return numbers of which the first ones along `axis` are all equal where `flat`.

    A batch that is normalised over its samples has two of them at least.
    """
    n, d = draw(between(2 - axis, 5)), draw(between(1, 5))
    x = draw(array(n, d, of=of))
    if draw(flat):
        first = x if axis == 1 else x.T
        first[0] = first[0, 0]
    return x


@strategy
def samples(draw, axis, flat=0, numbers=(), backward=False):
    """Draw x, gamma, beta and `numbers`, after the upstream gradient where asked for.

    The numbers are normalised along `axis`.
    """
    x = table(draw, axis, flat, real if backward else wide)
    arguments = x, draw(array(x.shape[1])), draw(array(x.shape[1])), *map(draw, numbers)
    return (draw(array(*x.shape, of=wide)), *arguments) if backward else arguments


@strategy
def batches(draw, training=one_of(True, False), flat=0, numbers=()):
    """Draw the arguments of batch normalisation; `numbers` are momentum and eps, or nothing."""
    x = table(draw, 0, flat, wide)
    d = x.shape[1]
    before = draw(array(d)), draw(array(d, of=uniform(0.1, 4.0)))
    return x, draw(array(d)), draw(array(d)), *before, draw(training), *map(draw, numbers)


POSITIVE = undrawn(
    "zero tiny far huge ties near below",
    "A variance that was seen in training is above 0, and of the size of the numbers.",
    of="running_var",
)
PARAMETERS = undrawn(
    "huge below",
    "They are multiplied and added alone, in which nothing begins at a thousand.",
    of="gamma beta running_mean",
)
"""Why what normalised numbers meet is not larger than it is."""

NOT_HUGE = undrawn(
    "huge below",
    "The forward pass is asked about such numbers; here rounding them would decide, where all are "
    "nearly equal.",
    of="x",
)


LARGEST = 1e-5**-0.5
"""What a difference is multiplied with where all numbers are nearly equal, by the smallest eps."""


def largest_slope(grad_out, gamma):
    """Return how large the terms of a gradient can be."""
    return largest_of(grad_out) * largest_of(gamma) * LARGEST


def largest_number(x, gamma, beta):
    """Return how large what is rounded in a normalised number can be."""
    return largest_of(beta) + largest_of(x) * largest_of(gamma) * LARGEST


def all_equal(axis):
    """Return the feature that somewhere all numbers along an axis are equal, for other reasons."""
    return lambda x: (x.max(axis) == x.min(axis)).any()


TABLE_FEATURES = {
    "several features": lambda x: x.shape[1] > 1,
    "as many samples as features": lambda x: x.shape[0] == x.shape[1],
    "x far from 0": lambda x: abs(x.mean(0)).max() > 100.0,
}


@strategy
def blocks(draw, channels=between(1, 3), kernels=between(1, 3), images=between(1, 2), upstream=0):
    """Draw the arguments of a residual block, whose sums are exact in every order."""
    n, c, f = draw(images), draw(channels), draw(kernels)
    h, w = draw(between(1, 4)), draw(between(1, 4))
    shapes = (n, c, h, w), (f, c, 3, 3), (f,), (c, f, 3, 3), (c,)
    kinds = dyadic, tied, dyadic, tied, dyadic
    arguments = [draw(array(*s, of=kind)) for s, kind in zip(shapes, kinds, strict=True)]
    return (draw(array(n, c, h, w, of=wide)), *arguments) if upstream else tuple(arguments)


EXACT = undrawn(
    "tiny far huge ties near below",
    "The ReLUs look at sums, which are exact of halves and eighths: no right answer is on the "
    "other side of 0 by rounding.",
    of="x w1 b1 w2 b2",
)


def hidden_of(x, w1, b1):
    """Return what the first convolution of a block makes of NumPy's arrays, before its ReLU."""
    import numpy as np

    padded = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (3, 3), axis=(2, 3))
    return np.einsum("nchwij,fcij->nfhw", windows, w1) + b1[:, None, None]


def sum_of(x, w1, b1, w2, b2):
    """Return what a block adds up, before its last ReLU."""
    return x + hidden_of(hidden_of(x, w1, b1).clip(0), w2, b2)


BLOCK_FEATURES = {
    "several images": lambda x: len(x) > 1,
    "several channels": lambda x: x.shape[1] > 1,
    "several kernels": lambda w1: len(w1) > 1,
    "F and C different": lambda w1: w1.shape[0] != w1.shape[1],
    "H and W different": lambda x: x.shape[2] != x.shape[3],
    "an image of one pixel": lambda x: x.shape[2:] == (1, 1),
    "a sum below 0": lambda x, w1, b1, w2, b2: sum_of(x, w1, b1, w2, b2).min() < 0,
    "a sum of exactly 0": lambda x, w1, b1, w2, b2: (sum_of(x, w1, b1, w2, b2) == 0).any(),
    "a hidden sum of exactly 0": lambda x, w1, b1: (hidden_of(x, w1, b1) == 0).any(),
}
