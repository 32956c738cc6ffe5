"""What the convolution checks share: families of cases, and what is left where `=` overwrites."""

from grader.vocabulary import array, between, real, strategy, wide


@strategy
def convolutions(
    draw, stride=between(1, 3), padding=between(0, 2), takes="x weight bias", depthwise=False
):
    """Images, kernels and biases of all shapes, with the kernel inside the padded image.

    `takes` names the arrays of the exercise. Without x it takes the shape of x too, and without
    weight the kernel's size. `depthwise`: each channel has a kernel of its own. With stride 1 and
    padding 0 given, it is called without the two.
    """
    s, p = draw(stride), draw(padding)
    kh, kw = draw(between(1, 3)), draw(between(1, 3))
    n, c = draw(between(1, 3)), draw(between(1, 4))
    f, deep = (c, 1) if depthwise else (draw(between(1, 4)), c)
    h = max(1, kh - 2 * p) + draw(between(0, 5))
    w = max(1, kw - 2 * p) + draw(between(0, 5))
    oh, ow = output_shape((h, w), (kh, kw), s, p)
    shapes = {
        "grad_out": (n, f, oh, ow),
        "cols": (n, c * kh * kw, oh * ow),
        "x": (n, c, h, w),
        "weight": (f, deep, kh, kw),
        "bias": (f,),
    }
    products = {"x", "weight", "bias"} if "weight" in takes else set()
    arguments = [
        draw(array(*shapes[name], of=real if name in products else wide)) for name in takes.split()
    ]
    if "x" not in takes:
        arguments.append((n, c, h, w))
    if "weight" not in takes:
        arguments.append((kh, kw))
    return tuple(arguments) if (stride, padding) == (1, 0) else (*arguments, s, p)


def output_shape(image, kernel, stride, padding):
    """Return how many windows there are downwards and to the right."""
    return tuple((i + 2 * padding - k) // stride + 1 for i, k in zip(image, kernel, strict=True))


def image_shape(x):
    """Return (N, C, H, W) of images, or of their shape."""
    return x if isinstance(x, tuple) else x.shape


def kernel_shape(kernel):
    """Return (KH, KW) of a weight array or of a kernel size."""
    return tuple(kernel) if isinstance(kernel, tuple) else kernel.shape[-2:]


def does_not_divide(x, kernel, stride, padding):
    """Tell whether some pixels at the end are covered by no window."""
    sides = zip(image_shape(x)[2:], kernel_shape(kernel), strict=True)
    return any((side + 2 * padding - k) % stride for side, k in sides)


def fills_input(x, kernel, padding):
    """Tell whether there is just one window."""
    return kernel_shape(kernel) == tuple(side + 2 * padding for side in image_shape(x)[2:])


WINDOW_FEATURES = {
    "padding = 0": lambda padding: padding == 0,
    "a stride above 1": lambda stride: stride > 1,
    "several images": lambda x: image_shape(x)[0] > 1,
    "several channels": lambda x: image_shape(x)[1] > 1,
    "pixels at the end that no window covers": does_not_divide,
    "overlapping windows": lambda kernel, stride: stride < max(kernel_shape(kernel)),
    "gaps between the windows": lambda kernel, stride: stride > min(kernel_shape(kernel)),
    "a kernel as large as the padded input": fills_input,
    "a 1x1 kernel": lambda kernel: kernel_shape(kernel) == (1, 1),
    "KH and KW different": lambda kernel: len(set(kernel_shape(kernel))) > 1,
    "H and W different": lambda x: len(set(image_shape(x)[2:])) > 1,
}


def survivors(image, kernel, stride, padding, *, taps_first):
    """Return 1 for what is left of an image's columns when `=` overwrites, and 0 for the rest.

    `taps_first`: the outer loop is over the places in a window, else over the windows.
    """
    import torch
    import torch.nn.functional as F

    names = torch.arange(1.0, image[0] * image[1] + 1).reshape(1, 1, *image)
    pixels = F.unfold(names, kernel, stride=stride, padding=padding)[0].long()
    order = torch.arange(pixels.numel())
    order = order.reshape(pixels.shape) if taps_first else order.reshape(pixels.T.shape).T
    nobody = torch.zeros(names.numel() + 1, dtype=torch.int64)
    last = nobody.scatter_reduce(0, pixels.flatten(), order.flatten(), "amax")
    return (order == last[pixels]).double()
