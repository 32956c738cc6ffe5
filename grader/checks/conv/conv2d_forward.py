"""Every output is the sum of one window of x times one kernel, plus the bias."""

from grader.checks._shared import SUMS_OF_PRODUCTS, of_arguments, of_result, products_of, renamed
from grader.checks.conv._cases import WINDOW_FEATURES, convolutions
from grader.checks.conv._mistakes import (
    EVERY_AXIS,
    NOT_IN_WINDOW,
    of_bias,
    of_channels,
    of_padded,
    of_stride,
)
from grader.vocabulary import Exercise

exercise = Exercise(
    points=3,
    decks=("000", "001", "002", "003", "004"),
    requires=("im2col",),
    levels={
        "stride 1, no padding": convolutions(stride=1, padding=0),
        "any padding": convolutions(stride=1),
        "any stride and padding": convolutions(),
    },
    features=renamed(WINDOW_FEATURES, kernel="weight"),
    never=[SUMS_OF_PRODUCTS],
    terms=products_of("x", "weight bias"),
    hints=(
        "Which numbers make one output pixel: of how many channels, of which rows and columns "
        "of the padded image, and of which kernel? What is added to it?",
        "image = [[1, 2, 3], [4, 5, 6]]\n"
        "kernel = [[1, 0], [0, 1]]\n"
        "With bias 0.5:\n"
        "1 * 1 + 5 * 1 + 0.5 = 6.5    the left window\n"
        "2 * 1 + 6 * 1 + 0.5 = 8.5    the right one\n"
        "conv2d_forward([[image]], [[kernel]], [0.5]) = [[[[6.5, 8.5]]]]\n"
        "Each kernel makes a map of its own. Products of several channels are added, too.",
        "cols = im2col(...)                    # (N, C*KH*KW, OH*OW)\n"
        "kernels = weight.reshape(...)         # one row for each kernel\n"
        "out = kernels @ ... + ...             # the bias as a column\n"
        "return out.reshape(...)",
    ),
)


@exercise.equivalent
def conv2d(x, weight, bias, stride=1, padding=0):
    import torch.nn.functional as F

    return F.conv2d(x, weight, bias, stride, padding)


of_padded(exercise)
of_arguments(
    exercise,
    flipped_kernel=(
        "The kernel is flipped, as in mathematics. Deep learning slides it as it is: no [::-1].",
        {"weight": lambda weight: weight.flip(-2, -1)},
    ),
    kernel_transposed=(
        "KH and KW are exchanged: weight.shape is (F, C, KH, KW), rows first.",
        {"weight": lambda weight: weight.transpose(2, 3)},
    ),
)
of_bias(exercise)
of_stride(exercise)
of_channels(exercise)
of_result(
    exercise,
    channels_last=(
        "The result is (N, OH, OW, F); channels come second here: (N, F, OH, OW).",
        lambda out: out.permute(0, 2, 3, 1),
    ),
    integer_result="The result array holds integers, so that everything after the point is cut "
    "off.",
)


@exercise.mistake(NOT_IN_WINDOW)
def stride_not_in_window(x, weight, bias, stride=1, padding=0):
    height, width = conv2d(x, weight, bias, stride, padding).shape[-2:]
    return conv2d(x, weight, bias, 1, padding)[..., :height, :width]


@exercise.mistake("The weight is read as (C, F, KH, KW); its first axis counts the kernels.")
def weight_axes_exchanged(x, weight, bias, stride=1, padding=0):
    channels, kernels = weight.shape[:2]
    if channels > x.shape[1] or kernels > len(bias):
        raise IndexError
    return conv2d(x[:, :channels], weight.transpose(0, 1), bias[:kernels], stride, padding)


@exercise.mistake(EVERY_AXIS)
def padded_every_axis(x, weight, bias, stride=1, padding=0):
    import torch.nn.functional as F

    padded = F.pad(x, (padding,) * 8)[: x.shape[0], : x.shape[1]]
    return conv2d(padded, weight, bias, stride, 0)
