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
    points=3,
    decks=("001",),
    levels={"windows side by side": images(stride=None), "any stride": images()},
    features=WINDOW_FEATURES,
    terms=products_of("x"),
    hints=(
        "It is max pooling with another number for each window: which? By how many pixels is "
        "divided?",
        "image = [[1, 3, 2, 0], [4, 4, 8, 6]]\n"
        "With 2x2 windows, side by side:\n"
        "(1 + 3 + 4 + 4) / 4 = 3\n"
        "(2 + 0 + 8 + 6) / 4 = 4\n"
        "avg_pool2d_forward([[image]], (2, 2)) = [[[[3, 4]]]]",
        "step_h, step_w = ...                      # KH and KW where there is no stride\n"
        "out = np.empty((n, c, ..., ...))\n"
        "for i in range(...):\n"
        "    for j in range(...):\n"
        "        out[:, :, i, j] = ... of x[:, :, ... : ..., ... : ...]\n"
        "return out",
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
