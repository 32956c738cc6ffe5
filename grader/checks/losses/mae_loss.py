"""The mean of the absolute errors: every error counts as much as it is large."""

from grader.checks._shared import numpy_errors
from grader.checks.losses._cases import SHAPE_FEATURES, any_shape
from grader.vocabulary import Exercise

exercise = Exercise(
    points=1,
    decks=("003",),
    levels={"vectors": any_shape(axes=1), "more axes": any_shape()},
    features=SHAPE_FEATURES,
    hints=(
        "Read the name backwards: the errors, without their signs, and then their mean.",
        "np.abs works on arrays of any shape element by element. No loop is needed.",
        "np.abs(pred - target) holds one number for each element; np.mean without an axis averages "
        "them all.",
    ),
)


@exercise.equivalent
def mae_loss(pred, target):
    import torch.nn.functional as F

    return F.l1_loss(pred, target)


@exercise.mistake("There is a factor 1/2 too much: the mean of the absolute errors has none.")
def halved(pred, target):
    return mae_loss(pred, target) / 2


@exercise.mistake("The absolute errors are added up; the loss is their mean.")
def sum_for_mean(pred, target):
    return mae_loss(pred, target) * pred.numel()


@exercise.mistake(
    "The sum is divided by len(pred), the length of the first axis; divide by the number of all "
    "elements, pred.size."
)
def mean_over_first_axis(pred, target):
    return mae_loss(pred, target) * pred.numel() / len(pred)


@exercise.mistake("np.mean with axis=0 leaves one number for each column: average all elements.")
def mean_of_each_column(pred, target):
    return (pred - target).abs().mean(0)


@exercise.mistake(
    "The signs are kept, so that positive and negative errors cancel: np.abs is missing."
)
def signs_kept(pred, target):
    return (pred - target).mean()


@exercise.mistake("np.abs is taken of the mean: take it of each error first, then average.")
def absolute_mean(pred, target):
    return (pred - target).mean().abs()


@exercise.mistake("The errors are squared; take their absolute values.")
def squared(pred, target):
    return ((pred - target) ** 2).mean()


@exercise.mistake("This is the root of the mean squared error: take np.abs of each error instead.")
def root_of_squares(pred, target):
    return ((pred - target) ** 2).mean().sqrt()


@exercise.mistake("This is the median of the absolute errors; the loss is their mean.")
def median(pred, target):
    return (pred - target).abs().quantile(0.5)


@exercise.mistake("np.abs is taken of pred and target, not of their difference.")
def difference_of_absolutes(pred, target):
    return (pred.abs() - target.abs()).mean()


@exercise.mistake(
    "target is squeezed and pred is not: (N, 1) - (N,) becomes (N, N). Both have the same shape; "
    "subtract them as they are."
)
@numpy_errors()
def target_squeezed(pred, target):
    return (pred - target.squeeze()).abs().mean()


@exercise.mistake(
    "target is flattened and pred is not: (N, 1) - (N,) becomes (N, N). Both have the same shape; "
    "subtract them as they are."
)
@numpy_errors()
def target_flattened(pred, target):
    return (pred - target.flatten()).abs().mean()
