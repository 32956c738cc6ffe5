import numpy as np


def zero_pad2d(x, padding):
    if padding < 0:
        raise ValueError("padding is negative")
    return np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))


def conv_output_size(input_size, kernel_size, stride=1, padding=0):
    left = input_size + 2 * padding - kernel_size
    if min(input_size, kernel_size, stride) < 1 or padding < 0 or left < 0:
        raise ValueError("the kernel does not fit")
    return left // stride + 1


# 1
