"""How many weights and biases a network has, before it is built."""

from math import prod

from grader.checks.blueprint._cases import (
    DOES_NOT_FIT,
    FEATURES,
    JUST_FITS,
    lenet_and_alexnet,
    networks,
    too_large,
)
from grader.checks.blueprint._mistakes import of_shapes
from grader.checks.blueprint._windows import follow, pair
from grader.vocabulary import Exercise, between, either, level

exercise = Exercise(
    points=4,
    decks=("000", "001", "004"),
    requires=("output_shapes",),
    levels={
        "convolutions and pooling": networks(),
        "whole networks": level(networks(linear=between(1, 3)), fixed=lenet_and_alexnet),
        "kernels that just fit, or do not": level(either(JUST_FITS, DOES_NOT_FIT), fixed=too_large),
    },
    features=FEATURES,
    hints=(
        "Which two kinds of layer learn anything? How many weights has one kernel, which needs "
        "the channels that enter, and how many biases are there?",
        "Ten 5x5 kernels on 3 channels:\n"
        "10 * (3 * 5 * 5 + 1) = 760\n"
        "A linear layer from 6 features to 2:\n"
        "2 * (6 + 1) = 14\n"
        'parameter_count([("conv", 10, 5, 1, 2)], (3, 128, 128)) = 760\n'
        'parameter_count([("flatten",), ("linear", 2)], (3, 2, 1)) = 14',
        "count = 0\n"
        "before = [input_shape, ...]          # the shape that enters each layer\n"
        "for layer, shape in zip(layers, before):\n"
        '    if layer[0] == "conv":\n'
        "        count += ... * (... + 1)\n"
        '    elif layer[0] == "linear":\n'
        "        count += ...\n"
        "return count",
    ),
)


def learned(layer, shape):
    """Return the weight and the bias of a layer's torch module, or nothing."""
    from torch import nn

    kind, *options = layer
    if kind == "conv":
        return tuple(nn.Conv2d(shape[0], *options, device="meta").parameters())
    if kind == "linear":
        return tuple(nn.Linear(shape[0], *options, device="meta").parameters())
    return ()


def size(layer, shape):
    """Count the weights and biases of one layer that gets an input of this shape."""
    return sum(parameter.numel() for parameter in learned(layer, shape))


@exercise.equivalent
def count(layers, input_shape, one=size, **changed):
    before = follow(layers, input_shape, **changed)
    return sum(one(layer, shape) for layer, shape in zip(layers, before, strict=False))


def size_with(kind, other):
    """Return a way to count one layer that is another for layers of this kind."""
    return lambda layer, shape: (other if layer[0] == kind else size)(layer, shape)


@exercise.mistake("The biases are forgotten: one for every output channel or output feature.")
def no_bias(layers, input_shape):
    return count(layers, input_shape, lambda *layer: sum(p.numel() for p in learned(*layer)[:1]))


@exercise.mistake("The biases of the conv layers are forgotten: one for every output channel.")
def no_bias_in_conv(layers, input_shape):
    return count(layers, input_shape, size_with("conv", lambda *layer: learned(*layer)[0].numel()))


@exercise.mistake("The biases of the linear layers are forgotten: one for every output feature.")
def no_bias_in_linear(layers, input_shape):
    return count(
        layers, input_shape, size_with("linear", lambda *layer: learned(*layer)[0].numel())
    )


@exercise.mistake("A layer is given one bias; it has one for every output channel or feature.")
def one_bias_a_layer(layers, input_shape):
    def one_bias(layer, shape):
        return sum(p.numel() if p.ndim > 1 else 1 for p in learned(layer, shape))

    return count(layers, input_shape, one_bias)


@exercise.mistake("Pooling layers are counted as if they had kernels; they take a maximum.")
def pools_counted(layers, input_shape):
    def as_conv(layer, shape):
        return size(("conv", shape[0], *layer[1:], 0), shape)

    return count(layers, input_shape, size_with("maxpool", as_conv))


@exercise.mistake(
    "Pooling layers are counted with KH * KW; they take a maximum, and learn nothing."
)
def pool_windows_counted(layers, input_shape):
    return count(layers, input_shape, size_with("maxpool", lambda layer, _: prod(pair(layer[1]))))


@exercise.mistake("A kernel spans all channels that enter: C * KH * KW weights, not KH * KW.")
def channels_forgotten(layers, input_shape):
    return count(layers, input_shape, size_with("conv", lambda layer, _: size(layer, (1,))))


@exercise.mistake(
    "Every conv layer is counted with the channels of the image; C is what enters that layer."
)
def channels_of_image(layers, input_shape):
    return count(layers, input_shape, size_with("conv", lambda layer, _: size(layer, input_shape)))


@exercise.mistake(
    "C stays that of the image, for later layers and for flatten, too: a conv layer leaves as many "
    "channels as it has kernels, its out_channels."
)
def channels_never_change(layers, input_shape):
    def seen(shape):
        return (*input_shape[:1], *shape[1:]) if len(shape) == len(input_shape) else shape

    def one(layer, shape):
        return size(layer, seen(shape))

    return count(layers, input_shape, one, flatten=lambda before: prod(seen(before[-1])))


@exercise.mistake("A kernel has KH * KW weights for a channel; only KH are counted.")
def kernel_not_squared(layers, input_shape):
    def one_column(layer, shape):
        return size((*layer[:2], (pair(layer[2])[0], 1), *layer[3:]), shape)

    return count(layers, input_shape, size_with("conv", one_column))


@exercise.mistake("KH is squared; a kernel may be a pair: KH * KW.")
def kernel_height_squared(layers, input_shape):
    def square(layer, shape):
        return size((*layer[:2], pair(layer[2])[0], *layer[3:]), shape)

    return count(layers, input_shape, size_with("conv", square))


@exercise.mistake(
    "A conv layer is counted once for each output pixel; all pixels share its kernels."
)
def kernels_not_shared(layers, input_shape):
    def at_every_pixel(layer, shape):
        return size(layer, shape) * prod(follow([layer], shape)[1][1:])

    return count(layers, input_shape, size_with("conv", at_every_pixel))


@exercise.mistake("Only the conv layers are counted; linear layers learn, too.")
def conv_alone(layers, input_shape):
    return count(layers, input_shape, size_with("linear", lambda *_: 0))


@exercise.mistake("Only the linear layers are counted; conv layers learn, too.")
def linear_alone(layers, input_shape):
    return count(layers, input_shape, size_with("conv", lambda *_: 0))


of_shapes(
    exercise,
    width_from_height="The width is taken from the height on the way to flatten; follow each on "
    "its own.",
    ceil="Sizes are rounded up on the way to flatten; windows past the end are none.",
    no_value_error="A kernel above size + 2 * padding is not noticed; raise ValueError. Following "
    "the shapes through all layers finds it.",
)


@exercise.mistake("Flatten gives C features; it gives C * H * W.")
def flatten_to_channels(layers, input_shape):
    return count(layers, input_shape, flatten=lambda before: before[-1][0])
