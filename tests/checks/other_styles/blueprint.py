"""Blueprints, with one class per layer that knows its shape and its parameters."""

import numpy as np


def _window_count(size, window, stride, padding=0):
    starts = range(-padding, size + padding - window + 1, stride)
    if len(starts) == 0:
        message = f"window {window} is larger than {size} with padding {padding}"
        raise ValueError(message)
    return len(starts)


def _height_and_width(kernel):
    return [int(extent) for extent in np.broadcast_to(kernel, 2)]


class _Conv:
    def __init__(self, out_channels, kernel, stride, padding):
        self.out_channels = out_channels
        self.kernel = _height_and_width(kernel)
        self.stride = stride
        self.padding = padding

    def shape(self, shape):
        rows = _window_count(shape[1], self.kernel[0], self.stride, self.padding)
        columns = _window_count(shape[2], self.kernel[1], self.stride, self.padding)
        return [self.out_channels, rows, columns]

    def parameters(self, shape):
        weights = self.out_channels * shape[0] * self.kernel[0] * self.kernel[1]
        return weights + self.out_channels


class _MaxPool(_Conv):
    def __init__(self, kernel, stride):
        super().__init__(None, kernel, stride, 0)

    def shape(self, shape):
        return [shape[0], *super().shape(shape)[1:]]

    def parameters(self, _shape):
        return 0


class _Relu:
    def shape(self, shape):
        return list(shape)

    def parameters(self, _shape):
        return 0


class _Flatten(_Relu):
    def shape(self, shape):
        features = 1
        for size in shape:
            features *= size
        return [features]


class _Linear:
    def __init__(self, out_features):
        self.out_features = out_features

    def shape(self, _shape):
        return [self.out_features]

    def parameters(self, shape):
        return shape[0] * self.out_features + self.out_features


_KINDS = {
    "conv": _Conv,
    "maxpool": _MaxPool,
    "relu": _Relu,
    "flatten": _Flatten,
    "linear": _Linear,
}


def _walk(layers, shape):
    for kind, *options in layers:
        layer = _KINDS[kind](*options)
        learned = layer.parameters(shape)
        shape = layer.shape(shape)
        yield shape, learned


def output_shapes(layers, input_shape):
    return tuple(shape for shape, _ in _walk(layers, input_shape))


def parameter_count(layers, input_shape):
    return np.int64(sum(learned for _, learned in _walk(layers, input_shape)))
