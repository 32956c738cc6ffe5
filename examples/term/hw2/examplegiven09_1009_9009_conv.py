import numpy as np


def zero_pad2d(x, padding):
    if padding < 0:
        raise ValueError("padding is negative")
    return np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))


def conv_output_size(input_size, kernel_size, stride=1, padding=0):
    if min(input_size, kernel_size, stride) < 1 or padding < 0:
        raise ValueError("no room")
    if kernel_size > input_size + 2 * padding:
        raise ValueError("no room")
    return (input_size + padding - kernel_size) // stride + 1


# 9
