"""Convolution by counting, index arrays, loops, and correlations with stretched gradients."""

import itertools

import numpy as np


class BadSizeError(ValueError):
    pass


def conv_output_size(input_size, kernel_size, stride=1, padding=0):
    last_start = input_size + 2 * padding - kernel_size
    if min(input_size, kernel_size, stride) < 1 or min(padding, last_start) < 0:
        raise BadSizeError("no such layer")
    return np.int64(len(range(0, last_start + 1, stride)))


def zero_pad2d(x, padding):
    if padding < 0:
        raise BadSizeError("padding < 0")
    beside = np.zeros((*x.shape[:3], padding))
    wider = np.concatenate([beside, x, beside], axis=3)
    above = np.zeros((*x.shape[:2], padding, wider.shape[3]))
    return np.asfortranarray(np.concatenate([above, wider, above], axis=2))


def correlate2d(image, kernel):
    (height, width), (kh, kw) = image.shape, kernel.shape
    rows = []
    for i in range(height - kh + 1):
        row = []
        for j in range(width - kw + 1):
            total = 0.0
            for k in range(kh):
                for m in range(kw):
                    total += float(image[i + k, j + m]) * float(kernel[k, m])
            row.append(total)
        rows.append(row)
    return np.array(rows)


class Geometry:
    def __init__(self, height, width, kernel_size, stride, padding):
        self.kernel = tuple(kernel_size)
        self.tops = range(0, height + 2 * padding - self.kernel[0] + 1, stride)
        self.lefts = range(0, width + 2 * padding - self.kernel[1] + 1, stride)
        self.out = (len(self.tops), len(self.lefts))

    def pixels(self):
        # Rows and columns in the padded image, each of shape (KH * KW, OH * OW).
        within = np.array(list(np.ndindex(*self.kernel)))
        corners = np.array(list(itertools.product(self.tops, self.lefts)))
        both = within[:, None, :] + corners[None, :, :]
        return both[..., 0], both[..., 1]


def im2col(x, kernel_size, stride=1, padding=0):
    geometry = Geometry(*x.shape[2:], kernel_size, stride, padding)
    rows, columns = geometry.pixels()
    picked = zero_pad2d(x, padding)[:, :, rows, columns]
    return np.array([np.concatenate(list(image), axis=0) for image in picked])


def col2im(cols, x_shape, kernel_size, stride=1, padding=0):
    n_images, channels, height, width = x_shape
    geometry = Geometry(height, width, kernel_size, stride, padding)
    places = list(itertools.product(range(channels), *map(range, geometry.kernel)))
    corners = list(itertools.product(geometry.tops, geometry.lefts))
    x = np.zeros(x_shape, order="F")
    for n in range(n_images):
        for r, (c, k, m) in enumerate(places):
            for q, (top, left) in enumerate(corners):
                i, j = top + k - padding, left + m - padding
                if 0 <= i < height and 0 <= j < width:
                    x[n, c, i, j] += cols[n, r, q]
    return x


def conv2d_forward(x, weight, bias, stride=1, padding=0):
    padded = zero_pad2d(x, padding)
    kernel_size = weight.shape[2:]
    windows = np.lib.stride_tricks.sliding_window_view(padded, kernel_size, axis=(2, 3))
    channels_last = np.einsum("ncijkl,fckl->nijf", windows[:, :, ::stride, ::stride], weight) + bias
    return np.moveaxis(channels_last, 3, 1)


def conv2d_backward(grad_out, x, weight, bias, stride=1, padding=0):
    padded = zero_pad2d(x, padding)
    n, f = grad_out.shape[:2]
    kh, kw = weight.shape[2:]
    # A gradient stretched over the padded picture makes every stride a stride of 1.
    height, width = padded.shape[2] - kh + 1, padded.shape[3] - kw + 1
    stretched = np.zeros((n, f, height, width))
    stretched[:, :, ::stride, ::stride] = grad_out
    slide = np.lib.stride_tricks.sliding_window_view
    grad_weight = np.einsum(
        "ncklij,nfij->fckl", slide(padded, (height, width), axis=(2, 3)), stretched
    )
    around = np.zeros((n, f, height + 2 * (kh - 1), width + 2 * (kw - 1)))
    around[:, :, kh - 1 : kh - 1 + height, kw - 1 : kw - 1 + width] = stretched
    turned = weight[:, :, ::-1, ::-1]
    grad_padded = np.einsum("nfijkl,fckl->ncij", slide(around, (kh, kw), axis=(2, 3)), turned)
    inside = np.ix_(
        range(n),
        range(x.shape[1]),
        range(padding, padding + x.shape[2]),
        range(padding, padding + x.shape[3]),
    )
    return [grad_padded[inside], grad_weight, np.einsum("nfij->f", grad_out)]


def conv1d_causal(x, weight, bias, dilation=1):
    n, _, length = x.shape
    f, _, taps = weight.shape
    out = np.empty((n, f, length))
    for t in range(length):
        total = np.tile(bias, (n, 1))
        for back in range(taps):
            if t - back * dilation >= 0:
                seen = x[:, :, t - back * dilation]
                total = total + np.einsum("nc,fc->nf", seen, weight[:, :, taps - 1 - back])
        out[:, :, t] = total
    return out


def depthwise_conv2d(x, weight, bias, stride=1, padding=0):
    maps = [
        conv2d_forward(x[:, c : c + 1], weight[c : c + 1], bias[c : c + 1], stride, padding)
        for c in range(x.shape[1])
    ]
    return np.concatenate(maps, axis=1)


def conv_transpose2d(x, weight, bias, stride=1, padding=0):
    (n, _, h, w), (f, kh, kw) = x.shape, weight.shape[1:]
    large = np.zeros((n, f, (h - 1) * stride + kh, (w - 1) * stride + kw))
    for i in range(h):
        for j in range(w):
            top, left = i * stride, j * stride
            painted = np.tensordot(x[:, :, i, j], weight, axes=1)
            large[:, :, top : top + kh, left : left + kw] += painted
    height, width = large.shape[2] - 2 * padding, large.shape[3] - 2 * padding
    cut = large[:, :, padding : padding + height, padding : padding + width]
    return cut + bias.reshape(1, -1, 1, 1)
