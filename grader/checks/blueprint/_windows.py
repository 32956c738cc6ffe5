"""How torch counts windows and follows a shape, and the ways in which that goes wrong."""

from math import prod

EXTRA = 8  # windows more, taken off again: a kernel that does not fit then counts below 1


def count_windows(height, width, kernel, stride, padding):
    """Count the windows by sliding a kernel over zeros; below 1 where it does not fit."""
    import torch
    import torch.nn.functional as F

    kh, kw = kernel
    x = torch.zeros(1, 1, height + EXTRA * stride, width + EXTRA * stride)
    out = F.conv2d(x, torch.zeros(1, 1, kh, kw), stride=stride, padding=padding)
    return out.shape[2] - EXTRA, out.shape[3] - EXTRA


def slide(height, width, kernel, stride, padding):
    """Count the windows of a kernel that must fit."""
    rows, columns = count_windows(height, width, kernel, stride, padding)
    if min(rows, columns) < 1:
        raise ValueError
    return rows, columns


def rounded_up(height, width, kernel, stride, padding):
    """Count the windows, with one more where pixels are left over."""
    return count_windows(height + stride - 1, width + stride - 1, kernel, stride, padding)


def width_from_height(height, _width, kernel, stride, padding):
    """Count the columns, too, from the height."""
    return slide(height, height, kernel, stride, padding)


def one_size_for_both(height, _width, kernel, stride, padding):
    """Count as if image and kernel were square."""
    return slide(height, height, kernel[:1] * 2, stride, padding)


def only_rows_checked(height, width, kernel, stride, padding):
    """Count the windows of a kernel whose height must fit."""
    rows, columns = count_windows(height, width, kernel, stride, padding)
    if rows < 1:
        raise ValueError
    return rows, columns


def just_fitting_refused(height, width, kernel, stride, padding):
    """Count the windows of a kernel that must be smaller than the padded input."""
    if kernel[0] == height + 2 * padding or kernel[1] == width + 2 * padding:
        raise ValueError
    return slide(height, width, kernel, stride, padding)


def refused_without_padding(height, width, kernel, stride, padding):
    """Count the windows of a kernel that must fit into the bare input."""
    if kernel[0] > height or kernel[1] > width:
        raise ValueError
    return slide(height, width, kernel, stride, padding)


def last_shape(shapes):
    """Return how many numbers the layer before makes."""
    return prod(shapes[-1])


def follow(layers, input_shape, conv=slide, pool=slide, flatten=last_shape):
    """Return the shape before the first layer and after each; mistakes exchange a part of it."""
    shapes = [tuple(input_shape)]
    for kind, *options in layers:
        shape = shapes[-1]
        if kind == "conv":
            channels, kernel, stride, padding = options
            shape = (channels, *conv(*shape[1:], pair(kernel), stride, padding))
        elif kind == "maxpool":
            kernel, stride = options
            shape = (shape[0], *pool(*shape[1:], pair(kernel), stride, 0))
        elif kind in {"flatten", "linear"}:
            shape = (flatten(shapes),) if kind == "flatten" else tuple(options)
        shapes.append(shape)
    return shapes


def pair(kernel):
    """Return (KH, KW) of a kernel, which may be a number."""
    return (kernel, kernel) if isinstance(kernel, int) else tuple(kernel)
