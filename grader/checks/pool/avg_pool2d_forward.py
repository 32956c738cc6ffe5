"""The mean of every window."""

from math import prod

from grader.checks._shared import of_result, products_of
from grader.checks.pool._cases import (
    WINDOW_FEATURES,
    beginning_inside,
    filled_up,
    images,
    rounded_up,
)
from grader.checks.pool._mistakes import ROUNDED_UP, of_mean, of_windows
from grader.vocabulary import Exercise

exercise = Exercise(
    points=1,
    decks=("001",),
    levels={"windows side by side": images(stride=None), "any stride": images()},
    features=WINDOW_FEATURES,
    terms=products_of("x"),
    hints=(
        "It is max pooling with another number for each window: its mean.",
        "Window (i, j) begins at row i*SH and column j*SW; without a stride, SH is KH and SW is "
        "KW. The mean is the sum divided by KH * KW.",
        "Loop over i in range((H - KH) // SH + 1) and j likewise, and take "
        "x[:, :, i*SH:i*SH + KH, j*SW:j*SW + KW].mean(axis=(2, 3)).",
    ),
)


@exercise.equivalent
def pool(x, kernel_size, stride=None):
    import torch.nn.functional as F

    return F.avg_pool2d(x, kernel_size, stride)


of_windows(exercise)
of_mean(
    exercise,
    "The sum",
    "a window has",
    not_divided="The windows are summed; divide each sum by KH * KW.",
)
of_result(
    exercise,
    divided_by_their_sum=(
        "The sum is divided by KH + KW; a window has KH * KW pixels.",
        lambda mean, kernel_size: mean * (prod(kernel_size) / sum(kernel_size)),
    ),
    whole_numbers=(
        "The mean is cut to a whole number by //; divide with /.",
        lambda mean: mean.floor(),
    ),
    channels_pooled=(
        "The mean goes over the channels too; every channel is pooled alone.",
        lambda mean, x: mean.mean(1, keepdim=True).expand(-1, x.shape[1], -1, -1),
    ),
)


@exercise.mistake("This is the largest number of every window; average pooling takes the mean.")
def maximum_for_mean(x, kernel_size, stride=None):
    import torch.nn.functional as F

    return F.max_pool2d(x, kernel_size, stride)


def mean_of_inside(x, kernel_size, stride, windows):
    """Return the mean of what every window holds of x; nan where that is nothing."""
    held = pool(filled_up(x * 0.0 + 1.0, kernel_size, stride, windows), kernel_size, stride)
    return pool(filled_up(x, kernel_size, stride, windows), kernel_size, stride) / held


@exercise.mistake(
    "Windows that stick out of the image are kept, as the mean of what is inside; only whole "
    "windows count: (H - KH) // SH + 1."
)
def partial_windows_kept(x, kernel_size, stride=None):
    return mean_of_inside(x, kernel_size, stride, beginning_inside(x, kernel_size, stride))


@exercise.mistake(ROUNDED_UP)
def windows_rounded_up(x, kernel_size, stride=None):
    return mean_of_inside(x, kernel_size, stride, rounded_up(x, kernel_size, stride))
