"""The mean of the squared errors: large errors count most."""

from grader.checks._shared import of_result
from grader.checks.losses._cases import SHAPE_FEATURES, any_shape
from grader.checks.losses._mistakes import of_mean, of_two_shapes
from grader.vocabulary import Exercise

exercise = Exercise(
    points=1,
    decks=("003",),
    levels={"vectors": any_shape(axes=1), "more axes": any_shape()},
    features=SHAPE_FEATURES,
    hints=(
        "Read the name backwards: what is an error, what is done with each, and what with all "
        "of them?",
        "(1 - 2) ** 2 = 1\n(4 - 1) ** 2 = 9\nmse_loss([1, 4], [2, 1]) = (1 + 9) / 2 = 5",
        "errors = ...\n"
        "return float(np.mean(...))   # without an axis: over all elements, whatever the shape",
    ),
)


@exercise.equivalent
def mse_loss(pred, target):
    import torch.nn.functional as F

    return F.mse_loss(pred, target)


def squares(pred, target):
    return (pred - target).square()


of_mean(
    exercise,
    squares,
    halved="There is a factor 1/2 too much; some books have it, this loss does not.",
    sum_for_mean="The squares are added up; the loss is their mean.",
)
of_two_shapes(exercise, squares)
of_result(
    exercise,
    doubled="There is a factor 2 too much: that belongs to the gradient.",
    root=(
        "There is a root too much: this is the RMSE, its square is the MSE.",
        lambda loss: loss.sqrt(),
    ),
)


@exercise.mistake("The errors are not squared, so that positive and negative ones cancel.")
def not_squared(pred, target):
    return (pred - target).mean()


@exercise.mistake("These are absolute errors; square them.")
def absolute(pred, target):
    return (pred - target).abs().mean()


@exercise.mistake("The mean is squared: square each error first, then average.")
def square_of_the_mean(pred, target):
    return (pred - target).mean() ** 2
