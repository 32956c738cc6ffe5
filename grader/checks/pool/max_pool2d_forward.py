"""The largest number of every window."""

from grader.checks._shared import cut_at_zero, of_arguments, of_result
from grader.checks.pool._cases import (
    LEVELS,
    WINDOW_FEATURES,
    avg_pool2d,
    beginning_inside,
    filled_up,
    images,
    output_shape,
    rounded_up,
    steps_of,
)
from grader.checks.pool._mistakes import AS_LARGE_AS_STRIDE, ROUNDED_UP, of_windows
from grader.vocabulary import Exercise, tied

exercise = Exercise(
    points=3,
    decks=("000", "001", "002", "003", "004"),
    levels={
        "windows side by side": images(stride=None, of=tied, level=LEVELS),
        "any stride": images(level=LEVELS),
    },
    features={**WINDOW_FEATURES, "all numbers negative": lambda x: x.max() < 0},
    hints=(
        "Which numbers lie in the upper left window, and which one goes out? Where does the "
        "next window begin: without a stride, and with one? What about a window that would "
        "stick out?",
        "image = [[1, 5, 2, 0], [3, 4, 8, 7]]\n"
        "With 2x2 windows, side by side:\n"
        "max(1, 5, 3, 4) = 5\n"
        "max(2, 0, 8, 7) = 8\n"
        "max_pool2d_forward([[image]], (2, 2)) = [[[[5, 8]]]]\n"
        "max_pool2d_forward([[image]], (2, 2), 1) = [[[[5, 8, 8]]]]",
        "step_h, step_w = ...                      # KH and KW where there is no stride\n"
        "out = np.empty((n, c, ..., ...))\n"
        "for i in range(...):\n"
        "    for j in range(...):\n"
        "        window = x[:, :, ... : ..., ... : ...]\n"
        "        out[:, :, i, j] = ... over the two axes of the window\n"
        "return out",
    ),
)


@exercise.equivalent
def pool(x, kernel_size, stride=None):
    import torch.nn.functional as F

    return F.max_pool2d(x, kernel_size, stride)


of_windows(exercise)
of_arguments(
    exercise,
    none_is_kernel_width=(
        "stride=None is taken for KW in both directions; downwards it means KH.",
        {"stride": lambda stride, kernel_size: kernel_size[1] if stride is None else stride},
    ),
    absolute_maximum=(
        "This is the largest absolute value of every window; the sign counts.",
        {"x": lambda x: x.abs()},
    ),
)
of_result(
    exercise,
    maximum_from_zero=(
        "The maximum starts from 0, so that it is never negative. Start from -inf or the first "
        "number.",
        cut_at_zero,
    ),
    channels_pooled=(
        "The maximum goes over the channels too; every channel is pooled alone.",
        lambda largest, x: largest.amax(1, keepdim=True).expand(-1, x.shape[1], -1, -1),
    ),
    everything_pooled=(
        "The maximum goes over all images and channels; each is pooled alone.",
        lambda largest, x: largest.amax((0, 1), keepdim=True).expand(*x.shape[:2], -1, -1),
    ),
    first_image_only="Only the first image is pooled; the others stay zero.",
)


@exercise.mistake("This is the mean of every window; max pooling keeps the largest number.")
def mean_for_maximum(x, kernel_size, stride=None):
    return avg_pool2d(x, kernel_size, stride)


@exercise.mistake(
    "Windows that stick out of the image are kept; only whole windows count: (H - KH) // SH + 1."
)
def partial_windows_kept(x, kernel_size, stride=None):
    windows = beginning_inside(x, kernel_size, stride)
    return pool(filled_up(x, kernel_size, stride, windows, -float("inf")), kernel_size, stride)


@exercise.mistake(ROUNDED_UP)
def windows_rounded_up(x, kernel_size, stride=None):
    windows = rounded_up(x, kernel_size, stride)
    out = pool(filled_up(x, kernel_size, stride, windows, -float("inf")), kernel_size, stride)
    if out.isinf().any():  # a window that lies outside altogether
        raise ValueError
    return out


@exercise.mistake(AS_LARGE_AS_STRIDE)
def stride_for_kernel(x, kernel_size, stride=None):
    import torch.nn.functional as F

    height, width = output_shape(x, kernel_size, stride)
    down, right = size = steps_of(kernel_size, stride)
    # The windows at the end may stick out, and are cut off there.
    wider = F.pad(x, (0, right, 0, down), value=-float("inf"))
    return pool(wider, size, stride)[..., :height, :width]


@exercise.mistake("This is the smallest number of every window; max pooling keeps the largest.")
def minimum_for_maximum(x, kernel_size, stride=None):
    return -pool(-x, kernel_size, stride)
