"""The shape of one image after every layer of a network, before the network is built."""

from grader.checks._shared import of_result
from grader.checks.blueprint._cases import (
    DOES_NOT_FIT,
    FEATURES,
    JUST_FITS,
    lenet_and_alexnet,
    networks,
    too_large,
)
from grader.checks.blueprint._mistakes import of_shapes
from grader.checks.blueprint._windows import count_windows, follow, slide
from grader.vocabulary import Exercise, between, either, level

exercise = Exercise(
    points=4,
    decks=("001",),
    requires=("conv.conv_output_size",),
    levels={
        "convolutions and pooling": networks(),
        "whole networks": level(networks(linear=between(1, 3)), fixed=lenet_and_alexnet),
        "kernels that just fit, or do not": level(either(JUST_FITS, DOES_NOT_FIT), fixed=too_large),
    },
    features=FEATURES,
    hints=(
        "Follow one shape from layer to layer: which kinds of layer change the channels, which "
        "the height and width, and which make one number of all three?",
        "A 32x28 picture with one channel, then conv of 6 kernels of 5, pooling by 2, flatten:\n"
        "32 - 5 + 1 = 28\n"
        "28 - 5 + 1 = 24       conv: (6, 28, 24)\n"
        "28 // 2 = 14\n"
        "24 // 2 = 12          maxpool: (6, 14, 12)\n"
        "6 * 14 * 12 = 1008    flatten: (1008,)\n"
        'output_shapes([("flatten",), ("linear", 10)], (6, 14, 12)) = [(1008,), (10,)]',
        "shapes, shape = [], input_shape\n"
        "for layer in layers:\n"
        '    if layer[0] == "conv":\n'
        "        shape = (..., ..., ...)      # height and width as by conv_output_size\n"
        "    elif layer[0] == ...:            # maxpool, flatten, linear; relu leaves it\n"
        "        shape = ...\n"
        "    shapes.append(...)\n"
        "return shapes",
    ),
)


@exercise.equivalent
def shapes(layers, input_shape, **changed):
    return follow(layers, input_shape, **changed)[1:]


of_shapes(
    exercise,
    width_from_height="The width is taken from the height: an image need not be square, follow "
    "each on its own.",
    one_size_for_both="One size serves as height and width. Follow each on its own, with KH and "
    "KW.",
    ceil="The division is rounded up: a window that reaches past the end is no window.",
    ceil_in_pooling="Pooling is rounded up: a window that reaches past the end is no window.",
    no_value_error="A kernel above size + 2 * padding is not noticed; raise ValueError.",
)


@exercise.mistake("KH is used for the width, too: a kernel may be a pair (KH, KW).")
def kernel_height_for_both(layers, input_shape):
    def square(height, width, kernel, stride, padding):
        return slide(height, width, kernel[:1] * 2, stride, padding)

    return shapes(layers, input_shape, conv=square, pool=square)


@exercise.mistake("KH and KW are exchanged: a kernel is (KH, KW), rows first.")
def kernel_exchanged(layers, input_shape):
    def exchanged(height, width, kernel, stride, padding):
        return slide(height, width, kernel[::-1], stride, padding)

    return shapes(layers, input_shape, conv=exchanged, pool=exchanged)


@exercise.mistake("The + 1 is missing: the first window counts, too.")
def first_window_forgotten(layers, input_shape):
    def fewer(*window):
        return [count - 1 for count in slide(*window)]

    return shapes(layers, input_shape, conv=fewer, pool=fewer)


@exercise.mistake("The padding is not used: a conv layer sees size + 2 * padding pixels.")
def no_padding(layers, input_shape):
    def unpadded(height, width, kernel, stride, _padding):
        return slide(height, width, kernel, stride, 0)

    return shapes(layers, input_shape, conv=unpadded)


@exercise.mistake("The padding is added once; it is on both sides: size + 2 * padding.")
def padding_once(layers, input_shape):
    def on_one_side(height, width, kernel, stride, padding):
        return slide(height + padding, width + padding, kernel, stride, 0)

    return shapes(layers, input_shape, conv=on_one_side)


@exercise.mistake("The stride is not used: divide by it.")
def no_stride(layers, input_shape):
    def one_by_one(height, width, kernel, _stride, padding):
        return slide(height, width, kernel, 1, padding)

    return shapes(layers, input_shape, conv=one_by_one, pool=one_by_one)


@exercise.mistake("Pooling divides the size by the stride; it is (size - kernel) // stride + 1.")
def pool_divides(layers, input_shape):
    def divided(height, width, _kernel, stride, padding):
        return count_windows(height, width, (stride, stride), stride, padding)

    return shapes(layers, input_shape, pool=divided)


@exercise.mistake("The channels stay as they were; a conv layer makes out_channels of them.")
def channels_kept(layers, input_shape):
    kept = [
        (layer[0], input_shape[0], *layer[2:]) if layer[0] == "conv" else layer for layer in layers
    ]
    return shapes(kept, input_shape)


@exercise.mistake("Flatten multiplies height and width alone; the channels count, too.")
def flatten_without_channels(layers, input_shape):
    return shapes(layers, input_shape, flatten=lambda before: before[-1][1] * before[-1][2])


@exercise.mistake("The shape of the input comes first; the list begins after the first layer.")
def input_included(layers, input_shape):
    return follow(layers, input_shape)


@exercise.mistake("relu is left out; it keeps the shape, which is in the list all the same.")
def relu_left_out(layers, input_shape):
    return shapes([layer for layer in layers if layer[0] != "relu"], input_shape)


of_result(
    exercise,
    last_shape_alone=(
        "Only the last shape is returned; return the shape after every layer.",
        lambda shapes: shapes[-1],
    ),
    batch_in_front=(
        "Shapes begin with a batch of 1; leave the batch out, as input_shape does.",
        lambda shapes: [(1, *shape) for shape in shapes],
    ),
    channels_last=(
        "Channels come last; they come first here, (C, H, W).",
        lambda shapes: [(*shape[1:], shape[0]) for shape in shapes],
    ),
    number_for_tuple=(
        "After flatten stands a number; it is a tuple of one: (features,).",
        lambda shapes: [shape if len(shape) > 1 else shape[0] for shape in shapes],
    ),
)
