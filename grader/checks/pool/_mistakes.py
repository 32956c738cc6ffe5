"""Families of mistakes that all pooling has in common: where the windows are, and how many."""

from grader.checks._shared import of_arguments, of_result
from grader.checks.pool._cases import (
    beginning_inside,
    columns,
    filled_up,
    output_shape,
    share_out,
)
from grader.vocabulary import gradients

RESHAPED = (
    "x is reshaped to (N, C, H//KH, KH, W//KW, KW), which needs sizes that divide and windows side "
    "by side. Cut the windows out with slices."
)
ROUNDED_UP = "The number of windows is rounded up; what is left over at the end is dropped."
AS_LARGE_AS_STRIDE = "The window is as large as the stride; it is always (KH, KW)."
NONE_IS_ONE = "stride=None is taken for 1; it means KH downwards and KW to the right."


def of_windows(exercise):
    """Add what goes wrong with the windows of a forward pass, whatever is taken of each."""
    pool = exercise.answer

    @exercise.mistake("The image is filled up with zeros at the end; only whole windows count.")
    def filled_up_with_zeros(x, kernel_size, stride=None):
        windows = beginning_inside(x, kernel_size, stride)
        return pool(filled_up(x, kernel_size, stride, windows), kernel_size, stride)

    @exercise.mistake(RESHAPED)
    def reshaped(x, kernel_size, stride=None):
        if x.shape[2] % kernel_size[0] or x.shape[3] % kernel_size[1]:
            raise ValueError
        return pool(x, kernel_size)

    @exercise.mistake("The window of output (i, j) is taken at (i, j); it begins at (i*SH, j*SW).")
    def stride_not_in_window(x, kernel_size, stride=None):
        height, width = output_shape(x, kernel_size, stride)
        return pool(x, kernel_size, 1)[..., :height, :width]

    @exercise.mistake("KH and KW are exchanged: kernel_size is (KH, KW), the height first.")
    def kernel_exchanged(x, kernel_size, stride=None):
        windows = output_shape(x, kernel_size[::-1], stride)
        if min(windows) < 0:
            raise ValueError
        empty = x.new_zeros(*x.shape[:2], *windows)
        return empty if min(windows) == 0 else pool(x, kernel_size[::-1], stride)

    of_arguments(
        exercise,
        stride_ignored=(
            "The stride is ignored: the windows always lie side by side.",
            {"stride": None},
        ),
        none_is_one=(NONE_IS_ONE, {"stride": lambda stride: 1 if stride is None else stride}),
        none_is_kernel_height=(
            "stride=None is taken for KH in both directions; to the right it means KW.",
            {"stride": lambda stride, kernel_size: kernel_size[0] if stride is None else stride},
        ),
    )
    of_result(
        exercise,
        last_windows_missing=(
            "The last row and column of windows are missing: (H - KH) // SH + 1, with the 1.",
            lambda out: out[..., :-1, :-1],
        ),
    )


def of_windows_back(exercise, pool):
    """Add what goes wrong with the windows of a backward pass; `pool` is what went forward."""
    backward = exercise.answer

    @exercise.mistake("Window (i, j) is taken at (i, j); it begins at (i*SH, j*SW).")
    def stride_not_in_window(grad_out, x, kernel_size, stride=None):
        height, width = grad_out.shape[2:]
        windows = gradients(lambda x: pool(x, kernel_size, 1)[..., :height, :width], grad_out, x)
        return windows[0]

    @exercise.mistake(NONE_IS_ONE)
    def none_is_one(grad_out, x, kernel_size, stride=None):
        mistaken = stride_not_in_window if stride is None else backward
        return mistaken(grad_out, x, kernel_size, stride)

    @exercise.mistake(
        "grad_x lacks the pixels at the end that no window covers; it has the shape of x."
    )
    def uncovered_missing(grad_out, x, kernel_size, stride=None):
        covered = columns(x, kernel_size, stride) * 0.0 + 1.0
        seen = share_out(covered, x, kernel_size, stride)[0, 0] > 0
        bottom, right = (int(seen.any(axis).nonzero().max()) + 1 for axis in (1, 0))
        return backward(grad_out, x, kernel_size, stride)[..., :bottom, :right]


def of_mean(exercise, what, whole, *, not_divided):
    """Add what goes wrong where a window of KH * KW pixels makes a mean, forward or backward."""
    of_result(
        exercise,
        not_divided=(not_divided, lambda mean, kernel_size: mean * kernel_size[0] * kernel_size[1]),
        divided_by_height=(
            f"{what} is divided by KH only; {whole} KH * KW pixels.",
            lambda mean, kernel_size: mean * kernel_size[1],
        ),
        divided_by_width=(
            f"{what} is divided by KW only; {whole} KH * KW pixels.",
            lambda mean, kernel_size: mean * kernel_size[0],
        ),
        divided_by_height_squared=(
            f"{what} is divided by KH * KH; {whole} KH * KW pixels.",
            lambda mean, kernel_size: mean * (kernel_size[1] / kernel_size[0]),
        ),
    )
