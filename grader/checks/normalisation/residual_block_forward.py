"""Two convolutions say what is to be changed about the images, and the images are added to it."""

from grader.checks._shared import numpy_errors, of_arguments, of_result, zero
from grader.checks.normalisation._block import block, conv
from grader.checks.normalisation._cases import BLOCK_FEATURES, EXACT, blocks
from grader.vocabulary import Exercise

exercise = Exercise(
    points=3,
    decks=("003", "004"),
    requires=("conv.conv2d_forward",),
    levels={
        "one channel, one kernel": blocks(channels=1, kernels=1),
        "several channels and kernels": blocks(),
    },
    features=BLOCK_FEATURES,
    never=[EXACT],
    hints=(
        "How many ways are there from x to the output, and where do they meet: before or after "
        "the last ReLU? Which padding keeps the size under a 3x3 kernel?",
        "One pixel, x = 1, so that only the middle of each kernel meets it; 2 and 3 there,\n"
        "biases -1 and -2:\n"
        "2 * 1 - 1 = 1       after the first convolution; its ReLU lets it through\n"
        "3 * 1 - 2 = 1       after the second\n"
        "1 + 1 = 2           x and that, and the last ReLU\n"
        "two = [[[[0, 0, 0], [0, 2, 0], [0, 0, 0]]]]\n"
        "three = [[[[0, 0, 0], [0, 3, 0], [0, 0, 0]]]]\n"
        "residual_block_forward([[[[1]]]], two, [-1], three, [-2]) = [[[[2]]]]",
        "hidden = relu of the first convolution    # (N, F, H, W), padding 1\n"
        "change = ...                              # (N, C, H, W) again\n"
        "return np.maximum(... + ..., 0.0)",
    ),
)


@exercise.equivalent
def residual_block(x, w1, b1, w2, b2):
    return block(x, w1, b1, w2, b2)


of_arguments(
    exercise,
    first_bias_missing=("b1 is missing.", {"b1": zero}),
    second_bias_missing=("b2 is missing.", {"b2": zero}),
    both_biases_missing=("Both biases are missing.", {"b1": zero, "b2": zero}),
    kernels_flipped=(
        "The kernels are flipped, as in mathematics: slide them as they are, no [::-1].",
        {"w1": lambda w1: w1.flip(2, 3), "w2": lambda w2: w2.flip(2, 3)},
    ),
    kernels_transposed=(
        "Rows and columns of the kernels are exchanged: rows first.",
        {"w1": lambda w1: w1.transpose(2, 3), "w2": lambda w2: w2.transpose(2, 3)},
    ),
    weights_exchanged=(
        "w1 and w2 are exchanged: w1 comes first, (F, C, 3, 3).",
        {"w1": lambda _, w2: w2, "w2": lambda _, w1: w1},
    ),
    first_weights_twice=(
        "Both convolutions use w1 and b1: the second has its own.",
        {"w2": lambda _, w1: w1, "b2": lambda _, b1: b1},
    ),
)
of_result(exercise, halved="The sum of both ways is halved: they are added, not averaged.")

for name, message, changed in (
    (
        "no_shortcut",
        "The shortcut is missing: x itself is added to what the second convolution gives.",
        {"around": zero},
    ),
    (
        "shortcut_twice",
        "x is added twice: once is enough.",
        {"around": lambda x: 2 * x},
    ),
    (
        "shortcut_subtracted",
        "x is subtracted: add it.",
        {"around": lambda x: -x},
    ),
    (
        "shortcut_cut_off",
        "The shortcut goes through a ReLU: x is added as it is.",
        {"around": lambda x: x.relu()},
    ),
    (
        "no_last_relu",
        "The last ReLU is missing: it comes behind the sum.",
        {"last": lambda s: s},
    ),
    (
        "no_first_relu",
        "The ReLU between the convolutions is missing: without it, they are one.",
        {"first": lambda a: a},
    ),
    (
        "no_relu",
        "Both ReLUs are missing.",
        {"first": lambda a: a, "last": lambda s: s},
    ),
    (
        "absolute_value",
        "Negative sums come back positive: a ReLU makes them 0.",
        {"first": lambda a: a.abs(), "last": lambda s: s.abs()},
    ),
):
    exercise.add(name, message, lambda *arguments, changed=changed: block(*arguments, **changed))


@exercise.mistake("The last ReLU comes before x is added: relu(x + conv), not x + relu(conv).")
def added_after_the_relu(x, w1, b1, w2, b2):
    return x + conv(conv(x, w1, b1).relu(), w2, b2).relu()


@exercise.mistake("Each way has a ReLU of its own before they are added: it comes behind the sum.")
def relus_before_the_sum(x, w1, b1, w2, b2):
    return x.relu() + conv(conv(x, w1, b1).relu(), w2, b2).relu()


@exercise.mistake("x is added inside: behind the first convolution, where F channels are.")
@numpy_errors()
def added_inside(x, w1, b1, w2, b2):
    return conv((x + conv(x, w1, b1)).relu(), w2, b2).relu()


@exercise.mistake("The hidden numbers are added in place of x: the shortcut starts at x.")
@numpy_errors()
def hidden_added(x, w1, b1, w2, b2):
    hidden = conv(x, w1, b1).relu()
    return (hidden + conv(hidden, w2, b2)).relu()


@exercise.mistake("The second convolution reads x: it reads what the first one and its ReLU gave.")
@numpy_errors()
def second_reads_x(x, w1, b1, w2, b2):
    return (x + conv(x, w2, b2)).relu()


@exercise.mistake(
    "ReLU comes before the convolutions, x + conv(relu(conv(relu(x)))): that is a later paper's "
    "block."
)
def relu_first(x, w1, b1, w2, b2):
    return x + conv(conv(x.relu(), w1, b1).relu(), w2, b2)


@exercise.mistake("The convolutions lack their padding of 1, so that the images shrink.")
@numpy_errors()
def no_padding(x, w1, b1, w2, b2):
    if min(x.shape[2:]) < 5:
        raise ValueError
    return block(x, w1, b1, w2, b2)


@exercise.mistake(
    "The frame repeats the pixels at the border: zeros are padded, np.pad without a mode."
)
def border_repeated(x, w1, b1, w2, b2):
    def framed(images, weight, bias):
        import torch.nn.functional as F

        return conv(F.pad(images, (1, 1, 1, 1), mode="replicate"), weight, bias, padding=0)

    return (x + framed(framed(x, w1, b1).relu(), w2, b2)).relu()


@exercise.mistake("Only the first image is computed; the others stay 0.")
def first_image_only(x, w1, b1, w2, b2):
    out = block(x, w1, b1, w2, b2)
    out[1:] = 0.0
    return out


@exercise.mistake("Only the first channel of the images and of the hidden ones is looked at.")
def first_channels_only(x, w1, b1, w2, b2):
    hidden = conv(x[:, :1], w1[:, :1], b1).relu()
    return (x + conv(hidden[:, :1], w2[:, :1], b2)).relu()
