"""How far the reconstruction is from the input: the mean squared error over all elements."""

from grader.checks._shared import of_arguments, of_result
from grader.checks.generative._cases import SHAPE_FEATURES, alike
from grader.vocabulary import Exercise

exercise = Exercise(
    points=1,
    decks=("001",),
    levels={"arrays of any shape": alike(arrays=2)},
    features=SHAPE_FEATURES,
    hints=(
        "How far is each number from what it should be, whatever the sign? Over what is the "
        "mean: the samples, the features or both?",
        "The differences are 0 and 2 in the first row, 0 and -2 in the second:\n"
        "reconstruction_loss([[1, 2], [3, 4]], [[1, 0], [3, 6]]) = (0 + 4 + 0 + 4) / 4 = 2",
        "differences = ...\nreturn float(np.mean(...))    # one mean over everything",
    ),
)


@exercise.equivalent
def mse(x, x_hat, reduction="mean"):
    import torch.nn.functional as F

    return F.mse_loss(x_hat, x, reduction=reduction)


of_result(
    exercise,
    halved="Half of the mean squared error is returned; there is no ½ here.",
    rooted=(
        "The root of the mean is taken; the loss is the mean of the squares itself.",
        lambda loss: loss.sqrt(),
    ),
)
of_arguments(
    exercise,
    summed=("The squares are added up; take their mean.", {"reduction": "sum"}),
    no_mean=(
        "A loss for each element is returned; take the mean of them all.",
        {"reduction": "none"},
    ),
)


@exercise.mistake("The sum is divided by the batch size alone; the mean is over all elements.")
def mean_over_batch_alone(x, x_hat):
    return mse(x, x_hat, "sum") / len(x)


@exercise.mistake("The differences are taken without sign, but not squared.")
def absolute(x, x_hat):
    import torch.nn.functional as F

    return F.l1_loss(x_hat, x)


@exercise.mistake(
    "This is the norm of the difference; take the mean of the squares, without a root."
)
def norm(x, x_hat):
    return mse(x, x_hat, "sum").sqrt()


@exercise.mistake("The mean is squared; square the differences first, else they cancel out.")
def mean_squared(x, x_hat):
    return (x - x_hat).mean() ** 2


@exercise.mistake("The differences are not squared, so that they cancel out.")
def not_squared(x, x_hat):
    return (x - x_hat).mean()


@exercise.mistake("The differences are not squared, so that they cancel out.")
def not_squared_and_reversed(x, x_hat):
    return (x_hat - x).mean()


@exercise.mistake(
    "The mean is over the last axis alone; one number is asked for, np.mean of it all."
)
def mean_over_last_axis(x, x_hat):
    return mse(x, x_hat, "none").mean(-1)


@exercise.mistake(
    "The mean is over the first axis alone; one number is asked for, np.mean of it all."
)
def mean_over_first_axis(x, x_hat):
    return mse(x, x_hat, "none").mean(0)
