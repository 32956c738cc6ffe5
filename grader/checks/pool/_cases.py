"""What the pooling checks share: families of cases, and gradients shared out inside the windows."""

from grader.vocabulary import array, between, one_of, strategy, wide

LEVELS = one_of(0.0, -8.0, -1000.0)
"""How far pixels are raised where the largest is looked for: all may be far below 0."""


@strategy
def images(
    draw, stride=one_of(None, 1, 2, 3), side=between(1, 3), of=wide, level=0.0, backward=False
):
    """Images and windows of a `side` inside them; every pixel is raised by a `level`.

    With stride None given, the function is called without it.
    """
    kh, kw, s = draw(side), draw(side), draw(stride)
    n, c = draw(between(1, 3)), draw(between(1, 3))
    h, w = kh + draw(between(0, 5)), kw + draw(between(0, 5))
    raised = draw(level)
    x = draw(array(n, c, h, w, of=of)) + raised
    arguments = (x, (kh, kw)) if stride is None else (x, (kh, kw), s)
    if not backward:
        return arguments
    return draw(array(n, c, *output_shape(x, (kh, kw), s), of=wide)), *arguments


@strategy
def whole_images(draw, number=between(1, 4), channels=between(1, 4), backward=False):
    """Images that are pooled as a whole."""
    n, c = draw(number), draw(channels)
    x = draw(array(n, c, draw(between(1, 6)), draw(between(1, 6)), of=wide))
    return (draw(array(n, c, of=wide)), x) if backward else (x,)


def steps_of(kernel_size, stride):
    """Return the steps downwards and to the right."""
    return kernel_size if stride is None else (stride, stride)


def output_shape(x, kernel_size, stride):
    """Return how many windows there are downwards and to the right."""
    sides = zip(x.shape[2:], kernel_size, steps_of(kernel_size, stride), strict=True)
    return tuple((side - k) // s + 1 for side, k, s in sides)


def filled_up(x, kernel_size, stride, windows, value=0.0):
    """Return x, filled up with a value at the end so that so many windows fit."""
    import torch.nn.functional as F

    sizes = zip(windows, steps_of(kernel_size, stride), kernel_size, x.shape[2:], strict=True)
    bottom, right = (max((n - 1) * s + k - side, 0) for n, s, k, side in sizes)
    return F.pad(x, (0, right, 0, bottom), value=value)


def beginning_inside(x, kernel_size, stride):
    """Return how many windows begin inside x, whole or not."""
    sides = zip(x.shape[2:], steps_of(kernel_size, stride), strict=True)
    return [(side - 1) // s + 1 for side, s in sides]


def rounded_up(x, kernel_size, stride):
    """Return how many windows there are when an incomplete step counts."""
    sides = zip(x.shape[2:], kernel_size, steps_of(kernel_size, stride), strict=True)
    return [-(-(side - k) // s) + 1 for side, k, s in sides]


def does_not_divide(x, kernel_size, stride):
    """Tell whether some pixels at the end are covered by no window."""
    sides = zip(x.shape[2:], kernel_size, steps_of(kernel_size, stride), strict=True)
    return any((side - k) % s for side, k, s in sides)


def has_ties(x, kernel_size, stride):
    """Tell whether the largest number of some window occurs in it twice."""
    import numpy as np

    windows = np.lib.stride_tricks.sliding_window_view(x, kernel_size, axis=(2, 3))
    down, right = steps_of(kernel_size, stride)
    flat = windows[:, :, ::down, ::right].reshape(*x.shape[:2], -1, kernel_size[0] * kernel_size[1])
    return bool(((flat == flat.max(-1, keepdims=True)).sum(-1) > 1).any())


WINDOW_FEATURES = {
    "no stride given": lambda stride: stride is None,
    "overlapping windows": lambda kernel_size, stride: (
        stride is not None and stride < max(kernel_size)
    ),
    "gaps between the windows": lambda kernel_size, stride: (
        stride is not None and stride > min(kernel_size)
    ),
    "pixels at the end that no window covers": does_not_divide,
    "KH and KW different": lambda kernel_size: kernel_size[0] != kernel_size[1],
    "H and W different": lambda x: x.shape[2] != x.shape[3],
    "several images": lambda x: x.shape[0] > 1,
    "several channels": lambda x: x.shape[1] > 1,
}


IMAGE_FEATURES = {
    "H and W different": WINDOW_FEATURES["H and W different"],
    "only one pixel": lambda x: x.shape[2:] == (1, 1),
    "several images": WINDOW_FEATURES["several images"],
    "several channels": WINDOW_FEATURES["several channels"],
    "as many images as channels": lambda x: x.shape[0] == x.shape[1],
}


def max_pool2d(x, kernel_size, stride):
    """Pool by maximum, as torch does."""
    import torch.nn.functional as F

    return F.max_pool2d(x, kernel_size, stride)


def avg_pool2d(x, kernel_size, stride):
    """Pool by mean, as torch does."""
    import torch.nn.functional as F

    return F.avg_pool2d(x, kernel_size, stride)


def columns(x, kernel_size, stride):
    """Return the windows as columns, (N, C, KH * KW, OH * OW)."""
    import torch.nn.functional as F

    cols = F.unfold(x, kernel_size, stride=steps_of(kernel_size, stride))
    return cols.reshape(*x.shape[:2], kernel_size[0] * kernel_size[1], -1)


def share_out(shares, x, kernel_size, stride):
    """Add up what each place of each window gets, as columns, on the pixels of x."""
    import torch.nn.functional as F

    steps = steps_of(kernel_size, stride)
    return F.fold(shares.flatten(1, 2), x.shape[2:], kernel_size, stride=steps)


def last_written(written, x, kernel_size, stride, *, taps_first=False):
    """Return 1 where the last number that is `written` to a pixel comes from, and 0 elsewhere.

    `taps_first`: the outer loop is over the places in a window, else over the windows.
    """
    import torch

    names = torch.arange(x[0, 0].numel(), dtype=torch.float64).reshape(1, 1, *x.shape[2:])
    pixels = columns(names, kernel_size, stride).long().expand(written.shape).flatten(2)
    order = torch.arange(1, pixels.shape[2] + 1)
    if not taps_first:
        order = order.reshape(written.shape[3], written.shape[2]).T.flatten()
    order = order * written.flatten(2).long()
    nobody = torch.zeros(*x.shape[:2], names.numel(), dtype=torch.int64)
    last = nobody.scatter_reduce(2, pixels, order, "amax")
    return ((order > 0) & (order == last.gather(2, pixels))).double().reshape(written.shape)
