"""Every window of every image as a column, so that convolving becomes one matrix product."""

from grader.checks._shared import backwards, of_arguments, of_result, renamed
from grader.checks.conv._cases import WINDOW_FEATURES, convolutions, output_shape
from grader.checks.conv._mistakes import EVERY_AXIS, NOT_IN_WINDOW, of_padded
from grader.vocabulary import Exercise

exercise = Exercise(
    points=4,
    decks=(),
    requires=("conv_output_size", "zero_pad2d"),
    levels={
        "stride 1, no padding": convolutions(stride=1, padding=0, takes="x"),
        "any stride and padding": convolutions(takes="x"),
    },
    features=renamed(WINDOW_FEATURES, kernel="kernel_size"),
    hints=(
        "Take a 2x3 image and a 2x2 window: how many windows are there, and which four numbers "
        "make the column of each? What do the channels add to a column?",
        "image = [[1, 2, 3], [4, 5, 6]]\n"
        "The left 2x2 window has 1, 2, 4, 5, the right one 2, 3, 5, 6.\n"
        "Each is a column, from top to bottom in the order channel, row, column:\n"
        "im2col([[image]], (2, 2)) = [[[1, 2], [2, 3], [4, 5], [5, 6]]]\n"
        "2 * 2 = 4     rows: one for each place in a window",
        "padded = ...\n"
        "cols = np.empty((n, c, ..., oh, ow))\n"
        "for i in range(kh):                        # for each place in a window ...\n"
        "    for j in range(kw):\n"
        "        cols[:, :, i, j] = padded[:, :, i : ... : stride, j : ... : stride]\n"
        "return cols.reshape(n, ..., ...)           # ... its pixel in every window at once",
    ),
)


@exercise.equivalent
def unfold(x, kernel_size, stride=1, padding=0):
    import torch.nn.functional as F

    return F.unfold(x, kernel_size, stride=stride, padding=padding)


def six_axes(x, kernel_size, stride, padding):
    """Return the columns as (N, C, KH, KW, OH, OW)."""
    windows = output_shape(x.shape[2:], kernel_size, stride, padding)
    cols = unfold(x, kernel_size, stride, padding)
    return cols.reshape(*x.shape[:2], *kernel_size, *windows)


@exercise.mistake(
    "A column runs through row, column, channel; the channel comes first: (C, KH, KW) flattened."
)
def channel_last_in_column(x, kernel_size, stride=1, padding=0):
    cols = six_axes(x, kernel_size, stride, padding)
    return cols.permute(0, 2, 3, 1, 4, 5).flatten(1, 3).flatten(2)


@exercise.mistake("Inside a channel a column runs down the window first; it runs along its rows.")
def window_transposed(x, kernel_size, stride=1, padding=0):
    cols = six_axes(x, kernel_size, stride, padding)
    return cols.transpose(2, 3).flatten(1, 3).flatten(2)


@exercise.mistake(
    "The windows are counted down the image; count along its rows: (i, j) is column i*OW + j."
)
def windows_counted_downwards(x, kernel_size, stride=1, padding=0):
    cols = six_axes(x, kernel_size, stride, padding)
    return cols.transpose(4, 5).flatten(1, 3).flatten(2)


@exercise.mistake(NOT_IN_WINDOW)
def stride_not_in_window(x, kernel_size, stride=1, padding=0):
    height, width = output_shape(x.shape[2:], kernel_size, stride, padding)
    return six_axes(x, kernel_size, 1, padding)[..., :height, :width].flatten(1, 3).flatten(2)


of_padded(exercise)
of_arguments(
    exercise,
    no_stride=("The stride is ignored.", {"stride": 1}),
    kernel_exchanged=(
        "KH and KW are exchanged: kernel_size is (KH, KW), the height first.",
        {"kernel_size": backwards},
    ),
)
of_result(
    exercise,
    windows_as_rows=(
        "Windows are rows here; they must be columns: swap the last two axes.",
        lambda cols: cols.transpose(1, 2),
    ),
    one_table=(
        "The images' columns stand in one table; every image has its own: three axes.",
        lambda cols: cols.transpose(0, 1).flatten(1),
    ),
    images_mixed=(
        "The images are mixed: one table of all columns was only reshaped to (N, C*KH*KW, OH*OW). "
        "Bring the batch to the front with transpose before.",
        lambda cols: cols.transpose(0, 1).reshape(cols.shape),
    ),
)


@exercise.mistake(EVERY_AXIS)
def padded_every_axis(x, kernel_size, stride=1, padding=0):
    import torch.nn.functional as F

    return unfold(F.pad(x, (padding,) * 8), kernel_size, stride)
