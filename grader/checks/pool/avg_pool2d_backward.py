"""The gradient of every window is shared equally among its pixels."""

from math import prod

from grader.checks._shared import of_arguments, of_result, one, products_of
from grader.checks.pool._cases import (
    WINDOW_FEATURES,
    avg_pool2d,
    columns,
    images,
    last_written,
    max_pool2d,
    share_out,
)
from grader.checks.pool._mistakes import of_mean, of_windows_back
from grader.vocabulary import Exercise, gradients

exercise = Exercise(
    points=4,
    decks=("001",),
    requires=("avg_pool2d_forward",),
    levels={
        "windows side by side": images(stride=None, backward=True),
        "any stride": images(backward=True),
    },
    features=WINDOW_FEATURES,
    terms=products_of("grad_out"),
    hints=(
        "How much does one pixel count for the mean of its window? What does it get from one "
        "window, and what from two? Do the numbers in x matter?",
        "Two 2x2 windows on three columns, stride 1, grad_out [4, 8]:\n"
        "4 / 4 = 1            a pixel on the left gets this\n"
        "8 / 4 = 2            one on the right\n"
        "4 / 4 + 8 / 4 = 3    one in the middle lies in both\n"
        "avg_pool2d_backward([[[[4, 8]]]], zeros(1, 1, 2, 3), (2, 2), 1)[0, 0, 0] = [1, 3, 2]",
        "share = ...                   # what every pixel of a window gets\n"
        "grad_x = np.zeros(...)\n"
        "for every window (i, j):\n"
        "    grad_x[:, :, ... : ..., ... : ...] += share[:, :, i : i + 1, j : j + 1]\n"
        "return grad_x",
    ),
)


@exercise.equivalent
def backward(grad_out, x, kernel_size, stride=None):
    return gradients(lambda x: avg_pool2d(x, kernel_size, stride), grad_out, x)[0]


def shares(grad_out, x, kernel_size, stride):
    """Return what each place of each window gets, as columns."""
    everybody = columns(x, kernel_size, stride) * 0.0 + 1.0
    return everybody * grad_out.flatten(2).unsqueeze(2) / (kernel_size[0] * kernel_size[1])


of_windows_back(exercise, avg_pool2d)
of_mean(
    exercise,
    "grad_out",
    "it is shared by",
    not_divided="Every pixel gets all of grad_out; divide it by KH * KW.",
)
of_result(
    exercise,
    divided_by_image=(
        "grad_out is divided by H * W of the image; it is shared by the window's KH * KW.",
        lambda grad_x, x, kernel_size: grad_x * prod(kernel_size) / prod(x.shape[2:]),
    ),
    times_x=(
        "The gradient is multiplied by x; a mean's gradient does not depend on x.",
        lambda grad_x, x: grad_x * x,
    ),
    maximum_paid=(
        "The largest pixel takes all, as in max pooling; every pixel gets an equal share.",
        lambda _, grad_out, x, kernel_size, stride: gradients(
            lambda x: max_pool2d(x, kernel_size, stride), grad_out, x
        )[0],
    ),
)
of_arguments(
    exercise,
    upstream_forgotten=(
        "grad_out is forgotten: every window gives 1 / (KH * KW); multiply by grad_out.",
        {"grad_out": one},
    ),
)


@exercise.mistake("Every window overwrites the ones before it where they overlap: += instead of =.")
def last_window_stays(grad_out, x, kernel_size, stride=None):
    given = shares(grad_out, x, kernel_size, stride)
    kept = last_written(given * 0.0 + 1.0, x, kernel_size, stride)
    return share_out(given * kept, x, kernel_size, stride)


@exercise.mistake(
    "Where windows overlap only one number survives: = instead of +=, or an index that occurs "
    "twice counted once. Use += on a slice at a time, or np.add.at."
)
def overlaps_lost(grad_out, x, kernel_size, stride=None):
    given = shares(grad_out, x, kernel_size, stride)
    kept = last_written(given * 0.0 + 1.0, x, kernel_size, stride, taps_first=True)
    return share_out(given * kept, x, kernel_size, stride)


@exercise.mistake("What a pixel gets from several windows is averaged; it is summed.")
def overlaps_averaged(grad_out, x, kernel_size, stride=None):
    windows = share_out(columns(x, kernel_size, stride) * 0.0 + 1.0, x, kernel_size, stride)
    return backward(grad_out, x, kernel_size, stride) / windows.clamp(min=1.0)


@exercise.mistake("Only the upper left pixel of a window gets a share; all of its pixels do.")
def corner_paid(grad_out, x, kernel_size, stride=None):
    given = shares(grad_out, x, kernel_size, stride)
    given[:, :, 1:] = 0.0
    return share_out(given, x, kernel_size, stride)


@exercise.mistake(
    "Repeating grad_out (np.repeat, np.kron) needs sizes that divide and windows side by side. Add "
    "to slices of grad_x."
)
def repeated(grad_out, x, kernel_size, stride=None):
    kh, kw = kernel_size
    spread = grad_out.repeat_interleave(kh, 2).repeat_interleave(kw, 3)
    return spread / (kh * kw)
