"""Every output is the sum of one window of x times one kernel, plus the bias."""

from grader.checks._shared import renamed
from grader.checks.conv._cases import WINDOW_FEATURES, convolutions
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
    hints=(
        "One output pixel is one number: a window of x (all channels) times one kernel, summed, "
        "plus that kernel's bias. Get a single pixel right first.",
        "The window of output (i, j) begins at row i*stride and column j*stride of the padded "
        "image. Images and channels are not padded, only height and width.",
        "im2col gives a column for each window. weight.reshape(F, -1) @ cols is then every output "
        "of every kernel; add bias[:, None] and reshape to (N, F, OH, OW).",
    ),
)


@exercise.equivalent
def conv2d(x, weight, bias, stride=1, padding=0):
    import torch.nn.functional as F

    return F.conv2d(x, weight, bias, stride, padding)


@exercise.mistake(
    "The kernel is flipped, as in mathematics. Deep learning slides it as it is: no [::-1]."
)
def flipped_kernel(x, weight, bias, stride=1, padding=0):
    return conv2d(x, weight.flip(-2, -1), bias, stride, padding)


@exercise.mistake(
    "The window of output (i, j) is taken at (i, j); it begins at (i*stride, j*stride)."
)
def stride_not_in_window(x, weight, bias, stride=1, padding=0):
    height, width = conv2d(x, weight, bias, stride, padding).shape[-2:]
    return conv2d(x, weight, bias, 1, padding)[..., :height, :width]


@exercise.mistake(
    "The batch and the channels are padded too: np.pad(x, padding) pads every axis. Give it "
    "((0, 0), (0, 0), (P, P), (P, P))."
)
def padded_every_axis(x, weight, bias, stride=1, padding=0):
    import torch.nn.functional as F

    padded = F.pad(x, (padding,) * 8)[: x.shape[0], : x.shape[1]]
    return conv2d(padded, weight, bias, stride, 0)


@exercise.mistake("Only the top and the left are padded; all four sides get `padding` zeros.")
def padded_on_one_side(x, weight, bias, stride=1, padding=0):
    import torch.nn.functional as F

    return conv2d(F.pad(x, (padding, 0, padding, 0)), weight, bias, stride, 0)


@exercise.mistake("The padding is always 1, whatever `padding` says.")
def fixed_padding(x, weight, bias, stride=1, padding=0):
    return conv2d(x, weight, bias, stride, 1)


@exercise.mistake("The padding is ignored.")
def no_padding(x, weight, bias, stride=1, padding=0):
    return conv2d(x, weight, bias, stride, 0)


@exercise.mistake(
    "The padded array exists only when padding > 0; with padding = 0 the name was never assigned."
)
def padded_only_if_positive(x, weight, bias, stride=1, padding=0):
    if padding == 0:
        raise UnboundLocalError
    return conv2d(x, weight, bias, stride, padding)


@exercise.mistake(
    "The bias is added inside the sum over the window, once for every tap; add it once an output."
)
def bias_at_every_tap(x, weight, bias, stride=1, padding=0):
    return conv2d(x, weight, bias * weight[0].numel(), stride, padding)


@exercise.mistake("Every kernel gets the first bias, bias[0]; kernel f has bias[f].")
def first_bias_for_all(x, weight, bias, stride=1, padding=0):
    return conv2d(x, weight, bias[:1].expand(len(bias)), stride, padding)


@exercise.mistake("The bias is missing.")
def no_bias(x, weight, bias, stride=1, padding=0):
    return conv2d(x, weight, None, stride, padding)


@exercise.mistake(
    "Only the first channel is used; a window spans all channels, and all are summed."
)
def first_channel_only(x, weight, bias, stride=1, padding=0):
    return conv2d(x[:, :1], weight[:, :1], bias, stride, padding)


@exercise.mistake(
    "Only the last channel counts: each one overwrites (=) the one before instead of adding (+=)."
)
def last_channel_only(x, weight, bias, stride=1, padding=0):
    return conv2d(x[:, -1:], weight[:, -1:], bias, stride, padding)


@exercise.mistake("The weight is read as (C, F, KH, KW); its first axis counts the kernels.")
def weight_axes_exchanged(x, weight, bias, stride=1, padding=0):
    channels, kernels = weight.shape[:2]
    if channels > x.shape[1] or kernels > len(bias):
        raise IndexError
    return conv2d(x[:, :channels], weight.transpose(0, 1), bias[:kernels], stride, padding)


@exercise.mistake("The result is (N, OH, OW, F); channels come second here: (N, F, OH, OW).")
def channels_last(x, weight, bias, stride=1, padding=0):
    return conv2d(x, weight, bias, stride, padding).permute(0, 2, 3, 1)


@exercise.mistake("KH and KW are exchanged: weight.shape is (F, C, KH, KW), rows first.")
def kernel_transposed(x, weight, bias, stride=1, padding=0):
    return conv2d(x, weight.transpose(2, 3), bias, stride, padding)


@exercise.mistake("Only the first image is computed; the others stay zero.")
def first_image_only(x, weight, bias, stride=1, padding=0):
    out = conv2d(x, weight, bias, stride, padding)
    out[1:] = 0.0
    return out


@exercise.mistake("The result array holds integers, so that everything after the point is cut off.")
def integer_result(x, weight, bias, stride=1, padding=0):
    import torch

    return conv2d(x, weight, bias, stride, padding).to(torch.int64)
