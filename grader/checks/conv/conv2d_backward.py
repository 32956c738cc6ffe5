"""The gradients of a convolution: what each pixel, each weight and each bias did to the loss."""

from grader.checks._shared import (
    SUMS_OF_PRODUCTS,
    of_arguments,
    of_result,
    one,
    products_of,
    renamed,
)
from grader.checks.conv._cases import WINDOW_FEATURES, convolutions, survivors
from grader.checks.conv._mistakes import NOT_IN_WINDOW
from grader.vocabulary import Exercise, gradients

ARRAYS = "grad_out x weight bias"

exercise = Exercise(
    points=5,
    decks=("001", "003"),
    requires=("im2col", "col2im", "conv2d_forward"),
    levels={
        "stride 1, no padding": convolutions(stride=1, padding=0, takes=ARRAYS),
        "any padding": convolutions(stride=1, takes=ARRAYS),
        "any stride and padding": convolutions(takes=ARRAYS),
    },
    features=renamed(WINDOW_FEATURES, kernel="weight"),
    never=[SUMS_OF_PRODUCTS],
    terms=products_of("grad_out", "x weight"),
    hints=(
        "Follow one number of grad_out: which pixels and which weights made its output, and by "
        "what was each of them multiplied? What if a pixel lies in two windows, and a weight in "
        "all?",
        "The row [1, 2, 3], the kernel [10, 20], and grad_out [1, 3]:\n"
        "1 * 10 = 10\n"
        "1 * 20 + 3 * 10 = 50     the pixel in the middle lies in both windows\n"
        "3 * 20 = 60              grad_x is [10, 50, 60]\n"
        "1 * 1 + 3 * 2 = 7\n"
        "1 * 2 + 3 * 3 = 11       grad_weight is [7, 11]\n"
        "conv2d_backward([[[[1, 3]]]], [[[[1, 2, 3]]]], [[[[10, 20]]]], [0])[2] = [1 + 3]",
        "g = grad_out.reshape(n, f, ...)\n"
        "cols = im2col(...)\n"
        "grad_weight = (g @ ...) summed over the images, in the shape of weight\n"
        "grad_x = col2im(... @ g, ...)            # the kernels, one row each, turned around\n"
        "grad_bias = grad_out.sum(axis=...)\n"
        "return grad_x, grad_weight, grad_bias",
    ),
)


@exercise.equivalent
def backward(grad_out, x, weight, bias, stride=1, padding=0):
    import torch.nn.functional as F

    def conv(x, weight, bias):
        return F.conv2d(x, weight, bias, stride, padding)

    return gradients(conv, grad_out, x, weight, bias)


def spread(grad_out, x, weight, stride, padding, keep=1.0):
    """Return grad_x from gradients of columns, of which `keep` tells what is left."""
    import torch.nn.functional as F

    cols = F.unfold(x, weight.shape[2:], stride=stride, padding=padding)
    (grad,) = gradients(lambda cols: weight.flatten(1) @ cols, grad_out.flatten(2), cols)
    return F.fold(grad * keep, x.shape[2:], weight.shape[2:], stride=stride, padding=padding)


def kept(x, weight, stride, padding, *, taps_first):
    """Return what is left of the columns when = overwrites."""
    left = survivors(x.shape[2:], weight.shape[2:], stride, padding, taps_first=taps_first)
    return left.repeat(x.shape[1], 1)


@exercise.mistake(
    "In grad_x every kernel and every window overwrites the one before: += instead of =."
)
def grad_x_overwritten(grad_out, x, weight, bias, stride=1, padding=0):
    _, *others = backward(grad_out, x, weight, bias, stride, padding)
    left = kept(x, weight, stride, padding, taps_first=False)
    return spread(grad_out[:, -1:], x, weight[-1:], stride, padding, left), *others


@exercise.mistake("In grad_x every window overwrites the one before where they overlap: += for =.")
def grad_x_last_window(grad_out, x, weight, bias, stride=1, padding=0):
    _, *others = backward(grad_out, x, weight, bias, stride, padding)
    left = kept(x, weight, stride, padding, taps_first=False)
    return spread(grad_out, x, weight, stride, padding, left), *others


@exercise.mistake(
    "In grad_x only one number survives where windows overlap: = instead of +=, or an index that "
    "occurs twice counted once. Use += on a slice at a time, or np.add.at."
)
def grad_x_last_tap(grad_out, x, weight, bias, stride=1, padding=0):
    _, *others = backward(grad_out, x, weight, bias, stride, padding)
    left = kept(x, weight, stride, padding, taps_first=True)
    return spread(grad_out, x, weight, stride, padding, left), *others


@exercise.mistake("Only the last kernel reaches grad_x; all kernels add to it: += instead of =.")
def grad_x_last_kernel(grad_out, x, weight, bias, stride=1, padding=0):
    _, *others = backward(grad_out, x, weight, bias, stride, padding)
    return spread(grad_out[:, -1:], x, weight[-1:], stride, padding), *others


@exercise.mistake(NOT_IN_WINDOW)
def stride_not_in_window(grad_out, x, weight, bias, stride=1, padding=0):
    import torch.nn.functional as F

    def conv(x, weight, bias):
        out = F.conv2d(x, weight, bias, 1, padding)
        return out[..., : grad_out.shape[2], : grad_out.shape[3]]

    return gradients(conv, grad_out, x, weight, bias)


def framed(grad_out, x, weight, stride, padding):
    """Return the gradient of the padded images."""
    import torch.nn.functional as F

    padded = F.pad(x, (padding,) * 4)
    return gradients(lambda x: F.conv2d(x, weight, None, stride), grad_out, padded)[0]


@exercise.mistake(
    "grad_x lacks the pixels at the end that no window reaches; it has the shape of x, and 0 there."
)
def uncovered_missing(grad_out, x, weight, bias, stride=1, padding=0):
    grad_x, *others = backward(grad_out, x, weight, bias, stride, padding)
    sizes = zip(grad_out.shape[2:], weight.shape[2:], strict=True)
    ends = [max((o - 1) * stride + k - 2 * padding, 0) for o, k in sizes]
    return grad_x[..., : ends[0], : ends[1]], *others


@exercise.mistake(
    "The kernels are slid over grad_out as they are; on the way back they must be flipped, "
    "weight[:, :, ::-1, ::-1], since they were not on the way forth."
)
def kernel_not_flipped(grad_out, x, weight, bias, stride=1, padding=0):
    grad_x, _, _ = backward(grad_out, x, weight.flip(2, 3), bias, stride, padding)
    return grad_x, *backward(grad_out, x, weight, bias, stride, padding)[1:]


@exercise.mistake(
    "grad_weight takes its windows from x; with padding they come from the padded images."
)
def grad_weight_from_unpadded(grad_out, x, weight, bias, stride=1, padding=0):
    import torch.nn.functional as F

    for size, k, windows in zip(x.shape[2:], weight.shape[2:], grad_out.shape[2:], strict=True):
        # A window that sticks out is cut off; only one of size 1 still fits, and is repeated.
        if any(max(size - i * stride, 0) not in {1, *range(k, size + 1)} for i in range(windows)):
            raise ValueError
    repeated = F.pad(x, (0, 2 * padding, 0, 2 * padding), mode="replicate")
    grad_x, _, grad_bias = backward(grad_out, x, weight, bias, stride, padding)
    return grad_x, backward(grad_out, repeated, weight, bias, stride, 0)[1], grad_bias


def at_last_place(grad_out, *, last_image):
    """Return zeros but for the last output of the last image, or of each."""
    kept = grad_out * 0.0
    start = -1 if last_image else 0
    kept[start:, :, -1, -1] = grad_out[start:, :, -1, -1]
    return kept


@exercise.mistake("grad_weight holds the last image's only; all images add to it: += instead of =.")
def grad_weight_last_image(grad_out, x, weight, bias, stride=1, padding=0):
    grad_x, _, grad_bias = backward(grad_out, x, weight, bias, stride, padding)
    _, grad_weight, _ = backward(grad_out[-1:], x[-1:], weight, bias, stride, padding)
    return grad_x, grad_weight, grad_bias


@exercise.mistake(
    "grad_weight holds the last window's only; all windows add to it: += instead of =."
)
def grad_weight_last_window(grad_out, x, weight, bias, stride=1, padding=0):
    grad_x, _, grad_bias = backward(grad_out, x, weight, bias, stride, padding)
    last = at_last_place(grad_out, last_image=True)
    return grad_x, backward(last, x, weight, bias, stride, padding)[1], grad_bias


@exercise.mistake(
    "Only the last image is right in grad_x, and the weight and the bias know no other."
)
def last_image_only(grad_out, x, weight, bias, stride=1, padding=0):
    last = grad_out.clone()
    last[:-1] = 0.0
    return backward(last, x, weight, bias, stride, padding)


def of_frame(name, message, crop):
    """Add a wrong crop of grad_x out of the gradient of the padded images."""

    def cropped(_, grad_out, x, weight, stride, padding):
        return crop(framed(grad_out, x, weight, stride, padding), padding)

    of_result(exercise, **{name: (message, {0: cropped})})


of_frame(
    "frame_left_on",
    "The frame is still on grad_x: cut `padding` pixels off on all four sides.",
    lambda frame, _: frame,
)
of_frame(
    "fixed_crop",
    "One pixel is cut off grad_x on every side, whatever `padding` says.",
    lambda frame, _: frame[..., 1:-1, 1:-1],
)
of_frame(
    "empty_crop",
    "The crop [P:-P] of grad_x is empty when P is 0: write [P:P + H] and [P:P + W].",
    lambda frame, p: frame[..., p:-p, p:-p],
)
of_arguments(
    exercise,
    upstream_forgotten=(
        "grad_out is forgotten: this is the gradient of the outputs' plain sum.",
        {"grad_out": one},
    ),
)
of_result(
    exercise,
    grad_weight_mirrored=(
        "grad_weight is mirrored: its rows and columns run backwards.",
        {1: lambda grad_weight: grad_weight.flip(2, 3)},
    ),
    grad_weight_axes_exchanged=(
        "grad_weight is (C, F, KH, KW); it has the shape of weight, the kernels first.",
        {1: lambda grad_weight: grad_weight.transpose(0, 1)},
    ),
    grad_bias_for_each_image=(
        "grad_bias is summed over the pixels only; sum over the images too: axes 0, 2, 3.",
        {2: lambda _, grad_out: grad_out.sum((2, 3))},
    ),
    grad_bias_for_each_pixel=(
        "grad_bias is summed over the images only; sum over the pixels too: axes 0, 2, 3.",
        {2: lambda _, grad_out: grad_out.sum(0)},
    ),
    grad_bias_of_all_kernels=(
        "grad_bias is one number for all kernels; keep axis 1, the kernels' own.",
        {2: lambda _, grad_out: grad_out.sum()},
    ),
    grad_bias_averaged=(
        "grad_bias is averaged; every output has the bias once, so that it is a sum.",
        {2: lambda _, grad_out: grad_out.mean((0, 2, 3))},
    ),
    averaged_over_images=(
        "grad_weight and grad_bias are divided by N; where the mean is wanted, grad_out has the "
        "1/N already.",
        dict.fromkeys((1, 2), lambda grad, x: grad / len(x)),
    ),
)
