"""The sum of the squared weights: one large weight costs more than many small ones."""

from grader.checks._shared import of_result
from grader.checks.losses._cases import WEIGHT_FEATURES, any_shape
from grader.checks.losses._mistakes import of_sum
from grader.vocabulary import Exercise, level


def deck_vectors():
    """Return the two vectors between which the deck's L2 penalty chooses."""
    import numpy as np

    return [(np.array([1.0, 0.0, 0.0, 0.0]),), (np.array([0.25, 0.25, 0.25, 0.25]),)]


exercise = Exercise(
    points=1,
    decks=("003",),
    levels={
        "vectors": level(any_shape(axes=1, arrays=1), fixed=deck_vectors),
        "more axes": any_shape(arrays=1),
    },
    features=WEIGHT_FEATURES,
    hints=(
        "What does one weight cost, and why do four quarters cost less than a single 1?",
        "l2_penalty([1, 0, 0, 0]) = 1 ** 2 = 1\n"
        "l2_penalty([0.25, 0.25, 0.25, 0.25]) = 4 * 0.25 ** 2 = 0.25",
        "squares = ...                # element by element\n"
        "return float(np.sum(...))    # without an axis; no factor, no root",
    ),
)


@exercise.equivalent
def l2_penalty(weight):
    return weight.square().sum()


of_sum(
    exercise,
    lambda weight: weight.square(),
    mean_for_sum="The mean is taken; the penalty is the sum.",
)
of_result(
    exercise,
    halved="There is a factor 1/2 too much: the penalty is the plain sum of squares.",
    doubled="There is a factor 2 too much: that belongs to the gradient.",
    norm_not_squared=(
        "This is the norm, with a root; the penalty is its square.",
        lambda penalty: penalty.sqrt(),
    ),
)


@exercise.mistake("The sum is squared: square each weight first, then add.")
def square_of_the_sum(weight):
    return weight.sum() ** 2


@exercise.mistake("These are absolute values, the L1 penalty: square the weights.")
def absolute(weight):
    return weight.abs().sum()


@exercise.mistake(
    "np.linalg.norm(weight, 2) of a matrix is its largest singular value, not the root of the sum "
    "of squares. Use np.sum(weight ** 2)."
)
def spectral_norm(weight):
    import torch

    if weight.ndim > 2:
        raise ValueError
    return torch.linalg.norm(weight, 2) ** 2


@exercise.mistake("The absolute value is taken of the sum of all weights, so that signs cancel.")
def sum_of_weights(weight):
    return weight.sum().abs()
