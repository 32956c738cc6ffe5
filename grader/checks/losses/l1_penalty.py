"""The sum of the absolute values of the weights: it drives small weights to exactly 0."""

from grader.checks._shared import of_result
from grader.checks.losses._cases import WEIGHT_FEATURES, any_shape
from grader.checks.losses._mistakes import of_sum
from grader.vocabulary import Exercise

exercise = Exercise(
    points=1,
    decks=("003",),
    levels={"vectors": any_shape(axes=1, arrays=1), "more axes": any_shape(arrays=1)},
    features=WEIGHT_FEATURES,
    hints=(
        "Does a weight of -2 cost as much as one of 2? What is added up?",
        "l1_penalty([1, -2, 0, 0.5]) = 1 + 2 + 0 + 0.5 = 3.5",
        "sizes = ...                  # of every weight, without its sign\n"
        "return float(np.sum(...))    # all of them, whatever the shape",
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


of_sum(
    exercise, lambda weight: weight.abs(), mean_for_sum="The mean is taken; the penalty is the sum."
)
of_result(
    exercise,
    halved="There is a factor 1/2 too much: the penalty is the plain sum.",
    doubled="There is a factor 2 too much: the penalty is the plain sum.",
)


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
    "np.linalg.norm(weight, 1) of a matrix is its largest column sum. Use np.sum(np.abs(weight))."
)
def matrix_norm(weight):
    import torch

    if weight.ndim > 2:
        raise ValueError
    return torch.linalg.norm(weight, 1)
