"""Everything with plain loops, one number at a time."""

import numpy as np


def conv_output_size(input_size, kernel_size, stride=1, padding=0):
    room = input_size + 2 * padding - kernel_size
    if min(input_size, kernel_size, stride) < 1 or padding < 0 or room < 0:
        raise ValueError("no such convolution")
    count = 0
    start = 0
    while start <= room:
        count += 1
        start += stride
    return count


def zero_pad2d(x, padding):
    if padding < 0:
        raise ValueError("padding must not be negative")
    n, c, h, w = x.shape
    out = np.zeros((n, c, h + 2 * padding, w + 2 * padding))
    for i in range(h):
        for j in range(w):
            out[:, :, i + padding, j + padding] = x[:, :, i, j]
    return out


def correlate2d(image, kernel):
    kh, kw = kernel.shape
    out = np.zeros((image.shape[0] - kh + 1, image.shape[1] - kw + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            for a in range(kh):
                for b in range(kw):
                    out[i, j] += image[i + a, j + b] * kernel[a, b]
    return out


def windows(height, width, kernel_size, stride, padding):
    """Yield the number, the row and the column of every window."""
    oh = conv_output_size(height, kernel_size[0], stride, padding)
    ow = conv_output_size(width, kernel_size[1], stride, padding)
    for i in range(oh):
        for j in range(ow):
            yield i * ow + j, i * stride, j * stride


def im2col(x, kernel_size, stride=1, padding=0):
    padded = zero_pad2d(x, padding)
    n, c, h, w = x.shape
    kh, kw = kernel_size
    places = list(windows(h, w, kernel_size, stride, padding))
    cols = np.zeros((n, c * kh * kw, len(places)))
    for number, top, left in places:
        cols[:, :, number] = padded[:, :, top : top + kh, left : left + kw].reshape(n, -1)
    return cols


def col2im(cols, x_shape, kernel_size, stride=1, padding=0):
    n, c, h, w = x_shape
    kh, kw = kernel_size
    padded = np.zeros((n, c, h + 2 * padding, w + 2 * padding))
    for number, top, left in windows(h, w, kernel_size, stride, padding):
        block = cols[:, :, number].reshape(n, c, kh, kw)
        padded[:, :, top : top + kh, left : left + kw] += block
    return padded[:, :, padding : padding + h, padding : padding + w]


def conv2d_forward(x, weight, bias, stride=1, padding=0):
    n, _, h, w = x.shape
    f, _, kh, kw = weight.shape
    padded = zero_pad2d(x, padding)
    oh = conv_output_size(h, kh, stride, padding)
    ow = conv_output_size(w, kw, stride, padding)
    out = np.zeros((n, f, oh, ow))
    for image in range(n):
        for kernel in range(f):
            for i in range(oh):
                for j in range(ow):
                    top, left = i * stride, j * stride
                    window = padded[image, :, top : top + kh, left : left + kw]
                    out[image, kernel, i, j] = np.sum(window * weight[kernel]) + bias[kernel]
    return out


def conv2d_backward(grad_out, x, weight, bias, stride=1, padding=0):
    n, _, h, w = x.shape
    f, _, kh, kw = weight.shape
    padded = zero_pad2d(x, padding)
    grad_padded, grad_weight, grad_bias = np.zeros_like(padded), np.zeros_like(weight), np.zeros(f)
    for image in range(n):
        for kernel in range(f):
            for i in range(grad_out.shape[2]):
                for j in range(grad_out.shape[3]):
                    top, left = i * stride, j * stride
                    area = (image, slice(None), slice(top, top + kh), slice(left, left + kw))
                    g = grad_out[image, kernel, i, j]
                    grad_padded[area] += g * weight[kernel]
                    grad_weight[kernel] += g * padded[area]
                    grad_bias[kernel] += g
    grad_x = grad_padded[:, :, padding : padding + h, padding : padding + w]
    return grad_x, grad_weight, grad_bias


def conv1d_causal(x, weight, bias, dilation=1):
    n, channels, length = x.shape
    f, _, taps = weight.shape
    out = np.zeros((n, f, length))
    for t in range(length):
        out[:, :, t] = bias
        for k in range(taps):
            at = t - (taps - 1 - k) * dilation
            if at >= 0:
                for c in range(channels):
                    out[:, :, t] += x[:, c, at, None] * weight[:, c, k]
    return out


def depthwise_conv2d(x, weight, bias, stride=1, padding=0):
    height, width = x.shape[2:]
    kh, kw = weight.shape[2:]
    oh = (height + 2 * padding - kh) // stride + 1
    ow = (width + 2 * padding - kw) // stride + 1
    out = np.zeros((*x.shape[:2], oh, ow)) + bias[:, None, None]
    for i in range(oh):
        for j in range(ow):
            for a in range(kh):
                for b in range(kw):
                    row, column = i * stride + a - padding, j * stride + b - padding
                    if 0 <= row < height and 0 <= column < width:
                        out[:, :, i, j] += x[:, :, row, column] * weight[:, 0, a, b]
    return out


def conv_transpose2d(x, weight, bias, stride=1, padding=0):
    n, channels, height, width = x.shape
    _, f, kh, kw = weight.shape
    oh = (height - 1) * stride + kh - 2 * padding
    ow = (width - 1) * stride + kw - 2 * padding
    out = np.zeros((n, f, oh, ow)) + bias[:, None, None]
    for i in range(height):
        for j in range(width):
            for a in range(kh):
                for b in range(kw):
                    row, column = i * stride + a - padding, j * stride + b - padding
                    if 0 <= row < oh and 0 <= column < ow:
                        for c in range(channels):
                            out[:, :, row, column] += x[:, c, i, j, None] * weight[c, :, a, b]
    return out
