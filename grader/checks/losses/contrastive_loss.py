"""Distances to what belongs to the anchor are paid for, distances to the rest are earned."""

from grader.checks._shared import (
    SUMS_OF_PRODUCTS,
    cut_at_zero,
    numpy_errors,
    of_arguments,
    of_result,
    products_of,
    transposed,
)
from grader.vocabulary import Exercise, array, between, strategy


@strategy
def samples(draw, positives=between(1, 4), negatives=between(1, 4)):
    """Draw an anchor, samples that belong to it and samples that do not, and a weight."""
    p, m = draw(positives), draw(negatives)
    d, k = draw(between(1, 5)), draw(between(1, 4))
    return draw(array(d)), draw(array(p, d)), draw(array(m, d)), draw(array(d, k))


exercise = Exercise(
    points=3,
    decks=("003",),
    levels={
        "one positive, one negative": samples(positives=1, negatives=1),
        "several of each": samples(positives=between(2, 4), negatives=between(2, 5)),
    },
    features={
        "several positives": lambda positives: len(positives) > 1,
        "as many negatives as positives": lambda positives, negatives: (
            len(positives) == len(negatives)
        ),
        "a square weight": lambda weight: weight.shape[0] == weight.shape[1],
        "K = 1": lambda weight: weight.shape[1] == 1,
    },
    never=[SUMS_OF_PRODUCTS],
    terms=products_of("anchor positives negatives", "weight"),
    hints=(
        "What is the distance of the anchor to one sample: what is done with both by the "
        "weight, and what with their difference? Which distances should be small, and which "
        "large?",
        "The weight changes nothing here (it is the identity), the anchor is [0, 0]:\n"
        "sqrt(3 ** 2 + 4 ** 2) = 5    to the positive [3, 4]\n"
        "sqrt(0 ** 2 + 6 ** 2) = 6    to the negative [0, 6]\n"
        "contrastive_loss([0, 0], [[3, 4]], [[0, 6]], [[1, 0], [0, 1]]) = 5 - 6 = -1",
        "def distances(samples):                    # (P, D) to (P,)\n"
        "    differences = (anchor - ...) @ ...\n"
        "    return np.linalg.norm(..., axis=...)   # the length of each row\n"
        "Add up those of the positives, and take away those of the negatives.",
    ),
)


def distances(anchor, others, weight, order=2):
    """Return the distance of the anchor to each row of `others`, in the mapped space."""
    return ((anchor - others) @ weight).norm(order, 1)


@exercise.equivalent
def contrastive_loss(anchor, positives, negatives, weight, order=2):
    near = distances(anchor, positives, weight, order)
    return near.sum() - distances(anchor, negatives, weight, order).sum()


of_arguments(
    exercise,
    no_weight=(
        "The weight is not used: map anchor and samples with it before you measure.",
        {"weight": lambda weight: weight.new_ones(len(weight)).diag()},
    ),
    weight_transposed=(
        "The weight is used the wrong way round: it has shape (D, K), so that a sample v is mapped "
        "by v @ weight, which is weight.T @ v.",
        {"weight": transposed},
    ),
    signs_turned=(
        "The signs are turned: positives are paid for (+), negatives are earned (-).",
        {"positives": lambda _, negatives: negatives, "negatives": lambda _, positives: positives},
    ),
    absolute_distances=(
        "The distances are sums of absolute values; the Euclidean norm squares.",
        {"order": 1},
    ),
    first_of_each=(
        "Only the first positive and the first negative count: add over all of them.",
        dict.fromkeys(("positives", "negatives"), lambda samples: samples[:1]),
    ),
)
of_result(
    exercise,
    cut_off_at_zero=("max(0, …) cuts negative losses off: this loss may be negative.", cut_at_zero),
)


@exercise.mistake("The anchor is not mapped: subtract weight.T @ sample from weight.T @ anchor.")
@numpy_errors()
def anchor_not_mapped(anchor, positives, negatives, weight):
    near = (anchor - positives @ weight).norm(2, 1).sum()
    return near - (anchor - negatives @ weight).norm(2, 1).sum()


@exercise.mistake("The distances to the negatives are added; subtract them.")
def negatives_added(anchor, positives, negatives, weight):
    near = distances(anchor, positives, weight).sum()
    return near + distances(anchor, negatives, weight).sum()


@exercise.mistake("The negatives are forgotten.")
def no_negatives(anchor, positives, negatives, weight):
    return distances(anchor, positives, weight).sum()


@exercise.mistake("The distances are averaged over the samples; add them up.")
def means_for_sums(anchor, positives, negatives, weight):
    near = distances(anchor, positives, weight)
    return near.mean() - distances(anchor, negatives, weight).mean()


@exercise.mistake("The distances are squared: the root of the norm is missing.")
def squared_distances(anchor, positives, negatives, weight):
    near = distances(anchor, positives, weight).square().sum()
    return near - distances(anchor, negatives, weight).square().sum()


@exercise.mistake(
    "np.linalg.norm without an axis takes one norm of all samples together: axis=1 gives each its "
    "own, which are added."
)
def one_norm_for_all(anchor, positives, negatives, weight):
    near = ((anchor - positives) @ weight).norm()
    return near - ((anchor - negatives) @ weight).norm()


@exercise.mistake("The norm runs over the samples (axis 0); each sample is a row, so use axis=1.")
def norm_over_samples(anchor, positives, negatives, weight):
    near = ((anchor - positives) @ weight).norm(2, 0).sum()
    return near - ((anchor - negatives) @ weight).norm(2, 0).sum()


@exercise.mistake(
    "The norm is taken of the summed differences: add the norms, one for each sample."
)
def norm_of_the_sum(anchor, positives, negatives, weight):
    near = ((anchor - positives) @ weight).sum(0).norm()
    return near - ((anchor - negatives) @ weight).sum(0).norm()


@exercise.mistake("These are dot products with the anchor; the loss takes distances.")
def dot_products(anchor, positives, negatives, weight):
    home = anchor @ weight
    return (positives @ weight @ home).sum() - (negatives @ weight @ home).sum()
