"""Every channel has a kernel of its own, and a map of its own: nothing is summed over channels."""

from grader.checks._shared import (
    SUMS_OF_PRODUCTS,
    numpy_errors,
    of_arguments,
    of_result,
    products_of,
    renamed,
)
from grader.checks.conv._cases import WINDOW_FEATURES, convolutions
from grader.checks.conv._mistakes import EVERY_AXIS, NOT_IN_WINDOW, of_bias, of_padded, of_stride
from grader.vocabulary import Exercise

exercise = Exercise(
    points=3,
    decks=("004",),
    requires=("im2col", "conv2d_forward"),
    levels={
        "stride 1, no padding": convolutions(stride=1, padding=0, depthwise=True),
        "any padding": convolutions(stride=1, depthwise=True),
        "any stride and padding": convolutions(depthwise=True),
    },
    features=renamed(WINDOW_FEATURES, kernel="weight"),
    never=[SUMS_OF_PRODUCTS],
    terms=products_of("x", "weight bias"),
    hints=(
        "In an ordinary convolution a window spans all channels. Which numbers make one output "
        "here, and how many maps come out of C channels? Which axis of im2col's columns has to "
        "be taken apart?",
        "Two channels of one row, [1, 2] and [5, 6], and the kernels [1, 1] and [0, 10]:\n"
        "1 * 1 + 2 * 1 = 3      the first channel, with its own kernel\n"
        "5 * 0 + 6 * 10 = 60    the second one\n"
        "x = [[[[1, 2]], [[5, 6]]]]\n"
        "depthwise_conv2d(x, [[[[1, 1]]], [[[0, 10]]]], [0, 0]) = [[[[3]], [[60]]]]",
        "cols = im2col(...).reshape(N, C, ..., ...)    # the windows of each channel apart\n"
        "kernels = weight.reshape(C, 1, ...)\n"
        "out = kernels @ ... + ...                     # one bias for each channel\n"
        "return out.reshape(...)",
    ),
)


@exercise.equivalent
def depthwise(x, weight, bias, stride=1, padding=0):
    import torch.nn.functional as F

    return F.conv2d(x, weight, bias, stride, padding, groups=x.shape[1])


of_padded(exercise)
of_bias(exercise)
of_stride(exercise)
of_arguments(
    exercise,
    flipped_kernel=(
        "The kernel is flipped, as in mathematics. Deep learning slides it as it is: no [::-1].",
        {"weight": lambda weight: weight.flip(-2, -1)},
    ),
    kernel_transposed=(
        "KH and KW are exchanged: weight.shape is (C, 1, KH, KW), rows first.",
        {"weight": lambda weight: weight.transpose(2, 3)},
    ),
    first_kernel_for_all=(
        "Every channel meets the first kernel, weight[0]; channel c has weight[c].",
        {"weight": lambda weight: weight[:1].expand_as(weight)},
    ),
    kernels_in_other_order=(
        "The kernels meet the channels from the last to the first.",
        {"weight": lambda weight: weight.flip(0)},
    ),
)
of_result(
    exercise,
    channels_last=(
        "The result is (N, OH, OW, C); channels come second here: (N, C, OH, OW).",
        lambda out: out.permute(0, 2, 3, 1),
    ),
    first_channel_only=(
        "Only the first channel is computed; the others stay zero.",
        lambda out: out.index_fill(1, out.new_tensor(range(1, out.shape[1])).long(), 0.0),
    ),
    mixed=(
        "The maps are averaged over the channels: each keeps its own.",
        lambda out: out.mean(1, keepdim=True).expand_as(out),
    ),
    integer_result="The result array holds integers, so that everything after the point is cut "
    "off.",
    relu_added="Negative results are cut off: a ReLU is not part of it.",
)


@exercise.mistake(
    "The channels are summed, as in an ordinary convolution, and every kernel goes over all of "
    "them: channel c meets weight[c] alone."
)
def ordinary_convolution(x, weight, bias, stride=1, padding=0):
    import torch.nn.functional as F

    return F.conv2d(x, weight.expand(-1, x.shape[1], -1, -1), bias, stride, padding)


@exercise.mistake("The channels are summed to one map: there are C maps, one of each channel.")
def summed_to_one_map(x, weight, bias, stride=1, padding=0):
    return depthwise(x, weight, bias, stride, padding).sum(1, keepdim=True)


@exercise.mistake("Every kernel is slid over the first channel: channel c meets weight[c].")
def first_channel_for_all(x, weight, bias, stride=1, padding=0):
    return depthwise(x[:, :1].expand_as(x), weight, bias, stride, padding)


@exercise.mistake(NOT_IN_WINDOW)
def stride_not_in_window(x, weight, bias, stride=1, padding=0):
    height, width = depthwise(x, weight, bias, stride, padding).shape[-2:]
    return depthwise(x, weight, bias, 1, padding)[..., :height, :width]


@exercise.mistake("The stride is ignored.")
def stride_ignored(x, weight, bias, stride=1, padding=0):
    return depthwise(x, weight, bias, 1, padding)


@exercise.mistake(EVERY_AXIS)
@numpy_errors()
def padded_every_axis(x, weight, bias, stride=1, padding=0):
    import torch.nn.functional as F

    padded = F.pad(x, (padding,) * 8)[: x.shape[0], : x.shape[1]]
    return depthwise(padded, weight, bias, stride, 0)


@exercise.mistake(
    "The columns are taken apart as (KH*KW, C): in im2col's rows the channel comes first, then "
    "the place in the window."
)
def rows_taken_apart_otherwise(x, weight, bias, stride=1, padding=0):
    import torch.nn.functional as F

    n, c = x.shape[:2]
    out = depthwise(x, weight, bias, stride, padding)
    cols = F.unfold(x, weight.shape[2:], stride=stride, padding=padding)
    cols = cols.reshape(n, -1, c, cols.shape[2])
    return (cols * weight.flatten(1).T[..., None]).sum(1).reshape(out.shape) + bias[:, None, None]
