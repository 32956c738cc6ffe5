"""The families of cases that the convolution checks share."""

from grader.vocabulary import array, between, strategy


@strategy
def convolutions(draw, stride=between(1, 3), padding=between(0, 2), arrays=3):
    """Images, kernels and biases of all shapes, with the kernel inside the padded image.

    `arrays` is how many of x, weight and bias the exercise takes.
    """
    s, p = draw(stride), draw(padding)
    kh, kw = draw(between(1, 3)), draw(between(1, 3))
    n, c, f = draw(between(1, 3)), draw(between(1, 4)), draw(between(1, 4))
    h = max(1, kh - 2 * p) + draw(between(0, 5))
    w = max(1, kw - 2 * p) + draw(between(0, 5))
    x = draw(array(n, c, h, w))
    if arrays == 1:
        return x, (kh, kw), s, p
    return x, draw(array(f, c, kh, kw)), draw(array(f)), s, p


FEATURES = {
    "padding = 0": lambda *a: a[-1] == 0,
    "a stride above 1": lambda *a: a[-2] > 1,
    "several images": lambda x, *_: x.shape[0] > 1,
    "several channels": lambda x, *_: x.shape[1] > 1,
}


def kernel_shape(kernel):
    """Return (KH, KW) of a weight array or of a kernel size."""
    return tuple(kernel) if isinstance(kernel, tuple) else kernel.shape[-2:]


def geometry(x, kernel, stride, padding):
    """Return what is left over at the two ends and whether windows overlap or leave gaps."""
    kh, kw = kernel_shape(kernel)
    return (x.shape[2] + 2 * padding - kh) % stride, (x.shape[3] + 2 * padding - kw) % stride


def does_not_divide(x, kernel, *rest):
    """Tell whether some pixels at the end are covered by no window."""
    return any(geometry(x, kernel, rest[-2], rest[-1]))


def overlaps(_x, kernel, *rest):
    """Tell whether neighbouring windows share pixels."""
    return rest[-2] < max(kernel_shape(kernel))


def leaves_gaps(_x, kernel, *rest):
    """Tell whether pixels between two windows are covered by none."""
    return rest[-2] > min(kernel_shape(kernel))


def kernel_fills_input(x, kernel, *rest):
    """Tell whether there is just one window."""
    kh, kw = kernel_shape(kernel)
    return (kh, kw) == (x.shape[2] + 2 * rest[-1], x.shape[3] + 2 * rest[-1])


def rectangular_kernel(_x, kernel, *_rest):
    """Tell whether KH and KW differ."""
    kh, kw = kernel_shape(kernel)
    return kh != kw


WINDOW_FEATURES = {
    **FEATURES,
    "pixels at the end that no window covers": does_not_divide,
    "overlapping windows": overlaps,
    "gaps between the windows": leaves_gaps,
    "a kernel as large as the padded input": kernel_fills_input,
    "a 1x1 kernel": lambda _x, kernel, *_: kernel_shape(kernel) == (1, 1),
    "KH and KW different": rectangular_kernel,
    "H and W different": lambda x, *_: x.shape[2] != x.shape[3],
}
