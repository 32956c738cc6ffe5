"""Each sample is moved to mean 0 and stretched to variance 1, then scaled and shifted."""

from grader.checks._shared import numpy_errors
from grader.checks.normalisation._cases import (
    ALSO_FLAT,
    EPS,
    PARAMETERS,
    TABLE_FEATURES,
    all_equal,
    largest_number,
    samples,
)
from grader.checks.normalisation._mistakes import normalised, of_measures, of_scale_and_shift
from grader.vocabulary import Exercise

exercise = Exercise(
    points=3,
    decks=(),
    levels={
        "eps as it is": samples(axis=1),
        "any eps, equal numbers": samples(axis=1, flat=ALSO_FLAT, numbers=(EPS,)),
    },
    features={
        **TABLE_FEATURES,
        "several samples": lambda x: len(x) > 1,
        "a sample whose numbers are all equal": all_equal(1),
        "a large eps": lambda eps: eps > 0.01,
    },
    never=[PARAMETERS],
    terms=largest_number,
    hints=(
        "How many means does a table of N samples have here: one for each sample, or one for each "
        "feature? Which of its axes are they taken along, and what shape must they have to be "
        "subtracted from every row?",
        "The sample [1, 5] with gamma [1, 10], beta [0, 3] and eps = 0.0625:\n"
        "mean 3, and the variance is the mean of the squares of -2 and 2:\n"
        "((1 - 3)**2 + (5 - 3)**2) / 2 = 4\n"
        "-2 / sqrt(4 + 0.0625) = -0.9923\n"
        "10 * 0.9923 + 3 = 12.923\n"
        "layer_norm_forward([[1, 5]], [1, 10], [0, 3], 0.0625) = [[-0.9923, 12.9228]]",
        "mean = x.mean(axis=..., keepdims=True)       # a column: one for each sample\n"
        "var = ...                                    # the mean of the squares of x - mean\n"
        "z = (x - ...) / np.sqrt(...)\n"
        "return ... * z + ...",
    ),
)


@exercise.equivalent
def layer_norm(x, gamma, beta, eps=1e-5):
    import torch.nn.functional as F

    return F.layer_norm(x, gamma.shape, gamma, beta, eps)


def by_hand(measure, x, gamma, beta, eps=1e-5):
    """Normalise with another measure of each sample."""
    mean, var = x.mean(1, keepdim=True), x.var(1, correction=0, keepdim=True)
    centre, root = measure(mean=mean, var=var, eps=eps, count=x.shape[1])
    return normalised(x, gamma, beta, centre, root)


of_measures(exercise, by_hand)
of_scale_and_shift(exercise, lambda change: change)


@exercise.mistake(
    "Mean and variance are those of each feature, over the batch (axis=0): that is batch "
    "normalisation. Here each sample has its own, axis=1."
)
def over_the_batch(x, gamma, beta, eps=1e-5):
    root = (x.var(0, correction=0) + eps).sqrt()
    return normalised(x, gamma, beta, x.mean(0), root)


@exercise.mistake(
    "One mean and one variance serve the whole table: each sample has its own, axis=1."
)
def whole_table(x, gamma, beta, eps=1e-5):
    return normalised(x, gamma, beta, x.mean(), (x.var(correction=0) + eps).sqrt())


@exercise.mistake(
    "The means lie along the wrong axis when they meet x: of shape (N,) they meet the features. "
    "Keep them as a column with keepdims=True."
)
@numpy_errors()
def no_keepdims(x, gamma, beta, eps=1e-5):
    root = (x.var(1, correction=0) + eps).sqrt()
    return normalised(x, gamma, beta, x.mean(1), root)


@exercise.mistake(
    "x is divided by the mean distance from the mean; it is the root of the mean square."
)
def mean_distance(x, gamma, beta, eps=1e-5):
    mean = x.mean(1, keepdim=True)
    return normalised(x, gamma, beta, mean, (x - mean).abs().mean(1, keepdim=True) + eps)
