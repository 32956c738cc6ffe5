"""The gradient of every window goes to the pixel that was its maximum."""

from grader.checks._shared import of_arguments, of_result, one, products_of
from grader.checks.pool._cases import (
    LEVELS,
    WINDOW_FEATURES,
    avg_pool2d,
    columns,
    filled_up,
    has_ties,
    images,
    last_written,
    max_pool2d,
    output_shape,
    share_out,
    steps_of,
)
from grader.checks.pool._mistakes import AS_LARGE_AS_STRIDE, RESHAPED, of_windows_back
from grader.vocabulary import Exercise, between, distinct, gradients, level, tied


def one_window():
    """Return a stride that leaves most of the image alone."""
    import numpy as np

    return [(np.array([[[[5.0]]]]), np.arange(4.0).reshape(1, 1, 2, 2), (1, 1), 2)]


exercise = Exercise(
    points=4,
    decks=("002", "003"),
    requires=("max_pool2d_forward",),
    levels={
        "windows side by side": images(stride=None, of=distinct, backward=True),
        "any stride": level(images(of=distinct, level=LEVELS, backward=True), fixed=one_window),
        "equal numbers in a window": images(
            side=between(2, 3), of=tied, level=LEVELS, backward=True
        ),
    },
    features={
        **WINDOW_FEATURES,
        "equal largest numbers in a window": has_ties,
        "all numbers negative": lambda x: x.max() < 0,
    },
    terms=products_of("grad_out"),
    hints=(
        "Which pixel of a window made the output, and how much of grad_out does it get? What if "
        "two pixels are equally large, and what if one is the largest of two windows?",
        "image = [[1, 5, 2], [5, 4, 3]]\n"
        "With 2x2 windows, stride 1, and grad_out [10, 20]:\n"
        "In the left window both fives are largest: the first one, row by row, takes all.\n"
        "In the right one the same five is largest once more:\n"
        "10 + 20 = 30\n"
        "max_pool2d_backward([[[[10, 20]]]], [[image]], (2, 2), 1)[0, 0, 0] = [0, 30, 0]",
        "grad_x = np.zeros(...)\n"
        "for every image, channel and window (i, j):\n"
        "    window = x[n, c, ... : ..., ... : ...]\n"
        "    k, l = divmod(...)              # row and column of its first largest number\n"
        "    grad_x[n, c, ..., ...] += ...   # added: a pixel may win twice\n"
        "return grad_x",
    ),
)


@exercise.equivalent
def backward(grad_out, x, kernel_size, stride=None):
    import torch.nn.functional as F

    return gradients(lambda x: F.max_pool2d(x, kernel_size, stride), grad_out, x)[0]


def largest(x, kernel_size, stride):
    """Return 1 at every place of every window that is as large as its maximum, as columns."""
    cols = columns(x, kernel_size, stride)
    return (cols == cols.amax(2, keepdim=True)).double()


def first(marks):
    """Keep the first mark of each window."""
    return marks * (marks.cumsum(2) == 1.0)


def as_row(grad_out):
    """Return grad_out as (N, C, 1, OH * OW), to multiply columns with."""
    return grad_out.flatten(2).unsqueeze(2)


@exercise.mistake(
    "Every pixel that equals the maximum is paid (x == max); among equal ones only the first one "
    "is, as by argmax."
)
def every_tie_paid(grad_out, x, kernel_size, stride=None):
    paid = largest(x, kernel_size, stride) * as_row(grad_out)
    return share_out(paid, x, kernel_size, stride)


@exercise.mistake("Equal largest numbers share the gradient; here the first one takes all.")
def ties_share(grad_out, x, kernel_size, stride=None):
    marks = largest(x, kernel_size, stride)
    paid = marks / marks.sum(2, keepdim=True) * as_row(grad_out)
    return share_out(paid, x, kernel_size, stride)


@exercise.mistake(
    "Among equal largest numbers the last one is paid; the first one takes all: > and not >=."
)
def last_tie_paid(grad_out, x, kernel_size, stride=None):
    marks = first(largest(x, kernel_size, stride).flip(2)).flip(2)
    return share_out(marks * as_row(grad_out), x, kernel_size, stride)


@exercise.mistake(
    "Among equal largest numbers the first one down the window is paid; the order is row by row."
)
def ties_in_column_order(grad_out, x, kernel_size, stride=None):
    kh, kw = kernel_size
    marks = largest(x, kernel_size, stride)
    turned = marks.unflatten(2, (kh, kw)).transpose(2, 3).flatten(2, 3)
    marks = first(turned).unflatten(2, (kw, kh)).transpose(2, 3).flatten(2, 3)
    return share_out(marks * as_row(grad_out), x, kernel_size, stride)


@exercise.mistake(
    "A pixel that is the maximum of several windows keeps one gradient only: = instead of +=, or "
    "grad_x[index] += … with an index that occurs twice (np.add.at counts it twice)."
)
def last_gradient_stays(grad_out, x, kernel_size, stride=None):
    marks = first(largest(x, kernel_size, stride))
    marks = last_written(marks, x, kernel_size, stride)
    return share_out(marks * as_row(grad_out), x, kernel_size, stride)


@exercise.mistake(
    "Every window overwrites the ones before it where they overlap, with zeros too: += for =."
)
def last_window_stays(grad_out, x, kernel_size, stride=None):
    marks = first(largest(x, kernel_size, stride))
    marks = marks * last_written(marks * 0.0 + 1.0, x, kernel_size, stride)
    return share_out(marks * as_row(grad_out), x, kernel_size, stride)


@exercise.mistake(
    "Every window overwrites the ones before it where they overlap (+= for =), and every pixel "
    "that equals the maximum is paid; only the first one is."
)
def last_window_stays_and_ties(grad_out, x, kernel_size, stride=None):
    marks = largest(x, kernel_size, stride)
    marks = marks * last_written(marks * 0.0 + 1.0, x, kernel_size, stride)
    return share_out(marks * as_row(grad_out), x, kernel_size, stride)


of_windows_back(exercise, max_pool2d)
of_arguments(
    exercise,
    upstream_forgotten=(
        "grad_out is forgotten: the maximum gets 1; it gets grad_out[n, c, i, j].",
        {"grad_out": one},
    ),
)
of_result(
    exercise,
    times_the_maximum=(
        "The gradient is multiplied by the maximum; the pixel's own factor is 1.",
        lambda grad_x, x: grad_x * x,
    ),
)


@exercise.mistake(
    "The gradient is divided among all pixels, as in average pooling; the maximum takes all."
)
def shared_by_all(grad_out, x, kernel_size, stride=None):
    return gradients(lambda x: avg_pool2d(x, kernel_size, stride), grad_out, x)[0]


@exercise.mistake(
    "grad_out is forgotten: every pixel that equals the maximum gets 1. Multiply by grad_out, and "
    "pay only the first of equal ones."
)
def upstream_forgotten_and_ties(grad_out, x, kernel_size, stride=None):
    return every_tie_paid(grad_out * 0.0 + 1.0, x, kernel_size, stride)


@exercise.mistake(
    "grad_out is forgotten, and set instead of added: the mask of the maxima remains."
)
def mask_only(grad_out, x, kernel_size, stride=None):
    return (backward(grad_out * 0.0 + 1.0, x, kernel_size, stride) > 0).double()


@exercise.mistake(
    "The maximum of the whole image takes everything; every window has a maximum of its own."
)
def maximum_of_the_image(grad_out, x, kernel_size, stride=None):
    image = x.flatten(2)
    winner = first((image == image.amax(2, keepdim=True)).double().unsqueeze(3)).squeeze(3)
    return (winner * grad_out.sum((2, 3)).unsqueeze(2)).reshape(x.shape)


@exercise.mistake("Every pixel gets the gradient of its windows; only their maximum does.")
def everybody_paid(grad_out, x, kernel_size, stride=None):
    marks = columns(x, kernel_size, stride) * 0.0 + 1.0
    return share_out(marks * as_row(grad_out), x, kernel_size, stride)


@exercise.mistake("The upper left pixel of a window is paid; find the maximum's own place.")
def corner_paid(grad_out, x, kernel_size, stride=None):
    marks = columns(x, kernel_size, stride) * 0.0
    marks[:, :, 0] = 1.0
    return share_out(marks * as_row(grad_out), x, kernel_size, stride)


@exercise.mistake(AS_LARGE_AS_STRIDE)
def stride_for_kernel(grad_out, x, kernel_size, stride=None):
    import torch.nn.functional as F

    size, (height, width) = steps_of(kernel_size, stride), grad_out.shape[2:]

    def pool(x):
        wider = filled_up(x, size, None, (height, width), -float("inf"))
        return F.max_pool2d(wider, size)[..., :height, :width]

    return gradients(pool, grad_out, x)[0]


@exercise.mistake(RESHAPED)
def reshaped(grad_out, x, kernel_size, stride=None):
    whole = output_shape(x, kernel_size, None)
    fits = all(g in {1, w} for g, w in zip(grad_out.shape[2:], whole, strict=True))
    if x.shape[2] % kernel_size[0] or x.shape[3] % kernel_size[1] or not fits:
        raise ValueError
    return every_tie_paid(grad_out.expand(*x.shape[:2], *whole), x, kernel_size)


@exercise.mistake(
    "grad_out is repeated (np.repeat, np.kron) to the size of x, which needs sizes that divide and "
    "windows side by side. Go through the windows one by one."
)
def repeated(grad_out, x, kernel_size, stride=None):
    import torch.nn.functional as F

    def repeat(a):
        return a.repeat_interleave(kernel_size[0], 2).repeat_interleave(kernel_size[1], 3)

    out = repeat(F.max_pool2d(x, kernel_size, stride))
    if any(o not in {1, side} for o, side in zip(out.shape[2:], x.shape[2:], strict=True)):
        raise ValueError
    return (x == out) * repeat(grad_out)
