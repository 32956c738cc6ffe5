"""The largest number of every window."""

from grader.checks.pool._cases import (
    WINDOW_FEATURES,
    beginning_inside,
    filled_up,
    images,
    output_shape,
    rounded_up,
    steps_of,
)
from grader.vocabulary import Exercise, one_of, real, tied

LEVELS = one_of(0.0, -8.0)

exercise = Exercise(
    points=2,
    decks=("002", "003"),
    levels={
        "windows side by side": images(stride=None, of=tied, level=LEVELS),
        "any stride": images(of=real, level=LEVELS),
    },
    features={**WINDOW_FEATURES, "all numbers negative": lambda x: x.max() < 0},
    hints=(
        "Take the upper left window of the upper left image: x[0, 0, :KH, :KW]. Its largest number "
        "is out[0, 0, 0, 0]. Where does the next window begin?",
        "Window (i, j) begins at row i*SH and column j*SW; without a stride, SH is KH and SW is "
        "KW. Windows that stick out do not count: OH = (H - KH) // SH + 1.",
        "Loop over i and j, and take x[:, :, i*SH:i*SH + KH, j*SW:j*SW + KW].max(axis=(2, 3)) for "
        "all images and channels at once.",
    ),
)


@exercise.equivalent
def pool(x, kernel_size, stride=None):
    import torch.nn.functional as F

    return F.max_pool2d(x, kernel_size, stride)


@exercise.mistake(
    "The maximum starts from 0, so that it is never negative. Start from -inf or the first number."
)
def maximum_from_zero(x, kernel_size, stride=None):
    return pool(x, kernel_size, stride).relu()


@exercise.mistake(
    "Windows that stick out of the image are kept; only whole windows count: (H - KH) // SH + 1."
)
def partial_windows_kept(x, kernel_size, stride=None):
    windows = beginning_inside(x, kernel_size, stride)
    return pool(filled_up(x, kernel_size, stride, windows, -float("inf")), kernel_size, stride)


@exercise.mistake("The image is filled up with zeros at the end; only whole windows count.")
def filled_up_with_zeros(x, kernel_size, stride=None):
    windows = beginning_inside(x, kernel_size, stride)
    return pool(filled_up(x, kernel_size, stride, windows), kernel_size, stride)


@exercise.mistake("The number of windows is rounded up; what is left over at the end is dropped.")
def windows_rounded_up(x, kernel_size, stride=None):
    windows = rounded_up(x, kernel_size, stride)
    out = pool(filled_up(x, kernel_size, stride, windows, -float("inf")), kernel_size, stride)
    if out.isinf().any():  # a window that lies outside altogether
        raise ValueError
    return out


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


@exercise.mistake("The window is as large as the stride; it is always (KH, KW).")
def stride_for_kernel(x, kernel_size, stride=None):
    import torch.nn.functional as F

    height, width = output_shape(x, kernel_size, stride)
    down, right = size = steps_of(kernel_size, stride)
    # The windows at the end may stick out, and are cut off there.
    wider = F.pad(x, (0, right, 0, down), value=-float("inf"))
    return pool(wider, size, stride)[..., :height, :width]


@exercise.mistake("stride=None is taken for 1; it means KH downwards and KW to the right.")
def none_is_one(x, kernel_size, stride=None):
    return pool(x, kernel_size, 1 if stride is None else stride)


@exercise.mistake("stride=None is taken for KH in both directions; to the right it means KW.")
def none_is_kernel_height(x, kernel_size, stride=None):
    return pool(x, kernel_size, kernel_size[0] if stride is None else stride)


@exercise.mistake("stride=None is taken for KW in both directions; downwards it means KH.")
def none_is_kernel_width(x, kernel_size, stride=None):
    return pool(x, kernel_size, kernel_size[1] if stride is None else stride)


@exercise.mistake("KH and KW are exchanged: kernel_size is (KH, KW), the height first.")
def kernel_exchanged(x, kernel_size, stride=None):
    windows = output_shape(x, kernel_size[::-1], stride)
    if min(windows) < 0:
        raise ValueError
    empty = x.new_zeros(*x.shape[:2], *windows)
    return empty if min(windows) == 0 else pool(x, kernel_size[::-1], stride)


@exercise.mistake("This is the mean of every window; max pooling keeps the largest number.")
def mean_for_maximum(x, kernel_size, stride=None):
    import torch.nn.functional as F

    return F.avg_pool2d(x, kernel_size, stride)


@exercise.mistake("This is the smallest number of every window; max pooling keeps the largest.")
def minimum_for_maximum(x, kernel_size, stride=None):
    return -pool(-x, kernel_size, stride)


@exercise.mistake("This is the largest absolute value of every window; the sign counts.")
def absolute_maximum(x, kernel_size, stride=None):
    return pool(x.abs(), kernel_size, stride)


@exercise.mistake("The maximum goes over the channels too; every channel is pooled alone.")
def channels_pooled(x, kernel_size, stride=None):
    return pool(x, kernel_size, stride).amax(1, keepdim=True).expand(-1, x.shape[1], -1, -1)


@exercise.mistake("The maximum goes over all images and channels; each is pooled alone.")
def everything_pooled(x, kernel_size, stride=None):
    largest = pool(x, kernel_size, stride).amax((0, 1), keepdim=True)
    return largest.expand(*x.shape[:2], -1, -1)


@exercise.mistake("The last row and column of windows are missing: (H - KH) // SH + 1, with the 1.")
def last_windows_missing(x, kernel_size, stride=None):
    return pool(x, kernel_size, stride)[..., :-1, :-1]


@exercise.mistake("Only the first image is pooled; the others stay zero.")
def first_image_only(x, kernel_size, stride=None):
    out = pool(x, kernel_size, stride)
    out[1:] = 0.0
    return out
