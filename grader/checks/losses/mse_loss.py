"""The mean of the squared errors: large errors count most."""

from grader.checks._shared import numpy_errors
from grader.checks.losses._cases import SHAPE_FEATURES, any_shape
from grader.vocabulary import Exercise

exercise = Exercise(
    points=1,
    decks=("003",),
    levels={"vectors": any_shape(axes=1), "more axes": any_shape()},
    features=SHAPE_FEATURES,
    hints=(
        "Read the name backwards: the errors, squared, and then their mean.",
        "NumPy subtracts and squares arrays of any shape element by element. No loop is needed.",
        "(pred - target) ** 2 holds one number for each element; np.mean without an axis averages "
        "them all.",
    ),
)


@exercise.equivalent
def mse_loss(pred, target):
    import torch.nn.functional as F

    return F.mse_loss(pred, target)


@exercise.mistake("There is a factor 1/2 too much; some books have it, this loss does not.")
def halved(pred, target):
    return mse_loss(pred, target) / 2


@exercise.mistake("There is a factor 2 too much: that belongs to the gradient.")
def doubled(pred, target):
    return mse_loss(pred, target) * 2


@exercise.mistake("The squares are added up; the loss is their mean.")
def sum_for_mean(pred, target):
    return mse_loss(pred, target) * pred.numel()


@exercise.mistake(
    "The sum is divided by len(pred), the length of the first axis; divide by the number of all "
    "elements, pred.size."
)
def mean_over_first_axis(pred, target):
    return mse_loss(pred, target) * pred.numel() / len(pred)


@exercise.mistake("np.mean with axis=0 leaves one number for each column: average all elements.")
def mean_of_each_column(pred, target):
    return ((pred - target) ** 2).mean(0)


@exercise.mistake("The errors are not squared, so that positive and negative ones cancel.")
def not_squared(pred, target):
    return (pred - target).mean()


@exercise.mistake("These are absolute errors; square them.")
def absolute(pred, target):
    return (pred - target).abs().mean()


@exercise.mistake("The mean is squared: square each error first, then average.")
def square_of_the_mean(pred, target):
    return (pred - target).mean() ** 2


@exercise.mistake("There is a root too much: this is the RMSE, its square is the MSE.")
def root(pred, target):
    return mse_loss(pred, target).sqrt()


@exercise.mistake(
    "target is squeezed and pred is not: (N, 1) - (N,) becomes (N, N). Both have the same shape; "
    "subtract them as they are."
)
@numpy_errors()
def target_squeezed(pred, target):
    return ((pred - target.squeeze()) ** 2).mean()


@exercise.mistake(
    "target is flattened and pred is not: (N, 1) - (N,) becomes (N, N). Both have the same shape; "
    "subtract them as they are."
)
@numpy_errors()
def target_flattened(pred, target):
    return ((pred - target.flatten()) ** 2).mean()
