"""The sum of the absolute values of the weights: it drives small weights to exactly 0."""

from grader.checks.losses._cases import WEIGHT_FEATURES, any_shape
from grader.vocabulary import Exercise

exercise = Exercise(
    points=1,
    decks=("003",),
    levels={"vectors": any_shape(axes=1, arrays=1), "more axes": any_shape(arrays=1)},
    features=WEIGHT_FEATURES,
    hints=(
        "A weight of -2 costs as much as one of 2.",
        "np.abs takes the absolute value of every element. Add them all, whatever the shape.",
        "np.sum without an axis adds all elements: np.sum(np.abs(weight)).",
    ),
)


@exercise.equivalent
def l1_penalty(weight):
    return weight.abs().sum()


@exercise.mistake("The signs are kept, so that weights cancel: np.abs is missing.")
def signs_kept(weight):
    return weight.sum()


@exercise.mistake("np.abs is taken of the sum: take it of each weight first, then add.")
def absolute_sum(weight):
    return weight.sum().abs()


@exercise.mistake("The mean is taken; the penalty is the sum.")
def mean_for_sum(weight):
    return l1_penalty(weight) / weight.numel()


@exercise.mistake("The sum is divided by len(weight); the penalty is not divided by anything.")
def divided_by_rows(weight):
    return l1_penalty(weight) / len(weight)


@exercise.mistake("There is a factor 1/2 too much: the penalty is the plain sum.")
def halved(weight):
    return l1_penalty(weight) / 2


@exercise.mistake("There is a factor 2 too much: the penalty is the plain sum.")
def doubled(weight):
    return l1_penalty(weight) * 2


@exercise.mistake("The weights are squared, the L2 penalty: take their absolute values.")
def squared(weight):
    return weight.square().sum()


@exercise.mistake("This is the Euclidean norm, with squares and a root: add absolute values.")
def euclidean_norm(weight):
    return weight.square().sum().sqrt()


@exercise.mistake("Only the largest weight counts: add the absolute values of all.")
def largest_only(weight):
    return weight.abs().max()


@exercise.mistake(
    "Only the first axis is summed (Python's sum does that): np.sum without an axis adds all."
)
def sum_of_rows(weight):
    return weight.abs().sum(0)


@exercise.mistake(
    "np.linalg.norm(weight, 1) of a matrix is its largest column sum. Use np.sum(np.abs(weight))."
)
def matrix_norm(weight):
    import torch

    if weight.ndim > 2:
        raise ValueError
    return torch.linalg.norm(weight, 1)
