"""Every pixel paints its kernels into a larger image, and where they overlap they are added."""

from grader.checks._shared import (
    SUMS_OF_PRODUCTS,
    numpy_errors,
    of_arguments,
    of_result,
    products_of,
)
from grader.checks.conv._cases import survivors
from grader.vocabulary import Exercise, array, between, strategy


@strategy
def paintings(draw, stride=between(1, 3), padding=between(0, 2)):
    """Draw small images and kernels of which something is left when the large one is cut.

    With stride 1 and padding 0 given, it is called without the two.
    """
    s, p = draw(stride), draw(padding)
    kh, kw = draw(between(1, 3)), draw(between(1, 3))
    n, c, f = draw(between(1, 3)), draw(between(1, 4)), draw(between(1, 4))
    h, w = (fewest(k, s, p) + draw(between(0, 3)) for k in (kh, kw))
    arguments = draw(array(n, c, h, w)), draw(array(c, f, kh, kw)), draw(array(f))
    return arguments if (stride, padding) == (1, 0) else (*arguments, s, p)


def fewest(kernel, stride, padding):
    """Return how many pixels paint a side of one at least, after the cut."""
    return max(1, -((kernel - 1 - 2 * padding) // stride) + 1)


def painted_shape(x, weight, stride, padding):
    """Return (OH, OW)."""
    sides = zip(x.shape[2:], weight.shape[2:], strict=True)
    return tuple((side - 1) * stride + k - 2 * padding for side, k in sides)


exercise = Exercise(
    points=4,
    decks=("001",),
    requires=("col2im", "conv2d_forward"),
    levels={
        "stride 1, no padding": paintings(stride=1, padding=0),
        "any stride": paintings(padding=0),
        "any stride and padding": paintings(),
    },
    features={
        "padding = 0": lambda padding: padding == 0,
        "a stride above 1": lambda stride: stride > 1,
        "several images": lambda x: len(x) > 1,
        "several channels": lambda x: x.shape[1] > 1,
        "several kernels": lambda weight: weight.shape[1] > 1,
        "overlapping kernels": lambda weight, stride: stride < max(weight.shape[2:]),
        "gaps between the kernels": lambda weight, stride: stride > min(weight.shape[2:]),
        "a 1x1 kernel": lambda weight: weight.shape[2:] == (1, 1),
        "KH and KW different": lambda weight: len(set(weight.shape[2:])) > 1,
        "H and W different": lambda x: len(set(x.shape[2:])) > 1,
    },
    never=[SUMS_OF_PRODUCTS],
    terms=products_of("x", "weight bias"),
    hints=(
        "Follow one pixel: where in the large image does its kernel begin, and what is written "
        "there? What happens where two kernels meet, and what does the padding do at the end, "
        "when there is nothing to be padded?",
        "The row [1, 2], the kernel [1, 10, 5], stride 2, no bias:\n"
        "[1, 10, 5, 0, 0]     the first pixel paints from place 0 on\n"
        "[0, 0, 2, 20, 10]    the second one from place 2 on, times 2\n"
        "5 + 2 = 7            where both are\n"
        "conv_transpose2d([[[[1, 2]]]], [[[[1, 10, 5]]]], [0], 2) = [[[[1, 10, 7, 20, 10]]]]",
        "oh, ow = ...                       # how large it is, after the cut\n"
        "cols = ...                         # (N, F*KH*KW, H*W): what each pixel paints\n"
        "painted = col2im(cols, ...)        # which adds, and cuts the frame off\n"
        "return painted + ...",
    ),
)


@exercise.equivalent
def transposed_convolution(x, weight, bias, stride=1, padding=0):
    import torch.nn.functional as F

    return F.conv_transpose2d(x, weight, bias, stride, padding)


of_arguments(
    exercise,
    no_bias=("The bias is missing.", {"bias": None}),
    first_bias_for_all=(
        "Every map gets the first bias, bias[0]; map f has bias[f].",
        {"bias": lambda bias: bias[:1].expand(len(bias))},
    ),
    last_bias_for_all=(
        "Every map gets the last bias: map f has bias[f]. Is it added behind the loop?",
        {"bias": lambda bias: bias[-1:].expand(len(bias))},
    ),
    flipped_kernel=(
        "The kernel is flipped: it is painted as it is. Only if you slide it over an image with "
        "zeros between the pixels, it has to be flipped, [..., ::-1, ::-1].",
        {"weight": lambda weight: weight.flip(-2, -1)},
    ),
    kernel_transposed=(
        "KH and KW are exchanged: weight.shape is (C, F, KH, KW), rows first.",
        {"weight": lambda weight: weight.transpose(2, 3)},
    ),
    first_channel_only=(
        "Only the first channel paints: all of them do, and are added.",
        {"x": lambda x: x[:, :1], "weight": lambda weight: weight[:1]},
    ),
    last_channel_only=(
        "Only the last channel is seen: each one overwrites (=) the one before instead of adding "
        "(+=).",
        {"x": lambda x: x[:, -1:], "weight": lambda weight: weight[-1:]},
    ),
    stride_ignored=("The stride is ignored: kernels begin `stride` pixels apart.", {"stride": 1}),
    stride_one_more=(
        "The kernels begin stride + 1 pixels apart: between two pixels are stride - 1 zeros.",
        {"stride": lambda stride: stride + 1},
    ),
    padding_ignored=(
        "The padding is ignored: it cuts that many pixels off on all four sides.",
        {"padding": 0},
    ),
)
of_result(
    exercise,
    first_image_only="Only the first image is computed; the others stay zero.",
    integer_result="The result array holds integers, so that everything after the point is cut "
    "off.",
    relu_added="Negative results are cut off: a ReLU is not part of it.",
    channels_last=(
        "The result is (N, OH, OW, F); channels come second here: (N, F, OH, OW).",
        lambda out: out.permute(0, 2, 3, 1),
    ),
)


def whole(x, weight, bias, stride):
    """Return the large image before it is cut."""
    return transposed_convolution(x, weight, bias, stride, 0)


def of_cut(name, message, cut):
    """Add a wrong cut of the large image."""

    def mistaken(x, weight, bias, stride=1, padding=0):
        return cut(whole(x, weight, bias, stride), padding)

    exercise.add(name, message, mistaken)


def framed(out, padding):
    """Add a frame of zeros."""
    import torch.nn.functional as F

    return F.pad(out, (padding,) * 4)


of_cut(
    "frame_of_zeros",
    "The padding puts zeros around the result: here it cuts pixels off.",
    framed,
)


@exercise.mistake("The padding makes the image larger: here it cuts pixels off.")
def padding_added(x, weight, bias, stride=1, padding=0):
    return framed(whole(x, weight, None, stride), padding) + bias[:, None, None]


of_cut(
    "empty_cut",
    "The cut [P:-P] is empty when P is 0: write [P:P + OH] and [P:P + OW].",
    lambda out, p: out[..., p:-p, p:-p],
)
of_cut(
    "cut_at_the_end_alone",
    "The 2*P pixels are all cut off at the bottom and on the right: P on each side.",
    lambda out, p: out[..., : out.shape[2] - 2 * p, : out.shape[3] - 2 * p],
)
of_cut(
    "cut_at_the_beginning_alone",
    "The 2*P pixels are all cut off at the top and on the left: P on each side.",
    lambda out, p: out[..., 2 * p :, 2 * p :],
)
of_cut(
    "cut_on_two_sides",
    "P pixels are cut off at the top and on the left only: on all four sides.",
    lambda out, p: out[..., p:, p:],
)


@exercise.mistake("x is padded with zeros, as before a convolution: the padding cuts, at the end.")
def x_padded(x, weight, bias, stride=1, padding=0):
    return whole(framed(x, padding), weight, bias, stride)


def painted(x, weight, bias, stride, padding, keep):
    """Return the image of which each pixel's kernel is kept or not."""
    import torch.nn.functional as F

    cols = weight.flatten(1).T @ x.flatten(2)
    size = painted_shape(x, weight, stride, padding)
    kernel = weight.shape[2:]
    out = F.fold(cols * keep, size, kernel, stride=stride, padding=padding)
    return out + bias[:, None, None]


def kept(x, weight, stride, padding, *, taps_first):
    """Return what is left of the kernels when = overwrites."""
    size = painted_shape(x, weight, stride, padding)
    left = survivors(size, tuple(weight.shape[2:]), stride, padding, taps_first=taps_first)
    return left.repeat(weight.shape[1], 1)


@exercise.mistake("Each kernel overwrites what is below it: += instead of = where they overlap.")
def overwritten(x, weight, bias, stride=1, padding=0):
    left = kept(x, weight, stride, padding, taps_first=False)
    return painted(x, weight, bias, stride, padding, left)


@exercise.mistake(
    "Only one number survives where kernels overlap: = instead of +=, or an index that occurs "
    "twice counted once. Use += on a slice at a time, or np.add.at."
)
def last_tap_only(x, weight, bias, stride=1, padding=0):
    left = kept(x, weight, stride, padding, taps_first=True)
    return painted(x, weight, bias, stride, padding, left)


def how_many(x, weight, stride, padding):
    """Return how many kernels lie on each pixel."""
    ones = weight.new_ones(1, 1, *weight.shape[2:])
    return whole_or_cut(x[:1, :1] * 0.0 + 1.0, ones, stride, padding)


def whole_or_cut(x, weight, stride, padding):
    """Return the image without a bias."""
    return transposed_convolution(x, weight, None, stride, padding)


@exercise.mistake("Where kernels overlap they are averaged: add them.")
def overlaps_averaged(x, weight, bias, stride=1, padding=0):
    counts = how_many(x, weight, stride, padding).clamp(min=1.0)
    return whole_or_cut(x, weight, stride, padding) / counts + bias[:, None, None]


@exercise.mistake(
    "The bias is painted with every kernel, several times where they overlap: add it once to each "
    "output."
)
def bias_at_every_tap(x, weight, bias, stride=1, padding=0):
    counts = how_many(x, weight, stride, padding)
    return whole_or_cut(x, weight, stride, padding) + counts * bias[:, None, None]


@exercise.mistake("The bias lies only where a kernel was painted: every output gets it.")
def bias_without_gaps(x, weight, bias, stride=1, padding=0):
    seen = (how_many(x, weight, stride, padding) > 0).to(x.dtype)
    return whole_or_cut(x, weight, stride, padding) + seen * bias[:, None, None]


@exercise.mistake("The weight is read as (F, C, KH, KW); its first axis is that of x's channels.")
def weight_axes_exchanged(x, weight, bias, stride=1, padding=0):
    first, second = weight.shape[:2]
    if second > x.shape[1] or first > len(bias):
        raise IndexError
    return transposed_convolution(
        x[:, :second], weight.transpose(0, 1), bias[:first], stride, padding
    )


@exercise.mistake("This is an ordinary convolution, which makes images smaller.")
@numpy_errors()
def ordinary_convolution(x, weight, bias, stride=1, padding=0):
    import torch.nn.functional as F

    return F.conv2d(x, weight.transpose(0, 1), bias, stride, padding)


@exercise.mistake(
    "The pixels are repeated `stride` times before the kernel goes over them: between them are "
    "zeros, each paints once."
)
def pixels_repeated(x, weight, bias, stride=1, padding=0):
    larger = x.repeat_interleave(stride, 2).repeat_interleave(stride, 3)
    height, width = painted_shape(x, weight, stride, padding)
    return transposed_convolution(larger, weight, bias, 1, padding)[..., :height, :width]


@exercise.mistake("The large image ends with the last pixel, H * S: it is (H - 1)*S + KH - 2*P.")
def wrong_size(x, weight, bias, stride=1, padding=0):
    import torch.nn.functional as F

    out = whole(x, weight, bias, stride)
    height, width = (side * stride for side in x.shape[2:])
    out = F.pad(out, (0, max(0, width - out.shape[3]), 0, max(0, height - out.shape[2])))
    return out[..., :height, :width]
