"""The mean of the absolute errors: every error counts as much as it is large."""

from grader.checks.losses._cases import SHAPE_FEATURES, any_shape
from grader.checks.losses._mistakes import of_mean, of_two_shapes
from grader.vocabulary import Exercise

exercise = Exercise(
    points=1,
    decks=("003",),
    levels={"vectors": any_shape(axes=1), "more axes": any_shape()},
    features=SHAPE_FEATURES,
    hints=(
        "Read the name backwards: what is an error, how does it lose its sign, and what is done "
        "with all of them?",
        "abs(1 - 2) = 1\nabs(4 - 1) = 3\nmae_loss([1, 4], [2, 1]) = (1 + 3) / 2 = 2",
        "errors = ...\n"
        "return float(np.mean(... of errors))   # over all elements, whatever the shape",
    ),
)


@exercise.equivalent
def mae_loss(pred, target):
    import torch.nn.functional as F

    return F.l1_loss(pred, target)


def absolutes(pred, target):
    return (pred - target).abs()


of_mean(
    exercise,
    absolutes,
    halved="There is a factor 1/2 too much: the mean of the absolute errors has none.",
    sum_for_mean="The absolute errors are added up; the loss is their mean.",
)
of_two_shapes(exercise, absolutes)


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
