"""The mean of every window."""

from grader.checks.pool._cases import (
    WINDOW_FEATURES,
    beginning_inside,
    filled_up,
    images,
    output_shape,
    rounded_up,
)
from grader.vocabulary import Exercise

exercise = Exercise(
    points=1,
    decks=("002", "003"),
    levels={"windows side by side": images(stride=None), "any stride": images()},
    features=WINDOW_FEATURES,
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


@exercise.mistake("The windows are summed; divide each sum by KH * KW.")
def not_divided(x, kernel_size, stride=None):
    return pool(x, kernel_size, stride) * (kernel_size[0] * kernel_size[1])


@exercise.mistake("The sum is divided by KH only; a window has KH * KW pixels.")
def divided_by_height(x, kernel_size, stride=None):
    return pool(x, kernel_size, stride) * kernel_size[1]


@exercise.mistake("The sum is divided by KW only; a window has KH * KW pixels.")
def divided_by_width(x, kernel_size, stride=None):
    return pool(x, kernel_size, stride) * kernel_size[0]


@exercise.mistake("The sum is divided by KH * KH; a window has KH * KW pixels.")
def divided_by_height_squared(x, kernel_size, stride=None):
    return pool(x, kernel_size, stride) * (kernel_size[1] / kernel_size[0])


@exercise.mistake("The sum is divided by KH + KW; a window has KH * KW pixels.")
def divided_by_their_sum(x, kernel_size, stride=None):
    kh, kw = kernel_size
    return pool(x, kernel_size, stride) * (kh * kw / (kh + kw))


@exercise.mistake("The mean is cut to a whole number by //; divide with /.")
def whole_numbers(x, kernel_size, stride=None):
    return pool(x, kernel_size, stride).floor()


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


@exercise.mistake("The number of windows is rounded up; what is left over at the end is dropped.")
def windows_rounded_up(x, kernel_size, stride=None):
    return mean_of_inside(x, kernel_size, stride, rounded_up(x, kernel_size, stride))


@exercise.mistake("The image is filled up with zeros at the end; only whole windows count.")
def filled_up_with_zeros(x, kernel_size, stride=None):
    windows = beginning_inside(x, kernel_size, stride)
    return pool(filled_up(x, kernel_size, stride, windows), kernel_size, stride)


@exercise.mistake(
    "x is reshaped to (N, C, H//KH, KH, W//KW, KW), which needs sizes that divide and windows "
    "side by side. Cut the windows out with slices."
)
def reshaped(x, kernel_size, stride=None):
    if x.shape[2] % kernel_size[0] or x.shape[3] % kernel_size[1]:
        raise ValueError
    return pool(x, kernel_size)


@exercise.mistake("The stride is ignored: the windows always lie side by side.")
def stride_ignored(x, kernel_size, stride=None):
    return pool(x, kernel_size)


@exercise.mistake("The window of output (i, j) is taken at (i, j); it begins at (i*SH, j*SW).")
def stride_not_in_window(x, kernel_size, stride=None):
    height, width = output_shape(x, kernel_size, stride)
    return pool(x, kernel_size, 1)[..., :height, :width]


@exercise.mistake("stride=None is taken for 1; it means KH downwards and KW to the right.")
def none_is_one(x, kernel_size, stride=None):
    return pool(x, kernel_size, 1 if stride is None else stride)


@exercise.mistake("stride=None is taken for KH in both directions; to the right it means KW.")
def none_is_kernel_height(x, kernel_size, stride=None):
    return pool(x, kernel_size, kernel_size[0] if stride is None else stride)


@exercise.mistake("KH and KW are exchanged: kernel_size is (KH, KW), the height first.")
def kernel_exchanged(x, kernel_size, stride=None):
    windows = output_shape(x, kernel_size[::-1], stride)
    if min(windows) < 0:
        raise ValueError
    empty = x.new_zeros(*x.shape[:2], *windows)
    return empty if min(windows) == 0 else pool(x, kernel_size[::-1], stride)


@exercise.mistake("The mean goes over the channels too; every channel is pooled alone.")
def channels_pooled(x, kernel_size, stride=None):
    return pool(x, kernel_size, stride).mean(1, keepdim=True).expand(-1, x.shape[1], -1, -1)


@exercise.mistake("The last row and column of windows are missing: (H - KH) // SH + 1, with the 1.")
def last_windows_missing(x, kernel_size, stride=None):
    return pool(x, kernel_size, stride)[..., :-1, :-1]
